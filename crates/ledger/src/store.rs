//! Reading tiles of a ledger's folder.

use std::collections::HashMap;

use camino::{Utf8Path, Utf8PathBuf};
use thiserror::Error;

use crate::{
    files::{FileError, read_if_present},
    tile::{BadTile, TILE_HEIGHT, TILE_WIDTH, Tile, TileKind, decode_entries, decode_hashes},
    tree::{Hash, Nodes, leaf_hash, row_root},
};

/// A tile that could not be read.
#[derive(Debug, Error)]
pub enum TileError {
    /// The tree has the tile, the folder does not.
    #[error("tile `{path}` is missing")]
    Missing {
        /// Path of the tile.
        path: Utf8PathBuf,
    },
    /// The tile's bytes have the wrong shape.
    #[error("tile `{path}` is malformed")]
    Malformed {
        /// Path of the tile.
        path: Utf8PathBuf,
        /// What is wrong with it.
        source: BadTile,
    },
    /// A bundle's entries do not hash to the level-0 tile; `verify` tells which of the two was changed.
    #[error("entries in `{path}` do not match their hashes in `{hashes_path}`")]
    Mismatch {
        /// Path of the entry bundle.
        path: Utf8PathBuf,
        /// Path of the level-0 tile.
        hashes_path: Utf8PathBuf,
    },
    /// The tile could not be read.
    #[error(transparent)]
    File(#[from] FileError),
}

/// The bytes of a tile and the width that they have on disk, which is `tile.width` or the full width.
///
/// A partial tile may be gone once the full one exists (C2SP tlog-tiles), which a reader that runs beside a writer
/// can meet.
fn read_tile(dir: &Utf8Path, tile: Tile) -> Result<(Vec<u8>, Tile), TileError> {
    let full = Tile { width: TILE_WIDTH, ..tile };
    for candidate in [tile, full] {
        if let Some(bytes) = read_if_present(&dir.join(candidate.path()))? {
            return Ok((bytes, candidate));
        }
    }
    Err(TileError::Missing { path: dir.join(tile.path()) })
}

fn malformed(dir: &Utf8Path, tile: Tile) -> impl FnOnce(BadTile) -> TileError {
    move |source| TileError::Malformed { path: dir.join(tile.path()), source }
}

/// The hashes of a hash tile.
pub(crate) fn read_hashes(dir: &Utf8Path, tile: Tile) -> Result<Vec<Hash>, TileError> {
    let (bytes, found) = read_tile(dir, tile)?;
    let mut hashes = decode_hashes(&bytes, found.width).map_err(malformed(dir, found))?;
    hashes.truncate(usize::from(tile.width));
    Ok(hashes)
}

/// The entries of a bundle, once they match the hashes in the level-0 tile.
pub(crate) fn read_entries(dir: &Utf8Path, tile: Tile) -> Result<Vec<Vec<u8>>, TileError> {
    let (bytes, found) = read_tile(dir, tile)?;
    let mut entries = decode_entries(&bytes, found.width).map_err(malformed(dir, found))?;
    entries.truncate(usize::from(tile.width));
    let leaves = Tile { kind: TileKind::Hashes(0), ..tile };
    let hashes = read_hashes(dir, leaves)?;
    if !entries.iter().map(|entry| leaf_hash(entry)).eq(hashes) {
        return Err(TileError::Mismatch { path: dir.join(found.path()), hashes_path: dir.join(leaves.path()) });
    }
    Ok(entries.into_iter().map(<[u8]>::to_vec).collect())
}

/// Subtree hashes of the tree of `size` entries, read from its tiles; each tile is read once.
pub(crate) struct TileNodes<'a> {
    dir: &'a Utf8Path,
    size: u64,
    read: HashMap<(u8, u64), Vec<Hash>>,
}

impl<'a> TileNodes<'a> {
    pub(crate) fn new(dir: &'a Utf8Path, size: u64) -> Self {
        TileNodes { dir, size, read: HashMap::new() }
    }
}

impl Nodes for TileNodes<'_> {
    type Error = TileError;

    fn node(&mut self, height: u8, index: u64) -> Result<Hash, TileError> {
        let level = height / TILE_HEIGHT;
        let above = height % TILE_HEIGHT;
        let first = index << above;
        let tile_index = first / u64::from(TILE_WIDTH);
        let start = (first % u64::from(TILE_WIDTH)) as usize;
        let end = start + (1 << above);
        let kind = TileKind::Hashes(level);
        let row = match self.read.entry((level, tile_index)) {
            std::collections::hash_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::hash_map::Entry::Vacant(slot) => {
                let beyond = Tile { kind, index: tile_index, width: TILE_WIDTH };
                let tile = Tile::at(kind, tile_index, self.size)
                    .ok_or_else(|| TileError::Missing { path: self.dir.join(beyond.path()) })?;
                slot.insert(read_hashes(self.dir, tile)?)
            }
        };
        // The callers in this crate stay within `size`; a hash beyond the row is then a missing tile, not a panic.
        row.get(start..end).map(row_root).ok_or_else(|| TileError::Missing {
            path: self.dir.join(Tile { kind, index: tile_index, width: end as u16 }.path()),
        })
    }
}
