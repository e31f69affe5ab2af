/// Why the case store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    /// The database file could not be opened or brought to the current shape.
    #[error("failed to open the case store `{path}`")]
    Open {
        /// The database file.
        path: String,
        /// The cause.
        source: sqlx::Error,
    },
    /// A migration failed.
    #[error("failed to bring the case store `{path}` to this version's shape")]
    Migrate {
        /// The database file.
        path: String,
        /// The cause.
        source: sqlx::migrate::MigrateError,
    },
    /// A statement failed.
    #[error("failed to {operation}")]
    Sql {
        /// What was being done.
        operation: &'static str,
        /// The cause.
        source: sqlx::Error,
    },
    /// A stored value is not one that this version writes.
    #[error("the case store holds `{value}` where {expected} is expected")]
    Stored {
        /// The value.
        value: String,
        /// What it should have been.
        expected: &'static str,
    },
    /// A judgement needs two different records.
    #[error("cannot judge record `{0}` against itself")]
    SameRecord(String),
    /// There is no such judgement, or it was withdrawn before.
    #[error("no standing judgement `{0}`; `throughline link judgements` lists them")]
    NoJudgement(String),
    /// A text that people need is empty.
    #[error("{0} must not be empty")]
    Empty(&'static str),
}

/// Names the operation when a statement fails.
pub(crate) trait During<T> {
    fn during(self, operation: &'static str) -> Result<T, OfficeError>;
}

impl<T> During<T> for Result<T, sqlx::Error> {
    fn during(self, operation: &'static str) -> Result<T, OfficeError> {
        self.map_err(|source| OfficeError::Sql { operation, source })
    }
}
