//! The nearest known name to one that is not known.

use rapidfuzz::distance::osa;

/// The candidate most like `name`, unless none is at all like it. The first of equals wins.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = flat(name);
    let mut best: Option<(f64, &str)> = None;
    for candidate in candidates {
        let likeness = osa::normalized_similarity(name.chars(), flat(candidate).chars());
        if likeness >= 0.5 && best.is_none_or(|(b, _)| likeness > b) {
            best = Some((likeness, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The candidate most like `name`, with its likeness from 0 to 1, unless none is even remotely like it.
pub(crate) fn nearest_with_likeness<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<(&'a str, f64)> {
    let mut best: Option<(&str, f64)> = None;
    for candidate in candidates {
        let likeness = likeness(name, candidate);
        if likeness >= REMOTE && best.is_none_or(|(_, b)| likeness > b) {
            best = Some((candidate, likeness));
        }
    }
    best
}

/// Least likeness of which a reader is told.
const REMOTE: f64 = 0.4;

/// How like two names are, from 0 to 1, without regard to case, blanks and punctuation: one less the edits (swaps of
/// neighbours count as one) over the length of the longer.
pub(crate) fn likeness(one: &str, other: &str) -> f64 {
    osa::normalized_similarity(flat(one).chars(), flat(other).chars())
}

/// The candidates most like `name`, best first, at most `limit`.
pub(crate) fn nearest_several(name: &str, candidates: &[String], limit: usize) -> Vec<String> {
    let name = flat(name);
    let mut ranked: Vec<(f64, &String)> =
        candidates.iter().map(|c| (osa::normalized_similarity(name.chars(), flat(c).chars()), c)).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    ranked.into_iter().filter(|(likeness, _)| *likeness >= 0.4).take(limit).map(|(_, c)| c.clone()).collect()
}

fn flat(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Names in backticks, joined for a sentence.
pub(crate) fn listed<S: AsRef<str>>(names: &[S]) -> String {
    names.iter().map(|n| format!("`{}`", n.as_ref())).collect::<Vec<_>>().join(", ")
}
