//! The ledger of a workspace: entries go from the case store's outbox into signed tiles, in order and once each.

use crate::error::AtPath;
use crate::layout::{Layout, replace_file};
use crate::{Workspace, WorkspaceError};
use camino::Utf8Path;
use ledger::{KeyName, Ledger, SigningKey, Verified, VerifierKey, create_key_file, open_key_file};
use model::Entropy;
use office::Office;
use std::fs;

/// The ledger's last signed state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerState {
    /// Name of the log.
    pub origin: String,
    /// Entries.
    pub size: u64,
    /// Root hash, base64.
    pub root: String,
    /// The key that outsiders check signatures with.
    pub verifier_key: String,
}

/// Makes the key and the empty ledger of a new workspace.
pub(crate) fn create(layout: &Layout, entropy: &dyn Entropy) -> Result<(), WorkspaceError> {
    let seed = entropy.bytes();
    let nonce: String = entropy.bytes()[..4].iter().map(|b| format!("{b:02x}")).collect();
    let name = KeyName::parse(&format!("throughline.local/{nonce}"))?;
    let keys = layout.ledger_key();
    if let Some(folder) = keys.parent() {
        fs::create_dir_all(folder).at("create", folder)?;
    }
    let key = create_key_file(&keys, name, seed)?;
    replace_file(&layout.verifier_key(), format!("{}\n", key.verifier_key()).as_bytes())?;
    let mut ledger = Ledger::create(&layout.ledger(), key.name())?;
    ledger.append(&[], &key)?;
    Ok(())
}

/// Appends what the outbox holds and the ledger does not.
///
/// Entry `seq` of the outbox stands at index `seq - 1`, so after a crash between the two the ledger's size tells what
/// is missing. The lock keeps two processes from reading the same size.
pub(crate) async fn sequence(layout: &Layout, office: &Office) -> Result<(), WorkspaceError> {
    let path = layout.ledger_lock();
    let lock = fs::File::create(&path).at("create", &path)?;
    lock.lock().at("lock", &path)?;
    let key: SigningKey = open_key_file(&layout.ledger_key())?;
    let mut ledger = Ledger::open(&layout.ledger())?;
    let size = ledger.checkpoint()?.map_or(0, |c| c.size());
    let entries = office.entries_from(size + 1).await?;
    if entries.is_empty() {
        let recorded = office.entries_from(1).await?.len() as u64;
        return if recorded < size { Err(WorkspaceError::LedgerAhead { size, recorded }) } else { Ok(()) };
    }
    let entries: Vec<Vec<u8>> = entries.into_iter().map(String::into_bytes).collect();
    ledger.append(&entries, &key)?;
    Ok(())
}

/// Verifies a ledger folder with a verifier key, without the rest of a workspace.
///
/// # Errors
///
/// [`WorkspaceError::Verify`] names every file at fault.
pub fn verify_ledger(folder: &Utf8Path, verifier_key: &str) -> Result<Verified, WorkspaceError> {
    Ok(ledger::verify(folder, &VerifierKey::parse(verifier_key.trim())?)?)
}

impl Workspace {
    /// The ledger's last signed state.
    ///
    /// # Errors
    ///
    /// If the ledger or its key cannot be read.
    pub fn ledger_state(&self) -> Result<LedgerState, WorkspaceError> {
        let ledger = Ledger::open(&self.layout.ledger())?;
        let checkpoint = ledger.checkpoint()?;
        Ok(LedgerState {
            origin: ledger.origin().to_string(),
            size: checkpoint.as_ref().map_or(0, |c| c.size()),
            root: checkpoint.map_or_else(|| ledger::empty_root().to_string(), |c| c.root().to_string()),
            verifier_key: self.verifier_key()?,
        })
    }

    /// The key with which the workspace's own ledger is verified.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn verifier_key(&self) -> Result<String, WorkspaceError> {
        let path = self.layout.verifier_key();
        Ok(fs::read_to_string(&path).at("read", &path)?.trim().to_owned())
    }

    /// Where the ledger stands.
    pub fn ledger_folder(&self) -> camino::Utf8PathBuf {
        self.layout.ledger()
    }
}
