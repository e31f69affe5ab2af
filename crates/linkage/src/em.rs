//! Training: how often each level holds among pairs of one person (m) and of two (u), and how rare the former are.
//!
//! The model is that of Fellegi and Sunter 1969, "A Theory for Record Linkage" (§2–3): fields agree independently,
//! given whether the pair is a match. Parameters come from counts of agreement patterns, as in Enamorado, Fifield and
//! Imai 2019, "Using a Probabilistic Model to Assist Merging of Large-Scale Administrative Records" (fastLink):
//!
//! - **u** from pairs drawn at random, with the few matches among them taken out by their posterior;
//! - **m** by EM (Dempster, Laird and Rubin 1977) over several sessions. A session holds the pairs that agree exactly on
//!   one rule's fields, and estimates only the *other* fields there: what pairs were selected by says nothing about
//!   itself. Sessions are averaged, weighted by the matches they hold, by the square of how pure they are, and tenfold
//!   where an identifier selected;
//! - **λ**, the share of matches among all possible pairs, as the fixed point of the mean posterior, where pairs that no
//!   rule finds count as non-matches; or less, if a session with many matches says so. The fixed point grows with the
//!   number of namesakes, because names and countries are not independent of each other; a session selected by
//!   numbers or by names and dates has few of them.
//!
//! Both m and u are posterior modes under Dirichlet priors from the comparison tables, with pseudo-counts in
//! [`PRIOR_MATCHES`] and [`PRIOR_NON_MATCHES`], so that an office with sixty records gets the table's values and a
//! million records get their own.

use crate::{
    compare::{self, LevelInfo},
    error::LinkError,
    fields::{FieldKind, Records},
    pattern::Layout,
};

/// Pairs of one person that the prior of m is worth.
pub const PRIOR_MATCHES: f64 = 30.0;
/// Pairs of two persons that the prior of u is worth.
pub const PRIOR_NON_MATCHES: f64 = 400.0;
/// The smallest u, and the smallest share of a value: no single field is worth more than about 20 bits, because a
/// number copied onto the wrong person's record is more likely than any collision by chance.
pub const LEAST_U: f64 = 1e-6;
/// Records of the same person per record that λ starts from.
const PRIOR_MATCHES_PER_RECORD: f64 = 0.1;
/// How much more a session counts that an identifier selected: twins share surname and birth date, parent and child
/// all their names, and a household its address, but nobody shares a number.
const IDENTIFIER_SESSIONS: f64 = 10.0;
/// Matches from which a session may bound λ.
const ENOUGH_MATCHES: f64 = 100.0;
const ROUNDS: usize = 3;
const ITERATIONS: u32 = 100;
const TOLERANCE: f64 = 1e-7;

/// What linking learned: enough to score any pair of records with the same fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Share of pairs of one person among all pairs that may be linked.
    pub lambda: f64,
    /// The fields in the order of the records.
    pub fields: Vec<FieldModel>,
}

/// The parameters of one field.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldModel {
    /// The field's name.
    pub name: String,
    /// What it holds.
    pub kind: FieldKind,
    /// Its levels, best first, as [`compare::levels`] lists them.
    pub levels: Vec<LevelModel>,
}

/// The parameters of one level.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelModel {
    /// The level's name.
    pub name: String,
    /// Share of pairs of one person at this level, given that both values are there.
    pub m: f64,
    /// Share of pairs of two persons at this level, given that both values are there.
    pub u: f64,
}

impl LevelModel {
    /// The evidence of this level for a match, log2(m / u), in bits; 0 for a neutral level.
    pub fn bits(&self) -> f64 {
        if self.m == 0.0 && self.u == 0.0 { 0.0 } else { (self.m / self.u).log2() }
    }
}

/// How one EM session went.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// The fields whose exact agreement selected the pairs, and which it therefore did not estimate.
    pub selected_by: Vec<String>,
    /// Pairs in it.
    pub pairs: u64,
    /// Matches expected among them.
    pub matches: f64,
    /// Iterations until nothing moved.
    pub iterations: u32,
}

/// Pattern counts, sorted by pattern, so that sums are the same in every run.
pub(crate) type Counts = [(u64, u64)];

pub(crate) struct Evidence<'a> {
    /// The patterns of all enumerated pairs.
    pub(crate) enumerated: &'a Counts,
    /// The patterns of pairs drawn at random from all possible ones.
    pub(crate) random: &'a Counts,
    /// How many pairs are possible.
    pub(crate) possible: u64,
    /// For each session, the fields whose exact agreement selects its pairs.
    pub(crate) sessions: Vec<Vec<usize>>,
}

impl Model {
    /// The model before any data: the priors of the comparison tables.
    pub(crate) fn prior(records: &Records) -> Self {
        let fields = records.fields().iter().map(|field| {
            let kind = field.spec().kind;
            let level = |l: &LevelInfo| LevelModel {
                name: l.name.to_owned(),
                m: l.m,
                u: l.u.max(LEAST_U * f64::from(u8::from(!l.is_neutral()))),
            };
            FieldModel {
                name: field.spec().name.clone(),
                kind,
                levels: compare::levels(kind).into_iter().map(level).collect(),
            }
        });
        let lambda = 2.0 * PRIOR_MATCHES_PER_RECORD / (records.len().max(2) - 1) as f64;
        Self { lambda: lambda.min(0.5), fields: fields.collect() }
    }

    /// Checks that the model compares the fields that the records hold, level by level.
    ///
    /// # Errors
    ///
    /// Refuses other fields, kinds or levels.
    pub fn check(&self, records: &Records) -> Result<(), LinkError> {
        let words = |model: &Self| -> Vec<String> {
            let words = |f: &FieldModel| {
                let levels: Vec<&str> = f.levels.iter().map(|l| l.name.as_str()).collect();
                format!("{} ({}: {})", f.name, f.kind.name(), levels.join(", "))
            };
            model.fields.iter().map(words).collect()
        };
        let (model, records) = (words(self), words(&Self::prior(records)));
        if model == records { Ok(()) } else { Err(LinkError::ModelMismatch { model, records }) }
    }

    /// The evidence of each level by field, entry 0 being *missing*.
    pub(crate) fn weights(&self) -> Vec<Vec<f64>> {
        let of = |f: &FieldModel| std::iter::once(0.0).chain(f.levels.iter().map(LevelModel::bits)).collect();
        self.fields.iter().map(of).collect()
    }
}

pub(crate) fn train(records: &Records, layout: &Layout, evidence: &Evidence<'_>) -> (Model, Vec<Session>) {
    let prior = Model::prior(records);
    let mut model = prior.clone();
    let mut sessions = Vec::new();
    set_u(&mut model, &prior, layout, evidence.random, None);
    for _ in 0..ROUNDS {
        sessions = set_m(&mut model, &prior, layout, evidence);
        set_lambda(&mut model, &prior, layout, evidence);
        model.lambda = model.lambda.min(least_lambda(records, &model, &sessions, evidence.possible));
        let lambda = model.lambda;
        set_u(&mut model, &prior, layout, evidence.random, Some(lambda));
    }
    (model, sessions)
}

/// u from random pairs; with λ known, each pair counts by its probability of being no match.
fn set_u(model: &mut Model, prior: &Model, layout: &Layout, random: &Counts, lambda: Option<f64>) {
    let weights = model.weights();
    let mut sums = zeros(model);
    for &(pattern, count) in random {
        let others = lambda.map_or(1.0, |lambda| 1.0 - posterior(layout, &weights, pattern, lambda));
        add(&mut sums, layout, pattern, count as f64 * others);
    }
    for ((field, prior), sums) in model.fields.iter_mut().zip(&prior.fields).zip(sums) {
        let total = sums.iter().sum::<f64>() + PRIOR_NON_MATCHES;
        for ((level, prior), sum) in
            field.levels.iter_mut().zip(&prior.levels).zip(sums).filter(|((_, p), _)| p.m > 0.0)
        {
            level.u = ((sum + PRIOR_NON_MATCHES * prior.u) / total).max(LEAST_U);
        }
    }
}

fn set_m(model: &mut Model, prior: &Model, layout: &Layout, evidence: &Evidence<'_>) -> Vec<Session> {
    let mut sums = zeros(model);
    let mut most = vec![0.0_f64; sums.len()];
    let mut sessions = Vec::new();
    for selected in &evidence.sessions {
        let pairs: Vec<(u64, u64)> = evidence
            .enumerated
            .iter()
            .filter(|(pattern, _)| selected.iter().all(|&f| layout.level(*pattern, f) == 1))
            .copied()
            .collect();
        let (session, expected) = run(model, prior, layout, &pairs, selected);
        let purity = session.matches / (session.pairs as f64).max(1.0);
        let by_number = !selected.is_empty() && selected.iter().all(|&f| model.fields[f].kind == FieldKind::Identifier);
        let worth = purity * purity * if by_number { IDENTIFIER_SESSIONS } else { 1.0 };
        for ((sums, expected), most) in sums.iter_mut().zip(expected).zip(&mut most) {
            *most = most.max(expected.iter().sum());
            sums.iter_mut().zip(expected).for_each(|(sum, e)| *sum += e * worth);
        }
        sessions.push(session);
    }
    // Sessions hold the same pairs over and over: together they are worth no more than the largest of them.
    for (sums, most) in sums.iter_mut().zip(most) {
        let scale = most / sums.iter().sum::<f64>().max(f64::MIN_POSITIVE);
        sums.iter_mut().for_each(|sum| *sum *= scale);
    }
    maximise(&mut model.fields, prior, &sums);
    sessions
}

/// One EM session with u fixed: expected pairs of one person by field and level, 0 for the fields that selected.
fn run(model: &Model, prior: &Model, layout: &Layout, pairs: &Counts, selected: &[usize]) -> (Session, Vec<Vec<f64>>) {
    let mut own = Model { lambda: 0.5, fields: model.fields.clone() };
    let total: u64 = pairs.iter().map(|(_, count)| count).sum();
    let names = selected.iter().map(|&f| model.fields[f].name.clone()).collect();
    let mut session = Session { selected_by: names, pairs: total, matches: 0.0, iterations: 0 };
    for field in selected {
        own.fields[*field].levels.iter_mut().for_each(|l| (l.m, l.u) = (0.0, 0.0));
    }
    let mut sums = zeros(model);
    if total == 0 {
        return (session, sums);
    }
    for iteration in 1..=ITERATIONS {
        let weights = own.weights();
        (sums, session.matches, session.iterations) = (zeros(model), 0.0, iteration);
        for &(pattern, count) in pairs {
            let expected = count as f64 * posterior(layout, &weights, pattern, own.lambda);
            session.matches += expected;
            add(&mut sums, layout, pattern, expected);
        }
        selected.iter().for_each(|&f| sums[f].fill(0.0));
        let before = own.lambda;
        own.lambda = ((session.matches + 1.0) / (total as f64 + 2.0)).clamp(1e-9, 1.0 - 1e-9);
        let moved = maximise_others(&mut own.fields, prior, &sums, selected);
        if moved.max((own.lambda - before).abs()) < TOLERANCE {
            break;
        }
    }
    (session, sums)
}

fn maximise_others(fields: &mut [FieldModel], prior: &Model, sums: &[Vec<f64>], selected: &[usize]) -> f64 {
    let kept: Vec<(usize, Vec<LevelModel>)> = selected.iter().map(|&f| (f, fields[f].levels.clone())).collect();
    let moved = maximise(fields, prior, sums);
    for (field, levels) in kept {
        fields[field].levels = levels;
    }
    moved
}

/// m from expected counts and the prior; the largest change of a field that has counts.
fn maximise(fields: &mut [FieldModel], prior: &Model, sums: &[Vec<f64>]) -> f64 {
    let mut moved = 0.0_f64;
    for ((field, prior), sums) in fields.iter_mut().zip(&prior.fields).zip(sums) {
        let neutral = |at: usize| prior.levels[at].m == 0.0;
        let counted: f64 = sums.iter().enumerate().filter(|(at, _)| !neutral(*at)).map(|(_, sum)| sum).sum();
        for (at, level) in field.levels.iter_mut().enumerate().filter(|(at, _)| !neutral(*at)) {
            let m = (sums[at] + PRIOR_MATCHES * prior.levels[at].m) / (counted + PRIOR_MATCHES);
            if counted > 0.0 {
                moved = moved.max((m - level.m).abs());
            }
            level.m = m;
        }
    }
    moved
}

fn set_lambda(model: &mut Model, prior: &Model, layout: &Layout, evidence: &Evidence<'_>) {
    let weights = model.weights();
    // The prior counts as one pair of one person.
    let (prior_matches, possible) = (1.0, evidence.possible.max(1) as f64);
    let prior_pairs = prior_matches / prior.lambda;
    for _ in 0..ITERATIONS {
        let expected: f64 = evidence
            .enumerated
            .iter()
            .map(|&(pattern, count)| count as f64 * posterior(layout, &weights, pattern, model.lambda))
            .sum();
        let lambda = ((expected + prior_matches) / (possible + prior_pairs)).clamp(1e-12, 0.5);
        let moved = (lambda / model.lambda - 1.0).abs();
        model.lambda = lambda;
        if moved < 1e-6 {
            break;
        }
    }
}

/// The smallest λ that a session vouches for: its matches, over the share of all matches that it should hold, which is
/// that of pairs with all the selecting values there and in exact agreement. Namesakes make this larger, never smaller.
fn least_lambda(records: &Records, model: &Model, sessions: &[Session], possible: u64) -> f64 {
    let selects = |name: &String| {
        let at = model.fields.iter().position(|f| f.name == *name)?;
        let present = 1.0 - f64::from(records.fields()[at].missing()) / records.len().max(1) as f64;
        Some(model.fields[at].levels.first()?.m * present * present)
    };
    let lambda = |session: &Session| {
        let held: f64 = session.selected_by.iter().filter_map(selects).product();
        session.matches / held / possible as f64
    };
    sessions.iter().filter(|s| s.matches >= ENOUGH_MATCHES).map(lambda).fold(0.5, f64::min)
}

fn posterior(layout: &Layout, weights: &[Vec<f64>], pattern: u64, lambda: f64) -> f64 {
    let bits: f64 = layout.levels(pattern).zip(weights).map(|(level, weights)| weights[usize::from(level)]).sum();
    crate::score::probability(bits + crate::score::prior_bits(lambda))
}

fn add(sums: &mut [Vec<f64>], layout: &Layout, pattern: u64, count: f64) {
    for (level, sums) in layout.levels(pattern).zip(sums) {
        if level > 0 {
            sums[usize::from(level) - 1] += count;
        }
    }
}

fn zeros(model: &Model) -> Vec<Vec<f64>> {
    model.fields.iter().map(|f| vec![0.0; f.levels.len()]).collect()
}
