//! Where things stand in a workspace folder.

use crate::WorkspaceError;
use crate::error::AtPath;
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::fs;

/// The paths of one workspace.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    root: Utf8PathBuf,
}

impl Layout {
    pub(crate) fn new(root: &Utf8Path) -> Self {
        Self { root: root.to_owned() }
    }

    pub(crate) fn root(&self) -> &Utf8Path {
        &self.root
    }

    /// Names the format and the workspace; a folder is a workspace if it holds this file.
    pub(crate) fn config(&self) -> Utf8PathBuf {
        self.root.join("throughline.toml")
    }

    pub(crate) fn evidence(&self) -> Utf8PathBuf {
        self.root.join("evidence")
    }

    pub(crate) fn office(&self) -> Utf8PathBuf {
        self.root.join("office.sqlite")
    }

    pub(crate) fn ledger(&self) -> Utf8PathBuf {
        self.root.join("ledger")
    }

    pub(crate) fn ledger_lock(&self) -> Utf8PathBuf {
        self.root.join("keys/ledger.lock")
    }

    /// Only whoever may append can read this.
    pub(crate) fn ledger_key(&self) -> Utf8PathBuf {
        self.root.join("keys/ledger.key")
    }

    /// For anybody who verifies.
    pub(crate) fn verifier_key(&self) -> Utf8PathBuf {
        self.root.join("keys/ledger.vkey")
    }

    pub(crate) fn derived(&self) -> Utf8PathBuf {
        self.root.join("derived")
    }
}

/// What `throughline.toml` says.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Version of the folder's format.
    pub(crate) format: u32,
    /// Name of the workspace, for people.
    pub(crate) name: String,
}

/// The format that this version writes and reads.
pub(crate) const FORMAT: u32 = 1;

impl Config {
    pub(crate) fn read(layout: &Layout) -> Result<Self, WorkspaceError> {
        let path = layout.config();
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(WorkspaceError::NotAWorkspace { root: layout.root().to_owned() });
            }
            Err(source) => return Err(WorkspaceError::File { operation: "read", path, source }),
        };
        let config: Config =
            toml::from_str(&text).map_err(|source| WorkspaceError::Config { path, source: Box::new(source) })?;
        if config.format != FORMAT {
            return Err(WorkspaceError::Format { root: layout.root().to_owned(), found: config.format, known: FORMAT });
        }
        Ok(config)
    }

    pub(crate) fn write(&self, layout: &Layout) -> Result<(), WorkspaceError> {
        let text = format!("format = {}\nname = {}\n", self.format, toml::Value::String(self.name.clone()));
        replace_file(&layout.config(), text.as_bytes())
    }
}

/// Writes a file so that at any moment either the old or the new content stands.
pub(crate) fn replace_file(path: &Utf8Path, bytes: &[u8]) -> Result<(), WorkspaceError> {
    use std::io::Write;
    let temporary = Utf8PathBuf::from(format!("{path}.tmp"));
    let mut file = fs::File::create(&temporary).at("create", &temporary)?;
    file.write_all(bytes).at("write", &temporary)?;
    file.sync_all().at("flush", &temporary)?;
    fs::rename(&temporary, path).at("replace", path)?;
    match path.parent() {
        Some(folder) => sync_folder(folder),
        None => Ok(()),
    }
}

/// Makes renames in a folder survive a power cut.
pub(crate) fn sync_folder(folder: &Utf8Path) -> Result<(), WorkspaceError> {
    fs::File::open(folder).and_then(|f| f.sync_all()).at("flush", folder)
}
