//! Files of a release: each table is packed by a thread of its own and put into the archive at the end as it is.

use crate::SynthError;
use camino::{Utf8Path, Utf8PathBuf};
use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// Bytes handed to the packing thread at once.
const BLOCK: usize = 256 * 1024;
/// Blocks that may wait for it. Fourteen tables hold less than 20 MB together.
const WAITING: usize = 3;

/// A file that is being written by its own thread.
pub(super) struct Pack {
    path: Utf8PathBuf,
    block: Vec<u8>,
    blocks: Option<SyncSender<Vec<u8>>>,
    thread: JoinHandle<Result<(), SynthError>>,
}

/// What the entries of an archive have in common: the same bytes on every run.
fn options(day: DateTime) -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(4))
        .last_modified_time(day)
        .unix_permissions(0o644)
}

impl Pack {
    /// A plain file.
    pub(super) fn plain(path: Utf8PathBuf) -> Result<Self, SynthError> {
        let (file, to) = create(&path)?;
        Self::with(path, move |blocks| {
            let mut out = file;
            let written = blocks.iter().try_for_each(|block| out.write_all(&block)).and_then(|()| out.flush());
            written.map_err(|source| SynthError::Write { path: to, source })
        })
    }

    /// An archive with one entry, to be copied into the archive of the release.
    pub(super) fn packed(path: Utf8PathBuf, entry: String, day: DateTime) -> Result<Self, SynthError> {
        let (file, to) = create(&path)?;
        Self::with(path, move |blocks| {
            let mut out = ZipWriter::new(file);
            // A table may be larger than 4 GB, which is not known before it is written.
            out.start_file(entry, options(day).large_file(true))
                .map_err(|source| SynthError::Pack { path: to.clone(), source })?;
            for block in blocks {
                out.write_all(&block).map_err(|source| SynthError::Write { path: to.clone(), source })?;
            }
            let mut file = out.finish().map_err(|source| SynthError::Pack { path: to.clone(), source })?;
            file.flush().map_err(|source| SynthError::Write { path: to, source })
        })
    }

    fn with<F>(path: Utf8PathBuf, work: F) -> Result<Self, SynthError>
    where
        F: FnOnce(Receiver<Vec<u8>>) -> Result<(), SynthError> + Send + 'static,
    {
        let (sender, blocks) = sync_channel(WAITING);
        let thread = std::thread::Builder::new().name("pack".to_owned()).spawn(move || work(blocks));
        let thread = thread.map_err(|source| SynthError::Write { path: path.clone(), source })?;
        Ok(Self { path, block: Vec::with_capacity(BLOCK), blocks: Some(sender), thread })
    }

    /// Writes a line.
    ///
    /// A thread that has stopped says why when it is joined.
    pub(super) fn line(&mut self, bytes: &[u8]) {
        self.block.extend_from_slice(bytes);
        self.block.push(b'\n');
        if self.block.len() + 4_096 > BLOCK {
            let block = std::mem::replace(&mut self.block, Vec::with_capacity(BLOCK));
            self.hand_over(block);
        }
    }

    fn hand_over(&mut self, block: Vec<u8>) {
        if self.blocks.as_ref().is_some_and(|blocks| blocks.send(block).is_err()) {
            self.blocks = None;
        }
    }

    /// Waits until everything is written. Gives the path of the file.
    pub(super) fn finish(mut self) -> Result<Utf8PathBuf, SynthError> {
        let block = std::mem::take(&mut self.block);
        self.hand_over(block);
        self.blocks = None;
        match self.thread.join() {
            Ok(done) => done.map(|()| self.path),
            Err(_) => Err(SynthError::Stopped { path: self.path }),
        }
    }
}

fn create(path: &Utf8Path) -> Result<(BufWriter<File>, Utf8PathBuf), SynthError> {
    let made = File::create(path).map_err(|source| SynthError::Write { path: path.to_owned(), source })?;
    Ok((BufWriter::new(made), path.to_owned()))
}

/// Puts the packed tables into one archive without packing them again, and texts after them. Names are entries.
pub(super) fn assemble(
    archive: &Utf8Path,
    parts: &[Utf8PathBuf],
    texts: &[(String, String)],
    day: DateTime,
) -> Result<(), SynthError> {
    let failed = |source| SynthError::Pack { path: archive.to_owned(), source };
    let unwritten = |source| SynthError::Write { path: archive.to_owned(), source };
    let mut out = ZipWriter::new(create(archive)?.0);
    for part in parts {
        let file = File::open(part).map_err(|source| SynthError::Write { path: part.clone(), source })?;
        let mut read = ZipArchive::new(BufReader::new(file)).map_err(failed)?;
        out.raw_copy_file(read.by_index_raw(0).map_err(failed)?).map_err(failed)?;
    }
    for (entry, text) in texts {
        out.start_file(entry.as_str(), options(day)).map_err(failed)?;
        out.write_all(text.as_bytes()).map_err(unwritten)?;
    }
    out.finish().map_err(failed)?.flush().map_err(unwritten)
}
