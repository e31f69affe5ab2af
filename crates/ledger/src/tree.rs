//! Merkle tree arithmetic of RFC 6962 section 2.1: hashes of leaves, nodes and ranges, and the two kinds of path.
//!
//! Nothing here reads a file. Subtree hashes come from a [`Nodes`], which in practice reads tiles.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use sha2::{Digest, Sha256};
use thiserror::Error;

/// Length of a [`Hash`] in bytes.
pub(crate) const HASH_BYTES: usize = 32;

/// A SHA-256 hash of a leaf, of a node or of a whole tree (RFC 6962 section 2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; HASH_BYTES]);

/// A text that is not a hash.
#[derive(Debug, Error)]
#[error("`{text}` is not the base64 of a 32-byte hash")]
pub struct HashError {
    text: String,
}

impl Hash {
    /// Takes the 32 bytes of a hash.
    pub fn from_bytes(bytes: [u8; HASH_BYTES]) -> Self {
        Hash(bytes)
    }

    /// Reads the base64 form, as checkpoints and proofs print it.
    ///
    /// # Errors
    ///
    /// Refuses anything but standard padded base64 of exactly 32 bytes.
    pub fn parse(text: &str) -> Result<Self, HashError> {
        BASE64
            .decode(text)
            .ok()
            .and_then(|bytes| <[u8; HASH_BYTES]>::try_from(bytes).ok())
            .map(Hash)
            .ok_or_else(|| HashError { text: text.to_owned() })
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; HASH_BYTES] {
        &self.0
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64.encode(self.0))
    }
}

/// The root of a tree without entries: the hash of the empty string.
pub fn empty_root() -> Hash {
    Hash(Sha256::digest(b"").into())
}

/// The hash of an entry: SHA-256 of a zero byte and the entry.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Hash(Sha256::new().chain_update([0]).chain_update(entry).finalize().into())
}

/// The hash of a node: SHA-256 of a byte 1, the left and the right hash.
pub(crate) fn node_hash(left: Hash, right: Hash) -> Hash {
    Hash(Sha256::new().chain_update([1]).chain_update(left.0).chain_update(right.0).finalize().into())
}

/// The root over a row of hashes of equal height.
pub(crate) fn row_root(row: &[Hash]) -> Hash {
    match row {
        [] => empty_root(),
        [only] => *only,
        _ => {
            let (left, right) = row.split_at(left_length(row.len() as u64) as usize);
            node_hash(row_root(left), row_root(right))
        }
    }
}

/// Where subtree hashes come from.
pub(crate) trait Nodes {
    /// Why a hash could not be had.
    type Error;

    /// The root of the complete subtree over the entries `index << height .. (index + 1) << height`.
    fn node(&mut self, height: u8, index: u64) -> Result<Hash, Self::Error>;
}

/// The root over the entries `start .. end`; over no entries, the empty root.
///
/// `start` must be a multiple of the largest power of two that is not above `end - start`, which holds for every range
/// that RFC 6962 speaks of.
pub(crate) fn range_root<N: Nodes>(nodes: &mut N, start: u64, end: u64) -> Result<Hash, N::Error> {
    let length = end - start;
    if length == 0 {
        return Ok(empty_root());
    }
    if length.is_power_of_two() {
        let height = length.trailing_zeros() as u8;
        return nodes.node(height, start >> height);
    }
    let middle = start + left_length(length);
    let left = range_root(nodes, start, middle)?;
    let right = range_root(nodes, middle, end)?;
    Ok(node_hash(left, right))
}

/// The inclusion path of entry `index` in the tree of `size` entries, leaf's sibling first (RFC 6962 section 2.1.1).
pub(crate) fn inclusion_path<N: Nodes>(nodes: &mut N, index: u64, size: u64) -> Result<Vec<Hash>, N::Error> {
    let (mut start, mut end) = (0, size);
    let mut path = Vec::new();
    while end - start > 1 {
        let middle = start + left_length(end - start);
        if index < middle {
            path.push(range_root(nodes, middle, end)?);
            end = middle;
        } else {
            path.push(range_root(nodes, start, middle)?);
            start = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// The path that shows the tree of `old` entries to be a prefix of the tree of `new` (RFC 6962 section 2.1.2).
///
/// Empty where `old` is zero or equals `new`: then there is nothing to show beyond the roots.
pub(crate) fn consistency_path<N: Nodes>(nodes: &mut N, old: u64, new: u64) -> Result<Vec<Hash>, N::Error> {
    let mut path = Vec::new();
    if old == 0 || old == new {
        return Ok(path);
    }
    let (mut start, mut end) = (0, new);
    while old != end {
        let middle = start + left_length(end - start);
        if old <= middle {
            path.push(range_root(nodes, middle, end)?);
            end = middle;
        } else {
            path.push(range_root(nodes, start, middle)?);
            start = middle;
        }
    }
    // While the range still begins at the first entry, its root is the old root, which the verifier has.
    if start != 0 {
        path.push(range_root(nodes, start, end)?);
    }
    path.reverse();
    Ok(path)
}

/// The largest power of two below `length`, which is at least two: the size of the left subtree.
fn left_length(length: u64) -> u64 {
    1 << (length - 1).ilog2()
}
