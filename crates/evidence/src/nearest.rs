//! The nearest known name to one that is not known.

use rapidfuzz::distance::osa;

/// Least likeness of a name that is proposed instead of another.
const ALIKE: f64 = 0.5;
/// Least likeness of which a reader is told.
const REMOTE: f64 = 0.4;

/// The candidate most like `name`, unless none is at all like it. The first of equals wins.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    most_like(name, candidates, ALIKE).map(|(candidate, _)| candidate)
}

/// The candidate most like `name`, with its likeness from 0 to 1, unless none is even remotely like it.
pub(crate) fn nearest_with_likeness<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<(&'a str, f64)> {
    most_like(name, candidates, REMOTE)
}

fn most_like<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>, least: f64) -> Option<(&'a str, f64)> {
    let mut best: Option<(&str, f64)> = None;
    for candidate in candidates {
        let likeness = likeness(name, candidate);
        if likeness >= least && best.is_none_or(|(_, b)| likeness > b) {
            best = Some((candidate, likeness));
        }
    }
    best
}

/// How like two names are, from 0 to 1, without regard to case, blanks and punctuation: one less the edits (swaps of
/// neighbours count as one) over the length of the longer.
pub(crate) fn likeness(one: &str, other: &str) -> f64 {
    osa::normalized_similarity(flat(one).chars(), flat(other).chars())
}

/// The candidates most like `name`, best first, at most `limit`.
pub(crate) fn nearest_several(name: &str, candidates: &[String], limit: usize) -> Vec<String> {
    let mut ranked: Vec<(f64, &String)> = candidates.iter().map(|c| (likeness(name, c), c)).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    ranked.into_iter().filter(|(likeness, _)| *likeness >= REMOTE).take(limit).map(|(_, c)| c.clone()).collect()
}

fn flat(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Names in backticks, joined for a sentence.
pub(crate) fn listed<S: AsRef<str>>(names: &[S]) -> String {
    names.iter().map(|n| format!("`{}`", n.as_ref())).collect::<Vec<_>>().join(", ")
}
