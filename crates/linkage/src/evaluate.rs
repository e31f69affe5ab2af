//! How right a run was, where the truth is known.

use std::collections::{BTreeMap, HashMap};

use crate::{
    cluster::Cluster,
    fields::Records,
    link::{Linked, WithinSources},
};

/// Record id to the id of the person whose record it is. Records without truth are left out of every figure.
pub type Truth = BTreeMap<String, String>;

/// How much of what was found is right, and how much of what is right was found; shares from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Accuracy {
    /// The share of what was found that is right; 1 if nothing was found.
    pub precision: f64,
    /// The share of what is right that was found; 1 if there is nothing to find.
    pub recall: f64,
}

impl Accuracy {
    /// The harmonic mean of precision and recall.
    pub fn f1(&self) -> f64 {
        let sum = self.precision + self.recall;
        if sum > 0.0 { 2.0 * self.precision * self.recall / sum } else { 0.0 }
    }
}

/// The figures of one run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evaluation {
    /// True pairs among the records with truth.
    pub true_pairs: u64,
    /// Scored pairs at or above the threshold.
    pub pairs: Accuracy,
    /// Scored pairs at or above the best threshold for F1, which only truth can tell.
    pub pairs_at_best: Accuracy,
    /// That threshold, a probability.
    pub best_threshold: f64,
    /// The share of true pairs that were kept at all: what no threshold can exceed.
    pub reach: f64,
    /// Pairs of records within one cluster.
    pub cluster_pairs: Accuracy,
    /// Each record's own cluster against its own person (Bagga and Baldwin 1998, "Entity-Based Cross-Document
    /// Coreferencing Using the Vector Space Model", B-CUBED).
    pub b_cubed: Accuracy,
}

/// Compares a run with the truth at a threshold. With [`WithinSources::Skip`] only pairs across sources count.
pub fn evaluate(
    records: &Records,
    linked: &Linked,
    truth: &Truth,
    threshold: f64,
    within_sources: WithinSources,
) -> Evaluation {
    let mut codes = HashMap::new();
    let entities: Vec<Option<u32>> = (0..records.len() as u32)
        .map(|at| {
            let next = codes.len() as u32;
            truth.get(records.id(at)).map(|entity| *codes.entry(entity.as_str()).or_insert(next))
        })
        .collect();
    let source = |at: u32| if within_sources == WithinSources::Link { 0 } else { records.sources()[at as usize] };
    let known = || (0..records.len() as u32).filter_map(|at| Some((entities[at as usize]?, at)));
    let true_pairs = pairs_of(known().map(|(entity, at)| (entity, source(at))), within_sources);
    let mut scored: Vec<(f64, bool)> = linked
        .pairs
        .iter()
        .filter_map(|p| Some((p.probability, entities[p.left as usize]? == entities[p.right as usize]?)))
        .collect();
    scored.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)));
    let at = |found: usize, right: u64| accuracy(right, found as u64, true_pairs);
    let (mut right, mut pairs, mut best, mut best_threshold) = (0, at(0, 0), at(0, 0), 1.0);
    for (i, &(probability, is_match)) in scored.iter().enumerate() {
        right += u64::from(is_match);
        if scored.get(i + 1).is_some_and(|next| next.0 == probability) {
            continue;
        }
        let here = at(i + 1, right);
        if probability >= threshold {
            pairs = here;
        }
        if here.f1() > best.f1() {
            (best, best_threshold) = (here, probability);
        }
    }
    let mut cluster_of = vec![0_u32; records.len()];
    for (number, Cluster { records, .. }) in (0_u32..).zip(&linked.clusters) {
        records.iter().for_each(|&at| cluster_of[at as usize] = number);
    }
    let found = pairs_of(known().map(|(_, at)| (cluster_of[at as usize], source(at))), within_sources);
    let right_in_clusters = pairs_of(
        known().map(|(entity, at)| (u64::from(entity) << 32 | u64::from(cluster_of[at as usize]), source(at))),
        within_sources,
    );
    Evaluation {
        true_pairs,
        pairs,
        pairs_at_best: best,
        best_threshold,
        reach: share(right, true_pairs),
        cluster_pairs: accuracy(right_in_clusters, found, true_pairs),
        b_cubed: b_cubed(known().map(|(entity, at)| (entity, cluster_of[at as usize]))),
    }
}

fn accuracy(right: u64, found: u64, true_pairs: u64) -> Accuracy {
    Accuracy { precision: share(right, found), recall: share(right, true_pairs) }
}

fn share(part: u64, of: u64) -> f64 {
    if of == 0 { 1.0 } else { part as f64 / of as f64 }
}

/// Pairs of records of one group; across sources only, if records of one source are not linked.
fn pairs_of<G: Ord + Copy>(records: impl Iterator<Item = (G, u32)>, within_sources: WithinSources) -> u64 {
    let mut sizes: BTreeMap<G, BTreeMap<u32, u64>> = BTreeMap::new();
    for (group, source) in records {
        *sizes.entry(group).or_default().entry(source).or_default() += 1;
    }
    let pairs = |n: u64| n * n.saturating_sub(1) / 2;
    let of = |by_source: &BTreeMap<u32, u64>| {
        let all = pairs(by_source.values().sum());
        match within_sources {
            WithinSources::Link => all,
            WithinSources::Skip => all - by_source.values().map(|&n| pairs(n)).sum::<u64>(),
        }
    };
    sizes.values().map(of).sum()
}

fn b_cubed(records: impl Iterator<Item = (u32, u32)>) -> Accuracy {
    let (mut both, mut entities, mut clusters) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let mut total = 0_u64;
    for (entity, cluster) in records {
        *both.entry((entity, cluster)).or_insert(0_u64) += 1;
        *entities.entry(entity).or_insert(0_u64) += 1;
        *clusters.entry(cluster).or_insert(0_u64) += 1;
        total += 1;
    }
    if total == 0 {
        return Accuracy { precision: 1.0, recall: 1.0 };
    }
    let (mut precision, mut recall) = (0.0, 0.0);
    for ((entity, cluster), &count) in &both {
        let squared = (count * count) as f64;
        precision += squared / clusters[cluster] as f64;
        recall += squared / entities[entity] as f64;
    }
    Accuracy { precision: precision / total as f64, recall: recall / total as f64 }
}
