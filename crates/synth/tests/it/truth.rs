use crate::{OnDisk, demo, large, rows};
use calamine::{Reader as _, Xlsx, open_workbook};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use synth::{DEMO, showcases};

/// Physical rows of every file that a record points into, by delivery.
fn contents(office: &OnDisk) -> BTreeMap<String, Vec<Vec<String>>> {
    let mut contents = BTreeMap::new();
    for delivery in &office.written.deliveries {
        for file in &delivery.files {
            let name = file.file_name().unwrap();
            let rows = match delivery.name {
                "eoir" => rows(file, b'\t', false),
                "uscis" | "cbp" => rows(file, b',', true),
                "intake" => {
                    let mut workbook: Xlsx<_> = open_workbook(file).unwrap();
                    let range = workbook.worksheet_range("Clients").unwrap();
                    let start = range.start().unwrap();
                    assert_eq!(start, (0, 0));
                    range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
                }
                _ => rows(file, b'|', true),
            };
            contents.insert(format!("{}/{name}", delivery.name), rows);
        }
    }
    contents
}

#[test]
fn every_record_points_at_the_row_that_holds_it() {
    for office in [demo(), large()] {
        let contents = contents(office);
        let people: BTreeSet<_> = office.truth("people.csv").into_iter().map(|row| row["person_id"].clone()).collect();
        let records = office.truth("records.csv");
        let mut seen = BTreeSet::new();
        for record in &records {
            let row: usize = record["row"].parse().unwrap();
            let id = &record["record_id"];
            let key = id.rsplit(['/', ':']).next().unwrap();
            let cells = &contents[&format!("{}/{}", record["delivery"], record["file"])][row - 1];
            assert!(cells.iter().any(|cell| cell == key), "{id} is not in {} row {row}", record["file"]);
            assert!(people.contains(&record["person_id"]));
            assert!(seen.insert((id.clone(), record["delivery"].clone())), "{id} twice");
        }
        // And no row of a person goes without a record.
        for (file, key) in [("eoir/A_TblRespondent.csv", "eoir"), ("cbp/travel_history.csv", "cbp")] {
            let count = records.iter().filter(|record| record["delivery"] == key).count();
            assert_eq!(count, contents[file].len() - 1, "{file}");
        }
        let uscis = records.iter().filter(|record| record["delivery"] == "uscis").count();
        assert_eq!(uscis, contents["uscis/A-file_applications.csv"].len() - 1);
    }
}

#[test]
fn people_stand_in_several_sources() {
    let mut sources: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for record in large().truth("records.csv") {
        sources.entry(record["person_id"].clone()).or_default().insert(record["delivery"].clone());
    }
    assert_eq!(sources.len(), 2_000);
    let several = sources.values().filter(|held| held.len() >= 3).count();
    assert!(several > 1_500, "{several} of 2000 people stand in three sources or more");
}

#[test]
fn no_two_people_share_a_number_in_truth() {
    let numbers: Vec<u32> = large().truth("people.csv").iter().map(|row| row["a_number"].parse().unwrap()).collect();
    assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), numbers.len());
    assert!(numbers.iter().all(|number| (synth::FIRST_A_NUMBER..1_000_000_000).contains(number)));
}

/// The ranges that `README.md` gives.
const SHARES: &[(&str, f64, f64)] = &[
    ("one_surname", 0.07, 0.14),
    ("surnames_swapped", 0.015, 0.035),
    ("given_surname_swapped", 0.008, 0.025),
    ("second_given_dropped", 0.07, 0.13),
    ("respelled", 0.07, 0.13),
    ("americanised", 0.004, 0.015),
    ("hyphen_lost", 0.015, 0.04),
    ("diacritics_lost", 0.30, 0.50),
    ("day_month_swapped", 0.006, 0.02),
    ("default_birthday", 0.015, 0.035),
    ("birth_date_off", 0.01, 0.03),
    ("birth_date_missing", 0.01, 0.025),
    ("a_number_transposed", 0.005, 0.02),
    ("a_number_digit", 0.005, 0.02),
    ("a_number_missing", 0.12, 0.22),
    ("sex_missing", 0.008, 0.02),
];

#[test]
fn errors_come_as_often_as_documented() {
    let records = large().truth("records.csv");
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for slip in records.iter().flat_map(|record| record["errors"].split(' ')) {
        *counts.entry(slip).or_default() += 1;
    }
    let total = f64::from(u32::try_from(records.len()).unwrap());
    for (slip, low, high) in SHARES {
        let share = f64::from(counts.get(slip).copied().unwrap_or(0)) / total;
        assert!((*low..=*high).contains(&share), "{slip}: {share:.4} is not within {low}..{high}");
    }
    let documented: BTreeSet<_> = SHARES.iter().map(|(slip, ..)| *slip).collect();
    assert!(counts.keys().all(|slip| slip.is_empty() || documented.contains(slip)), "{counts:?}");
}

#[test]
fn every_criterion_has_its_people() {
    let mut shown: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for case in showcases() {
        shown.entry(case.criterion).or_default().insert(case.expect);
        assert!(model::Status::parse(case.expect).is_some(), "{}: {}", case.key, case.expect);
    }
    let expected = [
        ("A1", vec!["cannot_tell", "due", "met", "missed", "not_applicable"]),
        ("A2", vec!["cannot_tell", "due", "met", "missed", "not_applicable"]),
        ("A5", vec!["due", "met", "missed"]),
        ("A6", vec!["due", "met", "missed"]),
        ("A8", vec!["due", "met", "owed"]),
        ("B3", vec!["met", "owed"]),
        ("B4", vec!["owed"]),
        ("C1", vec!["cannot_tell", "not_applicable", "owed"]),
        ("D4", vec!["cannot_tell", "not_applicable", "owed"]),
        ("E1", vec!["owed"]),
        ("E2", vec!["not_applicable", "owed"]),
    ];
    let shown: Vec<_> =
        shown.into_iter().map(|(id, statuses)| (id, statuses.into_iter().collect::<Vec<_>>())).collect();
    assert_eq!(shown, expected);
    assert_eq!(demo().truth("showcase.csv").len(), showcases().count());
    assert!(showcases().count() < usize::try_from(DEMO.people).unwrap());
}

/// Dates of one type of event of one person.
fn dates<'a>(events: &'a [(String, Date)], kind: &'a str) -> impl Iterator<Item = Date> + 'a {
    events.iter().filter(move |(name, _)| name == kind).map(|(_, date)| *date)
}

#[test]
fn histories_run_in_order() {
    for office in [demo(), large()] {
        let births: BTreeMap<_, Date> = office
            .truth("people.csv")
            .into_iter()
            .map(|row| (row["person_id"].clone(), row["birth_date"].parse().unwrap()))
            .collect();
        let mut lives: BTreeMap<String, Vec<(String, Date)>> = BTreeMap::new();
        for event in office.truth("events.csv") {
            assert!(model::EventType::parse(&event["event_type"]).is_some());
            let happened = (event["event_type"].clone(), event["date"].parse().unwrap());
            lives.entry(event["person_id"].clone()).or_default().push(happened);
        }
        for (person, events) in &lives {
            for (kind, date) in events {
                assert!(*date > births[person], "{person}: {kind} on {date} before birth");
                assert!(*date <= DEMO.as_of || kind == "hearing", "{person}: {kind} on {date} lies ahead");
            }
            let before = |first: &str, later: &str| {
                let start = dates(events, first).min();
                for date in dates(events, later) {
                    assert!(
                        start.is_some_and(|start| start <= date),
                        "{person}: {later} on {date}, {first} on {start:?}"
                    );
                }
            };
            before("nta_served", "decided");
            before("nta_served", "bond_decided");
            before("nta_served", "hearing");
            before("decided", "appeal_filed");
            before("appeal_filed", "appeal_decided");
            before("decided", "motion_filed");
            before("motion_filed", "motion_decided");
            before("application_filed", "application_decided");
            before("application_filed", "clock_stopped");
            before("custody_started", "custody_ended");
            before("custody_started", "bond_posted");
            let (starts, ends) = (dates(events, "custody_started").count(), dates(events, "custody_ended").count());
            assert!(starts >= ends || starts + 1 >= ends, "{person}: {starts} starts, {ends} ends");
        }
        let all: BTreeSet<_> = lives.values().flatten().map(|(kind, _)| kind.as_str()).collect();
        for kind in model::EventType::ALL {
            assert!(
                all.contains(kind.name()) || office.root() == demo().root(),
                "no {} among 2000 people",
                kind.name()
            );
        }
    }
}
