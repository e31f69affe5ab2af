//! A store in a temporary folder, a small mapping, and ways to look at what was written.

use camino::{Utf8Path, Utf8PathBuf};
use evidence::{AddError, AddOptions, Added, EvidenceStore, Mapping, Receipt, RowContent, add, wire::ReceiptJson};
use flate2::{Compression, write::GzEncoder};
use model::{DeliveryId, RowPointer};
use std::io::Write;
use tempfile::TempDir;

pub(crate) const QUIET: AddOptions<'static> = AddOptions { through: None, progress: &|_| {} };

/// Head of a mapping: pipe-delimited and quoted.
pub(crate) const HEAD: &str = r#"
id = "test/people"
version = 3
title = "People"
holds = "clients"
[source]
id = "test"
custodian = "Somebody"
obtained = "by hand"
purposes = ["intake"]
retention = "a year"
"#;

pub(crate) const READ: &str = r#"
[read]
format = "delimited"
delimiter = "|"
quote = "\""
null = ["NA"]
repair = ["shift_left", "pad_short"]
repair_cap_rows = 50
"#;

pub(crate) const TABLE: &str = r#"
[map.sex]
F = "female"
M = "male"
[[covers]]
event = "departed"
of = "person"
[[table]]
name = "people"
column = [
    { name = "Id", as = "id", type = "integer" },
    { name = "City", as = "city" },
    { name = "Sex", as = "sex" },
    { name = "Left", as = "left", type = "date", formats = ["%m/%d/%Y"], earliest = "1950-01-01" },
    { name = "Fee", as = "fee", type = "money", optional = true },
]
[[table.object]]
name = "person"
type = "person_record"
key = ["id"]
attributes = { sex = { column = "sex", map = "sex" } }
[[table.event]]
type = "departed"
at = "left"
objects = { person = "person" }
attributes = { manner = { text = "own_travel" }, office = "city", amount = "fee" }
"#;

pub(crate) fn toml(read: &str, table: &str) -> String {
    format!("{HEAD}{read}{table}")
}

pub(crate) fn people() -> Mapping {
    mapping(&toml(READ, TABLE))
}

#[track_caller]
pub(crate) fn mapping(toml: &str) -> Mapping {
    Mapping::parse("test.toml", toml).unwrap()
}

/// A folder with a store and files beside it.
pub(crate) struct Bench {
    pub(crate) folder: TempDir,
    pub(crate) store: EvidenceStore,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let root = Utf8Path::from_path(folder.path()).unwrap().join("evidence");
        Self { store: EvidenceStore::open(root).unwrap(), folder }
    }

    pub(crate) fn path(&self, name: &str) -> Utf8PathBuf {
        Utf8Path::from_path(self.folder.path()).unwrap().join(name)
    }

    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> Utf8PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn add(&self, file: &Utf8Path, mapping: &Mapping) -> Result<Added, AddError> {
        add(&self.store, &[file.to_owned()], mapping, &QUIET)
    }

    #[track_caller]
    pub(crate) fn load(&self, name: &str, bytes: impl AsRef<[u8]>, mapping: &Mapping) -> Receipt {
        let receipt = self.add(&self.file(name, bytes), mapping).unwrap().receipt;
        assert!(receipt.reconciled, "{receipt:?}");
        receipt
    }

    /// The row as `column=text→value !problems`, or why it was refused.
    pub(crate) fn show(&self, delivery: &DeliveryId, file: &str, sheet: Option<&str>, row: u64) -> String {
        let pointer =
            RowPointer { delivery: delivery.clone(), file: file.to_owned(), sheet: sheet.map(str::to_owned), row };
        match self.store.cells(&pointer).unwrap().map(|row| row.content) {
            None => "no such row".to_owned(),
            Some(RowContent::Refused { reason, line }) => format!("refused {}: {line}", reason.name()),
            Some(RowContent::Kept(cells)) => {
                let cells = cells.iter().map(|c| {
                    let text = c.text.as_deref().unwrap_or("(absent)");
                    let value = c.value.as_deref().unwrap_or("-");
                    let problems =
                        if c.problems.is_empty() { String::new() } else { format!(" !{}", c.problems.join(",")) };
                    let same = if value == text { text.to_owned() } else { format!("{text}→{value}") };
                    format!("{}={same}{problems}", c.as_name)
                });
                cells.collect::<Vec<_>>().join("; ")
            }
        }
    }

    /// Error, help and causes, with the folder taken out.
    pub(crate) fn explain(&self, error: &AddError) -> String {
        let mut text = error.to_string();
        let mut cause = std::error::Error::source(error);
        while let Some(c) = cause {
            text.push_str(&format!("\n  cause: {c}"));
            cause = c.source();
        }
        if let Some(help) = error.help() {
            text.push_str(&format!("\n  help: {help}"));
        }
        text.replace(self.folder.path().to_str().unwrap(), "DIR")
    }
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn json(receipt: &Receipt) -> String {
    serde_json::to_string_pretty(&ReceiptJson::from(receipt)).unwrap()
}
