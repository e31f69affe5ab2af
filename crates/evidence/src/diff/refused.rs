//! Keys of refused rows, as far as they can be read: such a key has not vanished, it cannot be read.
//!
//! A refused line is torn apart or cut off somewhere, but its first cells mostly stand where they belong. So a key is read
//! where its columns are the first of the table.

use super::DiffError;
use super::canon::{By, TextHasher};
use super::plan::{Plan, set_length};
use super::side::Side;
use crate::cell::ColumnReader;
use crate::mapping::{Column, Dialect};
use arrow::array::AsArray;
use camino::Utf8Path;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs::File;

/// Refused rows of a table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) rows: u64,
    /// Those whose key cannot be read.
    pub(super) without_key: u64,
}

/// Hands over the hash of each key that can be read out of a refused row, and counts.
pub(super) fn refused_keys(
    path: Option<&Utf8Path>,
    plan: &Plan<'_>,
    of: usize,
    take: impl FnMut(u128) -> Result<(), DiffError>,
) -> Result<Refused, DiffError> {
    let key: Vec<(&str, By)> = plan.key.iter().map(|c| (plan.columns[*c].name.as_str(), plan.columns[*c].by)).collect();
    match (path, &plan.sides[of]) {
        (Some(path), Some(side)) => read(path, side, &key, take),
        _ => Ok(Refused::default()),
    }
}

/// As [`refused_keys`], for the key of one side.
pub(super) fn read(
    path: &Utf8Path,
    side: &Side<'_>,
    key: &[(&str, By)],
    mut take: impl FnMut(u128) -> Result<(), DiffError>,
) -> Result<Refused, DiffError> {
    let failed = |e: parquet::errors::ParquetError| DiffError::file("read", path, e);
    let file = File::open(path).map_err(|e| DiffError::file("read", path, e))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).map_err(failed)?.build().map_err(failed)?;
    let mut first = FirstCells::new(side, key);
    let hasher = TextHasher::new();
    let (mut refused, mut written) = (Refused::default(), Vec::new());
    for batch in reader {
        let batch = batch.map_err(|e| DiffError::file("read", path, e))?;
        let Some(lines) = batch.column_by_name("line").and_then(|c| c.as_string_opt::<i32>()) else { continue };
        for line in lines.iter() {
            refused.rows += 1;
            written.clear();
            if first.as_mut().is_some_and(|f| f.key(line.unwrap_or_default(), &mut written)) {
                take(hasher.hash(&written))?;
            } else {
                refused.without_key += 1;
            }
        }
    }
    Ok(refused)
}

/// Reads the first cells of a line.
struct FirstCells<'s> {
    /// By column: its reader.
    readers: Vec<ColumnReader<'s>>,
    /// In the order of the key: the cell, and by what keys are compared.
    key: Vec<(usize, By)>,
    dialects: Vec<Dialect>,
}

impl<'s> FirstCells<'s> {
    /// `None` if the key's columns are not the first of the table.
    fn new(side: &Side<'s>, key: &[(&str, By)]) -> Option<Self> {
        let table = side.table?;
        let columns: &[Column] = table.columns.get(..key.len()).filter(|c| !c.is_empty())?;
        let place = |(name, by): &(&str, By)| Some((columns.iter().position(|c| c.as_name == *name)?, *by));
        let read = &side.mapping.read;
        // The cells of a workbook are kept with tabs between them.
        let dialects = match read.dialects.as_slice() {
            [] => vec![Dialect { delimiter: b'\t', quote: None }],
            dialects => dialects.to_vec(),
        };
        Some(Self {
            readers: columns.iter().map(|c| ColumnReader::new(c, &read.null)).collect(),
            key: key.iter().map(place).collect::<Option<_>>()?,
            dialects,
        })
    }

    /// Writes the key of a line, as that of a row is written. `false` if it cannot be read.
    fn key(&mut self, line: &str, out: &mut Vec<u8>) -> bool {
        (0..self.dialects.len()).any(|dialect| {
            out.clear();
            self.key_in(self.dialects[dialect], line, out)
        })
    }

    fn key_in(&mut self, dialect: Dialect, line: &str, out: &mut Vec<u8>) -> bool {
        let mut rest = Some(line);
        for reader in &mut self.readers {
            // Without a delimiter after it, nothing tells where the cell ends.
            let Some((cell, after)) = rest.and_then(|line| split(line, dialect)) else { return false };
            reader.read(cell.as_bytes(), false);
            rest = Some(after);
        }
        for (column, by) in &self.key {
            let reader = &self.readers[*column];
            let at = out.len();
            out.extend_from_slice(&[0; 4]);
            match (reader.cell().value_text(reader.column.kind), by) {
                (None, _) => return false,
                (Some(value), By::Value) => out.extend_from_slice(value.as_bytes()),
                (Some(_), By::Text) => out.extend_from_slice(reader.cell().trimmed().as_bytes()),
            }
            set_length(out, at);
        }
        true
    }
}

/// The first cell of a line, and what stands after it.
fn split(line: &str, dialect: Dialect) -> Option<(String, &str)> {
    let delimiter = char::from(dialect.delimiter);
    let quote = dialect.quote.map(char::from);
    if let Some(quote) = quote
        && let Some(quoted) = line.strip_prefix(quote)
    {
        let mut cell = String::new();
        let mut rest = quoted;
        loop {
            let (before, after) = rest.split_once(quote)?;
            cell.push_str(before);
            match after.strip_prefix(quote) {
                Some(more) => {
                    cell.push(quote);
                    rest = more;
                }
                None => return Some((cell, after.strip_prefix(delimiter)?)),
            }
        }
    }
    line.split_once(delimiter).map(|(cell, after)| (cell.to_owned(), after))
}
