//! Stata data sets (`.dta`, all releases), row by row. The names of the variables are given as row 1, and the rows
//! count from 2.

use super::guard::guarded;
use super::{Cause, Flow, Lines, ReadError, Row};
use dta::stata::dta::byte_order::ByteOrder;
use dta::stata::dta::dta_error::DtaError;
use dta::stata::dta::dta_reader::DtaReader;
use dta::stata::dta::long_string::LongString;
use dta::stata::dta::long_string_table::LongStringTable;
use dta::stata::dta::record_reader::RecordReader;
use dta::stata::dta::value::Value;
use dta::stata::dta::value_label_table::ValueLabelTable;
use dta::stata::dta::variable::Variable;
use dta::stata::missing_value::MissingValue;
use dta::stata::stata_byte::StataByte;
use dta::stata::stata_double::StataDouble;
use dta::stata::stata_float::StataFloat;
use dta::stata::stata_int::StataInt;
use dta::stata::stata_long::StataLong;
use dta::stata::temporal::TemporalKind;
use jiff::Span;
use jiff::civil::Date;
use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::rc::Rc;

/// First bytes of a data set of Stata 13 or later. Those of earlier releases begin with the number of the release,
/// which is too little to tell them by.
pub(crate) const MAGIC: &[u8] = b"<stata_dta>";

/// Last bytes of such a data set.
const LAST: &[u8] = b"</stata_dta>";

/// Least bytes in which a variable is declared: a type, a name, a format, a label and the name of a set of labels.
const VARIABLE_BYTES: u64 = 40;
/// Day 0 of Stata.
const EPOCH: Date = Date::constant(1960, 1, 1);
const SECONDS_PER_DAY: i64 = 86_400;

fn broken(cause: Cause) -> ReadError {
    ReadError::Broken { what: "Stata file", cause }
}

/// Visits the rows of a data set.
///
/// A value that has a label is given as its label, as Stata shows it. Dates (`%td`) and times (`%tc`) are given in ISO
/// form and flagged as dates; weeks, months, quarters and halves of a year as Stata writes them (`1960m1`); times that
/// count leap seconds (`%tC`) as their number. A missing value is an empty cell, a missing value with a letter `.a` to
/// `.z`.
///
/// # Errors
///
/// If the file cannot be read or is damaged, or the visitor fails.
pub(crate) fn visit<E: From<ReadError>>(path: &Path, visitor: impl FnMut(&Row) -> Result<Flow, E>) -> Result<Lines, E> {
    let file = File::open(path).map_err(ReadError::Io)?;
    visit_in(BufReader::with_capacity(256 * 1024, file), visitor)
}

pub(crate) fn visit_in<E: From<ReadError>>(
    file: impl Read + Seek,
    mut visitor: impl FnMut(&Row) -> Result<Flow, E>,
) -> Result<Lines, E> {
    let (mut records, texts) = guarded(broken, || open(file))?;
    let schema = records.schema().clone();
    let kinds: Vec<Option<TemporalKind>> =
        schema.variables().iter().map(|v| TemporalKind::from_format(v.format())).collect();
    let mut row = Row::default();
    row.set_names(schema.variables().iter().map(Variable::name));
    let mut lines = Lines { physical: 1, blank: 0, of_rows: 1 };
    lines.physical = lines.physical.saturating_add(records.header().observation_count());
    if visitor(&row)? == Flow::Stop {
        return Ok(lines);
    }
    loop {
        row.clear();
        row.number += 1;
        let more = guarded(broken, || {
            let Some(record) = records.read_record()? else { return Ok(false) };
            for ((variable, kind), value) in schema.variables().iter().zip(&kinds).zip(record.values()) {
                row.push(|text| texts.write(variable, *kind, value, text));
            }
            Ok::<bool, DtaError>(true)
        })?;
        if !more {
            break;
        }
        lines.of_rows += 1;
        if visitor(&row)? == Flow::Stop {
            return Ok(lines);
        }
    }
    Ok(lines)
}

/// Texts that stand apart from the rows.
struct Texts {
    labels: ValueLabelTable,
    long: LongStringTable,
    /// Reads a long text in the encoding of the file.
    decode: Box<Decode>,
}

type Decode = dyn Fn(&LongString<'_>) -> Option<String>;

/// Refuses lengths beyond the end of the file, for the crate makes room for as many bytes as a length says before it
/// reads them. Outside the rows four bytes at once are lengths, or counts of what takes at least as many bytes.
struct Checked<R> {
    inner: R,
    bytes: u64,
    /// How a length is read; `None` where four bytes may be anything.
    length: Rc<Cell<Option<ReadLength>>>,
}

type ReadLength = fn([u8; 4]) -> u32;

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer)
    }

    fn read_exact(&mut self, buffer: &mut [u8]) -> io::Result<()> {
        self.inner.read_exact(buffer)?;
        if let (Ok(four), Some(length)) = (<[u8; 4]>::try_from(&*buffer), self.length.get())
            && u64::from(length(four)) > self.bytes
            && !four.starts_with(b"</")
        {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a length goes beyond the end of the file"));
        }
        Ok(())
    }
}

impl<R: Seek> Seek for Checked<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

/// Reads what stands before and after the rows, and goes to the rows.
fn open<R: Read + Seek>(mut file: R) -> Result<(RecordReader<Checked<R>>, Texts), Cause> {
    let bytes = file.seek(SeekFrom::End(0))?;
    let mut first = Vec::new();
    file.rewind()?;
    (&mut file).take(MAGIC.len() as u64).read_to_end(&mut first)?;
    if first == MAGIC {
        // The crate takes a file that ends within the labels for one that has no more of them.
        let mut last = Vec::new();
        file.seek(SeekFrom::Start(bytes - (LAST.len() as u64).min(bytes)))?;
        (&mut file).take(LAST.len() as u64).read_to_end(&mut last)?;
        if last != LAST {
            return Err("it is cut off".into());
        }
    }
    file.rewind()?;
    let length = Rc::new(Cell::new(None));
    let file = Checked { inner: file, bytes, length: Rc::clone(&length) };
    let schema = DtaReader::new().from_reader(file).read_header()?;
    let header = schema.header();
    length.set(Some(match header.byte_order() {
        ByteOrder::LittleEndian => u32::from_le_bytes as ReadLength,
        ByteOrder::BigEndian => u32::from_be_bytes,
    }));
    // Room is made for as many variables as are declared.
    if header.variable_count() == 0 || u64::from(header.variable_count()) > bytes / VARIABLE_BYTES {
        return Err(format!("it declares {} variables", header.variable_count()).into());
    }
    let mut long = LongStringTable::for_reading();
    let mut labels = ValueLabelTable::new();
    let mut texts = schema.read_schema()?.seek_long_strings()?;
    let encoding = texts.encoding();
    texts.read_remaining_into(&mut long)?;
    let mut sets = texts.into_value_label_reader()?;
    sets.read_remaining_into(&mut labels)?;
    let decode = move |long: &LongString<'_>| long.data_str(encoding).map(|text| text.into_owned());
    length.set(None);
    Ok((sets.seek_records()?, Texts { labels, long, decode: Box::new(decode) }))
}

/// A number of a data set.
enum Number {
    Whole(i32),
    Float(f32),
    Double(f64),
    Missing(MissingValue),
}

impl Texts {
    /// Writes a value as a person would. Whether it is a date.
    fn write(&self, variable: &Variable, kind: Option<TemporalKind>, value: &Value<'_>, text: &mut Vec<u8>) -> bool {
        let number = match value {
            Value::String(value) => {
                text.extend_from_slice(value.as_bytes());
                return false;
            }
            Value::LongStringRef(reference) => {
                self.write_long(self.long.get(reference), text);
                return false;
            }
            Value::Byte(StataByte::Present(n)) => Number::Whole(i32::from(*n)),
            Value::Int(StataInt::Present(n)) => Number::Whole(i32::from(*n)),
            Value::Long(StataLong::Present(n)) => Number::Whole(*n),
            Value::Float(StataFloat::Present(n)) => Number::Float(*n),
            Value::Double(StataDouble::Present(n)) => Number::Double(*n),
            Value::Byte(StataByte::Missing(m))
            | Value::Int(StataInt::Missing(m))
            | Value::Long(StataLong::Missing(m))
            | Value::Float(StataFloat::Missing(m))
            | Value::Double(StataDouble::Missing(m)) => Number::Missing(*m),
        };
        // Writing to memory cannot fail.
        let size = match number {
            Number::Missing(MissingValue::System) => return false,
            Number::Missing(missing) => {
                let _ = write!(text, "{missing}");
                return false;
            }
            Number::Whole(n) => f64::from(n),
            Number::Float(n) => f64::from(n),
            Number::Double(n) => n,
        };
        let whole = Some(size).filter(|n| n.fract() == 0.0 && n.abs() < 9e15);
        if let Some(label) = whole.and_then(|n| self.label(variable, n)) {
            text.extend_from_slice(label.as_bytes());
            return false;
        }
        if let Some(is_date) = kind.zip(whole).and_then(|(kind, n)| write_moment(kind, n as i64, text)) {
            return is_date;
        }
        let _ = match number {
            Number::Whole(n) => write!(text, "{n}"),
            Number::Float(n) => write!(text, "{n}"),
            Number::Double(n) => write!(text, "{n}"),
            Number::Missing(_) => Ok(()),
        };
        false
    }

    fn label(&self, variable: &Variable, number: f64) -> Option<&str> {
        let in_range = (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&number);
        in_range.then(|| self.labels.label_for(variable, number as i32)).flatten()
    }

    fn write_long(&self, long: Option<LongString<'_>>, text: &mut Vec<u8>) {
        let Some(long) = long else { return };
        match (self.decode)(&long) {
            Some(value) => text.extend_from_slice(value.as_bytes()),
            None => text.extend_from_slice(long.data()),
        }
    }
}

/// Writes a moment or period. Whether it is a date; `None`, with nothing written, if it has no such form.
fn write_moment(kind: TemporalKind, number: i64, text: &mut Vec<u8>) -> Option<bool> {
    let date = |days: i64| EPOCH.checked_add(Span::new().try_days(days).ok()?).ok();
    let mut period = |letter: char, per_year: i64| {
        let (year, part) = (1960 + number.div_euclid(per_year), number.rem_euclid(per_year) + 1);
        let _ = write!(text, "{year}{letter}{part}");
        Some(false)
    };
    match kind {
        TemporalKind::Week => return period('w', 52),
        TemporalKind::Month => return period('m', 12),
        TemporalKind::Quarter => return period('q', 4),
        TemporalKind::HalfYear => return period('h', 2),
        TemporalKind::Date => {
            let _ = write!(text, "{}", date(number)?);
        }
        TemporalKind::DateTime => {
            let (seconds, millis) = (number.div_euclid(1000), number.rem_euclid(1000));
            let of_day = seconds.rem_euclid(SECONDS_PER_DAY);
            let _ = write!(text, "{}", date(seconds.div_euclid(SECONDS_PER_DAY))?);
            let _ = write!(text, " {:02}:{:02}:{:02}", of_day / 3600, of_day / 60 % 60, of_day % 60);
            if millis > 0 {
                let _ = write!(text, ".{millis:03}");
            }
        }
        _ => return None,
    }
    Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{samples, text};
    use dta::stata::dta::release::Release;
    use std::io::Cursor;

    #[test]
    fn values_as_stata_shows_them() {
        for release in [Release::V105, Release::V110, Release::V114, Release::V117, Release::V118, Release::V119] {
            let (long, tagged) = (release >= Release::V117, release >= Release::V113);
            let (sex, missing) =
                (if release >= Release::V108 { "female" } else { "2" }, if tagged { ".c" } else { "" });
            let mut rows = Vec::new();
            let lines = visit_in(Cursor::new(samples::dta(release)), |row| -> Result<Flow, ReadError> {
                let date = |i| if row.is_date(i) { "*" } else { "" };
                let cells = (0..6).map(|i| format!("{}{}", text(row.cell(i)), date(i)));
                rows.push(format!("{}: {}", row.number, cells.collect::<Vec<_>>().join("|")));
                if long {
                    let note = ["note".to_owned(), "Dallas".repeat(50), String::new(), "El Paso".repeat(50)];
                    assert_eq!(text(row.cell(6)), note[rows.len() - 1]);
                }
                Ok(Flow::Next)
            });
            let expected = [
                "1: sex|left|at|month|fee|city",
                &format!("2: {sex}|2016-07-02*|2016-07-02 13:45:00*|1959m12|20.5|Dallas"),
                &format!("3: {missing}|1959-12-31*|1959-12-31 23:59:59.999*|2016m7||"),
                "4: 3|1960-01-01*|1960-01-01 00:00:00*|0.5|10000000000000000000000|El Paso",
            ];
            assert_eq!(rows, expected, "{release:?}");
            assert_eq!(lines.unwrap(), Lines { physical: 4, blank: 0, of_rows: 4 });
        }
    }

    #[test]
    fn a_visitor_may_stop() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), samples::dta(Release::V118)).unwrap();
        for stop in 1..=4 {
            let lines = visit(file.path(), |row| {
                Ok::<Flow, ReadError>(if row.number < stop { Flow::Next } else { Flow::Stop })
            });
            assert_eq!(lines.unwrap().of_rows, stop);
        }
    }

    #[test]
    fn a_cut_file_is_told() {
        for release in [Release::V114, Release::V118] {
            let whole = samples::dta(release);
            assert_eq!(whole.starts_with(MAGIC), release >= Release::V117);
            // Before release 117 labels may be left out, and the end of the rows is as good an end.
            let as_good = whole.len() - 76..whole.len() - 72;
            for cut in (0..whole.len()).filter(|cut| release >= Release::V117 || !as_good.contains(cut)) {
                let read = visit_in(Cursor::new(&whole[..cut]), |_| Ok::<Flow, ReadError>(Flow::Next));
                assert!(read.is_err(), "{release:?} cut at {cut}");
            }
        }
    }
}
