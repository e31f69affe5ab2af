//! Checkpoints: a signed statement of a log's size and root (C2SP tlog-checkpoint), and witnesses' cosignatures on it
//! (C2SP tlog-cosignature).

use std::fmt;

use thiserror::Error;

use crate::{
    key::{KeyName, SigningKey, VerifierKey, WitnessKey},
    note::{Note, NoteError, NoteSignature},
    tree::{Hash, HashError},
};

/// The largest tree size that is accepted: sizes then fit every reader's signed integers, and sums cannot overflow.
const MAX_SIZE: u64 = i64::MAX as u64;

/// A log's statement: "my tree of this many entries has this root".
///
/// [`Checkpoint::parse`] checks the form only; trust a checkpoint after [`Checkpoint::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    note: Note,
    origin: String,
    size: u64,
    root: Hash,
}

/// A checkpoint that was refused.
#[derive(Debug, Error)]
pub enum CheckpointError {
    /// It is not a signed note, or its signatures do not hold.
    #[error("checkpoint note is refused")]
    Note(#[source] NoteError),
    /// The text has fewer than three lines, or an empty one.
    #[error("checkpoint text needs an origin, a size and a root, each on a line of its own, and no empty line")]
    Lines,
    /// The second line is not a tree size.
    #[error("checkpoint size `{text}` is not a decimal number from 0 to 9223372036854775807 without leading zeros")]
    Size {
        /// What stands there.
        text: String,
    },
    /// The third line is not a root hash.
    #[error("checkpoint root cannot be read")]
    Root(#[source] HashError),
    /// It is another log's.
    #[error("checkpoint is of log `{found}`, not of `{expected}`")]
    Origin {
        /// The log whose key was given.
        expected: KeyName,
        /// The log that the checkpoint names.
        found: String,
    },
    /// The witness's key is a log's key.
    #[error("`{name}` has a note key; a cosignature needs a witness key")]
    NotAWitness {
        /// The key's name.
        name: KeyName,
    },
}

impl Checkpoint {
    /// Signs a checkpoint for the tree of `size` entries with this root.
    pub(crate) fn sign(size: u64, root: Hash, key: &SigningKey) -> Self {
        let origin = key.name().to_string();
        let mut note = Note::unsigned(format!("{origin}\n{size}\n{root}\n"));
        note.sign(key);
        Checkpoint { note, origin, size, root }
    }

    /// Reads a checkpoint. Its signatures are not checked; extension lines are kept and not interpreted.
    ///
    /// # Errors
    ///
    /// Refuses bytes that are not a signed note with an origin, a size and a root.
    pub fn parse(bytes: &[u8]) -> Result<Self, CheckpointError> {
        let note = Note::parse(bytes).map_err(CheckpointError::Note)?;
        let lines: Vec<&str> = note.text().trim_end_matches('\n').split('\n').collect();
        let [origin, size, root, ..] = lines[..] else {
            return Err(CheckpointError::Lines);
        };
        if lines.iter().any(|line| line.is_empty()) || note.text().ends_with("\n\n") {
            return Err(CheckpointError::Lines);
        }
        let origin = origin.to_owned();
        let size = size
            .parse()
            .ok()
            .filter(|number: &u64| *number <= MAX_SIZE && number.to_string() == size)
            .ok_or_else(|| CheckpointError::Size { text: size.to_owned() })?;
        let root = Hash::parse(root).map_err(CheckpointError::Root)?;
        Ok(Checkpoint { note, origin, size, root })
    }

    /// The log that speaks.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Entries in the tree.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root of the tree (RFC 6962 Merkle tree hash).
    pub fn root(&self) -> Hash {
        self.root
    }

    /// The note with its text and signature lines.
    pub fn note(&self) -> &Note {
        &self.note
    }

    /// Checks that the log with this key has signed. Signatures of other keys are ignored.
    ///
    /// # Errors
    ///
    /// Refuses a checkpoint of another origin than the key's name, one without a signature of the key, and one whose
    /// signature of the key does not hold.
    pub fn verify(&self, log: &VerifierKey) -> Result<(), CheckpointError> {
        if self.origin != log.name().as_str() {
            return Err(CheckpointError::Origin { expected: log.name().clone(), found: self.origin.clone() });
        }
        self.note.verify(&[log]).map(drop).map_err(CheckpointError::Note)
    }

    /// Checks that this witness has cosigned; yields when, in seconds since 1970, as the witness states it.
    ///
    /// # Errors
    ///
    /// Refuses a key that is no witness key, and a missing or wrong cosignature.
    pub fn verify_cosignature(&self, witness: &VerifierKey) -> Result<u64, CheckpointError> {
        let verified = self.note.verify(&[witness]).map_err(CheckpointError::Note)?;
        verified
            .into_iter()
            .find_map(|signature| signature.time_secs)
            .ok_or_else(|| CheckpointError::NotAWitness { name: witness.name().clone() })
    }

    /// A witness's cosignature over this checkpoint, made at `time_secs` seconds since 1970, at most 2^63 - 1.
    ///
    /// It states that the witness has seen no larger tree of this log and that this one is consistent with all it saw
    /// before. The caller must have checked that, and stored it, before calling.
    pub fn cosign(&self, witness: &WitnessKey, time_secs: u64) -> NoteSignature {
        let verifier = witness.verifier_key();
        NoteSignature {
            name: verifier.name().clone(),
            id: verifier.id(),
            bytes: witness.sign(self.note.text(), time_secs),
        }
    }

    /// The same checkpoint with one more signature line, in place of an earlier one by the same key. Not checked.
    #[must_use]
    pub fn with_signature(mut self, signature: NoteSignature) -> Self {
        self.note.add(signature);
        self
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.note.fmt(f)
    }
}
