//! The made-up cases say in the files what their notes promise.

use crate::{demo, rows};
use jiff::civil::Date;
use std::collections::BTreeMap;
use synth::{DEMO, showcases};

type Row = BTreeMap<String, String>;

/// The rows of a court table that belong to the showcase `key`.
fn court(key: &str, table: &str) -> Vec<Row> {
    let record = record(key, "eoir").unwrap_or_default();
    let case = record.rsplit('/').next().unwrap().to_owned();
    named(rows(&demo().root().join(format!("eoir/{table}.csv")), b'\t', false), 0)
        .into_iter()
        .filter(|row| !case.is_empty() && (row.get("IDNCASE") == Some(&case) || row.get("idncase") == Some(&case)))
        .collect()
}

/// The rows of an ICE release that belong to the showcase `key`.
fn ice(key: &str, delivery: &str) -> Vec<Row> {
    let Some(record) = record(key, delivery) else { return Vec::new() };
    let id = record.rsplit(':').next().unwrap();
    let found = demo().written.deliveries.iter().find(|d| d.name == delivery).unwrap();
    let all = named(rows(&found.files[0], b'|', true), 6);
    all.into_iter().filter(|row| row["Anonymized Identifier"] == id).collect()
}

fn record(key: &str, delivery: &str) -> Option<String> {
    let person = format!("p{:05}", showcases().find(|case| case.key == key).unwrap().no);
    let records = demo().truth("records.csv");
    records.into_iter().find(|r| r["person_id"] == person && r["delivery"] == delivery).map(|r| r["record_id"].clone())
}

fn named(rows: Vec<Vec<String>>, header: usize) -> Vec<Row> {
    let names = rows[header].clone();
    rows[header + 1..].iter().map(|row| names.iter().cloned().zip(row.iter().cloned()).collect()).collect()
}

fn date(cell: &str) -> Date {
    cell[..10].parse().unwrap()
}

fn days_ago(cell: &str) -> i64 {
    i64::from(date(cell).until(DEMO.as_of).unwrap().get_days())
}

#[test]
fn an_appeal_is_due_in_about_six_days() {
    let decided = &court("appeal-due", "B_TblProceeding")[0];
    assert_eq!((decided["DEC_CODE"].as_str(), decided["APPEAL_RSVD"].as_str()), ("X", "A"));
    assert!((24..=26).contains(&days_ago(&decided["COMP_DATE"])), "{}", decided["COMP_DATE"]);
    assert!(court("appeal-due", "tblAppeal").is_empty());
    assert_eq!(court("appeal-filed", "tblAppeal").len(), 1);
    assert!(record("appeal-unknown", "eoir").is_none() && record("appeal-unknown", "intake").is_some());
}

#[test]
fn the_clock_stands_at_day_150() {
    let received = court("clock-150", "tbl_Court_Appln")[0]["APPL_RECD_DATE"].clone();
    let hearings = court("clock-150", "tbl_schedule");
    let stopped = hearings.iter().find(|row| row["ADJ_RSN"] == "02").unwrap();
    let started = hearings.iter().find(|row| row["ADJ_RSN"] == "17").unwrap();
    assert!([stopped, started].iter().all(|row| row["SCHEDULE_TYPE"] == "MA"));
    let delay = date(&stopped["ADJ_DATE"]).until(date(&started["ADJ_DATE"])).unwrap().get_days();
    assert_eq!(days_ago(&received) - i64::from(delay), 150);
}

#[test]
fn those_held_after_a_final_order_are_held_still() {
    for (key, days) in [("held-day-80", 80), ("held-day-200", 200), ("held-reviewed", 120)] {
        let ordered = &court(key, "B_TblProceeding")[0];
        assert!((days..days + 3).contains(&days_ago(&ordered["COMP_DATE"])), "{key}: {}", ordered["COMP_DATE"]);
        assert_eq!(ordered["APPEAL_RSVD"], "I", "{key}");
        let stints = ice(key, "ice-detention");
        assert_eq!(stints.last().unwrap()["Book Out Date Time"], "", "{key}");
        assert_eq!(stints.last().unwrap()["Final Order Yes No"], "YES", "{key}");
    }
}

#[test]
fn custody_is_open_after_a_removal() {
    assert_eq!(ice("open-after-removal", "ice-removals").len(), 1);
    assert_eq!(ice("open-after-removal", "ice-detention").last().unwrap()["Book Out Date Time"], "");
    let closed = ice("closed-within-a-day", "ice-detention");
    assert!(closed.last().unwrap()["Book Out Date Time"].ends_with(" 00:20"));
    assert!(ice("closed-within-a-day", "ice-removals")[0]["Departed Date"].ends_with(" 23:50"));
}

#[test]
fn birth_dates_disagree_about_eighteen() {
    let court_says = date(&court("child-or-adult", "A_TblRespondent")[0]["BIRTH_DATE"]);
    let ice_says: i16 = ice("child-or-adult", "ice-detention")[0]["Birth Year"].parse().unwrap();
    assert_eq!(court_says.year() - 1, ice_says);
    let swapped = ice("swapped-in-the-past", "ice-detention-earlier");
    assert_eq!(swapped[0]["Birth Date"], "3/4/2007");
    assert_eq!(date(&court("swapped-in-the-past", "A_TblRespondent")[0]["BIRTH_DATE"]), Date::constant(2007, 4, 3));
}

#[test]
fn a_possible_citizen_is_in_custody() {
    assert_eq!(ice("citizen-in-custody", "ice-detention").last().unwrap()["Book Out Date Time"], "");
    let filings = named(rows(&demo().root().join("uscis/A-file_applications.csv"), b',', true), 0);
    let receipt = record("citizen-in-custody", "uscis").unwrap();
    let parent = filings.iter().find(|row| receipt.ends_with(&row["Receipt Number"])).unwrap();
    assert_eq!((parent["Form"].as_str(), parent["Applicant"].as_str()), ("N-400", "MOTHER"));
}
