//! Readers on any bytes at all, with what must hold of every row. For `fuzz/` at the root, and for our own tests.
//!
//! Each function panics if the reader breaks a promise; that a reader refuses the bytes is no such thing.

use crate::cell::ColumnReader;
use crate::mapping::{Column, Dialect, Mapping};
use crate::read::{
    Flow, Lines, ReadError, Row, delimited as text, gzip as gz, json as js, parquet as pq, stata as dta,
};
use crate::read::{workbook as book, zip as archive};
use bytes::Bytes;
use jiff::civil::{Date, DateTime};
use model::ValueType;
use std::io::{Cursor, Read};

/// Rows and bytes after which a reader may stop, so that small files which stand for much take no hours.
const MOST_ROWS: u64 = 20_000;
const MOST_BYTES: u64 = 8 * 1024 * 1024;

/// Takes out the hook by which libFuzzer ends the process at any panic, so that panics of outside parsers, which the
/// readers catch, do not count. One that is not caught still ends the run.
pub fn init() {
    drop(std::panic::take_hook());
    std::panic::set_hook(Box::new(|_| {}));
}

/// What must hold of every row. Asks for rows of several lines to be split again where their number is even.
struct Check {
    rows: u64,
    last: u64,
    stopped: bool,
}

impl Check {
    fn new() -> Self {
        Self { rows: 0, last: 0, stopped: false }
    }

    fn row(&mut self, row: &Row) -> Result<Flow, ReadError> {
        if row.lines > 1 && row.number.is_multiple_of(2) {
            return Ok(Flow::Resplit);
        }
        assert!(row.number > self.last, "row {} comes after row {}", row.number, self.last);
        assert!(!row.malformed || row.cells.len() == 1, "a malformed row has {} cells", row.cells.len());
        for (index, text) in row.texts().iter().enumerate() {
            assert!(!row.is_date(index) || text.parse::<DateTime>().is_ok(), "`{text}` is called a date");
        }
        assert!(!row.malformed || row.verbatim() == row.cell(0));
        self.last = row.number;
        self.rows += 1;
        self.stopped = self.rows == MOST_ROWS;
        Ok(if self.stopped { Flow::Stop } else { Flow::Next })
    }

    /// A file that was read to its end is accounted for.
    fn end(&self, read: Result<Lines, ReadError>) -> Option<Lines> {
        let lines = read.ok()?;
        assert!(self.stopped || lines.physical == lines.blank + lines.of_rows, "{lines:?}");
        Some(lines)
    }
}

fn dialect(delimiter: u8, quote: Option<u8>) -> Dialect {
    Dialect { delimiter, quote }
}

/// Text without quotes.
pub fn delimited(bytes: &[u8]) -> bool {
    let mut check = Check::new();
    let read = text::visit(bytes, dialect(b'\t', None), |row| check.row(row));
    check.end(read).is_some()
}

/// Text with quotes.
pub fn delimited_quoted(bytes: &[u8]) -> bool {
    let mut check = Check::new();
    let read = text::visit(bytes, dialect(b',', Some(b'"')), |row| check.row(row));
    check.end(read).is_some()
}

/// Gzip of text.
pub fn gzip(bytes: &[u8]) -> bool {
    let mut check = Check::new();
    let read = text::visit(gz::unpack(bytes).take(MOST_BYTES), dialect(b'|', None), |row| check.row(row));
    check.end(read).is_some()
}

/// A zip archive and each of its members.
pub fn zip(bytes: &[u8]) -> bool {
    let Ok(members) = archive::members_of(Cursor::new(bytes)) else { return false };
    let mut whole = true;
    for member in members.iter().take(20) {
        let Ok(reader) = archive::open_in(Cursor::new(bytes), member.index, |_| {}) else {
            whole = false;
            continue;
        };
        let mut unpacked = Vec::new();
        let read = reader.take(MOST_BYTES).read_to_end(&mut unpacked);
        if read.is_ok() {
            assert_eq!(unpacked.len() as u64, member.bytes.min(MOST_BYTES));
        }
        whole &= read.is_ok();
    }
    whole
}

/// A workbook, new or old, and each of its sheets.
pub fn workbook(bytes: &[u8]) -> bool {
    let Ok(sheets) = book::sheets_in(Cursor::new(bytes)) else { return false };
    let mut whole = true;
    for sheet in sheets.iter().take(4) {
        let mut check = Check::new();
        let read = book::visit_in(Cursor::new(bytes), sheet, |row| check.row(row));
        whole &= check.end(read).is_some();
    }
    whole
}

/// A Parquet file.
pub fn parquet(bytes: &[u8]) -> bool {
    let mut check = Check::new();
    let read = pq::visit_in(Bytes::copy_from_slice(bytes), |row| check.row(row));
    check.end(read).is_some()
}

/// JSON of any of the kinds that are read.
pub fn json_lines(bytes: &[u8]) -> bool {
    let mut check = Check::new();
    let read = js::visit(bytes, |row| check.row(row));
    check.end(read).is_some()
}

/// A Stata data set.
pub fn stata(bytes: &[u8]) -> bool {
    let mut check = Check::new();
    let read = dta::visit_in(Cursor::new(bytes), |row| check.row(row));
    check.end(read).is_some()
}

/// The text of a mapping.
pub fn mapping(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| Mapping::parse("fuzz.toml", text).is_ok())
}

/// A cell under a column of each type.
pub fn cell(bytes: &[u8]) -> bool {
    for kind in [
        ValueType::Text,
        ValueType::Date,
        ValueType::DateTime,
        ValueType::Boolean,
        ValueType::Integer,
        ValueType::Money,
    ] {
        let mut column = Column::text("x", "x".to_owned());
        column.kind = kind;
        column.formats = vec!["%m/%d/%Y %H:%M".to_owned(), "%m/%d/%y".to_owned(), "%Y-%m-%d %H:%M:%S%.f".to_owned()];
        column.earliest = Some(Date::constant(1900, 1, 1));
        column.true_texts = vec!["Y".to_owned()];
        column.false_texts = vec!["N".to_owned()];
        let null = ["NA".to_owned()];
        let mut reader = ColumnReader::new(&column, &null);
        for from_workbook_date in [false, true, false] {
            reader.read(bytes, from_workbook_date);
            let _ = reader.cell().value_text(kind);
        }
    }
    true
}
