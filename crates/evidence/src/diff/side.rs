//! A table of one delivery, as it is read for a comparison.

use super::DiffError;
use super::canon::Arrays;
use crate::mapping::{Mapping, Role, Table};
use crate::plain::{PLAIN, PlainForm};
use crate::receipt::Receipt;
use crate::schema::{NAME_IN_FILE, TEXT_SUFFIX};
use arrow::array::{Array, AsArray, RecordBatch, UInt64Array};
use arrow::datatypes::{DataType, UInt64Type};
use arrow::error::ArrowError;
use camino::{Utf8Path, Utf8PathBuf};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection,
};
use std::collections::BTreeSet;
use std::fs::File;
use std::ops::Range;

/// Rows of a batch.
const BATCH_ROWS: usize = 8192;

/// A column of a cells table.
#[derive(Debug, Clone)]
pub(super) struct SideColumn {
    /// Its name in the mapping (`as`).
    pub(super) name: String,
    pub(super) form: PlainForm,
    /// Name of its type.
    pub(super) kind: &'static str,
    /// Texts that mean "no value".
    pub(super) null: Vec<String>,
    /// Where the values and the texts stand in the file.
    values: usize,
    texts: usize,
}

/// A table of one delivery.
pub(super) struct Side<'a> {
    pub(super) path: Utf8PathBuf,
    metadata: ArrowReaderMetadata,
    /// The columns that its files have.
    pub(super) columns: Vec<SideColumn>,
    /// The table in the mapping. A table that was only kept has none.
    pub(super) table: Option<&'a Table>,
    pub(super) mapping: &'a Mapping,
    /// File and sheet of each part.
    pub(super) files: Vec<(String, Option<String>)>,
    /// Rows before each row group, and then all rows.
    starts: Vec<u32>,
}

impl<'a> Side<'a> {
    pub(super) fn open(
        path: &Utf8Path,
        name: &str,
        mapping: &'a Mapping,
        receipt: &Receipt,
    ) -> Result<Self, DiffError> {
        let failed = |e: parquet::errors::ParquetError| DiffError::file("read", path, e);
        let file = File::open(path).map_err(|e| DiffError::file("read", path, e))?;
        let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(failed)?;
        let table = mapping.tables.iter().find(|t| t.name == name);
        let parts: Vec<_> = receipt.files.iter().filter(|f| f.table == name).collect();
        let absent: BTreeSet<&str> = match parts.split_first() {
            None => BTreeSet::new(),
            Some((first, others)) => {
                let everywhere =
                    first.absent_columns.iter().filter(|c| others.iter().all(|o| o.absent_columns.contains(c)));
                everywhere.map(String::as_str).collect()
            }
        };
        let mut starts = vec![0_u32];
        let mut rows = 0_u64;
        for group in metadata.metadata().row_groups() {
            rows += group.num_rows().cast_unsigned();
            starts.push(u32::try_from(rows).map_err(|_| DiffError::TooManyRows { path: path.to_owned(), rows })?);
        }
        let columns = columns_of(&metadata, table, mapping, &absent);
        Ok(Self {
            path: path.to_owned(),
            metadata,
            columns,
            table,
            mapping,
            files: parts.iter().map(|f| (f.file.clone(), f.sheet.clone())).collect(),
            starts,
        })
    }

    pub(super) fn rows(&self) -> u32 {
        self.starts.last().copied().unwrap_or_default()
    }

    pub(super) fn groups(&self) -> usize {
        self.starts.len() - 1
    }

    /// The rows of a row group.
    pub(super) fn rows_of(&self, group: usize) -> Range<u32> {
        self.starts[group]..self.starts[group + 1]
    }

    /// The row group in which a row stands.
    pub(super) fn group_of(&self, row: u32) -> usize {
        self.starts.partition_point(|start| *start <= row) - 1
    }

    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name == name)
    }

    /// Names of the columns that name a row, if the mapping has a key and the file its columns. A file of counts has one
    /// line for each table.
    pub(super) fn key(&self) -> Vec<&str> {
        let Some(table) = self.table else { return Vec::new() };
        let key: Vec<&str> = match table.role {
            Role::Counts => vec!["table"],
            _ => table.key.iter().map(|c| table.columns[*c].as_name.as_str()).collect(),
        };
        if key.iter().all(|name| self.column(name).is_some()) { key } else { Vec::new() }
    }

    /// Hands over the rows of a row group, in batches, with the number of the first row of each. `columns` are those that
    /// are wanted. With `rows`, only these are read; they ascend, and the number then is the place in `rows`.
    pub(super) fn read(
        &self,
        group: usize,
        columns: &[usize],
        pointers: bool,
        rows: Option<&[u32]>,
        mut take: impl FnMut(u32, &Batch<'_>) -> Result<(), DiffError>,
    ) -> Result<(), DiffError> {
        if rows.is_some_and(<[u32]>::is_empty) {
            return Ok(());
        }
        let failed = |e: parquet::errors::ParquetError| DiffError::file("read", &self.path, e);
        let file = File::open(&self.path).map_err(|e| DiffError::file("read", &self.path, e))?;
        let schema = self.metadata.schema();
        let mut wanted: Vec<usize> =
            columns.iter().flat_map(|c| [self.columns[*c].values, self.columns[*c].texts]).collect();
        if pointers {
            wanted.extend(["file", "sheet", "row"].iter().filter_map(|n| schema.index_of(n).ok()));
        }
        let mask = ProjectionMask::roots(self.metadata.parquet_schema(), wanted.iter().copied());
        wanted.sort_unstable();
        wanted.dedup();
        let mut builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
            .with_batch_size(BATCH_ROWS)
            .with_row_groups(vec![group])
            .with_projection(mask);
        let all = self.rows_of(group);
        if let Some(rows) = rows {
            let runs = rows.chunk_by(|a, b| a + 1 == *b).map(|run| {
                let first = (run[0] - all.start) as usize;
                first..first + run.len()
            });
            let count = (all.end - all.start) as usize;
            builder = builder.with_row_selection(RowSelection::from_consecutive_ranges(runs, count));
        }
        let mut number = if rows.is_some() { 0 } else { all.start };
        for batch in builder.build().map_err(failed)? {
            let batch = batch.map_err(|e| DiffError::file("read", &self.path, e))?;
            let count = batch.num_rows() as u32;
            take(number, &Batch { side: self, batch, wanted: &wanted })?;
            number += count;
        }
        Ok(())
    }

    /// The error for a batch that is not as a table of cells is.
    pub(super) fn failed(&self, error: ArrowError) -> DiffError {
        DiffError::file("read", &self.path, error)
    }
}

/// Some rows of a table.
pub(super) struct Batch<'a> {
    side: &'a Side<'a>,
    batch: RecordBatch,
    /// The columns of the file that were read, ascending.
    wanted: &'a [usize],
}

impl Batch<'_> {
    pub(super) fn rows(&self) -> usize {
        self.batch.num_rows()
    }

    fn array(&self, in_file: usize) -> Option<&dyn Array> {
        let at = self.wanted.binary_search(&in_file).ok()?;
        Some(self.batch.columns().get(at)?.as_ref())
    }

    /// The cells of a column.
    pub(super) fn column(&self, column: usize) -> Result<Arrays<'_>, DiffError> {
        let spec = &self.side.columns[column];
        let arrays = self.array(spec.values).zip(self.array(spec.texts).and_then(|t| t.as_string_opt::<i32>()));
        let (values, texts) = arrays.ok_or_else(|| self.missing(&spec.name))?;
        Ok(Arrays { values, texts })
    }

    /// File, sheet and row of a row.
    pub(super) fn pointer(&self, row: usize) -> Result<(&str, Option<&str>, u64), DiffError> {
        let column = |name: &str| self.batch.column_by_name(name).ok_or_else(|| self.missing(name));
        let file = column("file")?.as_string_opt::<i32>().ok_or_else(|| self.missing("file"))?;
        let sheet = column("sheet")?.as_string_opt::<i32>().ok_or_else(|| self.missing("sheet"))?;
        let rows: &UInt64Array = column("row")?.as_primitive_opt::<UInt64Type>().ok_or_else(|| self.missing("row"))?;
        Ok((file.value(row), sheet.is_valid(row).then(|| sheet.value(row)), rows.value(row)))
    }

    fn missing(&self, name: &str) -> DiffError {
        self.side.failed(ArrowError::SchemaError(format!("there is no column `{name}`, or it is of another type")))
    }
}

fn columns_of(
    metadata: &ArrowReaderMetadata,
    table: Option<&Table>,
    mapping: &Mapping,
    absent: &BTreeSet<&str>,
) -> Vec<SideColumn> {
    let schema = metadata.schema();
    let mut columns = Vec::new();
    for (texts, field) in schema.fields().iter().enumerate() {
        let Some(name) = field.name().strip_suffix(TEXT_SUFFIX) else { continue };
        let form = field.metadata().get(PLAIN).and_then(|form| PlainForm::from_metadata(form));
        let (Some(form), true, Ok(values)) = (form, field.metadata().contains_key(NAME_IN_FILE), schema.index_of(name))
        else {
            continue;
        };
        if absent.contains(name) {
            continue;
        }
        let of_column = table.and_then(|t| t.columns.iter().find(|c| c.as_name == name)).map(|c| c.null.as_slice());
        let null = mapping.read.null.iter().chain(of_column.unwrap_or_default()).cloned().collect();
        let kind = kind_of(schema.field(values).data_type(), &form);
        columns.push(SideColumn { name: name.to_owned(), form, kind, null, values, texts });
    }
    columns
}

fn kind_of(data_type: &DataType, form: &PlainForm) -> &'static str {
    use model::ValueType;
    let kind = match data_type {
        DataType::Date32 => ValueType::Date,
        DataType::Timestamp(..) => ValueType::DateTime,
        DataType::Boolean => ValueType::Boolean,
        DataType::Int64 if *form == PlainForm::Money => ValueType::Money,
        DataType::Int64 => ValueType::Integer,
        _ => ValueType::Text,
    };
    kind.name()
}
