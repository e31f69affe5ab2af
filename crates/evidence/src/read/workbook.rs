//! Workbooks, `.xlsx` and the old `.xls`, row by row. Dates come as ISO text, numbers as a person would write them. Of
//! merged cells the first holds the value and the others are empty.

use super::guard::guarded;
use super::old_workbook;
use super::{Cause, Flow, Lines, ReadError, Row};
use calamine::{Data, DataRef, ExcelDateTime, Reader, Xls, Xlsx};
use jiff::civil::DateTime;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, Write};
use std::path::Path;
use zip::ZipArchive;

/// First bytes of an old workbook, and of every other compound file of Microsoft's.
pub(crate) const OLD: &[u8] = b"\xd0\xcf\x11\xe0";

/// Bytes to which a workbook may unpack. Its shared texts are held in memory.
const MOST_BYTES: u64 = 2 * 1024 * 1024 * 1024;
/// No byte of a deflate stream stands for more bytes than this.
const DEFLATE_RATIO: u64 = 1032;
/// Bytes of the shared texts in which their count stands.
const HEAD_BYTES: u64 = 64 * 1024;
/// Least bytes of a shared text.
const SHARED_TEXT_BYTES: u64 = 8;
const MOST_ROWS: u32 = 1_048_576;
const MOST_COLUMNS: u32 = 16_384;
/// Excel's number for the day after the last that it can show, 9999-12-31.
const LAST_DAY: f64 = 2_958_466.0;

enum Workbook<R: Read + Seek> {
    New(Box<Xlsx<R>>),
    Old(Box<Xls<Cursor<Vec<u8>>>>),
}

pub(super) fn broken(cause: Cause) -> ReadError {
    ReadError::Workbook(cause)
}

/// Which kind it is, is told by its first bytes and not by its name.
fn open<R: Read + Seek>(mut file: R) -> Result<Workbook<R>, ReadError> {
    let mut first = Vec::new();
    (&mut file).take(OLD.len() as u64).read_to_end(&mut first)?;
    file.rewind()?;
    if first == OLD {
        let prepared = old_workbook::prepare(file)?;
        return guarded(broken, || Xls::new(Cursor::new(prepared))).map(|book| Workbook::Old(Box::new(book)));
    }
    check_size(&mut file)?;
    file.rewind()?;
    guarded(broken, || Xlsx::new(file)).map(|book| Workbook::New(Box::new(book)))
}

/// Refuses what calamine would unpack without end, or make room for without looking.
///
/// The sizes that an archive declares may be wrong, so parts are unpacked and counted; but only where the packed bytes
/// can stand for more than the limit, which those of a small workbook cannot.
fn check_size(file: &mut (impl Read + Seek)) -> Result<(), ReadError> {
    // What is no archive calamine refuses in its own words.
    let Ok(mut archive) = guarded(broken, || ZipArchive::new(BufReader::new(file))) else { return Ok(()) };
    let mut packed: u64 = 0;
    for index in 0..archive.len() {
        // A part that cannot be opened may be one that is not needed.
        let Ok(mut part) = archive.by_index(index) else { continue };
        packed = packed.saturating_add(part.compressed_size());
        let is_shared_texts = part.name().is_ok_and(|name| name.to_lowercase().ends_with("sharedstrings.xml"));
        if is_shared_texts {
            let most = part.size().min(part.compressed_size().saturating_mul(DEFLATE_RATIO)) / SHARED_TEXT_BYTES;
            let mut head = Vec::new();
            let _ = (&mut part).take(HEAD_BYTES).read_to_end(&mut head);
            if declared_texts(&head).is_some_and(|declared| declared > most) {
                return Err(broken("it declares more texts than it can hold".into()));
            }
        }
    }
    if packed.saturating_mul(DEFLATE_RATIO) <= MOST_BYTES {
        return Ok(());
    }
    let mut left = MOST_BYTES;
    for index in 0..archive.len() {
        let Ok(part) = archive.by_index(index) else { continue };
        // A part that cannot be unpacked to its end is found out when it is read.
        let mut counted = CountedSink(0);
        let _ = io::copy(&mut part.take(left + 1), &mut counted);
        left = left.checked_sub(counted.0).ok_or_else(|| broken("it unpacks to more than 2 GiB".into()))?;
    }
    Ok(())
}

/// Counts what is written to it.
struct CountedSink(u64);

impl Write for CountedSink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// How many texts the head of the shared texts declares. Beyond what a number holds, the greatest.
fn declared_texts(head: &[u8]) -> Option<u64> {
    const NAME: &[u8] = b"uniqueCount";
    let after = memchr::memmem::find(head, NAME)? + NAME.len();
    let digits = head[after..].iter().skip_while(|b| !b.is_ascii_digit()).take_while(|b| b.is_ascii_digit());
    Some(digits.fold(0, |n: u64, digit| n.saturating_mul(10).saturating_add(u64::from(digit - b'0'))))
}

/// Names of the sheets, in their order.
///
/// # Errors
///
/// If the file cannot be read or is no workbook.
pub(crate) fn sheets(path: &Path) -> Result<Vec<String>, ReadError> {
    sheets_in(BufReader::new(File::open(path)?))
}

pub(crate) fn sheets_in(file: impl Read + Seek) -> Result<Vec<String>, ReadError> {
    Ok(match open(file)? {
        Workbook::New(book) => book.sheet_names(),
        Workbook::Old(book) => book.sheet_names(),
    })
}

/// Visits the rows of a sheet. Empty rows are counted and not visited.
///
/// # Errors
///
/// If the workbook cannot be read or the visitor fails.
pub(crate) fn visit<E: From<ReadError>>(
    path: &Path,
    sheet: &str,
    visitor: impl FnMut(&Row) -> Result<Flow, E>,
) -> Result<Lines, E> {
    let file = File::open(path).map_err(ReadError::Io)?;
    visit_in(BufReader::new(file), sheet, visitor)
}

pub(crate) fn visit_in<E: From<ReadError>>(
    file: impl Read + Seek,
    sheet: &str,
    visitor: impl FnMut(&Row) -> Result<Flow, E>,
) -> Result<Lines, E> {
    match open(file)? {
        Workbook::New(book) => visit_new(*book, sheet, visitor),
        Workbook::Old(book) => visit_old(*book, sheet, visitor),
    }
}

/// Reads a sheet as a stream of cells. What the sheet declares as its size is not looked at.
fn visit_new<E: From<ReadError>>(
    mut book: Xlsx<impl Read + Seek>,
    sheet: &str,
    mut visitor: impl FnMut(&Row) -> Result<Flow, E>,
) -> Result<Lines, E> {
    let mut cells = guarded(broken, || book.worksheet_cells_reader(sheet))?;
    let mut row = Row { lines: 1, ..Row::default() };
    let mut lines = Lines::default();
    while let Some(cell) = guarded(broken, || cells.next_cell())? {
        let (index, column) = cell.get_position();
        if index >= MOST_ROWS || column >= MOST_COLUMNS {
            let why = format!("it has a cell in row {}, column {}, beyond any sheet", u64::from(index) + 1, column);
            return Err(broken(why.into()).into());
        }
        let number = u64::from(index) + 1;
        if number != row.number {
            if finish(&mut row, &mut lines, &mut visitor)? == Flow::Stop {
                return Ok(lines);
            }
            if number <= row.number {
                return Err(broken(format!("row {number} comes after row {}", row.number).into()).into());
            }
            row.number = number;
        }
        set(&mut row, column as usize, cell.get_value());
    }
    finish(&mut row, &mut lines, &mut visitor)?;
    Ok(lines)
}

/// An old workbook is held in memory as a whole; `old_workbook` saw to it that it is not too large.
fn visit_old<E: From<ReadError>>(
    mut book: Xls<Cursor<Vec<u8>>>,
    sheet: &str,
    mut visitor: impl FnMut(&Row) -> Result<Flow, E>,
) -> Result<Lines, E> {
    let range = guarded(broken, || book.worksheet_range(sheet))?;
    drop(book);
    let mut row = Row { lines: 1, ..Row::default() };
    let mut lines = Lines::default();
    let Some((first_row, first_column)) = range.start() else { return Ok(lines) };
    for (number, values) in (u64::from(first_row) + 1..).zip(range.rows()) {
        row.number = number;
        for (column, value) in (first_column as usize..).zip(values) {
            let value = match value {
                Data::Empty => continue,
                Data::String(text) => DataRef::SharedString(text),
                Data::Int(n) => DataRef::Int(*n),
                Data::Float(f) => DataRef::Float(*f),
                Data::Bool(b) => DataRef::Bool(*b),
                Data::DateTime(at) => DataRef::DateTime(*at),
                Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
                Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
                Data::Error(error) => DataRef::Error(error.clone()),
            };
            set(&mut row, column, &value);
        }
        if finish(&mut row, &mut lines, &mut visitor)? == Flow::Stop {
            return Ok(lines);
        }
    }
    Ok(lines)
}

/// Puts a cell into the row. Cells that are left out before it are empty; of two in one place the later one stands.
fn set(row: &mut Row, column: usize, value: &DataRef<'_>) {
    if matches!(value, DataRef::Empty) {
        return;
    }
    while row.cells.len() <= column {
        row.push(|_| false);
    }
    let start = row.unescaped.len();
    row.dates[column] = write_cell(value, &mut row.unescaped);
    row.cells[column] = (start, row.unescaped.len());
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
    row.clear();
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
            return s.parse::<DateTime>().is_ok();
        }
        DataRef::DateTime(at) => return write_date(at, text),
    };
    false
}

fn write_date(at: &ExcelDateTime, text: &mut Vec<u8>) -> bool {
    let days = at.as_f64();
    if at.is_datetime() && !(0.0..LAST_DAY).contains(&days) {
        // No such day: Excel shows it as `####`.
        let _ = write!(text, "{days}");
        return false;
    }
    let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
    let is_date = at.is_datetime() && days >= 1.0;
    let _ = if !at.is_datetime() {
        let seconds = (days * 86_400.0).round();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{samples, text};
    use rust_xlsxwriter::Workbook as NewWorkbook;

    /// The rows of a sheet, dates starred.
    fn rows(bytes: &[u8], sheet: &str) -> Result<(Vec<String>, Lines), ReadError> {
        let mut rows = Vec::new();
        let lines = visit_in(Cursor::new(bytes), sheet, |row| -> Result<Flow, ReadError> {
            let date = |i| if row.is_date(i) { "*" } else { "" };
            let cells = row.texts().into_iter().enumerate().filter(|(_, c)| !c.is_empty());
            let cells: Vec<_> = cells.map(|(i, c)| format!("{i}={c}{}", date(i))).collect();
            rows.push(format!("{}: {}", row.number, cells.join(" ")));
            Ok(Flow::Next)
        })?;
        Ok((rows, lines))
    }

    #[track_caller]
    fn refused(bytes: &[u8]) -> String {
        match rows(bytes, "People") {
            Err(ReadError::Workbook(cause)) => cause.to_string(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_new_workbook() {
        let bytes = samples::xlsx();
        assert_eq!(sheets_in(Cursor::new(&bytes)).unwrap(), ["People", "Notes"]);
        let (rows, lines) = rows(&bytes, "People").unwrap();
        assert_eq!(
            rows,
            [
                "1: 0=Name 1=Left 2=Fee 3=Far",
                "3: 0=Ana 1=2016-07-02* 2=20.5",
                "4: 0=Ben 1=2016-07-02 13:45:00* 2=3 16382=x",
                "6: 0=merged 2=TRUE",
            ]
        );
        assert_eq!(lines, Lines { physical: 6, blank: 2, of_rows: 4 });
        assert_eq!(refused(&samples::zip(&[])), "File not found '_rels/.rels'");
    }

    #[test]
    fn an_old_workbook() {
        let bytes = samples::xls(&samples::xls_records(&samples::xls_number(5, 255)));
        assert_eq!(sheets_in(Cursor::new(&bytes)).unwrap(), ["People"]);
        let (rows, lines) = rows(&bytes, "People").unwrap();
        assert_eq!(
            rows,
            [
                "1: 0=Name 1=Left 2=Fee",
                "2: 0=Ana 1=2016-07-02* 2=20.5",
                "3: 0=Ben 1=2016-07-02 13:45:00* 2=7.25",
                "6: 255=1",
            ]
        );
        assert_eq!(lines, Lines { physical: 6, blank: 2, of_rows: 4 });
    }

    #[test]
    fn what_would_take_all_memory_is_refused() {
        // calamine would make room for 65,536 times 65,536 cells, and end the process.
        let far = [samples::xls_number(0, 0), samples::xls_number(65_535, 65_535)].concat();
        assert_eq!(refused(&samples::xls(&samples::xls_records(&far))), "a cell lies beyond the last column");
        let twice = [samples::xls_records(&[]), samples::xls_number(65_535, 255)].concat();
        assert!(rows(&samples::xls(&twice), "People").is_ok(), "what follows the end of the sheet does not count");
        let cut = samples::xls_records(&[]);
        assert_eq!(refused(&samples::xls(&cut[..cut.len() - 2])), "a record is cut off");
        let mut nowhere = samples::xls_records(&[]);
        let at = memchr::memmem::find(&nowhere, &[0x85, 0]).unwrap() + 4;
        nowhere[at..at + 4].fill(0xff);
        assert_eq!(refused(&samples::xls(&nowhere)), "a sheet begins nowhere");
        let holding = |stream: &str| {
            let mut compound = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
            compound.create_stream(stream).unwrap();
            compound.flush().unwrap();
            compound.into_inner().into_inner()
        };
        assert_eq!(refused(&holding("/Other")), "it holds no workbook");
        assert_eq!(refused(&holding("/EncryptedPackage")), "it is protected with a password");
    }

    /// A workbook whose part of that name is replaced.
    fn with_part(name: &str, change: impl Fn(&str) -> String) -> Vec<u8> {
        let mut workbook = NewWorkbook::new();
        workbook.add_worksheet().set_name("People").unwrap().write(0, 0, "Name").unwrap();
        let mut archive = ZipArchive::new(Cursor::new(workbook.save_to_buffer().unwrap())).unwrap();
        let mut changed = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for index in 0..archive.len() {
            let mut part = archive.by_index(index).unwrap();
            let mut xml = String::new();
            part.read_to_string(&mut xml).unwrap();
            let part_name = part.name().unwrap().into_owned();
            let xml = if part_name == name { change(&xml) } else { xml };
            changed.start_file(part_name, zip::write::SimpleFileOptions::default()).unwrap();
            changed.write_all(xml.as_bytes()).unwrap();
        }
        changed.finish().unwrap().into_inner()
    }

    #[test]
    fn a_declared_size_costs_nothing_and_a_wrong_one_is_refused() {
        const SHEET: &str = "xl/worksheets/sheet1.xml";
        let wide = with_part(SHEET, |xml| xml.replace("ref=\"A1\"", "ref=\"A1:XFD1048576\""));
        assert_eq!(rows(&wide, "People").unwrap().0, ["1: 0=Name"]);
        let many =
            with_part("xl/sharedStrings.xml", |xml| xml.replace("uniqueCount=\"1\"", "uniqueCount=\"99999999999\""));
        assert_eq!(refused(&many), "it declares more texts than it can hold");
        let beyond = with_part(SHEET, |xml| xml.replace("r=\"A1\"", "r=\"XFE1\""));
        assert!(refused(&beyond).contains("beyond any sheet"), "{}", refused(&beyond));
        let back = with_part(SHEET, |xml| xml.replace("</row>", "</row><row r=\"1\"><c r=\"A1\"><v>1</v></c></row>"));
        assert!(rows(&back, "People").is_ok(), "a row may come in pieces");
        let cell = "</row><row r=\"3\"><c r=\"A3\"><v>1</v></c></row><row r=\"2\"><c r=\"A2\"><v>1</v></c></row>";
        let back = with_part(SHEET, |xml| xml.replace("</row>", cell));
        assert_eq!(refused(&back), "row 2 comes after row 3");
        let panics = with_part(SHEET, |xml| xml.replace("r=\"A1\"", "r=\"AAAAAAAAAA1\""));
        assert!(refused(&panics).contains("the parser gave up"), "{}", refused(&panics));
    }

    #[test]
    fn a_bomb_is_refused() {
        // 2 GiB and a little of one byte pack to 2 MB.
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default().compression_level(Some(1));
        writer.start_file("xl/workbook.xml", options).unwrap();
        let block = vec![b' '; 1 << 20];
        for _ in 0..2049 {
            writer.write_all(&block).unwrap();
        }
        let bomb = writer.finish().unwrap().into_inner();
        assert_eq!(refused(&bomb), "it unpacks to more than 2 GiB");
    }

    #[test]
    fn dates_beyond_the_calendar_are_numbers() {
        for (days, expected) in
            [(-1.0, "-1"), (0.5, "12:00:00"), (1.0, "1900-01-01*"), (LAST_DAY, "2958466"), (1e300, "1e300")]
        {
            let mut bytes = Vec::new();
            let at = ExcelDateTime::new(days, calamine::ExcelDateTimeType::DateTime, false);
            let star = if write_date(&at, &mut bytes) { "*" } else { "" };
            let shown = format!("{}{star}", text(&bytes));
            assert!(shown == expected || expected == "1e300" && shown.len() == 301, "{shown}");
        }
    }
}
