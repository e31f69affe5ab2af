//! Which date formats a text can be read by.

use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime;
use std::sync::LazyLock;

/// How days are written, the usual first, each with the same with day and month the other way round.
const DAYS: &[(&str, Option<&str>)] = &[
    ("%Y-%m-%d", None),
    ("%m/%d/%Y", Some("%d/%m/%Y")),
    ("%d/%m/%Y", Some("%m/%d/%Y")),
    ("%m-%d-%Y", Some("%d-%m-%Y")),
    ("%d-%m-%Y", Some("%m-%d-%Y")),
    ("%d.%m.%Y", Some("%m.%d.%Y")),
    ("%m.%d.%Y", Some("%d.%m.%Y")),
    ("%Y/%m/%d", None),
    ("%m/%d/%y", Some("%d/%m/%y")),
    ("%d/%m/%y", Some("%m/%d/%y")),
    ("%m-%d-%y", Some("%d-%m-%y")),
    ("%d-%m-%y", Some("%m-%d-%y")),
    ("%d-%b-%Y", None),
    ("%d-%b-%y", None),
    ("%d %b %Y", None),
    ("%d %B %Y", None),
    ("%b %d, %Y", None),
    ("%B %d, %Y", None),
    ("%b %d %Y", None),
    ("%Y%m%d", None),
];

/// What may stand behind the day.
const TIMES: &[&str] = &[
    "",
    " %H:%M",
    " %H:%M:%S",
    " %H:%M:%S%.f",
    "T%H:%M:%S",
    "T%H:%M",
    "T%H:%M:%S%.f",
    "T%H:%M:%SZ",
    "T%H:%M:%S%.fZ",
    " %I:%M %p",
    " %I:%M:%S %p",
    " %I:%M%p",
];

/// Years between which a date is believed.
const YEARS: std::ops::RangeInclusive<i16> = 1850..=2150;

/// Longest text that is a date.
const LONGEST: usize = 40;

/// A date format.
#[derive(Debug, Clone)]
pub(super) struct DateForm {
    pub(super) format: String,
    /// The number of the format with day and month the other way round.
    pub(super) other: Option<usize>,
    /// The day, whatever the time.
    pub(super) day: &'static str,
    /// How a text of this format looks.
    look: String,
}

/// A date that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DateRead {
    pub(super) date: Date,
    /// A time of day was given, other than midnight.
    pub(super) timed: bool,
}

/// Every format.
pub(super) static FORMS: LazyLock<Vec<DateForm>> = LazyLock::new(|| {
    let sample = DateTime::constant(2001, 2, 3, 4, 5, 6, 700_000_000);
    let mut forms = Vec::with_capacity(DAYS.len() * TIMES.len());
    for (day, other) in DAYS {
        let other = other.and_then(|other| DAYS.iter().position(|(day, _)| *day == other));
        for (n, time) in TIMES.iter().enumerate() {
            let format = format!("{day}{time}");
            let look = look(&strtime::format(&format, sample).unwrap_or_default());
            forms.push(DateForm { other: other.map(|o| o * TIMES.len() + n), day, look, format });
        }
    }
    forms
});

/// The text with each run of digits and of letters as one sign.
fn look(text: &str) -> String {
    let mut look = String::with_capacity(text.len());
    for c in text.chars() {
        let c = if c.is_ascii_digit() {
            '9'
        } else if c.is_alphabetic() {
            'a'
        } else {
            c
        };
        if !(matches!(c, '9' | 'a') && look.ends_with(c)) {
            look.push(c);
        }
    }
    look
}

/// The formats that read a text, in their order, each with what it reads.
pub(super) fn readings(text: &str) -> Vec<(usize, DateRead)> {
    if text.len() > LONGEST || text.len() < 6 || !text.bytes().any(|b| b.is_ascii_digit()) {
        return Vec::new();
    }
    let look = look(text);
    let forms = FORMS.iter().enumerate().filter(|(_, form)| form.look == look);
    forms.filter_map(|(n, form)| Some((n, read(text, &form.format)?))).collect()
}

/// Reads a text by one format. Years that nobody writes about are not believed.
pub(super) fn read(text: &str, format: &str) -> Option<DateRead> {
    // Eight digits are a day; five or six may be anything.
    if format == "%Y%m%d" && text.len() != 8 {
        return None;
    }
    let broken = strtime::parse(format, text).ok()?;
    let date = broken.to_date().ok().filter(|date| YEARS.contains(&date.year()))?;
    let timed =
        broken.hour().is_some() && broken.to_datetime().is_ok_and(|at| at.time() != jiff::civil::Time::midnight());
    Some(DateRead { date, timed })
}

/// The format with day and month the other way round, if both are numbers.
pub(super) fn other_order(format: &str) -> Option<String> {
    let (month, day) = (format.find("%m")?, format.find("%d")?);
    if format.find("%Y").or_else(|| format.find("%y"))? < month.min(day) {
        return None;
    }
    let swap = |part: &str| match part {
        "%m" => "%d",
        _ => "%m",
    };
    let (first, second) = (month.min(day), month.max(day));
    Some(format!(
        "{}{}{}{}{}",
        &format[..first],
        swap(&format[first..first + 2]),
        &format[first + 2..second],
        swap(&format[second..second + 2]),
        &format[second + 2..]
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_is_read_by_the_formats_that_can_read_it() {
        for (text, expected) in [
            ("2016-07-02", "%Y-%m-%d"),
            ("7/2/2016", "%m/%d/%Y %d/%m/%Y"),
            ("7/13/2016", "%m/%d/%Y"),
            ("13/7/2016", "%d/%m/%Y"),
            ("7/2/16", "%m/%d/%y %d/%m/%y"),
            ("2003-08-10 11:31:57.427000000", "%Y-%m-%d %H:%M:%S%.f"),
            ("2003-08-10 11:31:57", "%Y-%m-%d %H:%M:%S"),
            ("4-Jul-2016", "%d-%b-%Y"),
            ("July 4, 2016", "%B %d, %Y"),
            ("20160704", "%Y%m%d"),
            ("201607", ""),
            ("7/2/2016 4:05 PM", "%m/%d/%Y %I:%M %p %d/%m/%Y %I:%M %p"),
            ("HOU", ""),
            ("12345678", ""),
        ] {
            let formats: Vec<&str> = readings(text).iter().map(|(n, _)| FORMS[*n].format.as_str()).collect();
            assert_eq!(formats.join(" "), expected, "{text}");
        }
    }

    #[test]
    fn the_other_order() {
        for (format, expected) in [
            ("%m/%d/%Y", Some("%d/%m/%Y")),
            ("%d.%m.%y %H:%M", Some("%m.%d.%y %H:%M")),
            ("%Y-%m-%d", None),
            ("%d-%b-%Y", None),
        ] {
            assert_eq!(other_order(format).as_deref(), expected, "{format}");
        }
        for form in FORMS.iter() {
            assert_eq!(other_order(&form.format), form.other.map(|o| FORMS[o].format.clone()), "{}", form.format);
        }
    }
}
