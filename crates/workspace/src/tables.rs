//! Tables made here: derived ones, written as Parquet for whoever wants to query them and as the proof that a build can
//! be repeated to the byte; and those that the query door makes of receipts.

use crate::WorkspaceError;
use arrow::array::{ArrayRef, BooleanBuilder, Date32Builder, Float64Builder, Int64Builder, RecordBatch, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema};
use camino::Utf8Path;
use jiff::civil::Date;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use std::error::Error;
use std::fs;
use std::sync::Arc;

/// A value on its way into a table.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Text(Option<String>),
    Day(Option<Date>),
    Flag(Option<bool>),
    Whole(Option<i64>),
    Real(Option<f64>),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(Some(text.to_owned()))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Text(Some(text))
    }
}

enum Column {
    Text(StringBuilder),
    Day(Date32Builder),
    Flag(BooleanBuilder),
    Whole(Int64Builder),
    Real(Float64Builder),
}

/// One table, row by row. The first row settles the types of the columns; every later row must have the same.
pub(crate) struct Table {
    name: &'static str,
    names: &'static [&'static str],
    columns: Vec<Column>,
}

impl Table {
    /// `row` gives the types only.
    pub(crate) fn new(name: &'static str, names: &'static [&'static str], row: &[Value]) -> Self {
        let columns = row
            .iter()
            .map(|value| match value {
                Value::Text(_) => Column::Text(StringBuilder::new()),
                Value::Day(_) => Column::Day(Date32Builder::new()),
                Value::Flag(_) => Column::Flag(BooleanBuilder::new()),
                Value::Whole(_) => Column::Whole(Int64Builder::new()),
                Value::Real(_) => Column::Real(Float64Builder::new()),
            })
            .collect();
        debug_assert_eq!(names.len(), row.len());
        Self { name, names, columns }
    }

    pub(crate) fn push(&mut self, row: impl IntoIterator<Item = Value>) {
        for (column, value) in self.columns.iter_mut().zip(row) {
            match (column, value) {
                (Column::Text(b), Value::Text(v)) => b.append_option(v),
                (Column::Day(b), Value::Day(v)) => b.append_option(v.map(crate::gather::days)),
                (Column::Flag(b), Value::Flag(v)) => b.append_option(v),
                (Column::Whole(b), Value::Whole(v)) => b.append_option(v),
                (Column::Real(b), Value::Real(v)) => b.append_option(v),
                _ => debug_assert!(false, "a row of `{}` has another type", self.name),
            }
        }
    }

    /// The rows so far.
    pub(crate) fn finish(&mut self) -> Result<RecordBatch, WorkspaceError> {
        let arrays: Vec<ArrayRef> = self
            .columns
            .iter_mut()
            .map(|column| -> ArrayRef {
                match column {
                    Column::Text(b) => Arc::new(b.finish()),
                    Column::Day(b) => Arc::new(b.finish()),
                    Column::Flag(b) => Arc::new(b.finish()),
                    Column::Whole(b) => Arc::new(b.finish()),
                    Column::Real(b) => Arc::new(b.finish()),
                }
            })
            .collect();
        let fields: Vec<Field> = self
            .names
            .iter()
            .zip(&arrays)
            .map(|(name, array)| Field::new(*name, DataType::clone(array.data_type()), true))
            .collect();
        RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(|e| self.failed("make", e))
    }

    /// Writes `<name>.parquet` into `folder`.
    pub(crate) fn write(mut self, folder: &Utf8Path) -> Result<(), WorkspaceError> {
        let batch = self.finish()?;
        let path = folder.join(format!("{}.parquet", self.name));
        let file = fs::File::create(&path).map_err(|e| self.failed("write", e))?;
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let mut writer =
            ArrowWriter::try_new(file, batch.schema(), Some(properties)).map_err(|e| self.failed("write", e))?;
        writer.write(&batch).map_err(|e| self.failed("write", e))?;
        let file = writer.into_inner().map_err(|e| self.failed("write", e))?;
        file.sync_all().map_err(|e| self.failed("write", e))
    }

    fn failed(&self, operation: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> WorkspaceError {
        WorkspaceError::Table { operation, table: self.name.to_owned(), source: source.into() }
    }
}
