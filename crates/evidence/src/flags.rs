//! Flags on rows: likely duplicates and record conflicts. A flagged row is kept like every other.

use crate::cell::{ColumnReader, SECONDS_PER_DAY, Value};
use crate::mapping::{CheckKind, CheckRule, DuplicateKind, DuplicateRule, Keep, KeyPart, Table};
use crate::rules::hold;
use crate::spill::{Spill, SpillRecord};
use crate::write::WriteError;
use arrow::array::{ArrayRef, RecordBatch, StringBuilder, UInt32Array, UInt64Builder};
use camino::Utf8Path;
use foldhash::quality::FixedState;
use model::DeliveryId;
use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::Arc;

/// What a flag says.
pub(crate) const DUPLICATE: &str = "duplicate_likely";
pub(crate) const CONFLICT: &str = "conflict";

/// Two seeds, so that two keys are confounded once in 2^128.
const SEEDS: [u64; 2] = [0x7468_726f_7567_686c, 0x696e_655f_666c_6167];

/// A row, as a rule on duplicates sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Seen {
    key: u128,
    /// The time, for rules that have one.
    at: i64,
    part: u32,
    row: u64,
    avoid: bool,
}

impl SpillRecord for Seen {
    const BYTES: usize = 37;

    fn partition(&self) -> u64 {
        (self.key >> 64) as u64
    }

    fn write(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(&self.key.to_le_bytes());
        to.extend_from_slice(&self.at.to_le_bytes());
        to.extend_from_slice(&self.part.to_le_bytes());
        to.extend_from_slice(&self.row.to_le_bytes());
        to.push(u8::from(self.avoid));
    }

    fn read(from: &[u8]) -> Option<Self> {
        let (key, rest) = from.split_first_chunk::<16>()?;
        let (at, rest) = rest.split_first_chunk::<8>()?;
        let (part, rest) = rest.split_first_chunk::<4>()?;
        let (row, rest) = rest.split_first_chunk::<8>()?;
        Some(Self {
            key: u128::from_le_bytes(*key),
            at: i64::from_le_bytes(*at),
            part: u32::from_le_bytes(*part),
            row: u64::from_le_bytes(*row),
            avoid: rest.first().is_some_and(|b| *b == 1),
        })
    }
}

/// A flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Flag {
    part: u32,
    row: u64,
    /// Number of the rule: those on duplicates first.
    rule: usize,
    of: Option<(u32, u64)>,
}

/// Collects the flags of one table, over all its parts.
pub(crate) struct Flags<'m> {
    duplicates: &'m [DuplicateRule],
    checks: &'m [CheckRule],
    seen: Vec<Spill<Seen>>,
    conflicts: Vec<Flag>,
    hashers: [FixedState; 2],
}

/// Flags of each part, by rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FlagCounts {
    pub(crate) duplicates: BTreeMap<String, u64>,
    pub(crate) conflicts: BTreeMap<String, u64>,
}

impl<'m> Flags<'m> {
    /// `folder` may hold what does not fit into memory.
    pub(crate) fn new(table: &'m Table, folder: &Utf8Path) -> Self {
        let seen = table.duplicates.iter().map(|rule| Spill::new(folder, &format!("{}.{}", table.name, rule.name)));
        Self {
            duplicates: &table.duplicates,
            checks: &table.checks,
            seen: seen.collect(),
            conflicts: Vec::new(),
            hashers: SEEDS.map(FixedState::with_seed),
        }
    }

    pub(crate) fn is_needed(&self) -> bool {
        !(self.duplicates.is_empty() && self.checks.is_empty())
    }

    /// Looks at a row that was kept. `cell_of_column` tells which columns the file has.
    pub(crate) fn row(
        &mut self,
        part: u32,
        row: u64,
        cells: &[ColumnReader<'_>],
        cell_of_column: &[Option<usize>],
    ) -> Result<(), WriteError> {
        for (number, check) in self.checks.iter().enumerate() {
            if can_tell(&check.kind, cell_of_column) && hold(&check.when, cells) && !makes_sense(&check.kind, cells) {
                self.conflicts.push(Flag { part, row, rule: self.duplicates.len() + number, of: None });
            }
        }
        for (rule, seen) in self.duplicates.iter().zip(&mut self.seen) {
            if !hold(&rule.when, cells) {
                continue;
            }
            let (key, at, avoid) = match &rule.kind {
                DuplicateKind::Identical => (self.hashers.each_ref().map(|h| whole_row(h, cells)), 0, false),
                DuplicateKind::SameKey { key, .. } if are_present(key, cells) => {
                    (self.hashers.each_ref().map(|h| hash_key(h, key, cells)), 0, false)
                }
                DuplicateKind::Chained { key, at, avoid, .. } if are_present(key, cells) => {
                    let Some(at) = seconds(cells[*at].cell().value) else { continue };
                    (
                        self.hashers.each_ref().map(|h| hash_key(h, key, cells)),
                        at,
                        !avoid.is_empty() && hold(avoid, cells),
                    )
                }
                _ => continue,
            };
            let key = (u128::from(key[0]) << 64) | u128::from(key[1]);
            seen.push(Seen { key, at, part, row, avoid })?;
        }
        Ok(())
    }

    /// Finds the duplicates, hands every flag over in batches, and counts the flags of each part.
    ///
    /// `parts` are the delivery's id, and file, sheet and mapping version of each part.
    pub(crate) fn finish(
        self,
        delivery: &DeliveryId,
        mapping_version: u32,
        parts: &[(String, Option<String>)],
        mut write: impl FnMut(RecordBatch) -> Result<(), WriteError>,
    ) -> Result<Vec<FlagCounts>, WriteError> {
        let mut counts = vec![FlagCounts::default(); parts.len()];
        let names: Vec<(&str, &str)> = self
            .duplicates
            .iter()
            .map(|d| (d.name.as_str(), d.why.as_str()))
            .chain(self.checks.iter().map(|c| (c.name.as_str(), c.why.as_str())))
            .collect();
        let of_duplicates = self.duplicates.len();
        let mut hand_over = |mut flags: Vec<Flag>| -> Result<(), WriteError> {
            flags.sort_unstable();
            for flag in &flags {
                let counts = &mut counts[flag.part as usize];
                let by_rule = if flag.rule < of_duplicates { &mut counts.duplicates } else { &mut counts.conflicts };
                *by_rule.entry(names[flag.rule].0.to_owned()).or_default() += 1;
            }
            for some in flags.chunks(crate::write::BATCH_ROWS) {
                write(batch(delivery, mapping_version, parts, &names, of_duplicates, some)?)?;
            }
            Ok(())
        };
        let mut flags = self.conflicts;
        let rules = self.duplicates.iter();
        let mut partitions: Vec<Vec<Flag>> = Vec::new();
        for (number, (rule, seen)) in rules.zip(self.seen).enumerate() {
            seen.partitions(|mut seen| {
                let mut found = Vec::new();
                duplicates_among(&mut seen, &rule.kind, |row, of| {
                    found.push(Flag { part: row.part, row: row.row, rule: number, of: Some((of.part, of.row)) });
                });
                partitions.push(found);
                Ok::<(), std::io::Error>(())
            })?;
        }
        // What was held in memory is told in the order of the rows; what was not, partition by partition.
        if partitions.len() <= of_duplicates {
            flags.extend(partitions.into_iter().flatten());
            return hand_over(flags).map(|()| counts);
        }
        hand_over(flags)?;
        for found in partitions {
            hand_over(found)?;
        }
        Ok(counts)
    }
}

/// Tells, for each row that is likely a duplicate, the row that stands for it.
fn duplicates_among(seen: &mut [Seen], kind: &DuplicateKind, mut tell: impl FnMut(&Seen, &Seen)) {
    seen.sort_unstable();
    for group in seen.chunk_by_mut(|a, b| a.key == b.key) {
        match kind {
            DuplicateKind::Identical | DuplicateKind::SameKey { keep: Keep::First, .. } => {
                group.sort_unstable_by_key(|s| (s.part, s.row));
                for other in &group[1..] {
                    tell(other, &group[0]);
                }
            }
            DuplicateKind::SameKey { keep: Keep::Last, .. } => {
                group.sort_unstable_by_key(|s| (s.part, s.row));
                let last = group.len() - 1;
                for other in &group[..last] {
                    tell(other, &group[last]);
                }
            }
            DuplicateKind::Chained { hours, .. } => {
                let gap = i64::from(*hours) * 3600;
                for chain in group.chunk_by(|a, b| b.at - a.at <= gap) {
                    let stands = chain.iter().find(|s| !s.avoid).unwrap_or(&chain[0]);
                    for other in chain.iter().filter(|s| *s != stands) {
                        tell(other, stands);
                    }
                }
            }
        }
    }
}

/// Whether the file has the columns that are expected to be in some way: what it does not have is no conflict.
fn can_tell(kind: &CheckKind, cell_of_column: &[Option<usize>]) -> bool {
    match kind {
        CheckKind::Expect(conditions) => conditions.iter().all(|c| cell_of_column[c.column].is_some()),
        // These say nothing of a value that is not there.
        CheckKind::Order { .. } | CheckKind::Range { .. } => true,
    }
}

fn makes_sense(kind: &CheckKind, cells: &[ColumnReader<'_>]) -> bool {
    match kind {
        CheckKind::Order { first, then } => {
            let (first, then) = (cells[*first].cell().value, cells[*then].cell().value);
            let (Some(a), Some(b)) = (seconds(first), seconds(then)) else { return true };
            let day = |at: i64| at.div_euclid(SECONDS_PER_DAY);
            // A date without a time says nothing about the order within its day.
            if has_time(first) && has_time(then) { a <= b } else { day(a) <= day(b) }
        }
        CheckKind::Expect(conditions) => hold(conditions, cells),
        CheckKind::Range { column, least, most } => match cells[*column].cell().value {
            Value::Integer(n) => (*least..=*most).contains(&n),
            _ => true,
        },
    }
}

fn seconds(value: Value) -> Option<i64> {
    match value {
        Value::Date(day) => Some(i64::from(day) * SECONDS_PER_DAY),
        Value::DateTime(at, _) => Some(at),
        _ => None,
    }
}

fn has_time(value: Value) -> bool {
    matches!(value, Value::DateTime(_, true))
}

fn are_present(key: &[KeyPart], cells: &[ColumnReader<'_>]) -> bool {
    key.iter().all(|part| cells[part.column].cell().is_present())
}

fn hash_key(hasher: &FixedState, key: &[KeyPart], cells: &[ColumnReader<'_>]) -> u64 {
    let mut hasher = hasher.build_hasher();
    for part in key {
        let cell = cells[part.column].cell();
        match cell.value {
            value @ (Value::Date(_) | Value::DateTime(..)) => {
                let at = seconds(value).unwrap_or_default();
                if part.day { at.div_euclid(SECONDS_PER_DAY) } else { at }.hash(&mut hasher);
            }
            _ => cell.trimmed().hash(&mut hasher),
        }
    }
    hasher.finish()
}

fn whole_row(hasher: &FixedState, cells: &[ColumnReader<'_>]) -> u64 {
    let mut hasher = hasher.build_hasher();
    for reader in cells {
        reader.cell().text.hash(&mut hasher);
    }
    hasher.finish()
}

fn batch(
    delivery: &DeliveryId,
    mapping_version: u32,
    parts: &[(String, Option<String>)],
    names: &[(&str, &str)],
    of_duplicates: usize,
    flags: &[Flag],
) -> Result<RecordBatch, WriteError> {
    let text = |value: &dyn Fn(&Flag) -> Option<String>| -> ArrayRef {
        let mut builder = StringBuilder::new();
        for flag in flags {
            builder.append_option(value(flag));
        }
        Arc::new(builder.finish())
    };
    let part = |part: u32| &parts[part as usize];
    let (mut rows, mut of_rows) = (UInt64Builder::new(), UInt64Builder::new());
    for flag in flags {
        rows.append_value(flag.row);
        of_rows.append_option(flag.of.map(|(_, row)| row));
    }
    let kind = |f: &Flag| if f.rule < of_duplicates { DUPLICATE } else { CONFLICT };
    let columns: Vec<ArrayRef> = vec![
        text(&|_| Some(delivery.to_string())),
        text(&|f| Some(part(f.part).0.clone())),
        text(&|f| part(f.part).1.clone()),
        Arc::new(rows.finish()),
        Arc::new(UInt32Array::from(vec![mapping_version; flags.len()])),
        text(&|f| Some(kind(f).to_owned())),
        text(&|f| Some(names[f.rule].0.to_owned())),
        text(&|f| Some(names[f.rule].1.to_owned())),
        text(&|f| f.of.map(|(p, _)| part(p).0.clone())),
        text(&|f| f.of.and_then(|(p, _)| part(p).1.clone())),
        Arc::new(of_rows.finish()),
    ];
    Ok(RecordBatch::try_new(crate::schema::flags_schema(), columns)?)
}
