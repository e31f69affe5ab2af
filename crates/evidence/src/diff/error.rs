//! Why two deliveries could not be compared.

use crate::store::StoreError;
use camino::{Utf8Path, Utf8PathBuf};
use std::error::Error;

/// Why two deliveries could not be compared, or the watch not brought up to date. The cause of a failure is its `source`.
#[derive(Debug, thiserror::Error)]
pub enum DiffError {
    /// The evidence could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file could not be read or written.
    #[error("failed to {operation} `{path}`")]
    File {
        /// What was being done.
        operation: &'static str,
        /// The file or folder.
        path: Utf8PathBuf,
        /// The cause.
        source: Box<dyn Error + Send + Sync>,
    },
    /// A table has more rows than can be numbered.
    #[error("table `{path}` has {rows} rows; at most 4,294,967,295 can be compared")]
    TooManyRows {
        /// The file of the table.
        path: Utf8PathBuf,
        /// Its rows.
        rows: u64,
    },
    /// The watch does not know the delivery.
    #[error("the watch of `{mapping}` does not know delivery `{delivery}`")]
    NotWatched {
        /// Id of the mapping.
        mapping: String,
        /// The delivery.
        delivery: String,
    },
    /// Another worker failed, which tells why.
    #[error("the comparison was given up")]
    GivenUp,
}

impl DiffError {
    /// What would work, where that can be said.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Store(error) => error.help(),
            Self::File { operation: "read", .. } => {
                Some("restore the evidence folder from a copy; its files are never changed".to_owned())
            }
            Self::File { .. } => Some("see that the disk has room and the folder may be written to".to_owned()),
            Self::NotWatched { .. } => Some("bring the watch up to date first: `throughline watch`".to_owned()),
            Self::TooManyRows { .. } | Self::GivenUp => None,
        }
    }

    pub(super) fn file(
        operation: &'static str,
        path: &Utf8Path,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self::File { operation, path: path.to_owned(), source: source.into() }
    }
}
