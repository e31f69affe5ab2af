//! Rows of a table, printed or written as they come: for people, as JSON, CSV or Parquet.

use crate::args::OutputFormat;
use crate::exit::Failure;
use crate::output;
use arrow::array::{ArrayRef, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::json::writer::{JsonArray, WriterBuilder};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use camino::{Utf8Path, Utf8PathBuf};
use comfy_table::{CellAlignment, Table};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Stdout, Write};
use std::sync::Arc;

/// Rows of a table for people; above it, the columns are aligned anew.
const BLOCK_ROWS: usize = 10_000;

/// Where rows go.
pub(crate) struct RowsWriter(Kind);

enum Kind {
    Human(Box<Human>),
    Json(Box<arrow::json::Writer<Target, JsonArray>>),
    Csv(Box<csv::Writer<Target>>),
    Parquet(Box<ArrowWriter<Target>>, SchemaRef),
}

impl RowsWriter {
    /// Starts a table in a file, or on standard output. Parquet needs a file.
    pub(crate) fn new(schema: &SchemaRef, format: OutputFormat, out: Option<&Utf8Path>) -> Result<Self, Failure> {
        if matches!(format, OutputFormat::Json | OutputFormat::Parquet) {
            one_name_each(schema)?;
        }
        let target = match out {
            Some(path) => Target::File(NewFile::create(path)?),
            None => Target::Stdout(BufWriter::new(io::stdout())),
        };
        Ok(Self(match format {
            OutputFormat::Human => Kind::Human(Box::new(Human { target, table: header(schema), rows: 0 })),
            OutputFormat::Json => Kind::Json(Box::new(WriterBuilder::new().with_explicit_nulls(true).build(target))),
            OutputFormat::Csv => {
                let mut writer = csv::Writer::from_writer(target);
                writer.write_record(schema.fields().iter().map(|f| f.name())).map_err(failed)?;
                Kind::Csv(Box::new(writer))
            }
            OutputFormat::Parquet => {
                let schema = without_views(schema);
                let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
                let writer = ArrowWriter::try_new(target, schema.clone(), Some(properties)).map_err(failed)?;
                Kind::Parquet(Box::new(writer), schema)
            }
        }))
    }

    /// Writes some rows.
    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<(), Failure> {
        match &mut self.0 {
            Kind::Human(human) => human.write(batch),
            Kind::Json(writer) => writer.write(batch).map_err(failed),
            Kind::Csv(writer) => for_each_row(batch, "", |cells| writer.write_record(cells).map_err(failed)),
            Kind::Parquet(writer, schema) => {
                let columns: Result<Vec<ArrayRef>, ArrowError> = batch
                    .columns()
                    .iter()
                    .zip(schema.fields())
                    .map(|(column, field)| cast(column, field.data_type()))
                    .collect();
                let batch = RecordBatch::try_new(Arc::clone(schema), columns.map_err(failed)?).map_err(failed)?;
                writer.write(&batch).map_err(failed)
            }
        }
    }

    /// Ends the table; a file appears only now.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        let target = match self.0 {
            Kind::Human(human) => human.finish()?,
            Kind::Json(mut writer) => {
                writer.finish().map_err(failed)?;
                let mut target = writer.into_inner();
                target.write_all(b"\n").map_err(failed)?;
                target
            }
            Kind::Csv(writer) => writer.into_inner().map_err(|e| failed(e.into_error()))?,
            Kind::Parquet(writer, _) => writer.into_inner().map_err(failed)?,
        };
        target.finish()
    }
}

/// Where the bytes of a table go.
enum Target {
    Stdout(BufWriter<Stdout>),
    File(NewFile),
}

impl Target {
    fn finish(self) -> Result<(), Failure> {
        match self {
            Target::Stdout(mut out) => going_on(out.flush()).map_err(failed),
            Target::File(file) => file.finish(),
        }
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Target::Stdout(out) => going_on(out.write(bytes)),
            Target::File(file) => file.writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Target::Stdout(out) => going_on(out.flush()),
            Target::File(file) => file.writer.flush(),
        }
    }
}

/// A reader of standard output that has gone away (such as `head`) is no failure.
fn going_on<T>(done: io::Result<T>) -> io::Result<T> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => std::process::exit(0),
        other => other,
    }
}

/// A file that has another name until it is whole.
struct NewFile {
    writer: BufWriter<File>,
    temporary: Utf8PathBuf,
    place: Utf8PathBuf,
}

impl NewFile {
    fn create(place: &Utf8Path) -> Result<Self, Failure> {
        let named = |error: io::Error| Failure::new(format!("failed to create `{place}`: {error}"));
        let Some(name) = place.file_name().filter(|_| !place.is_dir()) else {
            return Err(Failure::new(format!("failed to create `{place}`: it is a folder")));
        };
        let temporary = place.with_file_name(format!(".{name}.{}.part", std::process::id()));
        let writer = BufWriter::new(File::create(&temporary).map_err(named)?);
        Ok(Self { writer, temporary, place: place.to_owned() })
    }

    fn finish(mut self) -> Result<(), Failure> {
        let named = |error: io::Error| Failure::new(format!("failed to write `{}`: {error}", self.place));
        self.writer.flush().map_err(named)?;
        self.writer.get_ref().sync_all().map_err(named)?;
        fs::rename(&self.temporary, &self.place).map_err(named)
    }
}

impl Drop for NewFile {
    /// What failed leaves nothing behind; what was finished has its own name already.
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.temporary);
    }
}

/// Rows for people.
struct Human {
    target: Target,
    table: Table,
    rows: usize,
}

impl Human {
    fn write(&mut self, batch: &RecordBatch) -> Result<(), Failure> {
        for start in (0..batch.num_rows()).step_by(BLOCK_ROWS) {
            if self.rows >= BLOCK_ROWS {
                let fresh = header(&batch.schema());
                let full = std::mem::replace(&mut self.table, fresh);
                writeln!(self.target, "{full}").map_err(failed)?;
                self.rows = 0;
            }
            let part = batch.slice(start, BLOCK_ROWS.min(batch.num_rows() - start));
            for_each_row(&part, "null", |cells| {
                self.table.add_row(cells.iter().map(|cell| printable(cell)));
                Ok(())
            })?;
            self.rows += part.num_rows();
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Target, Failure> {
        writeln!(self.target, "{}", self.table).map_err(failed)?;
        Ok(self.target)
    }
}

fn header(schema: &Schema) -> Table {
    let names: Vec<String> = schema.fields().iter().map(|f| printable(f.name())).collect();
    let mut table = output::table(&names.iter().map(String::as_str).collect::<Vec<_>>());
    for (field, column) in schema.fields().iter().zip(table.column_iter_mut()) {
        if field.data_type().is_numeric() {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// A released cell may hold anything, such as what moves a terminal's cursor.
fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() && c != '\n' { out.extend(c.escape_default()) } else { out.push(c) }
    }
    out
}

/// Each row of a batch as texts: dates and times in ISO form, numbers as numbers, `null` for none.
fn for_each_row(
    batch: &RecordBatch,
    null: &str,
    mut row: impl FnMut(&[String]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let options = FormatOptions::new().with_null(null);
    let columns = batch
        .columns()
        .iter()
        .map(|column| ArrayFormatter::try_new(column, &options))
        .collect::<Result<Vec<_>, _>>()
        .map_err(failed)?;
    let mut cells = vec![String::new(); columns.len()];
    for at in 0..batch.num_rows() {
        for (cell, column) in cells.iter_mut().zip(&columns) {
            cell.clear();
            column.value(at).write(cell).map_err(failed)?;
        }
        row(&cells)?;
    }
    Ok(())
}

/// JSON objects and Parquet columns are known by their names.
fn one_name_each(schema: &Schema) -> Result<(), Failure> {
    let mut seen = BTreeSet::new();
    match schema.fields().iter().find(|field| !seen.insert(field.name())) {
        None => Ok(()),
        Some(twice) => Err(Failure::new(format!("two columns of the result are named `{}`", twice.name()))
            .help("give one of them another name with `as`, or ask for csv")),
    }
}

/// The same columns, with texts as every reader of Parquet knows them.
fn without_views(schema: &Schema) -> SchemaRef {
    let fields = schema.fields().iter().map(|field| match field.data_type() {
        DataType::Utf8View => Field::new(field.name(), DataType::Utf8, field.is_nullable()),
        DataType::BinaryView => Field::new(field.name(), DataType::Binary, field.is_nullable()),
        _ => Field::clone(field),
    });
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

fn failed(error: impl std::fmt::Display) -> Failure {
    Failure::new(format!("failed to write the result: {error}"))
}
