//! Long trials of the binary from outside: mutated files, and loads that are killed.
//!
//! Both are seeded, and print what would repeat a failure. They take minutes to hours, so they are no part of the tests.

use crate::run::Failed;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A load of a small file that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(30);
/// Lines of a text sample that are mutated.
const LINES: usize = 300;

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }
}

/// A file with the mapping it is read as.
struct Sample {
    name: String,
    mapping: String,
    bytes: Vec<u8>,
}

/// Reads `bench/evidence/samples.txt`: lines of a path, a blank and a mapping. Gzip is unpacked by the program `gzip`, and
/// of text only the first lines are taken. Files that are not here are told and left out.
fn samples(root: &Path) -> Result<Vec<Sample>, Failed> {
    let list = root.join("bench/evidence/samples.txt");
    let text = fs::read_to_string(&list).map_err(|e| Failed(format!("failed to read {}: {e}", list.display())))?;
    let mut samples = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let Some((path, mapping)) = line.split_once(' ') else {
            return Err(Failed(format!("{}: `{line}` is no path and mapping", list.display())));
        };
        let path = root.join(path);
        if !path.is_file() {
            println!("left out: {} is not here", path.display());
            continue;
        }
        let packed = fs::read(&path).map_err(|e| Failed(format!("failed to read {}: {e}", path.display())))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if packed.starts_with(&[0x1f, 0x8b]) {
            let out = Command::new("gzip").arg("-dc").arg(&path).output();
            let out = out.map_err(|e| Failed(format!("failed to run gzip: {e}")))?;
            let name = name.trim_end_matches(".gz").to_owned();
            samples.push(Sample { name, mapping: mapping.to_owned(), bytes: first_lines(out.stdout) });
            continue;
        }
        let is_text = !packed.starts_with(b"PK") && !packed.starts_with(b"PAR1");
        let bytes = if is_text { first_lines(packed) } else { packed };
        samples.push(Sample { name, mapping: mapping.to_owned(), bytes });
    }
    if samples.is_empty() { Err(Failed("no sample is here".to_owned())) } else { Ok(samples) }
}

fn first_lines(mut bytes: Vec<u8>) -> Vec<u8> {
    let end = bytes.iter().enumerate().filter(|(_, b)| **b == b'\n').nth(LINES).map(|(at, _)| at + 1);
    bytes.truncate(end.unwrap_or(bytes.len()));
    bytes
}

/// Changes a few bytes, in ways that matter to readers.
fn mutate(bytes: &mut Vec<u8>, chance: &mut Chance) {
    const TELLING: &[&[u8]] =
        &[b"\t", b"|", b",", b"\"", b"\n", b"\r\n", b"\0", b"\xff", b"\xe9", b"\x1b", b"\xef\xbb\xbf", b"(b)(6)"];
    for _ in 0..=chance.below(5) {
        let at = chance.below(bytes.len());
        let run = chance.below(64).min(bytes.len() - at);
        match chance.below(8) {
            0 if !bytes.is_empty() => bytes[at] ^= 1 << chance.below(8),
            1 if !bytes.is_empty() => bytes[at] = chance.next() as u8,
            2 => drop(bytes.drain(at..at + run)),
            3 => {
                let copy = bytes[at..at + run].to_vec();
                let to = chance.below(bytes.len() + 1);
                drop(bytes.splice(to..to, copy));
            }
            4 => bytes.truncate(at),
            _ => {
                let telling = TELLING[chance.below(TELLING.len())];
                drop(bytes.splice(at..at, telling.iter().copied()));
            }
        }
    }
}

/// Adds mutated files: each run ends by itself, with a receipt that accounts for every row or with an error that says why.
pub(crate) fn mutated_files(root: &Path, binary: &Path, count: u64, seed: u64) -> Result<(), Failed> {
    let samples = samples(root)?;
    let scratch = Scratch::new("mutated")?;
    let (mut taken, mut refused) = (0, 0);
    for n in 0..count {
        let mut chance = Chance(seed.wrapping_add(n));
        let sample = &samples[chance.below(samples.len())];
        let mut bytes = sample.bytes.clone();
        mutate(&mut bytes, &mut chance);
        let file = scratch.path.join(&sample.name);
        write(&file, &bytes)?;
        let workspace = scratch.path.join("workspace");
        let _ = fs::remove_dir_all(&workspace);
        run(Command::new(binary).arg("init").arg(&workspace))?;
        let ended = run(Command::new(binary)
            .args(["--format", "json", "--workspace"])
            .arg(&workspace)
            .arg("add")
            .arg(&file)
            .args(["--as", &sample.mapping]))?;
        let wrong = match ended.code {
            None => Some("it was ended by a signal or did not end".to_owned()),
            Some(0) => {
                taken += 1;
                unaccounted(&ended.out)
            }
            Some(1) if ended.err.contains("error") => {
                refused += 1;
                None
            }
            Some(code) => Some(format!("it ended with {code}: {}", ended.err)),
        };
        let _ = fs::remove_file(&file);
        if let Some(wrong) = wrong {
            let kept = std::env::temp_dir().join(format!("mutated-{}-{}", seed.wrapping_add(n), sample.name));
            write(&kept, &bytes)?;
            return Err(Failed(format!(
                "{} as {}: {wrong}\nkept as {}; repeat with `--count 1 --seed {}`",
                sample.name,
                sample.mapping,
                kept.display(),
                seed.wrapping_add(n)
            )));
        }
        if (n + 1) % 500 == 0 {
            println!("{} files: {taken} taken in, {refused} refused with a reason", n + 1);
        }
    }
    println!("{count} mutated files: {taken} taken in with every row accounted for, {refused} refused with a reason");
    Ok(())
}

/// What is wrong with a receipt, read without a parser of JSON: this program has no dependencies.
fn unaccounted(receipt: &str) -> Option<String> {
    let numbers = |key: &str| -> Vec<u64> {
        let key = format!("\"{key}\":");
        let after = receipt.match_indices(&key).map(|(at, _)| receipt[at + key.len()..].trim_start());
        after.filter_map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()).collect()
    };
    let (read, kept, refused) = (numbers("rows_read"), numbers("rows_kept"), numbers("rows_refused"));
    let adds_up = read.len() == kept.len()
        && read.len() == refused.len()
        && (0..read.len()).all(|i| read[i] == kept[i] + refused[i])
        && !read.is_empty();
    let reconciled = receipt.contains("\"reconciled\": true") || receipt.contains("\"reconciled\":true");
    (!adds_up || !reconciled).then(|| format!("the receipt does not account for every row: {receipt}"))
}

/// Kills a load at random moments: the next run completes it and equals the undisturbed one to the byte.
pub(crate) fn killed_loads(binary: &Path, files: &[&str], mapping: &str, count: u64, seed: u64) -> Result<(), Failed> {
    let scratch = Scratch::new("killed")?;
    let add = |workspace: &Path| {
        let mut command = Command::new(binary);
        command.args(["--format", "json", "--workspace"]).arg(workspace).arg("add").args(files);
        command.args(["--as", mapping]);
        command
    };
    let undisturbed = scratch.path.join("undisturbed");
    run(Command::new(binary).arg("init").arg(&undisturbed))?;
    let begin = Instant::now();
    let whole = run_long(&mut add(&undisturbed))?;
    let took = begin.elapsed();
    if whole.code != Some(0) {
        return Err(Failed(format!("the undisturbed load ended with {:?}: {}", whole.code, whole.err)));
    }
    println!("undisturbed: {:.1} s", took.as_secs_f64());
    let expected = contents(&undisturbed.join("evidence"))?;
    let mut chance = Chance(seed);
    for n in 0..count {
        let workspace = scratch.path.join(format!("killed-{n}"));
        run(Command::new(binary).arg("init").arg(&workspace))?;
        let moment = took.mul_f64((chance.next() % 10_000) as f64 / 10_000.0);
        let mut child = spawn(&mut add(&workspace))?;
        sleep(moment);
        // SIGKILL on this system.
        let _ = child.kill();
        let _ = child.wait();
        let again = run_long(&mut add(&workspace))?;
        let same =
            again.code == Some(0) && again.out == whole.out && contents(&workspace.join("evidence"))? == expected;
        if !same {
            return Err(Failed(format!(
                "killed after {:.2} s, the next run ended with {:?} and is not the undisturbed result: {}",
                moment.as_secs_f64(),
                again.code,
                again.err
            )));
        }
        println!("killed after {:.2} s: the next run completed it, equal to the byte", moment.as_secs_f64());
        let _ = fs::remove_dir_all(&workspace);
    }
    println!("{count} killed loads: every next run equals the undisturbed result");
    Ok(())
}

/// Every file under a folder, by its path there, with a checksum of its bytes.
fn contents(folder: &Path) -> Result<Vec<(PathBuf, u64, u64)>, Failed> {
    let failed = |path: &Path, e: std::io::Error| Failed(format!("failed to read {}: {e}", path.display()));
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).map_err(|e| failed(&next, e))? {
            let path = entry.map_err(|e| failed(&next, e))?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = fs::read(&path).map_err(|e| failed(&path, e))?;
            // FNV-1a over the bytes: enough to tell files of one run from those of another.
            let sum = bytes
                .iter()
                .fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0000_0100_0000_01b3));
            let name = path.strip_prefix(folder).unwrap_or(&path).to_owned();
            found.push((name, bytes.len() as u64, sum));
        }
    }
    found.sort();
    Ok(found)
}

struct Ended {
    /// `None`: ended by a signal, or by us because it did not end.
    code: Option<i32>,
    out: String,
    err: String,
}

fn spawn(command: &mut Command) -> Result<Child, Failed> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().map_err(|e| Failed(format!("failed to start {}: {e}", command.get_program().display())))
}

fn run(command: &mut Command) -> Result<Ended, Failed> {
    run_for(command, PATIENCE)
}

fn run_long(command: &mut Command) -> Result<Ended, Failed> {
    run_for(command, PATIENCE * 60)
}

fn run_for(command: &mut Command, patience: Duration) -> Result<Ended, Failed> {
    let mut child = spawn(command)?;
    let drain = |mut from: Box<dyn Read + Send>| {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            let _ = from.read_to_end(&mut bytes);
            String::from_utf8_lossy(&bytes).into_owned()
        })
    };
    let (Some(out), Some(err)) = (child.stdout.take(), child.stderr.take()) else {
        return Err(Failed("the program has no output".to_owned()));
    };
    let (out, err) = (drain(Box::new(out)), drain(Box::new(err)));
    let begin = Instant::now();
    let code = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status.code(),
            Ok(None) if begin.elapsed() > patience => {
                let _ = child.kill();
                let _ = child.wait();
                break None;
            }
            Ok(None) => sleep(Duration::from_millis(2)),
            Err(error) => return Err(Failed(format!("failed to wait for a program: {error}"))),
        }
    };
    Ok(Ended { code, out: out.join().unwrap_or_default(), err: err.join().unwrap_or_default() })
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failed> {
    fs::write(path, bytes).map_err(|e| Failed(format!("failed to write {}: {e}", path.display())))
}

/// A folder that goes with the trial.
struct Scratch {
    path: PathBuf,
}

impl Scratch {
    fn new(name: &str) -> Result<Self, Failed> {
        let path = std::env::temp_dir().join(format!("throughline-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).map_err(|e| Failed(format!("failed to create {}: {e}", path.display())))?;
        Ok(Self { path })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}
