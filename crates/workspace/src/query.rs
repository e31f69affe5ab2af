//! The query door for observers: SQL over public evidence and derived tables, for reading only.
//!
//! Where files stand and what a column of a table is made of is settled here and nowhere else: [`Door::files`] and
//! [`value`].

use crate::error::AtPath;
use crate::registry_tables::registry_tables;
use crate::tables::{Table, Value};
use crate::{Workspace, WorkspaceError};
use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use camino::{Utf8Path, Utf8PathBuf};
use engine::logical_expr::Expr;
use engine::{Engine, MAIN_SCHEMA, Part, Rows, Settings, TableData, Tables, quoted};
use evidence::{DeliveryFiles, EvidenceStore, Holds, Mapping, Receipt};
use model::{Attribute, DeliveryId, ValueType};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

/// What one query may use.
const SETTINGS: Settings = Settings { partitions: 2, memory_bytes: 1 << 30, batch_rows: 8192 };

/// The schema of the tables of the last build.
const DERIVED: &str = "derived";

/// The schema of the registry of courts and facilities.
const REGISTRY: &str = "registry";

/// Tables of the door's own: a table of a source that has one of these names is reached with its schema only.
const OWN: &[&str] = &["deliveries", "files", "problems", "flags", "refused", "objects", "events", "relations"];

/// The way in for questions. See [`Workspace::query_door`].
pub struct QueryDoor {
    engine: Engine,
    schemas: BTreeMap<String, Arc<Door>>,
    mappings: BTreeMap<String, Vec<Mapping>>,
}

/// A table that can be asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableDescription {
    /// Its name as it is written in a query.
    pub name: String,
    /// Its rows.
    pub rows: u64,
    /// Its columns.
    pub columns: Vec<ColumnDescription>,
}

/// A column of a table that can be asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnDescription {
    /// Its name as it is written in a query.
    pub name: String,
    /// What its values are: `text`, `date`, `datetime` (local), `boolean`, `integer`, `money` (in cents), `real`.
    pub kind: &'static str,
}

impl Workspace {
    /// Opens the query door: read-only SQL over all deliveries and the last build.
    ///
    /// * `<source>.<table>`: the cells of all deliveries of a source that have a table, by the table's name in the
    ///   mapping, joined by column name. A column that a delivery has not is null in its rows; one whose type differs
    ///   between deliveries is text. Where only one source has a table of the name, `<table>` will do.
    /// * `deliveries`, `files`, `problems`: the receipts. `refused`, `flags`, `objects`, `events`, `relations`: those of all
    ///   deliveries. Objects, events and relations that a mapping leaves until they are asked for are made when a query
    ///   names their table for the first time.
    /// * `derived.<table>`: the tables of the last build, if there is one.
    /// * `registry.<table>`: the courts and facilities with their names, codes and open questions.
    ///
    /// The door shows what stands in the workspace when it is opened.
    ///
    /// # Errors
    ///
    /// [`WorkspaceError::HoldsClients`] if any delivery, or what the last build was made of, holds clients' rows: their
    /// files are opened one by one, for a purpose, and never searched.
    pub fn query_door(&self) -> Result<QueryDoor, WorkspaceError> {
        let receipts = self.receipts()?;
        if let Some(clients) = receipts.iter().find(|r| r.holds == Holds::Clients) {
            let (delivery, from) = (clients.delivery.to_string(), clients.source.to_string());
            return Err(WorkspaceError::HoldsClients { delivery, from });
        }
        let build = match self.current_build() {
            Ok(build) => Some(build),
            Err(WorkspaceError::NotBuilt { .. }) => None,
            Err(error) => return Err(error),
        };
        // A build outlives a delivery whose folder was taken away by hand.
        if let Some((delivery, source)) = build.as_ref().and_then(|b| b.deliveries.first_key_value()) {
            return Err(WorkspaceError::HoldsClients { delivery: delivery.to_string(), from: source.to_string() });
        }
        let mut schemas = self.evidence_schemas(&receipts)?;
        if let Some(build) = build {
            let folder = self.layout.derived().join(build.id);
            schemas.insert(DERIVED.to_owned(), derived(&folder)?);
        }
        let registry = registry_tables()?.map(|(name, rows)| (name.to_owned(), Content::Rows(rows)));
        schemas.insert(REGISTRY.to_owned(), registry.into());
        let engine = Engine::read_only(SETTINGS)?;
        let schemas: BTreeMap<String, Arc<Door>> =
            schemas.into_iter().map(|(name, tables)| (name, Arc::new(Door { tables }))).collect();
        for (name, door) in &schemas {
            engine.register_tables(name, Arc::clone(door) as Arc<dyn Tables>)?;
        }
        let mut mappings: BTreeMap<String, Vec<Mapping>> = BTreeMap::new();
        for receipt in &receipts {
            let of_source = mappings.entry(schema_name(receipt)).or_default();
            if !of_source.iter().any(|m| m.id == receipt.mapping && m.version == receipt.mapping_version) {
                of_source.push(self.evidence.mapping(&receipt.delivery).map_err(|e| unread(receipt, e))?);
            }
        }
        Ok(QueryDoor { engine, schemas, mappings })
    }

    fn evidence_schemas(
        &self,
        receipts: &[Receipt],
    ) -> Result<BTreeMap<String, BTreeMap<String, Content>>, WorkspaceError> {
        let mut sources: BTreeMap<String, BTreeMap<String, Vec<Utf8PathBuf>>> = BTreeMap::new();
        let (mut refused, mut flags) = (vec![], vec![]);
        for receipt in receipts {
            let files = self.evidence.files(&receipt.delivery).map_err(|e| unread(receipt, e))?;
            let tables = sources.entry(schema_name(receipt)).or_default();
            for (table, path) in files.cells {
                tables.entry(table).or_default().push(path);
            }
            refused.extend(files.refused);
            flags.extend(files.flags);
        }
        let deliveries_of_all: Vec<(DeliveryId, bool)> =
            receipts.iter().map(|r| (r.delivery.clone(), r.on_demand)).collect();
        let interior = |of: fn(DeliveryFiles) -> Vec<Utf8PathBuf>, schema: SchemaRef| {
            Content::Interior(Interior {
                store: self.evidence.clone(),
                deliveries: deliveries_of_all.clone(),
                of,
                schema,
            })
        };
        let mut main = BTreeMap::from([
            ("deliveries".to_owned(), Content::Rows(deliveries(receipts)?)),
            ("files".to_owned(), Content::Rows(file_receipts(receipts)?)),
            ("problems".to_owned(), Content::Rows(problems(receipts)?)),
            ("refused".to_owned(), Content::files_or_empty(refused, evidence::refused_schema())),
            ("flags".to_owned(), Content::files_or_empty(flags, evidence::flags_schema())),
            ("objects".to_owned(), interior(|files| files.objects, evidence::objects_schema())),
            ("events".to_owned(), interior(|files| files.events, evidence::events_schema())),
            ("relations".to_owned(), interior(|files| files.relations, evidence::relations_schema())),
        ]);
        let mut alone: BTreeMap<&String, Option<&Vec<Utf8PathBuf>>> = BTreeMap::new();
        for (table, files) in sources.values().flatten() {
            alone.entry(table).and_modify(|only| *only = None).or_insert(Some(files));
        }
        for (table, files) in alone {
            if let Some(files) = files.filter(|_| !OWN.contains(&table.as_str())) {
                main.insert(table.clone(), Content::Files(files.clone()));
            }
        }
        let mut schemas: BTreeMap<String, BTreeMap<String, Content>> = sources
            .into_iter()
            .map(|(source, tables)| {
                (source, tables.into_iter().map(|(table, files)| (table, Content::Files(files))).collect())
            })
            .collect();
        schemas.insert(MAIN_SCHEMA.to_owned(), main);
        Ok(schemas)
    }

    /// Whether a path lies in one of the workspace's own stores, where nobody may write but the workspace itself.
    pub fn keeps(&self, path: &Utf8Path) -> bool {
        let folder = path.parent().filter(|p| !p.as_str().is_empty()).unwrap_or(Utf8Path::new("."));
        let real = |path: &Utf8Path| path.canonicalize_utf8();
        let (Ok(folder), Ok(root)) = (real(folder), real(self.root())) else { return false };
        let Ok(place) = folder.strip_prefix(&root) else { return false };
        match (place.components().next(), path.file_name()) {
            (Some(store), _) => ["evidence", "derived", "ledger", "keys"].contains(&store.as_str()),
            (None, Some(file)) => {
                ["evidence", "derived", "ledger", "keys", "throughline.toml"].contains(&file)
                    || file.starts_with("office.sqlite")
            }
            (None, None) => true,
        }
    }
}

impl QueryDoor {
    /// Asks a question. The rows come as they are computed.
    ///
    /// # Errors
    ///
    /// [`WorkspaceError::Sql`]: the text is no question, names what is not there, or fails.
    pub async fn query(&self, sql: &str) -> Result<Rows, WorkspaceError> {
        Ok(self.engine.query_stream(sql).await?)
    }

    /// Asks a question for its first rows: at most `limit`, and the number of all.
    ///
    /// # Errors
    ///
    /// As [`QueryDoor::query`].
    pub async fn query_head(&self, sql: &str, limit: usize) -> Result<(Rows, u64), WorkspaceError> {
        Ok(self.engine.query_head(sql, limit).await?)
    }

    /// Every table, with its columns and rows. A table that is reached with its schema and without is told once, with.
    ///
    /// # Errors
    ///
    /// If a file cannot be read.
    pub fn tables(&self) -> Result<Vec<TableDescription>, WorkspaceError> {
        let mut found = Vec::new();
        for (schema, door) in &self.schemas {
            for (table, content) in &door.tables {
                if schema == MAIN_SCHEMA && !OWN.contains(&table.as_str()) {
                    continue;
                }
                let name = match schema == MAIN_SCHEMA {
                    true => quoted(table),
                    false => format!("{}.{}", quoted(schema), quoted(table)),
                };
                let failed = |source| WorkspaceError::Table { operation: "read", table: name.clone(), source };
                let (fields, rows) = content.describe().map_err(failed)?;
                let columns = fields
                    .iter()
                    .map(|field| ColumnDescription {
                        name: quoted(field.name()),
                        kind: self.kind(schema, table, field),
                    })
                    .collect();
                found.push(TableDescription { name, rows, columns });
            }
        }
        Ok(found)
    }

    fn kind(&self, schema: &str, table: &str, field: &Field) -> &'static str {
        let money = match schema {
            MAIN_SCHEMA => {
                Attribute::ALL.iter().any(|a| a.name() == field.name() && a.value_type() == ValueType::Money)
            }
            _ => self
                .mappings
                .get(schema)
                .is_some_and(|all| all.iter().any(|m| m.value_type(table, field.name()) == Some(ValueType::Money))),
        };
        match field.data_type() {
            DataType::Date32 => "date",
            DataType::Timestamp(..) => "datetime",
            DataType::Boolean => "boolean",
            DataType::Float64 => "real",
            DataType::Int64 if money => "money",
            DataType::Int64 | DataType::UInt32 | DataType::UInt64 => "integer",
            _ => "text",
        }
    }
}

/// The tables of one schema.
struct Door {
    tables: BTreeMap<String, Content>,
}

/// What a table holds.
enum Content {
    Rows(RecordBatch),
    Files(Vec<Utf8PathBuf>),
    Interior(Interior),
}

/// Objects, events or relations of all deliveries.
struct Interior {
    store: EvidenceStore,
    /// Each delivery, and whether its interior is made when it is first asked for.
    deliveries: Vec<(DeliveryId, bool)>,
    of: fn(DeliveryFiles) -> Vec<Utf8PathBuf>,
    schema: SchemaRef,
}

impl Interior {
    /// The files, made first where they are asked for now.
    fn files(&self, make: bool) -> Result<Vec<Utf8PathBuf>, Cause> {
        let mut files = Vec::new();
        for (delivery, on_demand) in &self.deliveries {
            if make && *on_demand {
                evidence::derive(&self.store, delivery)?;
            }
            files.extend((self.of)(self.store.files(delivery)?));
        }
        Ok(files)
    }
}

type Cause = Box<dyn Error + Send + Sync>;

impl Tables for Door {
    fn names(&self) -> Vec<String> {
        self.tables.keys().cloned().collect()
    }

    fn open(&self, name: &str) -> Result<Option<TableData>, Cause> {
        match self.tables.get(name) {
            None => Ok(None),
            Some(Content::Rows(batch)) => Ok(Some(TableData::Batch(batch.clone()))),
            Some(Content::Files(files)) => parts(files).map(TableData::Parts).map(Some),
            Some(Content::Interior(interior)) => {
                let files = interior.files(true)?;
                if files.is_empty() {
                    return Ok(Some(TableData::Batch(RecordBatch::new_empty(Arc::clone(&interior.schema)))));
                }
                parts(&files).map(TableData::Parts).map(Some)
            }
        }
    }
}

impl Content {
    /// An SQL table needs columns even where no delivery has a file for it.
    fn files_or_empty(files: Vec<Utf8PathBuf>, schema: SchemaRef) -> Self {
        if files.is_empty() { Content::Rows(RecordBatch::new_empty(schema)) } else { Content::Files(files) }
    }

    fn describe(&self) -> Result<(Vec<Field>, u64), Cause> {
        match self {
            Content::Rows(batch) => {
                let fields = batch.schema().fields().iter().map(|f| Field::clone(f)).collect();
                Ok((fields, batch.num_rows() as u64))
            }
            Content::Interior(interior) => {
                let files = interior.files(false)?;
                let (_, rows) = Content::Files(files).describe()?;
                Ok((interior.schema.fields().iter().map(|f| Field::clone(f)).collect(), rows))
            }
            Content::Files(files) => {
                let (mut schemas, mut rows) = (Vec::new(), 0);
                for file in files {
                    let footer = footer(file)?;
                    rows += u64::try_from(footer.metadata().file_metadata().num_rows()).unwrap_or(0);
                    if !schemas.contains(footer.schema()) {
                        schemas.push(Arc::clone(footer.schema()));
                    }
                }
                Ok((joined_columns(&schemas), rows))
            }
        }
    }
}

fn footer(file: &Utf8Path) -> Result<ArrowReaderMetadata, Cause> {
    let read = || -> Result<ArrowReaderMetadata, Cause> {
        Ok(ArrowReaderMetadata::load(&File::open(file)?, ArrowReaderOptions::new())?)
    };
    read().map_err(|cause| format!("failed to read `{file}`: {cause}").into())
}

/// One table out of files: those of one schema together, since a release shape has hundreds of files and few schemas.
fn parts(files: &[Utf8PathBuf]) -> Result<Vec<Part>, Cause> {
    let mut groups: Vec<(SchemaRef, Vec<PathBuf>)> = Vec::new();
    for file in files {
        let schema = Arc::clone(footer(file)?.schema());
        let path = file.as_std_path().to_owned();
        match groups.iter_mut().find(|(known, _)| *known == schema) {
            Some((_, files)) => files.push(path),
            None => groups.push((schema, vec![path])),
        }
    }
    let schemas: Vec<SchemaRef> = groups.iter().map(|(schema, _)| Arc::clone(schema)).collect();
    let columns = joined_columns(&schemas);
    groups
        .into_iter()
        .map(|(schema, files)| {
            let columns = columns
                .iter()
                .map(|field| Ok((field.name().clone(), value(&schema, field)?)))
                .collect::<Result<Vec<_>, Cause>>()?;
            Ok(Part { files, schema, columns })
        })
        .collect()
}

/// The columns of all schemas by name, in the order in which they are first met; `problems` stays last. Where types
/// differ, the column is text.
fn joined_columns(schemas: &[SchemaRef]) -> Vec<Field> {
    let mut columns: Vec<Field> = Vec::new();
    for field in schemas.iter().flat_map(|schema| schema.fields()) {
        match columns.iter_mut().find(|known| known.name() == field.name()) {
            Some(known) if known.data_type() != field.data_type() => known.set_data_type(DataType::Utf8),
            Some(_) => {}
            None => columns.push(Field::new(field.name(), field.data_type().clone(), true)),
        }
    }
    columns.sort_by_key(|field| field.name() == "problems");
    columns
}

/// A column of the table, computed from the columns of files of one schema.
///
/// Of an original text only what the plain writing of its value does not say is stored; here it is whole.
fn value(files: &Schema, wanted: &Field) -> Result<Expr, Cause> {
    if let Some((value, form)) = evidence::value_behind(files, wanted.name()) {
        let (as_stored, text) = (engine::column(value.name()), engine::column(wanted.name()));
        let form = form.to_owned();
        let whole = engine::function("original_text", value.data_type(), move |values, texts| {
            evidence::original_text_as(&form, values, texts)
        });
        return Ok(whole.call(vec![as_stored, text]));
    }
    match files.field_with_name(wanted.name()) {
        Err(_) => engine::null(wanted.data_type()),
        Ok(field) if field.data_type() == wanted.data_type() => Ok(engine::column(field.name())),
        Ok(field) => Ok(engine::text(engine::column(field.name()))),
    }
}

/// A source is a schema of its own name, unless the door has a schema of that name.
fn schema_name(receipt: &Receipt) -> String {
    let source = receipt.source.as_str();
    if [MAIN_SCHEMA, DERIVED, REGISTRY, "information_schema"].contains(&source) {
        format!("source_{source}")
    } else {
        source.to_owned()
    }
}

/// The Parquet files of a build.
fn derived(folder: &Utf8Path) -> Result<BTreeMap<String, Content>, WorkspaceError> {
    let mut tables = BTreeMap::new();
    for entry in folder.read_dir_utf8().at("list", folder)? {
        let path = entry.at("list", folder)?.into_path();
        if let Some(table) = path.file_name().and_then(|n| n.strip_suffix(".parquet")) {
            tables.insert(table.to_owned(), Content::Files(vec![path.clone()]));
        }
    }
    Ok(tables)
}

fn unread(receipt: &Receipt, error: evidence::StoreError) -> WorkspaceError {
    WorkspaceError::Evidence { delivery: receipt.delivery.to_string(), source: Box::new(error) }
}

fn whole(n: u64) -> Value {
    Value::Whole(i64::try_from(n).ok())
}

fn deliveries(receipts: &[Receipt]) -> Result<RecordBatch, WorkspaceError> {
    let columns = &[
        "delivery",
        "source",
        "mapping",
        "mapping_version",
        "holds",
        "through",
        "rows_read",
        "rows_kept",
        "rows_refused",
        "rows_repaired",
        "files",
        "reconciled",
    ];
    let none = || Value::Whole(None);
    let types = [
        "".into(),
        "".into(),
        "".into(),
        none(),
        "".into(),
        Value::Day(None),
        none(),
        none(),
        none(),
        none(),
        none(),
        Value::Flag(None),
    ];
    let mut table = Table::new("deliveries", columns, &types);
    for r in receipts {
        table.push([
            r.delivery.to_string().into(),
            r.source.to_string().into(),
            r.mapping.as_str().into(),
            whole(r.mapping_version.into()),
            r.holds.name().into(),
            Value::Day(r.through),
            whole(r.rows_read()),
            whole(r.rows_kept()),
            whole(r.rows_refused()),
            whole(r.files.iter().map(|f| f.rows_repaired).sum()),
            whole(r.files.len() as u64),
            Value::Flag(Some(r.reconciled)),
        ]);
    }
    table.finish()
}

fn file_receipts(receipts: &[Receipt]) -> Result<RecordBatch, WorkspaceError> {
    let columns = &[
        "delivery",
        "source",
        "path",
        "file",
        "sheet",
        "table",
        "sha256",
        "banner_rows",
        "rows_read",
        "rows_kept",
        "rows_refused",
        "rows_repaired",
        "declared_rows",
    ];
    let none = || Value::Whole(None);
    let types = [
        "".into(),
        "".into(),
        "".into(),
        "".into(),
        "".into(),
        "".into(),
        "".into(),
        none(),
        none(),
        none(),
        none(),
        none(),
        none(),
    ];
    let mut table = Table::new("files", columns, &types);
    for (r, file) in receipts.iter().flat_map(|r| r.files.iter().map(move |file| (r, file))) {
        table.push([
            r.delivery.to_string().into(),
            r.source.to_string().into(),
            file.path.as_str().into(),
            file.file.as_str().into(),
            Value::Text(file.sheet.clone()),
            file.table.as_str().into(),
            file.sha256.as_str().into(),
            whole(file.banner_rows),
            whole(file.rows_read),
            whole(file.rows_kept),
            whole(file.rows_refused),
            whole(file.rows_repaired),
            file.declared_rows.map_or_else(none, whole),
        ]);
    }
    table.finish()
}

fn problems(receipts: &[Receipt]) -> Result<RecordBatch, WorkspaceError> {
    let columns = &["delivery", "file", "sheet", "table", "column", "problem", "cells"];
    let types = ["".into(), "".into(), "".into(), "".into(), "".into(), "".into(), Value::Whole(None)];
    let mut table = Table::new("problems", columns, &types);
    for (r, file) in receipts.iter().flat_map(|r| r.files.iter().map(move |file| (r, file))) {
        for (problem, columns) in &file.problems {
            for (column, cells) in columns {
                table.push([
                    r.delivery.to_string().into(),
                    file.file.as_str().into(),
                    Value::Text(file.sheet.clone()),
                    file.table.as_str().into(),
                    column.as_str().into(),
                    problem.name().into(),
                    whole(*cells),
                ]);
            }
        }
    }
    table.finish()
}
