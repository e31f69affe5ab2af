use crate::material::material;
use jiff::civil::{Date, date};
use lifecycle::{Horizon, facts, line_up};
use model::{FactState, Subject, fact_def};
use std::fmt::Write;

/// Facts of every set of `subject`, in text, as of 2026-11-24. The appeal period is a stand-in of ten days.
fn read(text: &str, subject: Subject, names: &[&str]) -> String {
    let material = material(text);
    let ten_days = |day: Date| day.saturating_add(jiff::Span::new().days(10));
    let horizon = Horizon { as_of: date(2026, 11, 24), last_day_to_appeal: &ten_days };
    let mut out = String::new();
    for set in facts(&material, &line_up(&material), &horizon) {
        for (name, state) in &set.facts {
            let def = fact_def(name).unwrap_or_else(|| panic!("`{name}` is not in the vocabulary"));
            let kinds_fit = match state {
                FactState::Known(v) => v.value.kind() == def.kind,
                FactState::Conflict(vs) => vs.iter().all(|v| v.value.kind() == def.kind),
                FactState::Absent { .. } => true,
            };
            assert!(kinds_fit, "`{name}` has the wrong type");
        }
        if set.subject != subject {
            continue;
        }
        for name in names {
            let shown = match set.facts.get(name) {
                None => "unknown".to_owned(),
                Some(FactState::Known(v)) => format!("{} ({} rows)", v.value, v.from.len()),
                Some(FactState::Absent { through, from }) => format!("absent through {through} ({} rows)", from.len()),
                Some(FactState::Conflict(vs)) => vs.iter().map(|v| v.value.to_string()).collect::<Vec<_>>().join(" / "),
            };
            let _ = writeln!(out, "{name}: {shown}");
        }
    }
    out
}

#[track_caller]
fn check(text: &str, subject: Subject, expected: &[(&str, &str)]) {
    let names: Vec<_> = expected.iter().map(|(name, _)| *name).collect();
    let wanted: String = expected.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
    assert_eq!(read(text, subject, &names), wanted);
}

const DECISION: &str = "eoir case c1
    eoir decided 2026-10-01 case=c1 decision=removal_ordered in_absentia=false";

#[test]
fn no_appeal_in_a_complete_record_is_a_fact_and_elsewhere_unknown() {
    check(DECISION, Subject::Decision, &[("appeal_filed_date", "unknown"), ("decision_adverse", "true (1 rows)")]);
    let covered = format!("{DECISION}\n eoir covers appeal_filed case 2026-11-01");
    check(&covered, Subject::Decision, &[("appeal_filed_date", "absent through 2026-11-01 (1 rows)")]);
}

#[test]
fn an_order_becomes_final() {
    let last_day = format!("{DECISION}\n eoir covers appeal_filed case 2026-11-01");
    check(&last_day, Subject::FinalOrder, &[("final_order_date", "2026-10-11 (2 rows)")]);
    check(DECISION, Subject::FinalOrder, &[]);
    check(
        "eoir case c1
         eoir decided 2026-10-01 case=c1 decision=removal_ordered in_absentia=true",
        Subject::FinalOrder,
        &[("final_order_date", "2026-10-01 (1 rows)")],
    );
    let appealed = format!(
        "{DECISION}
         eoir appeal_filed 2026-10-05 case=c1 party=person
         eoir appeal_decided 2026-11-20 case=c1 decision=dismissed"
    );
    check(&appealed, Subject::FinalOrder, &[("final_order_date", "2026-11-20 (1 rows)")]);
    let pending = format!("{DECISION}\n eoir appeal_filed 2026-10-05 case=c1 party=person");
    assert_eq!(read(&pending, Subject::FinalOrder, &["final_order_date"]), "");
}

#[test]
fn a_delivery_that_stops_before_the_last_day_settles_nothing() {
    let early = format!("{DECISION}\n eoir covers appeal_filed case 2026-10-05");
    assert_eq!(read(&early, Subject::FinalOrder, &["final_order_date"]), "");
}

#[test]
fn birth_dates_that_differ_are_a_conflict_and_make_age_dates() {
    let text = "ice record birth_date=2008-09-01
        intake record birth_date=2009-09-01
        ice custody_started 2026-11-20 stint=s1 facility=North";
    check(
        text,
        Subject::Person,
        &[
            ("birth_date", "2008-09-01 / 2009-09-01"),
            ("birth_date_earliest", "2008-09-01 (1 rows)"),
            ("birth_date_latest", "2009-09-01 (1 rows)"),
            ("in_custody", "true (1 rows)"),
        ],
    );
    check(text, Subject::AgeDate, &[("age_date", "2026-11-20 (1 rows)\nage_date: 2026-11-24 (1 rows)")]);
}

#[test]
fn one_certain_birth_date_needs_no_age_dates() {
    let text = "ice record birth_date=1980-01-01
        ice custody_started 2026-11-20 stint=s1";
    check(text, Subject::AgeDate, &[]);
}

#[test]
fn only_the_persons_own_stops_count_against_the_clock() {
    check(
        "eoir application_filed 2026-02-02 kind=asylum case=c1
         eoir clock_stopped 2026-03-01 party=person
         eoir clock_started 2026-03-21
         eoir clock_stopped 2026-04-01 party=government
         eoir clock_started 2026-04-11",
        Subject::AsylumApplication,
        &[("asylum_received_date", "2026-02-02 (1 rows)"), ("applicant_delay_days", "20 (4 rows)")],
    );
}

#[test]
fn custody_still_open_after_a_departure() {
    check(
        "ice record a_number=A900000001
         ice covers custody_ended person_record 2026-06-12
         ice custody_started 2026-05-01T08:00 stint=s1 facility=North
         ice-removals departed 2026-06-10",
        Subject::CustodyStint,
        &[
            ("custody_end_at", "absent through 2026-06-12 (1 rows)"),
            ("removal_at", "2026-06-10T00:00:00 (1 rows)"),
            ("removal_date", "2026-06-10 (1 rows)"),
        ],
    );
}

#[test]
fn a_visit_abroad_is_no_departure_and_an_arrival_after_it_counts() {
    check(
        "ice custody_started 2026-05-01 stint=s1
         cbp departed 2026-06-01 manner=own_travel
         cbp arrived 2026-06-20",
        Subject::CustodyStint,
        &[("removal_date", "unknown")],
    );
    check(
        "cbp arrived 2025-01-10
         cbp departed 2026-06-01 manner=own_travel
         cbp arrived 2026-06-20
         intake application_filed 2026-07-01 kind=asylum service=mail",
        Subject::Arrival,
        &[("arrival_date", "2026-06-20 (1 rows)"), ("asylum_filed_date", "unknown")],
    );
}

#[test]
fn absence_is_known_as_far_as_the_latest_release_reaches() {
    check(
        "ice record a_number=A900000001
         ice covers custody_ended person_record 2025-09-30
         ice@2 covers custody_ended person_record 2026-11-20
         ice custody_started 2025-05-01 stint=s1 facility=North
         ice@2 custody_started 2025-05-01 stint=t9 facility=North",
        Subject::CustodyStint,
        &[("custody_end_at", "absent through 2026-11-20 (1 rows)")],
    );
}

#[test]
fn what_the_notice_to_appear_says_of_time_and_place() {
    check(
        "intake nta_served 2026-02-01 disposition=no_time_or_place aggravated_felony=false",
        Subject::Person,
        &[
            ("nta_compliant", "false (1 rows)"),
            ("aggravated_felony", "false (1 rows)"),
            ("in_proceedings", "true (1 rows)"),
        ],
    );
}

#[test]
fn a_notice_that_came_back_and_one_that_arrived_are_a_conflict() {
    check(
        "eoir case c1
         intake notice_returned 2026-03-01 case=c1
         intake hearing 2026-04-01 case=c1 disposition=notice_received
         eoir decided 2026-04-01 case=c1 decision=removal_ordered in_absentia=true",
        Subject::InAbsentiaOrder,
        &[("hearing_notice_received", "false / true")],
    );
}

#[test]
fn what_lies_after_the_as_of_day_is_not_looked_at() {
    check(
        "ice custody_started 2026-11-01 stint=s1
         ice custody_ended 2026-11-30 stint=s1",
        Subject::Person,
        &[("in_custody", "true (2 rows)"), ("custody_since", "2026-11-01 (2 rows)")],
    );
}

#[test]
fn a_returned_notice_and_custody_on_the_day_of_an_order_in_absence() {
    check(
        "eoir case c1
         eoir notice_returned 2026-03-01 case=c1
         jail custody_started 2026-03-10 stint=s1
         jail custody_ended 2026-05-10 stint=s1
         eoir decided 2026-04-01 case=c1 decision=removal_ordered in_absentia=true",
        Subject::InAbsentiaOrder,
        &[
            ("hearing_notice_received", "false (1 rows)"),
            ("in_custody_on_order_date", "true (1 rows)"),
            ("motion_rescind_filed_date", "unknown"),
        ],
    );
}
