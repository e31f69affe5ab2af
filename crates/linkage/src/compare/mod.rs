//! How two values of one kind agree: tables of levels, tried from the top; the first whose test holds is the pair's.
//!
//! A level documents itself and is tested alone. To add a comparison, add a level to a table: everything else (the
//! pattern's width, the model, explanations) follows from the table. Level 0 of every field is *missing*, which holds
//! when either side has no value and carries no weight.

mod category;
mod dates;
mod identifiers;
mod names;
mod pairs;
mod variants;

use rapidfuzz::distance::jaro_winkler;

use crate::{
    fields::{FieldKind, Values},
    normalise,
};

pub(crate) use dates::Date;
pub(crate) use names::{Name, Token};
pub(crate) use pairs::Comparer;

/// How a level of agreement is weighed when the value is rare or common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frequency {
    /// All values alike.
    Ignored,
    /// Both sides share one value, and a rare one tells more.
    OfValue,
    /// Both sides share part of a name, and a rare part tells more.
    OfSharedToken,
}

/// One level of agreement, apart from its test.
#[derive(Debug, PartialEq)]
pub struct LevelInfo {
    /// The name that explanations and model files show.
    pub name: &'static str,
    /// What holds at this level, and at none above it.
    pub doc: &'static str,
    /// Prior share of pairs of one person at this level, given that both values are there. A level at which both
    /// priors are 0 is neutral: another field carries its evidence.
    pub m: f64,
    /// Prior share of pairs of two persons at this level, given that both values are there.
    pub u: f64,
    /// Whether rare values count for more.
    pub frequency: Frequency,
}

impl LevelInfo {
    /// Whether the level carries no evidence of its own.
    pub fn is_neutral(&self) -> bool {
        self.m == 0.0 && self.u == 0.0
    }
}

/// What a pair's level is called when a value is missing on either side.
pub const MISSING: LevelInfo = LevelInfo {
    name: "missing",
    doc: "no value on one side or on both; says nothing",
    m: 0.0,
    u: 0.0,
    frequency: Frequency::Ignored,
};

/// A level and its test. Tests are symmetric.
pub(crate) struct Level<V: ?Sized + 'static> {
    info: LevelInfo,
    test: fn(&V, &V) -> bool,
}

/// The levels of a kind below [`MISSING`], best first; level `n` of a pattern is entry `n - 1`.
pub fn levels(kind: FieldKind) -> Vec<&'static LevelInfo> {
    fn infos<V: ?Sized>(levels: &'static [Level<V>]) -> Vec<&'static LevelInfo> {
        levels.iter().map(|l| &l.info).collect()
    }
    match kind {
        FieldKind::GivenName => infos(names::GIVEN),
        FieldKind::Surname => infos(names::SURNAME),
        FieldKind::FullName => infos(names::FULL),
        FieldKind::BirthDate => infos(dates::LEVELS),
        FieldKind::Identifier => infos(identifiers::LEVELS),
        FieldKind::Category => infos(category::LEVELS),
        FieldKind::Place => infos(category::PLACE),
    }
}

/// The level of two values of one field as they are written, by itself: no other field is looked at.
///
/// ```
/// use linkage::{FieldKind, compare::compare};
/// assert_eq!(compare(FieldKind::Surname, Some("Tejeda Brumal"), Some("BRUMAL")).name, "one name of several");
/// assert_eq!(compare(FieldKind::BirthDate, Some("1990-03-04"), Some("1990-04-03")).name, "day and month swapped");
/// assert_eq!(compare(FieldKind::Identifier, Some("A012-345-678"), None).name, "missing");
/// ```
pub fn compare(kind: FieldKind, left: Option<&str>, right: Option<&str>) -> &'static LevelInfo {
    fn first<V: ?Sized>(levels: &'static [Level<V>], left: &V, right: &V) -> &'static LevelInfo {
        levels.get(usize::from(level_of(levels, left, right)) - 1).map_or(&MISSING, |l| &l.info)
    }
    let (Some(left), Some(right)) = (left, right) else { return &MISSING };
    let texts = || Some((normalise::text(left)?, normalise::text(right)?));
    let level = match kind {
        FieldKind::GivenName => texts().map(|(l, r)| first(names::GIVEN, &Name::of_normal(&l), &Name::of_normal(&r))),
        FieldKind::Surname => texts().map(|(l, r)| first(names::SURNAME, &Name::of_normal(&l), &Name::of_normal(&r))),
        FieldKind::FullName => texts().map(|(l, r)| first(names::FULL, &Name::of_normal(&l), &Name::of_normal(&r))),
        FieldKind::BirthDate => Date::parse(left).zip(Date::parse(right)).map(|(l, r)| first(dates::LEVELS, &l, &r)),
        FieldKind::Identifier => normalise::identifier(left)
            .zip(normalise::identifier(right))
            .map(|(l, r)| first(identifiers::LEVELS, l.as_str(), r.as_str())),
        FieldKind::Category => texts().map(|(l, r)| first(category::LEVELS, l.as_str(), r.as_str())),
        FieldKind::Place => texts().map(|(l, r)| first(category::PLACE, l.as_str(), r.as_str())),
    };
    level.unwrap_or(&MISSING)
}

/// The level of two distinct codes of a field, as the pattern numbers it (1 is the best).
fn level_of_codes(kind: FieldKind, values: &Values, left: u32, right: u32) -> u8 {
    let (l, r) = (left as usize, right as usize);
    match (values, kind) {
        (Values::Names(v), FieldKind::GivenName) => level_of(names::GIVEN, &v[l], &v[r]),
        (Values::Names(v), FieldKind::Surname) => level_of(names::SURNAME, &v[l], &v[r]),
        (Values::Names(v), _) => level_of(names::FULL, &v[l], &v[r]),
        (Values::Dates(v), _) => level_of(dates::LEVELS, &v[l], &v[r]),
        (Values::Texts(v), FieldKind::Identifier) => level_of(identifiers::LEVELS, v[l].as_str(), v[r].as_str()),
        (Values::Texts(v), FieldKind::Place) => level_of(category::PLACE, v[l].as_str(), v[r].as_str()),
        (Values::Texts(v), _) => level_of(category::LEVELS, v[l].as_str(), v[r].as_str()),
    }
}

fn level_of<V: ?Sized>(levels: &[Level<V>], left: &V, right: &V) -> u8 {
    let at = levels.iter().position(|l| (l.test)(left, right)).unwrap_or(levels.len() - 1);
    at as u8 + 1
}

/// Whether the Jaro–Winkler similarity (Winkler 1990, "String Comparator Metrics and Enhanced Decision Rules in the
/// Fellegi-Sunter Model of Record Linkage"; prefix weight 0.1 over at most 4 characters) reaches `at_least`. The
/// arguments are put in order first, since the greedy matching of Jaro's algorithm is not symmetric in every case.
fn is_like(left: &str, right: &str, at_least: f64) -> bool {
    let (first, second) = if left <= right { (left, right) } else { (right, left) };
    let terms = jaro_winkler::Args::default().score_cutoff(at_least);
    let similarity = if first.is_ascii() && second.is_ascii() {
        jaro_winkler::similarity_with_args(first.bytes(), second.bytes(), &terms)
    } else {
        jaro_winkler::similarity_with_args(first.chars(), second.chars(), &terms)
    };
    similarity.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn priors_are_shares_of_all_pairs() {
        for kind in FieldKind::ALL {
            let levels = levels(kind);
            for (share, of) in [(levels.iter().map(|l| l.m).sum::<f64>(), "m"), (levels.iter().map(|l| l.u).sum(), "u")]
            {
                assert!((share - 1.0).abs() < 1e-9, "{of} of {} adds up to {share}", kind.name());
            }
        }
    }

    #[test]
    fn level_names_are_distinct_and_documented() {
        for kind in FieldKind::ALL {
            let mut names: Vec<_> = levels(kind).iter().map(|l| l.name).collect();
            assert!(levels(kind).iter().all(|l| !l.doc.is_empty()));
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), levels(kind).len(), "{}", kind.name());
        }
    }
}
