//! Objects, events and relations of a delivery that were left until something asks for them.

use crate::cell::{ColumnReader, Value};
use crate::interior::{Interior, InteriorCounts};
use crate::mapping::{Dialect, Mapping, Role, Table};
use crate::plain::{PlainForm, PlainWriter};
use crate::problem::Problem;
use crate::schema::TEXT_SUFFIX;
use crate::store::{EvidenceStore, StoreError};
use crate::write::{Output, Place, Slot, WriteError, sync_folder, write_file};
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Date32Type, Int64Type, TimestampSecondType, UInt64Type};
use arrow::error::ArrowError;
use camino::Utf8Path;
use model::DeliveryId;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, File};

/// Rows read at a time.
const ROWS: usize = 16_384;

/// What was made of the cells of a delivery.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Derived {
    /// Rows that describe an object, by type.
    pub objects: BTreeMap<String, u64>,
    /// Events, by type.
    pub events: BTreeMap<String, u64>,
    /// Relations.
    pub relations: u64,
    /// Rows with texts that a crosswalk lacks: by table, then by the crosswalk's columns.
    pub not_in_map: BTreeMap<String, BTreeMap<String, u64>>,
}

/// Where what was made stands within the delivery's folder, and the file that tells that it is whole.
pub(crate) const FOLDER: &str = "interior";
pub(crate) const ACCOUNT: &str = "account.json";

/// Makes objects, events and relations of a delivery whose mapping leaves them until asked for, once.
///
/// They are a pure function of the cells and the mapping: the folder `interior` of the delivery can be deleted, and comes
/// back with the same bytes. Killed at any moment, nothing half made is ever read.
///
/// # Errors
///
/// If the delivery is not there, or cannot be read or written.
pub fn derive(store: &EvidenceStore, delivery: &DeliveryId) -> Result<Derived, StoreError> {
    let folder = store.folder_of(delivery)?;
    let place = folder.join(FOLDER);
    let account = place.join(ACCOUNT);
    if let Ok(bytes) = fs::read(&account) {
        return serde_json::from_slice(&bytes).map_err(|e| StoreError::file("read", &account, e));
    }
    let failed = |path: &Utf8Path| {
        let path = path.to_owned();
        move |e: std::io::Error| StoreError::file("write", &path, e)
    };
    let staging = folder.join(format!(".{FOLDER}.tmp"));
    let _ = fs::remove_dir_all(&staging);
    fs::create_dir_all(&staging).map_err(failed(&staging))?;
    let mapping = store.mapping(delivery)?;
    let files = store.files(delivery)?;
    let mut derived = Derived::default();
    let mut counts = InteriorCounts::default();
    for table in mapping.tables.iter().filter(|t| t.role == Role::Data) {
        let Some(cells) = files.cells.get(&table.name) else { continue };
        let of_table =
            of_table(&mapping, table, delivery, cells, &staging).map_err(|e| StoreError::file("read", cells, e))?;
        counts.add(of_table.0);
        if !of_table.1.is_empty() {
            derived.not_in_map.insert(table.name.clone(), of_table.1);
        }
    }
    derived.objects = counts.objects.iter().map(|(kind, n)| (kind.name().to_owned(), *n)).collect();
    derived.events = counts.events.iter().map(|(kind, n)| (kind.name().to_owned(), *n)).collect();
    derived.relations = counts.relations;
    let json = serde_json::to_vec_pretty(&derived).map_err(|e| StoreError::file("write", &account, e))?;
    let written = staging.join(ACCOUNT);
    write_file(&written, &json).map_err(failed(&written))?;
    for slot in Slot::ALL.map(|slot| staging.join(slot.folder())).iter().filter(|folder| folder.is_dir()) {
        sync_folder(slot).map_err(failed(slot))?;
    }
    sync_folder(&staging).map_err(failed(&staging))?;
    let _ = fs::remove_dir_all(&place);
    fs::rename(&staging, &place).map_err(failed(&place))?;
    sync_folder(&folder).map_err(failed(&folder))?;
    Ok(derived)
}

type NotInMap = BTreeMap<String, u64>;

fn of_table(
    mapping: &Mapping,
    table: &Table,
    delivery: &DeliveryId,
    cells: &Utf8Path,
    folder: &Utf8Path,
) -> Result<(InteriorCounts, NotInMap), WriteError> {
    let mut out = Output::of_interior(folder, &table.name);
    let mut interior = Interior::new(mapping, table);
    let mut writers: Vec<PlainWriter> = table.columns.iter().map(|c| PlainWriter::new(PlainForm::of(c))).collect();
    let mut readers: Vec<ColumnReader<'_>> =
        table.columns.iter().map(|c| ColumnReader::new(c, &mapping.read.null)).collect();
    let mut not_in_map = NotInMap::new();
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(cells)?)?.with_batch_size(ROWS).build()?;
    // Files and sheets of the table so far: a row's id has the number of its file.
    let mut parts: Vec<(String, Option<String>)> = Vec::new();
    let mut place = None;
    for batch in reader {
        let batch = batch?;
        let columns = Columns::of(&batch, table, &mapping.read.dialects)?;
        for row in 0..batch.num_rows() {
            let (file, sheet) = columns.part(row);
            if parts.last().is_none_or(|(f, s)| (f.as_str(), s.as_deref()) != (file, sheet)) {
                if let Some(place) = &place {
                    interior.flush(place, &mut out)?;
                }
                parts.push((file.to_owned(), sheet.map(str::to_owned)));
                place = Some(Place {
                    delivery: delivery.clone(),
                    file: file.to_owned(),
                    sheet: sheet.map(str::to_owned),
                    mapping_version: mapping.version,
                });
            }
            columns.restore(row, &mut readers, &mut writers)?;
            let name = match parts.len() {
                0 | 1 => table.name.clone(),
                n => format!("{}.{n}", table.name),
            };
            if let Some(place) = &place {
                interior.row(columns.rows.value(row), &name, place, &readers);
            }
            for joint in &interior.not_in_map {
                *not_in_map.entry(interior.joint_names[*joint].1.clone()).or_default() += 1;
            }
        }
        if let Some(place) = &place {
            interior.flush(place, &mut out)?;
        }
    }
    out.finish()?;
    Ok((interior.counts, not_in_map))
}

/// The columns of a batch of cells.
struct Columns<'b> {
    files: &'b arrow::array::StringArray,
    sheets: &'b dyn Array,
    rows: &'b arrow::array::UInt64Array,
    problems: &'b arrow::array::StringArray,
    /// For each column of the table, its values and its texts.
    cells: Vec<(&'b dyn Array, &'b arrow::array::StringArray)>,
    /// How the text may have been written: a cell that was joined holds the delimiter that had torn it.
    dialects: &'b [Dialect],
}

impl<'b> Columns<'b> {
    fn of(batch: &'b RecordBatch, table: &Table, dialects: &'b [Dialect]) -> Result<Self, ArrowError> {
        let missing = |name: &str| ArrowError::SchemaError(format!("there is no column `{name}`"));
        let column = |name: &str| batch.column_by_name(name).ok_or_else(|| missing(name));
        let text = |name: &str| column(name)?.as_string_opt::<i32>().ok_or_else(|| missing(name));
        let mut cells = Vec::with_capacity(table.columns.len());
        for c in &table.columns {
            cells.push((&**column(&c.as_name)?, text(&format!("{}{TEXT_SUFFIX}", c.as_name))?));
        }
        Ok(Self {
            files: text("file")?,
            sheets: &**column("sheet")?,
            rows: column("row")?.as_primitive_opt::<UInt64Type>().ok_or_else(|| missing("row"))?,
            problems: text("problems")?,
            cells,
            dialects,
        })
    }

    fn part(&self, row: usize) -> (&'b str, Option<&'b str>) {
        let sheets = self.sheets.as_string_opt::<i32>();
        (self.files.value(row), sheets.filter(|s| s.is_valid(row)).map(|s| s.value(row)))
    }

    /// Makes a row the present one of the readers, as it was when it was loaded.
    fn restore(
        &self,
        row: usize,
        readers: &mut [ColumnReader<'_>],
        writers: &mut [PlainWriter],
    ) -> Result<(), ArrowError> {
        let problems = if self.problems.is_valid(row) { self.problems.value(row) } else { "" };
        for ((reader, writer), (values, texts)) in readers.iter_mut().zip(writers).zip(&self.cells) {
            let text = match texts.is_valid(row) {
                true => texts.value(row),
                false => writer.write(*values, row)?.unwrap_or_default(),
            };
            reader.restore(text, value(*values, row, text));
        }
        if !problems.is_empty() {
            for (name, problem) in problems.split(' ').filter_map(|p| p.rsplit_once(':')) {
                let (Some(problem), Some(at)) =
                    (Problem::parse(problem), readers.iter().position(|r| r.column.as_name == name))
                else {
                    continue;
                };
                if matches!(problem, Problem::ShiftLeft | Problem::CityState) {
                    let text = readers[at].cell().text.as_bytes();
                    let delimiter = self.dialects.iter().map(|d| d.delimiter).find(|d| text.contains(d));
                    readers[at].mended(problem, delimiter);
                }
            }
        }
        Ok(())
    }
}

/// The stored value of a cell. A date and time was given with a time if its text has one.
fn value(values: &dyn Array, row: usize, text: &str) -> Option<Value> {
    if values.is_null(row) {
        return None;
    }
    Some(match values.data_type() {
        DataType::Utf8 => Value::Text,
        DataType::Date32 => Value::Date(values.as_primitive::<Date32Type>().value(row)),
        DataType::Timestamp(..) => {
            let at = values.as_primitive_opt::<TimestampSecondType>()?.value(row);
            Value::DateTime(at, text.contains(':'))
        }
        DataType::Boolean => Value::Boolean(values.as_boolean().value(row)),
        DataType::Int64 => Value::Integer(values.as_primitive::<Int64Type>().value(row)),
        _ => return None,
    })
}
