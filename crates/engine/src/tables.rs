//! Tables that are opened when a query names them, so that a query pays for the tables it reads and for no others.

use async_trait::async_trait;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::{DataType, SchemaRef};
use datafusion::catalog::{SchemaProvider, TableProvider, ViewTable};
use datafusion::common::ScalarValue;
use datafusion::datasource::file_format::options::ReadOptions;
use datafusion::datasource::listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl};
use datafusion::datasource::{MemTable, TableType, provider_as_source};
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::cache::cache_manager::FileStatisticsCache;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, Union, lit};
use datafusion::prelude::{ParquetReadOptions, SessionContext};
use std::error::Error;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The tables of one SQL schema.
pub trait Tables: Send + Sync {
    /// Their names. Cheap: it is asked for with every listing.
    fn names(&self) -> Vec<String>;

    /// Opens a table. Called when a query names it; `None` if there is no such table.
    ///
    /// # Errors
    ///
    /// If what the table is made of cannot be read.
    fn open(&self, name: &str) -> std::result::Result<Option<TableData>, Box<dyn Error + Send + Sync>>;
}

/// What a table is made of.
#[derive(Debug, Clone)]
pub enum TableData {
    /// Rows in memory.
    Batch(RecordBatch),
    /// The rows of all parts. Every part gives columns of the same names and types, in the same order.
    Parts(Vec<Part>),
}

/// Parquet files of one schema.
#[derive(Debug, Clone)]
pub struct Part {
    /// The files.
    pub files: Vec<PathBuf>,
    /// What every one of them holds.
    pub schema: SchemaRef,
    /// The columns of the table, computed from the columns of the files: [`column`], [`null`], or any expression. One
    /// that no query selects is not computed.
    pub columns: Vec<(String, Expr)>,
}

/// The column of a file by its exact name.
pub fn column(name: &str) -> Expr {
    datafusion::logical_expr::ident(name)
}

/// No value, of a type.
///
/// # Errors
///
/// If there is no null of the type.
pub fn null(of: &DataType) -> std::result::Result<Expr, Box<dyn Error + Send + Sync>> {
    Ok(lit(ScalarValue::try_from(of)?))
}

/// A value as text: dates and times in ISO form.
pub fn text(value: Expr) -> Expr {
    datafusion::logical_expr::cast(value, DataType::Utf8)
}

/// [`Tables`] as DataFusion sees them.
pub(crate) struct Lazy {
    tables: Arc<dyn Tables>,
    listing: ListingOptions,
    /// Keeps what the footers of files say, for tables that are named more than once.
    statistics: Option<Arc<FileStatisticsCache>>,
}

impl Lazy {
    pub(crate) fn new(tables: Arc<dyn Tables>, context: &SessionContext) -> Self {
        let read = ParquetReadOptions { file_extension: "", ..ParquetReadOptions::default() };
        let listing = read.to_listing_options(&context.copied_config(), context.copied_table_options());
        let statistics = context.runtime_env().cache_manager.get_file_statistic_cache();
        Self { tables, listing, statistics }
    }

    fn provide(&self, name: &str, data: TableData) -> Result<Arc<dyn TableProvider>> {
        match data {
            TableData::Batch(batch) => Ok(Arc::new(MemTable::try_new(batch.schema(), vec![vec![batch]])?)),
            TableData::Parts(parts) => {
                let mut parts = parts.into_iter().map(|part| self.part(name, part)).collect::<Result<Vec<_>>>()?;
                if parts.len() == 1
                    && let Some(only) = parts.pop()
                {
                    return Ok(only);
                }
                let inputs = parts
                    .into_iter()
                    .map(|part| Ok(Arc::new(scan(name, part)?.build()?)))
                    .collect::<Result<Vec<_>>>()?;
                Ok(Arc::new(ViewTable::new(LogicalPlan::Union(Union::try_new(inputs)?), None)))
            }
        }
    }

    fn part(&self, name: &str, part: Part) -> Result<Arc<dyn TableProvider>> {
        let urls = part.files.iter().map(|file| url(file)).collect::<Result<Vec<_>>>()?;
        let plain = part.columns.len() == part.schema.fields().len()
            && part.columns.iter().zip(part.schema.fields()).all(|((name, expr), field)| {
                name == field.name() && matches!(expr, Expr::Column(column) if column.name() == field.name())
            });
        let config = ListingTableConfig::new_with_multi_paths(urls)
            .with_listing_options(self.listing.clone())
            .with_schema(part.schema);
        let table = ListingTable::try_new(config)?.with_cache(self.statistics.clone());
        let files: Arc<dyn TableProvider> = Arc::new(table);
        if plain {
            return Ok(files);
        }
        let columns = part.columns.into_iter().map(|(name, expr)| expr.alias(name));
        Ok(Arc::new(ViewTable::new(scan(name, files)?.project(columns)?.build()?, None)))
    }
}

fn scan(name: &str, table: Arc<dyn TableProvider>) -> Result<LogicalPlanBuilder> {
    LogicalPlanBuilder::scan(datafusion::sql::TableReference::bare(name), provider_as_source(table), None)
}

impl fmt::Debug for Lazy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lazy").field("tables", &self.tables.names()).finish()
    }
}

#[async_trait]
impl SchemaProvider for Lazy {
    fn table_names(&self) -> Vec<String> {
        self.tables.names()
    }

    async fn table(&self, name: &str) -> Result<Option<Arc<dyn TableProvider>>> {
        let data = self.tables.open(name).map_err(DataFusionError::External)?;
        data.map(|data| self.provide(name, data)).transpose()
    }

    async fn table_type(&self, name: &str) -> Result<Option<TableType>> {
        Ok(self.table_exist(name).then_some(TableType::Base))
    }

    fn table_exist(&self, name: &str) -> bool {
        self.tables.names().iter().any(|n| n == name)
    }
}

/// The URL of a file, whatever its name holds: a path as text would be read as a pattern where it has `*`, `?` or `[`.
fn url(file: &Path) -> Result<ListingTableUrl> {
    let file = std::path::absolute(file)?;
    let Some(path) = file.to_str() else {
        return Err(DataFusionError::External(format!("path `{}` is not UTF-8", file.display()).into()));
    };
    let mut url = String::from("file://");
    for byte in path.bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'~' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => url.push(char::from(byte)),
            other => url.push_str(&format!("%{other:02X}")),
        }
    }
    ListingTableUrl::parse(url)
}

/// All schemas and tables of a session, sorted.
pub(crate) fn listed(context: &SessionContext) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for catalog in context.catalog_names().iter().filter_map(|name| context.catalog(name)) {
        for name in catalog.schema_names() {
            let tables = catalog.schema(&name).map(|schema| schema.table_names()).unwrap_or_default();
            found.extend(tables.into_iter().map(|table| (name.clone(), table)));
        }
    }
    found.sort();
    found
}
