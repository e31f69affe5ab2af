use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a ledger entry records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// A delivery was taken in.
    DeliveryAdded,
    /// A judgement was given.
    JudgementGiven,
    /// A judgement was withdrawn.
    JudgementWithdrawn,
    /// Everything derived was built.
    Built,
    /// A person's file was opened.
    FileOpened,
    /// Opening a person's file was refused.
    OpeningRefused,
}

/// One leaf of the ledger, as canonical JSON: keys in this order, no spaces.
///
/// It holds no personal data: `subject` is set only for deliveries and builds, whose ids are hashes of contents, and
/// everything else is behind the commitment `SHA-256(salt || payload)`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerEntry {
    /// Version of this format.
    pub v: u32,
    /// Position in the outbox, from 1; the entry stands in the ledger at index `seq - 1`.
    pub seq: u64,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub event: EntryKind,
    /// Delivery or build id.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub subject: Option<String>,
    /// Lower-case hex of `SHA-256(salt || payload)`.
    pub commitment: String,
}
