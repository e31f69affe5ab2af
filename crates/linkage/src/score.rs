//! The weight of a pair: prior, evidence of each field, and what a rare or common value adds.

use crate::{
    compare::{self, Frequency},
    em::{LEAST_U, Model},
    fields::{Field, FieldKind, Records},
    pattern::Layout,
};

/// Pseudo-records by which the share of a value is drawn towards the field's average, so that two records of sixty
/// with one surname are not taken for a common surname.
const PRIOR_RECORDS: f64 = 50.0;
/// So many records may all be of one person: a value is not common for being on all of them.
const MOST_OF_ONE_PERSON: u32 = 6;
/// The most that frequency may add or take, in bits.
const MOST_BITS: f64 = 10.0;

/// The probability of a match at a weight in bits, prior included: 1 / (1 + 2^-weight).
pub fn probability(weight: f64) -> f64 {
    1.0 / (1.0 + (-weight).exp2())
}

/// The weight in bits at which a match has this probability; the inverse of [`probability`].
pub fn weight(probability: f64) -> f64 {
    (probability / (1.0 - probability)).log2()
}

/// The weight in bits that a pair has before anything is compared, from the share λ of matches among possible pairs.
pub(crate) fn prior_bits(lambda: f64) -> f64 {
    weight(lambda)
}

/// Scores patterns of pairs of these records.
#[derive(Debug)]
pub(crate) struct Scorer<'a> {
    records: &'a Records,
    layout: &'a Layout,
    pub(crate) prior: f64,
    fields: Vec<FieldScorer<'a>>,
}

#[derive(Debug)]
struct FieldScorer<'a> {
    field: &'a Field,
    weights: Vec<f64>,
    frequency: Vec<Frequency>,
    /// Bits that a value's frequency adds where it agrees exactly, by code.
    by_value: Vec<f64>,
    by_token: Vec<f64>,
}

/// The evidence of one field of one pair, in bits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct FieldBits {
    pub(crate) level: f64,
    pub(crate) frequency: f64,
    /// How many records carry what both share, where that was weighed.
    pub(crate) carriers: Option<u32>,
}

impl<'a> Scorer<'a> {
    pub(crate) fn new(records: &'a Records, layout: &'a Layout, model: &Model) -> Self {
        let fields =
            records.fields().iter().zip(&model.fields).zip(model.weights()).map(|((field, model), weights)| {
                let levels = compare::levels(model.kind);
                let present = f64::from(records.len() as u32 - field.missing());
                let frequency = std::iter::once(Frequency::Ignored).chain(levels.iter().map(|l| l.frequency)).collect();
                let u = |of: Frequency| levels.iter().position(|l| l.frequency == of).map(|at| model.levels[at].u);
                let mut by_value =
                    u(Frequency::OfValue).map_or_else(Vec::new, |u| adjustments(field.counts(), present, u));
                if model.kind == FieldKind::Category {
                    // A rare country comes with names that are rare elsewhere and common there; the names are weighed already.
                    by_value.iter_mut().for_each(|bits| *bits = bits.min(0.0));
                }
                let by_token = u(Frequency::OfSharedToken).map_or_else(Vec::new, |_| {
                    adjustments(field.token_counts(), present, mean_share(field.token_counts(), present))
                });
                FieldScorer { field, weights, frequency, by_value, by_token }
            });
        Self { records, layout, prior: prior_bits(model.lambda), fields: fields.collect() }
    }

    /// The weight of a pair in bits, prior included.
    pub(crate) fn weight(&self, pattern: u64, left: u32, right: u32) -> f64 {
        debug_assert!((left as usize) < self.records.len());
        let bits = |(at, field): (usize, &FieldScorer<'_>)| {
            let bits = field.bits(self.layout.level(pattern, at), left, right);
            bits.level + bits.frequency
        };
        self.prior + self.fields.iter().enumerate().map(bits).sum::<f64>()
    }

    pub(crate) fn field_bits(&self, pattern: u64, field: usize, left: u32, right: u32) -> FieldBits {
        self.fields[field].bits(self.layout.level(pattern, field), left, right)
    }

    /// An upper bound of the weight of any pair with this pattern.
    pub(crate) fn most(&self, pattern: u64) -> f64 {
        let bits = |(at, field): (usize, &FieldScorer<'_>)| {
            let level = usize::from(self.layout.level(pattern, at));
            field.weights[level] + if field.frequency[level] == Frequency::Ignored { 0.0 } else { MOST_BITS }
        };
        self.prior + self.fields.iter().enumerate().map(bits).sum::<f64>()
    }
}

impl FieldScorer<'_> {
    fn bits(&self, level: u8, left: u32, right: u32) -> FieldBits {
        let level = usize::from(level);
        let (left, right) = (self.field.codes()[left as usize], self.field.codes()[right as usize]);
        let (frequency, carriers) = match self.frequency[level] {
            Frequency::Ignored => (0.0, None),
            Frequency::OfValue => (self.by_value[left as usize], Some(self.field.counts()[left as usize])),
            Frequency::OfSharedToken => self.rarest_shared(left, right).map_or((0.0, None), |token| {
                (self.by_token[token as usize], Some(self.field.token_counts()[token as usize]))
            }),
        };
        FieldBits { level: self.weights[level], frequency, carriers }
    }

    fn rarest_shared(&self, left: u32, right: u32) -> Option<u32> {
        let right = self.field.tokens(right);
        let shared = self.field.tokens(left).iter().filter(|token| right.contains(token));
        shared.copied().min_by_key(|&token| self.field.token_counts()[token as usize])
    }
}

/// log2(average share / own share) by code: m stays, and u becomes the share of the very value that both sides have.
///
/// For exact levels this is the term-frequency adjustment of Winkler 2000, "Frequency-Based Matching in
/// Fellegi-Sunter Model of Record Linkage", as Splink applies it. The share leaves one carrier out, namely the record
/// itself, and is drawn to the average by [`PRIOR_RECORDS`].
fn adjustments(counts: &[u32], present: f64, average: f64) -> Vec<f64> {
    let of = |&count: &u32| {
        let others = f64::from(count.saturating_sub(1)) + PRIOR_RECORDS * average;
        let share = (others / ((present - 1.0).max(0.0) + PRIOR_RECORDS)).max(LEAST_U);
        let least = if count <= MOST_OF_ONE_PERSON { 0.0 } else { -MOST_BITS };
        (average / share).log2().clamp(least, MOST_BITS)
    };
    counts.iter().map(of).collect()
}

/// The share p of a shared part, averaged so that the evidence of the level as a whole is kept: pairs of two persons
/// share a part in proportion to p², pairs of one person in proportion to p, whence Σp² / Σp.
fn mean_share(counts: &[u32], present: f64) -> f64 {
    // In whole numbers, since the order of the counts is that of the input.
    let sum: u64 = counts.iter().map(|&count| u64::from(count)).sum();
    let squares: u128 = counts.iter().map(|&count| u128::from(count) * u128::from(count)).sum();
    if sum > 0 { (squares as f64 / sum as f64 / present.max(1.0)).max(LEAST_U) } else { 1.0 }
}
