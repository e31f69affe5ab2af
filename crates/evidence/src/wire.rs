//! The receipt as JSON: what stands in `receipt.json`, on a page and in a program's output.

use crate::mapping::{Holds, RepairRule};
use crate::problem::Problem;
use crate::receipt::{FileReceipt, Reason, Receipt, Refusal, Repair, Unread};
use model::{DeliveryId, EventType, ObjectType, SourceId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Objects, events and relations are made when they are first asked for.
const ON_DEMAND: &str = "on_demand";

/// [`Receipt`] as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of `Receipt`")]
pub struct ReceiptJson {
    pub delivery: String,
    pub mapping: String,
    pub mapping_version: u32,
    pub source: String,
    pub holds: String,
    pub through: Option<jiff::civil::Date>,
    pub reconciled: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<UnreadJson>,
    /// `stored`, or `on_demand`.
    pub interior: String,
    pub files: Vec<FileJson>,
    pub objects: BTreeMap<String, u64>,
    pub events: BTreeMap<String, u64>,
    pub relations: u64,
}

/// [`FileReceipt`] as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of `FileReceipt`")]
pub struct FileJson {
    pub path: String,
    pub file: String,
    pub sha256: String,
    pub table: String,
    pub sheet: Option<String>,
    pub banner_rows: u64,
    pub rows_read: u64,
    pub rows_kept: u64,
    pub rows_repaired: u64,
    pub rows_refused: u64,
    pub declared_rows: Option<u64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absent_columns: Vec<String>,
    pub problems: BTreeMap<String, BTreeMap<String, u64>>,
    pub duplicates: BTreeMap<String, u64>,
    pub conflicts: BTreeMap<String, u64>,
    pub repairs: Vec<RepairJson>,
    pub refusals: Vec<RefusalJson>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread_sheets: Vec<String>,
}

/// [`Unread`] as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of `Unread`")]
pub struct UnreadJson {
    pub path: String,
    pub why: String,
}

/// [`Repair`] as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of `Repair`")]
pub struct RepairJson {
    pub row: u64,
    pub rule: String,
    pub before: Vec<String>,
    pub after: Vec<String>,
}

/// [`Refusal`] as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of `Refusal`")]
pub struct RefusalJson {
    pub row: u64,
    pub reason: String,
    pub cells: u64,
}

/// A name in a receipt that this version does not know.
#[derive(Debug, thiserror::Error)]
#[error("the receipt names the {kind} `{name}`, which this version does not know")]
pub struct UnknownName {
    /// What it names.
    pub kind: &'static str,
    /// The name.
    pub name: String,
}

impl From<&Receipt> for ReceiptJson {
    fn from(receipt: &Receipt) -> Self {
        Self {
            delivery: receipt.delivery.to_string(),
            mapping: receipt.mapping.clone(),
            mapping_version: receipt.mapping_version,
            source: receipt.source.to_string(),
            holds: receipt.holds.name().to_owned(),
            through: receipt.through,
            reconciled: receipt.reconciled,
            unread: receipt.unread.iter().map(|u| UnreadJson { path: u.path.clone(), why: u.why.clone() }).collect(),
            interior: if receipt.on_demand { ON_DEMAND } else { "stored" }.to_owned(),
            files: receipt.files.iter().map(FileJson::from).collect(),
            objects: receipt.objects.iter().map(|(t, n)| (t.name().to_owned(), *n)).collect(),
            events: receipt.events.iter().map(|(t, n)| (t.name().to_owned(), *n)).collect(),
            relations: receipt.relations,
        }
    }
}

impl From<&FileReceipt> for FileJson {
    fn from(file: &FileReceipt) -> Self {
        let repair = |r: &Repair| RepairJson {
            row: r.row,
            rule: r.rule.name().to_owned(),
            before: r.before.clone(),
            after: r.after.clone(),
        };
        let refusal = |r: &Refusal| RefusalJson { row: r.row, reason: r.reason.name().to_owned(), cells: r.cells };
        Self {
            path: file.path.clone(),
            file: file.file.clone(),
            sha256: file.sha256.clone(),
            table: file.table.clone(),
            sheet: file.sheet.clone(),
            banner_rows: file.banner_rows,
            rows_read: file.rows_read,
            rows_kept: file.rows_kept,
            rows_repaired: file.rows_repaired,
            rows_refused: file.rows_refused,
            declared_rows: file.declared_rows,
            absent_columns: file.absent_columns.clone(),
            duplicates: file.duplicates.clone(),
            conflicts: file.conflicts.clone(),
            problems: file.problems.iter().map(|(p, n)| (p.name().to_owned(), n.clone())).collect(),
            repairs: file.repairs.iter().map(repair).collect(),
            refusals: file.refusals.iter().map(refusal).collect(),
            unread_sheets: file.unread_sheets.clone(),
        }
    }
}

impl TryFrom<ReceiptJson> for Receipt {
    type Error = UnknownName;

    fn try_from(json: ReceiptJson) -> Result<Self, UnknownName> {
        let objects = json.objects.into_iter().map(|(name, n)| Ok((known("object type", name, ObjectType::parse)?, n)));
        let events = json.events.into_iter().map(|(name, n)| Ok((known("event type", name, EventType::parse)?, n)));
        Ok(Self {
            delivery: DeliveryId::new(json.delivery),
            mapping: json.mapping,
            mapping_version: json.mapping_version,
            source: SourceId::new(json.source),
            holds: known("kind of rows", json.holds, Holds::parse)?,
            through: json.through,
            reconciled: json.reconciled,
            unread: json.unread.into_iter().map(|u| Unread { path: u.path, why: u.why }).collect(),
            on_demand: json.interior == ON_DEMAND,
            files: json.files.into_iter().map(FileReceipt::try_from).collect::<Result<_, _>>()?,
            objects: objects.collect::<Result<_, _>>()?,
            events: events.collect::<Result<_, _>>()?,
            relations: json.relations,
        })
    }
}

impl TryFrom<FileJson> for FileReceipt {
    type Error = UnknownName;

    fn try_from(json: FileJson) -> Result<Self, UnknownName> {
        let repair = |r: RepairJson| {
            let rule = known("repair rule", r.rule, RepairRule::parse)?;
            Ok(Repair { row: r.row, rule, before: r.before, after: r.after })
        };
        let refusal = |r: RefusalJson| {
            Ok(Refusal { row: r.row, reason: known("reason", r.reason, Reason::parse)?, cells: r.cells })
        };
        let problems = json.problems.into_iter().map(|(name, n)| Ok((known("problem", name, Problem::parse)?, n)));
        Ok(Self {
            path: json.path,
            file: json.file,
            sha256: json.sha256,
            table: json.table,
            sheet: json.sheet,
            banner_rows: json.banner_rows,
            rows_read: json.rows_read,
            rows_kept: json.rows_kept,
            rows_repaired: json.rows_repaired,
            rows_refused: json.rows_refused,
            declared_rows: json.declared_rows,
            absent_columns: json.absent_columns,
            duplicates: json.duplicates,
            conflicts: json.conflicts,
            problems: problems.collect::<Result<_, _>>()?,
            repairs: json.repairs.into_iter().map(repair).collect::<Result<_, _>>()?,
            refusals: json.refusals.into_iter().map(refusal).collect::<Result<_, _>>()?,
            unread_sheets: json.unread_sheets,
        })
    }
}

fn known<T>(kind: &'static str, name: String, parse: impl Fn(&str) -> Option<T>) -> Result<T, UnknownName> {
    parse(&name).ok_or(UnknownName { kind, name })
}
