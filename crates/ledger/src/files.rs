//! Durable file operations. Every error says what was attempted on which path.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, Write},
};

use camino::{Utf8Path, Utf8PathBuf};
use thiserror::Error;

/// Name of the file that a ledger's writer is writing.
pub(crate) const TEMPORARY: &str = ".tmp";

/// A file operation that failed.
#[derive(Debug, Error)]
#[error("failed to {operation} `{path}`")]
pub struct FileError {
    /// What was attempted, such as `read`.
    pub operation: &'static str,
    /// On what.
    pub path: Utf8PathBuf,
    /// Why it failed.
    pub source: io::Error,
}

/// Names the operation and the path of an I/O error.
pub(crate) fn context<T>(result: io::Result<T>, operation: &'static str, path: &Utf8Path) -> Result<T, FileError> {
    result.map_err(|source| FileError { operation, path: path.to_owned(), source })
}

/// The bytes of a file; none if there is no such file.
pub(crate) fn read_if_present(path: &Utf8Path) -> Result<Option<Vec<u8>>, FileError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => context(Err(error), "read", path),
    }
}

/// Names and kinds in a folder, in order of name; none if there is no such folder.
pub(crate) fn list_if_present(path: &Utf8Path) -> Result<Option<Vec<(String, fs::FileType)>>, FileError> {
    let entries = match path.read_dir_utf8() {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return context(Err(error), "list", path),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = context(entry, "list", path)?;
        let kind = context(entry.file_type(), "look at", entry.path())?;
        names.push((entry.file_name().to_owned(), kind));
    }
    names.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(Some(names))
}

/// Flushes a folder: only then do names that were added to it survive a loss of power.
pub(crate) fn flush_folder(path: &Utf8Path) -> Result<(), FileError> {
    // The parent of a bare name is the empty path.
    let path = if path == "" { Utf8Path::new(".") } else { path };
    let folder = context(File::open(path), "open", path)?;
    context(folder.sync_all(), "flush", path)
}

/// Writes files of one ledger so that each appears whole or not at all, and remembers which folders changed.
///
/// Only the holder of the ledger's lock may have one: all files pass through one temporary name, so that a crash leaves
/// at most one stray file, which the next write replaces.
pub(crate) struct Writer<'a> {
    dir: &'a Utf8Path,
    changed_dirs: BTreeSet<Utf8PathBuf>,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(dir: &'a Utf8Path) -> Self {
        Writer { dir, changed_dirs: BTreeSet::new() }
    }

    /// Puts `bytes` at `path` below the ledger's folder, in place of what was there.
    pub(crate) fn replace(&mut self, path: &Utf8Path, bytes: &[u8]) -> Result<(), FileError> {
        let temporary = self.dir.join(TEMPORARY);
        let target = self.dir.join(path);
        self.create_parents(path)?;
        let mut file = context(File::create(&temporary), "create", &temporary)?;
        context(file.write_all(bytes), "write", &temporary)?;
        context(file.sync_all(), "flush", &temporary)?;
        context(fs::rename(&temporary, &target), "put in place", &target)?;
        Ok(())
    }

    /// Removes `path` below the ledger's folder.
    pub(crate) fn remove(&mut self, path: &Utf8Path) -> Result<(), FileError> {
        let target = self.dir.join(path);
        context(fs::remove_file(&target), "remove", &target)?;
        self.mark_parent(path);
        Ok(())
    }

    /// Flushes every folder that changed.
    pub(crate) fn flush(&mut self) -> Result<(), FileError> {
        self.changed_dirs.iter().try_for_each(|path| flush_folder(path))?;
        self.changed_dirs.clear();
        Ok(())
    }

    fn create_parents(&mut self, path: &Utf8Path) -> Result<(), FileError> {
        let Some(parent) = path.parent() else { return Ok(()) };
        let folder = self.dir.join(parent);
        if !folder.is_dir() {
            context(fs::create_dir_all(&folder), "create folder", &folder)?;
            // Any of the ancestors may be new, and a new name lives in its parent.
            for ancestor in parent.ancestors().skip(1) {
                self.changed_dirs.insert(self.dir.join(ancestor));
            }
        }
        self.mark_parent(path);
        Ok(())
    }

    fn mark_parent(&mut self, path: &Utf8Path) {
        if let Some(parent) = path.parent() {
            self.changed_dirs.insert(self.dir.join(parent));
        }
    }
}
