//! The watch for vanished records: for each key of each table, in which releases of a mapping it was seen.
//!
//! Net growth hides deletions, so key sets are compared and not counts. The watch stands beside the deliveries, under
//! `.watch/<source>/<mapping>/<table>.parquet`. It is derived: deleted, it is made again from the deliveries, byte for byte.

use super::canon::{By, CellReader, TextHasher};
use super::keys::{part_of, parts_for};
use super::lost::Lost;
use super::parts::Parts;
use super::plan::{parts_of, set_length};
use super::scratch::Scratch;
use super::side::Side;
use super::work::side_by_side;
use super::{DiffError, Given, canon, refused, work};
use crate::receipt::Receipt;
use crate::store::{EvidenceStore, StoreError};
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringBuilder, UInt32Builder};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, UInt32Type};
use camino::{Utf8Path, Utf8PathBuf};
use model::{DeliveryId, SourceId};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::basic::Compression;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::num::NonZero;
use std::sync::{Arc, Mutex, PoisonError};

/// Key of the file metadata that holds the account of the releases.
const ACCOUNT: &str = "throughline_watch";
/// Raised when the order of the keys in the files changes; other files are made again.
const FORMAT: u32 = 1;
/// Bytes of a release's keys that are held in memory.
const HELD_BYTES: usize = 160 * 1024 * 1024;
const BATCH_ROWS: usize = 16_384;
const GROUP_ROWS: usize = 131_072;
/// Columns beside those of the key.
const TEXTS: [&str; 5] = ["first_seen", "last_seen", "gone_in", "back_in", "lost"];
const TIMES_GONE: &str = "times_gone";

/// A table that is watched, with its account of each release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchedTable {
    /// The system of record.
    pub source: SourceId,
    /// Id of the mapping. Releases of one mapping are compared with each other.
    pub mapping: String,
    /// The table.
    pub table: String,
    /// Columns that name a row.
    pub key: Vec<String>,
    /// The releases that have the table, in order.
    pub releases: Vec<WatchedRelease>,
}

/// What one release brought and lacked, against the one before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchedRelease {
    /// The delivery.
    pub delivery: String,
    /// Keys in it. One that stands only in a refused row counts if it was seen before.
    pub keys: u64,
    /// Keys that no release before had.
    pub new: u64,
    /// Keys of the release before that it lacks.
    pub gone: u64,
    /// Keys that it has, the release before lacked, and an earlier one had.
    pub back: u64,
    /// What was lost with the keys that are gone: by class, from the conditions of the release that had them last.
    pub lost: BTreeMap<String, u64>,
}

/// Keys that are gone since the release before, in one table.
#[derive(Debug, Clone, PartialEq)]
pub struct VanishedFlag {
    /// Id of the mapping.
    pub mapping: String,
    /// The table.
    pub table: String,
    /// The release before.
    pub previous: DeliveryId,
    /// Keys in it.
    pub keys_before: u64,
    /// Of these, keys that the release lacks.
    pub gone: u64,
    /// Keys that came back.
    pub back: u64,
    /// What was lost, by class.
    pub lost: BTreeMap<String, u64>,
    /// The release does not have the table at all, or not the columns of its key. Nothing is counted as gone then.
    pub table_missing: bool,
    /// The share of keys gone above which the mapping asks for an alert.
    pub alert_share: f64,
    /// The share is above that, or the table is missing.
    pub alert: bool,
}

/// Brings the watch of a source up to date.
///
/// `order` are the deliveries, earliest first; those of other sources are passed over. Releases that the watch knows are
/// not read again while they stand in the same order; otherwise a table is watched anew from its first release. A release
/// without the table is passed over for it.
///
/// # Errors
///
/// If a delivery is not there or cannot be read, or the watch or the scratch folder cannot be written.
pub fn update(
    store: &EvidenceStore,
    source: &SourceId,
    order: &[DeliveryId],
    scratch: &Utf8Path,
    threads: Option<NonZero<usize>>,
) -> Result<Vec<WatchedTable>, DiffError> {
    let mut by_mapping: BTreeMap<String, Vec<Given>> = BTreeMap::new();
    for delivery in order {
        let receipt = store.receipt(delivery)?;
        let receipt = receipt.ok_or_else(|| StoreError::NoDelivery { delivery: delivery.clone() })?;
        if receipt.source == *source {
            by_mapping.entry(receipt.mapping.clone()).or_default().push(Given::of(store, delivery)?);
        }
    }
    let scratch = Scratch::new(scratch)?;
    let workers = work::workers(threads);
    let mut watched = Vec::new();
    for (mapping, given) in &by_mapping {
        for (table, key) in keyed_tables(given)? {
            let folder = folder(store, source, mapping);
            let place = Place { path: folder.join(format!("{table}.parquet")), scratch: scratch.path(), workers };
            let account = place.bring_up_to_date(given, &table, &key)?;
            watched.push(account.watched(source, mapping, &table));
        }
    }
    Ok(watched)
}

/// The tables that are watched, by source, mapping and table; of one source or of all.
///
/// # Errors
///
/// If the watch cannot be read.
pub fn watched(store: &EvidenceStore, source: Option<&SourceId>) -> Result<Vec<WatchedTable>, DiffError> {
    let mut all = Vec::new();
    for of_source in listed(&store.root().join(".watch"))? {
        let id = SourceId::new(of_source.file_name().unwrap_or_default());
        if source.is_some_and(|wanted| *wanted != id) {
            continue;
        }
        for of_mapping in listed(&of_source)? {
            all.extend(watched_in(&of_mapping, &id)?);
        }
    }
    Ok(all)
}

fn watched_in(folder: &Utf8Path, source: &SourceId) -> Result<Vec<WatchedTable>, DiffError> {
    let mapping = folder.file_name().unwrap_or_default().replace("%2F", "/").replace("%2E", ".");
    let mut all = Vec::new();
    for path in listed(folder)?.into_iter().filter(|p| p.extension() == Some("parquet")) {
        if let Some(account) = Account::read(&path)? {
            all.push(account.watched(source, &mapping, path.file_stem().unwrap_or_default()));
        }
    }
    Ok(all)
}

/// What a release lacks that the release of the same mapping before it had, table by table. Tables in which nothing is
/// gone and nothing came back are not among them, nor is a first release.
///
/// # Errors
///
/// If there is no such delivery, or the watch does not know it: [`update`] it first.
pub fn raise(store: &EvidenceStore, delivery: &DeliveryId) -> Result<Vec<VanishedFlag>, DiffError> {
    let given = Given::of(store, delivery)?;
    let mut flags = Vec::new();
    let id = &given.receipt.mapping;
    for table in watched_in(&folder(store, &given.receipt.source, id), &given.receipt.source)? {
        let alert_share = given.mapping.tables.iter().find(|t| t.name == table.table).map(|t| t.watch_share);
        let alert_share = alert_share.unwrap_or(crate::mapping::WATCH_SHARE);
        let place = table.releases.iter().position(|r| r.delivery == delivery.as_str());
        let flag = |previous: &WatchedRelease| VanishedFlag {
            mapping: id.clone(),
            table: table.table.clone(),
            previous: DeliveryId::new(previous.delivery.as_str()),
            keys_before: previous.keys,
            gone: 0,
            back: 0,
            lost: BTreeMap::new(),
            table_missing: false,
            alert_share,
            alert: true,
        };
        match place {
            Some(0) => {}
            Some(at) => {
                let (previous, now) = (&table.releases[at - 1], &table.releases[at]);
                if now.gone + now.back > 0 {
                    let alert = now.gone as f64 > alert_share * previous.keys as f64;
                    flags.push(VanishedFlag {
                        gone: now.gone,
                        back: now.back,
                        lost: now.lost.clone(),
                        alert,
                        ..flag(previous)
                    });
                }
            }
            None if is_watchable(&given, &table.table, &table.key)? => {
                return Err(DiffError::NotWatched { mapping: id.clone(), delivery: delivery.to_string() });
            }
            None => {
                let previous = table.releases.last().map(flag);
                flags.extend(previous.map(|flag| VanishedFlag { table_missing: true, ..flag }));
            }
        }
    }
    Ok(flags)
}

/// Hashes of the keys that were seen before a release and have been gone since they were first seen; `None` if the watch
/// does not know the release, or by another key.
pub(super) fn keys_gone_before(
    store: &EvidenceStore,
    receipt: &Receipt,
    table: &str,
    key: &[String],
) -> Result<Option<Vec<u128>>, DiffError> {
    let path = folder(store, &receipt.source, &receipt.mapping).join(format!("{table}.parquet"));
    let Some(account) = Account::read(&path)?.filter(|a| a.key == key) else { return Ok(None) };
    let place = account.releases.iter().position(|r| r.delivery == receipt.delivery.as_str());
    let Some(place) = place else { return Ok(None) };
    let mut hashes = Vec::new();
    for entry in Entries::open(&path, &account)? {
        let entry = entry?;
        if entry.times_gone > 0 && (entry.first as usize) < place {
            hashes.push(entry.hash);
        }
    }
    Ok(Some(hashes))
}

/// The folder of a mapping. An id may hold a slash, or be what a file system takes for a way up.
fn folder(store: &EvidenceStore, source: &SourceId, mapping: &str) -> Utf8PathBuf {
    let name = mapping.replace('/', "%2F");
    let name = if name.starts_with('.') { name.replace('.', "%2E") } else { name };
    store.root().join(".watch").join(source.as_str()).join(name)
}

/// What stands in a folder, sorted; nothing if there is no such folder.
fn listed(folder: &Utf8Path) -> Result<Vec<Utf8PathBuf>, DiffError> {
    let failed = |e: std::io::Error| DiffError::file("list", folder, e);
    let entries = match folder.read_dir_utf8() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(failed)?,
    };
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(failed)?.into_path());
    }
    paths.sort();
    Ok(paths)
}

/// The tables of all releases with their keys: that of the last release that has the table.
fn keyed_tables(given: &[Given]) -> Result<BTreeMap<String, Vec<String>>, DiffError> {
    let mut tables = BTreeMap::new();
    for release in given {
        for table in release.cells.keys() {
            let side = release.side(table)?;
            let has_key = |t: &&crate::mapping::Table| !t.key.is_empty();
            let Some(side) = side.filter(|s| s.table.as_ref().is_some_and(has_key)) else { continue };
            let key: Vec<String> = side.key().into_iter().map(str::to_owned).collect();
            if !key.is_empty() {
                tables.insert(table.clone(), key);
            }
        }
    }
    Ok(tables)
}

fn is_watchable(given: &Given, table: &str, key: &[String]) -> Result<bool, DiffError> {
    Ok(given.side(table)?.is_some_and(|side| key.iter().all(|k| side.column(k).is_some())))
}

/// What stands in the metadata of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Account {
    format: u32,
    key: Vec<String>,
    releases: Vec<WatchedRelease>,
}

impl Account {
    /// That of a file; `None` if there is none, or one of another format.
    fn read(path: &Utf8Path) -> Result<Option<Self>, DiffError> {
        let file = match File::open(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            file => file.map_err(|e| DiffError::file("read", path, e))?,
        };
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| DiffError::file("read", path, e))?;
        let values = builder.metadata().file_metadata().key_value_metadata();
        let text = values.into_iter().flatten().find(|v| v.key == ACCOUNT).and_then(|v| v.value.as_deref());
        let account: Option<Self> = text.and_then(|text| serde_json::from_str(text).ok());
        Ok(account.filter(|a| a.format == FORMAT))
    }

    fn watched(self, source: &SourceId, mapping: &str, table: &str) -> WatchedTable {
        WatchedTable {
            source: source.clone(),
            mapping: mapping.to_owned(),
            table: table.to_owned(),
            key: self.key,
            releases: self.releases,
        }
    }
}

/// A key, as the watch knows it. Releases are numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    hash: u128,
    key: Vec<u8>,
    first: u32,
    last: u32,
    gone: Option<u32>,
    back: Option<u32>,
    times_gone: u32,
    lost: Arc<str>,
}

/// Where a table is watched, and with what.
struct Place<'p> {
    path: Utf8PathBuf,
    scratch: &'p Utf8Path,
    workers: usize,
}

impl Place<'_> {
    fn bring_up_to_date(&self, given: &[Given], table: &str, key: &[String]) -> Result<Account, DiffError> {
        let mut releases = Vec::new();
        for release in given {
            if is_watchable(release, table, key)? {
                releases.push(release);
            }
        }
        let known = Account::read(&self.path)?.filter(|known| {
            let mut names = releases.iter().map(|r| r.receipt.delivery.as_str());
            known.key == key && known.releases.iter().all(|k| names.next() == Some(k.delivery.as_str()))
        });
        let mut account = known.unwrap_or_else(|| Account { format: FORMAT, key: key.to_vec(), releases: Vec::new() });
        for release in &releases[account.releases.len()..] {
            account = self.add(account, release, table)?;
        }
        Ok(account)
    }

    /// Merges a release into the watch, both in the order of the hashes of their keys.
    fn add(&self, account: Account, release: &Given, table: &str) -> Result<Account, DiffError> {
        let Some(side) = release.side(table)? else { return Ok(account) };
        let lost_names: Vec<Arc<str>> = Lost::new(&side).names().into_iter().map(Arc::from).collect();
        let refused = release.refused.get(table).map(Utf8PathBuf::as_path);
        let mut parts = self.keys_of(&side, refused, &account.key)?;
        let now = account.releases.len() as u32;
        let mut counts = WatchedRelease {
            delivery: release.receipt.delivery.to_string(),
            keys: 0,
            new: 0,
            gone: 0,
            back: 0,
            lost: BTreeMap::new(),
        };
        let mut old = match now {
            0 => None,
            _ => Some(Entries::open(&self.path, &account)?),
        }
        .into_iter()
        .flatten()
        .peekable();
        let mut after = account.clone();
        after.releases.push(counts.clone());
        let mut out = Writer::new(&self.path, &after)?;
        for part in 0..parts.len() {
            let bytes = parts.take(part)?;
            let mut seen = seen_keys(&bytes);
            seen.sort_unstable_by_key(|s| (s.hash, s.at));
            seen.dedup_by_key(|s| s.hash);
            for seen in seen {
                while let Some(entry) = old.next_if(|e| e.as_ref().map_or(true, |e| e.hash < seen.hash)) {
                    out.push(&absent(entry?, now, &mut counts))?;
                }
                let entry = match old.next_if(|e| e.as_ref().is_ok_and(|e| e.hash == seen.hash)) {
                    Some(entry) => {
                        let mut entry = entry?;
                        if entry.last + 1 < now {
                            entry.back = Some(now);
                            counts.back += 1;
                        }
                        entry.last = now;
                        if let Some(class) = seen.class {
                            entry.lost = Arc::clone(&lost_names[class]);
                        }
                        entry
                    }
                    None => {
                        // A key that stands only in a refused row is new when it can be read.
                        let Some(class) = seen.class else { continue };
                        counts.new += 1;
                        Entry {
                            hash: seen.hash,
                            key: seen.key.to_vec(),
                            first: now,
                            last: now,
                            gone: None,
                            back: None,
                            times_gone: 0,
                            lost: Arc::clone(&lost_names[class]),
                        }
                    }
                };
                counts.keys += 1;
                out.push(&entry)?;
            }
        }
        for entry in old {
            out.push(&absent(entry?, now, &mut counts))?;
        }
        if let Some(last) = after.releases.last_mut() {
            *last = counts;
        }
        out.finish(&after)?;
        Ok(after)
    }

    /// The keys of a release, in parts by hash.
    fn keys_of(&self, side: &Side<'_>, refused: Option<&Utf8Path>, key: &[String]) -> Result<Parts, DiffError> {
        let rows = u64::from(side.rows());
        let parts = Mutex::new(Parts::new(parts_for(rows * 48), HELD_BYTES, self.scratch.join("watch")));
        let columns: Vec<usize> = key.iter().filter_map(|k| side.column(k)).collect();
        side_by_side(self.workers, side.groups(), |group| scan(side, group, &columns, &parts))?;
        let mut parts = parts.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Some(path) = refused {
            let key: Vec<(&str, By)> = key.iter().map(|k| (k.as_str(), By::Value)).collect();
            refused::read(path, side, &key, |hash| {
                let part = part_of(hash, parts.len());
                parts.push(part, &seen_bytes(hash, u32::MAX, REFUSED, &[]))
            })?;
        }
        Ok(parts)
    }
}

/// The watch's entry of a key that a release lacks.
fn absent(mut entry: Entry, now: u32, counts: &mut WatchedRelease) -> Entry {
    if entry.last + 1 == now {
        entry.gone = Some(now);
        entry.back = None;
        entry.times_gone += 1;
        counts.gone += 1;
        *counts.lost.entry(entry.lost.to_string()).or_default() += 1;
    }
    entry
}

/// A key of a release.
struct Seen<'b> {
    hash: u128,
    /// Its row: the first of a key counts.
    at: u32,
    /// What is lost if it vanishes. `None` if it stands only in a refused row.
    class: Option<usize>,
    key: &'b [u8],
}

/// Stands for the class of a key in a refused row.
const REFUSED: u16 = u16::MAX;

fn seen_bytes(hash: u128, at: u32, class: u16, key: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; 4];
    bytes.extend_from_slice(&hash.to_le_bytes());
    bytes.extend_from_slice(&at.to_le_bytes());
    bytes.extend_from_slice(&class.to_le_bytes());
    bytes.extend_from_slice(key);
    set_length(&mut bytes, 0);
    bytes
}

fn seen_keys(mut bytes: &[u8]) -> Vec<Seen<'_>> {
    let mut seen = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk::<4>() {
        let Some((record, rest)) = rest.split_at_checked(u32::from_le_bytes(*length) as usize) else { break };
        let parsed = record.split_first_chunk().and_then(|(hash, record)| {
            let (at, record) = record.split_first_chunk()?;
            let (class, key) = record.split_first_chunk()?;
            let class = Some(u16::from_le_bytes(*class)).filter(|c| *c != REFUSED).map(usize::from);
            Some(Seen { hash: u128::from_le_bytes(*hash), at: u32::from_le_bytes(*at), class, key })
        });
        seen.extend(parsed);
        bytes = rest;
    }
    seen
}

/// Reads the keys of a row group.
fn scan(side: &Side<'_>, group: usize, key: &[usize], parts: &Mutex<Parts>) -> Result<(), DiffError> {
    let mut lost = Lost::new(side);
    let mut readers: Vec<CellReader<'_>> =
        key.iter().map(|c| CellReader::new(&side.columns[*c].form, &side.columns[*c].null, By::Value)).collect();
    let columns: Vec<usize> = key.iter().copied().chain(lost.columns()).collect();
    let hasher = TextHasher::new();
    let (mut text, mut records) = (Vec::new(), Vec::new());
    side.read(group, &columns, false, None, |first, batch| {
        records.clear();
        'rows: for row in 0..batch.rows() {
            text.clear();
            for (column, reader) in key.iter().zip(&mut readers) {
                let at = text.len();
                text.extend_from_slice(&[0; 4]);
                let state = reader.write(batch.column(*column)?, row, &mut text).map_err(|e| side.failed(e))?;
                if matches!(state, canon::State::Nothing | canon::State::Withheld) {
                    continue 'rows;
                }
                set_length(&mut text, at);
            }
            let class = u16::try_from(lost.class(batch, row)?).unwrap_or(REFUSED - 1);
            let hash = hasher.hash(&text);
            records.push((hash, seen_bytes(hash, first + row as u32, class, &text)));
        }
        let mut parts = parts.lock().unwrap_or_else(PoisonError::into_inner);
        for (hash, bytes) in &records {
            let part = part_of(*hash, parts.len());
            parts.push(part, bytes)?;
        }
        Ok(())
    })
}

fn schema_of(key: &[String]) -> SchemaRef {
    let mut fields: Vec<Field> =
        key.iter().map(|name| Field::new(format!("key_{name}"), DataType::Utf8, false)).collect();
    fields.extend(TEXTS.iter().map(|name| Field::new(*name, DataType::Utf8, true)));
    fields.push(Field::new(TIMES_GONE, DataType::UInt32, false));
    Arc::new(Schema::new(fields))
}

/// The entries of a file, in their order.
struct Entries<'e> {
    path: &'e Utf8Path,
    reader: ParquetRecordBatchReader,
    keys: usize,
    releases: HashMap<String, u32>,
    lost: Vec<Arc<str>>,
    hasher: TextHasher,
    read: std::vec::IntoIter<Entry>,
}

impl<'e> Entries<'e> {
    fn open(path: &'e Utf8Path, account: &Account) -> Result<Self, DiffError> {
        let failed = |e: parquet::errors::ParquetError| DiffError::file("read", path, e);
        let file = File::open(path).map_err(|e| DiffError::file("read", path, e))?;
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(failed)?;
        let releases = account.releases.iter().zip(0..).map(|(r, n)| (r.delivery.clone(), n));
        Ok(Self {
            path,
            reader: builder.with_batch_size(BATCH_ROWS).build().map_err(failed)?,
            keys: account.key.len(),
            releases: releases.collect(),
            lost: Vec::new(),
            hasher: TextHasher::new(),
            read: Vec::new().into_iter(),
        })
    }

    fn decode(&mut self, batch: &RecordBatch) -> Option<Vec<Entry>> {
        let text = |at: usize| batch.columns().get(at)?.as_string_opt::<i32>();
        let keys: Vec<_> = (0..self.keys).map(text).collect::<Option<_>>()?;
        let texts: Vec<_> = (self.keys..self.keys + TEXTS.len()).map(text).collect::<Option<_>>()?;
        let times = batch.columns().last()?.as_primitive_opt::<UInt32Type>()?;
        let mut entries = Vec::with_capacity(batch.num_rows());
        for row in 0..batch.num_rows() {
            let mut key = Vec::new();
            for part in &keys {
                let at = key.len();
                key.extend_from_slice(&[0; 4]);
                key.extend_from_slice(part.value(row).as_bytes());
                set_length(&mut key, at);
            }
            let release = |column: usize| {
                let texts = texts[column];
                if texts.is_valid(row) { self.releases.get(texts.value(row)).copied() } else { None }
            };
            let lost = texts[4].value(row);
            let known = self.lost.iter().position(|l| **l == *lost);
            let known = known.unwrap_or_else(|| {
                self.lost.push(Arc::from(lost));
                self.lost.len() - 1
            });
            entries.push(Entry {
                hash: self.hasher.hash(&key),
                key,
                first: release(0)?,
                last: release(1)?,
                gone: release(2),
                back: release(3),
                times_gone: times.value(row),
                lost: Arc::clone(&self.lost[known]),
            });
        }
        Some(entries)
    }
}

impl Iterator for Entries<'_> {
    type Item = Result<Entry, DiffError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(entry) = self.read.next() {
                return Some(Ok(entry));
            }
            let batch = match self.reader.next()? {
                Ok(batch) => batch,
                Err(error) => return Some(Err(DiffError::file("read", self.path, error))),
            };
            match self.decode(&batch) {
                Some(entries) => self.read = entries.into_iter(),
                None => return Some(Err(DiffError::file("read", self.path, "it is no file of the watch"))),
            }
        }
    }
}

/// Writes a file of the watch, which takes the place of the one before in one step.
struct Writer<'w> {
    path: &'w Utf8Path,
    temporary: Utf8PathBuf,
    writer: ArrowWriter<File>,
    schema: SchemaRef,
    releases: Vec<String>,
    keys: Vec<StringBuilder>,
    texts: [StringBuilder; TEXTS.len()],
    times: UInt32Builder,
    rows: usize,
}

impl<'w> Writer<'w> {
    fn new(path: &'w Utf8Path, account: &Account) -> Result<Self, DiffError> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|e| DiffError::file("create", folder, e))?;
        }
        let temporary = path.with_extension("tmp");
        let file = File::create(&temporary).map_err(|e| DiffError::file("create", &temporary, e))?;
        let schema = schema_of(&account.key);
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .build();
        let writer = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties));
        Ok(Self {
            path,
            writer: writer.map_err(|e| DiffError::file("write", &temporary, e))?,
            temporary,
            schema,
            releases: account.releases.iter().map(|r| r.delivery.clone()).collect(),
            keys: account.key.iter().map(|_| StringBuilder::new()).collect(),
            texts: Default::default(),
            times: UInt32Builder::new(),
            rows: 0,
        })
    }

    fn push(&mut self, entry: &Entry) -> Result<(), DiffError> {
        let mut parts = parts_of(&entry.key);
        for key in &mut self.keys {
            key.append_value(parts.next().unwrap_or_default());
        }
        let releases = [Some(entry.first), Some(entry.last), entry.gone, entry.back];
        for (builder, release) in self.texts.iter_mut().zip(releases) {
            builder.append_option(release.and_then(|r| self.releases.get(r as usize)));
        }
        self.texts[4].append_value(&entry.lost);
        self.times.append_value(entry.times_gone);
        self.rows += 1;
        if self.rows >= BATCH_ROWS { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), DiffError> {
        self.rows = 0;
        let mut columns: Vec<ArrayRef> = Vec::new();
        for builder in self.keys.iter_mut().chain(&mut self.texts) {
            columns.push(Arc::new(builder.finish()));
        }
        columns.push(Arc::new(self.times.finish()));
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns);
        let batch = batch.map_err(|e| DiffError::file("write", &self.temporary, e))?;
        self.writer.write(&batch).map_err(|e| DiffError::file("write", &self.temporary, e))
    }

    fn finish(mut self, account: &Account) -> Result<(), DiffError> {
        self.flush()?;
        let text = serde_json::to_string(account).map_err(|e| DiffError::file("write", &self.temporary, e))?;
        self.writer.append_key_value_metadata(KeyValue::new(ACCOUNT.to_owned(), text));
        let file = self.writer.into_inner().map_err(|e| DiffError::file("write", &self.temporary, e))?;
        file.sync_all().map_err(|e| DiffError::file("flush", &self.temporary, e))?;
        fs::rename(&self.temporary, self.path).map_err(|e| DiffError::file("replace", self.path, e))
    }
}
