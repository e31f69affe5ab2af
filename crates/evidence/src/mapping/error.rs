//! Why a mapping does not load.

use crate::nearest::{listed, nearest};
use camino::Utf8PathBuf;

/// Why a mapping does not load. The cause of a failure is its `source`.
#[derive(Debug, thiserror::Error)]
pub enum MappingError {
    /// No built-in mapping has this id.
    #[error("no mapping `{id}`")]
    Unknown {
        /// The id given.
        id: String,
        /// The built-in ids most like it.
        nearest: Vec<String>,
        /// Every built-in id.
        known: Vec<String>,
    },
    /// The file could not be read.
    #[error("failed to read mapping `{path}`")]
    Read {
        /// The file.
        path: Utf8PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The file is not TOML, or has a key that does not exist.
    #[error("failed to read mapping `{file}`")]
    Toml {
        /// The file.
        file: String,
        /// The cause, with its line.
        source: Box<toml::de::Error>,
    },
    /// A key has a value that makes no sense.
    #[error("mapping `{file}`, key `{key}`: {cause}")]
    Invalid {
        /// The file.
        file: String,
        /// The key.
        key: String,
        /// What is wrong.
        cause: String,
        /// The nearest value that would work.
        nearest: Option<String>,
    },
    /// The mapping declares something by which a person could be tracked.
    #[error("mapping `{file}`, key `{key}`: `{name}` would let the product track a person (`{word}`)")]
    UseLimit {
        /// The file.
        file: String,
        /// The key.
        key: String,
        /// The name that is declared.
        name: String,
        /// The word in it.
        word: &'static str,
    },
}

impl MappingError {
    /// What would work, where that can be said.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Unknown { nearest, known, .. } if nearest.is_empty() => {
                Some(format!("the mappings are {}; or give the path of a `.toml` file of your own", listed(known)))
            }
            Self::Unknown { nearest, .. } => {
                Some(format!("did you mean {}? or give the path of a `.toml` file of your own", listed(nearest)))
            }
            Self::Read { .. } => Some("give the path of a mapping file, or the id of a built-in mapping".to_owned()),
            Self::Toml { source, .. } => unknown_field(source.message()).or_else(|| Some(REFERENCE.to_owned())),
            Self::Invalid { nearest: Some(nearest), .. } => Some(format!("did you mean `{nearest}`?")),
            Self::Invalid { .. } => Some(REFERENCE.to_owned()),
            Self::UseLimit { .. } => Some(
                "leave the column out of the mapping; with `unknown_columns = \"keep\"` its cells are kept and mean nothing"
                    .to_owned(),
            ),
        }
    }
}

const REFERENCE: &str = "docs/mappings.md has every key, with an example";

/// From serde's "unknown field `x`, expected one of `a`, `b`": the nearest of those expected.
fn unknown_field(message: &str) -> Option<String> {
    let mut names = message.strip_prefix("unknown field ")?.split('`').skip(1).step_by(2);
    let unknown = names.next()?;
    let nearest = nearest(unknown, names)?;
    Some(format!("did you mean `{nearest}`?"))
}
