//! The project's commands: `cargo xtask demo | test | ui | soak`.
//!
//! This program has no dependencies, so that it starts at once on a fresh machine and can say what is missing there.

mod machine;
mod run;
mod soak;
mod ui;

use run::{Failed, Step};
use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  demo [--once] [--port N] [--dir DIR]   build everything, make the demo workspace, serve it on 127.0.0.1
                                         --once: the same, and exit without serving
  test [--fast]                          every test: format, lint, unit, integration, documentation, browser
                                         --fast: without lint and browser
  ui                                     build the UI only
  soak mutated [--count N] [--seed S]    add N mutated files: no crash, no hang, no row lost
  soak killed FILE… --as MAPPING         kill a load at random moments: the next run completes it
       [--count N] [--seed S]            both take long, use the built binary, and repeat with the same seed";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["demo", rest @ ..] => demo(rest),
        ["test"] => test(Scope::Everything),
        ["test", "--fast"] => test(Scope::WithoutLintAndBrowser),
        ["ui"] => ui::build(&root()),
        ["soak", what, rest @ ..] => match soak(what, rest) {
            Some(done) => done,
            None => {
                eprintln!("{USAGE}");
                return ExitCode::from(2);
            }
        },
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failed(why)) => {
            eprintln!("xtask: {why}");
            ExitCode::FAILURE
        }
    }
}

/// A long trial; `None` if the command line is wrong.
fn soak(what: &str, rest: &[&str]) -> Option<Result<(), Failed>> {
    let (mut files, mut mapping, mut count, mut seed) = (Vec::new(), None, None, 1);
    let mut words = rest.iter();
    while let Some(word) = words.next() {
        match *word {
            "--count" => count = Some(words.next()?.parse().ok()?),
            "--seed" => seed = words.next()?.parse().ok()?,
            "--as" => mapping = Some(*words.next()?),
            file => files.push(file),
        }
    }
    match (what, mapping) {
        ("mutated", None) if files.is_empty() => {
            Some(soak::mutated_files(&root(), &binary(), count.unwrap_or(10_000), seed))
        }
        ("killed", Some(mapping)) if !files.is_empty() => {
            Some(soak::killed_loads(&binary(), &files, mapping, count.unwrap_or(20), seed))
        }
        _ => None,
    }
}

/// The repository's root folder.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Builds the whole workspace in the one optimised profile. Always the whole: another selection of packages would make
/// cargo choose other features, and compile DataFusion once more.
fn build_all() -> Result<(), Failed> {
    Step::cargo(["build", "--release", "--workspace"]).run(&root())
}

fn binary() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    target.join("release").join("throughline")
}

fn demo(rest: &[&str]) -> Result<(), Failed> {
    ui::build(&root())?;
    build_all()?;
    Step::program(binary()).args(["demo"]).args(rest).run(&root())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    Everything,
    WithoutLintAndBrowser,
}

fn test(scope: Scope) -> Result<(), Failed> {
    let root = root();
    let mut passed = Vec::new();
    let mut step = |name: &'static str, done: Result<(), Failed>| {
        done.map_err(|Failed(why)| Failed(format!("{name}: {why}")))?;
        passed.push(name);
        Ok::<(), Failed>(())
    };
    step("format", Step::cargo(["fmt", "--all", "--check"]).run(&root))?;
    step("UI build", ui::build(&root))?;
    step("UI types and lint", ui::check(&root))?;
    step(
        "unit, integration and documentation tests",
        Step::cargo(["test", "--release", "--workspace", "--no-fail-fast"]).run(&root),
    )?;
    if scope == Scope::Everything {
        let lint = ["clippy", "--release", "--workspace", "--all-targets", "--", "-D", "warnings"];
        step("lint", Step::cargo(lint).run(&root))?;
        // The tests above have built the binary.
        step("browser tests", ui::browser_tests(&root, &binary()))?;
    }
    println!("xtask test: {} steps passed: {}", passed.len(), passed.join(", "));
    Ok(())
}
