//! The watch for vanished records, over several releases.

use crate::support::{Bench, QUIET, mapping};
use evidence::diff::watch::{self, WatchedTable};
use evidence::diff::{Details, DiffOptions, diff};
use evidence::{Mapping, add};
use insta::assert_snapshot;
use model::{DeliveryId, SourceId};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const CASES: &str = r#"
id = "court/releases"
version = 1
title = "Court"
holds = "public"
[source]
id = "court"
custodian = "Somebody"
obtained = "by hand"
purposes = ["oversight"]
retention = "a year"
[read]
format = "delimited"
delimiter = "|"
[[table]]
name = "cases"
files = ["cases*"]
key = ["id"]
watch_share = 0.3
column = [{ name = "Id", as = "id", type = "integer" }, { name = "Decision", as = "decision" }]
[[table.lost]]
name = "decided"
when = [{ column = "decision", present = true }]
[[table.lost]]
name = "pending"
[[table]]
name = "notes"
files = ["notes*"]
column = [{ name = "Note", as = "note" }]
"#;

fn court() -> Mapping {
    mapping(CASES)
}

/// Takes in a release: keys, each with its decision.
#[track_caller]
fn release(bench: &Bench, rows: &[&str]) -> DeliveryId {
    let number = bench.store.deliveries().unwrap().len();
    // A note makes each release one of its own, whatever its rows.
    let notes = bench.file("notes.txt", format!("Note\nrelease {number}\n"));
    let mut files = vec![notes];
    if !rows.is_empty() {
        files.push(bench.file("cases.txt", format!("Id|Decision\n{}\n", rows.join("\n"))));
    }
    add(&bench.store, &files, &court(), &QUIET).unwrap().receipt.delivery
}

fn update(bench: &Bench, order: &[DeliveryId]) -> Vec<WatchedTable> {
    watch::update(&bench.store, &SourceId::new("court"), order, &bench.path("scratch"), None).unwrap()
}

fn file(bench: &Bench) -> Vec<u8> {
    std::fs::read(bench.store.root().join(".watch/court/court%2Freleases/cases.parquet")).unwrap()
}

/// Deliveries by their place in the order.
fn named(text: &str, order: &[DeliveryId]) -> String {
    order.iter().zip(1..).fold(text.to_owned(), |text, (id, n)| text.replace(id.as_str(), &format!("release {n}")))
}

#[test]
fn keys_go_and_come_back() {
    let bench = Bench::new();
    let order = vec![
        release(&bench, &["1|G", "2|", "3|D", "4|", "4|x", "|n"]),
        release(&bench, &["01|G", "3|", "5|", "2|too|many|cells"]),
        release(&bench, &[]),
        release(&bench, &["1|G", "2|", "4|", "5|"]),
        release(&bench, &["1|G", "2|"]),
    ];
    let mut shown = Vec::new();
    for upto in 1..=order.len() {
        let tables = update(&bench, &order[..upto]);
        assert_eq!(tables, watch::watched(&bench.store, None).unwrap());
        for flag in watch::raise(&bench.store, &order[upto - 1]).unwrap() {
            shown.push(format!("release {upto}: {flag:?}"));
        }
    }
    let tables = watch::watched(&bench.store, Some(&SourceId::new("court"))).unwrap();
    shown.extend(tables[0].releases.iter().map(|r| format!("{r:?}")));
    assert_eq!(watch::watched(&bench.store, Some(&SourceId::new("other"))).unwrap(), []);
    assert_snapshot!(named(&shown.join("\n"), &order), @r###"
    release 2: VanishedFlag { mapping: "court/releases", table: "cases", previous: DeliveryId("release 1"), keys_before: 4, gone: 1, back: 0, lost: {"pending": 1}, table_missing: false, alert_share: 0.3, alert: false }
    release 3: VanishedFlag { mapping: "court/releases", table: "cases", previous: DeliveryId("release 2"), keys_before: 4, gone: 0, back: 0, lost: {}, table_missing: true, alert_share: 0.3, alert: true }
    release 4: VanishedFlag { mapping: "court/releases", table: "cases", previous: DeliveryId("release 2"), keys_before: 4, gone: 1, back: 1, lost: {"pending": 1}, table_missing: false, alert_share: 0.3, alert: false }
    release 5: VanishedFlag { mapping: "court/releases", table: "cases", previous: DeliveryId("release 4"), keys_before: 4, gone: 2, back: 0, lost: {"pending": 2}, table_missing: false, alert_share: 0.3, alert: true }
    WatchedRelease { delivery: "release 1", keys: 4, new: 4, gone: 0, back: 0, lost: {} }
    WatchedRelease { delivery: "release 2", keys: 4, new: 1, gone: 1, back: 0, lost: {"pending": 1} }
    WatchedRelease { delivery: "release 4", keys: 4, new: 0, gone: 1, back: 1, lost: {"pending": 1} }
    WatchedRelease { delivery: "release 5", keys: 2, new: 0, gone: 2, back: 0, lost: {"pending": 2} }
    "###);

    // It is derived: made anew, all at once, it is the same.
    let before = file(&bench);
    std::fs::remove_dir_all(bench.store.root().join(".watch")).unwrap();
    update(&bench, &order);
    assert!(before == file(&bench));
    update(&bench, &order);
    assert!(before == file(&bench), "a second time");
    // In another order it is watched anew.
    let turned: Vec<DeliveryId> = order.iter().rev().cloned().collect();
    let first = &update(&bench, &turned)[0].releases[0];
    assert_eq!((first.delivery.as_str(), first.keys, first.new), (order[4].as_str(), 2, 2));
}

#[test]
fn a_difference_tells_what_came_back() {
    let bench = Bench::new();
    let order =
        vec![release(&bench, &["1|G", "2|", "3|"]), release(&bench, &["1|G"]), release(&bench, &["1|G", "2|", "4|"])];
    let scratch = bench.path("scratch");
    let options = DiffOptions { scratch: &scratch, details: Details::Counts, threads: None, progress: &|_, _, _| {} };
    let reappeared = |a: usize, b: usize| {
        let report = diff(&bench.store, &order[a], &order[b], &options).unwrap();
        let table = &report.tables["cases"];
        (table.appeared, table.reappeared)
    };
    assert_eq!(reappeared(1, 2), (2, None), "the watch is not there");
    update(&bench, &order[..2]);
    assert_eq!(reappeared(1, 2), (2, Some(1)), "the watch knows the earlier one");
    update(&bench, &order);
    assert_eq!(reappeared(1, 2), (2, Some(1)), "the watch knows both");
    assert_eq!(reappeared(0, 2), (1, Some(0)));
}

#[test]
fn a_delivery_that_is_not_watched_is_named() {
    let bench = Bench::new();
    let first = release(&bench, &["1|G"]);
    update(&bench, std::slice::from_ref(&first));
    let second = release(&bench, &["2|G"]);
    let error = watch::raise(&bench.store, &second).unwrap_err();
    let text = format!("{error}\nhelp: {}", error.help().unwrap());
    assert_snapshot!(text.replace(second.as_str(), "d-second"), @r###"
    the watch of `court/releases` does not know delivery `d-second`
    help: bring the watch up to date first: `throughline watch`
    "###);
}

#[test]
fn a_share_that_makes_no_sense_is_refused() {
    for (from, to, expected) in [
        ("watch_share = 0.3", "watch_share = 2.0", "key `table.cases.watch_share`: 2 is not a share between 0 and 1"),
        ("key = [\"id\"]", "", "key `table.cases.watch_share`: only a table with a `key` is watched"),
    ] {
        let error = Mapping::parse("test.toml", &CASES.replace(from, to)).unwrap_err();
        assert_eq!(error.to_string(), format!("mapping `test.toml`, {expected}"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    /// The account of each release is that of a plain one in memory, made release by release or all at once.
    #[test]
    fn the_account_is_a_plain_one(
        releases in proptest::collection::vec(proptest::collection::btree_set(0_u32..12, 1..9), 1..6),
    ) {
        let bench = Bench::new();
        let mut order = Vec::new();
        let mut plain = Vec::new();
        let (mut ever, mut before): (BTreeSet<u32>, BTreeSet<u32>) = Default::default();
        for keys in &releases {
            let rows: Vec<String> = keys.iter().map(|k| format!("{k}|{}", if k % 2 == 0 { "G" } else { "" })).collect();
            let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
            order.push(release(&bench, &rows));
            update(&bench, &order);
            let gone: Vec<&u32> = before.difference(keys).collect();
            let mut lost: BTreeMap<String, u64> = BTreeMap::new();
            for key in &gone {
                *lost.entry(if **key % 2 == 0 { "decided" } else { "pending" }.to_owned()).or_default() += 1;
            }
            let new = keys.difference(&ever).count();
            let back = keys.iter().filter(|k| ever.contains(k) && !before.contains(k)).count();
            plain.push((keys.len() as u64, new as u64, gone.len() as u64, back as u64, lost));
            ever.extend(keys);
            before.clone_from(keys);
        }
        let tables = watch::watched(&bench.store, None).unwrap();
        let account: Vec<_> =
            tables[0].releases.iter().map(|r| (r.keys, r.new, r.gone, r.back, r.lost.clone())).collect();
        prop_assert_eq!(account, plain);
        let step_by_step = file(&bench);
        std::fs::remove_dir_all(bench.store.root().join(".watch")).unwrap();
        update(&bench, &order);
        prop_assert!(step_by_step == file(&bench));
    }
}
