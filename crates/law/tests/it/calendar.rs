use jiff::civil::{Date, DateTime, date};
use law::calendar::{
    Anniversary, Counted, DayOff, EXECUTIVE_CLOSINGS, Holiday, Place, anniversary_deadline, business_days,
    calendar_days, calendar_days_strict, clock_hours, clock_hours_on_working_days, day_off, days_after, days_between,
    is_working_day, months_after, window_opening, working_day_on_or_after, working_day_on_or_before, years_after,
};
use proptest::prelude::*;

/// The observed weekday holidays that the reference lists (§0.5).
#[test]
fn weekend_holidays_are_observed_on_weekdays() {
    for (day, holiday) in [
        (date(2021, 12, 31), Holiday::NewYear),
        (date(2022, 12, 26), Holiday::Christmas),
        (date(2023, 1, 2), Holiday::NewYear),
        (date(2023, 11, 10), Holiday::VeteransDay),
        (date(2026, 7, 3), Holiday::IndependenceDay),
        (date(2027, 6, 18), Holiday::Juneteenth),
        (date(2027, 7, 5), Holiday::IndependenceDay),
        (date(2027, 12, 24), Holiday::Christmas),
        (date(2027, 12, 31), Holiday::NewYear),
        (date(2028, 11, 10), Holiday::VeteransDay),
    ] {
        assert_eq!(day_off(day, Place::Nation), Some(DayOff::Observed(holiday)), "{day}");
        assert!(!is_working_day(day, Place::Nation), "{day}");
    }
}

/// Every holiday of five years, by name.
#[test]
fn holidays_of_2024_to_2028() {
    let mut lines = String::new();
    for year in 2024..=2028 {
        let mut day = date(year, 1, 1);
        while day.year() == year {
            if let Some(off) = day_off(day, Place::Nation) {
                let (name, observed) = match off {
                    DayOff::Holiday(holiday) => (holiday.name().en, ""),
                    DayOff::Observed(holiday) => (holiday.name().en, " (observed)"),
                };
                lines.push_str(&format!("{day} {:?} {name}{observed}\n", day.weekday()));
            }
            day = day.tomorrow().unwrap();
        }
    }
    insta::assert_snapshot!(lines);
}

#[test]
fn holidays_have_a_history() {
    let holiday = |day| matches!(day_off(day, Place::Nation), Some(DayOff::Holiday(_)));
    assert!(!holiday(date(1985, 1, 21)) && holiday(date(1986, 1, 20)), "King Day from 1986");
    assert!(!holiday(date(2020, 6, 19)) && holiday(date(2021, 6, 19)), "Juneteenth from 2021-06-17");
    assert_eq!(day_off(date(2021, 6, 18), Place::Nation), Some(DayOff::Observed(Holiday::Juneteenth)));
    assert_eq!(day_off(date(2020, 6, 18), Place::Nation), None);
}

#[test]
fn inauguration_day_is_a_holiday_around_washington_only() {
    for (day, dc) in [
        (date(2021, 1, 20), true),
        (date(2013, 1, 20), false), // a Sunday
        (date(2013, 1, 21), true),  // King Day that year
        (date(2009, 1, 20), true),
        (date(2022, 1, 20), false),
        (date(2025, 1, 20), true),
    ] {
        assert_eq!(day_off(day, Place::WashingtonDc).is_some(), dc, "{day}");
    }
    assert_eq!(day_off(date(2021, 1, 20), Place::Nation), None);
    assert_eq!(day_off(date(2025, 1, 20), Place::Nation), Some(DayOff::Holiday(Holiday::KingDay)));
    let counted = calendar_days(date(2020, 12, 21), 30, Place::WashingtonDc).unwrap();
    assert_eq!((counted.safe_by, counted.outer), (date(2021, 1, 20), date(2021, 1, 21)));
}

#[test]
fn executive_closings_move_nothing() {
    for day in EXECUTIVE_CLOSINGS {
        assert!(is_working_day(day, Place::Nation), "{day}");
    }
}

#[track_caller]
fn check_c(trigger: Date, days: u32, last_day: Date, safe_by: Date, outer: Date) {
    assert_eq!(calendar_days(trigger, days, Place::Nation), Some(Counted { last_day, safe_by, outer }));
}

/// Examples of the reference for other criteria than those of the library.
#[test]
fn method_c() {
    // A7-2: Christmas on a Thursday; federal offices also closed by executive order on the 24th and 26th.
    check_c(date(2025, 11, 25), 30, date(2025, 12, 25), date(2025, 12, 24), date(2025, 12, 26));
    // A7-1, A7-3, A7-4
    check_c(date(2026, 10, 9), 30, date(2026, 11, 8), date(2026, 11, 6), date(2026, 11, 9));
    check_c(date(2026, 1, 30), 30, date(2026, 3, 1), date(2026, 2, 27), date(2026, 3, 2));
    check_c(date(2026, 11, 25), 30, date(2026, 12, 25), date(2026, 12, 24), date(2026, 12, 28));
    // A4-1, A4-2
    check_c(date(2026, 1, 15), 30, date(2026, 2, 14), date(2026, 2, 13), date(2026, 2, 17));
    check_c(date(2026, 10, 28), 30, date(2026, 11, 27), date(2026, 11, 27), date(2026, 11, 27));
    // A3-2, A12-2
    check_c(date(2026, 9, 22), 20, date(2026, 10, 12), date(2026, 10, 9), date(2026, 10, 13));
    check_c(date(2025, 12, 17), 60, date(2026, 2, 15), date(2026, 2, 13), date(2026, 2, 17));
}

#[test]
fn methods_n_b_h_hx_k_y_m() {
    // A10-2, A11-1
    assert_eq!(calendar_days_strict(date(2026, 8, 28), 10), Some(date(2026, 9, 7)));
    assert_eq!(calendar_days_strict(date(2026, 4, 1), 10), Some(date(2026, 4, 11)));
    // A12-4, D6-1, D6-2
    assert_eq!(business_days(date(2026, 2, 2), 5, Place::Nation), Some(date(2026, 2, 9)));
    assert_eq!(business_days(date(2026, 11, 25), 1, Place::Nation), Some(date(2026, 11, 27)));
    assert_eq!(business_days(date(2026, 11, 24), 2, Place::Nation), Some(date(2026, 11, 27)));
    // B1-1, B2-1, B2-2, B2-3
    let at = |day: Date, hour| -> DateTime { day.at(hour, 0, 0, 0) };
    assert_eq!(clock_hours(at(date(2026, 9, 4), 18), 48), Some(at(date(2026, 9, 6), 18)));
    assert_eq!(clock_hours(at(date(2026, 9, 4), 10), 48), Some(at(date(2026, 9, 6), 10)));
    assert_eq!(clock_hours_on_working_days(at(date(2026, 9, 4), 10), 48), Some(at(date(2026, 9, 9), 10)));
    assert_eq!(clock_hours_on_working_days(at(date(2026, 12, 24), 8), 48), Some(at(date(2026, 12, 29), 8)));
    // A clock that starts on a Saturday runs from Monday's midnight.
    assert_eq!(clock_hours_on_working_days(at(date(2026, 9, 12), 10), 24), Some(at(date(2026, 9, 15), 0)));
    // A13-1, A13-2, A13-3
    assert_eq!(window_opening(date(2026, 9, 10), 90), Some(date(2026, 6, 12)));
    let leap = years_after(date(2024, 2, 29), 2).unwrap();
    assert_eq!(leap, Anniversary { clamped: date(2026, 2, 28), outer: date(2026, 3, 1) });
    assert_eq!(window_opening(leap.clamped, 90), Some(date(2025, 11, 30)));
    assert_eq!(window_opening(leap.outer, 90), Some(date(2025, 12, 1)));
    // Month ends
    let clamped = |day, months| months_after(day, months).unwrap().clamped;
    assert_eq!(clamped(date(2025, 8, 31), 6), date(2026, 2, 28));
    assert_eq!(clamped(date(2023, 8, 31), 6), date(2024, 2, 29));
    assert_eq!(clamped(date(2026, 10, 31), 1), date(2026, 11, 30));
    assert_eq!(clamped(date(2026, 11, 30), 3), date(2027, 2, 28));
    assert_eq!(clamped(date(2026, 1, 15), -13), date(2024, 12, 15));
}

#[test]
fn dates_outside_the_calendar_are_none() {
    assert_eq!(days_after(Date::MAX, 1), None);
    assert_eq!(days_after(date(2026, 1, 1), i64::MAX), None);
    assert_eq!(years_after(date(2026, 1, 1), i32::MAX), None);
    assert_eq!(calendar_days(Date::MAX, 1, Place::Nation), None);
    assert_eq!(business_days(Date::MAX, 1, Place::Nation), None);
    assert_eq!(working_day_on_or_after(date(9999, 12, 31), Place::Nation), Some(date(9999, 12, 31)));
}

fn day() -> impl Strategy<Value = Date> {
    (0..60_000_i64).prop_map(|offset| days_after(date(1950, 1, 1), offset).unwrap())
}

proptest! {
    #[test]
    fn forward_counts_are_never_before_the_trigger(day in day(), n in 0..800_u32) {
        for place in [Place::Nation, Place::WashingtonDc] {
            let counted = calendar_days(day, n, place).unwrap();
            prop_assert!(day <= counted.safe_by);
            prop_assert!(counted.safe_by <= counted.last_day && counted.last_day <= counted.outer);
            prop_assert!(is_working_day(counted.outer, place));
            prop_assert!(is_working_day(counted.safe_by, Place::Nation) || counted.safe_by == day);
            prop_assert!(business_days(day, n, place).unwrap() >= calendar_days_strict(day, n).unwrap());
        }
        let at = day.at(13, 30, 0, 0);
        prop_assert!(clock_hours_on_working_days(at, n).unwrap() >= clock_hours(at, n).unwrap());
    }

    #[test]
    fn counts_are_monotone(day in day(), n in 0..400_u32, later in 0..10_i64, more in 0..10_u32) {
        let moved = days_after(day, later).unwrap();
        let (a, b) = (calendar_days(day, n, Place::Nation).unwrap(), calendar_days(moved, n + more, Place::Nation).unwrap());
        prop_assert!(a.safe_by <= b.safe_by && a.last_day <= b.last_day && a.outer <= b.outer);
        prop_assert!(business_days(day, n, Place::Nation).unwrap() <= business_days(moved, n + more, Place::Nation).unwrap());
        let (a, b) = (months_after(day, n as i32).unwrap(), months_after(moved, (n + more) as i32).unwrap());
        prop_assert!(a.clamped <= b.clamped && a.outer <= b.outer && a.clamped <= a.outer);
        let (a, b) = (window_opening(day, n + more).unwrap(), window_opening(moved, n).unwrap());
        prop_assert!(a <= b);
        let (a, b) = (day.at(9, 0, 0, 0), moved.at(9, 0, 0, 0));
        prop_assert!(clock_hours_on_working_days(a, n).unwrap() <= clock_hours_on_working_days(b, n + more).unwrap());
    }

    #[test]
    fn anniversaries_keep_safe_before_outer(day in day(), years in 0..60_i32, less in 0..3_u32) {
        let anniversary = years_after(day, years).unwrap();
        let counted = anniversary_deadline(day, anniversary, less, Place::Nation).unwrap();
        prop_assert!(counted.safe_by <= counted.last_day && counted.last_day <= counted.outer);
        prop_assert_eq!(anniversary.clamped.month(), day.month());
        prop_assert!(days_between(anniversary.clamped, anniversary.outer) <= 1);
    }

    #[test]
    fn working_days_are_the_nearest(day in day()) {
        let (before, after) = (working_day_on_or_before(day).unwrap(), working_day_on_or_after(day, Place::Nation).unwrap());
        prop_assert!(before <= day && day <= after);
        prop_assert!(is_working_day(before, Place::Nation) && is_working_day(after, Place::Nation));
        prop_assert!(days_between(before, after) <= 6);
        let mut between = before.tomorrow().unwrap();
        while between < after {
            prop_assert!(!is_working_day(between, Place::Nation));
            between = between.tomorrow().unwrap();
        }
    }

    #[test]
    fn days_after_and_between_agree(day in day(), n in -20_000..20_000_i64) {
        prop_assert_eq!(days_between(day, days_after(day, n).unwrap()), n);
    }
}
