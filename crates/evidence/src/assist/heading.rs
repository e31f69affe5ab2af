//! Which row of a file is its header, if any is.

use super::concepts::CONCEPTS;
use super::dates::readings;
use super::meaning::header_likeness;
use crate::cell::{integer, money};
use crate::redaction::is_redaction;
use std::collections::BTreeSet;

/// Rows among which the header must stand: as many as a mapping looks at that does not say otherwise.
pub(super) const WITHIN: usize = 20;
/// Rows below the header that are looked at.
const BELOW: usize = 30;
/// Longest cell of a header, in characters.
const LONGEST: usize = 120;

/// Where the header stands, and how sure that is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Heading {
    /// Index of the row among those that were looked at. `None`: there is no header.
    pub(super) row: Option<usize>,
    /// From 0 to 1.
    pub(super) confidence: f64,
    pub(super) why: String,
}

/// Finds the header among the first rows. The rows are those of the file without blank ones.
pub(super) fn find(rows: &[Vec<String>]) -> Heading {
    let filled: Vec<usize> = rows.iter().map(|row| row.iter().filter(|c| !c.trim().is_empty()).count()).collect();
    let mut sorted = filled.clone();
    sorted.sort_unstable();
    let usual = sorted.get(sorted.len() / 2).copied().unwrap_or(0);
    // Banners fill fewer cells than rows do.
    let first = filled.iter().take(WITHIN).position(|n| *n > 0 && *n * 5 >= usual * 3);
    let Some(first) = first else {
        return Heading { row: None, confidence: 0.3, why: "no row looks like a header".to_owned() };
    };
    let below = &rows[(first + 1).min(rows.len())..rows.len().min(first + 1 + BELOW)];
    let score = label_score(&rows[first], below);
    let share = score / filled[first].max(1) as f64;
    if score > 0.0 {
        let why = match first {
            0 => "the first row names the columns".to_owned(),
            n => format!("row {} names the columns, below {n} of a banner", first + 1),
        };
        return Heading { row: Some(first), confidence: (0.6 + share / 2.0).min(0.98), why };
    }
    Heading {
        row: None,
        confidence: (0.6 - share / 2.0).min(0.95),
        why: "the first row holds values and no names".to_owned(),
    }
}

fn is_value(text: &str) -> bool {
    integer(text).is_some() || money(text).is_some() || is_redaction(text) || !readings(text).is_empty()
}

/// Above zero where the cells look like the names of what stands below them.
fn label_score(row: &[String], below: &[Vec<String>]) -> f64 {
    let mut names = BTreeSet::new();
    let mut score = 0.0;
    for (index, cell) in row.iter().enumerate() {
        let cell = cell.trim();
        if cell.is_empty() {
            continue;
        }
        let column: Vec<&str> =
            below.iter().filter_map(|r| r.get(index)).map(|c| c.trim()).filter(|c| !c.is_empty()).collect();
        let values = column.iter().filter(|text| is_value(text)).count();
        let of_values = !column.is_empty() && values * 5 >= column.len() * 4;
        if is_value(cell) {
            // Years and days head the columns of tables of counts.
            let heads_counts = of_values && !readings(cell).is_empty()
                || integer(cell).is_some_and(|n| (1900..2100).contains(&n) && cell.len() == 4);
            let differs = column.iter().all(|text| readings(text).is_empty() && text.len() != cell.len());
            score -= if heads_counts && differs { 0.0 } else { 1.0 };
            continue;
        }
        let known = CONCEPTS.iter().any(|c| header_likeness(cell, c) >= 0.85);
        score += match () {
            () if known => 1.5,
            () if cell.chars().count() > LONGEST => -0.5,
            () if column.contains(&cell) => -1.0,
            () if of_values => 1.0,
            () => 0.4,
        };
        if !names.insert(cell.to_owned()) {
            score -= 0.5;
        }
    }
    score
}
