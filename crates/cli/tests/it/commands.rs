//! The whole path by hand: a fictional office taken in, built, read, judged, verified.

use crate::desk::{Desk, files, sample};
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

const AS_OF: &str = "2026-11-24";

/// A workspace with a fictional office taken in and built.
fn office(people: &str) -> Desk {
    let desk = Desk::new();
    let out = desk.path("deliveries");
    let written = desk
        .run_plain(&[
            "synth",
            "office",
            "--people",
            people,
            "--seed",
            "7",
            "--as-of",
            AS_OF,
            "--out",
            out.to_str().unwrap(),
            "--format",
            "json",
        ])
        .json();
    for delivery in written.as_array().unwrap() {
        let mut args = vec!["add"];
        args.extend(delivery["files"].as_array().unwrap().iter().map(|f| f.as_str().unwrap()));
        args.extend(["--as", delivery["mapping"].as_str().unwrap(), "--format", "json"]);
        if let Some(through) = delivery["through"].as_str() {
            args.extend(["--through", through]);
        }
        let receipt = desk.run(&args).json();
        assert_eq!(receipt["reconciled"], true, "{receipt:#}");
    }
    desk.run(&["build", "--as-of", AS_OF]).ok();
    desk
}

fn queue(desk: &Desk) -> Vec<Value> {
    desk.run(&["owed", "--format", "json"]).json()["items"].as_array().unwrap().clone()
}

#[test]
fn the_whole_path() {
    let desk = office("40");
    let items = queue(&desk);
    assert!(items.len() > 20, "{} items", items.len());

    // Liberty first; within it, what stands before what cannot be told; then by date.
    let order: Vec<_> = items
        .iter()
        .map(|i| {
            (
                !i["liberty"].as_bool().unwrap(),
                i["status"] == "cannot_tell",
                i["next_date"].as_str().unwrap_or("9999").to_owned(),
            )
        })
        .collect();
    assert!(order.is_sorted(), "{order:#?}");
    assert!(items.iter().all(|i| i["outcome"] != "possible_relief"), "relief screening stays in the person's own file");
    assert!(items.iter().all(|i| i["approved"] == false), "nothing is approved by counsel yet");
    for item in items.iter().filter(|i| i["status"] == "cannot_tell" && i["in_conflict"] == false) {
        assert!(!item["missing"].as_array().unwrap().is_empty(), "cannot tell names a record: {item:#}");
    }

    for item in &items {
        let why = desk.run(&["why", item["id"].as_str().unwrap(), "--format", "json"]).json();
        assert_eq!(why["obligation"]["status"], item["status"]);
        assert!(!why["authority"].as_array().unwrap().is_empty());
        assert!(!why["clauses"].as_array().unwrap().is_empty(), "{why:#}");
        for clause in why["clauses"].as_array().unwrap() {
            let read = clause["facts"].as_array().unwrap().len() + clause["missing"].as_array().unwrap().len();
            assert!(clause["value"] != "unknown" || read > 0, "an unknown clause says what it lacks: {clause:#}");
            for value in clause["facts"].as_array().unwrap().iter().flat_map(|f| f["values"].as_array().unwrap()) {
                assert!(!value["from"].as_array().unwrap().is_empty(), "every value has its rows: {value:#}");
            }
        }
    }
    let human = desk.run(&["why", items[0]["id"].as_str().unwrap()]).ok().stdout;
    let spanish = desk.run(&["why", items[0]["id"].as_str().unwrap(), "--lang", "es"]).ok().stdout;
    assert_ne!(human, spanish);
    desk.run(&["ledger", "verify"]).ok();
}

#[test]
fn a_build_run_twice_writes_the_same_bytes() {
    let desk = office("30");
    let derived = desk.workspace().join("derived");
    let first = files(&derived);
    desk.run(&["build", "--as-of", AS_OF]).ok();
    assert!(first == files(&derived));
    fs::remove_dir_all(&derived).unwrap();
    fs::create_dir(&derived).unwrap();
    desk.run(&["build", "--as-of", AS_OF]).ok();
    assert!(first == files(&derived), "deleted and built again");
}

#[test]
fn linkage_is_right_about_the_office() {
    let desk = office("120");
    let truth = desk.path("deliveries/truth/records.csv");
    let quality = desk.run(&["link", "evaluate", "--truth", truth.to_str().unwrap(), "--format", "json"]).json();
    assert_eq!(quality["unknown_records"], 0, "{quality:#}");
    assert!(quality["pairwise"]["precision"].as_f64().unwrap() > 0.97, "{quality:#}");
    assert!(quality["pairwise"]["recall"].as_f64().unwrap() > 0.9, "{quality:#}");
}

#[test]
fn a_judgement_is_honoured_and_withdrawn() {
    let desk = office("20");
    let person = |record: &str| -> String {
        let current = fs::read_to_string(desk.workspace().join("derived/current")).unwrap();
        let build =
            fs::read_to_string(desk.workspace().join("derived").join(current.trim()).join("build.json")).unwrap();
        let build: Value = serde_json::from_str(&build).unwrap();
        build["memberships"][record].as_str().unwrap().to_owned()
    };
    let current = fs::read_to_string(desk.workspace().join("derived/current")).unwrap();
    let build = fs::read_to_string(desk.workspace().join("derived").join(current.trim()).join("build.json")).unwrap();
    let build: Value = serde_json::from_str(&build).unwrap();
    let members = build["memberships"].as_object().unwrap();
    let (left, right) = members
        .iter()
        .find_map(|(a, p)| members.iter().find(|(b, q)| *b > a && *q == p).map(|(b, _)| (a.as_str(), b.as_str())))
        .expect("some person has two records");
    assert_eq!(person(left), person(right));

    desk.run(&["link", "judge", left, right, "different", "--why", "two brothers"]).ok();
    desk.run(&["build", "--as-of", AS_OF]).ok();
    assert_ne!(person(left), person(right));

    let given = desk.run(&["link", "judgements", "--format", "json"]).json();
    let id = given[0]["id"].as_str().unwrap();
    desk.run(&["link", "withdraw", id, "--why", "one passport after all"]).ok();
    desk.run(&["build", "--as-of", AS_OF]).ok();
    assert_eq!(person(left), person(right));
    let given = desk.run(&["link", "judgements", "--format", "json"]).json();
    assert_eq!(given[0]["withdrawn"]["why"], "one passport after all");
    desk.run(&["link", "explain", left, right]).ok();
}

#[test]
fn a_changed_byte_of_any_tile_is_found_and_the_file_named() {
    let desk = Desk::new();
    let path = sample();
    desk.run(&["add", path.to_str().unwrap(), "--as", "ice/removals-foia-2019"]).ok();
    desk.run(&["build", "--as-of", AS_OF]).ok();
    desk.run(&["ledger", "verify"]).ok();
    let ledger = desk.workspace().join("ledger");
    let tiles: Vec<PathBuf> = files(&ledger).into_iter().map(|(p, _)| p).filter(|p| p.starts_with("tile")).collect();
    assert!(tiles.len() >= 2, "{tiles:?}");
    for tile in tiles {
        let file = ledger.join(&tile);
        let whole = fs::read(&file).unwrap();
        let mut changed = whole.clone();
        let middle = changed.len() / 2;
        changed[middle] ^= 1;
        fs::write(&file, &changed).unwrap();
        let run = desk.run(&["ledger", "verify"]);
        assert_eq!(run.code, Some(3), "{run:?}");
        assert!(run.stderr.contains(tile.to_str().unwrap()), "{} is not named: {}", tile.display(), run.stderr);
        fs::write(&file, &whole).unwrap();
    }
    desk.run(&["ledger", "verify"]).ok();
}

#[test]
fn an_outsider_verifies_a_copy_with_the_key_alone() {
    let desk = Desk::new();
    desk.run(&["build", "--as-of", AS_OF]).ok();
    let key = desk.run(&["ledger", "show", "--format", "json"]).json()["verifier_key"].as_str().unwrap().to_owned();
    let copy = desk.path("copy");
    for (path, content) in files(&desk.workspace().join("ledger")) {
        fs::create_dir_all(copy.join(&path).parent().unwrap()).unwrap();
        fs::write(copy.join(path), content).unwrap();
    }
    let checked = desk
        .run_plain(&["ledger", "verify", "--dir", copy.to_str().unwrap(), "--key", &key, "--format", "json"])
        .json();
    assert_eq!(checked["verified"], true);
}

#[test]
fn the_demo_runs_once_and_leaves_other_folders_alone() {
    let desk = Desk::new();
    let run = desk.run_plain(&["demo", "--once", "--dir", "demo"]).ok();
    for word in ["rows", "reconciled", "person records form", "obligations:", "pairwise", "verified"] {
        assert!(run.stdout.contains(word), "`{word}` is not in:\n{}", run.stdout);
    }
    desk.run_plain(&["demo", "--once", "--dir", "demo"]).ok();
    let other = desk.run_plain(&["demo", "--once", "--dir", desk.workspace().to_str().unwrap()]);
    assert_eq!(other.code, Some(1));
    assert!(other.stderr.contains("left alone"), "{other:?}");
}
