//! Writers of the deliveries, one for each, and what they share: text files that count their rows.

mod cbp;
mod eoir;
mod ice;
mod intake;
mod truth;
mod uscis;

pub(crate) use cbp::Borders;
pub(crate) use eoir::Court;
pub(crate) use ice::{Detention, Release, Removals};
pub(crate) use intake::Intake;
pub(crate) use truth::{Place, Truth};
pub(crate) use uscis::Benefits;

use crate::SynthError;
use crate::names::Sex;
use camino::{Utf8Path, Utf8PathBuf};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};

/// What a text file looks like.
#[derive(Debug, Clone, Copy)]
struct Shape {
    delimiter: u8,
    quote: csv::QuoteStyle,
    crlf: bool,
    gzip: bool,
}

/// A text file that knows on which physical row it is.
struct TextFile {
    path: Utf8PathBuf,
    writer: csv::Writer<Out>,
    rows: u64,
}

enum Out {
    Plain(BufWriter<File>),
    Gzip(Box<GzEncoder<BufWriter<File>>>),
}

impl Write for Out {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        match self {
            Out::Plain(out) => out.write(buf),
            Out::Gzip(out) => out.write(buf),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Out::Plain(out) => out.flush(),
            Out::Gzip(out) => out.flush(),
        }
    }
}

impl TextFile {
    fn create(path: Utf8PathBuf, shape: Shape) -> Result<Self, SynthError> {
        let file = File::create(&path).map_err(|source| SynthError::Write { path: path.clone(), source })?;
        let file = BufWriter::new(file);
        // The gzip header carries neither time nor name, so the same rows give the same bytes.
        let out =
            if shape.gzip { Out::Gzip(Box::new(GzEncoder::new(file, Compression::new(6)))) } else { Out::Plain(file) };
        let terminator = if shape.crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let writer = csv::WriterBuilder::new()
            .delimiter(shape.delimiter)
            .quote_style(shape.quote)
            .terminator(terminator)
            .flexible(true)
            .from_writer(out);
        Ok(Self { path, writer, rows: 0 })
    }

    /// Writes one row and tells which physical row it is, from 1.
    fn line<T: AsRef<[u8]>>(&mut self, cells: &[T]) -> Result<u64, SynthError> {
        self.writer
            .write_record(cells)
            .map_err(|source| SynthError::Write { path: self.path.clone(), source: source.into() })?;
        self.rows += 1;
        Ok(self.rows)
    }

    fn name(&self) -> &str {
        self.path.file_name().unwrap_or_default()
    }

    fn finish(self) -> Result<Utf8PathBuf, SynthError> {
        let path = self.path;
        let done = match self.writer.into_inner() {
            Ok(Out::Plain(mut out)) => out.flush(),
            Ok(Out::Gzip(out)) => out.finish().and_then(|mut out| out.flush()),
            Err(failed) => Err(failed.into_error()),
        };
        match done {
            Ok(()) => Ok(path),
            Err(source) => Err(SynthError::Write { path, source }),
        }
    }
}

/// A row of named cells; every cell is empty until it is set.
struct Row {
    columns: &'static [&'static str],
    cells: Vec<Vec<u8>>,
}

impl Row {
    fn new(columns: &'static [&'static str]) -> Self {
        Self { columns, cells: vec![Vec::new(); columns.len()] }
    }

    fn set(&mut self, column: &str, value: impl Into<Vec<u8>>) -> &mut Self {
        let place = self.columns.iter().position(|name| *name == column);
        debug_assert!(place.is_some(), "no column {column}");
        if let Some(place) = place {
            self.cells[place] = value.into();
        }
        self
    }
}

fn folder(path: &Utf8Path) -> Result<(), SynthError> {
    fs::create_dir_all(path).map_err(|source| SynthError::Folder { path: path.to_owned(), source })
}

fn write_text(path: Utf8PathBuf, text: &str) -> Result<Utf8PathBuf, SynthError> {
    match fs::write(&path, text) {
        Ok(()) => Ok(path),
        Err(source) => Err(SynthError::Write { path, source }),
    }
}

fn sex_letter(sex: Sex) -> &'static str {
    match sex {
        Sex::Female => "F",
        Sex::Male => "M",
    }
}

fn sex_word(sex: Sex) -> &'static str {
    match sex {
        Sex::Female => "Female",
        Sex::Male => "Male",
    }
}
