//! Opening a file: plain or gzip, with the bytes counted on both sides.

use flate2::read::MultiGzDecoder;
use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::rc::Rc;

/// First bytes of a gzip file.
pub(crate) const GZIP: &[u8] = &[0x1f, 0x8b];

const BUFFER_BYTES: usize = 256 * 1024;

/// Opens a file for reading, unpacking it if it is gzip (of one or several members). `taken` counts the bytes read from
/// the disk.
pub(crate) fn open(path: &Path, gzip: bool, taken: Rc<Cell<u64>>) -> io::Result<Box<dyn Read>> {
    let file = Taken { file: File::open(path)?, taken };
    if gzip { Ok(Box::new(unpack(file))) } else { Ok(Box::new(file)) }
}

/// Unpacks gzip of one or several members. Where the file is cut off, reading fails with
/// [`io::ErrorKind::UnexpectedEof`]; where it is damaged, with `InvalidInput` or `InvalidData`. A file that is cut off
/// just between two members looks whole.
pub(crate) fn unpack(packed: impl Read) -> impl Read {
    MultiGzDecoder::new(BufReader::with_capacity(BUFFER_BYTES, packed))
}

struct Taken {
    file: File,
    taken: Rc<Cell<u64>>,
}

impl Read for Taken {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.file.read(buffer)?;
        self.taken.set(self.taken.get() + n as u64);
        Ok(n)
    }
}

/// Counts line ends as they pass, apart from any parser.
pub(crate) struct LineCount<R> {
    inner: R,
    ends: u64,
    last: Option<u8>,
}

impl<R: Read> LineCount<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self { inner, ends: 0, last: None }
    }

    /// Physical lines so far; the last one may lack its end.
    pub(crate) fn lines(&self) -> u64 {
        self.ends + u64::from(self.last.is_some_and(|b| b != b'\n'))
    }
}

impl<R: Read> Read for LineCount<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.ends += memchr::memchr_iter(b'\n', &buffer[..n]).count() as u64;
        self.last = buffer[..n].last().copied().or(self.last);
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_cut_file_is_told() {
        let text: Vec<u8> =
            (0..2000_u32).flat_map(|n| format!("{n}|Houston|{}\n", n * 7919 % 1000).into_bytes()).collect();
        let (first, whole) = (packed(b"1|Dallas\n"), packed(&text));
        let both = [first.as_slice(), &whole].concat();
        let mut read = Vec::new();
        unpack(both.as_slice()).read_to_end(&mut read).unwrap();
        assert_eq!(read.len(), text.len() + 9);
        for cut in (0..both.len()).filter(|cut| *cut != first.len()) {
            let error = unpack(&both[..cut]).read_to_end(&mut Vec::new()).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof, "cut at {cut}: {error}");
        }
        let mut damaged = both.clone();
        let last = damaged.len() - 6;
        damaged[last] ^= 1;
        let error = unpack(damaged.as_slice()).read_to_end(&mut Vec::new()).unwrap_err();
        assert!(matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData), "{error:?}");
    }
}
