//! Federal holidays and counting methods, as the law counts them.
//!
//! Every function here is pure: the same dates in give the same dates out. A function that adds to a date gives `None`
//! where the result would leave the calendar (year 9999).
//!
//! Two notions are kept apart (reference, §0.2). For what a *person* must do there are two dates: `safe_by`, the
//! earliest that any reasonable reading gives, to be shown to people; and `outer`, the last that the person-friendly
//! reading gives, only for arguing that a filing was on time. For what an *agency* must do there is one strict date,
//! and custody clocks never roll: liberty does not wait for Monday.
//!
//! ```
//! use jiff::civil::date;
//! use law::calendar::{Place, calendar_days};
//!
//! // Thirty days end on Saturday, 4 July 2026; the Friday before is the observed holiday.
//! let counted = calendar_days(date(2026, 6, 4), 30, Place::Nation).ok_or("outside the calendar")?;
//! assert_eq!(counted.last_day, date(2026, 7, 4));
//! assert_eq!(counted.safe_by, date(2026, 7, 2));
//! assert_eq!(counted.outer, date(2026, 7, 6));
//! # Ok::<(), &str>(())
//! ```

use jiff::Span;
use jiff::civil::{Date, DateTime, Weekday};
use model::Text;

/// Where the office that receives a filing is, for holidays that hold only in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// Anywhere in the United States.
    Nation,
    /// The Washington, DC area, where Inauguration Day is a holiday (5 U.S.C. 6103(c)). The Board of Immigration
    /// Appeals' clerk is in Falls Church, Virginia, inside that area. CHECK.
    WashingtonDc,
}

/// A federal holiday of 5 U.S.C. 6103.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Holiday {
    /// 1 January.
    NewYear,
    /// Third Monday of January; first observed in 1986.
    KingDay,
    /// 20 January after a presidential election, or the 21st if the 20th is a Sunday; Washington, DC area only.
    InaugurationDay,
    /// Third Monday of February.
    WashingtonsBirthday,
    /// Last Monday of May.
    MemorialDay,
    /// 19 June, since Pub. L. 117-17 of 17 June 2021.
    Juneteenth,
    /// 4 July.
    IndependenceDay,
    /// First Monday of September.
    LaborDay,
    /// Second Monday of October.
    ColumbusDay,
    /// 11 November.
    VeteransDay,
    /// Fourth Thursday of November.
    Thanksgiving,
    /// 25 December.
    Christmas,
}

impl Holiday {
    /// The name, for people.
    pub fn name(self) -> Text {
        let (en, es) = match self {
            Holiday::NewYear => ("New Year's Day", "Año Nuevo"),
            Holiday::KingDay => ("Martin Luther King, Jr. Day", "Día de Martin Luther King, Jr."),
            Holiday::InaugurationDay => ("Inauguration Day", "Día de la Toma de Posesión"),
            Holiday::WashingtonsBirthday => ("Washington's Birthday", "Natalicio de Washington"),
            Holiday::MemorialDay => ("Memorial Day", "Día de los Caídos"),
            Holiday::Juneteenth => ("Juneteenth", "Juneteenth"),
            Holiday::IndependenceDay => ("Independence Day", "Día de la Independencia"),
            Holiday::LaborDay => ("Labor Day", "Día del Trabajo"),
            Holiday::ColumbusDay => ("Columbus Day", "Día de Colón"),
            Holiday::VeteransDay => ("Veterans Day", "Día de los Veteranos"),
            Holiday::Thanksgiving => ("Thanksgiving", "Día de Acción de Gracias"),
            Holiday::Christmas => ("Christmas", "Navidad"),
        };
        Text { en, es }
    }
}

/// What makes a day a day off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DayOff {
    /// The day of the holiday itself.
    Holiday(Holiday),
    /// The weekday on which a weekend holiday is observed: the Friday before a Saturday (5 U.S.C. 6103(b)(1)), the
    /// Monday after a Sunday (Executive Order 11582 of 1971).
    Observed(Holiday),
}

/// Days on which federal offices were closed by executive order: excused leave, not statutory holidays (reference,
/// §0.5, CHECK). No count here uses them: never for `safe_by`, and for `outer` only with a lawyer's note.
pub const EXECUTIVE_CLOSINGS: [Date; 4] = [
    Date::constant(2024, 12, 24),
    Date::constant(2025, 1, 9),
    Date::constant(2025, 12, 24),
    Date::constant(2025, 12, 26),
];

/// The last day of a count, read the cautious and the friendly way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Counted {
    /// The last day before any roll.
    pub last_day: Date,
    /// The earliest date that any reasonable reading gives; a working day, unless the trigger itself is later.
    pub safe_by: Date,
    /// The last date that the person-friendly reading gives: a working day.
    pub outer: Date,
}

/// An anniversary whose day may not exist in its month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Anniversary {
    /// The same day of the month, or the last day of that month if there is none (29 February, the 31st).
    pub clamped: Date,
    /// The same day of the month, or the first day of the next month if there is none (29 February gives 1 March).
    pub outer: Date,
}

/// The holiday that falls or is observed on `date`, with its history (reference, §0.5; 5 U.S.C. 6103).
///
/// King Day counts from 1986 and Juneteenth from 17 June 2021; [`Holiday::InaugurationDay`] only at
/// [`Place::WashingtonDc`]. The table has not been checked for years before 1986. Whether an *observed Friday* is itself
/// a legal holiday that moves a filing deadline is not certain in every forum (CHECK), so no `safe_by` relies on it.
pub fn day_off(date: Date, place: Place) -> Option<DayOff> {
    if let Some(holiday) = holiday_on(date, place) {
        return Some(DayOff::Holiday(holiday));
    }
    // Inauguration Day moves by its own rule, so it is never observed on another day here.
    match date.weekday() {
        Weekday::Friday => holiday_on(date.tomorrow().ok()?, Place::Nation).map(DayOff::Observed),
        Weekday::Monday => holiday_on(date.yesterday().ok()?, Place::Nation).map(DayOff::Observed),
        _ => None,
    }
}

fn holiday_on(date: Date, place: Place) -> Option<Holiday> {
    let monday = date.weekday() == Weekday::Monday;
    let nth = (date.day() - 1) / 7 + 1;
    Some(match (date.month(), date.day()) {
        (1, 1) => Holiday::NewYear,
        (1, _) if monday && nth == 3 && date.year() >= 1986 => Holiday::KingDay,
        (1, day) if place == Place::WashingtonDc && date.year().rem_euclid(4) == 1 => {
            let inaugurated =
                day == 20 && date.weekday() != Weekday::Sunday || day == 21 && date.weekday() == Weekday::Monday;
            return inaugurated.then_some(Holiday::InaugurationDay);
        }
        (2, _) if monday && nth == 3 => Holiday::WashingtonsBirthday,
        (5, day) if monday && day + 7 > 31 => Holiday::MemorialDay,
        (6, 19) if date >= Date::constant(2021, 6, 17) => Holiday::Juneteenth,
        (7, 4) => Holiday::IndependenceDay,
        (9, _) if monday && nth == 1 => Holiday::LaborDay,
        (10, _) if monday && nth == 2 => Holiday::ColumbusDay,
        (11, 11) => Holiday::VeteransDay,
        (11, _) if date.weekday() == Weekday::Thursday && nth == 4 => Holiday::Thanksgiving,
        (12, 25) => Holiday::Christmas,
        _ => return None,
    })
}

/// Whether `date` is Monday to Friday and no federal holiday falls or is observed on it.
pub fn is_working_day(date: Date, place: Place) -> bool {
    !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) && day_off(date, place).is_none()
}

/// `date` itself if it is a working day, otherwise the next one.
pub fn working_day_on_or_after(date: Date, place: Place) -> Option<Date> {
    let mut day = date;
    while !is_working_day(day, place) {
        day = day.tomorrow().ok()?;
    }
    Some(day)
}

/// `date` itself if it is a working day, otherwise the one before.
///
/// Inauguration Day is not looked at: the reference uses it in `outer` only (§0.5).
pub fn working_day_on_or_before(date: Date) -> Option<Date> {
    let mut day = date;
    while !is_working_day(day, Place::Nation) {
        day = day.yesterday().ok()?;
    }
    Some(day)
}

/// `date` moved by whole days, forward or back.
pub fn days_after(date: Date, days: i64) -> Option<Date> {
    date.checked_add(Span::new().try_days(days).ok()?).ok()
}

/// Whole days from `from` to `to`; negative if `to` is earlier.
pub fn days_between(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}

/// Reads a last day both ways: back to a working day for `safe_by` (never before `trigger`), forward for `outer`.
pub fn both_ways(trigger: Date, safe_day: Date, last_day: Date, outer_day: Date, place: Place) -> Option<Counted> {
    Some(Counted {
        last_day,
        safe_by: working_day_on_or_before(safe_day)?.max(trigger.min(safe_day)),
        outer: working_day_on_or_after(outer_day, place)?,
    })
}

/// Method C: leave out the trigger day, count every calendar day; if the last is a Saturday, Sunday or legal holiday,
/// run to the end of the next day that is none of these.
///
/// Authority: EOIR, 8 CFR 1001.1(h); DHS, 8 CFR 1.2 ("day"); courts of appeals, Fed. R. App. P. 26(a)(1).
pub fn calendar_days(trigger: Date, days: u32, place: Place) -> Option<Counted> {
    let last_day = days_after(trigger, i64::from(days))?;
    both_ways(trigger, last_day, last_day, last_day, place)
}

/// Days that service by mail adds to a count by USCIS or DHS: count them straight on, then roll (8 CFR 103.8(b);
/// reference, §0.4). None are added for an appeal to the Board, a petition for review, or a motion.
pub const USCIS_MAIL_DAYS: u32 = 3;

/// Method N: as C, without the final roll: the protective reading for an agency's duty (reference, §0.3).
pub fn calendar_days_strict(trigger: Date, days: u32) -> Option<Date> {
    days_after(trigger, i64::from(days))
}

/// Method B: leave out the trigger day, count only Monday to Friday that are not federal holidays, by the
/// "business day" or "working day" text of the provision (reference, §0.3).
pub fn business_days(trigger: Date, days: u32, place: Place) -> Option<Date> {
    let mut day = trigger;
    for _ in 0..days {
        day = working_day_on_or_after(day.tomorrow().ok()?, place)?;
    }
    Some(day)
}

/// Method H: clock hours; nights, weekends and holidays count (provision text; for example 8 CFR 287.3(d)).
pub fn clock_hours(trigger: DateTime, hours: u32) -> Option<DateTime> {
    trigger.checked_add(Span::new().try_hours(i64::from(hours)).ok()?).ok()
}

/// Method HX: clock hours that leave out Saturdays, Sundays and holidays, observed ones too (8 CFR 287.7(d)). A clock
/// that starts on such a day runs from the midnight that ends it.
pub fn clock_hours_on_working_days(trigger: DateTime, hours: u32) -> Option<DateTime> {
    let mut at = trigger;
    let mut left = jiff::SignedDuration::from_hours(i64::from(hours));
    loop {
        let day = working_day_on_or_after(at.date(), Place::Nation)?;
        if day != at.date() {
            at = day.at(0, 0, 0, 0);
        }
        let midnight = at.date().tomorrow().ok()?.at(0, 0, 0, 0);
        let today = midnight.duration_since(at);
        if left <= today {
            return at.checked_add(left).ok();
        }
        left -= today;
        at = midnight;
    }
}

/// Method K: count `days` back from `anchor` to the opening day of a window; the day does not move (form instructions;
/// INA 216(d)(2); 8 CFR 334.2(b)).
pub fn window_opening(anchor: Date, days: u32) -> Option<Date> {
    days_after(anchor, -i64::from(days))
}

/// Method Y: the anniversary `years` later (convention; CHECK for each use).
pub fn years_after(trigger: Date, years: i32) -> Option<Anniversary> {
    months_after(trigger, years.checked_mul(12)?)
}

/// Method M: the same day of the month, `months` later (convention; CHECK for each use).
pub fn months_after(trigger: Date, months: i32) -> Option<Anniversary> {
    let month = i32::from(trigger.year()).checked_mul(12)?.checked_add(i32::from(trigger.month()) - 1)?;
    let month = month.checked_add(months)?;
    let (year, month) = (i16::try_from(month.div_euclid(12)).ok()?, i8::try_from(month.rem_euclid(12) + 1).ok()?);
    let first = Date::new(year, month, 1).ok()?;
    match Date::new(year, month, trigger.day()) {
        Ok(day) => Some(Anniversary { clamped: day, outer: day }),
        Err(_) => Some(Anniversary { clamped: first.last_of_month(), outer: first.last_of_month().tomorrow().ok()? }),
    }
}

/// An anniversary as a person's last day: `safe_by` from the clamped reading less `safe_less_days`, `outer` from the
/// later one (reference, §0.3: "29 February anniversaries").
pub fn anniversary_deadline(
    trigger: Date,
    anniversary: Anniversary,
    safe_less_days: u32,
    place: Place,
) -> Option<Counted> {
    let safe_day = days_after(anniversary.clamped, -i64::from(safe_less_days))?;
    both_ways(trigger, safe_day, anniversary.clamped, anniversary.outer, place)
}
