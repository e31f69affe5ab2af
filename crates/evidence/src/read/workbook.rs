//! Workbooks, row by row. Dates come as ISO text, numbers as a person would write them.

use super::{Flow, Lines, ReadError, Row};
use calamine::{DataRef, ExcelDateTime, Reader, Xlsx, XlsxError};
use std::fs::File;
use std::io::BufReader;
use std::io::Write;
use std::path::Path;

/// First bytes of an old workbook (`.xls`).
pub(crate) const OLD: &[u8] = b"\xd0\xcf\x11\xe0";

type Workbook = Xlsx<BufReader<File>>;

fn open(path: &Path) -> Result<Workbook, ReadError> {
    let file = BufReader::new(File::open(path)?);
    Xlsx::new(file).map_err(broken)
}

fn broken(error: XlsxError) -> ReadError {
    ReadError::Workbook(Box::new(error))
}

/// Names of the sheets, in their order.
pub(crate) fn sheets(path: &Path) -> Result<Vec<String>, ReadError> {
    Ok(open(path)?.sheet_names())
}

/// Visits the rows of a sheet. Empty rows are counted and not visited.
///
/// # Errors
///
/// If the workbook cannot be read or the visitor fails.
pub(crate) fn visit<E: From<ReadError>>(
    path: &Path,
    sheet: &str,
    mut visitor: impl FnMut(&Row) -> Result<Flow, E>,
) -> Result<Lines, E> {
    let mut workbook = open(path)?;
    let mut cells = workbook.worksheet_cells_reader(sheet).map_err(broken)?;
    let mut row = Row { lines: 1, ..Row::default() };
    let mut lines = Lines::default();
    while let Some(cell) = cells.next_cell().map_err(|e| E::from(broken(e)))? {
        let (index, column) = cell.get_position();
        let number = u64::from(index) + 1;
        if number != row.number {
            if finish(&mut row, &mut lines, &mut visitor)? == Flow::Stop {
                return Ok(lines);
            }
            row.number = number;
        }
        // A cell that is out of order would overwrite another; files written by programs have none.
        while row.cells.len() < column as usize {
            let end = row.unescaped.len();
            row.cells.push((end, end));
            row.dates.push(false);
        }
        let start = row.unescaped.len();
        let is_date = write_cell(cell.get_value(), &mut row.unescaped);
        row.cells.push((start, row.unescaped.len()));
        row.dates.push(is_date);
    }
    finish(&mut row, &mut lines, &mut visitor)?;
    Ok(lines)
}

/// Visits the row if it holds anything, and clears it.
fn finish<E>(row: &mut Row, lines: &mut Lines, visitor: &mut impl FnMut(&Row) -> Result<Flow, E>) -> Result<Flow, E> {
    while row.cells.last().is_some_and(|(start, end)| start == end) {
        row.cells.pop();
        row.dates.pop();
    }
    let mut flow = Flow::Next;
    if !row.cells.is_empty() {
        flow = visitor(row)?;
        lines.of_rows += 1;
        lines.blank += row.number - lines.physical - 1;
        lines.physical = row.number;
    }
    row.cells.clear();
    row.dates.clear();
    row.unescaped.clear();
    Ok(flow)
}

/// Writes a cell as a person would read it; whether it is a date.
fn write_cell(value: &DataRef<'_>, text: &mut Vec<u8>) -> bool {
    // Writing to memory cannot fail.
    let _ = match value {
        DataRef::Empty => Ok(()),
        DataRef::String(s) => text.write_all(s.as_bytes()),
        DataRef::SharedString(s) => text.write_all(s.as_bytes()),
        DataRef::Int(n) => write!(text, "{n}"),
        DataRef::Float(f) => write!(text, "{f}"),
        DataRef::Bool(b) => text.write_all(if *b { b"TRUE" } else { b"FALSE" }),
        DataRef::Error(e) => write!(text, "{e}"),
        DataRef::DurationIso(s) => text.write_all(s.as_bytes()),
        DataRef::DateTimeIso(s) => {
            text.extend_from_slice(s.as_bytes());
            return true;
        }
        DataRef::DateTime(at) => return write_date(at, text),
    };
    false
}

fn write_date(at: &ExcelDateTime, text: &mut Vec<u8>) -> bool {
    let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
    let is_date = at.is_datetime() && at.as_f64() >= 1.0;
    let _ = if !at.is_datetime() {
        let seconds = (at.as_f64() * 86_400.0).round();
        let sign = if seconds < 0.0 { "-" } else { "" };
        let seconds = seconds.abs() as u64;
        write!(text, "{sign}{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
    } else if !is_date {
        write!(text, "{hour:02}:{minute:02}:{second:02}")
    } else if (hour, minute, second, milli) == (0, 0, 0, 0) {
        write!(text, "{year:04}-{month:02}-{day:02}")
    } else if milli == 0 {
        write!(text, "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
    } else {
        write!(text, "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{milli:03}")
    };
    is_date
}
