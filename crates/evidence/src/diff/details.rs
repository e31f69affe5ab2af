//! The second pass: only the rows that are not unchanged are read again, for what changed in them and what was lost.

use super::canon::{CellReader, State};
use super::keys::{Fate, Fates};
use super::lost::{Lost, UNCLASSIFIED};
use super::parts::Parts;
use super::plan::{A, B, Plan, set_length};
use super::side::{Batch, Side};
use super::work::{InTurn, Piece, side_by_side};
use super::{DiffError, TableDiff};
use arrow::array::{ArrayRef, RecordBatch, StringBuilder, UInt64Builder};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use camino::{Utf8Path, Utf8PathBuf};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use std::collections::BTreeMap;
use std::fs::File;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of rows of the second delivery that are held in memory.
const HELD_BYTES: usize = 128 * 1024 * 1024;
/// Rows of a batch of details.
const BATCH_ROWS: usize = 8192;
const GROUP_ROWS: usize = 131_072;

/// Looks into the rows that are not unchanged: counts changes by column and what was lost, and writes the details to
/// `file` if there is one.
pub(super) fn look_into(
    plan: &Plan<'_>,
    fates: Fates,
    file: Option<&Utf8Path>,
    scratch: &Utf8Path,
    workers: usize,
    counts: &mut TableDiff,
) -> Result<(), DiffError> {
    let Fates { of, pairs } = fates;
    let after = Mutex::new(Parts::new(plan.groups(A).max(1), HELD_BYTES, scratch.join("rows")));
    if counts.changed > 0 {
        let pairs = Mutex::new(pairs);
        side_by_side(workers, plan.groups(B), |group| {
            let pairs = pairs.lock().unwrap_or_else(PoisonError::into_inner).take(group)?;
            keep_rows(plan, &pairs, group, &after)
        })?;
    }
    let out = file.map(|path| InTurn::new(DetailsFile::new(path.to_owned(), &plan.key_names())));
    let groups = plan.groups(A);
    let found = side_by_side(workers, groups + plan.groups(B), |job| {
        let look = Look { plan, fates: &of, out: out.as_ref().map(|out| (out, out.piece(job))) };
        if job < groups {
            let after = after.lock().unwrap_or_else(PoisonError::into_inner).take(job)?;
            look.rows_of_a(job, &after)
        } else {
            look.rows_of_b(job - groups).map(|()| Found::default())
        }
    })?;
    for found in found {
        for (pair, n) in plan.columns.iter().zip(found.by_column) {
            if n > 0 {
                *counts.by_column.entry(pair.name.clone()).or_default() += n;
            }
        }
        for (class, n) in found.lost {
            *counts.lost.entry(class).or_default() += n;
        }
    }
    match out {
        Some(out) => out.into_file().finish(),
        None => Ok(()),
    }
}

/// Keeps the rows of the second delivery that are changed, by the row group of the first with which they are compared.
fn keep_rows(plan: &Plan<'_>, pairs: &[u8], group: usize, after: &Mutex<Parts>) -> Result<(), DiffError> {
    let (Some(a), Some(b)) = (&plan.sides[A], &plan.sides[B]) else { return Ok(()) };
    let mut pairs: Vec<(u32, u32)> = pairs
        .chunks_exact(8)
        .filter_map(|pair| {
            let (b, rest) = pair.split_first_chunk()?;
            Some((u32::from_le_bytes(*b), u32::from_le_bytes(*rest.first_chunk()?)))
        })
        .collect();
    pairs.sort_unstable();
    let rows: Vec<u32> = pairs.iter().map(|(b, _)| *b).collect();
    let columns: Vec<usize> = plan.columns.iter().map(|c| c.at[B]).collect();
    let mut readers = plan.readers(B, b);
    let mut batch_rows: Vec<(usize, Vec<u8>)> = Vec::new();
    b.read(group, &columns, true, Some(&rows), |first, batch| {
        batch_rows.clear();
        for row in 0..batch.rows() {
            let (_, at_a) = pairs[first as usize + row];
            let mut bytes = Vec::new();
            let (file, sheet, number) = batch.pointer(row)?;
            let part = b.files.iter().position(|(f, s)| f == file && s.as_deref() == sheet).unwrap_or_default();
            bytes.extend_from_slice(&[0; 4]);
            bytes.extend_from_slice(&at_a.to_le_bytes());
            bytes.extend_from_slice(&(part as u32).to_le_bytes());
            bytes.extend_from_slice(&number.to_le_bytes());
            for (column, reader) in columns.iter().zip(&mut readers) {
                let at = bytes.len();
                bytes.extend_from_slice(&[0; 5]);
                let state = reader.write(batch.column(*column)?, row, &mut bytes).map_err(|e| b.failed(e))?;
                bytes[at] = state as u8;
                set_length(&mut bytes, at + 1);
            }
            set_length(&mut bytes, 0);
            batch_rows.push((a.group_of(at_a), bytes));
        }
        let mut after = after.lock().unwrap_or_else(PoisonError::into_inner);
        for (part, bytes) in &batch_rows {
            after.push(*part, bytes)?;
        }
        Ok(())
    })
}

/// A row that was kept by [`keep_rows`].
#[derive(Clone, Copy)]
struct KeptRow<'k> {
    at_a: u32,
    part: u32,
    number: u64,
    cells: &'k [u8],
}

/// The kept rows, in the order of the rows with which they are compared.
fn kept_rows(mut bytes: &[u8]) -> Vec<KeptRow<'_>> {
    let mut rows = Vec::new();
    while let Some((row, rest)) = split_length(bytes) {
        let parts = row.split_first_chunk::<4>().and_then(|(at_a, row)| {
            let (part, row) = row.split_first_chunk::<4>()?;
            let (number, cells) = row.split_first_chunk::<8>()?;
            Some((*at_a, *part, *number, cells))
        });
        if let Some((at_a, part, number, cells)) = parts {
            rows.push(KeptRow {
                at_a: u32::from_le_bytes(at_a),
                part: u32::from_le_bytes(part),
                number: u64::from_le_bytes(number),
                cells,
            });
        }
        bytes = rest;
    }
    rows.sort_unstable_by_key(|r| r.at_a);
    rows
}

impl<'k> KeptRow<'k> {
    /// State and text of each cell.
    fn cells(&self) -> impl Iterator<Item = (State, &'k [u8])> + use<'k> {
        let mut bytes = self.cells;
        std::iter::from_fn(move || {
            let (state, rest) = bytes.split_first()?;
            let (text, rest) = split_length(rest)?;
            bytes = rest;
            Some((State::of(*state), text))
        })
    }
}

fn split_length(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(u32::from_le_bytes(*length) as usize)
}

/// What a row group of the first delivery yields.
#[derive(Default)]
struct Found {
    /// By compared column.
    by_column: Vec<u64>,
    lost: BTreeMap<String, u64>,
}

/// Looks into the rows of one row group.
struct Look<'l> {
    plan: &'l Plan<'l>,
    fates: &'l [Vec<u8>; 2],
    out: Option<(&'l InTurn, Piece<'l>)>,
}

impl<'l> Look<'l> {
    /// The rows of a row group that are not unchanged.
    fn rows(&self, of: usize, side: &Side<'_>, group: usize) -> Vec<u32> {
        let range = side.rows_of(group);
        let fates = &self.fates[of][range.start as usize..range.end as usize];
        range.zip(fates).filter(|(_, fate)| **fate != Fate::Unchanged as u8).map(|(row, _)| row).collect()
    }

    fn rows_of_a(mut self, group: usize, after: &[u8]) -> Result<Found, DiffError> {
        let plan = self.plan;
        let Some(side) = &plan.sides[A] else { return self.finish(None).map(|()| Found::default()) };
        let fates = &self.fates[A];
        let fate = |row: u32| Fate::of(fates[row as usize]);
        let mut lost = Lost::new(side);
        let mut rows = self.rows(A, side, group);
        let kept = kept_rows(after);
        let mut found = Found { by_column: vec![0; plan.columns.len()], lost: BTreeMap::new() };
        if self.out.is_none() {
            let gone = rows.iter().filter(|r| fate(**r) == Fate::Gone).count() as u64;
            if lost.is_empty() && gone > 0 {
                found.lost.insert(UNCLASSIFIED.to_owned(), gone);
            }
            rows.retain(|r| fate(*r) == Fate::Changed || (fate(*r) == Fate::Gone && !lost.is_empty()));
        }
        let mut columns: Vec<usize> = lost.columns().chain(plan.key.iter().map(|k| plan.columns[*k].at[A])).collect();
        if !kept.is_empty() {
            columns.extend(plan.columns.iter().map(|c| c.at[A]));
        }
        let mut detail = self.out.is_some().then(|| Details::new(plan, A, side));
        let mut readers = plan.readers(A, side);
        let names = lost.names();
        let mut classes = vec![0_u64; names.len()];
        let mut before = Vec::new();
        let out = &mut self.out;
        side.read(group, &columns, detail.is_some(), Some(&rows), |first, batch| {
            for row in 0..batch.rows() {
                let at = rows[first as usize + row];
                let fate = fate(at);
                if fate == Fate::Changed {
                    let Ok(kept) = kept.binary_search_by_key(&at, |k| k.at_a).map(|k| kept[k]) else { continue };
                    for (n, (pair, after)) in plan.columns.iter().zip(kept.cells()).enumerate() {
                        before.clear();
                        let state = readers[n].write(batch.column(pair.at[A])?, row, &mut before);
                        let state = state.map_err(|e| side.failed(e))?;
                        if state == after.0 && (state == State::Withheld || before == after.1) {
                            continue;
                        }
                        found.by_column[n] += 1;
                        if let Some(detail) = &mut detail {
                            let change = Change { column: &pair.name, before: (state, &before), after };
                            detail.changed(batch, row, &change, &kept)?;
                        }
                    }
                } else {
                    let class = if fate == Fate::Gone { Some(lost.class(batch, row)?) } else { None };
                    if let Some(class) = class {
                        classes[class] += 1;
                    }
                    if let Some(detail) = &mut detail {
                        detail.whole(batch, row, fate, class.map(|c| names[c]))?;
                    }
                }
                flush(&mut detail, out, BATCH_ROWS)?;
            }
            Ok(())
        })?;
        for (class, n) in names.iter().zip(classes) {
            if n > 0 {
                *found.lost.entry((*class).to_owned()).or_default() += n;
            }
        }
        self.finish(detail).map(|()| found)
    }

    fn rows_of_b(mut self, group: usize) -> Result<(), DiffError> {
        let plan = self.plan;
        let (Some(side), true) = (&plan.sides[B], self.out.is_some()) else { return self.finish(None) };
        let fates = &self.fates[B];
        let mut rows = self.rows(B, side, group);
        // What changed was told with the row of the first delivery.
        rows.retain(|r| fates[*r as usize] != Fate::Changed as u8);
        let columns: Vec<usize> = plan.key.iter().map(|k| plan.columns[*k].at[B]).collect();
        let mut detail = Some(Details::new(plan, B, side));
        let out = &mut self.out;
        side.read(group, &columns, true, Some(&rows), |first, batch| {
            for row in 0..batch.rows() {
                let fate = Fate::of(fates[rows[first as usize + row] as usize]);
                if let Some(detail) = &mut detail {
                    detail.whole(batch, row, fate, None)?;
                }
                flush(&mut detail, out, BATCH_ROWS)?;
            }
            Ok(())
        })?;
        self.finish(detail)
    }

    fn finish(mut self, mut detail: Option<Details<'_>>) -> Result<(), DiffError> {
        flush(&mut detail, &mut self.out, 1)?;
        match self.out {
            Some((_, piece)) => piece.finish(),
            None => Ok(()),
        }
    }
}

/// Hands the details on if there are so many.
fn flush(
    detail: &mut Option<Details<'_>>,
    out: &mut Option<(&InTurn, Piece<'_>)>,
    from: usize,
) -> Result<(), DiffError> {
    if let (Some(detail), Some((_, piece))) = (detail, out)
        && detail.rows >= from
    {
        piece.push(detail.batch()?)?;
    }
    Ok(())
}

/// A cell that changed.
struct Change<'c> {
    column: &'c str,
    before: (State, &'c [u8]),
    after: (State, &'c [u8]),
}

/// Rows of the details.
struct Details<'p> {
    of: usize,
    plan: &'p Plan<'p>,
    side: &'p Side<'p>,
    key_readers: Vec<(usize, CellReader<'p>)>,
    key: Vec<StringBuilder>,
    /// Kind, column, before, after, lost.
    texts: [StringBuilder; 5],
    /// File and sheet, for each side.
    places: [[StringBuilder; 2]; 2],
    numbers: [UInt64Builder; 2],
    rows: usize,
    text: Vec<u8>,
    schema: SchemaRef,
}

impl<'p> Details<'p> {
    fn new(plan: &'p Plan<'_>, of: usize, side: &'p Side<'_>) -> Self {
        let reader = |k: &usize| {
            let (at, by) = (plan.columns[*k].at[of], plan.columns[*k].by);
            (at, CellReader::new(&side.columns[at].form, &side.columns[at].null, by))
        };
        Self {
            of,
            plan,
            side,
            key_readers: plan.key.iter().map(reader).collect(),
            key: plan.key.iter().map(|_| StringBuilder::new()).collect(),
            texts: Default::default(),
            places: Default::default(),
            numbers: Default::default(),
            rows: 0,
            text: Vec::new(),
            schema: details_schema(&plan.key_names()),
        }
    }

    /// The key and the place of a row.
    fn begin(&mut self, batch: &Batch<'_>, row: usize) -> Result<(), DiffError> {
        for ((column, reader), key) in self.key_readers.iter_mut().zip(&mut self.key) {
            self.text.clear();
            let state = reader.write(batch.column(*column)?, row, &mut self.text).map_err(|e| self.side.failed(e))?;
            key.append_option(shown((state, &self.text)));
        }
        let (file, sheet, number) = batch.pointer(row)?;
        self.place(self.of, Some((file, sheet, number)));
        self.rows += 1;
        Ok(())
    }

    fn place(&mut self, of: usize, place: Option<(&str, Option<&str>, u64)>) {
        let [file, sheet] = &mut self.places[of];
        file.append_option(place.map(|(file, ..)| file));
        sheet.append_option(place.and_then(|(_, sheet, _)| sheet));
        self.numbers[of].append_option(place.map(|(.., number)| number));
    }

    fn changed(
        &mut self,
        batch: &Batch<'_>,
        row: usize,
        change: &Change<'_>,
        kept: &KeptRow<'_>,
    ) -> Result<(), DiffError> {
        self.begin(batch, row)?;
        let part = self.plan.sides[B].as_ref().and_then(|b| b.files.get(kept.part as usize));
        self.place(B, part.map(|(file, sheet)| (file.as_str(), sheet.as_deref(), kept.number)));
        let texts = [Some("changed"), Some(change.column), shown(change.before), shown(change.after), None];
        self.append(texts);
        Ok(())
    }

    /// A row that has no row beside it.
    fn whole(&mut self, batch: &Batch<'_>, row: usize, fate: Fate, lost: Option<&str>) -> Result<(), DiffError> {
        self.begin(batch, row)?;
        self.place(1 - self.of, None);
        let kind = match (fate, self.of) {
            (Fate::Gone, A) => "vanished",
            (Fate::Gone, _) => "appeared",
            (Fate::Repeated, A) => "repeated_only_a",
            (Fate::Repeated, _) => "repeated_only_b",
            (Fate::NullKey, A) => "null_keys_only_a",
            (Fate::NullKey, _) => "null_keys_only_b",
            (Fate::Unreadable, A) => "unreadable_a",
            (Fate::Unreadable, _) => "unreadable_b",
            (Fate::Changed, _) => "changed",
            (Fate::Unchanged, _) => "unchanged",
        };
        self.append([Some(kind), None, None, None, lost]);
        Ok(())
    }

    fn append(&mut self, texts: [Option<&str>; 5]) {
        for (builder, text) in self.texts.iter_mut().zip(texts) {
            builder.append_option(text);
        }
    }

    fn batch(&mut self) -> Result<RecordBatch, DiffError> {
        self.rows = 0;
        let mut columns: Vec<ArrayRef> = Vec::new();
        for builder in self.key.iter_mut().chain(&mut self.texts) {
            columns.push(Arc::new(builder.finish()));
        }
        for (places, numbers) in self.places.iter_mut().zip(&mut self.numbers) {
            for builder in places {
                columns.push(Arc::new(builder.finish()));
            }
            columns.push(Arc::new(numbers.finish()));
        }
        RecordBatch::try_new(Arc::clone(&self.schema), columns).map_err(|e| self.side.failed(e))
    }
}

/// A cell as it is shown: nothing is null.
fn shown((state, text): (State, &[u8])) -> Option<&str> {
    if state == State::Nothing { None } else { std::str::from_utf8(text).ok() }
}

/// `key_<column>` for each column of the key, `kind`, `column`, `before`, `after`, `lost`, and the row pointers `a_file`,
/// `a_sheet`, `a_row`, `b_file`, `b_sheet`, `b_row`.
fn details_schema(key: &[String]) -> SchemaRef {
    let mut fields: Vec<Field> =
        key.iter().map(|name| Field::new(format!("key_{name}"), DataType::Utf8, true)).collect();
    fields.push(Field::new("kind", DataType::Utf8, false));
    for name in ["column", "before", "after", "lost"] {
        fields.push(Field::new(name, DataType::Utf8, true));
    }
    for side in ["a", "b"] {
        fields.push(Field::new(format!("{side}_file"), DataType::Utf8, true));
        fields.push(Field::new(format!("{side}_sheet"), DataType::Utf8, true));
        fields.push(Field::new(format!("{side}_row"), DataType::UInt64, true));
    }
    Arc::new(Schema::new(fields))
}

/// A Parquet file of details. It is made with its first batch.
pub(super) struct DetailsFile {
    path: Utf8PathBuf,
    schema: SchemaRef,
    writer: Option<ArrowWriter<File>>,
}

impl DetailsFile {
    fn new(path: Utf8PathBuf, key: &[String]) -> Self {
        Self { path, schema: details_schema(key), writer: None }
    }

    pub(super) fn write(&mut self, batch: &RecordBatch) -> Result<(), DiffError> {
        let failed = |e: parquet::errors::ParquetError| DiffError::file("write", &self.path, e);
        let writer = match &mut self.writer {
            Some(writer) => writer,
            none => {
                let file = File::create(&self.path).map_err(|e| DiffError::file("create", &self.path, e))?;
                let properties = WriterProperties::builder()
                    .set_compression(Compression::SNAPPY)
                    .set_max_row_group_row_count(Some(GROUP_ROWS))
                    .build();
                none.insert(ArrowWriter::try_new(file, Arc::clone(&self.schema), Some(properties)).map_err(failed)?)
            }
        };
        writer.write(batch).map_err(failed)
    }

    fn finish(self) -> Result<(), DiffError> {
        match self.writer {
            Some(writer) => writer.close().map(|_| ()).map_err(|e| DiffError::file("write", &self.path, e)),
            None => Ok(()),
        }
    }
}
