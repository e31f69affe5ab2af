use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::error::DataFusionError;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::logical_expr::ScalarUDF;
use datafusion::prelude::{ParquetReadOptions, SessionConfig, SessionContext};
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
}

/// A DataFusion session.
pub struct Engine {
    context: SessionContext,
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
