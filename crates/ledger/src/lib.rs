//! A tamper-evident log in a folder: C2SP [tlog-tiles], [tlog-checkpoint], [signed-note], [tlog-cosignature] and
//! [tlog-proof], written and read without a database.
//!
//! This crate knows only bytes. It does not know what an entry means, who wrote it or why; it knows no JSON, no SQL,
//! no HTTP, no clock and no source of randomness: times and seeds are parameters. It never reads an entry back into a
//! value, so anything that must stay secret has to be committed to (salted and hashed) before it comes here.
//!
//! ```
//! use ledger::{KeyName, Ledger, SigningKey, verify};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let dir = camino::Utf8PathBuf::try_from(folder.path().join("log"))?;
//! let key = SigningKey::from_seed(KeyName::parse("office.example/log")?, [7; 32]);
//! let mut ledger = Ledger::create(&dir, key.name())?;
//! let checkpoint = ledger.append(&[b"first".to_vec(), b"second".to_vec()], &key)?;
//! assert_eq!(checkpoint.size(), 2);
//!
//! // An auditor with a copy of the folder and the public key needs nothing else.
//! assert_eq!(verify(&dir, &key.verifier_key())?.checkpoint.size(), 2);
//!
//! // A changed byte is found and the file is named.
//! let bundle = dir.join("tile/entries/000.p/2");
//! let mut bytes = std::fs::read(&bundle)?;
//! bytes[3] ^= 1;
//! std::fs::write(&bundle, bytes)?;
//! let failure = verify(&dir, &key.verifier_key()).unwrap_err();
//! assert!(failure.to_string().contains("`tile/entries/000.p/2`"));
//! # Ok(())
//! # }
//! ```
//!
//! [tlog-tiles]: https://c2sp.org/tlog-tiles
//! [tlog-checkpoint]: https://c2sp.org/tlog-checkpoint
//! [signed-note]: https://c2sp.org/signed-note
//! [tlog-cosignature]: https://c2sp.org/tlog-cosignature
//! [tlog-proof]: https://c2sp.org/tlog-proof

mod log;
mod verify;

mod checkpoint;
mod proof;

mod key;
mod note;

mod tile;
mod tree;

mod files;
mod store;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use files::FileError;
pub use key::{KeyError, KeyId, KeyName, SigningKey, VerifierKey, WitnessKey, create_key_file, open_key_file};
pub use log::{Entry, Ledger, LedgerError};
pub use note::{Note, NoteError, NoteSignature, VerifiedSignature};
pub use proof::{ProofError, TlogProof, verify_consistency, verify_inclusion};
pub use store::TileError;
pub use tile::{BadTile, MAX_ENTRY_BYTES, Tile, TileKind};
pub use tree::{Hash, HashError, empty_root, leaf_hash};
pub use verify::{Fault, FaultKind, Verified, VerifyError, Warning, WarningKind, verify};
