//! The difference between two deliveries, on small invented releases.

use crate::support::{Bench, QUIET, mapping};
use camino::Utf8PathBuf;
use evidence::diff::{Csv, Details, DiffOptions, DiffReport, TableDiff, diff};
use evidence::{Mapping, add};
use insta::assert_snapshot;
use model::DeliveryId;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::num::NonZero;

const HEAD: &str = r#"
id = "test/court"
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
quote = ""
null = ["NA"]
repair = ["shift_left"]
repair_cap_rows = 50
unknown_files = "keep"
"#;

const KEYED: &str = r#"
[[table]]
name = "cases"
files = ["cases*"]
key = ["id"]
column = [
    { name = "Id", as = "id", type = "integer" },
    { name = "City", as = "city", free = true },
    { name = "Decision", as = "decision", shape = "[A-Z]" },
    { name = "Opened", as = "opened", type = "date", formats = ["%m/%d/%Y", "%Y-%m-%d"], optional = true },
    { name = "Fee", as = "fee", type = "money", optional = true },
]
[[table.lost]]
name = "granted"
when = [{ column = "decision", in = ["G"] }]
[[table.lost]]
name = "decided"
when = [{ column = "decision", present = true }]
[[table.lost]]
name = "pending"
when = [{ column = "decision", present = false }, { column = "opened", present = true }]
"#;

fn court(table: &str) -> Mapping {
    mapping(&format!("{HEAD}{table}"))
}

fn keyed() -> Mapping {
    court(KEYED)
}

fn keyless() -> Mapping {
    court(&KEYED.replace("key = [\"id\"]", ""))
}

/// Takes in a delivery of files with their names.
#[track_caller]
fn deliver(bench: &Bench, mapping: &Mapping, files: &[(&str, String)]) -> DeliveryId {
    let folder = format!("delivery-{}", bench.store.deliveries().unwrap().len());
    std::fs::create_dir_all(bench.path(&folder)).unwrap();
    let paths: Vec<Utf8PathBuf> =
        files.iter().map(|(name, text)| bench.file(&format!("{folder}/{name}"), text)).collect();
    add(&bench.store, &paths, mapping, &QUIET).unwrap().receipt.delivery
}

#[track_caller]
fn compare(bench: &Bench, a: &DeliveryId, b: &DeliveryId, threads: usize) -> DiffReport {
    let scratch = bench.path("scratch");
    let options = DiffOptions {
        scratch: &scratch,
        details: Details::Rows,
        threads: NonZero::new(threads),
        progress: &|_, _, _| {},
    };
    let report = diff(&bench.store, a, b, &options).unwrap();
    let counts = DiffOptions { details: Details::Counts, ..options };
    assert_eq!(diff(&bench.store, a, b, &counts).unwrap().tables, report.tables, "with details or without");
    for table in report.tables.values() {
        hold(table);
    }
    report
}

/// The identities: no row is lost from the account.
#[track_caller]
fn hold(t: &TableDiff) {
    for (of, gone) in [(0, t.vanished), (1, t.appeared)] {
        let parts = [t.unchanged, t.changed, gone, t.repeated_only[of], t.null_keys_only[of], t.unreadable[of]];
        assert_eq!(t.rows[of], parts.iter().sum::<u64>(), "{t:?}");
    }
    assert_eq!(t.lost.values().sum::<u64>(), t.vanished, "{t:?}");
    assert!(t.by_column.values().all(|n| *n > 0 && *n <= t.changed), "{t:?}");
    assert!(t.by_column.values().sum::<u64>() >= t.changed, "{t:?}");
    if t.is_keyless() {
        assert_eq!((t.changed, t.repeated_keys, t.null_keys), (0, [0, 0], [0, 0]), "{t:?}");
    }
}

/// What is not zero, in one line.
fn short(t: &TableDiff) -> String {
    let mut parts = vec![format!("{}→{}", t.rows[0], t.rows[1])];
    let mut say = |name: &str, n: u64| {
        if n > 0 {
            parts.push(format!("{name} {n}"));
        }
    };
    say("same", t.unchanged);
    say("vanished", t.vanished);
    say("appeared", t.appeared);
    say("changed", t.changed);
    for (column, n) in &t.by_column {
        say(&format!("~{column}"), *n);
    }
    for (class, n) in &t.lost {
        say(&format!("lost:{class}"), *n);
    }
    for (name, both) in [
        ("repeated", t.repeated_keys),
        ("repeated_only", t.repeated_only),
        ("null_keys", t.null_keys),
        ("null_keys_only", t.null_keys_only),
        ("refused", t.refused),
        ("refused_without_key", t.refused_without_key),
        ("unreadable", t.unreadable),
    ] {
        say(&format!("{name}.a"), both[0]);
        say(&format!("{name}.b"), both[1]);
    }
    for (of, name) in [(0, "a"), (1, "b")] {
        if !t.columns_only[of].is_empty() {
            parts.push(format!("only.{name}:{}", t.columns_only[of].join(",")));
        }
    }
    parts.extend(t.retyped.iter().map(|r| format!("{}:{}→{}", r.column, r.a, r.b)));
    if let Some([a, b]) = &t.other_keys {
        parts.push(format!("keys {a:?}→{b:?}"));
    }
    parts.join(" ")
}

/// The reverse: what vanished in one direction appeared in the other.
fn mirrored(t: &TableDiff) -> String {
    let flip = |[a, b]: [u64; 2]| [b, a];
    let [only_a, only_b] = t.columns_only.clone();
    short(&TableDiff {
        rows: flip(t.rows),
        vanished: t.appeared,
        appeared: t.vanished,
        repeated_keys: flip(t.repeated_keys),
        repeated_only: flip(t.repeated_only),
        null_keys: flip(t.null_keys),
        null_keys_only: flip(t.null_keys_only),
        refused: flip(t.refused),
        refused_without_key: flip(t.refused_without_key),
        unreadable: flip(t.unreadable),
        columns_only: [only_b, only_a],
        retyped: Vec::new(),
        other_keys: None,
        lost: BTreeMap::new(),
        ..t.clone()
    })
}

#[track_caller]
fn check(name: &str, mappings: [&Mapping; 2], files: [&str; 2], expected: &str) {
    let bench = Bench::new();
    let [a, b] = [0, 1].map(|of| deliver(&bench, mappings[of], &[("cases.txt", files[of].to_owned())]));
    let report = compare(&bench, &a, &b, 2);
    let table = &report.tables["cases"];
    assert_eq!(short(table), expected, "{name}");
    let back = compare(&bench, &b, &a, 1);
    let back =
        TableDiff { lost: BTreeMap::new(), retyped: Vec::new(), other_keys: None, ..back.tables["cases"].clone() };
    assert_eq!(short(&back), mirrored(table), "{name}, the other way round");
    for delivery in [&a, &b] {
        assert!(compare(&bench, delivery, delivery, 2).tables["cases"].is_same(), "{name}, with itself");
    }
}

const HEADER: &str = "Id|City|Decision|Opened|Fee\n";

#[test]
fn what_becomes_of_rows() {
    let (keyed, keyless) = (&keyed(), &keyless());
    let with_text_id = &court(&KEYED.replace("as = \"id\", type = \"integer\"", "as = \"id\""));
    let newer = &mapping(
        &format!("{HEAD}{KEYED}").replace("version = 1", "version = 2").replace("[\"id\"]", "[\"id\", \"city\"]"),
    );
    let one = "1|Houston|G|7/2/2016|5\n2|Dallas||7/2/2016|5\n3|Austin|D||\n4|Waco|||\n";
    for (name, mappings, a, b, expected) in [
        (
            "the same rows in another order",
            [keyed, keyed],
            "1|a||||\n2|b||||\n".replace("||||", "|||"),
            "2|b|||\n1|a|||\n".to_owned(),
            "2→2 same 2",
        ),
        (
            "vanished, by what was lost",
            [keyed, keyed],
            one.to_owned(),
            "3|Austin|D||\n".to_owned(),
            "4→1 same 1 vanished 3 lost:granted 1 lost:pending 1 lost:unclassified 1",
        ),
        ("appeared", [keyed, keyed], "3|Austin|D||\n".to_owned(), one.to_owned(), "1→4 same 1 appeared 3"),
        (
            "changed, by column",
            [keyed, keyed],
            one.to_owned(),
            "1|Houston|D|7/2/2016|6\n2|Dallas||7/3/2016|5\n3|Austin|D||\n4|Waco|||\n".to_owned(),
            "4→4 same 2 changed 2 ~decision 1 ~fee 1 ~opened 1",
        ),
        (
            "another way to write the same",
            [keyed, keyed],
            one.to_owned(),
            "01| Houston|G|2016-07-02|$5.00\n2|Dallas|NA|07/02/2016|5.0\n3|Austin|D|NA| \n4|Waco| | | \n".to_owned(),
            "4→4 same 4",
        ),
        (
            "redactions",
            [keyed, keyed],
            "1|(b)(6)|||\n2|(b)(6)|||\n3|Waco|||\n4|NA|||\n".to_owned(),
            "1|(B)(6);(B)(7)(C) |||\n2|Waco|||\n3|(b)(6)|||\n4|(b)(6)|||\n".to_owned(),
            "4→4 same 1 changed 3 ~city 3",
        ),
        (
            "texts that are no value of their type",
            [keyed, keyed],
            "1|a||soon|\n2|a||soon|\n3|a||soon|\n".to_owned(),
            "1|a|| soon|\n2|a||later|\n3|a||7/2/2016|\n".to_owned(),
            "3→3 same 1 changed 2 ~opened 2",
        ),
        (
            "repeated keys are compared as multisets",
            [keyed, keyed],
            "1|a|||\n1|b|||\n1|b|||\n2|a|||\n3|a|||\n3|a|||\n".to_owned(),
            "1|b|||\n1|c|||\n2|a|||\n2|b|||\n4|a|||\n4|a|||\n".to_owned(),
            "6→6 same 2 vanished 2 appeared 2 lost:unclassified 2 repeated.a 2 repeated.b 3 repeated_only.a 2 repeated_only.b 2",
        ),
        (
            "rows without a key",
            [keyed, keyed],
            "|a|||\nNA|b|||\n(b)(6)|c|||\n(b)(6)|c|||\n".to_owned(),
            "|b|||\n(b)(6)|c|||\n|d|||\n".to_owned(),
            "4→3 same 2 null_keys.a 4 null_keys.b 3 null_keys_only.a 2 null_keys_only.b 1",
        ),
        (
            "a key that is no number",
            [keyed, keyed],
            "1O|a|||\nx|b|||\n".to_owned(),
            "1O|c|||\ny|b|||\n".to_owned(),
            "2→2 vanished 1 appeared 1 changed 1 ~city 1 lost:unclassified 1",
        ),
        (
            "refused rows are not vanished",
            [keyed, keyed],
            "1|a|||\n2|b|||\n3|c|||\n4|d|||\n".to_owned(),
            "1|x|y|z|7/2/2016|1|1|1|1|1|1|1|1\n2|b|||\n3\nx|q\n".to_owned(),
            "4→1 same 1 vanished 2 lost:unclassified 2 refused.b 3 refused_without_key.b 2 unreadable.a 1",
        ),
        (
            "a repaired row is equal to a whole one",
            [keyed, keyed],
            "1|San|Antonio|G|7/2/2016|5\n".to_owned(),
            "1|San Antonio|G|7/2/2016|5\n".to_owned(),
            "1→1 same 1",
        ),
        ("empty", [keyed, keyed], String::new(), String::new(), "0→0"),
        (
            "emptied",
            [keyed, keyed],
            one.to_owned(),
            String::new(),
            "4→0 vanished 4 lost:decided 1 lost:granted 1 lost:pending 1 lost:unclassified 1",
        ),
        (
            "without a key: as often as they occur",
            [keyless, keyless],
            "1|a|||\n1|a|||\n1|a|||\n2|b|||\n".to_owned(),
            "1|a|||\n2|c|||\n1|a|||\n2|d|||\n".to_owned(),
            "4→4 same 2 vanished 2 appeared 2 lost:unclassified 2",
        ),
        (
            "a type that changed",
            [keyed, with_text_id],
            "1|a|||\n007|b|||\n3|c|||\n".to_owned(),
            "1|a|||\n007|b|||\n4|c|||\n".to_owned(),
            "3→3 same 2 vanished 1 appeared 1 lost:unclassified 1 id:integer→text",
        ),
        (
            "a key that changed",
            [keyed, newer],
            "1|a|G||\n2|b|||\n".to_owned(),
            "1|a|D||\n2|c|||\n".to_owned(),
            "2→2 vanished 1 appeared 1 changed 1 ~decision 1 lost:unclassified 1 keys [\"id\"]→[\"id\", \"city\"]",
        ),
        (
            "a key of one of them",
            [keyless, keyed],
            "1|a|||\n".to_owned(),
            "1|b|||\n".to_owned(),
            "1→1 changed 1 ~city 1 keys []→[\"id\"]",
        ),
    ] {
        check(name, mappings, [&format!("{HEADER}{a}"), &format!("{HEADER}{b}\n")], expected);
    }
}

#[test]
fn columns_of_one_delivery_are_left_out() {
    let (keyed, keyless) = (&keyed(), &keyless());
    for (name, mappings, a, b, expected) in [
        (
            "a column added",
            [keyed, keyed],
            "Id|City|Decision|Opened\n1|a|G|7/2/2016\n",
            "Id|City|Decision|Opened|Fee\n1|a|G|7/2/2016|5\n",
            "1→1 same 1 only.b:fee",
        ),
        (
            "one added, one removed, without a key",
            [keyless, keyless],
            "Id|City|Decision|Opened\n1|a|G|7/2/2016\n",
            "Id|City|Decision|Fee\n1|a|G|5\n",
            "1→1 same 1 only.a:opened only.b:fee",
        ),
    ] {
        check(name, mappings, [a, b], expected);
    }
}

#[test]
fn tables_of_one_delivery_are_reported() {
    let bench = Bench::new();
    let cases = |name: &'static str| (name, format!("{HEADER}1|a|G||\n2|a|||\n"));
    let notes = |n: u32| ("notes.txt", format!("Who|What\n{n}|x\n1|y\n"));
    let courts = r#"
        [[table]]
        name = "courts"
        files = ["courts*"]
        column = [{ name = "Code", as = "code" }]
    "#;
    let two_tables = &court(&format!("{KEYED}{courts}"));
    let a = deliver(&bench, two_tables, &[cases("cases.txt"), notes(1)]);
    let b = deliver(&bench, two_tables, &[notes(2), ("courts.txt", "Code\nELP\n".to_owned())]);
    let c = deliver(&bench, two_tables, &[cases("cases-of-may.txt")]);
    let shown = [(&a, &b), (&b, &c), (&a, &c)].map(|(from, to)| {
        let tables = compare(&bench, from, to, 2).tables;
        let lines: Vec<_> = tables.iter().map(|(name, t)| format!("{name} {:?}: {}", t.has_table, short(t))).collect();
        lines.join("\n")
    });
    assert_snapshot!(shown.join("\n\n"), @r###"
    cases [true, false]: 2→0 vanished 2 lost:granted 1 lost:unclassified 1
    courts [false, true]: 0→1 appeared 1
    notes [true, true]: 2→2 same 1 vanished 1 appeared 1 lost:unclassified 1

    cases [false, true]: 0→2 appeared 2
    courts [true, false]: 1→0 vanished 1 lost:unclassified 1
    notes [true, false]: 2→0 vanished 2 lost:unclassified 2

    cases [true, true]: 2→2 same 2
    notes [true, false]: 2→0 vanished 2 lost:unclassified 2
    "###);
}

/// Two releases in which everything happens.
fn eventful(bench: &Bench) -> [DeliveryId; 2] {
    let rows = |from: u32, to: u32, decision: &str, city: &str| -> String {
        (from..to).map(|n| format!("{n}|{city}|{decision}|7/2/2016|{n}\n")).collect()
    };
    let a =
        [rows(0, 20, "G", "Waco"), rows(20, 35, "", "Waco"), rows(35, 40, "D", "Waco"), rows(100, 400, "G", "Waco")];
    let b = [
        rows(100, 150, "D", "El Paso"),
        rows(150, 153, "G", "<b>Waco</b>"),
        rows(153, 400, "G", "Waco"),
        rows(500, 512, "", "Waco"),
        "600|x\n8|a|b|c|d|e|f|g|h|i|j|k\n".to_owned(),
    ];
    [a.concat(), b.concat()].map(|rows| deliver(bench, &keyed(), &[("cases.txt", format!("{HEADER}{rows}"))]))
}

#[test]
fn the_report_as_json() {
    let bench = Bench::new();
    let [a, b] = eventful(&bench);
    let json = compare(&bench, &a, &b, 2).json().unwrap();
    assert_snapshot!(json, @r###"
    {
      "a": "d-3f505b6ed082994f9980",
      "b": "d-3035cc86fd8efab973e5",
      "mapping_a": "test/court",
      "mapping_b": "test/court",
      "tables": {
        "cases": {
          "rows_a": 340,
          "rows_b": 312,
          "unchanged": 247,
          "vanished": 39,
          "appeared": 12,
          "changed": 53,
          "by_column": {
            "city": 53,
            "decision": 50
          },
          "lost": {
            "decided": 5,
            "granted": 19,
            "pending": 15
          },
          "reappeared": null,
          "keyless": false,
          "key": [
            "id"
          ],
          "repeated_keys_a": 0,
          "repeated_keys_b": 0,
          "repeated_only_a": 0,
          "repeated_only_b": 0,
          "null_keys_a": 0,
          "null_keys_b": 0,
          "null_keys_only_a": 0,
          "null_keys_only_b": 0,
          "refused_a": 0,
          "refused_b": 2,
          "refused_without_key_a": 0,
          "refused_without_key_b": 0,
          "unreadable": 1,
          "unreadable_a": 1,
          "unreadable_b": 0
        }
      }
    }
    "###);
}

#[test]
fn the_report_as_a_page() {
    let bench = Bench::new();
    let [a, b] = eventful(&bench);
    let page = compare(&bench, &a, &b, 2).html();
    assert_snapshot!(page);
    assert!(!page.contains("<b>") && !page.contains("http") && !page.contains("<script"), "it stands alone");
}

#[test]
fn the_report_as_files() {
    let bench = Bench::new();
    let a = format!("{HEADER}1|Houston|G|7/2/2016|5\n2|Dallas, TX|D||\n3|a|||\n3|b|||\n|x|||\n5|e|||\n");
    let b = format!("{HEADER}2|\"Waco\"|D|(b)(6)|\n3|a|||\n|y|||\n4|Austin|||\n5|x|x|x|x|x|x|x|x|x|x|x|x\n");
    let [a, b] = [a, b].map(|text| deliver(&bench, &keyed(), &[("cases.txt", text)]));
    let report = compare(&bench, &a, &b, 2);
    let folder = bench.path("report");
    let written = report.write(&folder, Csv::Yes).unwrap();
    let names: Vec<_> = written.iter().map(|path| path.strip_prefix(&folder).unwrap().as_str()).collect();
    assert_eq!(names, ["report.json", "report.html", "details/cases.csv", "details/cases.parquet"]);
    assert_snapshot!(std::fs::read_to_string(folder.join("details/cases.csv")).unwrap(), @r###"
    key_id,kind,column,before,after,lost,a_file,a_sheet,a_row,b_file,b_sheet,b_row
    1,vanished,,,,granted,cases.txt,,2,,,
    2,changed,city,"Dallas, TX","""Waco""",,cases.txt,,3,cases.txt,,2
    2,changed,opened,,(b)(6),,cases.txt,,3,cases.txt,,2
    3,repeated_only_a,,,,,cases.txt,,5,,,
    ,null_keys_only_a,,,,,cases.txt,,6,,,
    5,unreadable_a,,,,,cases.txt,,7,,,
    ,null_keys_only_b,,,,,,,,cases.txt,,4
    4,appeared,,,,,,,,cases.txt,,5
    "###);
    drop(report);
    assert_eq!(bench.path("scratch").read_dir_utf8().unwrap().count(), 0, "nothing is left");
}

#[test]
fn an_unknown_delivery_is_named() {
    let bench = Bench::new();
    let [a, _] = eventful(&bench);
    let scratch = bench.path("scratch");
    let options = DiffOptions { scratch: &scratch, details: Details::Counts, threads: None, progress: &|_, _, _| {} };
    let error = diff(&bench.store, &a, &DeliveryId::new("d-nothing"), &options).unwrap_err();
    assert_eq!(error.to_string(), "no delivery `d-nothing` in this store");
}

/// The rows of each fate in the details, by key and column.
fn told(report: &DiffReport) -> Vec<String> {
    let mut csv = Vec::new();
    report.details_csv("cases", &mut csv).unwrap();
    let lines = String::from_utf8(csv).unwrap();
    lines.lines().skip(1).map(|line| line.split(',').take(3).collect::<Vec<_>>().join(" ")).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Random edits of a release with unique keys are found, each of them, and no other.
    #[test]
    fn random_edits_are_found(
        rows in proptest::collection::btree_map(0_u32..200, ("[ab]{0,2}", "[GD]?"), 0..40),
        edits in proptest::collection::btree_map(0_u32..200, (0_u8..4, "[cd]{1,2}"), 0..20),
    ) {
        let bench = Bench::new();
        let mut after = rows.clone();
        let mut expected = Vec::new();
        for (key, (kind, text)) in &edits {
            match (kind, rows.get(key)) {
                (0, Some(_)) => {
                    after.remove(key);
                    expected.push(format!("{key} vanished "));
                }
                (1, Some((_, decision))) => {
                    after.insert(*key, (text.clone(), decision.clone()));
                    expected.push(format!("{key} changed city"));
                }
                (_, None) => {
                    after.insert(*key, (text.clone(), String::new()));
                    expected.push(format!("{key} appeared "));
                }
                _ => {}
            }
        }
        let text = |rows: &BTreeMap<u32, (String, String)>, turned: bool| {
            let mut lines: Vec<String> = rows.iter().map(|(k, (city, d))| format!("{k}|{city}|{d}||\n")).collect();
            if turned {
                lines.reverse();
            }
            format!("{HEADER}{}", lines.concat())
        };
        let a = deliver(&bench, &keyed(), &[("cases.txt", text(&rows, false))]);
        let b = deliver(&bench, &keyed(), &[("cases.txt", text(&after, true))]);
        let mut found = told(&compare(&bench, &a, &b, 2));
        found.sort();
        expected.sort();
        prop_assert_eq!(found, expected);
    }

    /// Whatever the rows, keys repeated or missing: the counts are those of a plain comparison in memory.
    #[test]
    fn counts_are_those_of_a_plain_comparison(
        a in proptest::collection::vec(("[1-5]?", "[ab]?"), 0..14),
        b in proptest::collection::vec(("[1-5]?", "[ab]?"), 0..14),
        has_key in any::<bool>(),
    ) {
        let bench = Bench::new();
        let mapping = if has_key { keyed() } else { keyless() };
        let [a_id, b_id] = [&a, &b].map(|rows| {
            let lines: String = rows.iter().map(|(key, city)| format!("{key}|{city}|x||\n")).collect();
            deliver(&bench, &mapping, &[("cases.txt", format!("{HEADER}{lines}"))])
        });
        let t = compare(&bench, &a_id, &b_id, 2).tables["cases"].clone();
        type Rows<'r> = BTreeMap<&'r str, BTreeMap<&'r (String, String), [u64; 2]>>;
        let mut keys: Rows<'_> = BTreeMap::new();
        for (of, rows) in [&a, &b].into_iter().enumerate() {
            for row in rows {
                keys.entry(&row.0).or_default().entry(row).or_default()[of] += 1;
            }
        }
        let mut plain = TableDiff::default();
        for (key, rows) in keys {
            let all = [0, 1].map(|of| rows.values().map(|n| n[of]).sum::<u64>());
            let same: u64 = rows.values().map(|n| n[0].min(n[1])).sum();
            let left = all.map(|n| n - same);
            let is_key = has_key && !key.is_empty();
            for of in [0, 1] {
                plain.rows[of] += all[of];
                plain.repeated_keys[of] += u64::from(is_key && all[of] > 1);
                plain.null_keys[of] += if has_key && !is_key { all[of] } else { 0 };
            }
            plain.unchanged += same;
            match (is_key, all) {
                (true, [1, 1]) => plain.changed += left[0],
                (true, [n, 0]) => plain.vanished += n,
                (true, [0, n]) => plain.appeared += n,
                (true, _) => [0, 1].iter().for_each(|of| plain.repeated_only[*of] += left[*of]),
                (false, _) if has_key => [0, 1].iter().for_each(|of| plain.null_keys_only[*of] += left[*of]),
                (false, _) => {
                    plain.vanished += left[0];
                    plain.appeared += left[1];
                }
            }
        }
        if plain.changed > 0 {
            plain.by_column = BTreeMap::from([("city".to_owned(), plain.changed)]);
        }
        let t = TableDiff { lost: BTreeMap::new(), ..t };
        prop_assert_eq!(short(&t), short(&plain));
        let back = compare(&bench, &b_id, &a_id, 3).tables["cases"].clone();
        prop_assert_eq!(short(&TableDiff { lost: BTreeMap::new(), ..back }), mirrored(&t));
    }
}

/// A million rows in several row groups: every edit is found, and the bytes do not depend on the number of threads.
#[test]
fn a_million_rows() {
    let bench = Bench::new();
    let mapping = keyed();
    let rows = 1_000_000_u32;
    let line = |n: u32, city: &str| format!("{n}|{city}|G||{}\n", n % 1000);
    let a: String = (0..rows).map(|n| line(n, "Waco")).collect();
    let (mut b, mut vanished, mut changed) = (String::with_capacity(a.len()), 0, 0);
    // In another order, so that no row stands where it stood.
    for n in (0..rows).rev() {
        match n % 1009 {
            7 => vanished += 1,
            11 | 12 => {
                changed += 1;
                b.push_str(&line(n, "Austin"));
            }
            _ => b.push_str(&line(n, "Waco")),
        }
    }
    let [a, b] = [a, b].map(|rows| deliver(&bench, &mapping, &[("cases.txt", format!("{HEADER}{rows}"))]));
    let scratch = bench.path("scratch");
    let reports = [1, 2, 5].map(|threads| {
        let threads = NonZero::new(threads);
        let options = DiffOptions { scratch: &scratch, details: Details::Rows, threads, progress: &|_, _, _| {} };
        let report = diff(&bench.store, &a, &b, &options).unwrap();
        let table = &report.tables["cases"];
        hold(table);
        assert_eq!((table.vanished, table.changed, table.appeared), (vanished, changed, 0));
        assert_eq!(table.by_column, BTreeMap::from([("city".to_owned(), changed)]));
        let (_, details) = report.details().pop().unwrap();
        (report.json().unwrap(), std::fs::read(details).unwrap())
    });
    assert!(reports[0] == reports[1] && reports[0] == reports[2]);
}
