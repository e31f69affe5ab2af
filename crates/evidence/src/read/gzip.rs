//! Gzip, and counting what passes on both sides.

use crate::input::Taken;
use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

/// First bytes of a gzip file.
pub(crate) const GZIP: &[u8] = &[0x1f, 0x8b];

const BUFFER_BYTES: usize = 256 * 1024;

/// Opens a file for reading, unpacked if it is gzip.
pub(crate) fn open(path: &Path, gzip: bool) -> io::Result<Box<dyn Read>> {
    let file = File::open(path)?;
    Ok(if gzip { Box::new(unpack(file)) } else { Box::new(file) })
}

/// Unpacks gzip of one or several members. Where the file is cut off, reading fails with
/// [`io::ErrorKind::UnexpectedEof`]; where it is damaged, with `InvalidInput` or `InvalidData`. A file that is cut off
/// just between two members looks whole.
pub(crate) fn unpack(packed: impl Read) -> impl Read {
    MultiGzDecoder::new(BufReader::with_capacity(BUFFER_BYTES, packed))
}

/// A file whose bytes are counted as they are read.
pub(crate) struct Counted<R> {
    inner: R,
    taken: Taken,
}

impl<R: Read> Counted<R> {
    pub(crate) fn new(inner: R, taken: &Taken) -> Self {
        Self { inner, taken: taken.clone() }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.taken.add(n as u64);
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
