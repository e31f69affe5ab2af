//! Why no mapping was drafted.

use crate::add_error::AddError;
use crate::mapping::MappingError;

/// Why no mapping was drafted.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// A file cannot be read.
    #[error(transparent)]
    Read(#[from] AddError),
    /// No file holds a table.
    #[error("failed to draft a mapping of `{path}`: {why}")]
    NoTable {
        /// The first file.
        path: String,
        /// Why it is no table.
        why: String,
    },
    /// The id cannot be that of a mapping.
    #[error("failed to draft a mapping `{id}`: an id is made of letters, digits, `/`, `-`, `_` and `.`")]
    Id {
        /// The id given.
        id: String,
    },
    /// The mapping that was drafted does not load, which is a fault of ours.
    #[error("the mapping that was drafted does not load")]
    Unsound {
        /// What is wrong with it.
        source: Box<MappingError>,
    },
}

impl DraftError {
    /// What would work, where that can be said.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Read(error) => error.help(),
            Self::NoTable { .. } => Some(
                "give a file of rows and columns: delimited text, a workbook, JSON or Parquet; for a workbook whose \
                 sheets are laid out for reading, write a mapping by hand as docs/mappings.md shows"
                    .to_owned(),
            ),
            Self::Id { .. } => Some("name it like `office/intake`".to_owned()),
            Self::Unsound { .. } => Some("please report it, with the header of the file".to_owned()),
        }
    }
}
