//! Why a registry could not be read or made.

use camino::{Utf8Path, Utf8PathBuf};
use std::error::Error;

type Cause = Box<dyn Error + Send + Sync>;

/// Why a registry could not be read or made. The cause of a failure is its `source`.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// A file or folder could not be read or written.
    #[error("failed to {operation} `{path}`")]
    File {
        /// What was being done.
        operation: &'static str,
        /// The file or folder.
        path: Utf8PathBuf,
        /// The cause.
        source: Cause,
    },
    /// A table of the registry is not well formed.
    #[error("failed to read row {row} of `{file}`: {cause}")]
    Table {
        /// The file.
        file: &'static str,
        /// The row, from 1; the header is row 1.
        row: u64,
        /// What is wrong.
        cause: String,
    },
    /// No file of the folder names an institution.
    #[error("failed to make a registry from `{folder}`: no file in it names a court or a facility")]
    Nothing {
        /// The folder.
        folder: Utf8PathBuf,
    },
}

impl RegistryError {
    pub(crate) fn file(operation: &'static str, path: &Utf8Path, source: impl Into<Cause>) -> Self {
        Self::File { operation, path: path.to_owned(), source: source.into() }
    }

    /// What would work, where that can be said.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::File { operation, .. } if operation.starts_with("write") => {
                Some("check that the disk has room and that you may write there".to_owned())
            }
            Self::File { .. } => Some("check the path, that you may read it, and that the file is whole".to_owned()),
            Self::Table { .. } => Some("make the tables anew with `throughline registry build`".to_owned()),
            Self::Nothing { .. } => Some("docs/registry.md lists the kinds of files that are read".to_owned()),
        }
    }
}
