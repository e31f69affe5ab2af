//! The office and the court's releases as others meet them: files, truth and mappings.

#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

mod eoir;
mod mappings;
mod office;
mod showcase;
mod truth;

use camino::{Utf8Path, Utf8PathBuf};
use flate2::read::GzDecoder;
use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::sync::OnceLock;
use synth::{DEMO, OfficeSpec, Written, office};
use tempfile::TempDir;

/// An office on disk, gone when dropped.
struct OnDisk {
    dir: TempDir,
    written: Written,
}

impl OnDisk {
    fn new(spec: &OfficeSpec) -> Self {
        let dir = TempDir::new().unwrap();
        let written = office(spec, Utf8Path::from_path(dir.path()).unwrap()).unwrap();
        Self { dir, written }
    }

    fn root(&self) -> &Utf8Path {
        Utf8Path::from_path(self.dir.path()).unwrap()
    }

    /// Rows of a file of the truth, each by column name.
    fn truth(&self, name: &str) -> Vec<BTreeMap<String, String>> {
        let mut reader = csv::Reader::from_path(self.written.truth_dir.join(name)).unwrap();
        reader.deserialize().map(|row| row.unwrap()).collect()
    }
}

/// The demo's office.
fn demo() -> &'static OnDisk {
    static OFFICE: OnceLock<OnDisk> = OnceLock::new();
    OFFICE.get_or_init(|| OnDisk::new(&DEMO))
}

/// An office large enough for shares to be steady.
fn large() -> &'static OnDisk {
    static OFFICE: OnceLock<OnDisk> = OnceLock::new();
    OFFICE.get_or_init(|| OnDisk::new(&OfficeSpec { people: 2_000, seed: 7, ..DEMO }))
}

/// Every file under `dir`, by its path there.
fn files(dir: &Utf8Path) -> BTreeMap<Utf8PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![dir.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in folder.read_dir_utf8().unwrap() {
            let path = entry.unwrap().into_path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.insert(path.strip_prefix(dir).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// The bytes of a file, unpacked.
fn bytes(path: &Utf8Path) -> Vec<u8> {
    let raw = fs::read(path).unwrap();
    if path.extension() != Some("gz") {
        return raw;
    }
    let mut text = Vec::new();
    GzDecoder::new(raw.as_slice()).read_to_end(&mut text).unwrap();
    text
}

/// The physical rows of a text file, as cells. Latin-1 is read as such; NUL bytes stay.
fn rows(path: &Utf8Path, delimiter: u8, quoting: bool) -> Vec<Vec<String>> {
    let text: String = match String::from_utf8(bytes(path)) {
        Ok(text) => text,
        Err(latin1) => latin1.into_bytes().iter().map(|b| char::from(*b)).collect(),
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .quoting(quoting)
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}
