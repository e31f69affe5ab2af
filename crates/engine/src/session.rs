use crate::statement::{failed, plan};
use crate::tables::{Lazy, Tables};
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::MemoryCatalogProvider;
use datafusion::error::DataFusionError;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::memory_pool::{FairSpillPool, TrackConsumersPool};
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::logical_expr::{LogicalPlan, ScalarUDF};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::prelude::{ParquetReadOptions, SessionConfig, SessionContext};
use futures::StreamExt;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use thiserror::Error;

/// What an engine may use.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Partitions worked on at the same time.
    pub partitions: usize,
    /// Bytes that operators may hold before they spill to disk.
    pub memory_bytes: usize,
    /// Rows in one batch.
    pub batch_rows: usize,
}

/// Why the engine could not do as asked.
#[derive(Debug, Error)]
pub enum EngineError {
    /// The session could not be made.
    #[error("failed to start an engine with {0:?}")]
    Start(Settings, #[source] Box<DataFusionError>),
    /// No file was named.
    #[error("failed to register table `{0}`: no files were named")]
    NoFiles(String),
    /// A path is not UTF-8.
    #[error("failed to register table `{table}`: path `{}` is not UTF-8", path.display())]
    Path {
        /// The table.
        table: String,
        /// The path.
        path: PathBuf,
    },
    /// The files could not be read as one table.
    #[error("failed to register {files} files as table `{table}`")]
    Register {
        /// The table.
        table: String,
        /// How many files were named.
        files: usize,
        /// What DataFusion says.
        #[source]
        source: Box<DataFusionError>,
    },
    /// A query failed.
    #[error("failed to run query `{sql}`")]
    Query {
        /// The query.
        sql: String,
        /// What DataFusion says.
        #[source]
        source: Box<DataFusionError>,
    },
    /// Tables could not be given a schema.
    #[error("failed to register the tables of schema `{schema}`")]
    Schema {
        /// The schema.
        schema: String,
        /// What DataFusion says.
        #[source]
        source: Box<DataFusionError>,
    },
    /// A statement that is not a question was asked of a read-only engine.
    #[error("refused to run {statement}: only questions are answered here")]
    ReadOnly {
        /// What it is.
        statement: String,
    },
    /// The text is not SQL.
    #[error("failed to read query `{sql}`: {problem}")]
    Syntax {
        /// The query.
        sql: String,
        /// What is wrong with it, and where.
        problem: String,
    },
    /// The query names a table that is not there.
    #[error("no table `{name}`")]
    NoTable {
        /// The name.
        name: String,
        /// The tables most like it, as they are written in a query.
        nearest: Vec<String>,
    },
    /// The query names a column that none of its tables has.
    #[error("no column `{name}` in the tables of the query")]
    NoColumn {
        /// The name.
        name: String,
        /// The columns most like it, as they are written in a query.
        nearest: Vec<String>,
    },
}

impl EngineError {
    /// What would work, where that can be said.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::ReadOnly { .. } => {
                Some("ask with one SELECT (or WITH, EXPLAIN, SHOW TABLES, DESCRIBE); nothing can be changed".to_owned())
            }
            Self::NoTable { nearest, .. } | Self::NoColumn { nearest, .. } => match nearest.as_slice() {
                [] => None,
                [only] => Some(format!("did you mean `{only}`?")),
                several => {
                    let listed: Vec<String> = several.iter().map(|name| format!("`{name}`")).collect();
                    Some(format!("did you mean one of {}?", listed.join(", ")))
                }
            },
            Self::Syntax { .. } => {
                Some("ask in SQL, such as: select area, count(*) from removals group by area".to_owned())
            }
            Self::Query { source, .. } if matches!(source.find_root(), DataFusionError::ResourcesExhausted(_)) => {
                Some("ask for fewer columns or rows, or sum up before joining".to_owned())
            }
            _ => None,
        }
    }
}

/// A DataFusion session.
pub struct Engine {
    context: SessionContext,
}

/// Where a read-only engine looks for a table that is named without its schema.
pub const MAIN_SCHEMA: &str = "main";

const CATALOG: &str = "throughline";

/// The answer to a query, as it comes.
pub struct Rows {
    sql: String,
    schema: SchemaRef,
    stream: SendableRecordBatchStream,
}

impl Rows {
    /// The columns.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The next rows; `None` when there are no more.
    ///
    /// # Errors
    ///
    /// The query failed while running.
    pub async fn next(&mut self) -> Result<Option<RecordBatch>, EngineError> {
        self.stream.next().await.transpose().map_err(|error| failed(&self.sql, error))
    }
}

impl Engine {
    /// An engine for this machine: one partition per core and at most 2 GiB before operators spill to disk.
    ///
    /// # Errors
    ///
    /// The session's runtime could not be made.
    pub fn local() -> Result<Self, EngineError> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self::with_settings(Settings { partitions: cores, memory_bytes: 2 << 30, batch_rows: 8192 })
    }

    /// An engine with other bounds.
    ///
    /// # Errors
    ///
    /// The session's runtime could not be made.
    pub fn with_settings(settings: Settings) -> Result<Self, EngineError> {
        let config = SessionConfig::new()
            .with_target_partitions(settings.partitions.max(1))
            .with_batch_size(settings.batch_rows.max(1));
        let runtime = RuntimeEnvBuilder::new()
            .with_memory_limit(settings.memory_bytes, 1.0)
            .build_arc()
            .map_err(|source| EngineError::Start(settings, Box::new(source)))?;
        Ok(Self { context: SessionContext::new_with_config_rt(config, runtime) })
    }

    /// An engine for questions only: no statement changes anything, sets anything, or reads a file that was not
    /// registered. Tables are brought with [`Engine::register_tables`]. `information_schema` lists them.
    ///
    /// # Errors
    ///
    /// The session's runtime could not be made.
    pub fn read_only(settings: Settings) -> Result<Self, EngineError> {
        let mut config = SessionConfig::new()
            .with_target_partitions(settings.partitions.max(1))
            .with_batch_size(settings.batch_rows.max(1))
            .with_information_schema(true)
            .with_collect_statistics(true)
            .with_default_catalog_and_schema(CATALOG, MAIN_SCHEMA)
            .with_create_default_catalog_and_schema(false);
        let parquet = &mut config.options_mut().execution.parquet;
        parquet.pushdown_filters = true;
        parquet.reorder_filters = true;
        // Each operator that can spill has its share, so that one does not starve the others.
        let pool = TrackConsumersPool::new(FairSpillPool::new(settings.memory_bytes), NonZeroUsize::MIN);
        let runtime = RuntimeEnvBuilder::new()
            .with_memory_pool(Arc::new(pool))
            .build_arc()
            .map_err(|source| EngineError::Start(settings, Box::new(source)))?;
        let context = SessionContext::new_with_config_rt(config, runtime);
        context.register_catalog(CATALOG, Arc::new(MemoryCatalogProvider::new()));
        Ok(Self { context })
    }

    /// Brings the tables of a schema. Each is opened when a query first names it.
    ///
    /// # Errors
    ///
    /// This engine is not one of [`Engine::read_only`].
    pub fn register_tables(&self, schema: &str, tables: Arc<dyn Tables>) -> Result<(), EngineError> {
        let failed = |source| EngineError::Schema { schema: schema.to_owned(), source: Box::new(source) };
        let Some(catalog) = self.context.catalog(CATALOG) else {
            return Err(failed(DataFusionError::Plan("the engine is not read-only".to_owned())));
        };
        catalog.register_schema(schema, Arc::new(Lazy::new(tables, &self.context))).map_err(failed)?;
        Ok(())
    }

    /// Asks a question: one query, or EXPLAIN, SHOW TABLES, SHOW COLUMNS, SHOW FUNCTIONS or DESCRIBE. Its rows come as
    /// they are computed; sorts and groupings that do not fit the engine's memory go to disk.
    ///
    /// # Errors
    ///
    /// The text is no question, names what is not there, or cannot be planned.
    pub async fn query_stream(&self, sql: &str) -> Result<Rows, EngineError> {
        let plan = plan(&self.context, sql).await?;
        let planned = |error| failed(sql, error);
        let frame = self.context.execute_logical_plan(plan).await.map_err(planned)?;
        let stream = frame.execute_stream().await.map_err(planned)?;
        Ok(Rows { sql: sql.to_owned(), schema: stream.schema(), stream })
    }

    /// As [`Engine::query_stream`], the first `limit` rows only, with the number of all rows.
    ///
    /// # Errors
    ///
    /// As [`Engine::query_stream`], and if the query fails while running.
    pub async fn query_head(&self, sql: &str, limit: usize) -> Result<(Rows, u64), EngineError> {
        let plan = plan(&self.context, sql).await?;
        let failed = |error| failed(sql, error);
        // A plan that describes another cannot be a part of a third.
        let whole = matches!(plan, LogicalPlan::Explain(_) | LogicalPlan::Analyze(_) | LogicalPlan::DescribeTable(_));
        let frame = self.context.execute_logical_plan(plan).await.map_err(failed)?;
        let first = if whole { frame.clone() } else { frame.clone().limit(0, Some(limit)).map_err(failed)? };
        let schema = Arc::new(first.schema().as_arrow().clone());
        let mut batches = first.collect().await.map_err(failed)?;
        let found: usize = batches.iter().map(RecordBatch::num_rows).sum();
        // Counting apart is cheap where rows are wide: no column is read for it.
        let all = if whole || found < limit { found } else { frame.count().await.map_err(failed)? };
        let mut left = limit;
        for batch in &mut batches {
            *batch = batch.slice(0, left.min(batch.num_rows()));
            left -= batch.num_rows();
        }
        let stream = futures::stream::iter(batches.into_iter().map(Ok));
        let stream: SendableRecordBatchStream = Box::pin(RecordBatchStreamAdapter::new(schema.clone(), stream));
        Ok((Rows { sql: sql.to_owned(), schema, stream }, all as u64))
    }

    /// Makes a function callable from SQL.
    pub fn register_function(&self, function: Arc<ScalarUDF>) {
        self.context.register_udf((*function).clone());
    }

    /// Registers Parquet files, all of one schema, as one table.
    ///
    /// # Errors
    ///
    /// No file was named, a path is not UTF-8, or a file is missing or is not Parquet.
    pub async fn register_parquet(&self, table: &str, files: &[impl AsRef<Path>]) -> Result<(), EngineError> {
        if files.is_empty() {
            return Err(EngineError::NoFiles(table.to_owned()));
        }
        let paths = files
            .iter()
            .map(|file| {
                let path = file.as_ref();
                path.to_str()
                    .map(str::to_owned)
                    .ok_or_else(|| EngineError::Path { table: table.to_owned(), path: path.to_owned() })
            })
            .collect::<Result<Vec<_>, _>>()?;
        let failed =
            |source| EngineError::Register { table: table.to_owned(), files: paths.len(), source: Box::new(source) };
        let options = ParquetReadOptions { file_extension: "", ..ParquetReadOptions::default() };
        let frame = self.context.read_parquet(paths.clone(), options).await.map_err(failed)?;
        self.context.register_table(table, frame.into_view()).map_err(failed)?;
        Ok(())
    }

    /// Registers batches that are already in memory as one table.
    ///
    /// # Errors
    ///
    /// A table of that name exists and cannot be replaced.
    pub fn register_batch(&self, table: &str, batch: RecordBatch) -> Result<(), EngineError> {
        self.context.register_batch(table, batch).map_err(|source| EngineError::Register {
            table: table.to_owned(),
            files: 0,
            source: Box::new(source),
        })?;
        Ok(())
    }

    /// Runs a query and collects its batches, with the schema of the result.
    ///
    /// # Errors
    ///
    /// The query does not read, names what is not registered, or fails while running.
    pub async fn query(&self, sql: &str) -> Result<(SchemaRef, Vec<RecordBatch>), EngineError> {
        let failed = |source| EngineError::Query { sql: sql.to_owned(), source: Box::new(source) };
        let frame = self.context.sql(sql).await.map_err(failed)?;
        let schema = Arc::new(frame.schema().as_arrow().clone());
        Ok((schema, frame.collect().await.map_err(failed)?))
    }
}
