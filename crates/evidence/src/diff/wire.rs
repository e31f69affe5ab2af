//! The difference and the watch as JSON: what stands in `report.json` and in a program's output.

use super::plan::{A, B};
use super::watch::{VanishedFlag, WatchedRelease, WatchedTable};
use super::{DiffReport, TableDiff};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// [`DiffReport`] as JSON. Numbers are exact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of `DiffReport`")]
pub struct DiffJson {
    pub a: String,
    pub b: String,
    pub mapping_a: String,
    pub mapping_b: String,
    pub tables: BTreeMap<String, TableJson>,
}

/// [`TableDiff`] as JSON: `x_a` and `x_b` are the two numbers of `x`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of `TableDiff`")]
pub struct TableJson {
    pub rows_a: u64,
    pub rows_b: u64,
    pub unchanged: u64,
    pub vanished: u64,
    pub appeared: u64,
    pub changed: u64,
    pub by_column: BTreeMap<String, u64>,
    pub lost: BTreeMap<String, u64>,
    pub reappeared: Option<u64>,
    pub keyless: bool,
    pub key: Vec<String>,
    pub repeated_keys_a: u64,
    pub repeated_keys_b: u64,
    pub repeated_only_a: u64,
    pub repeated_only_b: u64,
    pub null_keys_a: u64,
    pub null_keys_b: u64,
    pub null_keys_only_a: u64,
    pub null_keys_only_b: u64,
    pub refused_a: u64,
    pub refused_b: u64,
    pub refused_without_key_a: u64,
    pub refused_without_key_b: u64,
    /// `unreadable_a` and `unreadable_b` together.
    pub unreadable: u64,
    pub unreadable_a: u64,
    pub unreadable_b: u64,
    /// `a` or `b`, if the other delivery does not have the table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only_in: Option<String>,
    /// The keys of the two mappings, if they differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_keys: Option<[Vec<String>; 2]>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns_only_in_a: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns_only_in_b: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub retyped: Vec<RetypedJson>,
}

/// [`super::Retyped`] as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of `Retyped`")]
pub struct RetypedJson {
    pub column: String,
    pub a: String,
    pub b: String,
}

impl From<&DiffReport> for DiffJson {
    fn from(report: &DiffReport) -> Self {
        let [a, b] = &report.deliveries;
        Self {
            a: a.delivery.to_string(),
            b: b.delivery.to_string(),
            mapping_a: a.mapping.clone(),
            mapping_b: b.mapping.clone(),
            tables: report.tables.iter().map(|(name, table)| (name.clone(), table.into())).collect(),
        }
    }
}

impl From<&TableDiff> for TableJson {
    fn from(t: &TableDiff) -> Self {
        let only_in = match t.has_table {
            [true, false] => Some("a".to_owned()),
            [false, true] => Some("b".to_owned()),
            _ => None,
        };
        let retyped = |r: &super::Retyped| RetypedJson { column: r.column.clone(), a: r.a.clone(), b: r.b.clone() };
        Self {
            rows_a: t.rows[A],
            rows_b: t.rows[B],
            unchanged: t.unchanged,
            vanished: t.vanished,
            appeared: t.appeared,
            changed: t.changed,
            by_column: t.by_column.clone(),
            lost: t.lost.clone(),
            reappeared: t.reappeared,
            keyless: t.is_keyless(),
            key: t.key.clone(),
            repeated_keys_a: t.repeated_keys[A],
            repeated_keys_b: t.repeated_keys[B],
            repeated_only_a: t.repeated_only[A],
            repeated_only_b: t.repeated_only[B],
            null_keys_a: t.null_keys[A],
            null_keys_b: t.null_keys[B],
            null_keys_only_a: t.null_keys_only[A],
            null_keys_only_b: t.null_keys_only[B],
            refused_a: t.refused[A],
            refused_b: t.refused[B],
            refused_without_key_a: t.refused_without_key[A],
            refused_without_key_b: t.refused_without_key[B],
            unreadable: t.unreadable[A] + t.unreadable[B],
            unreadable_a: t.unreadable[A],
            unreadable_b: t.unreadable[B],
            only_in,
            other_keys: t.other_keys.clone(),
            columns_only_in_a: t.columns_only[A].clone(),
            columns_only_in_b: t.columns_only[B].clone(),
            retyped: t.retyped.iter().map(retyped).collect(),
        }
    }
}

/// The watch as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WatchJson {
    /// The tables that are watched.
    pub tables: Vec<WatchedJson>,
    /// What the last release of each mapping lacks.
    pub flags: Vec<VanishedJson>,
}

/// [`WatchedTable`] as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of `WatchedTable`")]
pub struct WatchedJson {
    pub source: String,
    pub mapping: String,
    pub table: String,
    pub key: Vec<String>,
    pub releases: Vec<WatchedRelease>,
}

impl From<&WatchedTable> for WatchedJson {
    fn from(t: &WatchedTable) -> Self {
        Self {
            source: t.source.to_string(),
            mapping: t.mapping.clone(),
            table: t.table.clone(),
            key: t.key.clone(),
            releases: t.releases.clone(),
        }
    }
}

/// [`VanishedFlag`] as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of `VanishedFlag`")]
pub struct VanishedJson {
    pub mapping: String,
    pub table: String,
    pub previous: String,
    pub keys_before: u64,
    pub gone: u64,
    pub back: u64,
    pub lost: BTreeMap<String, u64>,
    pub table_missing: bool,
    pub alert_share: f64,
    pub alert: bool,
}

impl From<&VanishedFlag> for VanishedJson {
    fn from(f: &VanishedFlag) -> Self {
        Self {
            mapping: f.mapping.clone(),
            table: f.table.clone(),
            previous: f.previous.to_string(),
            keys_before: f.keys_before,
            gone: f.gone,
            back: f.back,
            lost: f.lost.clone(),
            table_missing: f.table_missing,
            alert_share: f.alert_share,
            alert: f.alert,
        }
    }
}
