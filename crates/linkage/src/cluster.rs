//! From scored pairs to persons: average-linkage clustering that honours judgements.
//!
//! **Objective.** Two clusters are joined only while the average weight of *all* pairs between them, in bits, is at
//! least the threshold's. A pair that is not listed counts with the weight of the retention floor: either it scored
//! below, or no rule found it. The pair of clusters with the highest average is joined first (Sokal and Michener 1958,
//! "A Statistical Method for Evaluating Systematic Relationships", UPGMA). A chain of records, each like the next, is
//! therefore not one person unless its ends are alike too. Single weights are capped at [`MOST_BITS`], so that one
//! shared number cannot outvote everything else.
//!
//! **Judgements.** `Different` is never joined over, directly or through others. `Same` is joined first, whatever the
//! score, unless a `Different` stands in the way; the contradiction is then a [`Warning`].
//!
//! Weights are summed in whole 1/1024 bits and ties fall to the smaller record id, so that neither the order of the
//! records nor that of the pairs changes a cluster.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap},
};

use foldhash::fast::FixedState;

use crate::{
    fields::Records,
    link::{ScoredPair, Warning},
};

/// The most that one pair may weigh for or against joining two clusters, in bits.
pub const MOST_BITS: f64 = 20.0;

/// What a person decided about two records. Withdrawn judgements are the caller's to leave out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// The records are of one person.
    Same,
    /// The records are of two persons.
    Different,
    /// Somebody looked and could not tell; changes nothing.
    Unsure,
}

/// A verdict on a pair of record ids, in any order.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Judgement {
    /// One record id.
    pub left: String,
    /// The other.
    pub right: String,
    /// What was decided.
    pub verdict: Verdict,
}

/// The judgements in force.
pub type Judgements = [Judgement];

/// The records of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// The smallest record id in it, or the id that [`keep_ids`] found for it.
    pub id: String,
    /// Record indices, in the order of their ids.
    pub records: Vec<u32>,
}

/// Record id to cluster id, as an earlier run left it.
pub type Assignment = BTreeMap<String, String>;

/// What became of earlier clusters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// Several earlier clusters are now one.
    Merged {
        /// The earlier ids, that of the result included if it survived.
        from: Vec<String>,
        /// The id of the result.
        into: String,
    },
    /// One earlier cluster is now several.
    Split {
        /// The earlier id.
        from: String,
        /// The ids of the parts.
        into: Vec<String>,
    },
}

pub(crate) struct Terms<'a> {
    /// The weight in bits at and above which a link joins.
    pub(crate) threshold: f64,
    /// The weight in bits of a pair that is not listed.
    pub(crate) unlisted: f64,
    pub(crate) judgements: &'a Judgements,
}

/// Record id to cluster id.
pub fn assignment(records: &Records, clusters: &[Cluster]) -> Assignment {
    let of = |c: &Cluster| c.records.iter().map(|&r| (records.id(r).to_owned(), c.id.clone())).collect::<Vec<_>>();
    clusters.iter().flat_map(of).collect()
}

/// Gives clusters the ids that their records had before, and tells what was merged and split.
///
/// Each earlier id goes to the cluster that holds most of its records; a cluster that could take several takes the one
/// that gives it most records. Ties fall to the smaller id. A cluster without an earlier id is named by its smallest
/// record id that is not taken, or by that id with `~2`, `~3` … if all are. Where membership is unchanged, so is the id.
pub fn keep_ids(records: &Records, clusters: Vec<Cluster>, previous: &Assignment) -> (Vec<Cluster>, Vec<Event>) {
    let mut overlaps: BTreeMap<(&str, usize), usize> = BTreeMap::new();
    for (at, cluster) in clusters.iter().enumerate() {
        for earlier in cluster.records.iter().filter_map(|&r| previous.get(records.id(r))) {
            *overlaps.entry((earlier, at)).or_default() += 1;
        }
    }
    let mut order: Vec<_> = overlaps.iter().map(|(&(earlier, at), &size)| (Reverse(size), earlier, at)).collect();
    order.sort_unstable_by_key(|&(size, earlier, at)| (size, earlier, records.rank(clusters[at].records[0])));
    let mut named: Vec<Option<String>> = vec![None; clusters.len()];
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for (_, earlier, at) in order {
        if named[at].is_none() && !taken.contains(earlier) {
            named[at] = Some(earlier.to_owned());
            taken.insert(earlier.to_owned());
        }
    }
    // An earlier id that lost its records stays retired: giving it to other records would make it lie.
    taken.extend(previous.values().cloned());
    let mut renamed: Vec<Cluster> = Vec::with_capacity(clusters.len());
    for (cluster, name) in clusters.into_iter().zip(named) {
        let fresh = || {
            let ids = || cluster.records.iter().map(|&r| records.id(r));
            let free = ids().find(|id| !taken.contains(*id)).map(str::to_owned);
            free.or_else(|| {
                let first = ids().next()?;
                (2_u32..).map(|n| format!("{first}~{n}")).find(|id| !taken.contains(id))
            })
        };
        let id = name.or_else(fresh).unwrap_or_default();
        taken.insert(id.clone());
        renamed.push(Cluster { id, records: cluster.records });
    }
    let mut events = Vec::new();
    let (mut parts, mut sources) = (BTreeMap::<&str, BTreeSet<&str>>::new(), BTreeMap::<&str, BTreeSet<&str>>::new());
    for &(earlier, at) in overlaps.keys() {
        parts.entry(earlier).or_default().insert(&renamed[at].id);
        sources.entry(&renamed[at].id).or_default().insert(earlier);
    }
    let owned = |ids: &BTreeSet<&str>| ids.iter().map(|&id| id.to_owned()).collect::<Vec<_>>();
    for (into, from) in sources.iter().filter(|(_, from)| from.len() > 1) {
        events.push(Event::Merged { from: owned(from), into: (*into).to_owned() });
    }
    for (from, into) in parts.iter().filter(|(_, into)| into.len() > 1) {
        events.push(Event::Split { from: (*from).to_owned(), into: owned(into) });
    }
    renamed.sort_unstable_by(|a, b| a.id.cmp(&b.id));
    (renamed, events)
}

/// Clusters, sorted by id, singletons included.
pub(crate) fn cluster(records: &Records, pairs: &[ScoredPair], terms: &Terms<'_>) -> (Vec<Cluster>, Vec<Warning>) {
    let mut warnings = Vec::new();
    let mut state = State::new(records.len(), terms);
    let (mut same, mut different) = (BTreeSet::new(), BTreeSet::new());
    for judgement in terms.judgements {
        let ends = [&judgement.left, &judgement.right].map(|id| records.index(id).map(|at| records.rank(at)));
        let [Some(left), Some(right)] = ends else {
            let missing = if ends[0].is_none() { &judgement.left } else { &judgement.right };
            warnings.push(Warning::JudgedRecordMissing { id: missing.clone() });
            continue;
        };
        let pair = (left.min(right), left.max(right));
        match judgement.verdict {
            Verdict::Same => same.insert(pair),
            Verdict::Different => different.insert(pair),
            Verdict::Unsure => false,
        };
    }
    for pair in pairs {
        state.link(records.rank(pair.left), records.rank(pair.right), pair.weight);
    }
    for &(left, right) in &different {
        state.forbid(left, right);
    }
    let id = |rank: u32| records.id(records.by_rank()[rank as usize]).to_owned();
    for &(left, right) in &same {
        if left == right || !state.join_judged(left, right) {
            let warning = Warning::ContradictoryJudgements { left: id(left), right: id(right) };
            if left != right {
                warnings.push(warning);
            }
        }
    }
    state.run();
    let clusters = state.into_clusters().into_iter().map(|ranks| Cluster {
        id: id(ranks[0]),
        records: ranks.into_iter().map(|rank| records.by_rank()[rank as usize]).collect(),
    });
    (clusters.collect(), warnings)
}

/// Everything between two clusters.
#[derive(Debug, Clone, Copy, Default)]
struct Between {
    /// Sum of the listed weights, in 1/1024 bits.
    sum: i64,
    listed: i64,
    forbidden: bool,
}

/// Clusters under way, by rank. A cluster is known by its root: the member that kept the most neighbours.
struct State {
    root: Vec<u32>,
    members: Vec<Vec<u32>>,
    between: Vec<HashMap<u32, Between, FixedState>>,
    version: Vec<u32>,
    queue: BinaryHeap<Entry>,
    threshold: i64,
    unlisted: i64,
}

/// Highest average first, then the smallest members.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    average: i64,
    smallest: Reverse<(u32, u32)>,
    roots: (u32, u32),
    versions: (u32, u32),
}

const UNITS_PER_BIT: f64 = 1024.0;
/// Averages are kept finer than weights, so that rounding decides no tie.
const AVERAGE_SCALE: i64 = 1024;

impl State {
    fn new(records: usize, terms: &Terms<'_>) -> Self {
        Self {
            root: (0..records as u32).collect(),
            members: (0..records as u32).map(|rank| vec![rank]).collect(),
            between: vec![HashMap::default(); records],
            version: vec![0; records],
            queue: BinaryHeap::new(),
            threshold: units(terms.threshold) * AVERAGE_SCALE,
            unlisted: units(terms.unlisted),
        }
    }

    fn link(&mut self, left: u32, right: u32, weight: f64) {
        for (a, b) in [(left, right), (right, left)] {
            let between = self.between[a as usize].entry(b).or_default();
            between.sum += units(weight);
            between.listed += 1;
        }
    }

    fn forbid(&mut self, left: u32, right: u32) {
        for (a, b) in [(left, right), (right, left)] {
            self.between[a as usize].entry(b).or_default().forbidden = true;
        }
    }

    /// Joins two records by a person's word; `false` if another judgement forbids it.
    fn join_judged(&mut self, left: u32, right: u32) -> bool {
        let (a, b) = (self.find(left), self.find(right));
        if a == b {
            return true;
        }
        if self.between[a as usize].get(&b).is_some_and(|between| between.forbidden) {
            return false;
        }
        self.join(a, b);
        true
    }

    fn run(&mut self) {
        for a in 0..self.root.len() as u32 {
            if self.root[a as usize] == a {
                let above: Vec<u32> = self.between[a as usize].keys().copied().filter(|&b| b > a).collect();
                above.into_iter().for_each(|b| self.enqueue(a, b));
            }
        }
        while let Some(entry) = self.queue.pop() {
            let (a, b) = entry.roots;
            if entry.versions != (self.version[a as usize], self.version[b as usize]) {
                continue;
            }
            let root = self.join(a, b);
            let others: Vec<u32> = self.between[root as usize].keys().copied().collect();
            others.into_iter().for_each(|other| self.enqueue(root, other));
        }
    }

    fn enqueue(&mut self, a: u32, b: u32) {
        let Some(between) = self.between[a as usize].get(&b) else { return };
        let pairs = (self.members[a as usize].len() * self.members[b as usize].len()) as i64;
        let average = (between.sum + (pairs - between.listed) * self.unlisted) * AVERAGE_SCALE / pairs;
        if between.forbidden || average < self.threshold {
            return;
        }
        let (x, y) = (self.members[a as usize][0], self.members[b as usize][0]);
        self.queue.push(Entry {
            average,
            smallest: Reverse((x.min(y), x.max(y))),
            roots: (a, b),
            versions: (self.version[a as usize], self.version[b as usize]),
        });
    }

    /// Joins two roots; the result keeps the one with more neighbours.
    fn join(&mut self, a: u32, b: u32) -> u32 {
        let (into, gone) =
            if self.between[a as usize].len() >= self.between[b as usize].len() { (a, b) } else { (b, a) };
        for (other, moved) in std::mem::take(&mut self.between[gone as usize]) {
            self.between[other as usize].remove(&gone);
            if other == into {
                continue;
            }
            for (x, y) in [(into, other), (other, into)] {
                let between = self.between[x as usize].entry(y).or_default();
                between.sum += moved.sum;
                between.listed += moved.listed;
                between.forbidden |= moved.forbidden;
            }
        }
        let moved = std::mem::take(&mut self.members[gone as usize]);
        moved.iter().for_each(|&member| self.root[member as usize] = into);
        self.members[into as usize].extend(moved);
        self.members[into as usize].sort_unstable();
        // The count of joins makes every queued average of either cluster stale.
        self.version[into as usize] += 1;
        self.version[gone as usize] = u32::MAX;
        into
    }

    fn find(&self, rank: u32) -> u32 {
        self.root[rank as usize]
    }

    fn into_clusters(self) -> Vec<Vec<u32>> {
        let mut clusters: Vec<Vec<u32>> = self.members.into_iter().filter(|m| !m.is_empty()).collect();
        clusters.sort_unstable_by_key(|members| members[0]);
        clusters
    }
}

fn units(bits: f64) -> i64 {
    (bits.clamp(-MOST_BITS, MOST_BITS) * UNITS_PER_BIT).round() as i64
}
