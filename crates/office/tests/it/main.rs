//! The case store on a real SQLite file, each test with its own.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use jiff::{SignedDuration, Timestamp};
use model::{DeliveryId, PersonId, Purpose, RecordId};
use office::{Actor, EntryKind, LedgerEntry, Office, OfficeError, OpeningId, Stamp, Verdict};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

const AT: Timestamp = Timestamp::constant(1_795_000_000, 0);

struct Desk {
    office: Office,
    folder: tempfile::TempDir,
}

async fn desk() -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let office = Office::open(&folder.path().join("office.sqlite")).await.unwrap();
    Desk { office, folder }
}

fn stamp(n: u8) -> Stamp {
    Stamp { at: AT + SignedDuration::from_secs(i64::from(n)), chance: [n; 32] }
}

fn ana() -> Actor {
    Actor("Ana Test".to_owned())
}

async fn entries(office: &Office) -> Vec<LedgerEntry> {
    office.entries_from(1).await.unwrap().iter().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn a_delivery_recorded_twice_is_recorded_once() {
    let desk = desk().await;
    let id = DeliveryId::new("d-1");
    assert!(desk.office.record_delivery(&id, &ana(), stamp(1)).await.unwrap());
    assert!(!desk.office.record_delivery(&id, &ana(), stamp(2)).await.unwrap());
    assert_eq!(desk.office.deliveries().await.unwrap()[&id].0, stamp(1).at);
    let entries = entries(&desk.office).await;
    assert_eq!(entries.len(), 1);
    assert_eq!((entries[0].event, entries[0].subject.as_deref()), (EntryKind::DeliveryAdded, Some("d-1")));
}

#[tokio::test]
async fn a_judgement_is_withdrawn_and_never_erased() {
    let desk = desk().await;
    let (a, b) = (RecordId::new("a"), RecordId::new("b"));
    let given = desk.office.judge((&b, &a), Verdict::Different, &ana(), "two brothers", stamp(1)).await.unwrap();
    assert_eq!(given.records, (a.clone(), b.clone()), "smaller id first");
    desk.office.withdraw(&given.id, &ana(), "same passport after all", stamp(2)).await.unwrap();
    let all = desk.office.judgements().await.unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].withdrawn.as_ref().unwrap().why, "same passport after all");
    let again = desk.office.withdraw(&given.id, &ana(), "again", stamp(3)).await.unwrap_err();
    assert!(matches!(again, OfficeError::NoJudgement(_)));
    let kinds: Vec<_> = entries(&desk.office).await.iter().map(|e| e.event).collect();
    assert_eq!(kinds, [EntryKind::JudgementGiven, EntryKind::JudgementWithdrawn]);
}

#[tokio::test]
async fn a_judgement_needs_two_records_a_judge_and_a_reason() {
    let desk = desk().await;
    let (a, b) = (RecordId::new("a"), RecordId::new("b"));
    let nobody = Actor(" ".to_owned());
    for (records, by, why, expected) in [
        ((&a, &a), &ana(), "x", "cannot judge record `a` against itself"),
        ((&a, &b), &nobody, "x", "who judges must not be empty"),
        ((&a, &b), &ana(), "", "the reason must not be empty"),
    ] {
        let error = desk.office.judge(records, Verdict::Same, by, why, stamp(1)).await.unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
    assert_eq!(entries(&desk.office).await, []);
}

#[tokio::test]
async fn an_opening_serves_its_person_for_a_working_day() {
    let desk = desk().await;
    let (ida, other) = (PersonId::new("p-ida"), PersonId::new("p-other"));
    let opening = desk.office.open_file(&ida, Purpose::Representation, &ana(), stamp(1)).await.unwrap();
    let stored = desk.office.opening(&opening.id).await.unwrap().unwrap();
    assert_eq!(stored, opening);
    assert!(stored.admits(&ida, AT + SignedDuration::from_hours(8)));
    assert!(!stored.admits(&ida, AT + SignedDuration::from_hours(9)));
    assert!(!stored.admits(&ida, AT), "before it was opened");
    assert!(!stored.admits(&other, stored.at));
    assert_eq!(desk.office.opening(&OpeningId("guessed".to_owned())).await.unwrap(), None);
    assert_eq!(desk.office.openings(&ida).await.unwrap(), [opening]);
}

#[tokio::test]
async fn the_ledger_entry_commits_to_the_payload_and_tells_nothing_of_the_person() {
    let desk = desk().await;
    let ida = PersonId::new("p-ida");
    desk.office.open_file(&ida, Purpose::Intake, &ana(), stamp(7)).await.unwrap();
    let line = desk.office.entries_from(1).await.unwrap().remove(0);
    assert!(!line.contains("ida") && !line.contains("Ana"), "{line}");
    let payload = r#"{"person":"p-ida","purpose":"intake","reader":"Ana Test"}"#;
    let expected: String = Sha256::new()
        .chain_update([7; 32])
        .chain_update(payload)
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let entry: LedgerEntry = serde_json::from_str(&line).unwrap();
    assert_eq!(entry.commitment, expected);
}

#[tokio::test]
async fn a_refusal_is_logged_like_an_opening() {
    let desk = desk().await;
    desk.office.refuse_opening(&PersonId::new("p-ida"), "no purpose", stamp(1)).await.unwrap();
    assert_eq!(entries(&desk.office).await[0].event, EntryKind::OpeningRefused);
}

#[tokio::test]
async fn a_build_replaces_the_memberships() {
    let desk = desk().await;
    let day = jiff::civil::date(2026, 11, 24);
    let members = |pairs: &[(&str, &str)]| -> BTreeMap<RecordId, PersonId> {
        pairs.iter().map(|(r, p)| (RecordId::new(*r), PersonId::new(*p))).collect()
    };
    let (first, second) = (members(&[("a", "p1"), ("b", "p1")]), members(&[("a", "p1"), ("b", "p2")]));
    desk.office.record_build("b-1", day, &first, &ana(), stamp(1)).await.unwrap();
    desk.office.record_build("b-2", day, &second, &ana(), stamp(2)).await.unwrap();
    assert_eq!(desk.office.memberships().await.unwrap(), second);
    assert_eq!(entries(&desk.office).await.len(), 2);
}

#[tokio::test]
async fn many_writers_leave_one_unbroken_row_of_entries() {
    let desk = desk().await;
    let tasks: Vec<_> = (0..20u8)
        .map(|n| {
            let office = desk.office.clone();
            tokio::spawn(async move { office.refuse_opening(&PersonId::new("p"), "test", stamp(n)).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    let seqs: Vec<_> = entries(&desk.office).await.iter().map(|e| e.seq).collect();
    assert_eq!(seqs, (1..=20).collect::<Vec<u64>>());
}

#[tokio::test]
async fn a_store_that_is_not_one_is_named() {
    let desk = desk().await;
    let path = desk.folder.path().join("not-a-store.sqlite");
    std::fs::write(&path, "this is not a database, and it is long enough to be read as a header of one. ".repeat(20))
        .unwrap();
    let error = Office::open(&path).await.unwrap_err().to_string();
    assert!(error.contains("not-a-store.sqlite"), "{error}");
}
