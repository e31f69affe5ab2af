//! From a cell's bytes to its text, its typed value and its problems.

use crate::mapping::Column;
use crate::problem::{Problem, ProblemSet};
use crate::redaction::is_redaction;
use foldhash::fast::FixedState;
use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime;
use model::ValueType;
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

const EPOCH: Date = Date::constant(1970, 1, 1);
const SECONDS_PER_DAY: i64 = 86_400;

/// The typed value of a cell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Value {
    /// No value.
    #[default]
    Null,
    /// Withheld.
    Redacted,
    /// There is a text, but it cannot be read as the column's type.
    Unreadable,
    /// The trimmed text.
    Text,
    /// Days since 1970-01-01.
    Date(i32),
    /// Local seconds since 1970-01-01, and whether a time of day was given.
    DateTime(i64, bool),
    Boolean(bool),
    /// A whole number, or cents.
    Integer(i64),
}

/// A cell, read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Cell {
    /// The original text.
    pub(crate) text: String,
    trimmed: Range<usize>,
    pub(crate) value: Value,
    pub(crate) problems: ProblemSet,
}

impl Cell {
    /// The original text without blanks around it.
    pub(crate) fn trimmed(&self) -> &str {
        &self.text[self.trimmed.clone()]
    }

    /// Whether there is a value that can be read, or could be if it were well formed.
    pub(crate) fn is_present(&self) -> bool {
        !matches!(self.value, Value::Null | Value::Redacted)
    }

    /// The typed value as text: dates in ISO form, money in dollars. `None` without a value.
    pub(crate) fn value_text(&self, kind: ValueType) -> Option<Cow<'_, str>> {
        Some(match self.value {
            Value::Null | Value::Redacted | Value::Unreadable => return None,
            Value::Text => Cow::Borrowed(self.trimmed()),
            Value::Date(days) => Cow::Owned(date_of(days).to_string()),
            Value::DateTime(seconds, _) => Cow::Owned(datetime_of(seconds).to_string()),
            Value::Boolean(yes) => Cow::Borrowed(if yes { "true" } else { "false" }),
            Value::Integer(n) if kind == ValueType::Money => Cow::Owned(dollars(n)),
            Value::Integer(n) => Cow::Owned(n.to_string()),
        })
    }
}

pub(crate) fn dollars(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.unsigned_abs() / 100, cents.unsigned_abs() % 100)
}

pub(crate) fn date_of(days: i32) -> Date {
    EPOCH.saturating_add(jiff::Span::new().days(days))
}

pub(crate) fn datetime_of(seconds: i64) -> DateTime {
    EPOCH.at(0, 0, 0, 0).saturating_add(jiff::SignedDuration::from_secs(seconds))
}

fn days(date: Date) -> i32 {
    date.since(EPOCH).map_or(0, |span| span.get_days())
}

/// Most distinct texts of one column that are remembered.
const MEMO_ENTRIES: usize = 16_384;
/// Longest text that is remembered, in bytes.
const MEMO_TEXT: usize = 128;

/// Reads the cells of one column. Texts that come again are read once.
#[derive(Debug)]
pub(crate) struct ColumnReader<'m> {
    pub(crate) column: &'m Column,
    null: &'m [String],
    known: HashMap<Box<[u8]>, usize, FixedState>,
    cells: Vec<Cell>,
    once: Cell,
    /// Index into `cells`; the length of `cells` means `once`.
    at: usize,
}

impl<'m> ColumnReader<'m> {
    pub(crate) fn new(column: &'m Column, null: &'m [String]) -> Self {
        Self { column, null, known: HashMap::default(), cells: Vec::new(), once: Cell::default(), at: 0 }
    }

    /// Reads a cell, which then is the present one.
    pub(crate) fn read(&mut self, bytes: &[u8], from_workbook_date: bool) {
        // A workbook's own date is marked, and the same text in a cell of text is not: they must not be confounded.
        if from_workbook_date || bytes.len() > MEMO_TEXT {
            read_cell(bytes, self.column, self.null, from_workbook_date, &mut self.once);
            self.at = self.cells.len();
            return;
        }
        if let Some(at) = self.known.get(bytes) {
            self.at = *at;
            return;
        }
        if self.cells.len() < MEMO_ENTRIES {
            self.at = self.cells.len();
            self.known.insert(bytes.into(), self.at);
            let mut cell = Cell::default();
            read_cell(bytes, self.column, self.null, false, &mut cell);
            self.cells.push(cell);
        } else {
            read_cell(bytes, self.column, self.null, false, &mut self.once);
            self.at = self.cells.len();
        }
    }

    /// The present cell is one that the file does not have.
    pub(crate) fn absent(&mut self) {
        self.once = Cell::default();
        self.at = self.cells.len();
    }

    /// The present cell.
    pub(crate) fn cell(&self) -> &Cell {
        self.cells.get(self.at).unwrap_or(&self.once)
    }
}

/// Whether the bytes can stand in a column: empty, withheld, or readable as its type.
pub(crate) fn fits(bytes: &[u8], column: &Column, null: &[String]) -> bool {
    let mut cell = Cell::default();
    read_cell(bytes, column, null, false, &mut cell);
    cell.value != Value::Unreadable
}

fn read_cell(bytes: &[u8], column: &Column, null: &[String], from_workbook_date: bool, cell: &mut Cell) {
    cell.problems = ProblemSet::default();
    cell.text.clear();
    decode(bytes, &mut cell.text, &mut cell.problems);
    let trimmed = cell.text.trim();
    let start = trimmed.as_ptr() as usize - cell.text.as_ptr() as usize;
    cell.trimmed = start..start + trimmed.len();
    if trimmed.is_empty() || null.iter().chain(&column.null).any(|n| n == trimmed) {
        cell.value = Value::Null;
        return;
    }
    if is_redaction(trimmed) {
        cell.value = Value::Redacted;
        cell.problems.add(Problem::Redacted);
        return;
    }
    let (value, problem) = match column.kind {
        ValueType::Text => (Some(Value::Text), Problem::NotADate),
        ValueType::Date => (date(trimmed, column, from_workbook_date), Problem::NotADate),
        ValueType::DateTime => (datetime(trimmed, column, from_workbook_date), Problem::NotADateTime),
        ValueType::Boolean => (boolean(trimmed, column), Problem::NotABoolean),
        ValueType::Integer => (integer(trimmed).map(Value::Integer), Problem::NotAnInteger),
        ValueType::Money => (money(trimmed).map(Value::Integer), Problem::NotMoney),
    };
    let before = |day: i32| column.earliest.is_some_and(|earliest| day < days(earliest));
    match value {
        Some(Value::Date(day)) if before(day) => cell.problems.add(Problem::SuspectDate),
        Some(Value::DateTime(at, _)) if i32::try_from(at.div_euclid(SECONDS_PER_DAY)).is_ok_and(before) => {
            cell.problems.add(Problem::SuspectDate);
        }
        Some(_) => {}
        None => cell.problems.add(problem),
    }
    cell.value = value.unwrap_or(Value::Unreadable);
}

/// Bytes as text: NUL bytes taken out, and Latin-1 where they are not UTF-8.
pub(crate) fn decode(bytes: &[u8], text: &mut String, problems: &mut ProblemSet) {
    let bytes: Cow<'_, [u8]> = if memchr::memchr(0, bytes).is_some() {
        problems.add(Problem::NulRemoved);
        Cow::Owned(bytes.iter().copied().filter(|b| *b != 0).collect())
    } else {
        Cow::Borrowed(bytes)
    };
    match std::str::from_utf8(&bytes) {
        Ok(valid) => text.push_str(valid),
        Err(_) => {
            problems.add(Problem::Latin1);
            text.extend(bytes.iter().map(|b| char::from(*b)));
        }
    }
}

fn date(text: &str, column: &Column, from_workbook_date: bool) -> Option<Value> {
    if from_workbook_date && let Ok(date) = workbook_datetime(text) {
        return Some(Value::Date(days(date.0.date())));
    }
    let read = |format: &String| strtime::parse(format, text).and_then(|broken| broken.to_date()).ok();
    column.formats.iter().find_map(read).map(|date| Value::Date(days(date)))
}

fn datetime(text: &str, column: &Column, from_workbook_date: bool) -> Option<Value> {
    let value = |(at, has_time): (DateTime, bool)| {
        let time = at.time();
        let of_day = i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second());
        Value::DateTime(i64::from(days(at.date())) * SECONDS_PER_DAY + of_day, has_time)
    };
    if from_workbook_date && let Ok(at) = workbook_datetime(text) {
        return Some(value(at));
    }
    column.formats.iter().find_map(|format| {
        let broken = strtime::parse(format, text).ok()?;
        let date = broken.to_date().ok()?;
        if broken.hour().is_none() {
            return Some(value((date.at(0, 0, 0, 0), false)));
        }
        broken.to_datetime().ok().map(|at| value((at, true)))
    })
}

/// The ISO form in which a workbook's own date is kept, and whether it has a time of day.
fn workbook_datetime(text: &str) -> Result<(DateTime, bool), jiff::Error> {
    Ok((text.parse()?, text.contains(':')))
}

fn boolean(text: &str, column: &Column) -> Option<Value> {
    if column.true_texts.iter().any(|t| t == text) {
        Some(Value::Boolean(true))
    } else if column.false_texts.iter().any(|t| t == text) {
        Some(Value::Boolean(false))
    } else {
        None
    }
}

/// `-12`, `1200` or `1,200`.
fn integer(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let mut groups = digits.split(',');
    let first = groups.next()?;
    let grouped = digits.contains(',');
    if first.is_empty() || (grouped && first.len() > 3) || !first.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let mut value: i64 = 0;
    let mut push = |part: &str| -> Option<()> {
        for digit in part.bytes() {
            value = value.checked_mul(10)?.checked_add(i64::from(digit - b'0'))?;
        }
        Some(())
    };
    push(first)?;
    for group in groups {
        if group.len() != 3 || !group.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        push(group)?;
    }
    Some(if negative { -value } else { value })
}

/// `$1,500.00`, `1500`, `-20.5`: in cents.
fn money(text: &str) -> Option<i64> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let rest = rest.strip_prefix('$').unwrap_or(rest).trim_start();
    let (whole, cents) = rest.split_once('.').unwrap_or((rest, ""));
    let cents = match cents.as_bytes() {
        [] if !rest.ends_with('.') => 0,
        [tenths] if tenths.is_ascii_digit() => i64::from(tenths - b'0') * 10,
        [tenths, hundredths] if tenths.is_ascii_digit() && hundredths.is_ascii_digit() => {
            i64::from(tenths - b'0') * 10 + i64::from(hundredths - b'0')
        }
        _ => return None,
    };
    if whole.starts_with('-') {
        return None;
    }
    let total = integer(whole)?.checked_mul(100)?.checked_add(cents)?;
    Some(if negative { -total } else { total })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: ValueType, text: &str, expected: &str) {
        let mut column = Column::text("x", "x".to_owned());
        column.kind = kind;
        column.formats = vec!["%m/%d/%Y %H:%M".to_owned(), "%m/%d/%Y".to_owned(), "%Y-%m-%d %H:%M:%S%.f".to_owned()];
        column.earliest = Some(Date::constant(1900, 1, 1));
        column.true_texts = vec!["Y".to_owned()];
        column.false_texts = vec!["N".to_owned()];
        let null = ["NA".to_owned()];
        let mut reader = ColumnReader::new(&column, &null);
        for _ in 0..2 {
            reader.read(text.as_bytes(), false);
            let cell = reader.cell();
            assert_eq!(cell.text, text);
            let problems: Vec<_> = cell.problems.iter().map(Problem::name).collect();
            let value = cell.value_text(kind).map_or_else(|| format!("{:?}", cell.value), Cow::into_owned);
            assert_eq!(format!("{value} {}", problems.join(" ")).trim_end(), expected, "{text:?}");
        }
    }

    #[test]
    fn typed_values() {
        use ValueType::{Boolean, Date, DateTime, Integer, Money, Text};
        for (kind, text, expected) in [
            (Text, " a ", "a"),
            (Text, "", "Null"),
            (Text, " NA ", "Null"),
            (Text, "(B)(6);(B)(7)(C) ", "Redacted redacted"),
            (Date, "7/2/2016", "2016-07-02"),
            (Date, "07/02/2016", "2016-07-02"),
            (Date, "7/2/999", "0999-07-02 suspect_date"),
            (Date, "7/2/2016 13:45", "2016-07-02"),
            (Date, "2016-07-02 00:00:00.000", "2016-07-02"),
            (Date, "13/2/2016", "Unreadable not_a_date"),
            (Date, "2/30/2016", "Unreadable not_a_date"),
            (Date, "1/1/1899", "1899-01-01 suspect_date"),
            (Date, "HOU", "Unreadable not_a_date"),
            (Date, "(b)(7)(E )", "Redacted redacted"),
            (DateTime, "7/2/2016 13:45", "2016-07-02T13:45:00"),
            (DateTime, "7/2/2016", "2016-07-02T00:00:00"),
            (DateTime, "7/2/1816 13:45", "1816-07-02T13:45:00 suspect_date"),
            (DateTime, "x", "Unreadable not_a_datetime"),
            (Boolean, "Y", "true"),
            (Boolean, "N ", "false"),
            (Boolean, "y", "Unreadable not_a_boolean"),
            (Integer, "007", "7"),
            (Integer, "-12", "-12"),
            (Integer, "1,234,567", "1234567"),
            (Integer, "1,23", "Unreadable not_an_integer"),
            (Integer, "1O", "Unreadable not_an_integer"),
            (Integer, "99999999999999999999", "Unreadable not_an_integer"),
            (Money, "$1,500.00", "1500.00"),
            (Money, "1500", "1500.00"),
            (Money, "-$20.5", "-20.50"),
            (Money, "20.", "Unreadable not_money"),
            (Money, "20.505", "Unreadable not_money"),
            (Money, "--5", "Unreadable not_money"),
        ] {
            check(kind, text, expected);
        }
    }

    #[test]
    fn bytes_become_text() {
        for (bytes, expected, problems) in [
            (b"caf\xc3\xa9".as_slice(), "café", &[] as &[Problem]),
            (b"caf\xe9", "café", &[Problem::Latin1]),
            (b"\0s\0", "s", &[Problem::NulRemoved]),
            (b"\0\xe9", "é", &[Problem::Latin1, Problem::NulRemoved]),
        ] {
            let (mut text, mut found) = (String::new(), ProblemSet::default());
            decode(bytes, &mut text, &mut found);
            assert_eq!(text, expected);
            assert_eq!(found.iter().collect::<Vec<_>>(), problems);
        }
    }
}
