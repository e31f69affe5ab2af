//! Taking in a delivery: look at every file, load into a staging folder, and put it in place in one step.

use crate::add_error::AddError;
use crate::input::inputs;
use crate::inspect::{no_table, place};
use crate::load::{Part, load};
use crate::mapping::Mapping;
use crate::receipt::{Receipt, Unread};
use crate::store::EvidenceStore;
use crate::wire::ReceiptJson;
use crate::write::{Slot, sync_folder, write_file};
use camino::{Utf8Path, Utf8PathBuf};
use jiff::civil::Date;
use model::DeliveryId;
use sha2::{Digest, Sha256};
use std::fs::{self, File, TryLockError};
use std::io::{self, Read};

/// How to take in a delivery.
#[derive(Clone, Copy)]
pub struct AddOptions<'a> {
    /// The day through which the delivery is complete for what its mapping covers. Without it, absence in the delivery
    /// says nothing.
    pub through: Option<Date>,
    /// Told now and then how far the load is.
    pub progress: &'a (dyn Fn(&Progress<'_>) + Sync),
}

impl std::fmt::Debug for AddOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AddOptions").field("through", &self.through).finish_non_exhaustive()
    }
}

/// How far a load is.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a> {
    /// The file being read.
    pub path: &'a Utf8Path,
    /// Which file (or sheet), from 1.
    pub file: usize,
    /// How many there are.
    pub files: usize,
    /// Bytes of this file read from the disk. Zero for workbooks.
    pub bytes_read: u64,
    /// Bytes of this file on the disk.
    pub bytes_total: u64,
    /// Rows of this file read.
    pub rows: u64,
}

/// A delivery that stands in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    /// Its receipt.
    pub receipt: Receipt,
    /// It was there before; nothing was changed.
    pub already_present: bool,
}

/// Takes in the files of one delivery.
///
/// Every file is looked at before anything is written. The delivery appears in the store in one step: killed at any
/// moment, the store stands as it was, and the next call finishes the work with an equal receipt.
///
/// # Errors
///
/// [`AddError`] tells what is wrong with which file, and [`AddError::help`] what would work. Nothing is changed then.
pub fn add(
    store: &EvidenceStore,
    files: &[Utf8PathBuf],
    mapping: &Mapping,
    options: &AddOptions<'_>,
) -> Result<Added, AddError> {
    let (parts, unread, extended) = look_at(files, mapping)?;
    let (parts, delivery) = identify(parts)?;
    let _lock = lock(store)?;
    if let Some(receipt) = store.receipt(&delivery)? {
        return standing(store, receipt, mapping, options.through);
    }
    clear_staging(store)?;
    let staging = store.staging();
    let folder = staging.join(delivery.as_str());
    fs::create_dir_all(&folder).map_err(|e| AddError::write("create", &folder, e))?;
    let result = fill(&folder, &parts, &extended, &delivery, unread, options).and_then(|receipt| {
        put_in_place(store, &folder, &receipt)?;
        Ok(receipt)
    });
    match result {
        Ok(receipt) => {
            tracing::info!(delivery = %delivery, rows = receipt.rows_read(), "delivery {delivery} was taken in");
            Ok(Added { receipt, already_present: false })
        }
        Err(error) => {
            // What is left is removed by the next call if it cannot be removed now.
            let _ = fs::remove_dir_all(&folder);
            Err(error)
        }
    }
}

/// Looks at every file, in the order of the tables and then of the names. The mapping comes back with a further table for
/// each file that no table takes, if it keeps such files.
fn look_at(files: &[Utf8PathBuf], mapping: &Mapping) -> Result<(Vec<Part>, Vec<Unread>, Mapping), AddError> {
    if files.is_empty() {
        return Err(AddError::NoFiles);
    }
    let (mut found, mut unread) = (Vec::new(), Vec::new());
    for file in files {
        let mut of_path = inputs(file)?;
        found.append(&mut of_path.inputs);
        unread.append(&mut of_path.unread);
    }
    if let (Some(first), false) = (unread.first(), mapping.read.keep_unplaced) {
        return Err(AddError::CannotRead { path: first.path.clone().into(), why: first.why.clone() });
    }
    for (n, file) in found.iter().enumerate() {
        if let Some(other) = found[..n].iter().find(|o| o.name == file.name) {
            return Err(AddError::SameName { first: other.path.clone(), second: file.path.clone() });
        }
    }
    let known = mapping.tables.len();
    let mut mapping = mapping.clone();
    let mut parts = Vec::new();
    for file in &found {
        match place(file, &mut mapping) {
            Ok(mut placed) => parts.append(&mut placed),
            // Beside others it may be left, as a document in an archive may; alone it is a mistake.
            Err(AddError::OtherFormat { path, is, reads, .. }) if mapping.read.keep_unplaced && found.len() > 1 => {
                let why = format!("{is}, and the mapping reads {reads}");
                unread.push(Unread { path: path.into_string(), why });
            }
            Err(error) => return Err(error),
        }
    }
    if parts.is_empty() {
        return Err(AddError::EmptyFolder { path: files[0].clone(), unread });
    }
    // Files that no table takes are kept beside those that one does. Alone they are another source's.
    if parts.iter().all(|part: &Part| part.table >= known) {
        mapping.tables.truncate(known);
        return Err(no_table(&parts[0].input, &mapping));
    }
    parts.sort_by(|a, b| (a.table, &a.input.name).cmp(&(b.table, &b.input.name)));
    Ok((parts, unread, mapping))
}

/// Hashes every file, and names the delivery by them. An archive counts as one file.
fn identify(mut parts: Vec<Part>) -> Result<(Vec<Part>, DeliveryId), AddError> {
    let mut hashes: Vec<(Utf8PathBuf, [u8; 32])> = Vec::new();
    for part in &mut parts {
        let file = &part.input.file;
        let hash = match hashes.iter().find(|(path, _)| path == file) {
            Some((_, hash)) => *hash,
            None => {
                let hash = hash_file(file).map_err(|source| AddError::Unreadable { path: file.clone(), source })?;
                hashes.push((file.clone(), hash));
                hash
            }
        };
        part.sha256 = hash.iter().map(|b| format!("{b:02x}")).collect();
    }
    for (n, part) in parts.iter().enumerate() {
        let same = |o: &&Part| o.sha256 == part.sha256 && o.table == part.table && o.input.file != part.input.file;
        if let Some(other) = parts[..n].iter().find(same) {
            return Err(AddError::SameContents { first: other.input.path.clone(), second: part.input.path.clone() });
        }
    }
    let hashes: Vec<[u8; 32]> = hashes.into_iter().map(|(_, hash)| hash).collect();
    Ok((parts, DeliveryId::of_contents(&hashes)))
}

fn hash_file(path: &Utf8Path) -> io::Result<[u8; 32]> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1024 * 1024];
    loop {
        let n = file.read(&mut buffer)?;
        if n == 0 {
            return Ok(hasher.finalize().into());
        }
        hasher.update(&buffer[..n]);
    }
}

/// One process adds at a time. The lock goes when the process does.
fn lock(store: &EvidenceStore) -> Result<File, AddError> {
    let path = store.lock_file();
    let file = File::create(&path).map_err(|e| AddError::write("create", &path, e))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(AddError::Busy { root: store.root().to_owned() }),
        Err(TryLockError::Error(error)) => Err(AddError::write("lock", &path, error)),
    }
}

/// The delivery is there: under the same mapping that is well, under another it is an error.
fn standing(
    store: &EvidenceStore,
    receipt: Receipt,
    mapping: &Mapping,
    through: Option<Date>,
) -> Result<Added, AddError> {
    if !store.mapping(&receipt.delivery)?.same_meaning(mapping) {
        return Err(AddError::OtherMapping {
            delivery: receipt.delivery,
            given: mapping.id.clone(),
            given_version: mapping.version,
            stands: receipt.mapping,
            stands_version: receipt.mapping_version,
        });
    }
    if let Some(given) = through
        && receipt.through != Some(given)
    {
        return Err(AddError::OtherThrough { delivery: receipt.delivery, given, stands: receipt.through });
    }
    Ok(Added { receipt, already_present: true })
}

/// Removes what killed runs left.
fn clear_staging(store: &EvidenceStore) -> Result<(), AddError> {
    let staging = store.staging();
    match fs::remove_dir_all(&staging) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(AddError::write("remove", &staging, error)),
        _ => Ok(()),
    }
}

fn fill(
    folder: &Utf8Path,
    parts: &[Part],
    mapping: &Mapping,
    delivery: &DeliveryId,
    unread: Vec<Unread>,
    options: &AddOptions<'_>,
) -> Result<Receipt, AddError> {
    let loaded = load(mapping, delivery, parts, folder, options.progress)?;
    let receipt = Receipt {
        delivery: delivery.clone(),
        mapping: mapping.id.clone(),
        mapping_version: mapping.version,
        source: mapping.source.id.clone(),
        holds: mapping.holds,
        through: options.through,
        reconciled: loaded.reconciled,
        unread,
        on_demand: mapping.read.on_demand,
        files: loaded.files,
        objects: loaded.interior.objects,
        events: loaded.interior.events,
        relations: loaded.interior.relations,
    };
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        write_file(&path, bytes).map_err(|e| AddError::write("write", &path, e))
    };
    write("mapping.toml", mapping.text().as_bytes())?;
    let mut json = serde_json::to_vec_pretty(&ReceiptJson::from(&receipt))
        .map_err(|e| AddError::write("write", &folder.join("receipt.json"), e))?;
    json.push(b'\n');
    write("receipt.json", &json)?;
    let written = Slot::ALL.iter().map(|slot| folder.join(slot.folder())).filter(|folder| folder.is_dir());
    for folder in written.chain([folder.to_owned()]) {
        sync_folder(&folder).map_err(|e| AddError::write("flush", &folder, e))?;
    }
    Ok(receipt)
}

fn put_in_place(store: &EvidenceStore, folder: &Utf8Path, receipt: &Receipt) -> Result<(), AddError> {
    let of_source = store.root().join(receipt.source.as_str());
    let place = of_source.join(receipt.delivery.as_str());
    fs::create_dir_all(&of_source).map_err(|e| AddError::write("create", &of_source, e))?;
    // Without a receipt, which was looked for, it is no delivery.
    match fs::remove_dir_all(&place) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(AddError::write("remove", &place, error)),
        _ => {}
    }
    fs::rename(folder, &place).map_err(|e| AddError::write("create", &place, e))?;
    for folder in [of_source.as_path(), store.root()] {
        sync_folder(folder).map_err(|e| AddError::write("flush", folder, e))?;
    }
    Ok(())
}
