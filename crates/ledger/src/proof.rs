//! Checking inclusion and consistency proofs (RFC 9162 sections 2.1.3.2 and 2.1.4.2), and the `.tlog-proof` file
//! (C2SP tlog-proof).
//!
//! The checks walk from the leaf up and share nothing with the code that makes proofs, which divides from the root down.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use thiserror::Error;

use crate::{
    checkpoint::{Checkpoint, CheckpointError},
    key::VerifierKey,
    tree::{Hash, HashError, empty_root, leaf_hash, node_hash},
};

const HEADER: &str = "c2sp.org/tlog-proof@v1";
/// A path has at most one hash for each bit of the index.
const MAX_PATH: usize = 63;

/// A proof that was refused.
#[derive(Debug, Error)]
pub enum ProofError {
    /// The entry is not shown to be in the tree.
    #[error("proof does not show entry {index} to be in the tree of {size} entries")]
    NotIncluded {
        /// Index of the entry.
        index: u64,
        /// Entries in the tree.
        size: u64,
    },
    /// The older tree is not shown to be a prefix of the newer.
    #[error("proof does not show the tree of {old_size} entries to be a prefix of the tree of {new_size}")]
    Inconsistent {
        /// Entries in the older tree.
        old_size: u64,
        /// Entries in the newer tree.
        new_size: u64,
    },
    /// The file has not the form of a `.tlog-proof`.
    #[error("not a proof file: {reason}")]
    Malformed {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A hash of the path cannot be read.
    #[error("hash {position} of the proof cannot be read")]
    PathHash {
        /// Place in the path, from zero.
        position: usize,
        /// What is wrong with it.
        source: HashError,
    },
    /// The checkpoint in the file is refused.
    #[error("checkpoint of the proof is refused")]
    Checkpoint(#[source] CheckpointError),
}

/// Checks that the entry with this hash is number `index` of the tree with `size` entries and this root.
///
/// # Errors
///
/// Refuses a path that does not lead from the entry to the root.
pub fn verify_inclusion(leaf: Hash, index: u64, size: u64, path: &[Hash], root: Hash) -> Result<(), ProofError> {
    let refused = ProofError::NotIncluded { index, size };
    if index >= size {
        return Err(refused);
    }
    let mut climb = Climb { node: index, last: size - 1 };
    let mut hash = leaf;
    for step in path {
        match climb.step() {
            Some(Side::Left) => hash = node_hash(*step, hash),
            Some(Side::Right) => hash = node_hash(hash, *step),
            None => return Err(refused),
        }
    }
    if climb.last == 0 && hash == root { Ok(()) } else { Err(refused) }
}

/// Checks that the tree of `old_size` entries is a prefix of the tree of `new_size`.
///
/// # Errors
///
/// Refuses a path that does not lead to both roots. An empty tree is a prefix of every tree, by an empty path.
pub fn verify_consistency(
    old_size: u64,
    old_root: Hash,
    new_size: u64,
    new_root: Hash,
    path: &[Hash],
) -> Result<(), ProofError> {
    let refused = ProofError::Inconsistent { old_size, new_size };
    let holds = if old_size > new_size {
        false
    } else if old_size == new_size {
        path.is_empty() && old_root == new_root && (old_size > 0 || old_root == empty_root())
    } else if old_size == 0 {
        path.is_empty() && old_root == empty_root()
    } else {
        climb_both(old_size, new_size, path, old_root) == Some((old_root, new_root))
    };
    if holds { Ok(()) } else { Err(refused) }
}

/// The old and new root to which a consistency path leads; none if its length is wrong.
fn climb_both(old_size: u64, new_size: u64, path: &[Hash], old_root: Hash) -> Option<(Hash, Hash)> {
    // The path starts at the largest subtree that ends where the old tree ends. When that is the whole old tree, its
    // hash is the old root and is left out.
    let skipped = old_size.trailing_zeros();
    let mut climb = Climb { node: (old_size - 1) >> skipped, last: (new_size - 1) >> skipped };
    let (start, steps) = if old_size.is_power_of_two() {
        (old_root, path)
    } else {
        path.split_first().map(|(first, rest)| (*first, rest))?
    };
    let (mut old, mut new) = (start, start);
    for step in steps {
        match climb.step()? {
            Side::Left => {
                old = node_hash(*step, old);
                new = node_hash(*step, new);
            }
            Side::Right => new = node_hash(new, *step),
        }
    }
    (climb.last == 0).then_some((old, new))
}

/// On which side of the node the next hash of a path stands.
enum Side {
    Left,
    Right,
}

/// A way from a node up to the root: the node's place in its row and that of the row's last node.
struct Climb {
    node: u64,
    last: u64,
}

impl Climb {
    /// Goes to the next row in which the node has a sibling; none above the root.
    fn step(&mut self) -> Option<Side> {
        if self.last == 0 {
            return None;
        }
        let side = if self.node & 1 == 1 || self.node == self.last {
            // The last node of an odd row has no sibling and rises unchanged.
            while self.node & 1 == 0 && self.node != 0 {
                self.node >>= 1;
                self.last >>= 1;
            }
            Side::Left
        } else {
            Side::Right
        };
        self.node >>= 1;
        self.last >>= 1;
        Some(side)
    }
}

/// A proof that an entry is in a log, to be checked offline: the content of a `.tlog-proof` file (C2SP tlog-proof).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlogProof {
    /// Bytes for the application's own use. Nothing authenticates them.
    pub extra: Option<Vec<u8>>,
    /// Index of the entry in the log, from zero.
    pub index: u64,
    /// Inclusion path, leaf's sibling first.
    pub path: Vec<Hash>,
    /// The log's checkpoint, with any cosignatures.
    pub checkpoint: Checkpoint,
}

impl TlogProof {
    /// Reads the bytes of a `.tlog-proof` file. Nothing is checked but the form.
    ///
    /// # Errors
    ///
    /// Refuses bytes of another form.
    pub fn parse(bytes: &[u8]) -> Result<Self, ProofError> {
        let refuse = |reason| ProofError::Malformed { reason };
        let text = str::from_utf8(bytes).map_err(|_| refuse("it is not UTF-8"))?;
        let (head, checkpoint) =
            text.split_once("\n\n").ok_or_else(|| refuse("no empty line sets the checkpoint apart"))?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(HEADER) {
            return Err(refuse("its first line is not `c2sp.org/tlog-proof@v1`"));
        }
        let extra = lines
            .next_if(|line| line.starts_with("extra "))
            .map(|line| BASE64.decode(&line["extra ".len()..]))
            .transpose()
            .map_err(|_| refuse("its extra data is not base64"))?;
        let index = lines
            .next()
            .and_then(|line| line.strip_prefix("index "))
            .and_then(|text| text.parse().ok().filter(|index: &u64| index.to_string() == text))
            .ok_or_else(|| refuse("it has no line `index N`"))?;
        let path = lines
            .enumerate()
            .map(|(position, line)| Hash::parse(line).map_err(|source| ProofError::PathHash { position, source }))
            .collect::<Result<Vec<_>, _>>()?;
        if path.len() > MAX_PATH {
            return Err(refuse("its path is longer than that of any tree"));
        }
        let checkpoint = Checkpoint::parse(checkpoint.as_bytes()).map_err(ProofError::Checkpoint)?;
        Ok(TlogProof { extra, index, path, checkpoint })
    }

    /// Checks that the log with this key has signed a tree that has `entry` at [`TlogProof::index`].
    ///
    /// For witnesses, ask [`Checkpoint::verify_cosignature`] of [`TlogProof::checkpoint`].
    ///
    /// # Errors
    ///
    /// Refuses a checkpoint that the log has not signed, and a path that does not lead from the entry to its root.
    pub fn verify(&self, entry: &[u8], log: &VerifierKey) -> Result<(), ProofError> {
        self.checkpoint.verify(log).map_err(ProofError::Checkpoint)?;
        verify_inclusion(leaf_hash(entry), self.index, self.checkpoint.size(), &self.path, self.checkpoint.root())
    }
}

impl fmt::Display for TlogProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", BASE64.encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.path.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.checkpoint)
    }
}
