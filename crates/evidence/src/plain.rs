//! The plain writing of a value: the one text that need not be kept beside it, because it can be written again.
//!
//! Of most cells the original text is nothing but the value, written in the way of its column. Such a text is not stored a
//! second time: the column `x__text` is null where it is the plain writing of `x`, and [`original_text`] writes it again.

use crate::cell::{Value, date_of, datetime_of, dollars};
use crate::mapping::Column;
use arrow::array::{Array, ArrayRef, AsArray, StringBuilder};
use arrow::datatypes::{DataType, Date32Type, Field, Int64Type, TimestampSecondType};
use arrow::error::ArrowError;
use jiff::fmt::strtime;
use model::ValueType;
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

/// Key of the metadata of an `x__text` field that tells how the value is written plainly.
pub(crate) const PLAIN: &str = "plain";

/// Ends the pattern of dates that are written with a fraction of a second, which is always zero.
const FRACTION: &str = "%.f";

/// How the values of a column are written plainly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PlainForm {
    Text,
    Integer,
    Money,
    /// The first text that means yes, and the first that means no.
    Boolean(String, String),
    /// The first strptime pattern of the column. A fraction of a second (`%.f`) is three zeros.
    Dated(String),
}

impl PlainForm {
    pub(crate) fn of(column: &Column) -> Self {
        let first = |texts: &[String]| texts.first().cloned().unwrap_or_default();
        match column.kind {
            ValueType::Text => Self::Text,
            ValueType::Integer => Self::Integer,
            ValueType::Money => Self::Money,
            ValueType::Boolean => Self::Boolean(first(&column.true_texts), first(&column.false_texts)),
            ValueType::Date | ValueType::DateTime => Self::Dated(first(&column.formats)),
        }
    }

    /// The form as it stands in the metadata of a field.
    pub(crate) fn to_metadata(&self) -> String {
        match self {
            Self::Text => "text".to_owned(),
            Self::Integer => "integer".to_owned(),
            Self::Money => "money".to_owned(),
            Self::Boolean(yes, no) => format!("boolean:{yes}\t{no}"),
            Self::Dated(pattern) => format!("dated:{pattern}"),
        }
    }

    pub(crate) fn from_metadata(text: &str) -> Option<Self> {
        Some(match text.split_once(':') {
            None if text == "text" => Self::Text,
            None if text == "integer" => Self::Integer,
            None if text == "money" => Self::Money,
            Some(("boolean", texts)) => {
                let (yes, no) = texts.split_once('\t')?;
                Self::Boolean(yes.to_owned(), no.to_owned())
            }
            Some(("dated", pattern)) => Self::Dated(pattern.to_owned()),
            _ => return None,
        })
    }

    /// Whether the text is the plain writing of a value that was read from it.
    pub(crate) fn is(&self, text: &str, value: Value) -> bool {
        match (self, value) {
            (Self::Dated(pattern), Value::Date(_) | Value::DateTime(..)) => match Swift::of(pattern) {
                // What the swift reader takes it takes in one writing only, but for the fraction.
                swift @ (Swift::Iso | Swift::IsoTime | Swift::IsoFraction) => {
                    swift.read(text).is_some_and(|(_, seconds, _)| match (swift, value) {
                        (Swift::IsoFraction, Value::Date(_)) => seconds == 0 && text.ends_with(".000") && text.len() == 23,
                        (Swift::IsoFraction, _) => text.ends_with(".000") && text.len() == 23,
                        (Swift::IsoTime, Value::Date(_)) => seconds == 0,
                        _ => true,
                    })
                }
                Swift::American | Swift::AmericanShort => american_is_plain(text, Swift::of(pattern)),
                Swift::None => dated(pattern, value).is_some_and(|plain| plain == text),
            },
            _ => false,
        }
    }
}

/// A date, or a date and time, in a pattern.
fn dated(pattern: &str, value: Value) -> Option<String> {
    let at = match value {
        Value::Date(day) => date_of(day).at(0, 0, 0, 0),
        Value::DateTime(seconds, _) => datetime_of(seconds),
        _ => return None,
    };
    match pattern.strip_suffix(FRACTION) {
        Some(before) => strtime::format(before, at).ok().map(|text| text + ".000"),
        None => strtime::format(pattern, at).ok(),
    }
}

/// Readers of the usual formats of dates, each of which takes one writing only. What they do not take, the general reader
/// may still take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Swift {
    None,
    /// `%Y-%m-%d`
    Iso,
    /// `%Y-%m-%d %H:%M:%S`
    IsoTime,
    /// `%Y-%m-%d %H:%M:%S%.f`
    IsoFraction,
    /// `%m/%d/%Y`: months and days may lack their zero.
    American,
    /// `%-m/%-d/%Y`: months and days may have a zero.
    AmericanShort,
}

impl Swift {
    pub(crate) fn of(pattern: &str) -> Self {
        match pattern {
            "%Y-%m-%d" => Self::Iso,
            "%Y-%m-%d %H:%M:%S" => Self::IsoTime,
            "%Y-%m-%d %H:%M:%S%.f" => Self::IsoFraction,
            "%m/%d/%Y" => Self::American,
            "%-m/%-d/%Y" => Self::AmericanShort,
            _ => Self::None,
        }
    }

    /// Day since 1970-01-01, second of the day, and whether there is a time of day.
    pub(crate) fn read(self, text: &str) -> Option<(i32, u32, bool)> {
        let bytes = text.as_bytes();
        match self {
            Self::None => None,
            Self::Iso => Some((iso_day(bytes)?, 0, false)),
            Self::IsoTime => Some((iso_day(bytes.get(..10)?)?, time(bytes.get(10..)?)?, true)),
            Self::IsoFraction => {
                let fraction = bytes.get(19..)?;
                let digits = fraction.strip_prefix(b".")?;
                let is_fraction = (1..=9).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
                let time = time(bytes.get(10..19)?)?;
                if is_fraction { Some((iso_day(bytes.get(..10)?)?, time, true)) } else { None }
            }
            Self::American | Self::AmericanShort => {
                let slash = memchr::memchr(b'/', bytes)?;
                let (month, rest) = (number(&bytes[..slash], 1..=2)?, &bytes[slash + 1..]);
                let slash = memchr::memchr(b'/', rest)?;
                let (day, year) = (number(&rest[..slash], 1..=2)?, number(&rest[slash + 1..], 4..=4)?);
                Some((day_of(year, month, day)?, 0, false))
            }
        }
    }
}

/// Whether a date is written as its pattern writes it.
fn american_is_plain(text: &str, swift: Swift) -> bool {
    let mut parts = text.split('/');
    let (Some(month), Some(day), Some(year), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let plain = |part: &str| match swift {
        Swift::AmericanShort => !part.starts_with('0'),
        _ => part.len() == 2,
    };
    plain(month) && plain(day) && year.len() == 4 && !text.contains(|c: char| !c.is_ascii_digit() && c != '/')
}

fn number(bytes: &[u8], digits: std::ops::RangeInclusive<usize>) -> Option<u32> {
    if !digits.contains(&bytes.len()) {
        return None;
    }
    bytes.iter().try_fold(0, |n, b| b.is_ascii_digit().then(|| n * 10 + u32::from(b - b'0')))
}

fn iso_day(bytes: &[u8]) -> Option<i32> {
    let [_, _, _, _, b'-', _, _, b'-', _, _] = bytes else { return None };
    day_of(number(&bytes[..4], 4..=4)?, number(&bytes[5..7], 2..=2)?, number(&bytes[8..], 2..=2)?)
}

/// ` HH:MM:SS`
fn time(bytes: &[u8]) -> Option<u32> {
    let [b' ', _, _, b':', _, _, b':', _, _] = bytes else { return None };
    let (hour, minute) = (number(&bytes[1..3], 2..=2)?, number(&bytes[4..6], 2..=2)?);
    let second = number(&bytes[7..], 2..=2)?;
    (hour < 24 && minute < 60 && second < 60).then_some(hour * 3600 + minute * 60 + second)
}

/// Days since 1970-01-01 of a date of the Gregorian calendar.
fn day_of(year: u32, month: u32, day: u32) -> Option<i32> {
    let length = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => return None,
    };
    if !(1..=length).contains(&day) {
        return None;
    }
    // Years from March, so that the leap day is the last of its year.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year.checked_add(399)?, month + 9) };
    let shift = if month >= 10 { 146_097 } else { 0 };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1;
    Some(days as i32 - 719_468 - shift)
}

/// The original texts of a column of a cells table.
///
/// `text_field` is the field `x__text` of the table, `values` its column `x` and `texts` its column `x__text`. Where a text
/// is null, it is the plain writing of the value; where both are null, the cell was empty, or the file lacks the column.
///
/// # Errors
///
/// If the columns are not those of a cells table.
pub fn original_text(text_field: &Field, values: &dyn Array, texts: &dyn Array) -> Result<ArrayRef, ArrowError> {
    let form = text_field.metadata().get(PLAIN).and_then(|form| PlainForm::from_metadata(form));
    let form = form.ok_or_else(|| ArrowError::SchemaError(format!("`{}` is no column of texts", text_field.name())))?;
    original_text_in(form, values, texts)
}

/// As [`original_text`], for a form as it stands in the metadata.
///
/// # Errors
///
/// If the columns are not those of a cells table.
pub fn original_text_as(form: &str, values: &dyn Array, texts: &dyn Array) -> Result<ArrayRef, ArrowError> {
    let form = PlainForm::from_metadata(form)
        .ok_or_else(|| ArrowError::SchemaError(format!("`{form}` is no way to write a value")))?;
    original_text_in(form, values, texts)
}

fn original_text_in(form: PlainForm, values: &dyn Array, texts: &dyn Array) -> Result<ArrayRef, ArrowError> {
    let texts = texts
        .as_string_opt::<i32>()
        .ok_or_else(|| ArrowError::SchemaError(format!("the texts are {}", texts.data_type())))?;
    let mut writer = PlainWriter::new(form);
    let mut whole = StringBuilder::with_capacity(texts.len(), texts.len() * 8);
    for row in 0..texts.len() {
        if texts.is_valid(row) {
            whole.append_value(texts.value(row));
        } else {
            match writer.write(values, row)? {
                Some(text) => whole.append_value(text),
                None => whole.append_null(),
            }
        }
    }
    Ok(Arc::new(whole.finish()))
}

/// Writes the values of one column plainly, one at a time.
pub(crate) struct PlainWriter {
    form: PlainForm,
    text: String,
    dates: HashMap<i64, String>,
}

/// Most dates that are remembered.
const REMEMBERED: usize = 65_536;

impl PlainWriter {
    pub(crate) fn new(form: PlainForm) -> Self {
        Self { form, text: String::new(), dates: HashMap::new() }
    }

    /// The way it writes.
    pub(crate) fn form(&self) -> &PlainForm {
        &self.form
    }

    /// The plain writing of a value; `None` if there is no value.
    pub(crate) fn write<'a>(&'a mut self, values: &'a dyn Array, row: usize) -> Result<Option<&'a str>, ArrowError> {
        let other = || ArrowError::SchemaError(format!("the values are {}", values.data_type()));
        if values.is_null(row) {
            return Ok(None);
        }
        self.text.clear();
        let text = &mut self.text;
        match (&self.form, values.data_type()) {
            (PlainForm::Text, DataType::Utf8) => return Ok(Some(values.as_string::<i32>().value(row))),
            (PlainForm::Integer, DataType::Int64) => {
                let _ = write!(text, "{}", values.as_primitive::<Int64Type>().value(row));
            }
            (PlainForm::Money, DataType::Int64) => text.push_str(&dollars(values.as_primitive::<Int64Type>().value(row))),
            (PlainForm::Boolean(yes, no), DataType::Boolean) => {
                return Ok(Some(if values.as_boolean().value(row) { yes } else { no }));
            }
            (PlainForm::Dated(pattern), kind) => {
                let (key, value) = match kind {
                    DataType::Date32 => {
                        let day = values.as_primitive::<Date32Type>().value(row);
                        (i64::from(day), Value::Date(day))
                    }
                    DataType::Timestamp(..) => {
                        let array = values.as_primitive_opt::<TimestampSecondType>().ok_or_else(other)?;
                        (array.value(row), Value::DateTime(array.value(row), true))
                    }
                    _ => return Err(other()),
                };
                if self.dates.len() >= REMEMBERED {
                    self.dates.clear();
                }
                let written = self.dates.entry(key).or_insert_with(|| dated(pattern, value).unwrap_or_default());
                return Ok(Some(written));
            }
            _ => return Err(other()),
        }
        Ok(Some(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cell::days;
    use jiff::ToSpan;
    use jiff::civil::Date;

    #[test]
    fn days_are_those_of_the_calendar() {
        let mut date = Date::constant(1, 1, 1);
        while date < Date::constant(3000, 1, 1) {
            let (year, month) = (u32::from(date.year().unsigned_abs()), u32::from(date.month().unsigned_abs()));
            assert_eq!(day_of(year, month, u32::from(date.day().unsigned_abs())), Some(days(date)), "{date}");
            date = date.saturating_add(1.day());
        }
        for (year, month, day) in [(2023, 2, 29), (1900, 2, 29), (2024, 4, 31), (2024, 13, 1), (2024, 0, 1), (2024, 1, 0)] {
            assert_eq!(day_of(year, month, day), None, "{year}-{month}-{day}");
        }
    }

    /// A text that is called plain is written again as it was.
    #[test]
    fn plain_texts_are_written_again() {
        for pattern in ["%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S%.f", "%m/%d/%Y", "%-m/%-d/%Y", "%d.%m.%y"] {
            for text in [
                "2024-02-29", "0017-01-01", "2024-02-29 10:11:12", "2024-02-29 10:11:12.530", "2024-02-29 00:00:00.000",
                "2024-02-29 00:00:00", "2/29/2024", "02/29/2024", "02/9/2024", "12/31/2105", "12/31/0999", "1/1/0999",
                "29.02.24", "9.2.24",
            ] {
                for kind in [ValueType::Date, ValueType::DateTime] {
                    let mut column = Column::text("x", "x".to_owned());
                    column.kind = kind;
                    column.formats = vec![pattern.to_owned()];
                    let mut reader = crate::cell::ColumnReader::new(&column, &[]);
                    reader.read(text.as_bytes(), false);
                    let cell = reader.cell();
                    if cell.plain {
                        assert_eq!(dated(pattern, cell.value).as_deref(), Some(text), "{pattern} {kind:?}");
                    }
                }
            }
        }
    }

    /// Whatever a swift reader takes, the general reader reads alike.
    #[test]
    fn swift_readers_agree_with_the_general_one() {
        for pattern in ["%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S%.f", "%m/%d/%Y"] {
            for text in [
                "2024-02-29", "2024-2-9", "2024-02-30", "0017-01-01", "2024-02-29 10:11:12", "2024-02-29 24:00:00",
                "2024-02-29 10:11:12.530", "2024-02-29 10:11:12.", "2024-02-29 00:00:00.000", "2/29/2024", "02/29/2024",
                "2/30/2024", "7/2/999", "12/31/2105", "1/1/24", "13/1/2024", "", "x", "2024-02-29 10:11:60", " 2024-02-29",
            ] {
                let Some((day, seconds, has_time)) = Swift::of(pattern).read(text) else { continue };
                let broken = strtime::parse(pattern, text);
                let date = broken.as_ref().ok().and_then(|b| b.to_date().ok());
                assert_eq!(date.map(days), Some(day), "{pattern} {text}");
                let time = broken.ok().and_then(|b| b.to_time().ok()).filter(|_| has_time);
                let of_day = time.map(|t| u32::from(t.hour().unsigned_abs()) * 3600
                    + u32::from(t.minute().unsigned_abs()) * 60
                    + u32::from(t.second().unsigned_abs()));
                assert_eq!(of_day.unwrap_or(0), seconds, "{pattern} {text}");
            }
        }
    }
}
