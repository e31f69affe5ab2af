//! Judgements, chains, and ids that stay.

use linkage::{Assignment, Config, Event, Judgement, Verdict, Warning, assignment, keep_ids, link};

use crate::support::{records, show};

const FOUR: &str = "
    a | Ilvana | Quespera Brumal | 1990-03-04 | A111-222-333 | GTM
    b | Ilvana | Quespera        | 1990-03-04 | 111222333    | GTM
    c | Ilvana | Brumal          | 1990-03-04 |              | GTM
    d | Torvald | Zintho         | 1962-11-30 | A777-666-555 | HND
";

fn judged(left: &str, right: &str, verdict: Verdict) -> Judgement {
    Judgement { left: left.to_owned(), right: right.to_owned(), verdict }
}

#[track_caller]
fn check(judgements: &[Judgement], clusters: &str, warnings: &[Warning]) {
    let records = records(FOUR);
    let linked = link(&records, &Config::standard(), judgements, 1).unwrap();
    assert_eq!(show(&records, &linked.clusters), clusters);
    assert_eq!(linked.report.warnings, warnings);
}

#[test]
fn without_judgements() {
    check(&[], "a: a b c\nd: d\n", &[]);
}

#[test]
fn different_is_never_joined_over() {
    check(&[judged("a", "b", Verdict::Different)], "a: a c\nb: b\nd: d\n", &[]);
}

#[test]
fn same_joins_what_does_not_look_alike() {
    check(&[judged("d", "a", Verdict::Same)], "a: a b c d\n", &[]);
}

#[test]
fn unsure_changes_nothing() {
    check(&[judged("a", "b", Verdict::Unsure), judged("a", "d", Verdict::Unsure)], "a: a b c\nd: d\n", &[]);
}

#[test]
fn different_stands_against_a_chain_of_same() {
    let judgements =
        [judged("a", "b", Verdict::Same), judged("b", "d", Verdict::Same), judged("a", "d", Verdict::Different)];
    let contradiction = Warning::ContradictoryJudgements { left: "b".to_owned(), right: "d".to_owned() };
    check(&judgements, "a: a b c\nd: d\n", &[contradiction]);
}

#[test]
fn same_and_different_of_one_pair() {
    let judgements = [judged("a", "b", Verdict::Same), judged("b", "a", Verdict::Different)];
    let contradiction = Warning::ContradictoryJudgements { left: "a".to_owned(), right: "b".to_owned() };
    check(&judgements, "a: a c\nb: b\nd: d\n", &[contradiction]);
}

#[test]
fn a_judgement_on_a_record_that_is_gone() {
    check(
        &[judged("a", "gone", Verdict::Same)],
        "a: a b c\nd: d\n",
        &[Warning::JudgedRecordMissing { id: "gone".to_owned() }],
    );
}

#[test]
fn a_chain_is_not_one_person() {
    // Neighbours share name and birth date or number; the ends share nothing.
    let records = records(
        "a | Ilvana  | Brumal | 1990-03-04 |            | GTM
         b | Ilvana  | Brumal | 1990-03-04 | A111222333 | GTM
         c | Torvald | Zintho | 1962-11-30 | A111222333 | HND
         d | Torvald | Zintho | 1962-11-30 |            | HND",
    );
    let linked = link(&records, &Config::standard(), &[], 1).unwrap();
    assert_eq!(show(&records, &linked.clusters), "a: a b\nc: c d\n");
}

fn previous(rows: &[(&str, &str)]) -> Assignment {
    rows.iter().map(|&(record, cluster)| (record.to_owned(), cluster.to_owned())).collect()
}

#[track_caller]
fn check_ids(earlier: &[(&str, &str)], clusters: &str, events: &[Event]) {
    let records = records(FOUR);
    let linked = link(&records, &Config::standard(), &[], 1).unwrap();
    let (kept, found) = keep_ids(&records, linked.clusters, &previous(earlier));
    assert_eq!(show(&records, &kept), clusters);
    assert_eq!(found, events);
}

#[test]
fn ids_stay_when_membership_does() {
    check_ids(&[("a", "p-1"), ("b", "p-1"), ("c", "p-1"), ("d", "p-2")], "p-1: a b c\np-2: d\n", &[]);
}

#[test]
fn a_new_record_joins_the_old_id() {
    check_ids(&[("b", "p-1"), ("d", "p-2")], "p-1: a b c\np-2: d\n", &[]);
}

#[test]
fn merged_clusters_keep_the_larger_id() {
    let merged = Event::Merged { from: vec!["p-1".to_owned(), "p-9".to_owned()], into: "p-9".to_owned() };
    check_ids(&[("a", "p-1"), ("b", "p-9"), ("c", "p-9")], "d: d\np-9: a b c\n", &[merged]);
}

#[test]
fn the_larger_part_of_a_split_keeps_the_id() {
    let split = Event::Split { from: "d".to_owned(), into: vec!["d".to_owned(), "d~2".to_owned()] };
    check_ids(&[("a", "d"), ("b", "d"), ("c", "d"), ("d", "d")], "d: a b c\nd~2: d\n", &[split]);
}

#[test]
fn assignment_round_trip() {
    let records = records(FOUR);
    let linked = link(&records, &Config::standard(), &[], 1).unwrap();
    let before = assignment(&records, &linked.clusters);
    let (kept, events) = keep_ids(&records, linked.clusters.clone(), &before);
    assert_eq!((kept, events), (linked.clusters, Vec::new()));
}
