//! Tiles and entry bundles of C2SP tlog-tiles: their names, their widths at a tree size, and their bytes.

use std::fmt;

use camino::Utf8PathBuf;
use thiserror::Error;

use crate::tree::{HASH_BYTES, Hash};

/// Hashes in a full tile, and entries in a full bundle.
pub(crate) const TILE_WIDTH: u16 = 256;

/// Tree heights that one tile level spans.
pub(crate) const TILE_HEIGHT: u8 = 8;

/// The longest entry in bytes: a bundle prefixes each entry with its length as a `u16` (C2SP tlog-tiles).
pub const MAX_ENTRY_BYTES: usize = u16::MAX as usize;

/// What a tile holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TileKind {
    /// The entries themselves: an entry bundle.
    Entries,
    /// Hashes at this level, 0 to 63; level 0 holds the hashes of entries, level 1 those of 256 entries, and so on.
    Hashes(u8),
}

/// One file below `tile/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    /// What it holds.
    pub kind: TileKind,
    /// Its place within the level, from zero.
    pub index: u64,
    /// How many hashes or entries it holds, 1 to 256; below 256 it is a partial tile.
    pub width: u16,
}

/// A tile whose bytes have the wrong shape.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BadTile {
    /// A hash tile of another length than 32 bytes for each hash.
    #[error("holds {found_bytes} bytes; {width} hashes take {expected_bytes}")]
    HashBytes {
        /// Hashes that the name promises.
        width: u16,
        /// Bytes they take.
        expected_bytes: usize,
        /// Bytes found.
        found_bytes: usize,
    },
    /// A bundle that ends inside an entry.
    #[error("ends inside entry {position} of {width}")]
    CutShort {
        /// Place of the entry in the bundle, from zero.
        position: u16,
        /// Entries that the name promises.
        width: u16,
    },
    /// A bundle with bytes after its last entry.
    #[error("has {extra_bytes} bytes after the last of {width} entries")]
    Overlong {
        /// Entries that the name promises.
        width: u16,
        /// Bytes too many.
        extra_bytes: usize,
    },
}

impl Tile {
    /// The tile of this kind and index in a tree of `size` entries; none if the tree does not reach it.
    pub fn at(kind: TileKind, index: u64, size: u64) -> Option<Self> {
        let hashes = hashes_at(kind, size);
        let before = index.checked_mul(u64::from(TILE_WIDTH))?;
        let width = hashes.checked_sub(before)?.min(u64::from(TILE_WIDTH)) as u16;
        (width > 0).then_some(Tile { kind, index, width })
    }

    /// Reads a path such as `tile/0/x001/234.p/5`; none if it is not exactly as this crate would print it.
    pub fn parse(path: &str) -> Option<Self> {
        let (kind, rest) = path.strip_prefix("tile/")?.split_once('/')?;
        let kind = match kind {
            "entries" => TileKind::Entries,
            level => TileKind::Hashes(level.parse().ok().filter(|level| *level < 64)?),
        };
        let (groups, width) = match rest.split_once(".p/") {
            Some((groups, width)) => (groups, width.parse().ok().filter(|w| (1..TILE_WIDTH).contains(w))?),
            None => (rest, TILE_WIDTH),
        };
        let mut index: u64 = 0;
        for group in groups.split('/') {
            let digits: u64 = group.strip_prefix('x').unwrap_or(group).parse().ok()?;
            index = index.checked_mul(1000)?.checked_add(digits)?;
        }
        let tile = Tile { kind, index, width };
        // Printing again refuses every second spelling: leading zeros, signs, wrong group lengths, misplaced `x`.
        (tile.path().as_str() == path).then_some(tile)
    }

    /// The path below the ledger's folder, with `/` between its parts (C2SP tlog-tiles).
    pub fn path(&self) -> Utf8PathBuf {
        self.to_string().into()
    }

    /// The path of the folder with this tile's partial versions.
    pub(crate) fn partials_path(&self) -> Utf8PathBuf {
        format!("{}.p", Tile { width: TILE_WIDTH, ..*self }).into()
    }
}

impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TileKind::Entries => f.write_str("tile/entries")?,
            TileKind::Hashes(level) => write!(f, "tile/{level}")?,
        }
        let mut groups = vec![format!("{:03}", self.index % 1000)];
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups.push(format!("x{:03}", rest % 1000));
            rest /= 1000;
        }
        for group in groups.iter().rev() {
            write!(f, "/{group}")?;
        }
        if self.width < TILE_WIDTH {
            write!(f, ".p/{}", self.width)?;
        }
        Ok(())
    }
}

/// How many hashes (or entries) of this kind a tree of `size` entries has.
pub(crate) fn hashes_at(kind: TileKind, size: u64) -> u64 {
    match kind {
        TileKind::Entries => size,
        TileKind::Hashes(level) => size.checked_shr(u32::from(level) * u32::from(TILE_HEIGHT)).unwrap_or_default(),
    }
}

/// The rightmost tile of this kind if it is partial at `size` entries.
pub(crate) fn partial_edge(kind: TileKind, size: u64) -> Option<Tile> {
    Tile::at(kind, hashes_at(kind, size) / u64::from(TILE_WIDTH), size)
}

/// The bytes of a hash tile: its hashes one after another.
pub(crate) fn encode_hashes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| *hash.as_bytes()).collect()
}

/// Reads a hash tile of `width` hashes.
pub(crate) fn decode_hashes(bytes: &[u8], width: u16) -> Result<Vec<Hash>, BadTile> {
    let expected_bytes = usize::from(width) * HASH_BYTES;
    if bytes.len() != expected_bytes {
        return Err(BadTile::HashBytes { width, expected_bytes, found_bytes: bytes.len() });
    }
    let (hashes, _) = bytes.as_chunks();
    Ok(hashes.iter().copied().map(Hash::from_bytes).collect())
}

/// The bytes of an entry bundle: each entry after its length as a big-endian `u16`.
///
/// The caller has checked that no entry is longer than [`MAX_ENTRY_BYTES`].
pub(crate) fn encode_entries<'a>(entries: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in entries {
        bytes.extend_from_slice(&(entry.len() as u16).to_be_bytes());
        bytes.extend_from_slice(entry);
    }
    bytes
}

/// Reads a bundle of exactly `width` entries.
pub(crate) fn decode_entries(bytes: &[u8], width: u16) -> Result<Vec<&[u8]>, BadTile> {
    let mut rest = bytes;
    let mut entries = Vec::with_capacity(usize::from(width));
    for position in 0..width {
        let cut_short = BadTile::CutShort { position, width };
        let Some((length, after)) = rest.split_first_chunk() else {
            return Err(cut_short);
        };
        let Some((entry, after)) = after.split_at_checked(usize::from(u16::from_be_bytes(*length))) else {
            return Err(cut_short);
        };
        entries.push(entry);
        rest = after;
    }
    if !rest.is_empty() {
        return Err(BadTile::Overlong { width, extra_bytes: rest.len() });
    }
    Ok(entries)
}
