//! From person records to persons: what linkage is asked, and what its answer means here.

use crate::WorkspaceError;
use lifecycle::Record;
use linkage::{Column, Config, FieldKind, FieldSpec, Linked, Records};
use model::{Attribute, FactValue, PersonId, RecordId, content_hash};
use office::{Judgement, Verdict};
use std::collections::BTreeMap;

/// The attributes that linkage compares, and what each is.
const COMPARED: [(Attribute, FieldKind); 6] = [
    (Attribute::GivenName, FieldKind::GivenName),
    (Attribute::Surname, FieldKind::Surname),
    (Attribute::BirthDate, FieldKind::BirthDate),
    (Attribute::ANumber, FieldKind::Identifier),
    (Attribute::Sex, FieldKind::Category),
    (Attribute::Citizenship, FieldKind::Category),
];

/// The seed of linkage's random pairs. Fixed, since a build run twice must give the same bytes.
const SEED: u64 = 0x7468_726f_7567_686c;

/// A linking of the office's person records.
pub(crate) struct Joined {
    pub(crate) records: Records,
    pub(crate) linked: Linked,
    /// Whose each record is.
    pub(crate) persons: BTreeMap<RecordId, PersonId>,
    /// For each person of several records, the probability of the best link of the least well linked record.
    pub(crate) weakest: BTreeMap<PersonId, f64>,
}

/// Links the records. Persons keep the ids of `previous` where most of their records did.
pub(crate) fn join(
    records: &[Record],
    judgements: &[Judgement],
    previous: &BTreeMap<RecordId, PersonId>,
) -> Result<Joined, WorkspaceError> {
    let rows = described_once(records);
    let shown: Vec<[Option<String>; COMPARED.len()]> = rows
        .values()
        .map(|r| COMPARED.map(|(attribute, _)| r.attributes.get(&attribute).map(FactValue::to_string)))
        .collect();
    let columns: Vec<Column<'_>> = COMPARED
        .iter()
        .enumerate()
        .map(|(at, (attribute, kind))| Column {
            spec: FieldSpec::new(attribute.name(), *kind),
            values: shown.iter().map(|values| values[at].as_deref()).collect(),
        })
        .collect();
    let ids: Vec<String> = rows.keys().map(|id| id.as_str().to_owned()).collect();
    let sources: Vec<&str> = rows.values().map(|r| r.source.as_str()).collect();
    let records = Records::new(ids, Some(&sources), &columns)?;
    let standing: Vec<linkage::Judgement> = judgements
        .iter()
        .filter(|j| j.withdrawn.is_none())
        .map(|j| linkage::Judgement {
            left: j.records.0.to_string(),
            right: j.records.1.to_string(),
            verdict: match j.verdict {
                Verdict::Same => linkage::Verdict::Same,
                Verdict::Different => linkage::Verdict::Different,
                Verdict::Unsure => linkage::Verdict::Unsure,
            },
        })
        .collect();
    let mut linked = linkage::link(&records, &Config::standard(), &standing, SEED)?;
    let earlier: linkage::Assignment = previous.iter().map(|(r, p)| (r.to_string(), p.to_string())).collect();
    let (clusters, _) = linkage::keep_ids(&records, linked.clusters, &earlier);
    linked.clusters = clusters;

    let known: std::collections::BTreeSet<&str> = previous.values().map(PersonId::as_str).collect();
    let (mut persons, mut cluster_of) = (BTreeMap::new(), BTreeMap::new());
    for cluster in &linked.clusters {
        let person = match known.contains(cluster.id.as_str()) {
            true => PersonId::new(cluster.id.clone()),
            false => named_after(&cluster.id),
        };
        for &record in &cluster.records {
            persons.insert(RecordId::new(records.id(record)), person.clone());
            cluster_of.insert(record, person.clone());
        }
    }
    let mut best: BTreeMap<u32, f64> = BTreeMap::new();
    for pair in &linked.pairs {
        if cluster_of.get(&pair.left) == cluster_of.get(&pair.right) {
            for record in [pair.left, pair.right] {
                let best = best.entry(record).or_insert(0.0);
                *best = best.max(pair.probability);
            }
        }
    }
    let mut weakest: BTreeMap<PersonId, f64> = BTreeMap::new();
    for cluster in linked.clusters.iter().filter(|c| c.records.len() > 1) {
        let least = cluster.records.iter().map(|r| best.get(r).copied().unwrap_or(0.0)).fold(1.0, f64::min);
        if let Some(person) = cluster_of.get(&cluster.records[0]) {
            weakest.insert(person.clone(), least);
        }
    }
    Ok(Joined { records, linked, persons, weakest })
}

/// One row for each record: the one that says most.
fn described_once(records: &[Record]) -> BTreeMap<&RecordId, &Record> {
    let mut rows: BTreeMap<&RecordId, &Record> = BTreeMap::new();
    for record in records {
        let row = rows.entry(&record.id).or_insert(record);
        if record.attributes.len() > row.attributes.len() {
            *row = record;
        }
    }
    rows
}

/// A new person's id. A hash, since a record id may hold an A-number or a name.
fn named_after(record: &str) -> PersonId {
    let hash = content_hash([b"person".as_slice(), record.as_bytes()]);
    PersonId::new(format!("p-{}", hash[..5].iter().map(|b| format!("{b:02x}")).collect::<String>()))
}

/// A person's names, the most recorded first. Spellings that differ only in case count as one, written as a source that
/// does not shout writes it.
pub(crate) fn names(records: &[Record]) -> Vec<String> {
    let mut counts: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    for record in records {
        let part = |attribute| match record.attributes.get(&attribute) {
            Some(FactValue::Text(text)) => text.trim().to_owned(),
            _ => String::new(),
        };
        let name = format!("{} {}", part(Attribute::GivenName), part(Attribute::Surname)).trim().to_owned();
        if !name.is_empty() {
            *counts.entry(name.to_uppercase()).or_default().entry(name).or_default() += 1;
        }
    }
    let mut names: Vec<(usize, usize, String)> = counts
        .into_values()
        .map(|spellings| {
            let total: usize = spellings.values().sum();
            let shouted = |name: &str| name.chars().all(|c| !c.is_lowercase());
            let best = spellings.into_iter().min_by_key(|(name, n)| (shouted(name), usize::MAX - n, name.clone()));
            let name = best.map(|(name, _)| name).unwrap_or_default();
            (total, name.split_whitespace().count(), if shouted(&name) { capitalised(&name) } else { name })
        })
        .collect();
    names.sort_by(|a, b| (b.0, b.1, &a.2).cmp(&(a.0, a.1, &b.2)));
    names.into_iter().map(|(_, _, name)| name).collect()
}

fn capitalised(name: &str) -> String {
    let mut start = true;
    name.chars()
        .flat_map(|c| {
            let lower = !start && c.is_alphabetic();
            start = !c.is_alphabetic() && c != '\'';
            if lower { c.to_lowercase().collect::<Vec<_>>() } else { vec![c] }
        })
        .collect()
}
