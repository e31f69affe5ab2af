//! The first pass: a hash of the key and a hash of the whole of each row, and what becomes of it by these.

use super::canon::{START, mix};
use super::parts::Parts;
use super::plan::{A, B, Plan};
use super::refused::{Refused, refused_keys};
use super::work::side_by_side;
use super::{DiffError, TableDiff};
use camino::Utf8Path;
use std::sync::{Mutex, PoisonError};

/// What becomes of a row. The number stands in a byte for each row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Fate {
    Unchanged,
    Changed,
    /// Vanished from the second delivery, or appeared in it.
    Gone,
    /// The key occurs more than once in a delivery, and there is no equal row in the other.
    Repeated,
    /// The row has no key, and there is no equal one in the other delivery.
    NullKey,
    /// The key is that of a row that was refused in the other delivery.
    Unreadable,
}

impl Fate {
    pub(super) fn of(byte: u8) -> Self {
        match byte {
            0 => Self::Unchanged,
            1 => Self::Changed,
            2 => Self::Gone,
            3 => Self::Repeated,
            4 => Self::NullKey,
            _ => Self::Unreadable,
        }
    }
}

/// What the first pass found.
pub(super) struct Fates {
    /// For each side, the [`Fate`] of each row.
    pub(super) of: [Vec<u8>; 2],
    /// By row group of the second delivery: pairs of rows with the same key that differ.
    pub(super) pairs: Parts,
}

/// Bytes of records and of pairs that are held in memory.
const HELD_BYTES: usize = 160 * 1024 * 1024;
const HELD_PAIRS_BYTES: usize = 32 * 1024 * 1024;
/// About how many bytes of records are sorted at once.
const PART_BYTES: u64 = 8 * 1024 * 1024;
const MOST_PARTS: u64 = 4096;

/// What a record is of. The order matters: records of one key stand in it.
const ROW: [u8; 2] = [0, 1];
const REFUSED: [u8; 2] = [2, 3];
/// A key that was gone in an earlier release.
const EARLIER: u8 = 4;
const WITHOUT_KEY: [u8; 2] = [5, 6];
/// Sets the hashes of rows without a key apart from those of keys.
const NO_KEY: u128 = 0x6e6f_206b_6579;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Record {
    key: u128,
    kind: u8,
    row: u128,
    at: u32,
}

impl Record {
    const BYTES: usize = 37;

    fn to_bytes(self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        bytes[..16].copy_from_slice(&self.key.to_le_bytes());
        bytes[16..32].copy_from_slice(&self.row.to_le_bytes());
        bytes[32..36].copy_from_slice(&self.at.to_le_bytes());
        bytes[36] = self.kind;
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (key, rest) = bytes.split_first_chunk()?;
        let (row, rest) = rest.split_first_chunk()?;
        let (at, rest) = rest.split_first_chunk()?;
        Some(Self {
            key: u128::from_le_bytes(*key),
            row: u128::from_le_bytes(*row),
            at: u32::from_le_bytes(*at),
            kind: *rest.first()?,
        })
    }
}

/// The part of a hash, of a power of two of parts.
pub(super) fn part_of(hash: u128, parts: usize) -> usize {
    if parts <= 1 { 0 } else { (hash >> (128 - parts.trailing_zeros())) as usize }
}

/// How many parts hold about [`PART_BYTES`] each: a power of two.
pub(super) fn parts_for(bytes: u64) -> usize {
    (bytes / PART_BYTES).next_power_of_two().clamp(1, MOST_PARTS) as usize
}

/// Where the first pass finds what is not in the tables of cells.
pub(super) struct Beside<'a> {
    pub(super) refused: [Option<&'a Utf8Path>; 2],
    /// Hashes of keys that were seen before the first delivery and have been gone, if the watch knows it.
    pub(super) earlier: Option<Vec<u128>>,
}

/// Finds the fate of each row, and counts.
pub(super) fn find_fates(
    plan: &Plan<'_>,
    beside: &Beside<'_>,
    scratch: &Utf8Path,
    workers: usize,
    counts: &mut TableDiff,
) -> Result<Fates, DiffError> {
    let records = (u64::from(plan.rows(A)) + u64::from(plan.rows(B))) * Record::BYTES as u64;
    let parts = Mutex::new(Parts::new(parts_for(records), HELD_BYTES, scratch.join("keys")));
    let groups = [plan.groups(A), plan.groups(B)];
    // The row groups of both in turn, so that both files are read at about the same pace.
    let mut jobs: Vec<(usize, usize)> = (0..2).flat_map(|of| (0..groups[of]).map(move |g| (g, of))).collect();
    jobs.sort_unstable();
    let null_keys = side_by_side(workers, jobs.len(), |job| {
        let (group, of) = jobs[job];
        scan(plan, of, group, &parts).map(|null_keys| (of, null_keys))
    })?;
    for (of, n) in null_keys {
        counts.null_keys[of] += n;
    }
    let mut parts = parts.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut push = |record: Record| {
        let part = part_of(record.key, parts.len());
        parts.push(part, &record.to_bytes())
    };
    for of in [A, B] {
        let refused: Refused =
            refused_keys(beside.refused[of], plan, of, |key| push(Record { key, kind: REFUSED[of], row: 0, at: 0 }))?;
        counts.refused[of] = refused.rows;
        counts.refused_without_key[of] = refused.without_key;
    }
    for key in beside.earlier.iter().flatten() {
        push(Record { key: *key, kind: EARLIER, row: 0, at: 0 })?;
    }
    counts.reappeared = beside.earlier.as_ref().map(|_| 0);
    let count = parts.len();
    let parts = Mutex::new(parts);
    let of = [A, B].map(|of| vec![Fate::Unchanged as u8; plan.rows(of) as usize]);
    let pairs = Parts::new(groups[B], HELD_PAIRS_BYTES, scratch.join("pairs"));
    let fates = Mutex::new(Fates { of, pairs });
    let found = side_by_side(workers, count, |part| {
        let bytes = parts.lock().unwrap_or_else(PoisonError::into_inner).take(part)?;
        let mut records: Vec<Record> = bytes.chunks_exact(Record::BYTES).filter_map(Record::from_bytes).collect();
        drop(bytes);
        records.sort_unstable();
        let mut join = Join::default();
        for group in records.chunk_by(|a, b| a.key == b.key) {
            join.group(group, plan.is_keyed());
        }
        let mut fates = fates.lock().unwrap_or_else(PoisonError::into_inner);
        for (of, at, fate) in &join.fates {
            fates.of[*of][*at as usize] = *fate as u8;
        }
        if let Some(b) = &plan.sides[B] {
            for (at_a, at_b) in &join.pairs {
                let pair = [at_b.to_le_bytes(), at_a.to_le_bytes()];
                fates.pairs.push(b.group_of(*at_b), pair.as_flattened())?;
            }
        }
        Ok(join.counts)
    })?;
    for found in found {
        counts.add(&found);
    }
    Ok(fates.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Reads a row group, and gives the number of rows without a key.
fn scan(plan: &Plan<'_>, of: usize, group: usize, parts: &Mutex<Parts>) -> Result<u64, DiffError> {
    let Some(side) = &plan.sides[of] else { return Ok(0) };
    let mut readers = plan.readers(of, side);
    let mut key_reader = plan.key_reader(of, side);
    let columns: Vec<usize> = plan.columns.iter().map(|c| c.at[of]).collect();
    let (mut hashes, mut key, mut records) = (Vec::new(), Vec::new(), Vec::new());
    let mut null_keys = 0;
    side.read(group, &columns, false, None, |first, batch| {
        hashes.clear();
        hashes.resize(batch.rows(), START);
        for (column, reader) in columns.iter().zip(&mut readers) {
            reader.hash_into(batch.column(*column)?, &mut hashes).map_err(|e| side.failed(e))?;
        }
        records.clear();
        for (row, (hash, at)) in hashes.iter().zip(first..).enumerate() {
            // The last step spreads what came last over all bits.
            let whole = mix(*hash, 0);
            key.clear();
            let record = if !plan.is_keyed() {
                Record { key: whole, kind: ROW[of], row: whole, at }
            } else if key_reader.write(batch, side, row, &mut key)? {
                Record { key: key_reader.hash(&key), kind: ROW[of], row: whole, at }
            } else {
                null_keys += 1;
                Record { key: mix(whole, NO_KEY), kind: WITHOUT_KEY[of], row: whole, at }
            };
            records.push(record);
        }
        let mut parts = parts.lock().unwrap_or_else(PoisonError::into_inner);
        for record in &records {
            let part = part_of(record.key, parts.len());
            parts.push(part, &record.to_bytes())?;
        }
        Ok(())
    })?;
    Ok(null_keys)
}

/// What a part yields.
#[derive(Default)]
struct Join {
    counts: TableDiff,
    /// Side, row and fate of each row that is not unchanged.
    fates: Vec<(usize, u32, Fate)>,
    pairs: Vec<(u32, u32)>,
}

impl Join {
    /// The records of one key, by kind.
    fn group(&mut self, records: &[Record], keyed: bool) {
        let of_kind = |kind: u8| {
            let start = records.partition_point(|r| r.kind < kind);
            &records[start..start + records[start..].partition_point(|r| r.kind == kind)]
        };
        let has = |kind: u8| !of_kind(kind).is_empty();
        let (a, b) = (of_kind(ROW[A]), of_kind(ROW[B]));
        if !keyed {
            return self.multiset(a, b, Fate::Gone);
        }
        self.multiset(of_kind(WITHOUT_KEY[A]), of_kind(WITHOUT_KEY[B]), Fate::NullKey);
        self.counts.repeated_keys[A] += u64::from(a.len() > 1);
        self.counts.repeated_keys[B] += u64::from(b.len() > 1);
        match (a, b) {
            ([], []) => {}
            ([a], [b]) if a.row == b.row => self.counts.unchanged += 1,
            ([a], [b]) => {
                self.counts.changed += 1;
                self.fates.extend([(A, a.at, Fate::Changed), (B, b.at, Fate::Changed)]);
                self.pairs.push((a.at, b.at));
            }
            (rows, []) => self.all(A, rows, if has(REFUSED[B]) { Fate::Unreadable } else { Fate::Gone }),
            ([], rows) => {
                let fate = if has(REFUSED[A]) { Fate::Unreadable } else { Fate::Gone };
                if fate == Fate::Gone && has(EARLIER) {
                    *self.counts.reappeared.get_or_insert(0) += 1;
                }
                self.all(B, rows, fate);
            }
            (a, b) => self.multiset(a, b, Fate::Repeated),
        }
    }

    /// Rows are matched with equal ones, as often as they occur on both sides.
    fn multiset(&mut self, mut a: &[Record], mut b: &[Record], fate: Fate) {
        while let (Some((first_a, rest_a)), Some((first_b, rest_b))) = (a.split_first(), b.split_first()) {
            if first_a.row == first_b.row {
                self.counts.unchanged += 1;
                (a, b) = (rest_a, rest_b);
            } else if first_a.row < first_b.row {
                self.all(A, &a[..1], fate);
                a = rest_a;
            } else {
                self.all(B, &b[..1], fate);
                b = rest_b;
            }
        }
        self.all(A, a, fate);
        self.all(B, b, fate);
    }

    fn all(&mut self, of: usize, rows: &[Record], fate: Fate) {
        let counts = &mut self.counts;
        let count = match (fate, of) {
            (Fate::Gone, A) => &mut counts.vanished,
            (Fate::Gone, _) => &mut counts.appeared,
            (Fate::Repeated, _) => &mut counts.repeated_only[of],
            (Fate::NullKey, _) => &mut counts.null_keys_only[of],
            (Fate::Unreadable, _) => &mut counts.unreadable[of],
            (Fate::Unchanged | Fate::Changed, _) => return,
        };
        *count += rows.len() as u64;
        self.fates.extend(rows.iter().map(|r| (of, r.at, fate)));
    }
}
