use jiff::Span;
use jiff::civil::{Date, DateTime, Weekday};

/// The date `days` later (earlier, if negative).
pub(crate) fn plus(date: Date, days: i32) -> Date {
    date.saturating_add(Span::new().days(days))
}

/// The date `years` later (earlier, if negative).
pub(crate) fn plus_years(date: Date, years: i32) -> Date {
    date.saturating_add(Span::new().years(years))
}

/// The date itself, or the Friday before a weekend: offices decide on working days.
pub(crate) fn workday(date: Date) -> Date {
    match date.weekday() {
        Weekday::Saturday => plus(date, -1),
        Weekday::Sunday => plus(date, -2),
        _ => date,
    }
}

/// Whole days from `earlier` to `later`.
pub(crate) fn days_between(earlier: Date, later: Date) -> i32 {
    earlier.duration_until(later).as_hours().try_into().map_or(0, |hours: i32| hours / 24)
}

/// `minutes` after midnight of `date`; more than a day's minutes run on into the days after.
pub(crate) fn at(date: Date, minutes: i32) -> DateTime {
    date.to_datetime(jiff::civil::Time::midnight()).saturating_add(Span::new().minutes(minutes))
}

/// First day of the federal fiscal year that holds `date`.
pub(crate) fn fiscal_year_start(date: Date) -> Date {
    let year = if date.month() >= 10 { date.year() } else { date.year() - 1 };
    Date::constant(year, 10, 1)
}
