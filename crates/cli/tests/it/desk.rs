//! A workspace in a folder of its own, and the binary run on it.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The folder with the project's shared reference data, or a printed reason to skip.
pub(crate) fn shared(part: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(part);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: `{}` is not on this machine", path.display());
    None
}

pub(crate) fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/public/ICERemovals_FY2018_sample.csv.gz")
}

pub(crate) struct Desk {
    pub(crate) folder: tempfile::TempDir,
}

/// What a run printed and how it ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:?}");
        self
    }

    #[track_caller]
    pub(crate) fn json(self) -> Value {
        serde_json::from_str(&self.ok().stdout).unwrap()
    }
}

impl Desk {
    /// A workspace, made.
    pub(crate) fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        desk.run_plain(&["init", desk.workspace().to_str().unwrap()]).ok();
        desk
    }

    pub(crate) fn workspace(&self) -> PathBuf {
        self.folder.path().join("w")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_throughline"));
        command
            .current_dir(self.folder.path())
            .env("THROUGHLINE_USER", "Test Reader")
            .env_remove("THROUGHLINE_WORKSPACE");
        command
    }

    /// Runs the binary on the workspace.
    pub(crate) fn run(&self, args: &[&str]) -> Run {
        finish(self.command().arg("--workspace").arg(self.workspace()).args(args).output().unwrap())
    }

    pub(crate) fn run_plain(&self, args: &[&str]) -> Run {
        finish(self.command().args(args).output().unwrap())
    }

    /// Every file of the workspace with its content, for "nothing was changed".
    pub(crate) fn evidence_and_ledger(&self) -> Vec<(PathBuf, Vec<u8>)> {
        files(&self.workspace()).into_iter().filter(|(p, _)| !p.to_string_lossy().contains("office.sqlite")).collect()
    }
}

pub(crate) fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|e| e.unwrap().path()));
        } else {
            let content = std::fs::read(&path).unwrap();
            found.push((path.strip_prefix(folder).unwrap().to_owned(), content));
        }
    }
    found.sort();
    found
}

fn finish(output: Output) -> Run {
    Run {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
