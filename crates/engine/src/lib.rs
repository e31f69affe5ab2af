//! The columnar engine: DataFusion on this machine's cores, and SQL expressions compiled for columns.
//!
//! This crate knows nothing of people or law. It offers two things:
//!
//! * [`Engine`], a session that registers Parquet files as tables and runs SQL over them, with DataFusion's functions;
//!   [`Engine::read_only`] answers questions and refuses every other statement;
//! * [`Compiler`], which turns one SQL expression over an Arrow schema into a physical expression, so that the same
//!   expression can be run over one row or over fifty million. Only functions that the caller brings are known to it.
//!
//! ```
//! use engine::arrow::array::{AsArray, BooleanArray};
//! use engine::arrow::{array::RecordBatch, datatypes::{DataType, Field, Schema}};
//! use std::sync::Arc;
//!
//! let schema = Schema::new(vec![Field::new("late", DataType::Boolean, true)]);
//! let compiled = engine::compile("NOT late", &schema, &[])?;
//! let rows = Arc::new(BooleanArray::from(vec![Some(true), None]));
//! let batch = RecordBatch::try_new(Arc::new(schema), vec![rows])?;
//! let values = compiled.evaluate(&batch)?;
//! assert_eq!(values.as_boolean().iter().collect::<Vec<_>>(), [Some(false), None]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod compile;
mod session;
mod statement;
mod tables;

pub use compile::{CompileError, Compiled, Compiler, EvaluateError, Scalar, compile};
/// The Arrow that the engine computes in. Use this one: another version's arrays are other types.
pub use datafusion::arrow;
pub use datafusion::logical_expr::{self, Expr};
pub use session::{Engine, EngineError, MAIN_SCHEMA, Rows, Settings};
pub use statement::quoted;
pub use tables::{Part, TableData, Tables, column, null, text};
