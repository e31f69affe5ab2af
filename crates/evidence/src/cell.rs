//! From a cell's bytes to its text, its typed value and its problems.

use crate::mapping::{Column, Crosswalk};
use crate::plain::{PlainForm, Swift};
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
pub(crate) const SECONDS_PER_DAY: i64 = 86_400;

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
    /// The text is nothing but the plain writing of the value: see [`crate::plain`].
    pub(crate) plain: bool,
    pub(crate) problems: ProblemSet,
    /// The cell was joined from several, which this delimiter had torn apart.
    pub(crate) joined_by: Option<u8>,
}

impl Cell {
    /// The original text without blanks around it.
    pub(crate) fn trimmed(&self) -> &str {
        &self.text[self.trimmed.clone()]
    }

    /// The text value: the trimmed text. In a cell that was joined, a stray delimiter stands for a blank.
    pub(crate) fn text_value(&self) -> Cow<'_, str> {
        let text = self.trimmed();
        match self.joined_by {
            None => Cow::Borrowed(text),
            Some(delimiter) => {
                let parts = text.split(char::from(delimiter)).map(str::trim).filter(|part| !part.is_empty());
                Cow::Owned(parts.collect::<Vec<_>>().join(" "))
            }
        }
    }

    /// Whether there is a value that can be read, or could be if it were well formed.
    pub(crate) fn is_present(&self) -> bool {
        !matches!(self.value, Value::Null | Value::Redacted)
    }

    /// The typed value as text: dates in ISO form, money in dollars. `None` without a value.
    pub(crate) fn value_text(&self, kind: ValueType) -> Option<Cow<'_, str>> {
        Some(match self.value {
            Value::Null | Value::Redacted | Value::Unreadable => return None,
            Value::Text => self.text_value(),
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

pub(crate) fn days(date: Date) -> i32 {
    date.since(EPOCH).map_or(0, |span| span.get_days())
}

/// Most distinct texts of one column that are remembered.
const MEMO_ENTRIES: usize = 16_384;
/// Longest text that is remembered, in bytes.
const MEMO_TEXT: usize = 64;

/// Reads the cells of one column.
#[derive(Debug)]
pub(crate) struct ColumnReader<'m> {
    pub(crate) column: &'m Column,
    null: &'m [String],
    plain: PlainForm,
    swift: Vec<Swift>,
    /// First bytes with which a null text or a redaction may begin.
    suspect: [bool; 256],
    /// Dates that only a slow parser reads; texts that come again are read once.
    known: HashMap<Box<[u8]>, (Value, bool), FixedState>,
    cell: Cell,
}

impl<'m> ColumnReader<'m> {
    pub(crate) fn new(column: &'m Column, null: &'m [String]) -> Self {
        let mut suspect = [false; 256];
        for first in null.iter().chain(&column.null).filter_map(|text| text.bytes().next()) {
            suspect[usize::from(first)] = true;
        }
        for first in crate::redaction::FIRST_BYTES {
            suspect[usize::from(*first)] = true;
        }
        Self {
            column,
            null,
            plain: PlainForm::of(column),
            swift: column.formats.iter().map(|f| Swift::of(f)).collect(),
            suspect,
            known: HashMap::default(),
            cell: Cell::default(),
        }
    }

    /// The present cell.
    pub(crate) fn cell(&self) -> &Cell {
        &self.cell
    }

    /// The present cell is one that the file does not have.
    pub(crate) fn absent(&mut self) {
        self.clear();
        self.cell.plain = true;
    }

    /// A repair touched the present cell; the delimiter had torn it apart if there is one.
    pub(crate) fn mended(&mut self, problem: Problem, delimiter: Option<u8>) {
        self.cell.problems.add(problem);
        self.cell.joined_by = delimiter;
        self.cell.plain &= delimiter.is_none();
    }

    /// The present cell is one that was read before, with its value as it was stored.
    pub(crate) fn restore(&mut self, text: &str, value: Option<Value>) {
        self.clear();
        self.cell.text.push_str(text);
        let trimmed = self.trim();
        let trimmed = &self.cell.text[trimmed];
        self.cell.value = match value {
            Some(value) => value,
            None if trimmed.is_empty() || self.is_null(trimmed) => Value::Null,
            None if is_redaction(trimmed) => Value::Redacted,
            None => Value::Unreadable,
        };
    }

    fn clear(&mut self) {
        self.cell.text.clear();
        self.cell.trimmed = 0..0;
        self.cell.value = Value::Null;
        self.cell.plain = false;
        self.cell.problems = ProblemSet::default();
        self.cell.joined_by = None;
    }

    fn trim(&mut self) -> Range<usize> {
        let text = self.cell.text.as_str();
        // Most cells begin and end with a letter or a digit.
        let ends = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
        if ends(text.as_bytes().first()) && ends(text.as_bytes().last()) {
            self.cell.trimmed = 0..text.len();
            return 0..text.len();
        }
        let trimmed = text.trim();
        let start = trimmed.as_ptr() as usize - text.as_ptr() as usize;
        self.cell.trimmed = start..start + trimmed.len();
        self.cell.trimmed.clone()
    }

    fn is_null(&self, trimmed: &str) -> bool {
        self.null.iter().chain(&self.column.null).any(|n| n == trimmed)
    }

    /// Reads a cell, which then is the present one.
    pub(crate) fn read(&mut self, bytes: &[u8], from_workbook_date: bool) {
        self.clear();
        if bytes.is_empty() {
            self.cell.plain = true;
            return;
        }
        decode(bytes, &mut self.cell.text, &mut self.cell.problems);
        let trimmed = self.trim();
        let Some(first) = self.cell.text.as_bytes()[trimmed.clone()].first() else { return };
        if self.suspect[usize::from(*first)] {
            let trimmed = &self.cell.text[trimmed.clone()];
            if self.is_null(trimmed) {
                return;
            }
            if is_redaction(trimmed) {
                self.cell.value = Value::Redacted;
                self.cell.problems.add(Problem::Redacted);
                return;
            }
        }
        let whole = trimmed.len() == self.cell.text.len();
        if self.column.kind == ValueType::Text {
            self.cell.value = Value::Text;
            self.cell.plain = whole && self.cell.problems.is_empty();
            return;
        }
        let (value, plain) = self.value(trimmed, from_workbook_date);
        let problem = match self.column.kind {
            ValueType::Date | ValueType::Text => Problem::NotADate,
            ValueType::DateTime => Problem::NotADateTime,
            ValueType::Boolean => Problem::NotABoolean,
            ValueType::Integer => Problem::NotAnInteger,
            ValueType::Money => Problem::NotMoney,
        };
        let before = |day: i32| self.column.earliest.is_some_and(|earliest| day < days(earliest));
        match value {
            Value::Unreadable => self.cell.problems.add(problem),
            Value::Date(day) if before(day) => self.cell.problems.add(Problem::SuspectDate),
            Value::DateTime(at, _) if i32::try_from(at.div_euclid(SECONDS_PER_DAY)).is_ok_and(before) => {
                self.cell.problems.add(Problem::SuspectDate);
            }
            _ => {}
        }
        // Bytes that had to be mended are not the plain writing, though the text may look like it.
        let mended = self.cell.problems.has(Problem::Latin1) || self.cell.problems.has(Problem::NulRemoved);
        self.cell.value = value;
        self.cell.plain = plain && whole && !mended;
    }

    /// The value of a text that is neither null nor redacted, and whether the text is its plain writing.
    fn value(&mut self, trimmed: Range<usize>, from_workbook_date: bool) -> (Value, bool) {
        let text = &self.cell.text[trimmed];
        match self.column.kind {
            ValueType::Text => (Value::Text, true),
            ValueType::Integer => read_with(integer(text), |n| plain_integer(text, n)),
            ValueType::Money => read_with(money(text), |n| dollars(n) == text),
            ValueType::Boolean => match boolean(text, self.column) {
                Some(yes) => {
                    let texts = if yes { &self.column.true_texts } else { &self.column.false_texts };
                    (Value::Boolean(yes), texts.first().is_some_and(|t| t == text))
                }
                None => (Value::Unreadable, false),
            },
            ValueType::Date | ValueType::DateTime => {
                if !from_workbook_date && let Some(read) = self.swift(text) {
                    return read;
                }
                if from_workbook_date || text.len() > MEMO_TEXT {
                    return self.slow(text, from_workbook_date);
                }
                if let Some(known) = self.known.get(text.as_bytes()) {
                    return *known;
                }
                let read = self.slow(text, false);
                if self.known.len() < MEMO_ENTRIES {
                    self.known.insert(text.as_bytes().into(), read);
                }
                read
            }
        }
    }

    /// A date in one of the usual formats, where no earlier format could read it otherwise.
    fn swift(&self, text: &str) -> Option<(Value, bool)> {
        let read = self.swift.iter().map_while(|swift| (*swift != Swift::None).then(|| swift.read(text)));
        let (day, seconds, has_time) = read.flatten().next()?;
        let value = match self.column.kind {
            ValueType::DateTime => Value::DateTime(i64::from(day) * SECONDS_PER_DAY + i64::from(seconds), has_time),
            _ => Value::Date(day),
        };
        Some((value, self.plain.is(text, value)))
    }

    fn slow(&self, text: &str, from_workbook_date: bool) -> (Value, bool) {
        let value = match self.column.kind {
            ValueType::DateTime => datetime(text, self.column, from_workbook_date),
            _ => date(text, self.column, from_workbook_date),
        };
        let value = value.unwrap_or(Value::Unreadable);
        (value, self.plain.is(text, value))
    }
}

fn read_with(value: Option<i64>, plain: impl Fn(i64) -> bool) -> (Value, bool) {
    match value {
        Some(n) => (Value::Integer(n), plain(n)),
        None => (Value::Unreadable, false),
    }
}

/// Whether the text is a number as we would write it: no leading zeros, no grouping.
fn plain_integer(text: &str, n: i64) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.contains(',') && (!digits.starts_with('0') || text == "0") && n != i64::MIN
}

/// Bytes as text: NUL bytes taken out, and Latin-1 where they are not UTF-8.
pub(crate) fn decode(bytes: &[u8], text: &mut String, problems: &mut ProblemSet) {
    let bytes: Cow<'_, [u8]> = if bytes.contains(&0) {
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

/// Whether a text can stand in a column: empty, withheld, or readable as its type and of its shape.
pub(crate) fn fits(bytes: &[u8], reader: &mut ColumnReader<'_>, codes: Option<&Crosswalk>) -> bool {
    reader.read(bytes, false);
    let cell = reader.cell();
    match cell.value {
        Value::Unreadable => false,
        Value::Null | Value::Redacted => true,
        _ => {
            let text = cell.trimmed();
            match (&reader.column.shape, codes) {
                (Some(shape), _) => shape.fits(text),
                (None, Some(codes)) => codes.values.contains_key(text),
                (None, None) => true,
            }
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

fn boolean(text: &str, column: &Column) -> Option<bool> {
    if column.true_texts.iter().any(|t| t == text) {
        Some(true)
    } else if column.false_texts.iter().any(|t| t == text) {
        Some(false)
    } else {
        None
    }
}

/// `-12`, `1200` or `1,200`.
pub(crate) fn integer(text: &str) -> Option<i64> {
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
pub(crate) fn money(text: &str) -> Option<i64> {
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
