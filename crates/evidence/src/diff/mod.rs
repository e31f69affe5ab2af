//! The difference between two deliveries, table by table: what vanished, appeared and changed. `docs/diff.md` is the
//! specification.

mod canon;
mod details;
mod error;
mod html;
mod keys;
mod lost;
mod parts;
mod plan;
mod refused;
mod report;
mod scratch;
mod side;
pub mod watch;
mod wire;
mod work;

pub use error::DiffError;
pub use html::SMALLEST_CELL;
pub use report::Csv;
pub use wire::{DiffJson, RetypedJson, TableJson, VanishedJson, WatchJson, WatchedJson};

use crate::mapping::{Holds, Mapping};
use crate::receipt::Receipt;
use crate::store::{EvidenceStore, StoreError};
use camino::{Utf8Path, Utf8PathBuf};
use model::DeliveryId;
use plan::{A, B, Plan};
use scratch::Scratch;
use side::Side;
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;
use std::sync::Arc;

/// Whether the rows are told one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Details {
    /// Only counts.
    Counts,
    /// Each row that vanished or appeared, and each cell that changed, as Parquet.
    Rows,
}

/// How to compare two deliveries.
#[derive(Clone, Copy)]
pub struct DiffOptions<'a> {
    /// A folder for what does not fit into memory, and for the details until they are written elsewhere. Nothing is left
    /// in it when the report is dropped.
    pub scratch: &'a Utf8Path,
    /// Whether the rows are told one by one.
    pub details: Details,
    /// How many threads work. As many as there are cores if it is left out. The result does not depend on it.
    pub threads: Option<NonZero<usize>>,
    /// Told before each table: its name, its number from 1, and how many there are.
    pub progress: &'a dyn Fn(&str, usize, usize),
}

impl std::fmt::Debug for DiffOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DiffOptions")
            .field("scratch", &self.scratch)
            .field("details", &self.details)
            .finish_non_exhaustive()
    }
}

/// The difference between two deliveries, `a` and `b`.
#[derive(Debug, Clone)]
pub struct DiffReport {
    /// The two deliveries.
    pub deliveries: [DiffedDelivery; 2],
    /// By name of the table.
    pub tables: BTreeMap<String, TableDiff>,
    /// The folder that holds the details, until the last clone of the report is dropped.
    details: Option<Arc<Scratch>>,
}

/// One of the two deliveries that were compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffedDelivery {
    /// The delivery.
    pub delivery: DeliveryId,
    /// Id of its mapping.
    pub mapping: String,
    /// Version of its mapping.
    pub mapping_version: u32,
    /// Whose rows it holds.
    pub holds: Holds,
}

/// The difference between two deliveries in one table. What has two numbers has that of `a` and that of `b`.
///
/// Rows are rows that were kept; refused ones are counted apart. These hold exactly, for tables with a key and without:
///
/// - `rows[a] = unchanged + changed + vanished + repeated_only[a] + null_keys_only[a] + unreadable[a]`
/// - `rows[b] = unchanged + changed + appeared + repeated_only[b] + null_keys_only[b] + unreadable[b]`
/// - the classes of `lost` add up to `vanished`
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableDiff {
    /// Rows that were kept.
    pub rows: [u64; 2],
    /// Rows of `a` with an equal row in `b`.
    pub unchanged: u64,
    /// Rows of `a` whose key is not in `b`; without a key, rows without an equal one in `b`.
    pub vanished: u64,
    /// Rows of `b` whose key is not in `a`; without a key, rows without an equal one in `a`.
    pub appeared: u64,
    /// Keys that stand once in each and whose rows differ.
    pub changed: u64,
    /// For each column with changes, in how many of the changed rows it differs.
    pub by_column: BTreeMap<String, u64>,
    /// What was lost with the rows that vanished, by the mapping of `a`.
    pub lost: BTreeMap<String, u64>,
    /// Keys that appeared and that an earlier release had before `a` lacked them. `None` if the watch does not know `a`.
    pub reappeared: Option<u64>,
    /// Keys that occur more than once in a delivery.
    pub repeated_keys: [u64; 2],
    /// Rows of keys that are in both and more than once in one of them, without an equal row in the other.
    pub repeated_only: [u64; 2],
    /// Rows without a key: a part of it is empty or withheld.
    pub null_keys: [u64; 2],
    /// Of these, the rows without an equal one in the other.
    pub null_keys_only: [u64; 2],
    /// Rows that were refused.
    pub refused: [u64; 2],
    /// Of these, the rows whose key cannot be read. What seems to have vanished or appeared may be among them.
    pub refused_without_key: [u64; 2],
    /// Rows whose key is in the other delivery, but in a row that was refused.
    pub unreadable: [u64; 2],
    /// Columns that name a row. Empty if the table has no key, and rows are compared as a multiset.
    pub key: Vec<String>,
    /// The keys of both mappings, if they differ.
    pub other_keys: Option<[Vec<String>; 2]>,
    /// Columns that only one of the deliveries has. They are left out of the comparison.
    pub columns_only: [Vec<String>; 2],
    /// Columns of another type in each delivery. They are compared by their original texts.
    pub retyped: Vec<Retyped>,
    /// Whether each delivery has the table.
    pub has_table: [bool; 2],
}

/// A column that has another type in each delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retyped {
    /// The column (`as`).
    pub column: String,
    /// Its type in `a`.
    pub a: String,
    /// Its type in `b`.
    pub b: String,
}

impl TableDiff {
    /// Whether rows are compared as a multiset.
    pub fn is_keyless(&self) -> bool {
        self.key.is_empty()
    }

    /// Whether the tables hold the same rows.
    pub fn is_same(&self) -> bool {
        let only = [self.repeated_only, self.null_keys_only, self.unreadable];
        self.vanished + self.appeared + self.changed == 0 && only.as_flattened().iter().all(|n| *n == 0)
    }

    /// Adds the counts of another part of the same table.
    fn add(&mut self, other: &Self) {
        self.unchanged += other.unchanged;
        self.vanished += other.vanished;
        self.appeared += other.appeared;
        self.changed += other.changed;
        if let Some(n) = other.reappeared {
            *self.reappeared.get_or_insert(0) += n;
        }
        for of in [A, B] {
            self.repeated_keys[of] += other.repeated_keys[of];
            self.repeated_only[of] += other.repeated_only[of];
            self.null_keys_only[of] += other.null_keys_only[of];
            self.unreadable[of] += other.unreadable[of];
        }
    }
}

/// Compares two deliveries, table by table; tables are matched by name.
///
/// A cell has changed if its typed value has; where there is none, if its trimmed text has. Empty and null texts are no
/// value, and two redactions are equal however they are spelt.
///
/// # Errors
///
/// If a delivery is not there or cannot be read, or the scratch folder cannot be written.
pub fn diff(
    store: &EvidenceStore,
    a: &DeliveryId,
    b: &DeliveryId,
    options: &DiffOptions<'_>,
) -> Result<DiffReport, DiffError> {
    let given = [Given::of(store, a)?, Given::of(store, b)?];
    let scratch = Scratch::new(options.scratch)?;
    let workers = work::workers(options.threads);
    let names: BTreeSet<&str> = given.iter().flat_map(|g| g.cells.keys()).map(String::as_str).collect();
    let mut tables = BTreeMap::new();
    for (number, name) in names.iter().enumerate() {
        (options.progress)(name, number + 1, names.len());
        let sides = [given[A].side(name)?, given[B].side(name)?];
        let plan = Plan::new(sides);
        let path = match options.details {
            Details::Rows => Some(details_file(scratch.path(), name)),
            Details::Counts => None,
        };
        let beside = keys::Beside {
            refused: [A, B].map(|of| given[of].refused.get(*name).map(Utf8PathBuf::as_path)),
            earlier: earlier_keys(store, &given, name, &plan)?,
        };
        tables.insert((*name).to_owned(), table(&plan, &beside, path.as_deref(), scratch.path(), workers)?);
    }
    let deliveries = given.map(|g| DiffedDelivery {
        delivery: g.receipt.delivery,
        mapping: g.receipt.mapping,
        mapping_version: g.receipt.mapping_version,
        holds: g.receipt.holds,
    });
    let details = (options.details == Details::Rows).then(|| Arc::new(scratch));
    Ok(DiffReport { deliveries, tables, details })
}

fn details_file(folder: &Utf8Path, table: &str) -> Utf8PathBuf {
    folder.join(format!("{table}.parquet"))
}

fn table(
    plan: &Plan<'_>,
    beside: &keys::Beside<'_>,
    details: Option<&Utf8Path>,
    scratch: &Utf8Path,
    workers: usize,
) -> Result<TableDiff, DiffError> {
    let mut counts = TableDiff {
        rows: [A, B].map(|of| u64::from(plan.rows(of))),
        key: plan.key_names(),
        other_keys: plan.other_keys.clone(),
        columns_only: plan.only_in.clone(),
        retyped: plan.retyped.clone(),
        has_table: plan.sides.each_ref().map(Option::is_some),
        ..TableDiff::default()
    };
    let fates = keys::find_fates(plan, beside, scratch, workers, &mut counts)?;
    if !counts.is_same() {
        details::look_into(plan, fates, details, scratch, workers, &mut counts)?;
    }
    Ok(counts)
}

/// Keys that the watch saw before `a` and that have been gone, if both deliveries are of one mapping, the watch knows `a`,
/// and its keys are those that are compared.
fn earlier_keys(
    store: &EvidenceStore,
    given: &[Given; 2],
    name: &str,
    plan: &Plan<'_>,
) -> Result<Option<Vec<u128>>, DiffError> {
    let same = given[A].receipt.mapping == given[B].receipt.mapping;
    let by_value = plan.key.iter().all(|k| plan.columns[*k].by == canon::By::Value);
    if !same || !plan.is_keyed() || !by_value {
        return Ok(None);
    }
    watch::keys_gone_before(store, &given[A].receipt, name, &plan.key_names())
}

/// A delivery, with all that a comparison needs.
struct Given {
    receipt: Receipt,
    mapping: Mapping,
    cells: BTreeMap<String, Utf8PathBuf>,
    refused: BTreeMap<String, Utf8PathBuf>,
}

impl Given {
    fn of(store: &EvidenceStore, delivery: &DeliveryId) -> Result<Self, DiffError> {
        let missing = || StoreError::NoDelivery { delivery: delivery.clone() };
        let receipt = store.receipt(delivery)?.ok_or_else(missing)?;
        let files = store.files(delivery)?;
        let refused = files.refused.into_iter();
        let refused = refused.filter_map(|path| path.file_stem().map(str::to_owned).map(|stem| (stem, path)));
        Ok(Self { receipt, mapping: store.mapping(delivery)?, cells: files.cells, refused: refused.collect() })
    }

    fn side(&self, table: &str) -> Result<Option<Side<'_>>, DiffError> {
        let open = |path: &Utf8PathBuf| Side::open(path, table, &self.mapping, &self.receipt);
        self.cells.get(table).map(open).transpose()
    }
}
