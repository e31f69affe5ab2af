//! The ledger itself: a folder that grows by whole appends.

use std::{
    fs::{self, File},
    ops::Range,
};

use camino::{Utf8Path, Utf8PathBuf};
use thiserror::Error;

use crate::{
    checkpoint::{Checkpoint, CheckpointError},
    files::{FileError, TEMPORARY, Writer, context, flush_folder, list_if_present, read_if_present},
    key::{KeyError, KeyName, SigningKey, VerifierKey},
    note::NoteSignature,
    proof::TlogProof,
    store::{TileError, TileNodes, read_entries, read_hashes},
    tile::{MAX_ENTRY_BYTES, TILE_WIDTH, Tile, TileKind, encode_entries, encode_hashes, hashes_at, partial_edge},
    tree::{Hash, consistency_path, inclusion_path, leaf_hash, range_root, row_root},
};

/// Name of the file with the newest checkpoint.
pub(crate) const CHECKPOINT: &str = "checkpoint";
/// Name of the file with the copy that guards against rollback.
pub(crate) const LAST_SIGNED: &str = "last-signed";
const ORIGIN: &str = "origin";
const LOCK: &str = "lock";

/// A ledger in a folder, open for reading and appending.
///
/// Any number may be open on one folder, in any number of processes: each append waits for the others and goes on from
/// what they left. Reading takes no lock.
///
/// | file | what it is |
/// | --- | --- |
/// | `checkpoint` | the signed size and root; replacing it is the moment an append takes effect |
/// | `tile/…` | hash tiles and entry bundles (C2SP tlog-tiles) |
/// | `origin` | the log's name, fixed when the ledger is created |
/// | `last-signed` | a copy of the newest checkpoint, written after it, to notice that an older one was put back |
/// | `lock` | held by the one writer |
/// | `.tmp` | the file being written; after a crash, rubbish |
///
/// The first two are the published log, and all that an auditor needs.
#[derive(Debug)]
pub struct Ledger {
    dir: Utf8PathBuf,
    origin: KeyName,
    /// The newest checkpoint that this value has seen; the tree may only grow from here.
    seen: Option<Checkpoint>,
}

/// An entry and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Index in the log, from zero.
    pub index: u64,
    /// The entry's bytes.
    pub bytes: Vec<u8>,
}

/// Why a ledger could not be opened, read or appended to.
#[derive(Debug, Error)]
pub enum LedgerError {
    /// There is something in the folder already.
    #[error("failed to create ledger in `{dir}`: the folder is not empty")]
    NotEmpty {
        /// The folder.
        dir: Utf8PathBuf,
    },
    /// The file with the log's name does not hold one.
    #[error("failed to open ledger `{dir}`: its file `origin` holds no log name")]
    Origin {
        /// The folder.
        dir: Utf8PathBuf,
        /// What is wrong with the name.
        source: KeyError,
    },
    /// The checkpoint, or the copy that guards against rollback, is refused.
    #[error("checkpoint file `{path}` is refused")]
    Checkpoint {
        /// Path of the file.
        path: Utf8PathBuf,
        /// What is wrong with it.
        source: CheckpointError,
    },
    /// The key is another log's.
    #[error("failed to append to ledger `{dir}` of log `{origin}`: the key is of `{key}`")]
    OtherKey {
        /// The folder.
        dir: Utf8PathBuf,
        /// The log's name.
        origin: KeyName,
        /// The key's name.
        key: KeyName,
    },
    /// An entry is too long for a bundle.
    #[error("failed to append entry {position} of the batch: it has {bytes} bytes, at most 65535 are allowed")]
    EntryTooLong {
        /// Place in the batch, from zero.
        position: usize,
        /// Its length.
        bytes: usize,
    },
    /// The checkpoint in the folder does not continue one that was published before.
    #[error(
        "ledger `{dir}` was rolled back: its checkpoint has {size} entries and does not continue the published one of \
         {published_size}; restore the newer copy, or start a new ledger with a new key"
    )]
    RolledBack {
        /// The folder.
        dir: Utf8PathBuf,
        /// Entries in the checkpoint, zero if it is missing.
        size: u64,
        /// Entries in the checkpoint published before.
        published_size: u64,
    },
    /// The tiles at the right edge do not hash to the checkpoint's root.
    #[error("tiles of ledger `{dir}` do not hash to the root of its checkpoint of {size} entries")]
    EdgeMismatch {
        /// The folder.
        dir: Utf8PathBuf,
        /// Entries in the checkpoint.
        size: u64,
    },
    /// No checkpoint has been published yet.
    #[error("ledger `{dir}` has no checkpoint yet")]
    NoCheckpoint {
        /// The folder.
        dir: Utf8PathBuf,
    },
    /// The tree has not that many entries.
    #[error("ledger `{dir}` has {size} entries, asked was for number {asked}")]
    OutOfRange {
        /// The folder.
        dir: Utf8PathBuf,
        /// Entries in the checkpoint.
        size: u64,
        /// The index or size that was asked for.
        asked: u64,
    },
    /// A tile could not be read.
    #[error(transparent)]
    Tile(#[from] TileError),
    /// A file operation failed.
    #[error(transparent)]
    File(#[from] FileError),
}

impl Ledger {
    /// Makes an empty ledger in a folder that is empty or does not exist.
    ///
    /// It has no checkpoint until the first [`Ledger::append`], which may be of no entries.
    ///
    /// # Errors
    ///
    /// Refuses a folder with anything in it, and fails if the folder cannot be written.
    pub fn create(dir: &Utf8Path, origin: &KeyName) -> Result<Self, LedgerError> {
        context(fs::create_dir_all(dir), "create folder", dir)?;
        // A stray `.tmp` is what an earlier attempt leaves that was cut off.
        if list_if_present(dir)?.unwrap_or_default().iter().any(|(name, _)| name != TEMPORARY) {
            return Err(LedgerError::NotEmpty { dir: dir.to_owned() });
        }
        let mut writer = Writer::new(dir);
        writer.replace(ORIGIN.into(), format!("{origin}\n").as_bytes())?;
        writer.flush()?;
        dir.parent().map(flush_folder).transpose()?;
        Ok(Ledger { dir: dir.to_owned(), origin: origin.clone(), seen: None })
    }

    /// Opens the ledger in a folder.
    ///
    /// # Errors
    ///
    /// Fails if the folder holds no ledger or its checkpoint cannot be read. The checkpoint's signature is checked by
    /// [`Ledger::append`] and by [`verify`](crate::verify()), not here.
    pub fn open(dir: &Utf8Path) -> Result<Self, LedgerError> {
        let path = dir.join(ORIGIN);
        let text = context(fs::read_to_string(&path), "read", &path)?;
        let origin = KeyName::parse(text.trim_end_matches('\n'))
            .map_err(|source| LedgerError::Origin { dir: dir.to_owned(), source })?;
        let mut ledger = Ledger { dir: dir.to_owned(), origin, seen: None };
        ledger.seen = ledger.read_checkpoint(CHECKPOINT)?;
        Ok(ledger)
    }

    /// The log's name.
    pub fn origin(&self) -> &KeyName {
        &self.origin
    }

    /// The newest published checkpoint, read from the folder; none before the first append.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be read or is malformed. Its signature is not checked.
    pub fn checkpoint(&self) -> Result<Option<Checkpoint>, LedgerError> {
        self.read_checkpoint(CHECKPOINT)
    }

    /// Appends entries and publishes a checkpoint that covers them: all of them, or on failure none.
    ///
    /// Waits for other writers. When it returns, the entries are on disk. Killed at any moment, it leaves the last
    /// checkpoint standing, and the next append writes over what it left. A caller that was interrupted cannot know on
    /// which side of that moment it was: look with [`Ledger::find_last`] before appending again.
    ///
    /// No entries and a checkpoint: nothing is written. No entries and no checkpoint: the empty tree is signed.
    ///
    /// Partial tiles of earlier sizes stay while their tile is partial, since a reader of an earlier checkpoint needs
    /// them, and are removed once the full tile is published (C2SP tlog-tiles allows it). After a crash just before the
    /// removal they stay; [`verify`](crate::verify()) checks every one that is there.
    ///
    /// # Errors
    ///
    /// Refuses an entry longer than [`MAX_ENTRY_BYTES`], and a key of another name than the log's. Refuses to sign if
    /// the present checkpoint is not signed by this key, if it does not continue the last one published, or if the
    /// tiles at the right edge do not hash to its root. If publishing succeeded and only the notes afterwards failed,
    /// the error is a [`FileError`] and the entries are in the ledger.
    pub fn append(&mut self, entries: &[Vec<u8>], signer: &SigningKey) -> Result<Checkpoint, LedgerError> {
        if let Some((position, entry)) = entries.iter().enumerate().find(|(_, entry)| entry.len() > MAX_ENTRY_BYTES) {
            return Err(LedgerError::EntryTooLong { position, bytes: entry.len() });
        }
        if *signer.name() != self.origin {
            return Err(LedgerError::OtherKey {
                dir: self.dir.clone(),
                origin: self.origin.clone(),
                key: signer.name().clone(),
            });
        }
        let _lock = self.lock()?;
        let head = self.checked_head(&signer.verifier_key())?;
        if let Some(head) = &head
            && entries.is_empty()
        {
            return Ok(head.clone());
        }
        let old_size = head.map_or(0, |head| head.size());
        let size = old_size + entries.len() as u64;

        let mut writer = Writer::new(&self.dir);
        self.write_bundles(&mut writer, old_size, entries)?;
        self.write_hashes(&mut writer, old_size, entries)?;
        writer.flush()?;

        // Read back from the files: the root that is signed is the root of what is on disk.
        let root = range_root(&mut TileNodes::new(&self.dir, size), 0, size)?;
        let checkpoint = Checkpoint::sign(size, root, signer);
        writer.replace(CHECKPOINT.into(), checkpoint.to_string().as_bytes())?;
        writer.flush()?;
        self.seen = Some(checkpoint.clone());
        writer.replace(LAST_SIGNED.into(), checkpoint.to_string().as_bytes())?;
        writer.flush()?;
        self.remove_outgrown_partials(old_size, size);
        Ok(checkpoint)
    }

    /// Adds a witness's cosignature to the published checkpoint.
    ///
    /// # Errors
    ///
    /// Refuses a cosignature that is not this witness's or not over the present checkpoint, which may have been
    /// replaced since the witness was asked.
    pub fn add_cosignature(
        &mut self,
        cosignature: NoteSignature,
        witness: &VerifierKey,
    ) -> Result<Checkpoint, LedgerError> {
        let _lock = self.lock()?;
        let head = self.published()?.with_signature(cosignature);
        head.verify_cosignature(witness)
            .map_err(|source| LedgerError::Checkpoint { path: self.dir.join(CHECKPOINT), source })?;
        let mut writer = Writer::new(&self.dir);
        writer.replace(CHECKPOINT.into(), head.to_string().as_bytes())?;
        writer.flush()?;
        Ok(head)
    }

    /// The entry at `index`.
    ///
    /// # Errors
    ///
    /// As [`Ledger::entries`].
    pub fn entry(&self, index: u64) -> Result<Vec<u8>, LedgerError> {
        let size = self.published_size()?;
        let kind = TileKind::Entries;
        let width = u64::from(TILE_WIDTH);
        Tile::at(kind, index / width, size)
            .map(|tile| read_entries(&self.dir, tile))
            .transpose()?
            .and_then(|entries| entries.into_iter().nth((index % width) as usize))
            .ok_or_else(|| self.out_of_range(size, index))
    }

    /// The entries in a range of indexes, in order. They are all held in memory: ask for a long log in pieces.
    ///
    /// # Errors
    ///
    /// Refuses a range beyond the published tree. Fails if a bundle is missing, malformed, or does not match its
    /// level-0 tile; that the tiles match the checkpoint is for [`verify`](crate::verify()) to check.
    pub fn entries(&self, range: Range<u64>) -> Result<Vec<Entry>, LedgerError> {
        let size = self.published_size()?;
        if range.end > size {
            return Err(self.out_of_range(size, range.end - 1));
        }
        let width = u64::from(TILE_WIDTH);
        let mut found = Vec::new();
        if range.is_empty() {
            return Ok(found);
        }
        for tile_index in range.start / width..range.end.div_ceil(width) {
            let Some(tile) = Tile::at(TileKind::Entries, tile_index, size) else { break };
            let entries = (tile_index * width..).zip(read_entries(&self.dir, tile)?);
            found.extend(
                entries.filter(|(index, _)| range.contains(index)).map(|(index, bytes)| Entry { index, bytes }),
            );
        }
        Ok(found)
    }

    /// The last `count` entries, or all if there are fewer, in order of index.
    ///
    /// For a caller that was interrupted while appending and must know whether its entries are in.
    ///
    /// # Errors
    ///
    /// As [`Ledger::entries`].
    pub fn find_last(&self, count: u64) -> Result<Vec<Entry>, LedgerError> {
        let size = self.published_size()?;
        self.entries(size.saturating_sub(count)..size)
    }

    /// The inclusion path of entry `index` in the tree of its first `size` entries, for
    /// [`verify_inclusion`](crate::verify_inclusion).
    ///
    /// # Errors
    ///
    /// Refuses an index beyond `size` and a size beyond the published tree; fails if a tile cannot be read.
    pub fn inclusion_proof(&self, index: u64, size: u64) -> Result<Vec<Hash>, LedgerError> {
        let published_size = self.published_size()?;
        if size > published_size {
            return Err(self.out_of_range(published_size, size));
        }
        if index >= size {
            return Err(self.out_of_range(size, index));
        }
        Ok(inclusion_path(&mut TileNodes::new(&self.dir, published_size), index, size)?)
    }

    /// The path that shows the tree of `old_size` entries to be a prefix of the tree of `new_size`, for
    /// [`verify_consistency`](crate::verify_consistency).
    ///
    /// # Errors
    ///
    /// Refuses an old size above the new and a new size beyond the published tree; fails if a tile cannot be read.
    pub fn consistency_proof(&self, old_size: u64, new_size: u64) -> Result<Vec<Hash>, LedgerError> {
        let published_size = self.published_size()?;
        if new_size > published_size {
            return Err(self.out_of_range(published_size, new_size));
        }
        if old_size > new_size {
            return Err(self.out_of_range(new_size, old_size));
        }
        Ok(consistency_path(&mut TileNodes::new(&self.dir, published_size), old_size, new_size)?)
    }

    /// A proof, to be checked offline, that entry `index` is in the published tree.
    ///
    /// # Errors
    ///
    /// Refuses an index beyond the published tree; fails if a tile cannot be read.
    pub fn prove(&self, index: u64) -> Result<TlogProof, LedgerError> {
        let checkpoint = self.published()?;
        if index >= checkpoint.size() {
            return Err(self.out_of_range(checkpoint.size(), index));
        }
        let path = inclusion_path(&mut TileNodes::new(&self.dir, checkpoint.size()), index, checkpoint.size())?;
        Ok(TlogProof { extra: None, index, path, checkpoint })
    }

    fn published(&self) -> Result<Checkpoint, LedgerError> {
        self.checkpoint()?.ok_or_else(|| LedgerError::NoCheckpoint { dir: self.dir.clone() })
    }

    fn published_size(&self) -> Result<u64, LedgerError> {
        Ok(self.checkpoint()?.map_or(0, |checkpoint| checkpoint.size()))
    }

    fn out_of_range(&self, size: u64, asked: u64) -> LedgerError {
        LedgerError::OutOfRange { dir: self.dir.clone(), size, asked }
    }

    fn read_checkpoint(&self, name: &str) -> Result<Option<Checkpoint>, LedgerError> {
        let path = self.dir.join(name);
        let refuse = |source| LedgerError::Checkpoint { path: path.clone(), source };
        let checkpoint = read_if_present(&path)?.map(|bytes| Checkpoint::parse(&bytes)).transpose().map_err(refuse)?;
        if let Some(checkpoint) = &checkpoint
            && checkpoint.origin() != self.origin.as_str()
        {
            let found = checkpoint.origin().to_owned();
            return Err(refuse(CheckpointError::Origin { expected: self.origin.clone(), found }));
        }
        Ok(checkpoint)
    }

    /// Waits until no other writer is at work. The lock goes when the file is closed, also by the death of the process.
    fn lock(&self) -> Result<File, FileError> {
        let path = self.dir.join(LOCK);
        let file = context(File::options().write(true).create(true).truncate(false).open(&path), "open", &path)?;
        context(file.lock(), "lock", &path)?;
        Ok(file)
    }

    // INVARIANT: nothing is signed unless the present tree continues every tree this log is known to have signed.
    /// The published checkpoint, once it is shown to be safe to go on from.
    fn checked_head(&self, key: &VerifierKey) -> Result<Option<Checkpoint>, LedgerError> {
        let head = self.read_checkpoint(CHECKPOINT)?;
        let last_signed = self.read_checkpoint(LAST_SIGNED)?;
        for (name, checkpoint) in [(CHECKPOINT, &head), (LAST_SIGNED, &last_signed)] {
            if let Some(checkpoint) = checkpoint {
                checkpoint
                    .verify(key)
                    .map_err(|source| LedgerError::Checkpoint { path: self.dir.join(name), source })?;
            }
        }
        let size = head.as_ref().map_or(0, Checkpoint::size);
        let mut nodes = TileNodes::new(&self.dir, size);
        if let Some(head) = &head
            && range_root(&mut nodes, 0, size)? != head.root()
        {
            return Err(LedgerError::EdgeMismatch { dir: self.dir.clone(), size });
        }
        for earlier in [&last_signed, &self.seen].into_iter().flatten() {
            let continues = earlier.size() <= size
                && head.is_some()
                && range_root(&mut nodes, 0, earlier.size())? == earlier.root();
            if !continues {
                let published_size = earlier.size();
                return Err(LedgerError::RolledBack { dir: self.dir.clone(), size, published_size });
            }
        }
        Ok(head)
    }

    fn write_bundles(&self, writer: &mut Writer<'_>, old_size: u64, entries: &[Vec<u8>]) -> Result<(), LedgerError> {
        let edge = partial_edge(TileKind::Entries, old_size);
        // Reading checks the bundle against its hashes, so a damaged bundle is never carried into a new one.
        let kept = edge.map(|tile| read_entries(&self.dir, tile)).transpose()?.unwrap_or_default();
        let row: Vec<&[u8]> = kept.iter().chain(entries).map(Vec::as_slice).collect();
        self.write_row(writer, TileKind::Entries, old_size, &row, |chunk| encode_entries(chunk.iter().copied()))
    }

    fn write_hashes(&self, writer: &mut Writer<'_>, old_size: u64, entries: &[Vec<u8>]) -> Result<(), LedgerError> {
        let mut fresh: Vec<Hash> = entries.iter().map(|entry| leaf_hash(entry)).collect();
        let mut level = 0;
        while !fresh.is_empty() {
            let kind = TileKind::Hashes(level);
            let edge = partial_edge(kind, old_size);
            let mut row = edge.map(|tile| read_hashes(&self.dir, tile)).transpose()?.unwrap_or_default();
            row.extend(fresh);
            self.write_row(writer, kind, old_size, &row, encode_hashes)?;
            fresh = row.chunks_exact(usize::from(TILE_WIDTH)).map(row_root).collect();
            level += 1;
        }
        Ok(())
    }

    /// Writes the tiles of one kind from the right edge on; `row` starts with what the edge tile holds already.
    fn write_row<T>(
        &self,
        writer: &mut Writer<'_>,
        kind: TileKind,
        old_size: u64,
        row: &[T],
        encode: impl Fn(&[T]) -> Vec<u8>,
    ) -> Result<(), LedgerError> {
        let first = hashes_at(kind, old_size) / u64::from(TILE_WIDTH);
        for (index, chunk) in (first..).zip(row.chunks(usize::from(TILE_WIDTH))) {
            let tile = Tile { kind, index, width: chunk.len() as u16 };
            let old_width = Tile::at(kind, index, old_size).map_or(0, |tile| tile.width);
            self.remove_leftovers(writer, tile, old_width)?;
            writer.replace(&tile.path(), &encode(chunk))?;
        }
        Ok(())
    }

    /// Removes versions of `tile` wider than `published_width`: left by an append that never published them.
    ///
    /// Otherwise the tree would grow past the partial ones, and they would look like tampering; and a reader may take
    /// the full one for the partial tile it lost (C2SP tlog-tiles). A full one that is to be written is replaced.
    fn remove_leftovers(&self, writer: &mut Writer<'_>, tile: Tile, published_width: u16) -> Result<(), LedgerError> {
        let full = Tile { width: TILE_WIDTH, ..tile }.path();
        if tile.width < TILE_WIDTH && self.dir.join(&full).exists() {
            writer.remove(&full)?;
        }
        let folder = tile.partials_path();
        for (name, _) in list_if_present(&self.dir.join(&folder))?.unwrap_or_default() {
            let path = folder.join(name);
            if Tile::parse(path.as_str()).is_some_and(|partial| partial.width > published_width) {
                writer.remove(&path)?;
            }
        }
        Ok(())
    }

    /// Removes the partial versions of tiles that this append made full.
    ///
    /// Failure is ignored: the append has taken effect, and partial tiles that stay are correct and are verified.
    fn remove_outgrown_partials(&self, old_size: u64, size: u64) {
        let hashes = (0..).map(TileKind::Hashes).take_while(|kind| hashes_at(*kind, old_size) > 0);
        for kind in std::iter::once(TileKind::Entries).chain(hashes) {
            if let Some(old) = partial_edge(kind, old_size)
                && Tile::at(kind, old.index, size).is_some_and(|tile| tile.width == TILE_WIDTH)
            {
                let _ = fs::remove_dir_all(self.dir.join(old.partials_path()));
            }
        }
    }
}
