//! Writing the whole report into a folder.

use super::{DiffError, DiffJson, DiffReport, details_file};
use crate::write::write_file;
use arrow::array::{Array, AsArray, RecordBatchReader};
use arrow::datatypes::UInt64Type;
use camino::{Utf8Path, Utf8PathBuf};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs::{self, File};
use std::io::{BufWriter, Write};

/// Whether the details are written as CSV too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Csv {
    /// Parquet alone.
    No,
    /// A CSV file beside each Parquet file.
    Yes,
}

impl DiffReport {
    /// The report as JSON, as it stands in `report.json`.
    ///
    /// # Errors
    ///
    /// None that is known; the writer could fail.
    pub fn json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(&DiffJson::from(self)).map(|text| text + "\n")
    }

    /// The report as a page: counts only, and small ones not exactly.
    pub fn html(&self) -> String {
        super::html::page(self)
    }

    /// Writes `report.json` and `report.html` into a folder, and the details, if there are any, as
    /// `details/<table>.parquet` and on request `details/<table>.csv`. Gives the files that were written.
    ///
    /// # Errors
    ///
    /// If the folder cannot be made or a file not be written.
    pub fn write(&self, folder: &Utf8Path, csv: Csv) -> Result<Vec<Utf8PathBuf>, DiffError> {
        create(folder)?;
        let json = self.json().map_err(|e| DiffError::file("write", &folder.join("report.json"), e))?;
        let mut written = Vec::new();
        for (name, text) in [("report.json", json), ("report.html", self.html())] {
            let path = folder.join(name);
            write_file(&path, text.as_bytes()).map_err(|e| DiffError::file("write", &path, e))?;
            written.push(path);
        }
        let details = folder.join("details");
        for (table, path) in self.details() {
            create(&details)?;
            let to = details_file(&details, table);
            fs::copy(&path, &to).map_err(|e| DiffError::file("write", &to, e))?;
            if csv == Csv::Yes {
                let to = details.join(format!("{table}.csv"));
                let file = File::create(&to).map_err(|e| DiffError::file("create", &to, e))?;
                self.details_csv(table, &mut BufWriter::new(file))?;
                written.push(to);
            }
            written.push(to);
        }
        Ok(written)
    }

    /// The tables that have details, each with its Parquet file. It goes when the report is dropped.
    pub fn details(&self) -> Vec<(&str, Utf8PathBuf)> {
        let Some(scratch) = &self.details else { return Vec::new() };
        let files = self.tables.keys().map(|table| (table.as_str(), details_file(scratch.path(), table)));
        files.filter(|(_, path)| path.is_file()).collect()
    }

    /// Writes the details of a table as CSV. A table without details has no line.
    ///
    /// # Errors
    ///
    /// If they cannot be read or written.
    pub fn details_csv(&self, table: &str, out: &mut dyn Write) -> Result<(), DiffError> {
        let Some((_, path)) = self.details().into_iter().find(|(name, _)| *name == table) else { return Ok(()) };
        let failed = |e: parquet::errors::ParquetError| DiffError::file("read", &path, e);
        let not_written = |e: std::io::Error| DiffError::file("write the CSV of", &path, e);
        let file = File::open(&path).map_err(|e| DiffError::file("read", &path, e))?;
        let reader = ParquetRecordBatchReaderBuilder::try_new(file).map_err(failed)?.build().map_err(failed)?;
        let mut line = String::new();
        for (n, field) in reader.schema().fields().iter().enumerate() {
            cell(&mut line, n, field.name());
        }
        writeln!(out, "{line}").map_err(not_written)?;
        for batch in reader {
            let batch = batch.map_err(|e| DiffError::file("read", &path, e))?;
            for row in 0..batch.num_rows() {
                line.clear();
                for (n, column) in batch.columns().iter().enumerate() {
                    match (column.as_string_opt::<i32>(), column.as_primitive_opt::<UInt64Type>()) {
                        (Some(texts), _) if texts.is_valid(row) => cell(&mut line, n, texts.value(row)),
                        (_, Some(numbers)) if numbers.is_valid(row) => {
                            cell(&mut line, n, &numbers.value(row).to_string());
                        }
                        _ => cell(&mut line, n, ""),
                    }
                }
                writeln!(out, "{line}").map_err(not_written)?;
            }
        }
        out.flush().map_err(not_written)
    }
}

fn create(folder: &Utf8Path) -> Result<(), DiffError> {
    fs::create_dir_all(folder).map_err(|e| DiffError::file("create", folder, e))
}

/// Appends a cell of a CSV line, quoted if it must be.
fn cell(line: &mut String, number: usize, text: &str) {
    if number > 0 {
        line.push(',');
    }
    if text.contains(['"', ',', '\n', '\r']) {
        line.push('"');
        line.push_str(&text.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(text);
    }
}
