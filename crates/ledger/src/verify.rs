//! Verification of a ledger's folder, offline and from its bytes alone.
//!
//! Trust flows down: from the signed root to the tiles at the right edge, from each tile to the tiles (and at last the
//! bundles) below it. Where a stored tile does not have the hash it should have, its content is computed again from
//! below, first from the tiles under it and then from the entries; if that gives the hash, the stored tile is the one
//! that was changed and everything below it can still be judged.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use thiserror::Error;

use crate::{
    checkpoint::{Checkpoint, CheckpointError},
    files::{FileError, list_if_present, read_if_present},
    key::VerifierKey,
    log::{CHECKPOINT, LAST_SIGNED},
    store::TileNodes,
    tile::{BadTile, TILE_HEIGHT, TILE_WIDTH, Tile, TileKind, decode_entries, decode_hashes, hashes_at, partial_edge},
    tree::{Hash, empty_root, leaf_hash, node_hash, range_root, row_root},
};

/// How often a ledger that grows while it is read is read again.
const MAX_ATTEMPTS: u32 = 5;

/// A ledger whose every file below `tile/` was checked.
#[derive(Clone, Debug)]
pub struct Verified {
    /// The checkpoint that it agrees with.
    pub checkpoint: Checkpoint,
    /// Files that are no part of the tree, in order of path.
    pub warnings: Vec<Warning>,
}

/// A file that is no part of the tree and says nothing against it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Warning {
    /// Path below the ledger's folder.
    pub path: Utf8PathBuf,
    /// What it is.
    pub kind: WarningKind,
}

/// What a file is that is no part of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Error)]
pub enum WarningKind {
    /// A tile beyond the checkpoint's size, as an append leaves it that was interrupted or is still at work.
    #[error("lies beyond the tree of the checkpoint")]
    BeyondTree,
    /// Not a tile at all.
    #[error("is not a tile")]
    NotATile,
}

/// A file that does not agree with the checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Path below the ledger's folder.
    pub path: Utf8PathBuf,
    /// What is wrong with it.
    pub kind: FaultKind,
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FaultKind {
    /// The tree has it, the folder does not.
    #[error("is missing")]
    Missing,
    /// Its bytes have the wrong shape.
    #[error("{0}")]
    Malformed(BadTile),
    /// It does not hold what the checkpoint commits to.
    #[error("was changed")]
    Changed,
    /// It and a neighbour contradict each other, and so much else is wrong that the root cannot decide between them.
    #[error("contradicts `{0}`")]
    Contradicts(Utf8PathBuf),
    /// For a checkpoint: the tiles agree with each other, but not with it.
    #[error("has another root than the tiles")]
    OtherRoot,
}

/// Why a ledger does not verify.
#[derive(Debug, Error)]
pub enum VerifyError {
    /// There is no checkpoint.
    #[error("failed to verify ledger `{dir}`: it has no file `checkpoint`")]
    NoCheckpoint {
        /// The folder.
        dir: Utf8PathBuf,
    },
    /// A checkpoint file is malformed or not signed by the key.
    #[error("failed to verify ledger `{dir}`: file `{path}` is refused")]
    Checkpoint {
        /// The folder.
        dir: Utf8PathBuf,
        /// Path below the folder.
        path: Utf8PathBuf,
        /// What is wrong with it.
        source: CheckpointError,
    },
    /// An older checkpoint was put back.
    #[error(
        "failed to verify ledger `{dir}`: file `checkpoint` has {size} entries and does not continue file \
         `last-signed`, which has {published_size}"
    )]
    RolledBack {
        /// The folder.
        dir: Utf8PathBuf,
        /// Entries in the checkpoint.
        size: u64,
        /// Entries in the checkpoint signed last.
        published_size: u64,
    },
    /// Files do not agree with the checkpoint.
    #[error("failed to verify ledger `{dir}`: {}", summary(.faults))]
    Files {
        /// The folder.
        dir: Utf8PathBuf,
        /// Every file found at fault, at least one.
        faults: Vec<Fault>,
    },
    /// A file could not be read.
    #[error(transparent)]
    File(#[from] FileError),
}

/// Checks a ledger's folder against the log's public key, without anything else.
///
/// Checks the checkpoint's signature; that the tree has exactly the tiles its size asks for; every entry against its
/// hash, every hash tile against the one above it, and the top against the checkpoint's root; and every partial tile of
/// an earlier size that is still there against the tile that outgrew it. A changed byte in any tile or bundle is found
/// and its file named. Tiles beyond the tree and files that are not tiles become warnings.
///
/// A whole folder put back to an earlier state is consistent and verifies: only a checkpoint kept elsewhere, or a
/// witness, can tell. Compare [`Verified::checkpoint`] with one.
///
/// May run beside a writer.
///
/// # Errors
///
/// [`VerifyError::Files`] lists every file at fault; the other errors stop the check at once.
pub fn verify(dir: &Utf8Path, log: &VerifierKey) -> Result<Verified, VerifyError> {
    let mut attempt = 1;
    loop {
        let read = read_if_present(&dir.join(CHECKPOINT))?;
        let outcome = verify_once(dir, log, read.as_deref());
        // A writer may have removed a partial tile, or moved `last-signed` on, after the checkpoint was read.
        let moved_on = attempt < MAX_ATTEMPTS && outcome.is_err() && read_if_present(&dir.join(CHECKPOINT))? != read;
        if !moved_on {
            return outcome;
        }
        attempt += 1;
    }
}

fn verify_once(dir: &Utf8Path, log: &VerifierKey, read: Option<&[u8]>) -> Result<Verified, VerifyError> {
    let bytes = read.ok_or_else(|| VerifyError::NoCheckpoint { dir: dir.to_owned() })?;
    let checkpoint = signed_checkpoint(dir, log, CHECKPOINT, bytes)?;
    let last_signed = read_if_present(&dir.join(LAST_SIGNED))?
        .map(|bytes| signed_checkpoint(dir, log, LAST_SIGNED, &bytes))
        .transpose()?;

    let mut audit = Audit { dir, size: checkpoint.size(), earlier: BTreeMap::new(), faults: vec![], warnings: vec![] };
    audit.sort_files("tile".into())?;
    audit.check_tree(checkpoint.root())?;
    let Audit { mut faults, mut warnings, .. } = audit;
    if !faults.is_empty() {
        faults.sort_by(|a, b| a.path.cmp(&b.path));
        return Err(VerifyError::Files { dir: dir.to_owned(), faults });
    }
    if let Some(last_signed) = last_signed {
        continues(dir, &checkpoint, &last_signed)?;
    }
    warnings.sort();
    Ok(Verified { checkpoint, warnings })
}

fn signed_checkpoint(dir: &Utf8Path, log: &VerifierKey, name: &str, bytes: &[u8]) -> Result<Checkpoint, VerifyError> {
    Checkpoint::parse(bytes)
        .and_then(|checkpoint| checkpoint.verify(log).map(|()| checkpoint))
        .map_err(|source| VerifyError::Checkpoint { dir: dir.to_owned(), path: name.into(), source })
}

fn continues(dir: &Utf8Path, checkpoint: &Checkpoint, earlier: &Checkpoint) -> Result<(), VerifyError> {
    let (size, published_size) = (checkpoint.size(), earlier.size());
    let same = published_size <= size
        // Every tile has just been read and found right; one that is gone now is no prefix either.
        && range_root(&mut TileNodes::new(dir, size), 0, published_size).is_ok_and(|root| root == earlier.root());
    if same { Ok(()) } else { Err(VerifyError::RolledBack { dir: dir.to_owned(), size, published_size }) }
}

/// Names the first faults and counts the rest.
fn summary(faults: &[Fault]) -> String {
    const SHOWN: usize = 8;
    let mut parts: Vec<String> =
        faults.iter().take(SHOWN).map(|fault| format!("file `{}` {}", fault.path, fault.kind)).collect();
    if faults.len() > SHOWN {
        parts.push(format!("and {} more files", faults.len() - SHOWN));
    }
    parts.join("; ")
}

/// The check of one folder against one tree size.
struct Audit<'a> {
    dir: &'a Utf8Path,
    size: u64,
    /// Widths of the partial tiles of earlier sizes that are still there, by the tile that outgrew them.
    earlier: BTreeMap<(TileKind, u64), Vec<u16>>,
    faults: Vec<Fault>,
    warnings: Vec<Warning>,
}

impl Audit<'_> {
    /// Looks at every file below `path` and says what it is: of the tree, of an earlier size, or neither.
    fn sort_files(&mut self, path: &Utf8Path) -> Result<(), FileError> {
        for (name, kind) in list_if_present(&self.dir.join(path))?.unwrap_or_default() {
            let path = path.join(name);
            if kind.is_dir() {
                self.sort_files(&path)?;
                continue;
            }
            let Some(tile) = Tile::parse(path.as_str()) else {
                self.warnings.push(Warning { path, kind: WarningKind::NotATile });
                continue;
            };
            let width = Tile::at(tile.kind, tile.index, self.size).map_or(0, |tile| tile.width);
            if tile.width > width {
                self.warnings.push(Warning { path, kind: WarningKind::BeyondTree });
            } else if tile.width < width {
                self.earlier.entry((tile.kind, tile.index)).or_default().push(tile.width);
            }
        }
        Ok(())
    }

    /// Checks the whole tree, from the root down.
    fn check_tree(&mut self, root: Hash) -> Result<(), FileError> {
        let levels = (0..).map(TileKind::Hashes).take_while(|kind| hashes_at(*kind, self.size) > 0);
        let edges: Vec<Tile> = levels.filter_map(|kind| partial_edge(kind, self.size)).collect();
        let mut stored = Vec::new();
        for edge in &edges {
            stored.push(Vec::from_iter(self.read_hashes(*edge)?.ok()));
        }
        let mut chosen = choose_edges(&stored, root);
        if chosen.is_none() {
            // Only now, since computing the edge again may mean to read every entry.
            let mut versions = Vec::new();
            for edge in &edges {
                versions.push(self.versions_of_edge(*edge)?);
            }
            chosen = choose_edges(&versions, root);
            if chosen.is_none() {
                self.blame_edges(&edges, &versions);
            }
        }
        for (at, edge) in edges.into_iter().enumerate() {
            let truth = chosen.as_ref().map(|chosen| chosen[at].clone());
            let stored = self.read_hashes(edge)?;
            self.check_hashes(edge, stored, truth)?;
        }
        Ok(())
    }

    /// What a partial tile at the right edge may truly hold: as stored, and as computed from below.
    fn versions_of_edge(&self, edge: Tile) -> Result<Vec<Vec<Hash>>, FileError> {
        let stored = self.read_hashes(edge)?.ok();
        let from_tiles = self.hashes_from_tiles_below(edge)?;
        let from_entries = self.hashes_from_entries(edge)?;
        let mut versions: Vec<Vec<Hash>> = Vec::new();
        for version in [stored, from_tiles, from_entries].into_iter().flatten() {
            if !versions.contains(&version) {
                versions.push(version);
            }
        }
        Ok(versions)
    }

    /// Names what can be named when no choice of edge tiles gives the root.
    fn blame_edges(&mut self, edges: &[Tile], versions: &[Vec<Vec<Hash>>]) {
        let mut named = false;
        for (edge, versions) in edges.iter().zip(versions) {
            // A missing or malformed edge is named where its file is checked.
            named |= versions.len() != 1;
            if versions.len() > 1 {
                let below = below(*edge);
                self.fault(*edge, FaultKind::Contradicts(below.path()));
                self.fault(below, FaultKind::Contradicts(edge.path()));
            }
        }
        if !named {
            self.faults.push(Fault { path: CHECKPOINT.into(), kind: FaultKind::OtherRoot });
        }
    }

    /// Checks a full tile that must hash to `expected`, or, below a tile that is lost, to anything.
    fn check_full(&mut self, tile: Tile, expected: Option<Hash>) -> Result<(), FileError> {
        let stored = self.read_hashes(tile)?;
        let Some(expected) = expected else {
            return self.check_hashes(tile, stored, None);
        };
        let is_expected = |row: &Vec<Hash>| row_root(row) == expected;
        let mut truth = stored.as_ref().ok().filter(|row| is_expected(row)).cloned();
        if truth.is_none() {
            truth = self.hashes_from_tiles_below(tile)?.filter(is_expected);
        }
        if truth.is_none() {
            truth = self.hashes_from_entries(tile)?.filter(is_expected);
        }
        if truth.is_none() && stored.is_ok() {
            self.fault(tile, FaultKind::Changed);
        }
        self.check_hashes(tile, stored, truth)
    }

    /// Checks a hash tile against its true content, as far as that is known, and then everything below it.
    fn check_hashes(
        &mut self,
        tile: Tile,
        stored: Result<Vec<Hash>, FaultKind>,
        truth: Option<Vec<Hash>>,
    ) -> Result<(), FileError> {
        let stored = match stored {
            Ok(row) => Some(row),
            Err(fault) => {
                self.fault(tile, fault);
                None
            }
        };
        if let (Some(stored), Some(truth)) = (&stored, &truth)
            && stored != truth
        {
            self.fault(tile, FaultKind::Changed);
        }
        for partial in self.earlier_sizes(tile) {
            let found = self.read_hashes(partial)?;
            self.check_prefix(partial, found, tile, truth.as_deref().or(stored.as_deref()), truth.is_some());
        }
        let TileKind::Hashes(level) = tile.kind else { return Ok(()) };
        if level == 0 {
            return self.check_entries(tile, stored.as_deref(), truth.as_deref());
        }
        for (child, at) in children(tile, level).zip(0..) {
            self.check_full(child, truth.as_ref().map(|truth| truth[at]))?;
        }
        Ok(())
    }

    /// Checks the bundle under a level-0 tile.
    fn check_entries(
        &mut self,
        leaves: Tile,
        stored: Option<&[Hash]>,
        truth: Option<&[Hash]>,
    ) -> Result<(), FileError> {
        let bundle = Tile { kind: TileKind::Entries, ..leaves };
        let found = self.read_leaves(bundle)?;
        match (&found, truth, stored) {
            (Err(fault), _, _) => self.fault(bundle, fault.clone()),
            (Ok(found), Some(truth), _) if found != truth => self.fault(bundle, FaultKind::Changed),
            (Ok(found), None, Some(stored)) if found != stored => {
                self.fault(bundle, FaultKind::Contradicts(leaves.path()));
                self.fault(leaves, FaultKind::Contradicts(bundle.path()));
            }
            _ => {}
        }
        for partial in self.earlier_sizes(bundle) {
            let part = self.read_leaves(partial)?;
            let whole = truth.or(found.as_deref().ok()).or(stored);
            self.check_prefix(partial, part, bundle, whole, truth.is_some());
        }
        Ok(())
    }

    /// Checks a partial tile of an earlier size against the tile that outgrew it.
    fn check_prefix(
        &mut self,
        partial: Tile,
        found: Result<Vec<Hash>, FaultKind>,
        tile: Tile,
        whole: Option<&[Hash]>,
        certain: bool,
    ) {
        match (found, whole) {
            // It was there when the folder was listed: a writer has just removed it, as it may.
            (Err(FaultKind::Missing), _) => {}
            (Err(fault), _) => self.fault(partial, fault),
            (Ok(found), Some(whole)) if !whole.starts_with(&found) => {
                let kind = if certain { FaultKind::Changed } else { FaultKind::Contradicts(tile.path()) };
                self.fault(partial, kind);
            }
            _ => {}
        }
    }

    fn earlier_sizes(&self, tile: Tile) -> Vec<Tile> {
        let widths = self.earlier.get(&(tile.kind, tile.index)).map_or(&[][..], Vec::as_slice);
        widths.iter().map(|width| Tile { width: *width, ..tile }).collect()
    }

    /// What a hash tile should hold, computed from the stored tiles (or the bundle) right below it.
    fn hashes_from_tiles_below(&self, tile: Tile) -> Result<Option<Vec<Hash>>, FileError> {
        match tile.kind {
            TileKind::Hashes(level) if level > 0 => {
                let mut row = Vec::with_capacity(usize::from(tile.width));
                for child in children(tile, level) {
                    let Ok(hashes) = self.read_hashes(child)? else { return Ok(None) };
                    row.push(row_root(&hashes));
                }
                Ok(Some(row))
            }
            _ => self.hashes_from_entries(tile),
        }
    }

    /// What a hash tile should hold, computed from the entries alone.
    fn hashes_from_entries(&self, tile: Tile) -> Result<Option<Vec<Hash>>, FileError> {
        match tile.kind {
            TileKind::Hashes(level) if level > 0 => {
                let mut row = Vec::with_capacity(usize::from(tile.width));
                for child in children(tile, level) {
                    let Some(hashes) = self.hashes_from_entries(child)? else { return Ok(None) };
                    row.push(row_root(&hashes));
                }
                Ok(Some(row))
            }
            _ => Ok(self.read_leaves(Tile { kind: TileKind::Entries, ..tile })?.ok()),
        }
    }

    /// The hashes in a hash tile, exactly as wide as its name says.
    fn read_hashes(&self, tile: Tile) -> Result<Result<Vec<Hash>, FaultKind>, FileError> {
        Ok(self.read(tile)?.and_then(|bytes| decode_hashes(&bytes, tile.width).map_err(FaultKind::Malformed)))
    }

    /// The hashes of the entries in a bundle.
    fn read_leaves(&self, bundle: Tile) -> Result<Result<Vec<Hash>, FaultKind>, FileError> {
        Ok(self.read(bundle)?.and_then(|bytes| {
            let entries = decode_entries(&bytes, bundle.width).map_err(FaultKind::Malformed)?;
            Ok(entries.into_iter().map(leaf_hash).collect())
        }))
    }

    fn read(&self, tile: Tile) -> Result<Result<Vec<u8>, FaultKind>, FileError> {
        Ok(read_if_present(&self.dir.join(tile.path()))?.ok_or(FaultKind::Missing))
    }

    /// Notes a fault; the first that is found about a file stands.
    fn fault(&mut self, tile: Tile, kind: FaultKind) {
        let path = tile.path();
        if self.faults.iter().all(|fault| fault.path != path) {
            self.faults.push(Fault { path, kind });
        }
    }
}

/// The full tiles whose roots a tile at `level`, above 0, holds.
fn children(tile: Tile, level: u8) -> impl Iterator<Item = Tile> {
    let first = tile.index * u64::from(TILE_WIDTH);
    (first..first + u64::from(tile.width)).map(move |index| Tile {
        kind: TileKind::Hashes(level - 1),
        index,
        width: TILE_WIDTH,
    })
}

/// The last file right below a hash tile.
fn below(tile: Tile) -> Tile {
    match tile.kind {
        TileKind::Hashes(level) if level > 0 => children(tile, level).last().unwrap_or(tile),
        _ => Tile { kind: TileKind::Entries, ..tile },
    }
}

/// Chooses one version of each edge tile, lowest level first, so that together they hash to the root.
///
/// There are at most eight levels and three versions, and on an unchanged ledger one version each.
fn choose_edges(versions: &[Vec<Vec<Hash>>], root: Hash) -> Option<Vec<Vec<Hash>>> {
    fn search<'a>(
        versions: &'a [Vec<Vec<Hash>>],
        below: Option<Hash>,
        root: Hash,
        chosen: &mut Vec<&'a Vec<Hash>>,
    ) -> bool {
        let Some((first, rest)) = versions.split_first() else {
            return below.unwrap_or_else(empty_root) == root;
        };
        first.iter().any(|version| {
            chosen.push(version);
            let found = search(rest, Some(edge_root(version, below)), root, chosen);
            if !found {
                chosen.pop();
            }
            found
        })
    }
    let mut chosen = Vec::new();
    search(versions, None, root, &mut chosen).then(|| chosen.into_iter().cloned().collect())
}

/// The root over an edge tile and what lies to its right, whose root is `right`.
fn edge_root(row: &[Hash], right: Option<Hash>) -> Hash {
    let mut rest = row;
    let mut right = right;
    for height in 0..TILE_HEIGHT {
        if row.len() >> height & 1 == 1 {
            let (before, subtree) = rest.split_at(rest.len() - (1 << height));
            let left = row_root(subtree);
            right = Some(right.map_or(left, |right| node_hash(left, right)));
            rest = before;
        }
    }
    right.unwrap_or_else(empty_root)
}
