//! Reading the lists: a file is recognised by its columns, and gives rows that each name an institution.

mod date;
mod row;
mod shape;

pub use row::Row;

use super::{DatedBy, RegistryError, Seen, Source};
use crate::mapping::Dialect;
use crate::read::{Flow, ReadError, delimited, gzip, workbook as sheets};
use arrow::array::{Array, AsArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use camino::{Utf8Path, Utf8PathBuf};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::arrow::{ProjectionMask, arrow_reader::ParquetRecordBatchReader};
use shape::{Intake, Layout};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;

/// First bytes of a Parquet file.
const PARQUET: &[u8] = b"PAR1";
/// Delimiters that lists are known to use.
const DELIMITERS: &[u8] = b"|,\t";
/// How deep folders are searched.
const DEPTH: usize = 6;

/// A source and its rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The source.
    pub source: Source,
    /// Its rows, in the order of files and lines.
    pub rows: Vec<Row>,
}

/// A file that names institutions and could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The file.
    pub file: Utf8PathBuf,
    /// Why.
    pub why: String,
}

/// What a folder holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Readings {
    /// One for each source, by id. Files of one kind and month are one source.
    pub readings: Vec<Reading>,
    /// Files that could not be used, by name.
    pub unread: Vec<Unread>,
    /// Files that name no institution.
    pub other_files: u64,
}

/// Reads every file of a folder and the folders in it.
///
/// # Errors
///
/// If a folder cannot be listed, or no file names an institution. A file that cannot be read is in `unread`.
pub fn read_folder(folder: &Utf8Path) -> Result<Readings, RegistryError> {
    let mut files = Vec::new();
    list(folder, DEPTH, &mut files)?;
    files.sort();
    let mut by_id: BTreeMap<String, Reading> = BTreeMap::new();
    let mut found = Readings::default();
    for path in files {
        match read_file(&path) {
            Ok(readings) if readings.is_empty() => found.other_files += 1,
            Ok(readings) => readings.into_iter().for_each(|reading| join(&mut by_id, reading)),
            Err(why) => found.unread.push(Unread { file: path, why }),
        }
    }
    if by_id.is_empty() {
        return Err(RegistryError::Nothing { folder: folder.to_owned() });
    }
    found.readings = by_id.into_values().collect();
    Ok(found)
}

fn list(folder: &Utf8Path, depth: usize, files: &mut Vec<Utf8PathBuf>) -> Result<(), RegistryError> {
    let entries = folder.read_dir_utf8().map_err(|e| RegistryError::file("list", folder, e))?;
    for entry in entries {
        let entry = entry.map_err(|e| RegistryError::file("list", folder, e))?;
        if entry.path().is_dir() {
            if depth > 0 {
                list(entry.path(), depth - 1, files)?;
            }
        } else if !entry.file_name().ends_with(".md") {
            files.push(entry.path().to_owned());
        }
    }
    Ok(())
}

/// Adds a file's rows to those of other files of the same source.
fn join(by_id: &mut BTreeMap<String, Reading>, mut reading: Reading) {
    let Some(known) = by_id.get_mut(&reading.source.id) else {
        by_id.insert(reading.source.id.clone(), reading);
        return;
    };
    known.source.seen = known.source.seen.and(reading.source.seen);
    known.source.rows += reading.source.rows;
    known.source.files.append(&mut reading.source.files);
    known.source.files.sort();
    known.source.files.dedup();
    known.rows.append(&mut reading.rows);
}

/// The sources in one file: none if it names no institution, several if sheets differ in date.
fn read_file(path: &Utf8Path) -> Result<Vec<Reading>, String> {
    let mut first = Vec::new();
    let opened = File::open(path).and_then(|file| file.take(4).read_to_end(&mut first));
    opened.map_err(|e| e.to_string())?;
    let place = Place { path, published: date::published(path) };
    if first == PARQUET {
        return parquet(&place);
    }
    if first == crate::read::zip::MAGIC {
        return if path.extension() == Some("xlsx") { workbook(&place) } else { Ok(Vec::new()) };
    }
    let zipped = first.starts_with(gzip::GZIP);
    if let Some(table) = row::EoirTable::of(path) {
        return Ok(Vec::from_iter(eoir(&place, table, zipped)?));
    }
    for delimiter in DELIMITERS {
        let dialect = Dialect { delimiter: *delimiter, quote: Some(b'"') };
        let mut intake = Intake::default();
        let input = gzip::open(path.as_std_path(), zipped).map_err(|e| e.to_string())?;
        let read = delimited::visit(input, dialect, |row| Ok::<_, ReadError>(intake.push(&row.texts())));
        match (read, intake.is_recognised()) {
            (Ok(_), true) => return Ok(Vec::from_iter(intake.finish(&place)?)),
            (Err(error), true) => return Err(told(error)),
            // What is no text in lines, or no table that is known, may be any other file.
            (_, false) => {}
        }
    }
    Ok(Vec::new())
}

/// Where a file stands, and what is known of it from outside.
struct Place<'f> {
    path: &'f Utf8Path,
    published: Option<Seen>,
}

impl Place<'_> {
    /// The file as sources name it: with its folder.
    fn name(&self) -> String {
        let folder = self.path.parent().and_then(Utf8Path::file_name).unwrap_or_default();
        format!("{folder}/{}", self.path.file_name().unwrap_or_default())
    }

    /// A source that this file is: its kind, and year and month of its last day. Files of one kind and month are one.
    fn source(&self, prefix: &str, title: &str, dated: (Seen, DatedBy), rows: usize) -> Source {
        let (seen, dated_by) = dated;
        Source {
            id: format!("{prefix}{:02}{:02}", seen.last.year() % 100, seen.last.month()),
            title: title.to_owned(),
            seen,
            dated_by,
            files: vec![self.name()],
            rows: rows as u64,
        }
    }

    /// The day in the file's name, or else that of its publication.
    fn dated(&self) -> Result<(Seen, DatedBy), String> {
        let stem = self.path.file_name().unwrap_or_default();
        let named = date::of_name(stem).map(|seen| (seen, DatedBy::FileName));
        named.or_else(|| self.published.map(|seen| (seen, DatedBy::Published))).ok_or_else(|| {
            "it has no date: neither in it, nor in its name, nor in a `PROVENANCE.md` beside it".to_owned()
        })
    }
}

fn told(error: ReadError) -> String {
    error.to_string()
}

fn workbook(place: &Place<'_>) -> Result<Vec<Reading>, String> {
    let path = place.path.as_std_path();
    let mut by_id = BTreeMap::new();
    for sheet in sheets::sheets(path).map_err(told)? {
        let mut intake = Intake::default();
        sheets::visit(path, &sheet, |row| Ok::<Flow, ReadError>(intake.push(&row.texts()))).map_err(told)?;
        if intake.is_recognised()
            && let Some(reading) = intake.finish(place)?
        {
            join(&mut by_id, reading);
        }
    }
    Ok(by_id.into_values().collect())
}

fn parquet(place: &Place<'_>) -> Result<Vec<Reading>, String> {
    let file = File::open(place.path).map_err(|e| e.to_string())?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| e.to_string())?;
    let header: Vec<String> = builder.schema().fields().iter().map(|f| f.name().clone()).collect();
    let Some(layout) = Layout::of(&header) else { return Ok(Vec::new()) };
    // Only the columns that say something are unpacked.
    let wanted = layout.columns();
    let mask = ProjectionMask::roots(builder.parquet_schema(), wanted.iter().copied());
    let reader: ParquetRecordBatchReader = builder.with_projection(mask).build().map_err(|e| e.to_string())?;
    let mut intake = Intake::default();
    intake.push(&wanted.iter().map(|at| header[*at].clone()).collect::<Vec<_>>());
    for batch in reader {
        let batch = batch.map_err(|e| e.to_string())?;
        let columns = batch.columns().iter().map(|c| cast(c, &DataType::Utf8)).collect::<Result<Vec<_>, _>>();
        let columns = columns.map_err(|e| e.to_string())?;
        let text = |column: &dyn Array, row: usize| match column.is_null(row) {
            true => String::new(),
            false => column.as_string::<i32>().value(row).to_owned(),
        };
        for row in 0..batch.num_rows() {
            intake.push(&columns.iter().map(|c| text(c, row)).collect::<Vec<_>>());
        }
    }
    Ok(Vec::from_iter(intake.finish(place)?))
}

/// One of EOIR's two tables of places: rows without a header, or an object of codes and names.
fn eoir(place: &Place<'_>, table: row::EoirTable, zipped: bool) -> Result<Option<Reading>, String> {
    let path = place.path.as_std_path();
    let mut rows = Vec::new();
    let mut newest = None;
    if place.path.extension() == Some("json") {
        let text = fs::read_to_string(path).map_err(|e| e.to_string())?;
        let names: BTreeMap<String, String> = serde_json::from_str(&text).map_err(|e| e.to_string())?;
        rows.extend(names.iter().filter_map(|(code, name)| table.row(code, name)));
    } else {
        let input = gzip::open(path, zipped).map_err(|e| e.to_string())?;
        let dialect = Dialect { delimiter: b',', quote: Some(b'"') };
        let read = delimited::visit(input, dialect, |row| {
            let cells = row.texts();
            newest = newest.max(date::newest(&cells));
            rows.extend(table.long_row(&cells));
            Ok::<Flow, ReadError>(Flow::Next)
        });
        read.map_err(told)?;
    }
    if rows.is_empty() {
        return Ok(None);
    }
    let dated = match newest {
        Some(day) => (Seen { first: day, last: day }, DatedBy::Rows),
        None => place.dated()?,
    };
    let source = place.source("eoir", "EOIR lookup tables of base cities and hearing locations", dated, rows.len());
    Ok(Some(Reading { source, rows }))
}
