use crate::support::{LIBRARY, facts};
use jiff::civil::date;
use law::{Finding, JudgeError};
use model::{FactState, FactValue, Sourced, Status, Subject};

#[test]
fn results_come_in_the_order_of_the_sets_and_of_the_criteria() {
    let sets = [
        facts(Subject::FinalOrder, "final_order_date = 2026-02-02"),
        facts(Subject::Decision, "decision_date = 2026-02-02"),
        facts(Subject::FinalOrder, "final_order_date = 2026-02-03"),
    ];
    let judged = LIBRARY.judge(&sets, date(2026, 3, 2)).unwrap();
    let ids: Vec<_> = judged.iter().map(|judged| &*judged.criterion).collect();
    let final_order = ["motion-reopen", "removal-period-custody-review", "zadvydas-six-month"];
    assert_eq!(ids, [&final_order[..], &["bia-appeal-notice"], &final_order[..]].concat());
}

#[test]
fn no_sets_give_no_results() {
    assert!(LIBRARY.judge(&[], date(2026, 3, 2)).unwrap().is_empty());
}

#[test]
fn a_value_of_the_wrong_type_is_refused_with_its_names() {
    let mut set = facts(Subject::Decision, "");
    let value = Sourced { value: FactValue::Text("4 May".to_owned()), from: vec![] };
    set.facts.insert("decision_date", FactState::Known(value));
    let error = LIBRARY.judge(&[set], date(2026, 3, 2)).unwrap_err();
    assert!(matches!(error, JudgeError::WrongType { .. }));
    assert_eq!(error.to_string(), "failed to judge `case`: fact `decision_date` is a date but holds a text");
}

/// A conflict that does not change the status is noted and does no harm; one that does is named.
#[test]
fn conflicts_say_whether_they_matter() {
    let set = facts(
        Subject::Decision,
        "decision_date = [2026-05-04, 2026-05-11]\nappeal_filed_date = 2026-05-20\nappeal_waived = [true, false]",
    );
    let judged = LIBRARY.judge(&[set], date(2026, 11, 24)).unwrap();
    assert_eq!((judged[0].status, judged[0].result), (Status::CannotTell, Finding::Conflict));
    let conflicts: Vec<_> = judged[0].conflicts.iter().map(|conflict| (conflict.fact, conflict.matters)).collect();
    assert_eq!(conflicts, [("appeal_waived", true), ("decision_date", false)]);
}

#[test]
fn too_many_conflicting_combinations_cannot_be_told() {
    let dates: Vec<_> = (1..=28).map(|day| format!("2026-02-{day:02}")).collect();
    let text = format!("decision_date = [{0}]\nappeal_filed_date = [{0}]", dates.join(","));
    let judged = LIBRARY.judge(&[facts(Subject::Decision, &text)], date(2026, 11, 24)).unwrap();
    assert_eq!((judged[0].status, judged[0].result), (Status::CannotTell, Finding::Conflict));
    assert!(judged[0].conflicts.iter().all(|conflict| conflict.matters));
}

#[test]
fn the_last_day_to_appeal_is_asked_by_trigger() {
    let last_day = |day| LIBRARY.last_day("bia-appeal-notice", day).unwrap();
    assert_eq!(last_day(date(2026, 6, 4)), Some(date(2026, 7, 6)));
    assert_eq!(LIBRARY.last_day("usc-derived-320", date(2026, 6, 4)).unwrap(), None);
    assert!(LIBRARY.last_day("no-such-criterion", date(2026, 6, 4)).is_err());
}

#[test]
fn liberty_marks_custody_criteria() {
    let at_stake: Vec<_> = LIBRARY
        .criteria()
        .iter()
        .filter(|criterion| criterion.liberty)
        .map(|criterion| criterion.code.as_str())
        .collect();
    assert_eq!(at_stake, ["E2", "E1", "B3", "D4", "B4"]);
}
