//! Records that are grouped by a hash, in memory while they are few and in files beside the delivery when they are many.

use camino::{Utf8Path, Utf8PathBuf};
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};

/// A record of fixed size.
pub(crate) trait SpillRecord: Copy {
    /// Bytes of a written record.
    const BYTES: usize;

    /// Records of one group have the same number here, which is spread evenly.
    fn partition(&self) -> u64;

    fn write(&self, to: &mut Vec<u8>);

    fn read(from: &[u8]) -> Option<Self>;
}

/// Bytes of records that are held in memory.
const HELD_BYTES: usize = 192 * 1024 * 1024;
/// Files among which the others are spread: a sixty-fourth of a thousand million records still fits into memory.
const FILES: usize = 64;

/// Records, spread over files by their group if they are too many for memory.
pub(crate) struct Spill<R> {
    held: Vec<R>,
    most: usize,
    files: Vec<(Utf8PathBuf, BufWriter<File>)>,
    folder: Utf8PathBuf,
    name: String,
}

impl<R: SpillRecord> Spill<R> {
    pub(crate) fn new(folder: &Utf8Path, name: &str) -> Self {
        let most = HELD_BYTES / size_of::<R>();
        Self { held: Vec::new(), most, files: Vec::new(), folder: folder.to_owned(), name: name.to_owned() }
    }

    /// As [`Spill::new`], with another number of records held.
    #[cfg(test)]
    fn holding(most: usize, folder: &Utf8Path) -> Self {
        let mut spill = Self::new(folder, "test");
        spill.most = most;
        spill
    }

    pub(crate) fn push(&mut self, record: R) -> io::Result<()> {
        if self.held.len() >= self.most {
            self.move_to_files()?;
        }
        self.held.push(record);
        Ok(())
    }

    fn move_to_files(&mut self) -> io::Result<()> {
        if self.files.is_empty() {
            for n in 0..FILES {
                let path = self.folder.join(format!(".{}.{n}.tmp", self.name));
                let file = File::create(&path)?;
                self.files.push((path, BufWriter::with_capacity(64 * 1024, file)));
            }
        }
        let mut bytes = Vec::with_capacity(R::BYTES);
        for record in self.held.drain(..) {
            bytes.clear();
            record.write(&mut bytes);
            // The highest bits, which the hashes of one partition then share.
            let (_, file) = &mut self.files[(record.partition() >> 58) as usize];
            file.write_all(&bytes)?;
        }
        Ok(())
    }

    /// Hands the records over, the whole of a group at a time: all at once, or file by file.
    pub(crate) fn partitions<E: From<io::Error>>(
        mut self,
        mut take: impl FnMut(Vec<R>) -> Result<(), E>,
    ) -> Result<(), E> {
        if self.files.is_empty() {
            return take(std::mem::take(&mut self.held));
        }
        self.move_to_files()?;
        for (path, mut file) in std::mem::take(&mut self.files) {
            file.flush()?;
            drop(file);
            let mut bytes = Vec::new();
            File::open(&path)?.read_to_end(&mut bytes)?;
            fs::remove_file(&path)?;
            take(bytes.chunks_exact(R::BYTES).filter_map(R::read).collect())?;
        }
        Ok(())
    }
}

impl<R> Drop for Spill<R> {
    /// Nothing is left if the work ends early.
    fn drop(&mut self) {
        for (path, _) in &self.files {
            let _ = fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    struct Number(u64);

    impl SpillRecord for Number {
        const BYTES: usize = 8;

        fn partition(&self) -> u64 {
            self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15)
        }

        fn write(&self, to: &mut Vec<u8>) {
            to.extend_from_slice(&self.0.to_le_bytes());
        }

        fn read(from: &[u8]) -> Option<Self> {
            from.first_chunk().map(|b| Self(u64::from_le_bytes(*b)))
        }
    }

    #[test]
    fn every_record_comes_back_once_with_its_group() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let folder = Utf8Path::from_path(folder.path()).expect("UTF-8");
        for (most, records) in [(10_000, 1000), (7, 1000), (1, 3), (5, 5), (5, 6), (5, 0)] {
            let mut spill = Spill::holding(most, folder);
            for n in 0..records {
                spill.push(Number(n % 100)).expect("written");
            }
            let mut all = Vec::new();
            let mut seen = std::collections::BTreeMap::new();
            let mut part = 0;
            spill
                .partitions(|records| {
                    part += 1;
                    for record in &records {
                        assert_eq!(*seen.entry(record.0).or_insert(part), part, "a group is in one partition");
                    }
                    all.extend(records);
                    io::Result::Ok(())
                })
                .expect("read");
            all.sort_unstable();
            let mut expected: Vec<Number> = (0..records).map(|n| Number(n % 100)).collect();
            expected.sort_unstable();
            assert_eq!(all, expected, "{most} {records}");
            assert_eq!(folder.read_dir_utf8().expect("listed").count(), 0, "nothing is left");
        }
    }
}
