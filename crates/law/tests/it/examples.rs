//! The worked examples beside the criteria.

use crate::support::{LIBRARY, date, set};
use law::{Caution, Judged, Library};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use toml::Table;
use toml::value::Datetime;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    criterion: String,
    examples: Vec<Example>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    id: String,
    #[serde(default)]
    #[expect(dead_code, reason = "notes are for the reader of the file")]
    note: String,
    as_of: Datetime,
    facts: Table,
    expect: Expect,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    status: Option<String>,
    result: Option<String>,
    version: Option<String>,
    safe_by: Option<Datetime>,
    outer: Option<Datetime>,
    due: Option<Datetime>,
    opens: Option<Datetime>,
    flip_date: Option<Datetime>,
    boundary: Option<bool>,
    missing: Option<Vec<String>>,
    ask: Option<Vec<String>>,
    cautions: Option<Vec<ExpectCaution>>,
    #[serde(default)]
    dates: BTreeMap<String, Datetime>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectCaution {
    version: String,
    state: String,
    safe_by: Option<Datetime>,
    outer: Option<Datetime>,
    due: Option<Datetime>,
    opens: Option<Datetime>,
}

/// Every worked example of the reference for these criteria.
const OF_THE_REFERENCE: &[&str] = &[
    "A1-1", "A1-2", "A1-3", "A1-4", "A2-1", "A2-2", "A2-3", "A2-4", "A2-5", "A2-6", "A5-1", "A5-2", "A5-3", "A5-4",
    "A6-1", "A6-2", "A6-3", "A6-4", "A8-1", "A8-2", "A8-3", "A8-4", "A8-5", "B3-1", "B3-2", "B3-3", "B3-4", "B4-1",
    "B4-2", "B4-3", "C1-1", "C1-2", "D4-1", "D4-2", "D4-3", "E1-1", "E1-2", "E1-3", "E2-1", "E2-2", "E2-3",
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../criteria")
}

fn files() -> Vec<File> {
    let paths = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = paths.filter(|path| path.to_string_lossy().ends_with(".examples.toml")).collect();
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let text = std::fs::read_to_string(path).unwrap();
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        })
        .collect()
}

#[test]
fn every_example_gives_what_it_says() {
    let mut wrong = Vec::new();
    for file in files() {
        let criterion = LIBRARY.criterion(&file.criterion).unwrap();
        for example in &file.examples {
            let set = set(criterion.subject, &example.facts);
            let judged = LIBRARY.judge(&[set], date(&example.as_of)).unwrap();
            let judged = judged.into_iter().find(|judged| *judged.criterion == *file.criterion).unwrap();
            for difference in differences(&example.expect, &judged) {
                wrong.push(format!("{} {}: {difference}", file.criterion, example.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn differences(expect: &Expect, judged: &Judged) -> Vec<String> {
    let mut found = Vec::new();
    let mut check = |name: &str, expected: Option<String>, actual: Option<String>| {
        if let Some(expected) = expected.filter(|expected| Some(expected) != actual.as_ref()) {
            found.push(format!("{name} is {}, not {expected}", actual.unwrap_or_else(|| "none".to_owned())));
        }
    };
    let day = |value: &Option<Datetime>| value.as_ref().map(ToString::to_string);
    check("status", expect.status.clone(), Some(judged.status.name().to_owned()));
    check("result", expect.result.clone(), Some(judged.result.name().to_owned()));
    check("version", expect.version.clone(), judged.version.as_ref().map(ToString::to_string));
    check("safe_by", day(&expect.safe_by), judged.safe_by.map(|date| date.to_string()));
    check("outer", day(&expect.outer), judged.outer.map(|date| date.to_string()));
    check("due", day(&expect.due), judged.due.map(|date| date.to_string()));
    check("opens", day(&expect.opens), judged.opens.map(|date| date.to_string()));
    check("flip_date", day(&expect.flip_date), judged.flip_date.map(|date| date.to_string()));
    check("boundary", expect.boundary.map(|b| b.to_string()), Some(judged.boundary.to_string()));
    let list = |values: BTreeSet<&str>| format!("{values:?}");
    let missing = expect.missing.as_ref().map(|names| list(names.iter().map(String::as_str).collect()));
    check("missing", missing, Some(list(judged.missing.iter().copied().collect())));
    let ask = expect.ask.as_ref().map(|names| list(names.iter().map(String::as_str).collect()));
    check("ask", ask, Some(list(judged.ask.iter().map(|ask| &*ask.of).collect())));
    for (id, date) in &expect.dates {
        let actual = judged.dates.iter().find(|named| *named.id == **id).map(|named| named.earliest.to_string());
        check(id, Some(date.to_string()), actual);
    }
    if let Some(cautions) = &expect.cautions {
        let expected: Vec<_> = cautions
            .iter()
            .map(|caution| {
                let dates = [&caution.safe_by, &caution.outer, &caution.due, &caution.opens].map(day);
                format!("{} {} {dates:?}", caution.version, caution.state)
            })
            .collect();
        let of = |caution: &Caution| {
            let dates = [caution.safe_by, caution.outer, caution.due, caution.opens];
            format!("{} {} {:?}", caution.version, caution.state.name(), dates.map(|date| date.map(|d| d.to_string())))
        };
        check(
            "cautions",
            Some(format!("{expected:?}")),
            Some(format!("{:?}", judged.cautions.iter().map(of).collect::<Vec<_>>())),
        );
    }
    found
}

#[test]
fn every_example_of_the_reference_is_there() {
    let there: BTreeSet<String> =
        files().into_iter().flat_map(|file| file.examples).map(|example| example.id).collect();
    let missing: Vec<_> = OF_THE_REFERENCE.iter().filter(|id| !there.contains(**id)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_criterion_has_examples_with_a_boundary_a_missing_fact_and_a_conflict() {
    let files = files();
    for criterion in LIBRARY.criteria() {
        let file = files.iter().find(|file| *file.criterion == *criterion.id).unwrap();
        let ids: BTreeSet<_> = file.examples.iter().map(|example| &example.id).collect();
        assert_eq!(ids.len(), file.examples.len(), "{}: an id is used twice", criterion.id);
        let missing = file.examples.iter().any(|example| example.expect.missing.is_some());
        assert!(missing, "{}: no example with a missing fact", criterion.id);
        let versions: BTreeSet<_> =
            file.examples.iter().filter_map(|example| example.expect.version.as_deref()).collect();
        for version in criterion.versions.iter().filter(|version| version.governs) {
            assert!(versions.contains(&*version.id), "{}: no example of version {}", criterion.id, version.id);
        }
    }
}

/// What the program carries is what the folder holds.
#[test]
fn the_built_in_library_is_the_folder() {
    let folder = Library::load(&folder()).unwrap();
    let ids = |library: &Library| library.criteria().iter().map(|criterion| criterion.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&folder), ids(&LIBRARY));
    for (a, b) in folder.criteria().iter().zip(LIBRARY.criteria()) {
        assert_eq!(format!("{:?}", a.title), format!("{:?}", b.title));
    }
}

#[test]
fn nothing_is_approved_yet() {
    assert!(LIBRARY.criteria().iter().all(|criterion| !criterion.approved()));
}

/// The marks of the reference: these criteria are WATCH.
#[test]
fn watch_marks_are_carried() {
    let watched: Vec<_> = LIBRARY
        .criteria()
        .iter()
        .filter(|criterion| criterion.versions.iter().any(|version| version.watch.is_some()))
        .map(|criterion| criterion.code.as_str())
        .collect();
    assert_eq!(watched, ["A8", "A2", "A5"]);
}
