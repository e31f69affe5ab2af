//! What the cells of one column look like, counted as they pass.

use super::dates::readings;
use super::shape::Look;
use crate::cell::{integer, money};
use crate::redaction::is_redaction;
use foldhash::quality::FixedState;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::BuildHasher;

/// Texts that often mean that there is no value.
pub(super) const NULL_TEXTS: &[&str] = &[
    "NA",
    "N/A",
    "n/a",
    "na",
    "#N/A",
    "NULL",
    "Null",
    "null",
    "NONE",
    "None",
    "none",
    "nil",
    "-",
    "--",
    "---",
    ".",
    "?",
    "??",
    "s/d",
    "S/D",
    "no sabe",
    "desconocido",
];
/// Most distinct texts that are remembered with their counts.
const DISTINCT: usize = 2000;
/// Most distinct texts whose readings are remembered.
const REMEMBERED: usize = 16_384;

/// What the cells of a column look like.
#[derive(Debug, Default)]
pub(super) struct Profile {
    /// Cells.
    pub(super) cells: u64,
    /// Cells that are empty.
    pub(super) empty: u64,
    /// Cells that are withheld.
    pub(super) redacted: u64,
    /// Cells with a text that may mean nothing, by text.
    pub(super) null_like: BTreeMap<String, u64>,
    /// All other cells.
    pub(super) filled: u64,
    /// Filled cells that are dates by the file's own account.
    pub(super) own_dates: u64,
    pub(super) integers: u64,
    /// Integers that begin with a zero and are longer than it.
    pub(super) zero_led: u64,
    /// Digits of the longest integer.
    pub(super) digits: usize,
    pub(super) amounts: u64,
    /// Amounts with a dollar sign.
    pub(super) dollars: u64,
    /// Cells by the date formats that read them.
    pub(super) dates: BTreeMap<Vec<usize>, u64>,
    /// Dates with a time of day.
    pub(super) timed: u64,
    /// Distinct texts with their counts, at most so many.
    pub(super) texts: BTreeMap<String, u64>,
    /// There are more distinct texts.
    pub(super) more_texts: bool,
    /// Characters of the longest text, and of all.
    pub(super) longest: usize,
    pub(super) characters: u64,
    /// Cells with a digit.
    pub(super) with_digits: u64,
    pub(super) look: Look,
    /// No text stands twice.
    repeated: bool,
    seen: HashSet<u64, FixedState>,
    known: HashMap<String, Reading, FixedState>,
}

/// What a text can be read as.
#[derive(Debug, Clone)]
struct Reading {
    formats: Vec<usize>,
    timed: bool,
    integer: bool,
    amount: bool,
}

impl Profile {
    /// Looks at a cell.
    pub(super) fn add(&mut self, text: &str, is_own_date: bool) {
        self.cells += 1;
        let text = text.trim();
        if text.is_empty() {
            self.empty += 1;
        } else if is_redaction(text) {
            self.redacted += 1;
        } else if NULL_TEXTS.contains(&text) {
            *self.null_like.entry(text.to_owned()).or_default() += 1;
        } else {
            self.add_text(text, is_own_date);
        }
    }

    fn add_text(&mut self, text: &str, is_own_date: bool) {
        self.filled += 1;
        self.own_dates += u64::from(is_own_date);
        if !self.repeated {
            let hash = FixedState::default().hash_one(text);
            self.repeated = !self.seen.insert(hash);
            if self.repeated {
                self.seen = HashSet::default();
            }
        }
        if let Some(count) = self.texts.get_mut(text) {
            *count += 1;
        } else if self.texts.len() < DISTINCT {
            self.texts.insert(text.to_owned(), 1);
        } else {
            self.more_texts = true;
        }
        let characters = text.chars().count();
        self.longest = self.longest.max(characters);
        self.characters += characters as u64;
        self.with_digits += u64::from(text.bytes().any(|b| b.is_ascii_digit()));
        self.look.add(text);
        let reading = match self.known.get(text) {
            Some(known) => known.clone(),
            None => {
                let read = readings(text);
                let reading = Reading {
                    timed: read.iter().any(|(_, read)| read.timed),
                    formats: read.into_iter().map(|(n, _)| n).collect(),
                    integer: integer(text).is_some(),
                    amount: money(text).is_some(),
                };
                if self.known.len() < REMEMBERED {
                    self.known.insert(text.to_owned(), reading.clone());
                }
                reading
            }
        };
        if reading.integer {
            self.integers += 1;
            let digits = text.trim_start_matches('-');
            self.zero_led += u64::from(digits.len() > 1 && digits.starts_with('0'));
            self.digits = self.digits.max(digits.bytes().filter(u8::is_ascii_digit).count());
        }
        self.amounts += u64::from(reading.amount);
        self.dollars += u64::from(reading.amount && text.contains('$'));
        self.timed += u64::from(reading.timed);
        match self.dates.get_mut(&reading.formats) {
            Some(count) => *count += 1,
            None => {
                self.dates.insert(reading.formats, 1);
            }
        }
    }

    /// Every row has a value, and no two have the same.
    pub(super) fn is_unique(&self) -> bool {
        self.cells > 0 && self.filled == self.cells && !self.repeated
    }

    /// Cells with any text that is not withheld.
    pub(super) fn present(&self) -> u64 {
        self.filled + self.null_like.values().sum::<u64>()
    }

    /// The share of distinct texts for which something holds.
    pub(super) fn share_of_texts(&self, holds: impl Fn(&str) -> bool) -> f64 {
        let count = self.texts.keys().filter(|text| holds(text)).count();
        count as f64 / self.texts.len().max(1) as f64
    }
}
