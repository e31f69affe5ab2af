use crate::material::material;
use insta::assert_snapshot;
use lifecycle::{Timeline, line_up};
use proptest::prelude::*;
use std::fmt::Write;

fn show(timeline: &Timeline) -> String {
    let mut out = String::new();
    for moment in &timeline.moments {
        let reports: Vec<_> = moment.reports.iter().map(|r| format!("{} {}", r.source, r.at.date())).collect();
        let mark =
            if moment.in_conflict() { format!("  conflict: {:?}", moment.disagreements()) } else { String::new() };
        let _ = writeln!(out, "{} [{}]{mark}", moment.kind.name(), reports.join(", "));
    }
    for stay in &timeline.stays {
        let stints: Vec<_> = stay.stints.iter().map(|s| s.facility.as_deref().unwrap_or("?")).collect();
        let end = stay.end().map_or("open".to_owned(), |e| e.date().to_string());
        let _ = writeln!(out, "stay {} to {end}: {}", stay.start().date(), stints.join(" > "));
    }
    out
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(show(&line_up(&material(text))).trim(), expected.trim().replace("            ", ""));
}

#[test]
fn two_sources_that_agree_make_one_moment() {
    check(
        "eoir nta_served 2026-01-05
         uscis nta_served 2026-01-05",
        "nta_served [eoir 2026-01-05, uscis 2026-01-05]",
    );
}

#[test]
fn reports_that_differ_stand_side_by_side() {
    check(
        "eoir decided 2026-01-05 decision=removal_ordered
         intake decided 2026-01-06 decision=relief_granted",
        "decided [eoir 2026-01-05, intake 2026-01-06]  conflict: [Day, Attribute(Decision)]",
    );
}

#[test]
fn day_and_month_swapped_is_one_thing() {
    check(
        "cbp arrived 2025-03-04
         intake arrived 2025-04-03",
        "arrived [cbp 2025-03-04, intake 2025-04-03]  conflict: [Day]",
    );
}

#[test]
fn one_source_reporting_two_days_means_two_things() {
    check(
        "cbp arrived 2025-03-04
         cbp arrived 2025-03-05",
        "arrived [cbp 2025-03-04]
            arrived [cbp 2025-03-05]",
    );
}

#[test]
fn another_kind_of_application_is_another_thing() {
    check(
        "eoir application_filed 2025-03-04 kind=asylum
         uscis application_filed 2025-03-04 kind=work_permit",
        "application_filed [eoir 2025-03-04]
            application_filed [uscis 2025-03-04]",
    );
}

#[test]
fn a_later_release_repeats_an_earlier_one_under_other_ids() {
    check(
        "ice custody_started 2026-01-02 stint=s1 facility=North
         ice@2 custody_started 2026-01-02 stint=t9 facility=North
         ice@2 custody_ended 2026-02-01 stint=t9",
        "custody_started [ice 2026-01-02, ice 2026-01-02]
            custody_ended [ice 2026-02-01]
            stay 2026-01-02 to 2026-02-01: North",
    );
}

#[test]
fn a_stay_names_the_facility_that_any_source_names() {
    check(
        "eoir custody_started 2026-01-02 stint=c1
         ice custody_started 2026-01-02 stint=s1 facility=North",
        "custody_started [eoir 2026-01-02, ice 2026-01-02]
            stay 2026-01-02 to open: North",
    );
}

#[test]
fn posting_an_application_is_not_its_receipt() {
    check(
        "intake application_filed 2026-01-02 kind=asylum service=mail
         uscis application_filed 2026-01-05 kind=asylum",
        "application_filed [intake 2026-01-02]
            application_filed [uscis 2026-01-05]",
    );
}

#[test]
fn a_transfer_does_not_end_a_stay() {
    check(
        "ice custody_started 2026-01-02T08:00 stint=s1 facility=North
         ice custody_ended 2026-02-01T10:00 stint=s1
         ice custody_started 2026-02-01T19:00 stint=s2 facility=South",
        "custody_started [ice 2026-01-02]
            custody_ended [ice 2026-02-01]
            custody_started [ice 2026-02-01]
            stay 2026-01-02 to open: North > South",
    );
}

#[test]
fn a_release_ends_a_stay() {
    assert_snapshot!(show(&line_up(&material(
        "ice custody_started 2026-01-02 stint=s1 facility=North
         ice custody_ended 2026-01-20 stint=s1
         ice custody_started 2026-05-02 stint=s2 facility=South
         ice custody_ended 2026-05-09 stint=s2"
    ))), @r"
    custody_started [ice 2026-01-02]
    custody_ended [ice 2026-01-20]
    custody_started [ice 2026-05-02]
    custody_ended [ice 2026-05-09]
    stay 2026-01-02 to 2026-01-20: North
    stay 2026-05-02 to 2026-05-09: South
    ");
}

proptest! {
    /// LC-1: a timeline does not depend on the order in which rows arrive, and no report is lost or doubled.
    #[test]
    fn order_of_arrival_does_not_matter(
        rows in prop::collection::vec((0..3usize, 0..4usize, 1..28i8, 1..13i8), 1..30),
        seed in any::<u64>(),
    ) {
        let kinds = ["arrived", "decided", "custody_started", "custody_ended"];
        let text: String = rows
            .iter()
            .map(|(s, k, day, month)| format!("{} {} 2025-{month:02}-{day:02}\n", ["a", "b", "c"][*s], kinds[*k]))
            .collect();
        let straight = material(&text);
        let mut shuffled = straight.clone();
        let n = shuffled.events.len();
        for i in 0..n {
            shuffled.events.swap(i, (seed as usize).wrapping_mul(i + 1) % n);
        }
        let timeline = line_up(&straight);
        prop_assert_eq!(&timeline, &line_up(&shuffled));
        prop_assert_eq!(timeline.moments.iter().map(|m| m.reports.len()).sum::<usize>(), n);
    }
}
