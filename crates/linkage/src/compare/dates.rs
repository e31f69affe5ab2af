//! Dates of birth, with the slips of keying them and the defaults of systems that had to write something.

use std::fmt;

use super::{
    Frequency, Level, LevelInfo,
    identifiers::{differences, one_swap},
};

/// A date of birth as it was written; month and day may be 0 (not given), and no calendar is consulted, since a
/// mistyped date is evidence too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct Date {
    pub(crate) year: u16,
    pub(crate) month: u8,
    pub(crate) day: u8,
    digits: [u8; 8],
}

impl Date {
    /// Reads `YYYY-MM-DD`, `YYYYMMDD`, `YYYY-MM` or `YYYY`; a time after the date is dropped.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim().split(['T', ' ']).next()?;
        let dashed = text.len() == 10 || text.len() == 7;
        let well_formed = match text.len() {
            10 | 7 => {
                text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() })
            }
            8 | 4 => text.bytes().all(|b| b.is_ascii_digit()),
            _ => false,
        };
        if !well_formed {
            return None;
        }
        let mut digits = [b'0'; 8];
        for (slot, digit) in digits.iter_mut().zip(text.bytes().filter(|b| !dashed || *b != b'-')) {
            *slot = digit;
        }
        let number = |range: &[u8]| range.iter().fold(0_u16, |n, d| n * 10 + u16::from(d - b'0'));
        let (year, month, day) = (number(&digits[..4]), number(&digits[4..6]) as u8, number(&digits[6..]) as u8);
        (year != 0).then_some(Self { year, month, day, digits })
    }

    /// Whether only the year can be trusted: 1 January, which many systems write for *unknown*, or no month at all.
    pub(crate) fn is_default(&self) -> bool {
        self.month == 0 || (self.month == 1 && self.day == 1)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.month, self.day) {
            (0, 0) => write!(f, "{:04}", self.year),
            (month, 0) => write!(f, "{:04}-{month:02}", self.year),
            (month, day) => write!(f, "{:04}-{month:02}-{day:02}", self.year),
        }
    }
}

pub(super) const LEVELS: &[Level<Date>] = &[
    Level {
        info: info("exact", "the same day, and not 1 January", 0.88, 0.000_08, Frequency::OfValue),
        test: |l, r| l.digits == r.digits && !l.is_default() && l.day != 0,
    },
    Level {
        info: info(
            "day and month swapped",
            "the same year, day and month exchanged",
            0.02,
            0.000_05,
            Frequency::Ignored,
        ),
        test: |l, r| {
            l.year == r.year && l.month == r.day && l.day == r.month && l.month != l.day && l.month != 0 && l.day != 0
        },
    },
    Level {
        info: info(
            "default day, same year",
            "the same year, and one side or both say 1 January or give no month",
            0.025,
            0.0015,
            Frequency::Ignored,
        ),
        test: |l, r| l.year == r.year && (l.is_default() || r.is_default()),
    },
    Level {
        info: info(
            "one digit",
            "one of eight digits different, or two neighbours exchanged",
            0.035,
            0.001_2,
            Frequency::Ignored,
        ),
        test: |l, r| {
            l.day != 0 && r.day != 0 && (differences(&l.digits, &r.digits) == 1 || one_swap(&l.digits, &r.digits))
        },
    },
    Level {
        info: info("same year and month", "another day, or none given", 0.01, 0.001_2, Frequency::Ignored),
        test: |l, r| l.year == r.year && l.month == r.month,
    },
    Level { info: info("same year", "another month", 0.01, 0.015, Frequency::Ignored), test: |l, r| l.year == r.year },
    Level { info: info("else", "another year", 0.02, 0.980_97, Frequency::Ignored), test: |_, _| true },
];

const fn info(name: &'static str, doc: &'static str, m: f64, u: f64, frequency: Frequency) -> LevelInfo {
    LevelInfo { name, doc, m, u, frequency }
}
