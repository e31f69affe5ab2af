//! Writing Parquet, in row groups and on a thread of its own, so that memory stays bounded.

use crate::cell::{Cell, Value};
use crate::mapping::Column;
use crate::schema::{cells_schema, data_type};
use arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Int64Builder, RecordBatch, StringArray, StringBuilder,
    TimestampSecondBuilder, UInt32Array, UInt64Builder, new_null_array,
};
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use camino::Utf8Path;
use model::{Attribute, DeliveryId, ValueType};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;
use std::borrow::Cow;
use std::fs::File;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

/// Rows of a batch, which is built in memory.
pub(crate) const BATCH_ROWS: usize = 16_384;
/// Most rows of a row group.
const GROUP_ROWS: usize = 131_072;
/// A row group is closed when it holds so much in memory, however few its rows.
const GROUP_BYTES: usize = 64 * 1024 * 1024;
/// Batches that wait for the writing thread.
const WAITING: usize = 4;

/// Columns of unique ids, for which a dictionary is a waste.
const ID_COLUMNS: &[&str] = &["object_id", "event_id", "from_id", "to_id"];

/// Why a table could not be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WriteError {
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("{0}")]
    Parquet(#[from] ParquetError),
    #[error("{0}")]
    Arrow(#[from] ArrowError),
    #[error("the writing thread ended early")]
    Thread,
}

/// What is written of a table, each into a folder of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    Cells,
    Refused,
    Flags,
    Objects,
    Events,
    Relations,
}

impl Slot {
    pub(crate) const ALL: [Slot; 6] =
        [Slot::Cells, Slot::Refused, Slot::Flags, Slot::Objects, Slot::Events, Slot::Relations];

    /// The folder, within that of the delivery.
    pub(crate) fn folder(self) -> &'static str {
        match self {
            Slot::Cells => "cells",
            Slot::Refused => "refused",
            Slot::Flags => "flags",
            Slot::Objects => "objects",
            Slot::Events => "events",
            Slot::Relations => "relations",
        }
    }
}

/// The Parquet files of one table being written. A file is made with its first batch, that of the cells at once.
pub(crate) struct Output {
    batches: Option<SyncSender<(Slot, RecordBatch)>>,
    thread: Option<JoinHandle<Result<(), WriteError>>>,
    keeps: bool,
}

impl Output {
    /// Starts writing.
    pub(crate) fn create(folder: &Utf8Path, table: &str, columns: &[Column]) -> Result<Self, WriteError> {
        let mut output = Self::without_cells(folder, table, properties(columns));
        output.write(Slot::Cells, RecordBatch::new_empty(cells_schema(columns)))?;
        Ok(output)
    }

    /// Starts writing what is not cells.
    pub(crate) fn of_interior(folder: &Utf8Path, table: &str) -> Self {
        Self::without_cells(folder, table, properties(&[]))
    }

    /// Takes what is written and keeps none of it.
    pub(crate) fn nowhere() -> Self {
        Self { batches: None, thread: None, keeps: false }
    }

    fn without_cells(folder: &Utf8Path, table: &str, properties: WriterProperties) -> Self {
        let (batches, incoming) = sync_channel::<(Slot, RecordBatch)>(WAITING);
        let (folder, table) = (folder.to_owned(), table.to_owned());
        let thread = std::thread::spawn(move || {
            let mut writers: [Option<ArrowWriter<File>>; Slot::ALL.len()] = Default::default();
            for (slot, batch) in incoming {
                let writer = match &mut writers[slot as usize] {
                    Some(writer) => writer,
                    none => {
                        let folder = folder.join(slot.folder());
                        std::fs::create_dir_all(&folder)?;
                        let file = File::create(folder.join(format!("{table}.parquet")))?;
                        none.insert(ArrowWriter::try_new(file, batch.schema(), Some(properties.clone()))?)
                    }
                };
                writer.write(&batch)?;
                if writer.in_progress_size() > GROUP_BYTES {
                    writer.flush()?;
                }
            }
            for writer in writers.into_iter().flatten() {
                writer.into_inner()?.sync_all()?;
            }
            Ok(())
        });
        Self { batches: Some(batches), thread: Some(thread), keeps: true }
    }

    pub(crate) fn write(&mut self, slot: Slot, batch: RecordBatch) -> Result<(), WriteError> {
        let sent = !self.keeps || self.batches.as_ref().is_some_and(|b| b.send((slot, batch)).is_ok());
        if sent { Ok(()) } else { self.join().and(Err(WriteError::Thread)) }
    }

    /// Waits until everything is on the disk.
    pub(crate) fn finish(mut self) -> Result<(), WriteError> {
        self.join()
    }

    fn join(&mut self) -> Result<(), WriteError> {
        self.batches = None;
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(result)) => result,
            None if !self.keeps => Ok(()),
            _ => Err(WriteError::Thread),
        }
    }
}

impl Drop for Output {
    /// A load that failed leaves no thread behind that still writes into the folder about to be removed.
    fn drop(&mut self) {
        let _ = self.join();
    }
}

pub(crate) fn batch(schema: SchemaRef, columns: Vec<ArrayRef>) -> Result<RecordBatch, WriteError> {
    Ok(RecordBatch::try_new(schema, columns)?)
}

fn properties(columns: &[Column]) -> WriterProperties {
    let mut builder = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_max_row_group_row_count(Some(GROUP_ROWS));
    // Numbers are mostly ids, which are all different.
    let integers = columns.iter().filter(|c| c.kind == ValueType::Integer).map(|c| c.as_name.as_str());
    for column in integers.chain(["row"]) {
        let path = ColumnPath::from(column);
        builder = builder
            .set_column_encoding(path.clone(), Encoding::DELTA_BINARY_PACKED)
            .set_column_dictionary_enabled(path, false);
    }
    for column in ID_COLUMNS {
        let path = ColumnPath::from(*column);
        builder = builder
            .set_column_encoding(path.clone(), Encoding::DELTA_BYTE_ARRAY)
            .set_column_dictionary_enabled(path, false);
    }
    builder.build()
}

/// Writes a file so that it is on the disk when this returns.
pub(crate) fn write_file(path: &Utf8Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    std::io::Write::write_all(&mut file, bytes)?;
    file.sync_all()
}

/// Makes the names in a folder survive a power cut.
pub(crate) fn sync_folder(path: &Utf8Path) -> std::io::Result<()> {
    File::open(path)?.sync_all()
}

/// What every row of one file or sheet shares.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) delivery: DeliveryId,
    pub(crate) file: String,
    pub(crate) sheet: Option<String>,
    pub(crate) mapping_version: u32,
}

/// The row-pointer columns of a batch.
#[derive(Debug, Default)]
pub(crate) struct Pointers {
    rows: UInt64Builder,
}

impl Pointers {
    pub(crate) fn push(&mut self, row: u64) {
        self.rows.append_value(row);
    }

    pub(crate) fn len(&self) -> usize {
        arrow::array::ArrayBuilder::len(&self.rows)
    }

    /// The columns `delivery`, `file`, `sheet`, `row`, `mapping_version`.
    pub(crate) fn finish(&mut self, place: &Place) -> [ArrayRef; 5] {
        let rows = self.rows.finish();
        let n = arrow::array::Array::len(&rows);
        let repeated =
            |text: &str| -> ArrayRef { Arc::new(StringArray::from_iter_values(std::iter::repeat_n(text, n))) };
        let sheet = match &place.sheet {
            Some(sheet) => repeated(sheet),
            None => new_null_array(&data_type(ValueType::Text), n),
        };
        [
            repeated(place.delivery.as_str()),
            repeated(&place.file),
            sheet,
            Arc::new(rows),
            Arc::new(UInt32Array::from(vec![place.mapping_version; n])),
        ]
    }
}

/// A value of an attribute.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Typed<'a> {
    Null,
    Text(Cow<'a, str>),
    Date(i32),
    Boolean(bool),
    Integer(i64),
}

/// A column of typed values.
#[derive(Debug)]
pub(crate) enum Builder {
    Text(StringBuilder),
    Date(Date32Builder),
    DateTime(TimestampSecondBuilder),
    Boolean(BooleanBuilder),
    Integer(Int64Builder),
}

impl Builder {
    pub(crate) fn new(kind: ValueType) -> Self {
        match kind {
            ValueType::Text => Self::Text(StringBuilder::new()),
            ValueType::Date => Self::Date(Date32Builder::new()),
            ValueType::DateTime => Self::DateTime(TimestampSecondBuilder::new()),
            ValueType::Boolean => Self::Boolean(BooleanBuilder::new()),
            ValueType::Integer | ValueType::Money => Self::Integer(Int64Builder::new()),
        }
    }

    pub(crate) fn null(&mut self) {
        match self {
            Self::Text(b) => b.append_null(),
            Self::Date(b) => b.append_null(),
            Self::DateTime(b) => b.append_null(),
            Self::Boolean(b) => b.append_null(),
            Self::Integer(b) => b.append_null(),
        }
    }

    /// Appends the typed value of a cell.
    pub(crate) fn cell(&mut self, cell: &Cell) {
        match (self, cell.value) {
            (Self::Text(b), Value::Text) if cell.joined_by.is_none() => b.append_value(cell.trimmed()),
            (Self::Text(b), Value::Text) => b.append_value(cell.text_value()),
            (Self::Date(b), Value::Date(days)) => b.append_value(days),
            (Self::DateTime(b), Value::DateTime(seconds, _)) => b.append_value(seconds),
            (Self::Boolean(b), Value::Boolean(yes)) => b.append_value(yes),
            (Self::Integer(b), Value::Integer(n)) => b.append_value(n),
            (builder, _) => builder.null(),
        }
    }

    /// Appends the value of an attribute.
    pub(crate) fn typed(&mut self, value: &Typed<'_>) {
        match (self, value) {
            (Self::Text(b), Typed::Text(text)) => b.append_value(text),
            (Self::Date(b), Typed::Date(days)) => b.append_value(*days),
            (Self::Boolean(b), Typed::Boolean(yes)) => b.append_value(*yes),
            (Self::Integer(b), Typed::Integer(n)) => b.append_value(*n),
            (builder, _) => builder.null(),
        }
    }

    pub(crate) fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(b) => Arc::new(b.finish()),
            Self::Date(b) => Arc::new(b.finish()),
            Self::DateTime(b) => Arc::new(b.finish()),
            Self::Boolean(b) => Arc::new(b.finish()),
            Self::Integer(b) => Arc::new(b.finish()),
        }
    }
}

/// The attribute columns of a batch. Only those that the mapping uses are built; the others are null.
#[derive(Debug)]
pub(crate) struct AttributeColumns {
    used: Vec<(Attribute, Builder)>,
}

impl AttributeColumns {
    pub(crate) fn new(used: impl IntoIterator<Item = Attribute>) -> Self {
        let mut used: Vec<Attribute> = used.into_iter().collect();
        used.sort();
        used.dedup();
        Self { used: used.into_iter().map(|a| (a, Builder::new(a.value_type()))).collect() }
    }

    /// Appends a row: a value for each attribute that has one, sorted by attribute.
    pub(crate) fn push<'v>(&mut self, mut values: impl Iterator<Item = (Attribute, Typed<'v>)>) {
        let mut next = values.next();
        for (attribute, builder) in &mut self.used {
            match &next {
                Some((a, value)) if a == attribute => {
                    builder.typed(value);
                    next = values.next();
                }
                _ => builder.null(),
            }
        }
    }

    /// A column for each attribute of the ontology.
    pub(crate) fn finish(&mut self, rows: usize) -> Vec<ArrayRef> {
        let mut used = self.used.iter_mut().peekable();
        let mut columns = Vec::with_capacity(Attribute::ALL.len());
        for attribute in Attribute::ALL {
            match used.next_if(|(a, _)| a == attribute) {
                Some((_, builder)) => columns.push(builder.finish()),
                None => columns.push(new_null_array(&data_type(attribute.value_type()), rows)),
            }
        }
        columns
    }
}
