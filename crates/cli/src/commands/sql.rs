use super::open;
use crate::args::{OutputFormat, Sql};
use crate::exit::Failure;
use crate::output;
use crate::rows::RowsWriter;
use arrow::array::{ArrayRef, RecordBatch, StringArray, UInt64Array};
use camino::Utf8Path;
use std::sync::Arc;
use workspace::{QueryDoor, TableDescription, WorkspaceError};

/// Rows that are printed for people, unless they ask for all.
const PRINTED: usize = 100;

/// Ends the name of a column of original texts.
const ORIGINAL: &str = "__text";

pub(crate) async fn run(root: &Utf8Path, sql: &Sql, format: OutputFormat) -> Result<(), Failure> {
    if format == OutputFormat::Parquet && sql.out.is_none() {
        return Err(Failure::usage("Parquet is written to a file").help("name it with `--out FILE`"));
    }
    let workspace = open(root).await?;
    let door = workspace.query_door()?;
    let out = sql.out.as_deref();
    if let Some(path) = out.filter(|path| workspace.keeps(path)) {
        return Err(Failure::new(format!("refused to write `{path}`: it lies in the workspace's own stores"))
            .help("name a file elsewhere"));
    }
    match &sql.query {
        None => tables(&door, format, out),
        Some(query) if format == OutputFormat::Human && !sql.all && out.is_none() => head(&door, query).await,
        Some(query) => {
            let mut rows = door.query(query).await?;
            let mut writer = RowsWriter::new(rows.schema(), format, out)?;
            while let Some(batch) = rows.next().await.map_err(WorkspaceError::from)? {
                writer.write(&batch)?;
            }
            writer.finish()
        }
    }
}

/// The first rows, and how many more there are.
async fn head(door: &QueryDoor, query: &str) -> Result<(), Failure> {
    let (mut rows, all) = door.query_head(query, PRINTED).await?;
    let mut writer = RowsWriter::new(rows.schema(), OutputFormat::Human, None)?;
    while let Some(batch) = rows.next().await.map_err(WorkspaceError::from)? {
        writer.write(&batch)?;
    }
    writer.finish()?;
    match all.checked_sub(PRINTED as u64) {
        None | Some(0) => Ok(()),
        Some(more) => output::line(format_args!("… {} more rows; `--all` prints them", output::count(more))),
    }
}

fn tables(door: &QueryDoor, format: OutputFormat, out: Option<&Utf8Path>) -> Result<(), Failure> {
    let tables = door.tables()?;
    if format == OutputFormat::Human && out.is_none() {
        return print(&tables);
    }
    let batch = as_rows(&tables)?;
    let mut writer = RowsWriter::new(&batch.schema(), format, out)?;
    writer.write(&batch)?;
    writer.finish()
}

fn print(tables: &[TableDescription]) -> Result<(), Failure> {
    for table in tables {
        output::line(format_args!("{}: {} rows", table.name, output::count(table.rows)))?;
        let original = |name: &str| table.columns.iter().any(|c| c.name == format!("{name}{ORIGINAL}"));
        let known = |name: &str| table.columns.iter().any(|c| c.name == name);
        for column in &table.columns {
            if column.name.strip_suffix(ORIGINAL).is_some_and(known) {
                continue;
            }
            let note = if original(&column.name) {
                format!(" (as delivered: {}{ORIGINAL})", column.name)
            } else {
                String::new()
            };
            let kind = if column.kind == "money" { "money in cents" } else { column.kind };
            output::line(format_args!("  {} {kind}{note}", column.name))?;
        }
    }
    Ok(())
}

/// One row for each column of each table.
fn as_rows(tables: &[TableDescription]) -> Result<RecordBatch, Failure> {
    let each = || tables.iter().flat_map(|t| t.columns.iter().map(move |c| (t, c)));
    let text = |values: Vec<&str>| Arc::new(StringArray::from(values)) as ArrayRef;
    RecordBatch::try_from_iter([
        ("table", text(each().map(|(t, _)| t.name.as_str()).collect())),
        ("rows", Arc::new(each().map(|(t, _)| t.rows).collect::<UInt64Array>())),
        ("column", text(each().map(|(_, c)| c.name.as_str()).collect())),
        ("type", text(each().map(|(_, c)| c.kind).collect())),
    ])
    .map_err(|e| Failure::new(format!("failed to list the tables: {e}")))
}
