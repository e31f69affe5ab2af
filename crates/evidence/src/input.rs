//! What a delivery is made of: files, files in folders, and files in archives; and how each is opened.

use crate::add_error::AddError;
use crate::mapping::{Dialect, Format};
use crate::nearest::nearest;
use crate::read::{Flow, Lines, ReadError, Row, delimited, gzip, json, parquet, stata, workbook, zip};
use crate::receipt::Unread;
use camino::{Utf8Path, Utf8PathBuf};
use std::fs;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes that are looked at to tell what a file is.
const HEAD_BYTES: u64 = 8192;

/// Bytes read from the disk, counted as they pass.
#[derive(Debug, Clone, Default)]
pub(crate) struct Taken(Arc<AtomicU64>);

impl Taken {
    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn add(&self, bytes: u64) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }
}

/// What a file is by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    /// Text that begins like JSON.
    JsonText,
    Workbook,
    Parquet,
    Stata,
}

/// One file to be read.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    /// The path as it was given, and within a folder or an archive the path there.
    pub(crate) path: Utf8PathBuf,
    /// The name in row pointers.
    pub(crate) name: String,
    /// Bytes on the disk, in an archive those of the packed file.
    pub(crate) size_bytes: u64,
    pub(crate) kind: Kind,
    /// The file that is opened: the archive, for a file in one.
    pub(crate) file: Utf8PathBuf,
    member: Option<usize>,
    gzip: bool,
    /// Lines end in carriage returns alone.
    returns: bool,
    /// Bytes when unpacked, as far as that is known.
    unpacked_bytes: u64,
}

/// The inputs of a path, and what is there that cannot be read.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    pub(crate) inputs: Vec<Input>,
    pub(crate) unread: Vec<Unread>,
}

/// Looks at a path: a file, a folder or an archive.
pub(crate) fn inputs(path: &Utf8Path) -> Result<Inputs, AddError> {
    let unreadable = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => AddError::Missing { path: path.to_owned(), nearest: sibling(path) },
        _ => AddError::Unreadable { path: path.to_owned(), source },
    };
    let metadata = fs::metadata(path).map_err(unreadable)?;
    let mut found = Inputs::default();
    if metadata.is_dir() {
        walk(path, "", &mut found)?;
        if found.inputs.is_empty() {
            return Err(AddError::EmptyFolder { path: path.to_owned(), unread: found.unread });
        }
        return Ok(found);
    }
    let name = path.file_name().unwrap_or(path.as_str()).to_owned();
    look(path, name, metadata.len(), false, &mut found)?;
    Ok(found)
}

/// Looks at every file of a folder, in the order of the names.
fn walk(folder: &Utf8Path, within: &str, found: &mut Inputs) -> Result<(), AddError> {
    let unreadable = |source: io::Error| AddError::Unreadable { path: folder.to_owned(), source };
    let mut entries = Vec::new();
    for entry in folder.read_dir_utf8().map_err(unreadable)? {
        entries.push(entry.map_err(unreadable)?);
    }
    entries.sort_by(|a, b| a.file_name().cmp(b.file_name()));
    for entry in entries {
        let name = format!("{within}{}", entry.file_name());
        let metadata = fs::metadata(entry.path()).map_err(unreadable)?;
        if is_by_the_way(&name) {
            found.unread.push(Unread { path: entry.path().to_string(), why: "a hidden file".to_owned() });
        } else if metadata.is_dir() {
            walk(entry.path(), &format!("{name}/"), found)?;
        } else {
            look(entry.path(), name, metadata.len(), true, found)?;
        }
    }
    Ok(())
}

/// Files that systems leave in folders and archives.
fn is_by_the_way(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or(name);
    last.starts_with('.') || name.split('/').any(|part| part == "__MACOSX") || last.eq_ignore_ascii_case("thumbs.db")
}

/// Looks at one file. In a folder, a file that cannot be read is noted; named alone, it is an error.
fn look(path: &Utf8Path, name: String, size_bytes: u64, in_folder: bool, found: &mut Inputs) -> Result<(), AddError> {
    let mut input = Input {
        path: path.to_owned(),
        name,
        size_bytes,
        kind: Kind::Text,
        file: path.to_owned(),
        member: None,
        gzip: false,
        returns: false,
        unpacked_bytes: size_bytes,
    };
    let unreadable = |source| AddError::Unreadable { path: path.to_owned(), source };
    let first = input.head().map_err(unreadable)?;
    if first.starts_with(zip::MAGIC) && !zip::is_workbook(path.as_std_path()) {
        return look_into(path, &input.name, in_folder, found);
    }
    let is_gzip = first.starts_with(gzip::GZIP);
    if !is_gzip && !first.is_empty() && path.extension().is_some_and(|e| e.eq_ignore_ascii_case("gz")) {
        return Err(AddError::NotGzip { path: path.to_owned() });
    }
    if is_gzip {
        input.unpacked_bytes = size_bytes.saturating_mul(8);
    }
    match input.tell(first) {
        Ok(()) => found.inputs.push(input),
        Err(error @ (AddError::Empty { .. } | AddError::Binary { .. })) if in_folder => {
            found.unread.push(Unread { path: path.to_string(), why: why_not(&error) });
        }
        Err(error) => return Err(error),
    }
    Ok(())
}

fn why_not(error: &AddError) -> String {
    match error {
        AddError::Binary { what, .. } => (*what).to_owned(),
        _ => "empty".to_owned(),
    }
}

/// Looks at every file of an archive.
fn look_into(path: &Utf8Path, name: &str, in_folder: bool, found: &mut Inputs) -> Result<(), AddError> {
    let broken = |error| crate::add_error::archive_error(path, error);
    let before = found.inputs.len();
    for member in zip::members(path.as_std_path()).map_err(broken)? {
        let shown = path.join(&member.name);
        if is_by_the_way(&member.name) {
            found.unread.push(Unread { path: shown.into_string(), why: "a hidden file".to_owned() });
            continue;
        }
        let mut input = Input {
            path: shown,
            // Of one archive its name says nothing; of several in a folder it tells them apart.
            name: if in_folder { format!("{name}/{}", member.name) } else { member.name },
            size_bytes: member.packed_bytes,
            kind: Kind::Text,
            file: path.to_owned(),
            member: Some(member.index),
            gzip: false,
            returns: false,
            unpacked_bytes: member.bytes,
        };
        let first = input.head().map_err(|e| crate::add_error::read_error(&input, e.into()))?;
        match input.tell(first) {
            Ok(()) if matches!(input.kind, Kind::Workbook | Kind::Parquet | Kind::Stata) => {
                let why = "a file that cannot be read within an archive: unpack the archive and add the folder";
                found.unread.push(Unread { path: input.path.into_string(), why: why.to_owned() });
            }
            Ok(()) => found.inputs.push(input),
            Err(error @ (AddError::Empty { .. } | AddError::Binary { .. })) => {
                found.unread.push(Unread { path: input.path.into_string(), why: why_not(&error) });
            }
            Err(error) => return Err(error),
        }
    }
    if found.inputs.len() == before && !in_folder {
        return Err(AddError::EmptyFolder { path: path.to_owned(), unread: std::mem::take(&mut found.unread) });
    }
    Ok(())
}

impl Input {
    /// How much work it is to read, for the order of the work.
    pub(crate) fn weight(&self) -> u64 {
        self.unpacked_bytes
    }

    pub(crate) fn is_gzip(&self) -> bool {
        self.gzip
    }

    /// Whether it lies in an archive.
    pub(crate) fn is_member(&self) -> bool {
        self.member.is_some()
    }

    /// The last part of its name, without `.gz`.
    pub(crate) fn plain_name(&self) -> &str {
        let name = self.name.rsplit('/').next().unwrap_or(&self.name);
        let cut = name.len().saturating_sub(3);
        match name.get(cut..) {
            Some(end) if end.eq_ignore_ascii_case(".gz") => &name[..cut],
            _ => name,
        }
    }

    /// The first bytes, unpacked.
    fn head(&self) -> io::Result<Vec<u8>> {
        let mut head = Vec::new();
        self.open(&Taken::default())?.take(HEAD_BYTES).read_to_end(&mut head)?;
        Ok(head)
    }

    /// Opens it, unpacked.
    pub(crate) fn open(&self, taken: &Taken) -> io::Result<Box<dyn Read>> {
        let packed: Box<dyn Read> = match self.member {
            Some(index) => {
                let taken = taken.clone();
                Box::new(zip::open(self.file.as_std_path(), index, move |bytes| taken.add(bytes))?)
            }
            None => Box::new(gzip::Counted::new(fs::File::open(&self.file)?, taken)),
        };
        let unpacked: Box<dyn Read> = if self.gzip { Box::new(gzip::unpack(packed)) } else { packed };
        Ok(if self.returns { Box::new(delimited::Returns(unpacked)) } else { unpacked })
    }

    /// Finds out what it is, from its first bytes as they lie there.
    fn tell(&mut self, first: Vec<u8>) -> Result<(), AddError> {
        self.gzip = first.starts_with(gzip::GZIP);
        let head =
            if self.gzip { self.head().map_err(|e| crate::add_error::read_error(self, e.into()))? } else { first };
        if head.is_empty() {
            return Err(AddError::Empty { path: self.path.clone() });
        }
        self.kind = match head.as_slice() {
            h if h.starts_with(zip::MAGIC) || h.starts_with(workbook::OLD) => Kind::Workbook,
            h if h.starts_with(parquet::MAGIC) => Kind::Parquet,
            h if h.starts_with(stata::MAGIC) => Kind::Stata,
            h => {
                if let Some(what) = binary(h) {
                    return Err(AddError::Binary { path: self.path.clone(), what });
                }
                let text = h.strip_prefix(b"\xef\xbb\xbf").unwrap_or(h).trim_ascii_start();
                if text.starts_with(b"{") || text.starts_with(b"[") { Kind::JsonText } else { Kind::Text }
            }
        };
        self.returns = matches!(self.kind, Kind::Text) && !head.contains(&b'\n') && head.contains(&b'\r');
        Ok(())
    }

    /// Visits its rows.
    pub(crate) fn visit<E: From<ReadError>>(
        &self,
        format: Format,
        dialect: Dialect,
        sheet: Option<&str>,
        taken: &Taken,
        visitor: impl FnMut(&Row) -> Result<Flow, E>,
    ) -> Result<Lines, E> {
        match format {
            Format::Delimited => {
                let input = self.open(taken).map_err(ReadError::Io)?;
                delimited::visit(input, dialect, visitor)
            }
            Format::Json => json::visit(self.open(taken).map_err(ReadError::Io)?, visitor),
            Format::Workbook => workbook::visit(self.file.as_std_path(), sheet.unwrap_or_default(), visitor),
            Format::Parquet => parquet::visit(self.file.as_std_path(), visitor),
            Format::Stata => stata::visit(self.file.as_std_path(), visitor),
        }
    }

    /// The sheets of a workbook.
    pub(crate) fn sheets(&self) -> Result<Vec<String>, ReadError> {
        workbook::sheets(self.file.as_std_path())
    }
}

/// What the bytes are if they are not text.
fn binary(head: &[u8]) -> Option<&'static str> {
    const KNOWN: &[(&[u8], &str)] = &[
        (b"%PDF", "a PDF"),
        (b"PK\x03\x04", "a zip archive"),
        (b"PK\x05\x06", "a zip archive"),
        (b"\xff\xfe", "UTF-16 text"),
        (b"\xfe\xff", "UTF-16 text"),
        (b"SQLite format 3", "a database"),
        (b"\x89PNG", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
    ];
    if let Some((_, what)) = KNOWN.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(what);
    }
    // Agencies' text has stray control bytes; binary files have many.
    let control = head.iter().filter(|b| (**b < 0x20 && !b"\t\r\n\x0c\x1b".contains(b)) || **b == 0x7f).count();
    (control * 10 > head.len()).then_some("binary data")
}

fn sibling(path: &Utf8Path) -> Option<String> {
    let folder = path.parent().filter(|p| !p.as_str().is_empty()).unwrap_or(Utf8Path::new("."));
    let entries = folder.read_dir_utf8().into_iter().flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.ok().map(|e| e.file_name().to_owned())).collect();
    names.sort();
    nearest(path.file_name()?, names.iter().map(String::as_str))
        .map(|name| path.parent().map_or_else(|| name.to_owned(), |p| p.join(name).into_string()))
}
