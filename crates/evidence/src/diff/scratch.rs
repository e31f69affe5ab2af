//! A folder for what does not fit into memory, which goes when the work is done.

use super::DiffError;
use camino::{Utf8Path, Utf8PathBuf};
use std::fs::{self, File};
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts the folders of this process.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// Begins the names of the folders and of their locks.
const PREFIX: &str = "compare-";

/// A folder of its own. It is removed when this is dropped.
#[derive(Debug)]
pub(super) struct Scratch {
    folder: Utf8PathBuf,
    lock_path: Utf8PathBuf,
    /// Held while the folder is in use: a folder whose lock is free was left by a run that was killed.
    _lock: File,
}

impl Scratch {
    pub(super) fn new(parent: &Utf8Path) -> Result<Self, DiffError> {
        fs::create_dir_all(parent).map_err(|e| DiffError::file("create", parent, e))?;
        clear(parent);
        let name = format!("{PREFIX}{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let (folder, lock_path) = (parent.join(&name), parent.join(format!("{name}.lock")));
        let lock = File::create(&lock_path).map_err(|e| DiffError::file("create", &lock_path, e))?;
        lock.lock().map_err(|e| DiffError::file("lock", &lock_path, e))?;
        fs::create_dir_all(&folder).map_err(|e| DiffError::file("create", &folder, e))?;
        Ok(Self { folder, lock_path, _lock: lock })
    }

    pub(super) fn path(&self) -> &Utf8Path {
        &self.folder
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed now is removed by the next run.
        let _ = fs::remove_dir_all(&self.folder);
        let _ = fs::remove_file(&self.lock_path);
    }
}

/// Removes what killed runs left.
fn clear(parent: &Utf8Path) {
    let Ok(entries) = parent.read_dir_utf8() else { return };
    for entry in entries.flatten() {
        let Some(name) = entry.file_name().strip_suffix(".lock") else { continue };
        if !name.starts_with(PREFIX) {
            continue;
        }
        if let Ok(lock) = File::open(entry.path())
            && lock.try_lock().is_ok()
        {
            let _ = fs::remove_dir_all(parent.join(name));
            let _ = fs::remove_file(entry.path());
        }
    }
}
