//! The case store of one office: deliveries taken in, who belongs to whom, judgements, builds, file openings, and the
//! outbox through which every change reaches the ledger.
//!
//! This is the only crate with SQL. It knows nothing of evidence, linkage, law or HTTP: it keeps what people did.
//! Absence is not an error: look-ups return `Option`.
//!
//! A change and its ledger entry are one transaction, so neither exists without the other. The ledger entry holds a
//! salted commitment; what was committed to stands in the side store and can be erased without breaking a proof.

mod entry;
mod error;
mod judgement;
mod opening;
mod store;

pub use entry::{EntryKind, LedgerEntry};
pub use error::OfficeError;
pub use judgement::{Judgement, JudgementId, Verdict, Withdrawal};
pub use opening::{Opening, OpeningId};
pub use store::{Actor, Office, Stamp};
