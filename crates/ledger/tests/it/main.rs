//! Tests of the ledger through its public interface, in one binary.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a helper that fails is a test that fails")]

mod append;
mod crash;
mod keys;
mod layout;
mod notes;
mod oracle;
mod proofs;
mod tamper;

use camino::{Utf8Path, Utf8PathBuf};
use ledger::{Fault, KeyName, Ledger, SigningKey, Verified, VerifyError, verify};
use tempfile::TempDir;

/// The log's name in these tests.
const ORIGIN: &str = "office.example/log";

/// The log's key in these tests.
fn key() -> SigningKey {
    SigningKey::from_seed(KeyName::parse(ORIGIN).unwrap(), [7; 32])
}

/// Entries numbered from `start`, of differing lengths.
fn entries(start: u64, end: u64) -> Vec<Vec<u8>> {
    (start..end).map(|n| format!("entry {n} {}", "·".repeat(n as usize % 5)).into_bytes()).collect()
}

/// A folder that goes when the test ends.
struct Folder {
    _temporary: TempDir,
    dir: Utf8PathBuf,
}

impl Folder {
    fn new() -> Self {
        let temporary = tempfile::tempdir().unwrap();
        let dir = Utf8PathBuf::try_from(temporary.path().join("log")).unwrap();
        Folder { _temporary: temporary, dir }
    }

    /// A ledger that was appended to once for each of these sizes.
    fn grown(sizes: &[u64]) -> (Self, Ledger) {
        let folder = Folder::new();
        let mut ledger = Ledger::create(&folder.dir, key().name()).unwrap();
        let mut size = 0;
        for next in sizes {
            ledger.append(&entries(size, *next), &key()).unwrap();
            size = *next;
        }
        (folder, ledger)
    }

    fn verify(&self) -> Result<Verified, VerifyError> {
        verify(&self.dir, &key().verifier_key())
    }

    /// Verifies and expects no warning.
    #[track_caller]
    fn assert_clean(&self, size: u64) {
        let verified = self.verify().unwrap();
        assert_eq!(verified.checkpoint.size(), size);
        assert_eq!(verified.warnings, []);
    }

    /// Verifies and expects files at fault.
    #[track_caller]
    fn faults(&self) -> Vec<Fault> {
        match self.verify() {
            Err(VerifyError::Files { faults, .. }) => faults,
            other => panic!("expected files at fault, got {other:?}"),
        }
    }

    /// Every file below the folder, with its bytes, by path.
    fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mut found = Vec::new();
        collect(&self.dir, &self.dir, &mut found);
        found.sort();
        found
    }

    /// Paths of the files below `tile/`.
    fn tiles(&self) -> Vec<String> {
        self.files().into_iter().map(|(path, _)| path).filter(|path| path.starts_with("tile/")).collect()
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.dir.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    fn copy(&self) -> Folder {
        let copy = Folder::new();
        for (path, bytes) in self.files() {
            copy.write(&path, &bytes);
        }
        copy
    }
}

fn collect(root: &Utf8Path, dir: &Utf8Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in dir.read_dir_utf8().unwrap() {
        let path = entry.unwrap().into_path();
        if path.is_dir() {
            collect(root, &path, found);
        } else {
            found.push((path.strip_prefix(root).unwrap().to_string(), std::fs::read(&path).unwrap()));
        }
    }
}

/// An error with all its causes, as the edge of a program prints it.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text += &format!(": {error}");
        cause = error.source();
    }
    text
}
