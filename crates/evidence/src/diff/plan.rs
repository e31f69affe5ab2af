//! What of a table is compared with what.

use super::canon::{By, CellReader, TextHasher};
use super::side::{Batch, Side};
use super::{DiffError, Retyped};

/// Which of the two deliveries: also an index.
pub(super) const A: usize = 0;
pub(super) const B: usize = 1;

/// A column that is compared.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    pub(super) name: String,
    /// Its place among the columns of each side.
    pub(super) at: [usize; 2],
    pub(super) by: By,
}

/// A table, of which one side may be missing.
pub(super) struct Plan<'a> {
    pub(super) sides: [Option<Side<'a>>; 2],
    pub(super) columns: Vec<Pair>,
    /// The columns that name a row, as places in `columns`. Empty if rows have no name.
    pub(super) key: Vec<usize>,
    /// The keys of both mappings, where they differ.
    pub(super) other_keys: Option<[Vec<String>; 2]>,
    pub(super) only_in: [Vec<String>; 2],
    pub(super) retyped: Vec<Retyped>,
}

impl<'a> Plan<'a> {
    pub(super) fn new(sides: [Option<Side<'a>>; 2]) -> Self {
        let mut only_in = [Vec::new(), Vec::new()];
        let mut retyped = Vec::new();
        let mut columns = Vec::new();
        match &sides {
            [Some(a), Some(b)] => {
                for (at_a, column) in a.columns.iter().enumerate() {
                    let Some(at_b) = b.column(&column.name) else {
                        only_in[A].push(column.name.clone());
                        continue;
                    };
                    let (name, kinds) = (column.name.clone(), [column.kind, b.columns[at_b].kind]);
                    let by = if kinds[A] == kinds[B] { By::Value } else { By::Text };
                    if by == By::Text {
                        retyped.push(Retyped { column: name.clone(), a: kinds[A].to_owned(), b: kinds[B].to_owned() });
                    }
                    columns.push(Pair { name, at: [at_a, at_b], by });
                }
                let only_b = b.columns.iter().filter(|c| a.column(&c.name).is_none());
                only_in[B].extend(only_b.map(|c| c.name.clone()));
            }
            [Some(one), None] | [None, Some(one)] => {
                let pair = |(at, column): (usize, &super::side::SideColumn)| Pair {
                    name: column.name.clone(),
                    at: [at, at],
                    by: By::Value,
                };
                columns.extend(one.columns.iter().enumerate().map(pair));
            }
            [None, None] => {}
        }
        let (key, other_keys) = key_of(&sides, &columns);
        Self { sides, columns, key, other_keys, only_in, retyped }
    }

    pub(super) fn rows(&self, side: usize) -> u32 {
        self.sides[side].as_ref().map_or(0, Side::rows)
    }

    pub(super) fn groups(&self, side: usize) -> usize {
        self.sides[side].as_ref().map_or(0, Side::groups)
    }

    pub(super) fn is_keyed(&self) -> bool {
        !self.key.is_empty()
    }

    /// Names of the key's columns.
    pub(super) fn key_names(&self) -> Vec<String> {
        self.key.iter().map(|c| self.columns[*c].name.clone()).collect()
    }

    /// Readers of all compared columns of a side.
    pub(super) fn readers<'p>(&'p self, of: usize, side: &'p Side<'_>) -> Vec<CellReader<'p>> {
        let reader = |pair: &Pair| {
            let column = &side.columns[pair.at[of]];
            CellReader::new(&column.form, &column.null, pair.by)
        };
        self.columns.iter().map(reader).collect()
    }

    /// A reader of the keys of a side.
    pub(super) fn key_reader<'p>(&'p self, of: usize, side: &'p Side<'_>) -> KeyReader<'p> {
        let part = |c: &usize| {
            let (pair, at) = (&self.columns[*c], self.columns[*c].at[of]);
            (at, CellReader::new(&side.columns[at].form, &side.columns[at].null, pair.by))
        };
        KeyReader { parts: self.key.iter().map(part).collect(), hasher: TextHasher::new() }
    }
}

/// The key by which rows are compared: that of both mappings. Where they differ, that of the mapping with the higher
/// version whose columns are in both deliveries, so that it does not matter which delivery is named first.
fn key_of(sides: &[Option<Side<'_>>; 2], columns: &[Pair]) -> (Vec<usize>, Option<[Vec<String>; 2]>) {
    let keys = sides.each_ref().map(|side| side.as_ref().map(Side::key));
    let place = |name: &&str| columns.iter().position(|c| c.name == *name);
    let places = |key: &[&str]| key.iter().map(place).collect::<Option<Vec<usize>>>().filter(|k| !k.is_empty());
    match (sides, keys) {
        ([Some(a), Some(b)], [Some(of_a), Some(of_b)]) if of_a != of_b => {
            let mut both = [(a, &of_a), (b, &of_b)];
            both.sort_by_key(|(side, key)| (std::cmp::Reverse(side.mapping.version), (*key).clone()));
            let key = both.iter().find_map(|(_, key)| places(key)).unwrap_or_default();
            let owned = |key: &[&str]| key.iter().map(|n| (*n).to_owned()).collect();
            (key, Some([owned(&of_a), owned(&of_b)]))
        }
        (_, [Some(key), _] | [None, Some(key)]) => (places(&key).unwrap_or_default(), None),
        (_, [None, None]) => (Vec::new(), None),
    }
}

/// Reads the keys of a side's rows.
pub(super) struct KeyReader<'p> {
    parts: Vec<(usize, CellReader<'p>)>,
    hasher: TextHasher,
}

impl KeyReader<'_> {
    /// Writes the key of a row: each part with its length before it. `false` if a part is nothing or withheld.
    pub(super) fn write(
        &mut self,
        batch: &Batch<'_>,
        side: &Side<'_>,
        row: usize,
        out: &mut Vec<u8>,
    ) -> Result<bool, DiffError> {
        use super::canon::State;
        for (column, reader) in &mut self.parts {
            let at = out.len();
            out.extend_from_slice(&[0; 4]);
            let state = reader.write(batch.column(*column)?, row, out).map_err(|e| side.failed(e))?;
            if matches!(state, State::Nothing | State::Withheld) {
                return Ok(false);
            }
            set_length(out, at);
        }
        Ok(true)
    }

    pub(super) fn hash(&self, key: &[u8]) -> u128 {
        self.hasher.hash(key)
    }
}

/// Sets the length, four bytes at `at`, of what stands after it up to the end.
pub(super) fn set_length(out: &mut [u8], at: usize) {
    let length = u32::try_from(out.len() - at - 4).unwrap_or(u32::MAX);
    out[at..at + 4].copy_from_slice(&length.to_le_bytes());
}

/// The parts of a key.
pub(super) fn parts_of(mut key: &[u8]) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let (length, rest) = key.split_first_chunk::<4>()?;
        let (part, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        key = rest;
        std::str::from_utf8(part).ok()
    })
}
