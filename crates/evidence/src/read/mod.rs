//! Readers: from a file to rows of cells, one at a time. They know nothing of mappings.

pub(crate) mod delimited;
pub(crate) mod gzip;
pub(crate) mod json;
pub(crate) mod parquet;
pub(crate) mod stata;
pub(crate) mod workbook;
pub(crate) mod zip;

mod guard;
mod old_workbook;

#[cfg(test)]
mod damage;
#[cfg(test)]
mod samples;

use std::error::Error;
use std::io;

/// What an outside parser has to say.
pub(crate) type Cause = Box<dyn Error + Send + Sync>;

/// A row as a reader gives it.
#[derive(Debug, Default)]
pub(crate) struct Row {
    /// The bytes of the row as delivered, line ends within it included, the last one not. Empty where a row is not
    /// a piece of text: workbooks, Parquet, Stata.
    pub(crate) raw: Vec<u8>,
    /// The cells, one after another, where they are not pieces of `raw`.
    pub(crate) unescaped: Vec<u8>,
    /// Start and end of each cell, in `raw` or `unescaped`.
    pub(crate) cells: Vec<(usize, usize)>,
    pub(crate) cells_in_raw: bool,
    /// Cells that are dates by the file's own account. Empty for text.
    pub(crate) dates: Vec<bool>,
    /// Row (for text: physical line on which it starts) as delivered, from 1.
    pub(crate) number: u64,
    /// Physical lines.
    pub(crate) lines: u64,
    /// A quote is opened and not closed: the cells are a guess.
    pub(crate) open_quote: bool,
    /// The row is not what its format asks for: it has one cell, which is the row as delivered.
    pub(crate) malformed: bool,
}

impl Row {
    pub(crate) fn cell(&self, index: usize) -> &[u8] {
        let (start, end) = self.cells[index];
        if self.cells_in_raw { &self.raw[start..end] } else { &self.unescaped[start..end] }
    }

    pub(crate) fn is_date(&self, index: usize) -> bool {
        self.dates.get(index).copied().unwrap_or(false)
    }

    /// Takes out the cells.
    fn clear(&mut self) {
        self.raw.clear();
        self.unescaped.clear();
        self.cells.clear();
        self.dates.clear();
        self.cells_in_raw = false;
        self.malformed = false;
    }

    /// Adds a cell that `write` appends to the bytes; `write` says whether it is a date.
    fn push(&mut self, write: impl FnOnce(&mut Vec<u8>) -> bool) {
        let start = self.unescaped.len();
        let is_date = write(&mut self.unescaped);
        self.cells.push((start, self.unescaped.len()));
        self.dates.push(is_date);
    }

    /// Makes it the row of the names of the columns, which formats with typed columns do not hold as a row.
    fn set_names<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) {
        self.clear();
        self.number = 1;
        self.lines = 1;
        for name in names {
            self.push(|text| {
                text.extend_from_slice(name.as_bytes());
                false
            });
        }
    }

    /// The row as a person would find it in the file; for workbooks its cells, with tabs between them.
    pub(crate) fn verbatim(&self) -> Vec<u8> {
        if self.raw.is_empty() {
            let cells: Vec<&[u8]> = (0..self.cells.len()).map(|i| self.cell(i)).collect();
            return cells.join(&b'\t');
        }
        self.raw.clone()
    }

    /// The cells as text.
    pub(crate) fn texts(&self) -> Vec<String> {
        (0..self.cells.len()).map(|index| text(self.cell(index))).collect()
    }
}

/// Bytes as text: without NUL bytes, and as Latin-1 where they are not UTF-8.
pub(crate) fn text(bytes: &[u8]) -> String {
    let mut text = String::new();
    crate::cell::decode(bytes, &mut text, &mut crate::problem::ProblemSet::default());
    text
}

/// What the reader shall do after a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    Next,
    /// The row spans several lines and should not: give its first line alone, then read on from the second.
    Resplit,
    Stop,
}

/// How many physical lines (or rows of a sheet) there were, and what they were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Lines {
    /// Counted apart from the parser.
    pub(crate) physical: u64,
    pub(crate) blank: u64,
    /// Lines of the rows that were taken.
    pub(crate) of_rows: u64,
}

/// Why reading stopped.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    #[error("{0}")]
    Io(io::Error),
    #[error("line {line} is longer than 16 MiB")]
    LineTooLong { line: u64 },
    #[error("{0}")]
    Workbook(Cause),
    /// The file is not what it claims to be: `what` names its format.
    #[error("{cause}")]
    Broken { what: &'static str, cause: Cause },
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}
