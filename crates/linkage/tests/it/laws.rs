//! What holds for any input.

use std::collections::BTreeSet;

use linkage::{
    Blocking, Column, Config, FieldKind, FieldSpec, Judgement, Key, Part, Records, Rule, Verdict, assignment, compare,
    link, normalise,
};
use proptest::prelude::*;

/// Rows of invented persons, drawn from few values so that they collide.
type Row = (Option<String>, Option<String>, Option<String>, Option<String>);

fn row() -> impl Strategy<Value = Row> {
    use proptest::option::weighted;
    (
        weighted(0.9, "(Ilvana|Ilvano|Torvald|Paco|Francisco|Brumal)( Osk| Mirelda)?"),
        weighted(0.9, "(Brumal|Brumel|Oquimbo|Ilvana)( Tejeda| Zintho)?"),
        weighted(0.9, "19(90|91)-0[134]-0[134]"),
        weighted(0.5, "A01234567[0-3]"),
    )
}

fn records(rows: &[(usize, Row)]) -> Records {
    let column = |name: &str, kind, of: fn(&Row) -> &Option<String>| Column {
        spec: FieldSpec::new(name, kind),
        values: rows.iter().map(|(_, row)| of(row).as_deref()).collect(),
    };
    let columns = [
        column("given", FieldKind::GivenName, |r| &r.0),
        column("surname", FieldKind::Surname, |r| &r.1),
        column("born", FieldKind::BirthDate, |r| &r.2),
        column("number", FieldKind::Identifier, |r| &r.3),
    ];
    Records::new(rows.iter().map(|(id, _)| format!("r{id:03}")).collect(), None, &columns).unwrap()
}

fn numbered(rows: Vec<Row>) -> Vec<(usize, Row)> {
    rows.into_iter().enumerate().collect()
}

/// By rules rather than by every pair, with a cap that some blocks exceed.
fn blocked() -> Config {
    Config {
        blocking: Blocking { rules: None, max_block: 8, every_pair_up_to: 0 },
        random_pairs: 300,
        ..Config::standard()
    }
}

fn rules() -> Vec<Rule> {
    let part = |field: &str, key| Part { field: field.to_owned(), key };
    [
        vec![part("number", Key::Exact)],
        vec![part("surname", Key::Token), part("born", Key::Year)],
        vec![part("given", Key::Token), part("surname", Key::Token)],
        vec![part("born", Key::DateEitherOrder)],
        vec![part("surname", Key::Sound), part("given", Key::Initial)],
    ]
    .into_iter()
    .enumerate()
    .map(|(at, parts)| Rule { name: format!("rule {at}"), parts })
    .collect()
}

/// The keys of a record under a rule, the slow way, on normalised text.
fn slow_keys(row: &Row, parts: &[Part]) -> BTreeSet<Vec<String>> {
    let of = |part: &Part| -> Vec<String> {
        let raw = match part.field.as_str() {
            "given" => &row.0,
            "surname" => &row.1,
            "born" => &row.2,
            _ => &row.3,
        };
        let Some(raw) = raw else { return Vec::new() };
        let text = normalise::text(raw).unwrap_or_default();
        let born: Vec<&str> = raw.split('-').collect();
        match part.key {
            Key::Exact => normalise::identifier(raw).into_iter().collect(),
            Key::Token => normalise::name_tokens(&text).iter().map(|t| format!("token {t}")).collect(),
            Key::Sound => {
                normalise::name_tokens(&text).iter().map(|t| format!("sound {}", normalise::sound(t))).collect()
            }
            Key::Initial => vec![format!("{} {}", part.field, &text[..1])],
            Key::Year => vec![born[0].to_owned()],
            Key::DateEitherOrder if raw.ends_with("-01-01") => Vec::new(),
            Key::DateEitherOrder => vec![format!("{} {:?}", born[0], BTreeSet::from([born[1], born[2]]))],
            Key::MonthDay => unreachable!("not among the rules"),
        }
    };
    let mut keys: Vec<Vec<String>> = vec![Vec::new()];
    for part in parts {
        let values = of(part);
        keys = keys.iter().flat_map(|k| values.iter().map(|v| k.iter().chain([v]).cloned().collect())).collect();
    }
    // Parts are tried in either order: names may stand in each other's field.
    keys.into_iter()
        .map(|mut key: Vec<String>| {
            key.sort();
            key
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn comparisons_are_symmetric(left in ".{0,12}|[A-Z]{1,8}( [A-Z]{1,8})?|[0-9]{4}-[0-9]{2}-[0-9]{2}", right in ".{0,12}|[A-Z]{1,8}( [A-Z]{1,8})?|[0-9]{4}-[0-9]{2}-[0-9]{2}") {
        for kind in FieldKind::ALL {
            let (one, other) = (compare::compare(kind, Some(&left), Some(&right)), compare::compare(kind, Some(&right), Some(&left)));
            prop_assert_eq!(one.name, other.name, "{}", kind.name());
        }
    }

    #[test]
    fn a_value_agrees_with_itself_at_its_best(text in "[A-Za-z]{1,8}( [A-Za-z]{1,8}){0,2}") {
        for kind in [FieldKind::GivenName, FieldKind::Surname, FieldKind::FullName, FieldKind::Category, FieldKind::Place] {
            prop_assert_eq!(compare::compare(kind, Some(&text), Some(&text)).name, "exact");
        }
    }

    #[test]
    fn normal_form_is_normal(text in ".{0,20}") {
        if let Some(normal) = normalise::text(&text) {
            prop_assert_eq!(normalise::text(&normal), Some(normal.clone()));
        }
    }

    #[test]
    fn same_input_same_result(rows in prop::collection::vec(row(), 0..40)) {
        let rows = numbered(rows);
        for config in [Config::standard(), blocked()] {
            let (one, other) = (link(&records(&rows), &config, &[], 7).unwrap(), link(&records(&rows), &config, &[], 7).unwrap());
            prop_assert_eq!(one, other);
        }
    }

    #[test]
    fn the_order_of_records_changes_nothing(rows in prop::collection::vec(row(), 0..40), turn in 0_usize..40) {
        let rows = numbered(rows);
        let mut turned = rows.clone();
        turned.reverse();
        let middle = turn % turned.len().max(1);
        turned.rotate_left(middle);
        for config in [Config::standard(), blocked()] {
            let (before, after) = (records(&rows), records(&turned));
            let (one, other) = (link(&before, &config, &[], 7).unwrap(), link(&after, &config, &[], 7).unwrap());
            prop_assert_eq!(&one.model, &other.model);
            prop_assert_eq!(assignment(&before, &one.clusters), assignment(&after, &other.clusters));
            let pairs = |records: &Records, linked: &linkage::Linked| linked.pairs.iter()
                .map(|p| (records.id(p.left).to_owned(), records.id(p.right).to_owned(), p.weight.to_bits(), p.rule)).collect::<Vec<_>>();
            prop_assert_eq!(pairs(&before, &one), pairs(&after, &other));
            prop_assert_eq!(one.report, other.report);
        }
    }

    #[test]
    fn judgements_hold(rows in prop::collection::vec(row(), 2..30), judged in prop::collection::vec((0_usize..30, 0_usize..30, any::<bool>()), 0..12)) {
        let rows = numbered(rows);
        let records = records(&rows);
        let id = |at: usize| format!("r{:03}", at % rows.len());
        let judgements: Vec<Judgement> = judged.iter().filter(|(l, r, _)| l % rows.len() != r % rows.len()).map(|&(l, r, same)| Judgement {
            left: id(l), right: id(r), verdict: if same { Verdict::Same } else { Verdict::Different },
        }).collect();
        let linked = link(&records, &blocked(), &judgements, 7).unwrap();
        let clusters = assignment(&records, &linked.clusters);
        let contradicted = !linked.report.warnings.is_empty();
        for j in &judgements {
            let together = clusters[&j.left] == clusters[&j.right];
            match j.verdict {
                Verdict::Different => prop_assert!(!together, "{:?}", j),
                _ => prop_assert!(together || contradicted, "{:?}", j),
            }
        }
        let members: usize = linked.clusters.iter().map(|c| c.records.len()).sum();
        prop_assert_eq!(members, rows.len());
    }

    #[test]
    fn rules_find_what_brute_force_finds_each_pair_once_by_the_first(rows in prop::collection::vec(row(), 0..30)) {
        let rows = numbered(rows);
        let records = records(&rows);
        let rules = rules();
        let config = Config {
            keep: 1e-300,
            blocking: Blocking { rules: Some(rules.clone()), max_block: 1_000, every_pair_up_to: 0 },
            random_pairs: 100,
            ..Config::standard()
        };
        let linked = link(&records, &config, &[], 7).unwrap();
        let found: Vec<(u32, u32, u8)> = linked.pairs.iter().map(|p| (p.left, p.right, p.rule)).collect();
        let mut expected = Vec::new();
        for (a, (_, left)) in (0_u32..).zip(&rows) {
            for (b, (_, right)) in (0_u32..).zip(&rows).skip(a as usize + 1) {
                let shares = |rule: &Rule| !slow_keys(left, &rule.parts).is_disjoint(&slow_keys(right, &rule.parts));
                if let Some(first) = rules.iter().position(shares) {
                    expected.push((a, b, first as u8));
                }
            }
        }
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn a_cap_loses_no_pair_unreported(rows in prop::collection::vec(row(), 0..40)) {
        let rows = numbered(rows);
        let records = records(&rows);
        let run = |max_block| {
            let blocking = Blocking { rules: Some(rules()), max_block, every_pair_up_to: 0 };
            link(&records, &Config { blocking, random_pairs: 100, ..Config::standard() }, &[], 7).unwrap().report
        };
        let (all, capped) = (run(1_000), run(4));
        let reported: u64 = capped.rules.iter().map(|r| r.pairs_not_enumerated).sum();
        prop_assert!(all.pairs_compared <= capped.pairs_compared + reported);
    }
}
