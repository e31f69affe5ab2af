//! How right the defaults are on data with known truth. Skipped, with the reason printed, where the data is absent.

use std::{collections::BTreeMap, fs::File, io::Read as _, path::PathBuf, time::Instant};

use linkage::{
    Column, Config, Evaluation, FieldKind, FieldSpec, Linked, Records, Truth, WithinSources, evaluate, link,
};

const FEBRL: &[(&str, FieldKind)] = &[
    ("given_name", FieldKind::GivenName),
    ("surname", FieldKind::Surname),
    ("date_of_birth", FieldKind::BirthDate),
    ("soc_sec_id", FieldKind::Identifier),
    ("postcode", FieldKind::Category),
    ("suburb", FieldKind::Place),
    ("address_1", FieldKind::Place),
];

const SYNTHETIC: &[(&str, FieldKind)] = &[
    ("given_name", FieldKind::GivenName),
    ("surname", FieldKind::Surname),
    ("dob", FieldKind::BirthDate),
    ("sex", FieldKind::Category),
    ("country_of_birth", FieldKind::Category),
    ("city", FieldKind::Place),
    ("a_number", FieldKind::Identifier),
];

/// Where the shared data is, or a note that the test is skipped.
fn data(folder: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/er").join(folder);
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("skipped: no test data at {}", path.display());
    None
}

type Table = Vec<BTreeMap<String, String>>;

fn table(path: &std::path::Path) -> Table {
    let mut text = String::new();
    flate2::read::GzDecoder::new(File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(Result::unwrap).collect()
}

fn records(tables: &[(&str, Table)], fields: &[(&str, FieldKind)]) -> Records {
    let rows: Vec<_> = tables.iter().flat_map(|(source, rows)| rows.iter().map(move |row| (*source, row))).collect();
    let columns: Vec<Column<'_>> = fields
        .iter()
        .map(|&(name, kind)| Column {
            spec: FieldSpec::new(name, kind),
            values: rows.iter().map(|(_, row)| row.get(name).map(String::as_str)).collect(),
        })
        .collect();
    let sources: Vec<&str> = rows.iter().map(|(source, _)| *source).collect();
    Records::new(rows.iter().map(|(_, row)| row["rec_id"].clone()).collect(), Some(&sources), &columns).unwrap()
}

fn truth(rows: &Table) -> Truth {
    rows.iter().map(|row| (row["rec_id"].clone(), row["entity_id"].clone())).collect()
}

fn run(name: &str, records: &Records, truth: &Truth, config: &Config) -> (Linked, Evaluation) {
    let started = Instant::now();
    let linked = link(records, config, &[], 1).unwrap();
    let elapsed_secs = started.elapsed().as_secs_f64();
    let found = evaluate(records, &linked, truth, config.threshold, config.within_sources);
    eprintln!(
        "{name}: {} records, {} pairs compared, {} patterns, {elapsed_secs:.2} s; F1 {:.4} (p {:.4}, r {:.4}), best {:.4} at \
         {:.4}, reach {:.4}; clusters pairwise {:.4} (p {:.4}, r {:.4}), B-cubed {:.4}; lambda {:.3e}",
        records.len(),
        linked.report.pairs_compared,
        linked.report.patterns,
        found.pairs.f1(),
        found.pairs.precision,
        found.pairs.recall,
        found.pairs_at_best.f1(),
        found.best_threshold,
        found.reach,
        found.cluster_pairs.f1(),
        found.cluster_pairs.precision,
        found.cluster_pairs.recall,
        found.b_cubed.f1(),
        linked.model.lambda,
    );
    (linked, found)
}

#[track_caller]
fn check_febrl(number: u8, least_f1: f64) {
    let Some(folder) = data("febrl") else { return };
    let rows = table(&folder.join(format!("febrl{number}.csv.gz")));
    let truth = truth(&table(&folder.join(format!("febrl{number}_truth.csv.gz"))));
    let records = records(&[("febrl", rows)], FEBRL);
    let (_, found) = run(&format!("FEBRL {number}"), &records, &truth, &Config::standard());
    assert!(found.pairs.f1() >= least_f1, "pairwise F1 {}", found.pairs.f1());
    assert!(found.cluster_pairs.f1() >= least_f1, "cluster F1 {}", found.cluster_pairs.f1());
}

#[test]
fn febrl_1() {
    check_febrl(1, 0.999);
}

#[test]
fn febrl_2() {
    check_febrl(2, 0.998);
}

#[test]
fn febrl_3() {
    check_febrl(3, 0.998);
}

#[test]
fn febrl_4_across_two_files() {
    let Some(folder) = data("febrl") else { return };
    let (a, b) = (table(&folder.join("febrl4a.csv.gz")), table(&folder.join("febrl4b.csv.gz")));
    let mut truth = Truth::new();
    for row in table(&folder.join("febrl4_truth.csv.gz")) {
        truth.insert(row["rec_id_a"].clone(), row["rec_id_a"].clone());
        truth.insert(row["rec_id_b"].clone(), row["rec_id_a"].clone());
    }
    let records = records(&[("a", a), ("b", b)], FEBRL);
    let config = Config { within_sources: WithinSources::Skip, ..Config::standard() };
    let (_, found) = run("FEBRL 4", &records, &truth, &config);
    assert!(found.pairs.f1() >= 0.9995, "pairwise F1 {}", found.pairs.f1());
}

fn synthetic(take_one_in: usize) -> Option<(Records, Truth)> {
    let folder = data("synthetic_20k")?;
    let truth = truth(&table(&folder.join("truth.csv.gz")));
    let mut entities: Vec<&String> = truth.values().collect();
    entities.sort_unstable();
    entities.dedup();
    let kept: std::collections::BTreeSet<&String> = entities.into_iter().step_by(take_one_in).collect();
    let tables = ["benefits", "encounters", "court"].map(|source| {
        let rows = table(&folder.join(format!("{source}.csv.gz")));
        (source, rows.into_iter().filter(|row| kept.contains(&truth[&row["rec_id"]])).collect())
    });
    Some((records(&tables, SYNTHETIC), truth.clone()))
}

#[test]
fn synthetic_20k() {
    let Some((records, truth)) = synthetic(1) else { return };
    let (linked, found) = run("synthetic 20k", &records, &truth, &Config::standard());
    // For whoever works on accuracy: `LINKAGE_REPORT=1 cargo test … synthetic_20k -- --nocapture`.
    if std::env::var_os("LINKAGE_REPORT").is_some() {
        for f in &linked.model.fields {
            eprintln!("{}", f.name);
            f.levels.iter().for_each(|l| eprintln!("   {:40} m {:.5} u {:.7} bits {:+.2}", l.name, l.m, l.u, l.bits()));
        }
        linked.report.rules.iter().for_each(|r| eprintln!("{r:?}"));
        linked.report.sessions.iter().for_each(|s| eprintln!("{s:?}"));
        worst(&records, &linked, &truth);
    }
    assert!(found.pairs.f1() >= 0.968, "pairwise F1 {}", found.pairs.f1());
    assert!(found.b_cubed.f1() >= 0.99, "B-cubed F1 {}", found.b_cubed.f1());
    assert!(found.cluster_pairs.precision >= 0.95, "cluster precision {}", found.cluster_pairs.precision);
}

/// Prints the surest wrong pairs and the least sure right ones.
fn worst(records: &Records, linked: &Linked, truth: &Truth) {
    let is_match = |p: &linkage::ScoredPair| truth[records.id(p.left)] == truth[records.id(p.right)];
    let mut pairs: Vec<_> = linked.pairs.iter().collect();
    pairs.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    let wrong = pairs.iter().filter(|p| !is_match(p)).take(60).step_by(3);
    let missed = pairs.iter().rev().filter(|p| is_match(p)).take(200).step_by(10);
    for p in wrong.chain(missed) {
        let why = linkage::explain(records, &linked.model, records.id(p.left), records.id(p.right)).unwrap();
        eprintln!("{} {why}", is_match(p));
    }
}

#[test]
fn office_of_synthetic_persons() {
    // About sixty records: no data to learn from, so that the priors must carry the result.
    for step in [230, 233, 241] {
        let Some((records, truth)) = synthetic(step) else { return };
        let (_, found) = run(&format!("one person in {step}"), &records, &truth, &Config::standard());
        assert!(found.pairs.f1() >= 0.95, "pairwise F1 {}", found.pairs.f1());
    }
}
