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
    if gzip {
        Ok(Box::new(MultiGzDecoder::new(BufReader::with_capacity(BUFFER_BYTES, file))))
    } else {
        Ok(Box::new(file))
    }
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
