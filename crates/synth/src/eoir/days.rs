use crate::dates::days_between;
use jiff::civil::Date;

/// A day, counted from 1 January 1950, which was a Sunday.
pub(super) type Day = i32;

const FIRST_YEAR: i16 = 1950;
const LAST_YEAR: i16 = 2049;
const FIRST_DAY: Date = Date::constant(FIRST_YEAR, 1, 1);

/// The day as a number.
pub(super) fn day(date: Date) -> Day {
    days_between(FIRST_DAY, date)
}

/// The day itself, or the Friday before a weekend.
pub(super) fn workday(day: Day) -> Day {
    match day.rem_euclid(7) {
        0 => day - 2,
        6 => day - 1,
        _ => day,
    }
}

/// Every day as the release prints it, so that writing one is a copy.
pub(super) struct Days {
    stamps: Vec<[u8; 23]>,
}

impl Days {
    pub(super) fn new() -> Self {
        let last = Date::constant(LAST_YEAR, 12, 31);
        let stamps = FIRST_DAY.series(jiff::Span::new().days(1)).take_while(|date| *date <= last).map(|date| {
            let mut stamp = *b"0000-00-00 00:00:00.000";
            let text = date.to_string();
            stamp[..10].copy_from_slice(&text.as_bytes()[..10]);
            stamp
        });
        Self { stamps: stamps.collect() }
    }

    /// `YYYY-MM-DD 00:00:00.000`; the nearest day of the calendar for a day outside it.
    pub(super) fn stamp(&self, day: Day) -> &[u8; 23] {
        let last = self.stamps.len() - 1;
        &self.stamps[usize::try_from(day).unwrap_or(0).min(last)]
    }

    /// Year and month of a day.
    pub(super) fn year_month(&self, day: Day) -> (u32, u32) {
        let stamp = self.stamp(day);
        let number = |digits: &[u8]| digits.iter().fold(0, |n, d| n * 10 + u32::from(d - b'0'));
        (number(&stamp[..4]), number(&stamp[5..7]))
    }

    /// The first day of a year.
    pub(super) fn start_of(year: i32) -> Day {
        let years = year - i32::from(FIRST_YEAR);
        // Every fourth year from 1952 on is a leap year within the calendar.
        years * 365 + (years + 1) / 4
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        let days = Days::new();
        for (year, month, of_month) in [(1950, 1, 1), (1996, 2, 29), (2000, 12, 31), (2026, 7, 31), (2049, 12, 31)] {
            let date = Date::constant(year, month, of_month);
            assert_eq!(&days.stamp(day(date))[..], format!("{date} 00:00:00.000").as_bytes());
            assert_eq!(Days::start_of(i32::from(year)), day(Date::constant(year, 1, 1)));
            assert!(!matches!(workday(day(date)).rem_euclid(7), 0 | 6));
        }
        assert_eq!(days.year_month(day(Date::constant(2026, 7, 31))), (2026, 7));
    }
}
