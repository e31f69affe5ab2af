//! The whole of linking: block, compare, train, score, cluster.

use std::collections::BTreeSet;

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng as _, SeedableRng as _},
};

use crate::{
    block::{self, Candidate, Rule, RuleReport},
    cluster::{self, Cluster, Judgements, Terms},
    compare::Comparer,
    em::{self, Evidence, Model, Session},
    error::LinkError,
    fields::{FieldKind, Records},
    pattern::Layout,
    score::{self, Scorer},
};

/// The choices of a run. There is no `Default`: whoever links must choose when two records are one person.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The probability from which records are joined, above 0 and below 1.
    pub threshold: f64,
    /// The probability below which pairs are not kept, and with which clustering counts pairs that are not there.
    pub keep: f64,
    /// Whether records of one source may be one person.
    pub within_sources: WithinSources,
    /// Which pairs are compared.
    pub blocking: Blocking,
    /// How many pairs are drawn at random to learn how often two persons agree.
    pub random_pairs: usize,
}

/// Whether records of one source may be linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithinSources {
    /// A source may hold a person twice.
    Link,
    /// A source holds each person once: only pairs across sources are linked.
    Skip,
}

/// Which pairs are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocking {
    /// The rules in order; `None` for [`block::standard_rules`].
    pub rules: Option<Vec<Rule>>,
    /// The most records that a block may have before it is split by a further key.
    pub max_block: usize,
    /// Up to this many records, every pair is compared and rules are not consulted.
    pub every_pair_up_to: usize,
}

impl Config {
    /// The standard choices: joined from a probability of 0.95, kept from 0.01, duplicates within a source linked,
    /// rules from the kinds of the fields, blocks of at most 500 records, every pair up to 1,000 records, half
    /// a million random pairs.
    pub fn standard() -> Self {
        Self {
            threshold: 0.95,
            keep: 0.01,
            within_sources: WithinSources::Link,
            blocking: Blocking { rules: None, max_block: 500, every_pair_up_to: 1_000 },
            random_pairs: 500_000,
        }
    }

    fn check(&self) -> Result<(), LinkError> {
        for (setting, found) in [("threshold", self.threshold), ("keep", self.keep)] {
            if !(found > 0.0 && found < 1.0) {
                return Err(LinkError::Probability { setting, found });
            }
        }
        Ok(())
    }
}

/// A pair of records and how likely they are one person.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScoredPair {
    /// The index of the record with the smaller id.
    pub left: u32,
    /// The index of the other.
    pub right: u32,
    /// The levels of all fields, packed as [`Layout`] says.
    pub pattern: u64,
    /// log2 of the odds of a match, prior included, in bits.
    pub weight: f64,
    /// The probability of a match.
    pub probability: f64,
    /// Which rule of the report was first to find it.
    pub rule: u8,
}

/// What linking found.
#[derive(Debug, Clone, PartialEq)]
pub struct Linked {
    /// What was learned.
    pub model: Model,
    /// The pairs of at least [`Config::keep`], in the order of their record ids.
    pub pairs: Vec<ScoredPair>,
    /// The persons, singletons included, sorted by id.
    pub clusters: Vec<Cluster>,
    /// What it cost and what it left out.
    pub report: LinkReport,
}

/// What a run did and could not do.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkReport {
    /// Records linked.
    pub records: u64,
    /// Pairs that could be linked.
    pub pairs_possible: u64,
    /// Pairs that were compared.
    pub pairs_compared: u64,
    /// Distinct agreement patterns among them.
    pub patterns: u64,
    /// What each blocking rule did.
    pub rules: Vec<RuleReport>,
    /// How training went; empty if a model was given.
    pub sessions: Vec<Session>,
    /// What somebody should know.
    pub warnings: Vec<Warning>,
}

/// Something that did not stop the run and that a person should know.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Warning {
    /// A field has no value in any record, and says nothing.
    FieldEmpty {
        /// The field.
        field: String,
    },
    /// Some values could not be read as what the field holds, and count as missing.
    ValuesUnreadable {
        /// The field.
        field: String,
        /// How many records.
        records: u32,
    },
    /// A rule's blocks were over the cap, and some of their pairs were not enumerated by it.
    PairsNotEnumerated {
        /// The rule.
        rule: String,
        /// How many at most.
        pairs: u64,
    },
    /// Two records are judged the same, while other judgements keep them apart. They stay apart.
    ContradictoryJudgements {
        /// One record id.
        left: String,
        /// The other.
        right: String,
    },
    /// A judgement names a record that is not there.
    JudgedRecordMissing {
        /// The record id.
        id: String,
    },
}

/// Finds the records of one person among `records`.
///
/// The result depends on nothing but the arguments, and not on the order of the records; `seed` draws the random pairs.
///
/// # Errors
///
/// Refuses probabilities outside 0 to 1, rules that name what is not there, and fields that need more than 64 bits.
pub fn link(records: &Records, config: &Config, judgements: &Judgements, seed: u64) -> Result<Linked, LinkError> {
    run(records, config, judgements, Training::Learn { seed })
}

/// As [`link`], with a model that was learned before.
///
/// # Errors
///
/// As [`link`], and a model of other fields or levels.
pub fn link_with(
    records: &Records,
    config: &Config,
    judgements: &Judgements,
    model: &Model,
) -> Result<Linked, LinkError> {
    model.check(records)?;
    run(records, config, judgements, Training::Given(model))
}

enum Training<'a> {
    Learn { seed: u64 },
    Given(&'a Model),
}

fn run(
    records: &Records,
    config: &Config,
    judgements: &Judgements,
    training: Training<'_>,
) -> Result<Linked, LinkError> {
    config.check()?;
    let layout = Layout::new(records)?;
    let within_sources = config.within_sources == WithinSources::Link;
    let standard;
    let rules = match &config.blocking.rules {
        Some(rules) => rules,
        None => {
            standard = block::standard_rules(records);
            &standard
        }
    };
    let every_pair = records.len() <= config.blocking.every_pair_up_to;
    let (candidates, rule_reports) = if every_pair {
        block::every_pair(records, within_sources)
    } else {
        block::candidates(records, rules, config.blocking.max_block, within_sources)?
    };
    let pairs: Vec<(u32, u32)> = candidates.iter().map(|c| (c.left, c.right)).collect();
    let patterns = patterns_of(records, &layout, &pairs);
    let counts = count(patterns.clone());
    let possible = records.possible_pairs(within_sources);
    let (model, sessions) = match training {
        Training::Given(model) => (model.clone(), Vec::new()),
        Training::Learn { seed } => {
            let drawn;
            let random = if every_pair {
                &counts
            } else {
                let pairs = random_pairs(records, config.random_pairs, within_sources, seed);
                drawn = count(patterns_of(records, &layout, &pairs));
                &drawn
            };
            let sessions = sessions(records, rules);
            let evidence = Evidence { enumerated: &counts, random, possible, sessions };
            em::train(records, &layout, &evidence)
        }
    };
    let scorer = Scorer::new(records, &layout, &model);
    let mut pairs = scored(&scorer, &candidates, &patterns, score::weight(config.keep));
    pairs.sort_unstable_by_key(|p| (records.rank(p.left), records.rank(p.right)));
    let terms = Terms { threshold: score::weight(config.threshold), unlisted: score::weight(config.keep), judgements };
    let (clusters, judged) = cluster::cluster(records, &pairs, &terms);
    let mut warnings = warnings(records, &rule_reports);
    warnings.extend(judged);
    warnings.sort_unstable();
    let report = LinkReport {
        records: records.len() as u64,
        pairs_possible: possible,
        pairs_compared: candidates.len() as u64,
        patterns: counts.len() as u64,
        rules: rule_reports,
        sessions,
        warnings,
    };
    Ok(Linked { model, pairs, clusters, report })
}

/// Patterns in the order of the pairs, worked out on all cores; each has its own memo and its own share of the pairs.
fn patterns_of(records: &Records, layout: &Layout, pairs: &[(u32, u32)]) -> Vec<u64> {
    let mut patterns = vec![0; pairs.len()];
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let share = pairs.len().div_ceil(cores).max(4_096);
    std::thread::scope(|scope| {
        for (pairs, patterns) in pairs.chunks(share).zip(patterns.chunks_mut(share)) {
            scope.spawn(move || {
                let mut comparer = Comparer::new(records, layout);
                for (pattern, &(left, right)) in patterns.iter_mut().zip(pairs) {
                    *pattern = comparer.pattern(left, right);
                }
            });
        }
    });
    patterns
}

fn count(mut patterns: Vec<u64>) -> Vec<(u64, u64)> {
    patterns.sort_unstable();
    patterns.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as u64)).collect()
}

/// Pairs drawn by rank, with replacement, so that the draw does not depend on the order of the input.
fn random_pairs(records: &Records, wanted: usize, within_sources: bool, seed: u64) -> Vec<(u32, u32)> {
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let n = records.len() as u64;
    // The high half of a 64-bit product maps 32 random bits onto 0..n (Lemire 2019) with a bias below n / 2^32.
    let mut draw = || records.by_rank()[(((chance.next_u64() >> 32) * n) >> 32) as usize];
    let mut pairs = Vec::with_capacity(wanted);
    // Draws within one record, or within one source, are not pairs; a bound keeps one giant source from looping.
    for _ in 0..wanted.saturating_mul(4) {
        if pairs.len() == wanted || n < 2 {
            break;
        }
        let (left, right) = (draw(), draw());
        let linkable = within_sources || records.sources()[left as usize] != records.sources()[right as usize];
        if left != right && linkable {
            pairs.push((left, right));
        }
    }
    pairs
}

/// The sets of fields by which rules select, each once: pairs that agree exactly on all of a rule's fields share its
/// key, so that a session over them misses none. A rule on every field would leave nothing to estimate, and one with a
/// place or category selects households and villages, so that such rules serve only where there is no other.
fn sessions(records: &Records, rules: &[Rule]) -> Vec<Vec<usize>> {
    let selected = |rule: &Rule| -> Vec<usize> {
        let at = |part: &block::Part| records.fields().iter().position(|f| f.spec().name == part.field);
        let fields: BTreeSet<usize> = rule.parts.iter().filter_map(at).collect();
        fields.into_iter().collect()
    };
    let telling = |fields: &[usize]| {
        let kind = |&f: &usize| records.fields()[f].spec().kind;
        fields.iter().all(|f| !matches!(kind(f), FieldKind::Category | FieldKind::Place))
    };
    let all: BTreeSet<Vec<usize>> =
        rules.iter().map(selected).filter(|fields| fields.len() < records.fields().len()).collect();
    let best: Vec<Vec<usize>> = all.iter().filter(|fields| telling(fields)).cloned().collect();
    match (best.is_empty(), all.is_empty()) {
        (false, _) => best,
        (true, false) => all.into_iter().collect(),
        (true, true) => vec![Vec::new()],
    }
}

fn scored(scorer: &Scorer<'_>, candidates: &[Candidate], patterns: &[u64], least: f64) -> Vec<ScoredPair> {
    let of = |(candidate, &pattern): (&Candidate, &u64)| {
        if scorer.most(pattern) < least {
            return None;
        }
        let &Candidate { left, right, rule } = candidate;
        let weight = scorer.weight(pattern, left, right);
        (weight >= least).then(|| ScoredPair {
            left,
            right,
            pattern,
            weight,
            probability: score::probability(weight),
            rule,
        })
    };
    candidates.iter().zip(patterns).filter_map(of).collect()
}

fn warnings(records: &Records, rules: &[RuleReport]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for field in records.fields() {
        let name = || field.spec().name.clone();
        if !records.is_empty() && field.missing() as usize == records.len() {
            warnings.push(Warning::FieldEmpty { field: name() });
        }
        if field.unreadable() > 0 {
            warnings.push(Warning::ValuesUnreadable { field: name(), records: field.unreadable() });
        }
    }
    for rule in rules.iter().filter(|r| r.pairs_not_enumerated > 0) {
        warnings.push(Warning::PairsNotEnumerated { rule: rule.rule.clone(), pairs: rule.pairs_not_enumerated });
    }
    warnings
}
