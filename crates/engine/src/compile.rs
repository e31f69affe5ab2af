use datafusion::arrow::array::{ArrayRef, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Schema};
use datafusion::common::DFSchema;
use datafusion::error::DataFusionError;
use datafusion::execution::SessionState;
use datafusion::execution::session_state::SessionStateBuilder;
use datafusion::logical_expr::{Expr, ScalarUDF};
use datafusion::physical_expr::PhysicalExpr;
use std::sync::Arc;
use thiserror::Error;

/// Why an expression was refused.
#[derive(Debug, Error)]
pub enum CompileError {
    /// The text is not an SQL expression, or names a column or function that is not there.
    #[error("failed to read SQL expression `{sql}`")]
    Read {
        /// The text.
        sql: String,
        /// What DataFusion says.
        #[source]
        source: Box<DataFusionError>,
    },
    /// The expression reads, but its types do not fit together.
    #[error("failed to compile SQL expression `{expr}`")]
    Compile {
        /// The expression.
        expr: String,
        /// What DataFusion says.
        #[source]
        source: Box<DataFusionError>,
    },
}

/// A compiled expression failed on a batch: the batch is not of the schema that the expression was compiled for, or a
/// function failed.
#[derive(Debug, Error)]
#[error("failed to evaluate `{expr}` over {rows} rows")]
pub struct EvaluateError {
    /// The expression.
    pub expr: String,
    /// How many rows the batch had.
    pub rows: usize,
    /// What DataFusion says.
    #[source]
    pub source: Box<DataFusionError>,
}

/// Reads and compiles SQL expressions, knowing the functions it was given and no others.
pub struct Compiler {
    state: SessionState,
}

/// One compiled expression.
#[derive(Debug, Clone)]
pub struct Compiled {
    /// The logical expression, for looking into.
    pub expr: Expr,
    /// The physical expression, for running over batches of the schema it was compiled for.
    pub physical: Arc<dyn PhysicalExpr>,
    /// The type of its value.
    pub data_type: DataType,
}

/// A function that SQL expressions may call.
pub type Scalar = Arc<ScalarUDF>;

impl Compiler {
    /// A compiler that knows these functions.
    pub fn new(functions: &[Scalar]) -> Self {
        // Without DataFusion's default features: neither its functions nor the planners that turn syntax such as
        // `extract(… from …)` into them.
        let state = SessionStateBuilder::new().with_scalar_functions(functions.to_vec()).build();
        Self { state }
    }

    /// Reads one SQL expression over the columns of `schema`, without compiling it.
    ///
    /// # Errors
    ///
    /// The text is not an SQL expression, or names a column or function that is not there.
    pub fn read(&self, sql: &str, schema: &Schema) -> Result<Expr, CompileError> {
        let failed = |source| CompileError::Read { sql: sql.to_owned(), source: Box::new(source) };
        let schema = DFSchema::try_from(schema.clone()).map_err(failed)?;
        self.state.create_logical_expr(sql, &schema).map_err(failed)
    }

    /// Compiles a logical expression for batches of `schema`.
    ///
    /// # Errors
    ///
    /// The types of the expression do not fit together, or it names a column that `schema` does not have.
    pub fn physical(&self, expr: Expr, schema: &Schema) -> Result<Compiled, CompileError> {
        let failed = |source| CompileError::Compile { expr: expr.to_string(), source: Box::new(source) };
        let df_schema = DFSchema::try_from(schema.clone()).map_err(failed)?;
        let physical = self.state.create_physical_expr(expr.clone(), &df_schema).map_err(failed)?;
        let data_type = physical.data_type(schema).map_err(failed)?;
        Ok(Compiled { expr, physical, data_type })
    }
}

impl Compiled {
    /// The value of the expression for every row of `batch`.
    ///
    /// # Errors
    ///
    /// The batch is not of the schema that the expression was compiled for, or a function failed.
    pub fn evaluate(&self, batch: &RecordBatch) -> Result<ArrayRef, EvaluateError> {
        let rows = batch.num_rows();
        self.physical.evaluate(batch).and_then(|value| value.into_array(rows)).map_err(|source| EvaluateError {
            expr: self.expr.to_string(),
            rows,
            source: Box::new(source),
        })
    }
}

/// Reads and compiles one SQL expression over the columns of `schema`; for many, keep a [`Compiler`].
///
/// # Errors
///
/// As [`Compiler::read`] and [`Compiler::physical`].
pub fn compile(sql: &str, schema: &Schema, functions: &[Scalar]) -> Result<Compiled, CompileError> {
    let compiler = Compiler::new(functions);
    compiler.physical(compiler.read(sql, schema)?, schema)
}
