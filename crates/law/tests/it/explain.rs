use crate::support::{LIBRARY, facts, with_rows};
use jiff::civil::date;
use law::{Change, Selection};
use model::{FactState, FactValue, Lang, Status, Subject};

fn appeal() -> model::FactSet {
    with_rows(facts(Subject::Decision, "decision_date = 2026-06-04\nappeal_waived = false"))
}

#[test]
fn an_appeal_in_english() {
    let explanation = LIBRARY.explain(&appeal(), "bia-appeal-notice", date(2026, 6, 10)).unwrap();
    insta::assert_snapshot!(explanation.render(Lang::En));
}

#[test]
fn an_appeal_in_spanish() {
    let explanation = LIBRARY.explain(&appeal(), "bia-appeal-notice", date(2026, 6, 10)).unwrap();
    insta::assert_snapshot!(explanation.render(Lang::Es));
}

#[test]
fn a_custody_review_that_cannot_be_told() {
    let set = with_rows(facts(Subject::FinalOrder, "removal_period_start = 2026-02-02\nin_custody = true"));
    let explanation = LIBRARY.explain(&set, "removal-period-custody-review", date(2026, 5, 20)).unwrap();
    insta::assert_snapshot!(explanation.render(Lang::En));
}

#[test]
fn a_conflict_about_age() {
    let text = "birth_date = [2008-09-01, 2009-09-01]\nage_date = 2026-11-24\nage_date_kind = \"custody\"";
    let set = with_rows(facts(Subject::AgeDate, text));
    let explanation = LIBRARY.explain(&set, "dob-conflict-minor", date(2026, 11, 24)).unwrap();
    insta::assert_snapshot!(explanation.render(Lang::En));
}

#[test]
fn a_disputed_arrival_in_spanish() {
    let set =
        with_rows(facts(Subject::Arrival, "arrival_date = [2025-05-25, 2025-11-22]\nasylum_filed_date = 2026-08-03"));
    let explanation = LIBRARY.explain(&set, "asylum-one-year-filing", date(2026, 11, 24)).unwrap();
    insta::assert_snapshot!(explanation.render(Lang::Es));
}

#[test]
fn a_work_permit_with_delay() {
    let text = "asylum_received_date = 2026-02-02\napplicant_delay_days = 20";
    let explanation = LIBRARY
        .explain(&with_rows(facts(Subject::AsylumApplication, text)), "asylum-ead-clock", date(2026, 6, 1))
        .unwrap();
    insta::assert_snapshot!(explanation.render(Lang::En));
}

#[test]
fn every_value_walks_back_to_its_rows() {
    let explanation = LIBRARY.explain(&appeal(), "bia-appeal-notice", date(2026, 6, 10)).unwrap();
    let Some(FactState::Known(decided)) = explanation.fact("decision_date") else { panic!("not known") };
    assert_eq!(decided.from.len(), 1);
    assert_eq!(explanation.selection, Selection::By(date(2026, 6, 4)));
}

/// The nearest dates on which a late appeal would have been met, and an early one late.
#[test]
fn flips_name_the_nearest_change() {
    let set =
        facts(Subject::Decision, "decision_date = 2026-06-04\nappeal_filed_date = 2026-07-20\nappeal_waived = false");
    let explanation = LIBRARY.explain(&set, "bia-appeal-notice", date(2026, 11, 24)).unwrap();
    assert_eq!(explanation.judged.status, Status::Missed);
    let of = |fact: &str| explanation.flips.iter().filter(|flip| flip.fact == fact).collect::<Vec<_>>();
    let filed = of("appeal_filed_date");
    assert_eq!(filed[0].change, Change::Value(FactValue::Date(date(2026, 7, 6))));
    assert_eq!(filed[0].status, Status::Met);
    // Filed after the as-of date, it is still missed.
    assert_eq!(filed.len(), 1);
    // 19 June 2026 + 30 days is Sunday, 19 July; outer Monday the 20th.
    let decided = of("decision_date");
    assert!(decided.iter().any(|flip| flip.change == Change::Value(FactValue::Date(date(2026, 6, 18)))), "{decided:?}");
    assert_eq!(of("appeal_waived")[0].status, Status::NotApplicable);
}

#[test]
fn flips_of_an_unknown_date_come_in_stretches() {
    let set = facts(Subject::Decision, "decision_date = 2026-06-04");
    let explanation = LIBRARY.explain(&set, "bia-appeal-notice", date(2026, 11, 24)).unwrap();
    let lines: Vec<_> = explanation
        .flips
        .iter()
        .filter(|flip| flip.fact == "appeal_filed_date")
        .map(|flip| flip.line(Lang::En))
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn unknown_criteria_and_wrong_subjects_say_so() {
    let error = LIBRARY.explain(&appeal(), "bia-apeal", date(2026, 6, 10)).map(|_| ()).unwrap_err();
    assert!(
        error.to_string().starts_with("failed to explain: there is no criterion `bia-apeal`; criteria are"),
        "{error}"
    );
    let error = LIBRARY.explain(&appeal(), "motion-reopen", date(2026, 6, 10)).map(|_| ()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "failed to explain criterion `motion-reopen`: it judges a `final_order`, not a `decision`"
    );
}
