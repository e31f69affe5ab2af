//! Few records, and records that say little: the ordinary case of an office.

use linkage::{Column, Config, FieldKind, FieldSpec, LinkError, Records, Warning, WithinSources, explain, link};

use crate::support::{records, show};

const OFFICE: &str = "
    court-1  | Ilvana         | Quespera Brumal | 1990-03-04 | A012-345-678 | GTM
    clinic-1 | ILVANA         | Brumal          | 1990-04-03 | 12345678     |
    intake-1 | Brumal         | Ilvana          | 1990-03-04 |              | GTM
    court-2  | Francisco      | Tzoc Oquimbo    | 1985-07-19 | A076-543-219 | GTM
    clinic-2 | Paco           | Tzok            | 1985-07-19 |              | GTM
    court-3  | Torvald        | Zintho          | 1962-11-30 | A077-111-222 | HND
    court-4  | Maribelka      | Zintho          | 1964-02-17 | A077-111-230 | HND
    clinic-4 | Maribelka      | Zintho          | 1964-01-01 | 077111203    | HND
    court-5  | Yousef         | Al-Harzim       | 2001-09-12 |              | SYR
    clinic-5 | Yusuf          | Alharzim        | 2001-12-09 |              | SYR
    court-6  | Odalkys        | Vermundo        | 1979-05-23 | A088-222-333 | CUB
    court-7  | Odalkys        | Vermundo        | 2004-08-02 | A088-222-977 | CUB
";

#[test]
fn a_dozen_records() {
    let records = records(OFFICE);
    let linked = link(&records, &Config::standard(), &[], 1).unwrap();
    insta::assert_snapshot!(show(&records, &linked.clusters), @r"
    clinic-1: clinic-1 court-1 intake-1
    clinic-2: clinic-2 court-2
    clinic-4: clinic-4 court-4
    clinic-5: clinic-5 court-5
    court-3: court-3
    court-6: court-6
    court-7: court-7
    ");
}

#[test]
fn a_score_explains_itself() {
    let records = records(OFFICE);
    let model = link(&records, &Config::standard(), &[], 1).unwrap().model;
    let why = |l, r| explain(&records, &model, l, r).unwrap().to_string();
    insta::assert_snapshot!(why("court-1", "clinic-1"), @r"
    court-1 – clinic-1
      given name    +6.5  exact                                           ILVANA | ILVANA
      surname       +5.1  one name of several (2 records carry it: +0.1)  QUESPERA BRUMAL | BRUMAL
      born         +10.2  day and month swapped                           1990-03-04 | 1990-04-03
      file number  +19.8  exact                                           12345678 | 12345678
      country       +0.0  missing                                         GTM | –
      prior         -3.9
      total        +37.7  probability 1.0000
    ");
    insta::assert_snapshot!(why("court-1", "intake-1"), @r"
    court-1 – intake-1
      given name    +7.4  swapped with the other name field  ILVANA | BRUMAL
      surname       +0.0  swapped with the other name field  QUESPERA BRUMAL | ILVANA
      born         +13.6  exact                              1990-03-04 | 1990-03-04
      file number   +0.0  missing                            12345678 | –
      country       +3.1  exact                              GTM | GTM
      prior         -3.9
      total        +20.2  probability 1.0000
    ");
    insta::assert_snapshot!(why("court-6", "court-7"), @r"
    court-6 – court-7
      given name   +6.5  exact               ODALKYS | ODALKYS
      surname      +6.2  exact               VERMUNDO | VERMUNDO
      born         -5.7  else                1979-05-23 | 2004-08-02
      file number  -6.1  else                88222333 | 88222977
      country      +3.1  exact               CUB | CUB
      prior        -3.9
      total        +0.1  probability 0.5236
    ");
}

#[test]
fn an_explanation_adds_up_to_the_score() {
    let records = records(OFFICE);
    let linked = link(&records, &Config::standard(), &[], 1).unwrap();
    assert!(!linked.pairs.is_empty());
    for pair in &linked.pairs {
        let why = explain(&records, &linked.model, records.id(pair.left), records.id(pair.right)).unwrap();
        let sum: f64 = why.prior_bits + why.fields.iter().map(linkage::FieldExplanation::bits).sum::<f64>();
        assert!((sum - pair.weight).abs() < 1e-9);
        assert_eq!(why.weight, pair.weight);
    }
}

#[test]
fn explaining_an_unknown_record() {
    let records = records(OFFICE);
    let model = link(&records, &Config::standard(), &[], 1).unwrap().model;
    assert_eq!(explain(&records, &model, "court-1", "nobody").unwrap_err().to_string(), "no record `nobody`");
}

#[test]
fn one_record_and_none() {
    let one = records("a | Ilvana | Brumal | 1990-03-04 | A012345678 | GTM");
    let linked = link(&one, &Config::standard(), &[], 1).unwrap();
    assert_eq!((linked.pairs.len(), linked.clusters.len()), (0, 1));
    let none = records("");
    assert!(none.is_empty());
    assert_eq!(link(&none, &Config::standard(), &[], 1).unwrap().clusters.len(), 0);
}

#[test]
fn empty_and_unreadable_values_are_reported() {
    let records = records("a | Ilvana | Brumal | 04/03/1990 | |\nb | Ilvana | Brumal | 1990-03-04 | |");
    let linked = link(&records, &Config::standard(), &[], 1).unwrap();
    let expected = [
        Warning::FieldEmpty { field: "file number".to_owned() },
        Warning::FieldEmpty { field: "country".to_owned() },
        Warning::ValuesUnreadable { field: "born".to_owned(), records: 1 },
    ];
    for warning in expected {
        assert!(linked.report.warnings.contains(&warning), "{warning:?} in {:?}", linked.report.warnings);
    }
}

#[test]
fn nothing_but_missing_values_joins_nobody() {
    let linked = link(&records("a | | | | |\nb | | | | |\nc"), &Config::standard(), &[], 1).unwrap();
    assert_eq!(linked.clusters.len(), 3);
}

#[test]
fn only_across_sources() {
    let surname =
        Column { spec: FieldSpec::new("surname", FieldKind::Surname), values: vec![Some("Brumal Oquimbo"); 3] };
    let number = Column { spec: FieldSpec::new("number", FieldKind::Identifier), values: vec![Some("47114712"); 3] };
    let ids = ["a", "b", "c"].map(str::to_owned).to_vec();
    let records = Records::new(ids, Some(&["court", "court", "clinic"]), &[surname, number]).unwrap();
    let config = Config { within_sources: WithinSources::Skip, ..Config::standard() };
    let linked = link(&records, &config, &[], 1).unwrap();
    let pairs: Vec<_> = linked.pairs.iter().map(|p| (records.id(p.left), records.id(p.right))).collect();
    assert_eq!(pairs, [("a", "c"), ("b", "c")]);
    assert_eq!(linked.report.pairs_possible, 2);
    assert_eq!(records.source(2), "clinic");
}

#[test]
fn what_cannot_be_linked_says_so() {
    let column =
        |name: &str, n| Column { spec: FieldSpec::new(name, FieldKind::Surname), values: vec![Some("Brumal"); n] };
    let ids = |ids: &[&str]| ids.iter().map(|&id| id.to_owned()).collect::<Vec<_>>();
    let error = |result: Result<Records, LinkError>| result.unwrap_err().to_string();
    assert_eq!(error(Records::new(ids(&["a", "a"]), None, &[column("s", 2)])), "record id `a` occurs more than once");
    assert_eq!(error(Records::new(ids(&["a", "b"]), None, &[column("s", 1)])), "column `s` has 1 values for 2 records");
    assert_eq!(
        error(Records::new(ids(&["a"]), None, &[column("s", 1), column("s", 1)])),
        "field `s` is declared more than once"
    );
    assert_eq!(
        error(Records::new(ids(&["a"]), None, &[])),
        "no field to compare: name at least one column and what it holds"
    );
    let many: Vec<_> = (0..20).map(|i| column(&format!("s{i}"), 1)).collect();
    let records = Records::new(ids(&["a"]), None, &many).unwrap();
    assert_eq!(
        link(&records, &Config::standard(), &[], 1).unwrap_err().to_string(),
        "20 fields need 80 bits of agreement pattern and 64 are there: leave out the weakest fields"
    );
    let config = Config { threshold: 1.0, ..Config::standard() };
    let records = Records::new(ids(&["a"]), None, &[column("s", 1)]).unwrap();
    assert_eq!(
        link(&records, &config, &[], 1).unwrap_err().to_string(),
        "`threshold` is 1, and must lie between 0 and 1"
    );
}
