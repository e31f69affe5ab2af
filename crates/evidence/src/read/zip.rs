//! Zip archives: their members, and one member as a stream on a file handle of its own.

use super::{Cause, ReadError};
use deflate64::Deflate64Decoder;
use flate2::{Crc, bufread::DeflateDecoder};
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Take};
use std::path::Path;
use zip::{CompressionMethod, ZipArchive, result::ZipError};

/// First bytes of a zip archive that is not empty.
pub(crate) const MAGIC: &[u8] = b"PK\x03\x04";

const BUFFER_BYTES: usize = 256 * 1024;

/// A file in an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    /// Its place among all entries of the archive, folders included.
    pub(crate) index: usize,
    /// Its path in the archive. Where it is not UTF-8, the bytes are read as code page 437, as the format says.
    pub(crate) name: String,
    /// Bytes when unpacked, as the archive declares them.
    pub(crate) bytes: u64,
    /// Bytes in the archive.
    pub(crate) packed_bytes: u64,
}

pub(super) fn broken(cause: Cause) -> ReadError {
    ReadError::Broken { what: "zip archive", cause }
}

fn refused(why: impl Into<Cause>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

/// The files of an archive, without its folders, in the order of its directory.
///
/// # Errors
///
/// If the file cannot be read or its directory is damaged.
pub(crate) fn members(path: &Path) -> Result<Vec<Member>, ReadError> {
    members_of(BufReader::new(File::open(path)?))
}

pub(crate) fn members_of(archive: impl Read + Seek) -> Result<Vec<Member>, ReadError> {
    let mut archive = ZipArchive::new(archive).map_err(|e| broken(e.into()))?;
    let mut members = Vec::with_capacity(archive.len());
    for index in 0..archive.len() {
        let file = archive.by_index_raw(index).map_err(|e| broken(e.into()))?;
        if !file.is_dir() {
            let name = file.name().unwrap_or_else(|_| String::from_utf8_lossy(file.name_raw())).into_owned();
            members.push(Member { index, name, bytes: file.size(), packed_bytes: file.compressed_size() });
        }
    }
    Ok(members)
}

/// Whether the archive is an Excel workbook. `false` if it cannot be read.
pub(crate) fn is_workbook(path: &Path) -> bool {
    members(path).is_ok_and(|members| {
        members.iter().any(|m| m.name.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("xl/")))
    })
}

/// Opens a member by [`Member::index`]. `taken` is told the bytes that are read from the disk.
///
/// # Errors
///
/// If there is no such member, it is encrypted, or packed in a way that is not read. Reading fails at the end of the
/// member if its length or checksum is not as declared.
pub(crate) fn open<F: Fn(u64)>(path: &Path, index: usize, taken: F) -> io::Result<MemberReader<File, F>> {
    open_in(File::open(path)?, index, taken)
}

pub(crate) fn open_in<R: Read + Seek, F: Fn(u64)>(
    mut file: R,
    index: usize,
    taken: F,
) -> io::Result<MemberReader<R, F>> {
    let mut archive = ZipArchive::new(BufReader::new(&mut file)).map_err(io_error)?;
    let member = archive.by_index_raw(index).map_err(io_error)?;
    if member.encrypted() {
        return Err(refused("it is encrypted: unpack the archive with its password"));
    }
    let start = member.data_start().ok_or_else(|| refused("its place in the archive is not known"))?;
    let (method, packed, left, crc) = (member.compression(), member.compressed_size(), member.size(), member.crc32());
    drop(member);
    drop(archive);
    file.seek(SeekFrom::Start(start))?;
    let packed = Counted { inner: file, taken }.take(packed);
    let buffered = |packed| BufReader::with_capacity(BUFFER_BYTES, packed);
    let unpack = match method {
        CompressionMethod::Stored => Unpack::Stored(packed),
        CompressionMethod::Deflated => Unpack::Deflated(DeflateDecoder::new(buffered(packed))),
        other if other == DEFLATE64 => Unpack::Deflated64(Deflate64Decoder::with_buffer(buffered(packed))),
        other => return Err(refused(format!("it is packed as {other}, which is not read: unpack the archive"))),
    };
    Ok(MemberReader { unpack, left, declared_crc: crc, crc: Crc::new() })
}

const DEFLATE64: CompressionMethod = CompressionMethod::DEFLATE64;

fn io_error(error: ZipError) -> io::Error {
    match error {
        ZipError::Io(error) => error,
        other => refused(other),
    }
}

struct Counted<R, F> {
    inner: R,
    taken: F,
}

impl<R: Read, F: Fn(u64)> Read for Counted<R, F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        (self.taken)(n as u64);
        Ok(n)
    }
}

type Packed<R, F> = Take<Counted<R, F>>;

enum Unpack<R, F> {
    Stored(Packed<R, F>),
    Deflated(DeflateDecoder<BufReader<Packed<R, F>>>),
    Deflated64(Deflate64Decoder<BufReader<Packed<R, F>>>),
}

/// A member, unpacked as it is read.
pub(crate) struct MemberReader<R, F> {
    unpack: Unpack<R, F>,
    /// Bytes that are still to come, as declared.
    left: u64,
    declared_crc: u32,
    crc: Crc,
}

impl<R: Read, F: Fn(u64)> Read for MemberReader<R, F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let n = match &mut self.unpack {
            Unpack::Stored(from) => from.read(buffer),
            Unpack::Deflated(from) => from.read(buffer),
            Unpack::Deflated64(from) => from.read(buffer),
        }?;
        self.crc.update(&buffer[..n]);
        match self.left.checked_sub(n as u64) {
            None => return Err(refused("it unpacks to more bytes than the archive declares")),
            Some(left) => self.left = left,
        }
        if n == 0 && self.left > 0 {
            let why = format!("it is cut off: {} declared bytes are missing", self.left);
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, why));
        }
        if n == 0 && self.crc.sum() != self.declared_crc {
            return Err(refused("its checksum is not the one that the archive declares"));
        }
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::samples;
    use std::cell::Cell;
    use std::io::{Cursor, Write};
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    const TEXT: &[u8] = b"1|Houston\n2|Dallas\n";

    fn archive() -> Vec<u8> {
        use CompressionMethod::{Deflated, Stored};
        samples::zip(&[("Data/a.txt", TEXT, Deflated, false), ("Data/b.txt", TEXT, Stored, true)])
    }

    /// Changes both headers of the file: before it at `local`, and in the directory of the archive at `central`.
    fn patch(archive: &mut [u8], name: &[u8], local: usize, central: usize, bytes: &[u8]) {
        for (magic, at) in [(b"PK\x03\x04", local), (b"PK\x01\x02", central)] {
            let headers: Vec<usize> = memchr::memmem::find_iter(archive, magic).collect();
            let fixed = if magic == b"PK\x03\x04" { 30 } else { 46 };
            let start = headers.into_iter().find(|start| archive[start + fixed..].starts_with(name)).unwrap();
            archive[start + at..start + at + bytes.len()].copy_from_slice(bytes);
        }
    }

    fn read(archive: &[u8], index: usize) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        open_in(Cursor::new(archive), index, |_| {})?.read_to_end(&mut text)?;
        Ok(text)
    }

    #[test]
    fn members_are_listed_and_read() {
        let archive = archive();
        assert!(archive.starts_with(MAGIC));
        let members = members_of(Cursor::new(&archive)).unwrap();
        let shown: Vec<_> = members.iter().map(|m| (m.index, m.name.as_str(), m.bytes)).collect();
        assert_eq!(shown, [(1, "Data/a.txt", 19), (2, "Data/b.txt", 19)]);
        assert_eq!(members[1].packed_bytes, 19);
        for member in &members {
            assert_eq!(read(&archive, member.index).unwrap(), TEXT);
        }
        assert!(read(&archive, 3).is_err());
    }

    #[test]
    fn members_are_read_at_once_each_on_its_own_handle() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("release.zip");
        let long: Vec<u8> = (0..100_000_u32).flat_map(|n| format!("{}|x\n", n * 7919 % 10_007).into_bytes()).collect();
        let archive = samples::zip(&[
            ("a.csv", &long, CompressionMethod::Deflated, false),
            ("b.csv", &long[..long.len() / 2], CompressionMethod::Deflated, false),
        ]);
        std::fs::write(&path, &archive).unwrap();
        assert!(!is_workbook(&path));
        let members = members(&path).unwrap();
        let read = |index: usize, bytes: usize| {
            let taken = Cell::new(0);
            let mut text = Vec::new();
            open(&path, index, |n| taken.set(taken.get() + n)).unwrap().read_to_end(&mut text).unwrap();
            assert_eq!(text, long[..bytes]);
            taken.get()
        };
        std::thread::scope(|scope| {
            let first = scope.spawn(|| read(members[0].index, long.len()));
            assert_eq!(read(members[1].index, long.len() / 2), members[1].packed_bytes);
            assert_eq!(first.join().unwrap(), members[0].packed_bytes);
        });
        std::fs::write(&path, samples::xlsx()).unwrap();
        assert!(is_workbook(&path));
    }

    #[test]
    fn deflate64_and_names_of_old_systems() {
        let mut archive = archive();
        // What deflate writes is deflate64 too, unless it repeats exactly 258 bytes.
        patch(&mut archive, b"Data/a.txt", 8, 10, &9_u16.to_le_bytes());
        assert_eq!(read(&archive, 1).unwrap(), TEXT);
        patch(&mut archive, b"Data/a.txt", 30 + 5, 46 + 5, b"\x82");
        assert_eq!(members_of(Cursor::new(&archive)).unwrap()[0].name, "Data/é.txt");
        assert_eq!(read(&archive, 1).unwrap(), TEXT);
    }

    #[test]
    fn members_written_without_going_back() {
        let mut writer = ZipWriter::new_stream(Vec::new());
        writer.start_file("a.txt", SimpleFileOptions::default()).unwrap();
        writer.write_all(TEXT).unwrap();
        let archive = writer.finish().unwrap().into_inner();
        assert!(memchr::memmem::find(&archive, b"PK\x07\x08").is_some(), "it has no data descriptor");
        assert_eq!(read(&archive, 0).unwrap(), TEXT);
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (why, local, central, bytes) in [
            ("it is encrypted: unpack the archive with its password", 6, 8, &1_u16.to_le_bytes()[..]),
            ("it is packed as Lzma, which is not read: unpack the archive", 8, 10, &14_u16.to_le_bytes()),
            ("its checksum is not the one that the archive declares", 14, 16, &[1, 2, 3, 4]),
            ("it unpacks to more bytes than the archive declares", 22, 24, &18_u32.to_le_bytes()),
            ("it is cut off: 1 declared bytes are missing", 22, 24, &20_u32.to_le_bytes()),
        ] {
            let mut archive = archive();
            patch(&mut archive, b"Data/a.txt", local, central, bytes);
            assert_eq!(read(&archive, 1).unwrap_err().to_string(), why);
            assert_eq!(read(&archive, 2).unwrap(), TEXT);
        }
        assert!(members_of(Cursor::new(&archive()[..60])).is_err());
    }
}
