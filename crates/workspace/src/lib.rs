//! One workspace on disk: takes deliveries in, builds, looks things up, and keeps the account.
//!
//! This crate joins the rooms: evidence, linkage, lifecycle, law, office and ledger. It knows no SQL and no HTTP.
//!
//! The stores are settled before each operation: a delivery that a killed run had moved into place but not recorded is
//! recorded, and entries that had not reached the ledger are appended. So a run killed at any moment leaves the last
//! complete state, and the next one finishes it.

mod account;
mod build;
mod compare;
mod error;
mod gather;
mod join;
mod layout;
mod look;
mod obligation;
mod observe;
mod query;
mod registry_tables;
mod snapshot;
mod tables;
mod take_in;

pub use account::{LedgerState, verify_ledger};
pub use build::{BuildRecord, BuiltLink};
pub use compare::Watched;
pub use error::WorkspaceError;
pub use look::{LinkQuality, stored_verifier_key};
pub use obligation::Obligation;
pub use observe::{MonthCount, PublicSummary, SMALLEST_CELL};
pub use query::{ColumnDescription, QueryDoor, TableDescription};
pub use snapshot::{CaseFile, Snapshot};

use crate::error::AtPath;
use crate::layout::{Config, FORMAT, Layout};
use camino::Utf8Path;
use evidence::EvidenceStore;
use law::Library;
use model::{Clock, Entropy, content_hash};
use office::{Office, Stamp};
use std::fs;
use std::sync::Arc;

/// What a workspace needs of the machine, as parameters.
#[derive(Clone)]
pub struct Machine {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance, for salts, keys and opening ids.
    pub entropy: Arc<dyn Entropy>,
}

/// One workspace.
pub struct Workspace {
    layout: Layout,
    config: Config,
    machine: Machine,
    evidence: EvidenceStore,
    office: Office,
    library: Arc<Library>,
}

impl Workspace {
    /// Makes a workspace in a folder that does not exist or is empty.
    ///
    /// # Errors
    ///
    /// If the folder is not empty or cannot be written.
    pub async fn init(root: &Utf8Path, name: &str, machine: Machine) -> Result<Self, WorkspaceError> {
        let layout = Layout::new(root);
        fs::create_dir_all(root).at("create", root)?;
        if root.read_dir_utf8().at("list", root)?.next().is_some() {
            return Err(WorkspaceError::NotEmpty { root: root.to_owned() });
        }
        for folder in [layout.evidence(), layout.derived()] {
            fs::create_dir_all(&folder).at("create", &folder)?;
        }
        account::create(&layout, &*machine.entropy)?;
        drop(Office::open(layout.office().as_std_path()).await?);
        // Last, since it is what makes the folder a workspace.
        Config { format: FORMAT, name: name.to_owned() }.write(&layout)?;
        Self::open(root, machine).await
    }

    /// Opens a workspace, and finishes what a killed run left.
    ///
    /// # Errors
    ///
    /// If the folder is no workspace, or a store cannot be opened.
    pub async fn open(root: &Utf8Path, machine: Machine) -> Result<Self, WorkspaceError> {
        let layout = Layout::new(root);
        let config = Config::read(&layout)?;
        let evidence =
            EvidenceStore::open(layout.evidence()).map_err(|e| WorkspaceError::Store { source: Box::new(e) })?;
        let office = Office::open(layout.office().as_std_path()).await?;
        let library = Arc::new(Library::built_in()?);
        let workspace = Self { layout, config, machine, evidence, office, library };
        workspace.settle().await?;
        Ok(workspace)
    }

    /// Its name, for people.
    pub fn name(&self) -> &str {
        &self.config.name
    }

    /// Its folder.
    pub fn root(&self) -> &Utf8Path {
        self.layout.root()
    }

    /// The criteria.
    pub fn library(&self) -> &Library {
        &self.library
    }

    /// The time and the chance for one change.
    fn stamp(&self) -> Stamp {
        Stamp { at: self.machine.clock.now(), chance: self.machine.entropy.bytes() }
    }

    /// A hash of the criteria, so that a build knows which it was made with.
    fn criteria_hash(&self) -> String {
        let texts = Library::built_in_texts();
        let hash = content_hash(texts.iter().flat_map(|(name, text)| [name.as_bytes(), text.as_bytes()]));
        hash[..8].iter().map(|b| format!("{b:02x}")).collect()
    }
}
