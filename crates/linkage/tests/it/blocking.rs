//! What rules find, what they cost, and what they own up to.

use linkage::{Blocking, Config, Key, Part, Rule, block, link};

use crate::support::records;

fn rule(name: &str, parts: &[(&str, Key)]) -> Rule {
    let parts = parts.iter().map(|&(field, key)| Part { field: field.to_owned(), key }).collect();
    Rule { name: name.to_owned(), parts }
}

fn with(rules: Vec<Rule>, max_block: usize) -> Config {
    // No probability is too low to keep, so that all pairs that were compared are seen.
    Config {
        keep: 1e-300,
        blocking: Blocking { rules: Some(rules), max_block, every_pair_up_to: 0 },
        random_pairs: 500,
        ..Config::standard()
    }
}

#[track_caller]
fn check(rows: &str, rule: Rule, found: &[&str]) {
    let records = records(rows);
    let linked = link(&records, &with(vec![rule], 100), &[], 1).unwrap();
    let pairs: Vec<String> =
        linked.pairs.iter().map(|p| format!("{}-{}", records.id(p.left), records.id(p.right))).collect();
    assert_eq!(pairs, found);
}

#[test]
fn one_shared_surname_is_enough() {
    let rows =
        "a | Ilvana | Quespera Brumal | 1990-03-04\nb | Ilva | Brumal | 1990-11-30\nc | Ilva | Brumal | 1991-01-02";
    check(rows, rule("surname and year", &[("surname", Key::Token), ("born", Key::Year)]), &["a-b"]);
}

#[test]
fn swapped_fields_meet() {
    let rows = "a | Ilvana | Brumal |\nb | Brumal | Ilvana |\nc | Torvald | Brumal |";
    check(rows, rule("names", &[("given name", Key::Token), ("surname", Key::Token)]), &["a-b"]);
}

#[test]
fn swapped_day_and_month_meet() {
    let rows = "a | | | 1990-03-04\nb | | | 1990-04-03\nc | | | 1990-03-05";
    check(rows, rule("date", &[("born", Key::DateEitherOrder)]), &["a-b"]);
}

#[test]
fn a_default_birthday_is_no_key() {
    check("a | | | 1990-01-01\nb | | | 1990-01-01", rule("date", &[("born", Key::Exact)]), &[]);
}

#[test]
fn a_pair_is_found_once_by_the_first_rule() {
    let records =
        records("a | Ilvana | Brumal | 1990-03-04 | A111-222-333\nb | Ilvana | Brumal | 1990-03-04 | 111222333");
    let rules = vec![
        rule("number", &[("file number", Key::Exact)]),
        rule("date", &[("born", Key::Exact)]),
        rule("names", &[("given name", Key::Token), ("surname", Key::Token)]),
    ];
    let linked = link(&records, &with(rules, 100), &[], 1).unwrap();
    assert_eq!(linked.pairs.len(), 1);
    assert_eq!(
        linked.report.rules.iter().map(|r| (r.pairs_in_blocks, r.pairs)).collect::<Vec<_>>(),
        [(1, 1), (1, 0), (1, 0)]
    );
}

#[test]
fn what_is_too_large_is_split_and_the_rest_is_counted() {
    // Twelve records of one country: years split them, but one year is over the cap by itself and has no further key.
    let rows: String =
        (0..12).map(|i| format!("r{i:02} | | | {} | | GTM\n", if i < 4 { 1980 + i / 2 } else { 1999 })).collect();
    let records = records(&rows);
    let rules = vec![rule("country", &[("country", Key::Exact)])];
    let linked = link(&records, &with(rules.clone(), 5), &[], 1).unwrap();
    let report = &linked.report.rules[0];
    assert_eq!((report.largest_block, report.blocks_split, report.pairs), (12, 1, 2));
    assert_eq!(report.pairs_not_enumerated, 66 - 2);
    assert!(linked.report.warnings.iter().any(|w| matches!(w, linkage::Warning::PairsNotEnumerated { pairs: 64, .. })));
    let planned = block::plan(&records, &rules, 5).unwrap();
    assert_eq!((planned[0].pairs_in_blocks, planned[0].pairs_not_enumerated), (2, 64));
}

#[test]
fn a_later_rule_finds_what_an_earlier_one_could_not_enumerate() {
    let rows: String = (0..9).map(|i| format!("r{i} | | Oquimbo | | | GTM\n")).collect();
    let records = records(&rows);
    let rules = vec![rule("country", &[("country", Key::Exact)]), rule("surname", &[("surname", Key::Token)])];
    let mut config = with(rules, 8);
    let linked = link(&records, &config, &[], 1).unwrap();
    assert_eq!(linked.report.pairs_compared, 0, "both rules have one block of nine, which nothing splits");
    config.blocking.max_block = 9;
    assert_eq!(link(&records, &config, &[], 1).unwrap().report.pairs_compared, 36);
}

#[test]
fn a_rule_about_nothing_is_refused() {
    let records = records("a | Ilvana | Brumal | 1990-03-04\nb | Ilvana | Brumal | 1990-03-04");
    for (field, key) in [("town", Key::Exact), ("surname", Key::Year), ("born", Key::Token)] {
        let error = link(&records, &with(vec![rule("r", &[(field, key)])], 9), &[], 1).unwrap_err().to_string();
        assert!(error.starts_with(&format!("blocking rule `r` asks field `{field}`")), "{error}");
    }
}

#[test]
fn more_rules_than_can_be_told_apart_are_refused() {
    let records = records("a | Ilvana | Brumal\nb | Ilvana | Brumal");
    let rules = vec![rule("surname", &[("surname", Key::Exact)]); 256];
    let error = link(&records, &with(rules, 9), &[], 1).unwrap_err().to_string();
    assert_eq!(error, "256 blocking rules are more than the 255 that one run can tell apart");
}

#[test]
fn standard_rules_by_kind() {
    let rules = block::standard_rules(&records("a | Ilvana | Brumal | 1990-03-04 | A111222333 | GTM"));
    let names: Vec<&str> = rules.iter().map(|r| r.name.as_str()).collect();
    insta::assert_snapshot!(names.join("\n"), @r"
    same file number
    same birth date
    birth date, day and month in either order
    surname and birth year
    sound of surname and birth year
    given name and birth year
    given name and birthday
    surname and birthday
    given name and surname
    sound of given name and surname
    given name and country
    surname and country
    ");
}
