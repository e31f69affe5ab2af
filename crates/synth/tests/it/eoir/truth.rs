use super::{OnDisk, SMALL, clean};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fs;
use synth::{EoirSpec, Release};

/// `written` of the truth as bytes.
fn bytes(printed: &str) -> Vec<u8> {
    let mut found = Vec::new();
    let mut rest = printed.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'\\' {
            found.push(*first);
        } else if let Some(hex) = after.strip_prefix(b"x") {
            found.push(u8::from_str_radix(std::str::from_utf8(&hex[..2]).unwrap(), 16).unwrap());
            rest = &hex[2..];
        } else {
            found.push(if after[0] == b't' { b'\t' } else { after[0] });
            rest = &after[1..];
        }
    }
    found
}

fn cells(line: &[u8]) -> Vec<&[u8]> {
    line.split(|b| *b == b'\t').collect()
}

#[test]
fn every_difference_from_the_clean_release_is_a_fault_of_the_truth() {
    for (release, cases) in [(Release::First, 2_500), (Release::Next, 2_500), (Release::First, 2_000)] {
        let spec = EoirSpec { release, cases, ..SMALL };
        let (faulty, clean) = (OnDisk::new(&spec), OnDisk::new(&EoirSpec { faults: false, ..spec }));
        assert_eq!(clean.written.faults, 0);
        let mut faults: BTreeMap<(String, usize), Vec<BTreeMap<String, String>>> = BTreeMap::new();
        for fault in faulty.truth("faults.csv") {
            faults.entry((fault["table"].clone(), fault["line"].parse().unwrap())).or_default().push(fault);
        }
        let shifted: HashMap<(String, usize), serde_json::Value> =
            fs::read_to_string(faulty.written.truth_dir.join("shifted.jsonl"))
                .unwrap()
                .lines()
                .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
                .map(|row| ((row["table"].as_str().unwrap().to_owned(), row["line"].as_u64().unwrap() as usize), row))
                .collect();
        let mut met = 0;
        for table in clean.core() {
            let (written, truly) = (faulty.lines(table), clean.lines(table));
            assert_eq!(written.len(), truly.len(), "{table}");
            let columns = cells(&truly[0]);
            for (line, (written, truly)) in (1..).zip(written.iter().zip(&truly)) {
                let place = (table.to_owned(), line);
                let Some(here) = faults.get(&place) else {
                    assert!(written == truly, "{table}, line {line} differs and no fault says so");
                    assert!(!shifted.contains_key(&place));
                    continue;
                };
                met += 1;
                let true_cells = cells(truly);
                assert_eq!(here[0]["key"].as_bytes(), true_cells[0]);
                let mut expected = true_cells.iter().map(|cell| cell.to_vec()).collect::<Vec<_>>();
                for fault in here {
                    let at = columns.iter().position(|c| *c == fault["column"].as_bytes()).unwrap();
                    assert_eq!(fault["true_value"].as_bytes(), true_cells[at], "{table}, line {line}");
                    if fault["kind"] == "short" {
                        assert!(true_cells[at..].iter().all(|cell| cell.is_empty()));
                        expected.truncate(at);
                    } else {
                        expected[at] = bytes(&fault["written"]);
                        assert!(expected[at] != true_cells[at], "{table}, line {line}: nothing is wrong");
                    }
                }
                assert!(*written == expected.join(&b'\t'), "{table}, line {line} is not what the truth says");
                if let Some(row) = shifted.get(&place) {
                    let told: Vec<_> =
                        row["cells"].as_array().unwrap().iter().map(|c| c.as_str().unwrap().as_bytes()).collect();
                    assert_eq!(told, true_cells, "{table}, line {line}");
                    let tabs = row["tabs"].as_array().unwrap().len();
                    assert_eq!(cells(written).len(), columns.len() + tabs, "{table}, line {line}");
                } else {
                    assert!(cells(written).len() <= columns.len(), "{table}, line {line} is wider than it should be");
                }
            }
        }
        assert_eq!(met, faults.len(), "the truth has faults that are in no file");
        every_kind_is_there(&faulty);
    }
}

fn every_kind_is_there(release: &OnDisk) {
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    for fault in release.truth("faults.csv") {
        *counts.entry((fault["table"].clone(), fault["kind"].clone())).or_default() += 1;
    }
    let count = |table: &str, kind: &str| counts.get(&(table.to_owned(), kind.to_owned())).copied().unwrap_or(0);
    for (table, kinds) in [
        (
            "A_TblCase",
            &["short", "nul", "control", "placeholder", "letter_o", "odd_date", "latin1", "shifted_twice"][..],
        ),
        ("B_TblProceeding", &["shifted", "short", "nul", "control", "odd_date"]),
        ("tbl_schedule", &["short", "nul", "letter_o", "odd_date"]),
        ("D_TblAssociatedBond", &["shifted", "placeholder", "odd_date"]),
        ("tbl_RepsAssigned", &["letter_o", "odd_date"]),
        ("B_TblProceedCharges", &["control", "nul"]),
        ("tblAppeal", &["control", "odd_date"]),
    ] {
        for kind in kinds {
            assert!(count(table, kind) >= 2, "{table} has {} of {kind}", count(table, kind));
        }
    }
    assert!(count("A_TblCase", "shifted") >= 2);
    // More of them would stop a load.
    let shifted = fs::read_to_string(release.written.truth_dir.join("shifted.jsonl")).unwrap().lines().count();
    assert!(shifted <= 4 * 5, "{shifted} shifted rows");
}

#[test]
fn both_kinds_of_shift_within_a_city_are_there() {
    let release = OnDisk::new(&EoirSpec { cases: 30_000, seed: 11, ..SMALL });
    let faults = release.truth("faults.csv");
    let cities: Vec<_> = faults.iter().filter(|f| f["kind"] == "shifted" && f["column"] == "ALIEN_CITY").collect();
    assert!(cities.iter().all(|f| f["written"].replace("\\t", " ").trim_end() == f["true_value"]), "{cities:?}");
    assert!(!cities.is_empty());
    assert!(faults.iter().any(|f| f["kind"] == "latin1" && f["written"].contains("\\x")));
}

#[test]
fn what_was_keyed_in_wrongly_stays_so() {
    let (first, next) = (OnDisk::new(&SMALL), OnDisk::new(&EoirSpec { release: Release::Next, ..SMALL }));
    let changes: HashSet<_> =
        next.truth("changes.csv").into_iter().map(|c| (c["table"].clone(), c["key"].clone())).collect();
    let told = |release: &OnDisk| -> BTreeSet<[String; 5]> {
        release
            .truth("faults.csv")
            .into_iter()
            .filter(|f| !matches!(f["kind"].as_str(), "shifted" | "shifted_twice" | "short"))
            .map(|f| ["table", "key", "kind", "column", "written"].map(|part| f[part].clone()))
            .collect()
    };
    let (first, next) = (told(&first), told(&next));
    let alone: Vec<_> = first
        .symmetric_difference(&next)
        .filter(|[table, key, kind, ..]| kind != "latin1" && !changes.contains(&(table.clone(), key.clone())))
        .collect();
    assert!(alone.is_empty(), "a fault of one release only: {alone:?}");
    assert!(first.len() > 60, "only {} faults", first.len());
}

/// How two releases differ, found by comparing them cell by cell.
fn compared(before: &OnDisk, after: &OnDisk) -> BTreeSet<[String; 6]> {
    let mut changes = BTreeSet::new();
    for table in before.core() {
        let (was, is) = (before.table(table), after.table(table));
        let index = |rows: &[Vec<String>]| -> HashMap<String, Vec<String>> {
            rows.iter().map(|row| (row[0].clone(), row.clone())).collect()
        };
        let (old, new) = (index(&was.rows), index(&is.rows));
        let line = |key: &str, kind: &str, column: &str, before: &str, after: &str| {
            [table, key, kind, column, before, after].map(str::to_owned)
        };
        for key in new.keys().filter(|key| !old.contains_key(*key)) {
            changes.insert(line(key, "appeared", "", "", ""));
        }
        for (key, row) in &old {
            let Some(now) = new.get(key) else {
                changes.insert(line(key, "vanished", "", "", ""));
                continue;
            };
            for (column, (a, b)) in was.columns.iter().zip(row.iter().zip(now)).filter(|(_, (a, b))| a != b) {
                changes.insert(line(key, "changed", column, a, b));
            }
        }
    }
    changes
}

#[test]
fn the_changes_are_those_between_the_two_releases() {
    let (first, next) = clean();
    let truth = next.truth("changes.csv");
    let told: BTreeSet<[String; 6]> = truth
        .iter()
        .map(|row| ["table", "key", "kind", "column", "before", "after"].map(|name| row[name].clone()))
        .collect();
    assert_eq!(told.len(), truth.len(), "a change is told twice");
    let found = compared(first, next);
    assert!(told == found, "{:?}", told.symmetric_difference(&found).take(10).collect::<Vec<_>>());
    let rows = |kind: &str| -> u64 {
        let rows: BTreeSet<_> = told.iter().filter(|c| c[2] == kind).map(|c| (&c[0], &c[1])).collect();
        rows.len() as u64
    };
    let counted = next.written.changes.unwrap();
    assert_eq!(
        (rows("vanished"), rows("appeared"), rows("changed")),
        (counted.vanished, counted.appeared, counted.changed)
    );
    assert_eq!(first.written.changes, None);
}

#[test]
fn damage_is_no_change() {
    let spec = EoirSpec { release: Release::Next, ..SMALL };
    let (faulty, clean) = (OnDisk::new(&spec), OnDisk::new(&EoirSpec { faults: false, ..spec }));
    let changes = |release: &OnDisk| fs::read(release.written.truth_dir.join("changes.csv")).unwrap();
    assert!(changes(&faulty) == changes(&clean));
    assert_eq!(faulty.written.tables, clean.written.tables);
}

#[test]
fn rows_vanish_appear_and_change_at_the_real_rates() {
    let (first, next) = clean();
    let truth = next.truth("changes.csv");
    let share = |table: &str, kind: &str| {
        let keys: BTreeSet<_> =
            truth.iter().filter(|c| c["table"] == table && c["kind"] == kind).map(|c| &c["key"]).collect();
        let rows = first.written.tables.iter().find(|(name, _)| name == table).unwrap().1;
        keys.len() as f64 / rows as f64
    };
    for (table, kind, least, most) in [
        ("A_TblCase", "vanished", 0.0004, 0.0006),
        ("B_TblProceeding", "vanished", 0.0005, 0.003),
        ("tbl_Court_Appln", "vanished", 0.002, 0.008),
        ("tblAppeal", "vanished", 0.0003, 0.008),
        ("tbl_schedule", "vanished", 0.0005, 0.004),
        ("A_TblCase", "appeared", 0.009, 0.011),
        ("B_TblProceeding", "appeared", 0.007, 0.02),
        ("tbl_Court_Appln", "appeared", 0.01, 0.03),
        ("tbl_schedule", "appeared", 0.005, 0.03),
        ("A_TblCase", "changed", 0.01, 0.08),
        ("B_TblProceeding", "changed", 0.008, 0.03),
        ("tbl_schedule", "changed", 0.003, 0.03),
        ("tbl_Court_Appln", "changed", 0.005, 0.03),
        ("tbl_CustodyHistory", "changed", 0.0005, 0.03),
    ] {
        let share = share(table, kind);
        assert!((least..=most).contains(&share), "{table}: {share} {kind}");
    }
    for column in ["ALIEN_CITY", "CUSTODY", "LATEST_HEARING", "DEC_CODE", "ADJ_DATE", "APPL_DEC", "datBIADecision"] {
        assert!(truth.iter().any(|c| c["column"] == column), "no {column} changed");
    }
}

#[test]
fn what_is_lost_is_told_for_cases_proceedings_and_applications() {
    let (first, next) = clean();
    let truth = next.truth("changes.csv");
    let applications = first.table("tbl_Court_Appln");
    let decision: HashMap<&str, &str> =
        applications.cells(["IDNPROCEEDINGAPPLN", "APPL_DEC"]).map(|[key, decision]| (key, decision)).collect();
    let mut counts: BTreeMap<&str, f64> = BTreeMap::new();
    for change in &truth {
        let told = ["A_TblCase", "B_TblProceeding", "tbl_Court_Appln"].contains(&change["table"].as_str())
            && change["kind"] == "vanished";
        assert_eq!(!change["lost"].is_empty(), told, "{change:?}");
        if told && change["table"] == "tbl_Court_Appln" {
            let expected = match decision[change["key"].as_str()] {
                "" => "pending",
                "F" | "G" | "C" | "L" | "N" | "I" | "P" => "granted",
                _ => "decided",
            };
            assert_eq!(change["lost"], expected, "{change:?}");
            *counts.entry(expected).or_default() += 1.0;
        }
    }
    let decided = (counts["decided"] + counts["granted"]) / counts.values().sum::<f64>();
    assert!((0.65..0.95).contains(&decided), "{decided} of the vanished applications had been decided");
}
