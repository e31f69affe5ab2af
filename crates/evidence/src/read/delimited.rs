//! Delimited text, line by line. Lines without a quote are split on the delimiter; the others go through `csv-core`.

use super::gzip::LineCount;
use super::{Flow, Lines, ReadError, Row};
use crate::mapping::Dialect;
use csv_core::{ReadRecordResult, Terminator};
use memchr::{memchr, memchr_iter};
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};

/// Longest line, in bytes. A longer one means that the file is not text in lines.
const LONGEST_LINE: u64 = 16 * 1024 * 1024;
/// Most lines of one row. More means that a quote was opened and never closed.
const MOST_LINES: u64 = 200;
/// Most bytes of a row of several lines.
const MOST_BYTES: usize = 1024 * 1024;
const BUFFER_BYTES: usize = 256 * 1024;
const BOM: &[u8] = b"\xef\xbb\xbf";

/// Visits the rows of a text. Blank lines are counted and not visited.
///
/// # Errors
///
/// If the text cannot be read, holds a line beyond reason, or the visitor fails.
pub(crate) fn visit<E: From<ReadError>>(
    input: impl Read,
    dialect: Dialect,
    mut visitor: impl FnMut(&Row) -> Result<Flow, E>,
) -> Result<Lines, E> {
    let mut text = Text {
        input: BufReader::with_capacity(BUFFER_BYTES, LineCount::new(input)),
        pushed_back: VecDeque::new(),
        line: 0,
    };
    let mut splitter = Splitter::new(dialect);
    let mut row = Row::default();
    let mut lines = Lines::default();
    while text.next_line(&mut row.raw, true)? {
        row.number = text.line;
        row.lines = 1;
        if text.line == 1 && row.raw.starts_with(BOM) {
            row.raw.drain(..BOM.len());
        }
        if without_end(&row.raw).is_empty() {
            lines.blank += 1;
            continue;
        }
        let mut flow = if splitter.split(&mut row, &mut text)? { visitor(&row)? } else { Flow::Resplit };
        if flow == Flow::Resplit {
            text.push_back(&mut row);
            splitter.split_plainly(&mut row);
            row.open_quote = true;
            flow = visitor(&row)?;
        }
        lines.of_rows += row.lines;
        if flow == Flow::Stop {
            break;
        }
    }
    lines.physical = text.input.get_ref().lines();
    Ok(lines)
}

/// Text whose lines end in carriage returns alone, with line feeds instead.
pub(crate) struct Returns<R>(pub(crate) R);

impl<R: Read> Read for Returns<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.0.read(buffer)?;
        for byte in buffer[..n].iter_mut().filter(|b| **b == b'\r') {
            *byte = b'\n';
        }
        Ok(n)
    }
}

/// The lines of a text, of which some may be read a second time.
struct Text<R> {
    input: BufReader<LineCount<R>>,
    pushed_back: VecDeque<Vec<u8>>,
    /// Lines taken.
    line: u64,
}

impl<R: Read> Text<R> {
    /// Takes the next line, with its end. `afresh` clears what the buffer holds.
    fn next_line(&mut self, buffer: &mut Vec<u8>, afresh: bool) -> Result<bool, ReadError> {
        if afresh {
            buffer.clear();
        }
        if let Some(line) = self.pushed_back.pop_front() {
            buffer.extend_from_slice(&line);
            self.line += 1;
            return Ok(true);
        }
        let n = (&mut self.input).take(LONGEST_LINE + 1).read_until(b'\n', buffer)?;
        if n as u64 > LONGEST_LINE {
            return Err(ReadError::LineTooLong { line: self.line + 1 });
        }
        self.line += u64::from(n > 0);
        Ok(n > 0)
    }

    /// Leaves the row its first line, and gives the others back.
    fn push_back(&mut self, row: &mut Row) {
        let first = memchr(b'\n', &row.raw).map_or(row.raw.len(), |end| end + 1);
        let mut rest = &row.raw[first..];
        let mut lines = Vec::new();
        while !rest.is_empty() {
            let end = memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
            lines.push(rest[..end].to_vec());
            rest = &rest[end..];
        }
        self.line -= lines.len() as u64;
        for line in lines.into_iter().rev() {
            self.pushed_back.push_front(line);
        }
        row.raw.truncate(first);
        row.lines = 1;
    }
}

fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

struct Splitter {
    dialect: Dialect,
    csv: csv_core::Reader,
    ends: Vec<usize>,
}

impl Splitter {
    fn new(dialect: Dialect) -> Self {
        Self { dialect, csv: Self::reader(dialect), ends: vec![0; 64] }
    }

    fn reader(dialect: Dialect) -> csv_core::Reader {
        let mut builder = csv_core::ReaderBuilder::new();
        builder.delimiter(dialect.delimiter).terminator(Terminator::Any(b'\n'));
        if let Some(quote) = dialect.quote {
            builder.quote(quote);
        }
        builder.build()
    }

    /// Splits the row, taking further lines where a quote spans them. `false` if a quote is never closed.
    fn split<R: Read>(&mut self, row: &mut Row, text: &mut Text<R>) -> Result<bool, ReadError> {
        row.open_quote = false;
        match self.dialect.quote {
            Some(quote) if memchr(quote, &row.raw).is_some() => self.split_quoted(row, text),
            _ => {
                self.split_plainly(row);
                Ok(true)
            }
        }
    }

    /// Splits on every delimiter.
    fn split_plainly(&mut self, row: &mut Row) {
        let length = without_end(&row.raw).len();
        row.raw.truncate(length);
        row.cells.clear();
        row.cells_in_raw = true;
        let mut start = 0;
        for end in memchr_iter(self.dialect.delimiter, &row.raw) {
            row.cells.push((start, end));
            start = end + 1;
        }
        row.cells.push((start, length));
    }

    /// Whether every quote that opens a cell is closed just before a delimiter or the end of the row.
    fn is_well_quoted(&self, raw: &[u8]) -> bool {
        let (delimiter, Some(quote)) = (self.dialect.delimiter, self.dialect.quote) else { return true };
        let mut rest = without_end(raw);
        loop {
            if rest.first() == Some(&quote) {
                rest = &rest[1..];
                loop {
                    let Some(end) = memchr(quote, rest) else { return false };
                    rest = &rest[end + 1..];
                    match rest.first() {
                        Some(next) if *next == quote => rest = &rest[1..],
                        Some(next) if *next != delimiter => return false,
                        _ => break,
                    }
                }
            }
            match memchr(delimiter, rest) {
                Some(end) => rest = &rest[end + 1..],
                None => return true,
            }
        }
    }

    fn split_quoted<R: Read>(&mut self, row: &mut Row, text: &mut Text<R>) -> Result<bool, ReadError> {
        let (mut read, mut written, mut ended) = (0, 0, 0);
        row.cells_in_raw = false;
        loop {
            // A last line without an end gets one, for the parser only.
            let lacks_end = !row.raw.ends_with(b"\n");
            if lacks_end {
                row.raw.push(b'\n');
            }
            let complete = loop {
                if row.unescaped.len() <= row.raw.len() {
                    row.unescaped.resize(row.raw.len() + 1, 0);
                }
                let (result, n_in, n_out, n_ends) =
                    self.csv.read_record(&row.raw[read..], &mut row.unescaped[written..], &mut self.ends[ended..]);
                read += n_in;
                written += n_out;
                ended += n_ends;
                match result {
                    ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                    ReadRecordResult::OutputFull => row.unescaped.resize(row.unescaped.len() * 2, 0),
                    ReadRecordResult::Record => break true,
                    ReadRecordResult::InputEmpty | ReadRecordResult::End => break false,
                }
            };
            if lacks_end {
                row.raw.pop();
            }
            if complete {
                break;
            }
            let too_much = row.lines >= MOST_LINES || row.raw.len() > MOST_BYTES;
            if too_much || lacks_end || !text.next_line(&mut row.raw, false)? {
                self.csv = Self::reader(self.dialect);
                return Ok(false);
            }
            row.lines += 1;
        }
        // A stray quote may find another stray quote lines below: rows between them must not vanish into a cell.
        if row.lines > 1 && !self.is_well_quoted(&row.raw) {
            return Ok(false);
        }
        row.cells.clear();
        let mut start = 0;
        for end in &self.ends[..ended] {
            row.cells.push((start, *end));
            start = *end;
        }
        // The carriage return of the row's end counts as part of the last cell for a parser that ends rows at `\n`.
        if (row.raw.ends_with(b"\r\n") || row.raw.ends_with(b"\r"))
            && let Some(last) = row.cells.last_mut()
            && last.1 > last.0
            && row.unescaped[last.1 - 1] == b'\r'
        {
            last.1 -= 1;
        }
        if row.lines == 1 {
            let length = without_end(&row.raw).len();
            row.raw.truncate(length);
        }
        Ok(true)
    }
}
