//! The evidence store: one folder for each delivery, under its source.

use crate::cell::{date_of, datetime_of, dollars};
use crate::derive;
use crate::mapping::{Mapping, MappingError};
use crate::plain::original_text;
use crate::receipt::{Reason, Receipt};
use crate::schema::{NAME_IN_FILE, TEXT_SUFFIX};
use crate::wire::ReceiptJson;
use crate::write::Slot;
use arrow::array::{Array, AsArray, BooleanArray, RecordBatch};
use arrow::datatypes::{DataType, Date32Type, Int64Type, TimestampSecondType, UInt64Type};
use arrow::error::ArrowError;
use camino::{Utf8Path, Utf8PathBuf};
use jiff::civil::Date;
use model::{DeliveryId, EventType, ObjectType, RowPointer, ValueType};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowPredicateFn, ParquetRecordBatchReaderBuilder, RowFilter};
use parquet::file::statistics::Statistics;
use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, File};
use std::io;

/// Deliveries as immutable Parquet, under `<root>/<source>/<delivery>/`.
#[derive(Debug, Clone)]
pub struct EvidenceStore {
    root: Utf8PathBuf,
}

/// Why the store could not be read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A file or folder could not be read or made.
    #[error("failed to {operation} `{path}`")]
    File {
        /// What was being done.
        operation: &'static str,
        /// The file or folder.
        path: Utf8PathBuf,
        /// The cause.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The mapping that lies with a delivery could not be read.
    #[error("failed to read the mapping of delivery `{delivery}`")]
    Mapping {
        /// The delivery.
        delivery: DeliveryId,
        /// The cause.
        source: Box<MappingError>,
    },
    /// There is no such delivery.
    #[error("no delivery `{delivery}` in this store")]
    NoDelivery {
        /// The delivery.
        delivery: DeliveryId,
    },
}

impl StoreError {
    /// What would work, where that can be said.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::File { .. } => {
                Some("restore the evidence folder from a copy; its files are never changed".to_owned())
            }
            Self::Mapping { .. } => Some("use the version of throughline that took the delivery in".to_owned()),
            Self::NoDelivery { .. } => None,
        }
    }

    pub(crate) fn file(
        operation: &'static str,
        path: &Utf8Path,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self::File { operation, path: path.to_owned(), source: source.into() }
    }
}

/// The Parquet files of a delivery, by the table that they come from. A table without a single row of a kind has no file of
/// it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryFiles {
    /// See [`crate::objects_schema`].
    pub objects: Vec<Utf8PathBuf>,
    /// See [`crate::events_schema`].
    pub events: Vec<Utf8PathBuf>,
    /// See [`crate::relations_schema`].
    pub relations: Vec<Utf8PathBuf>,
    /// See [`crate::refused_schema`].
    pub refused: Vec<Utf8PathBuf>,
    /// See [`crate::flags_schema`].
    pub flags: Vec<Utf8PathBuf>,
    /// The cells, by table: every table has them.
    pub cells: BTreeMap<String, Utf8PathBuf>,
}

/// What a delivery is complete for: no such event in it means that there was none, through the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cover {
    /// The delivery.
    pub delivery: DeliveryId,
    /// The kind of event.
    pub event: EventType,
    /// Complete for every object of this type in the delivery.
    pub of: ObjectType,
    /// The last day covered.
    pub through: Date,
}

/// A row of a delivery, as it was delivered and as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRow {
    /// Where it stands.
    pub pointer: RowPointer,
    /// The table of the mapping.
    pub table: String,
    /// Id of the mapping.
    pub mapping: String,
    /// Version of the mapping.
    pub mapping_version: u32,
    /// What became of it.
    pub content: RowContent,
}

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowContent {
    /// It was kept: its cells, in the order of the mapping.
    Kept(Vec<SourceCell>),
    /// It was not placed.
    Refused {
        /// Why.
        reason: Reason,
        /// The row, verbatim.
        line: String,
    },
}

/// A cell, as it was delivered and as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceCell {
    /// The column's name as it stands in the file.
    pub column: String,
    /// The column's name in the mapping (`as`).
    pub as_name: String,
    /// The original text. `None` if the file does not have the column.
    pub text: Option<String>,
    /// The typed value as text: dates in ISO form, money in dollars. `None` if there is none.
    pub value: Option<String>,
    /// What is wrong with it: names of [`crate::Problem`].
    pub problems: Vec<String>,
}

impl EvidenceStore {
    /// Opens a store, and makes its folder if there is none.
    ///
    /// # Errors
    ///
    /// If the folder cannot be made.
    pub fn open(root: impl Into<Utf8PathBuf>) -> Result<Self, StoreError> {
        let store = Self { root: root.into() };
        fs::create_dir_all(&store.root).map_err(|e| StoreError::file("create", &store.root, e))?;
        // Made here, so that an addition that is refused leaves nothing behind.
        let lock = store.lock_file();
        fs::File::options().create(true).append(true).open(&lock).map_err(|e| StoreError::file("create", &lock, e))?;
        Ok(store)
    }

    /// The store's folder.
    pub fn root(&self) -> &Utf8Path {
        &self.root
    }

    pub(crate) fn lock_file(&self) -> Utf8PathBuf {
        self.root.join(".lock")
    }

    pub(crate) fn staging(&self) -> Utf8PathBuf {
        self.root.join(".staging")
    }

    /// The receipts of all deliveries, by source and then by id.
    ///
    /// # Errors
    ///
    /// If the folder or a receipt cannot be read.
    pub fn deliveries(&self) -> Result<Vec<Receipt>, StoreError> {
        let mut receipts = Vec::new();
        for source in self.sources()? {
            for folder in folders_in(&source)? {
                receipts.extend(read_receipt(&folder)?);
            }
        }
        Ok(receipts)
    }

    /// The receipt of one delivery, if it is there.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn receipt(&self, delivery: &DeliveryId) -> Result<Option<Receipt>, StoreError> {
        match self.folder(delivery)? {
            Some(folder) => read_receipt(&folder),
            None => Ok(None),
        }
    }

    /// The mapping of a delivery, as it was used.
    ///
    /// # Errors
    ///
    /// If there is no such delivery, or its mapping cannot be read.
    pub fn mapping(&self, delivery: &DeliveryId) -> Result<Mapping, StoreError> {
        let path = self.folder_of(delivery)?.join("mapping.toml");
        let text = fs::read_to_string(&path).map_err(|e| StoreError::file("read", &path, e))?;
        Mapping::parse(path.as_str(), &text)
            .map_err(|source| StoreError::Mapping { delivery: delivery.clone(), source: Box::new(source) })
    }

    /// Paths of the Parquet files of a delivery, for a query engine. Objects, events and relations that are made on demand
    /// are among them once [`crate::derive`] has made them.
    ///
    /// # Errors
    ///
    /// If there is no such delivery, or its folder cannot be read.
    pub fn files(&self, delivery: &DeliveryId) -> Result<DeliveryFiles, StoreError> {
        let folder = self.folder_of(delivery)?;
        let of = |slot: Slot| -> Result<Vec<Utf8PathBuf>, StoreError> {
            let mut files = parquet_in(&folder.join(slot.folder()))?;
            files.extend(parquet_in(&folder.join(derive::FOLDER).join(slot.folder()))?);
            Ok(files)
        };
        let table = |path: Utf8PathBuf| path.file_stem().map(|stem| (stem.to_owned(), path.clone()));
        Ok(DeliveryFiles {
            objects: of(Slot::Objects)?,
            events: of(Slot::Events)?,
            relations: of(Slot::Relations)?,
            refused: of(Slot::Refused)?,
            flags: of(Slot::Flags)?,
            cells: of(Slot::Cells)?.into_iter().filter_map(table).collect(),
        })
    }

    /// The objects of a delivery: [`crate::objects_schema`].
    ///
    /// # Errors
    ///
    /// If there is no such delivery, or the file cannot be read.
    pub fn objects(&self, delivery: &DeliveryId) -> Result<Vec<RecordBatch>, StoreError> {
        read_batches(&self.files(delivery)?.objects)
    }

    /// The events of a delivery: [`crate::events_schema`].
    ///
    /// # Errors
    ///
    /// If there is no such delivery, or the file cannot be read.
    pub fn events(&self, delivery: &DeliveryId) -> Result<Vec<RecordBatch>, StoreError> {
        read_batches(&self.files(delivery)?.events)
    }

    /// The relations of a delivery: [`crate::relations_schema`].
    ///
    /// # Errors
    ///
    /// If there is no such delivery, or the file cannot be read.
    pub fn relations(&self, delivery: &DeliveryId) -> Result<Vec<RecordBatch>, StoreError> {
        read_batches(&self.files(delivery)?.relations)
    }

    /// What each delivery is complete for, and through which day. A delivery taken in without such a day covers nothing.
    ///
    /// # Errors
    ///
    /// If a receipt or a mapping cannot be read.
    pub fn covers(&self) -> Result<Vec<Cover>, StoreError> {
        let mut covers = Vec::new();
        for receipt in self.deliveries()? {
            if let Some(through) = receipt.through {
                let delivery = receipt.delivery;
                covers.extend(self.mapping(&delivery)?.covers.iter().map(|c| Cover {
                    delivery: delivery.clone(),
                    event: c.event,
                    of: c.of,
                    through,
                }));
            }
        }
        Ok(covers)
    }

    /// The row behind a value, or `None` if the pointer leads to no row that was kept or refused.
    ///
    /// # Errors
    ///
    /// If there is no such delivery, or its files cannot be read.
    pub fn cells(&self, pointer: &RowPointer) -> Result<Option<SourceRow>, StoreError> {
        let delivery = &pointer.delivery;
        let folder = self.folder_of(delivery)?;
        let Some(receipt) = read_receipt(&folder)? else { return Ok(None) };
        let mapping = self.mapping(delivery)?;
        let source_row = |table: &str, content| SourceRow {
            pointer: pointer.clone(),
            table: table.to_owned(),
            mapping: receipt.mapping.clone(),
            mapping_version: receipt.mapping_version,
            content,
        };
        let tables = receipt.files.iter().filter(|f| f.file == pointer.file && f.sheet == pointer.sheet);
        let mut table_of_refused = "";
        for file in tables {
            let table = file.table.as_str();
            table_of_refused = table;
            let path = folder.join("cells").join(format!("{table}.parquet"));
            if let Some(batch) = find_row(&path, pointer)? {
                let money = |as_name: &str| {
                    let columns = mapping.tables.iter().filter(|t| t.name == table).flat_map(|t| &t.columns);
                    columns.into_iter().any(|c| c.as_name == as_name && c.kind == ValueType::Money)
                };
                let cells = cells_of(&batch, &file.absent_columns, money);
                let cells = cells.map_err(|e| StoreError::file("read", &path, e))?;
                return Ok(Some(source_row(table, RowContent::Kept(cells))));
            }
        }
        let path = folder.join(Slot::Refused.folder()).join(format!("{table_of_refused}.parquet"));
        if !path.is_file() {
            return Ok(None);
        }
        let Some(batch) = find_row(&path, pointer)? else { return Ok(None) };
        let text = |name: &str| batch.column_by_name(name).and_then(|c| text_at(c));
        let reason = text("reason").and_then(|r| Reason::parse(&r));
        let (Some(reason), Some(line)) = (reason, text("line")) else { return Ok(None) };
        Ok(Some(source_row(table_of_refused, RowContent::Refused { reason, line })))
    }

    fn sources(&self) -> Result<Vec<Utf8PathBuf>, StoreError> {
        folders_in(&self.root)
    }

    fn folder(&self, delivery: &DeliveryId) -> Result<Option<Utf8PathBuf>, StoreError> {
        // The id becomes part of a path, and may come from anywhere.
        let plain = delivery.as_str().bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !plain || delivery.as_str().is_empty() {
            return Ok(None);
        }
        let folders = self.sources()?.into_iter().map(|source| source.join(delivery.as_str()));
        Ok(folders.into_iter().find(|folder| folder.join("receipt.json").is_file()))
    }

    pub(crate) fn folder_of(&self, delivery: &DeliveryId) -> Result<Utf8PathBuf, StoreError> {
        self.folder(delivery)?.ok_or_else(|| StoreError::NoDelivery { delivery: delivery.clone() })
    }
}

/// The folders in a folder, sorted; hidden ones apart.
fn folders_in(path: &Utf8Path) -> Result<Vec<Utf8PathBuf>, StoreError> {
    let failed = |e: io::Error| StoreError::file("list", path, e);
    let mut folders = Vec::new();
    for entry in path.read_dir_utf8().map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if !entry.file_name().starts_with('.') && entry.file_type().map_err(failed)?.is_dir() {
            folders.push(entry.into_path());
        }
    }
    folders.sort();
    Ok(folders)
}

fn read_receipt(folder: &Utf8Path) -> Result<Option<Receipt>, StoreError> {
    let path = folder.join("receipt.json");
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(StoreError::file("read", &path, error)),
    };
    let json: ReceiptJson = serde_json::from_slice(&bytes).map_err(|e| StoreError::file("read", &path, e))?;
    Receipt::try_from(json).map(Some).map_err(|e| StoreError::file("read", &path, e))
}

fn open_parquet(path: &Utf8Path) -> Result<ParquetRecordBatchReaderBuilder<File>, StoreError> {
    let file = File::open(path).map_err(|e| StoreError::file("read", path, e))?;
    ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| StoreError::file("read", path, e))
}

fn read_batches(paths: &[Utf8PathBuf]) -> Result<Vec<RecordBatch>, StoreError> {
    let mut batches = Vec::new();
    for path in paths {
        let failed = |e: ArrowError| StoreError::file("read", path, e);
        let reader = open_parquet(path)?.with_batch_size(65_536).build();
        let reader = reader.map_err(|e| StoreError::file("read", path, e))?;
        for batch in reader {
            batches.push(batch.map_err(failed)?);
        }
    }
    Ok(batches)
}

/// The Parquet files in a folder, sorted. None if there is no such folder.
fn parquet_in(folder: &Utf8Path) -> Result<Vec<Utf8PathBuf>, StoreError> {
    let failed = |e: io::Error| StoreError::file("list", folder, e);
    let entries = match folder.read_dir_utf8() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(failed)?,
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(failed)?.into_path();
        if path.extension() == Some("parquet") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// The one row of a table to which the pointer leads, as a batch.
fn find_row(path: &Utf8Path, pointer: &RowPointer) -> Result<Option<RecordBatch>, StoreError> {
    let builder = open_parquet(path)?;
    let schema = builder.parquet_schema();
    let row_column = (0..schema.num_columns()).find(|c| schema.column(*c).name() == "row");
    let groups = builder.metadata().row_groups().iter().enumerate().filter(|(_, group)| {
        let statistics = row_column.and_then(|c| group.column(c).statistics());
        match statistics {
            Some(Statistics::Int64(s)) => {
                let within = |bound: Option<&i64>, below: bool| {
                    bound.is_none_or(|b| {
                        if below { b.cast_unsigned() <= pointer.row } else { b.cast_unsigned() >= pointer.row }
                    })
                };
                within(s.min_opt(), true) && within(s.max_opt(), false)
            }
            _ => true,
        }
    });
    let groups: Vec<usize> = groups.map(|(index, _)| index).collect();
    let mask = ProjectionMask::columns(schema, ["file", "sheet", "row"]);
    let (file, sheet, row) = (pointer.file.clone(), pointer.sheet.clone(), pointer.row);
    let is_wanted = move |batch: RecordBatch| {
        let column = |name: &str| batch.column_by_name(name).ok_or_else(|| missing(name));
        let (files, sheets, rows) = (column("file")?, column("sheet")?, column("row")?);
        let (files, rows) = (files.as_string::<i32>(), rows.as_primitive::<UInt64Type>());
        let wanted = (0..batch.num_rows()).map(|i| {
            Some(rows.value(i) == row && files.value(i) == file && text_at_row(sheets, i) == sheet.as_deref())
        });
        Ok(wanted.collect::<BooleanArray>())
    };
    let filter = RowFilter::new(vec![Box::new(ArrowPredicateFn::new(mask, is_wanted))]);
    let reader = builder.with_row_groups(groups).with_row_filter(filter).build();
    for batch in reader.map_err(|e| StoreError::file("read", path, e))? {
        let batch = batch.map_err(|e| StoreError::file("read", path, e))?;
        if batch.num_rows() > 0 {
            return Ok(Some(batch.slice(0, 1)));
        }
    }
    Ok(None)
}

fn missing(name: &str) -> ArrowError {
    ArrowError::SchemaError(format!("there is no column `{name}`"))
}

fn text_at_row(column: &dyn Array, row: usize) -> Option<&str> {
    let texts = column.as_string_opt::<i32>()?;
    texts.is_valid(row).then(|| texts.value(row))
}

fn text_at(column: &dyn Array) -> Option<String> {
    text_at_row(column, 0).map(str::to_owned)
}

/// The cells of a batch of one row. `absent` are the columns that its file does not have.
fn cells_of(
    batch: &RecordBatch,
    absent: &[String],
    is_money: impl Fn(&str) -> bool,
) -> Result<Vec<SourceCell>, ArrowError> {
    let problems = batch.column_by_name("problems").and_then(|c| text_at(c)).unwrap_or_default();
    let of_column = |as_name: &str| {
        let kinds = problems.split(' ').filter_map(|p| p.rsplit_once(':'));
        kinds.filter(|(names, _)| names.split('/').any(|n| n == as_name)).map(|(_, kind)| kind.to_owned()).collect()
    };
    let schema = batch.schema();
    let mut cells = Vec::new();
    for field in schema.fields() {
        let (Some(as_name), Some(column)) =
            (field.name().strip_suffix(TEXT_SUFFIX), field.metadata().get(NAME_IN_FILE))
        else {
            continue;
        };
        let (Some(values), Some(texts)) = (batch.column_by_name(as_name), batch.column_by_name(field.name())) else {
            return Err(missing(as_name));
        };
        let text = text_at(&original_text(field, values, texts)?);
        cells.push(SourceCell {
            column: column.clone(),
            as_name: as_name.to_owned(),
            text: if absent.iter().any(|a| a == as_name) { None } else { Some(text.unwrap_or_default()) },
            value: value_at(values, is_money(as_name)),
            problems: of_column(as_name),
        });
    }
    Ok(cells)
}

fn value_at(column: &dyn Array, is_money: bool) -> Option<String> {
    if column.is_null(0) {
        return None;
    }
    match column.data_type() {
        DataType::Utf8 => text_at(column),
        DataType::Date32 => Some(date_of(column.as_primitive::<Date32Type>().value(0)).to_string()),
        DataType::Timestamp(..) => Some(datetime_of(column.as_primitive::<TimestampSecondType>().value(0)).to_string()),
        DataType::Boolean => Some(column.as_boolean().value(0).to_string()),
        DataType::Int64 => {
            let n = column.as_primitive::<Int64Type>().value(0);
            Some(if is_money { dollars(n) } else { n.to_string() })
        }
        _ => None,
    }
}
