//! Bytes in numbered parts: in memory while they are few, and in one file when they are many.

use super::DiffError;
use camino::Utf8PathBuf;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

/// Collects bytes by part. Within a part, pieces stand in the order in which they came.
pub(super) struct Parts {
    held: Vec<Vec<u8>>,
    held_bytes: usize,
    most_bytes: usize,
    path: Utf8PathBuf,
    file: Option<File>,
    /// For each part, where its pieces stand in the file: start and length.
    written: Vec<Vec<(u64, usize)>>,
    end: u64,
}

impl Parts {
    /// `path` is the file for what does not fit into `most_bytes` of memory.
    pub(super) fn new(parts: usize, most_bytes: usize, path: Utf8PathBuf) -> Self {
        let (held, written) = (vec![Vec::new(); parts], vec![Vec::new(); parts]);
        Self { held, held_bytes: 0, most_bytes, path, file: None, written, end: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.held.len()
    }

    pub(super) fn push(&mut self, part: usize, bytes: &[u8]) -> Result<(), DiffError> {
        self.held[part].extend_from_slice(bytes);
        self.held_bytes += bytes.len();
        if self.held_bytes > self.most_bytes {
            self.spill().map_err(|e| DiffError::file("write", &self.path, e))?;
        }
        Ok(())
    }

    fn spill(&mut self) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(File::options().read(true).write(true).create(true).truncate(true).open(&self.path)?),
        };
        file.seek(SeekFrom::Start(self.end))?;
        for (held, written) in self.held.iter_mut().zip(&mut self.written) {
            if !held.is_empty() {
                file.write_all(held)?;
                written.push((self.end, held.len()));
                self.end += held.len() as u64;
            }
            // The memory is given back, so that parts that grew once do not keep it.
            *held = Vec::new();
        }
        self.held_bytes = 0;
        Ok(())
    }

    /// Everything in a part. It is empty afterwards.
    pub(super) fn take(&mut self, part: usize) -> Result<Vec<u8>, DiffError> {
        let held = std::mem::take(&mut self.held[part]);
        self.held_bytes -= held.len();
        let written = std::mem::take(&mut self.written[part]);
        let Some(file) = self.file.as_mut().filter(|_| !written.is_empty()) else { return Ok(held) };
        let mut read = || -> io::Result<Vec<u8>> {
            let size = written.iter().map(|(_, length)| length).sum::<usize>() + held.len();
            let mut bytes = Vec::with_capacity(size);
            for (start, length) in &written {
                file.seek(SeekFrom::Start(*start))?;
                file.take(*length as u64).read_to_end(&mut bytes)?;
            }
            bytes.extend_from_slice(&held);
            Ok(bytes)
        };
        read().map_err(|e| DiffError::file("read", &self.path, e))
    }
}

impl Drop for Parts {
    /// The disk is given back at once: the next table needs it.
    fn drop(&mut self) {
        if self.file.take().is_some() {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use camino::Utf8Path;

    #[test]
    fn every_piece_comes_back_in_order() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let folder = Utf8Path::from_path(folder.path()).expect("UTF-8");
        for (most, pieces) in [(1_000_000, 1000_u32), (64, 1000), (0, 10), (17, 0)] {
            let mut parts = Parts::new(7, most, folder.join("spill"));
            for n in 0..pieces {
                parts.push((n % 7) as usize, &n.to_le_bytes()).expect("written");
            }
            for part in 0..7 {
                let expected: Vec<u8> = (0..pieces).filter(|n| n % 7 == part).flat_map(|n| n.to_le_bytes()).collect();
                assert_eq!(parts.take(part as usize).expect("read"), expected, "{most} {pieces} {part}");
                assert_eq!(parts.take(part as usize).expect("read"), Vec::<u8>::new());
            }
        }
    }
}
