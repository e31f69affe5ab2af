//! The files of the truth about one release.

use super::cells::Cells;
use super::faults::Fault;
use super::tables::Table;
use crate::SynthError;
use camino::{Utf8Path, Utf8PathBuf};
use std::fs::{self, File};
use std::io::{BufWriter, Write};

/// Writers of the truth's files.
pub(super) struct Truth {
    faults: TruthFile,
    shifted: (Utf8PathBuf, BufWriter<File>),
    changes: Option<TruthFile>,
    rows: TruthFile,
    /// How many faults have been written down.
    pub(super) planted: u64,
}

struct TruthFile {
    path: Utf8PathBuf,
    writer: csv::Writer<BufWriter<File>>,
}

impl TruthFile {
    fn create(path: Utf8PathBuf, header: &[&str]) -> Result<Self, SynthError> {
        let made = File::create(&path).map_err(|source| SynthError::Write { path: path.clone(), source })?;
        let mut file = Self { path, writer: csv::Writer::from_writer(BufWriter::new(made)) };
        file.row(header)?;
        Ok(file)
    }

    fn row<T: AsRef<[u8]>>(&mut self, cells: &[T]) -> Result<(), SynthError> {
        self.writer
            .write_record(cells)
            .map_err(|source| SynthError::Write { path: self.path.clone(), source: source.into() })
    }

    fn finish(mut self) -> Result<(), SynthError> {
        self.writer.flush().map_err(|source| SynthError::Write { path: self.path, source })
    }
}

impl Truth {
    /// `changes` is written for the next release only.
    pub(super) fn create(dir: &Utf8Path, with_changes: bool) -> Result<Self, SynthError> {
        fs::create_dir_all(dir).map_err(|source| SynthError::Folder { path: dir.to_owned(), source })?;
        let changes = ["table", "key", "kind", "column", "before", "after", "lost"];
        let changes = with_changes.then(|| TruthFile::create(dir.join("changes.csv"), &changes)).transpose()?;
        let shifted = dir.join("shifted.jsonl");
        let lines = File::create(&shifted).map_err(|source| SynthError::Write { path: shifted.clone(), source })?;
        Ok(Self {
            faults: TruthFile::create(
                dir.join("faults.csv"),
                &["table", "line", "key", "kind", "column", "written", "true_value"],
            )?,
            shifted: (shifted, BufWriter::new(lines)),
            changes,
            rows: TruthFile::create(dir.join("rows.csv"), &["table", "rows"])?,
            planted: 0,
        })
    }

    pub(super) fn fault(&mut self, table: Table, line: u64, key: u64, fault: &Fault) -> Result<(), SynthError> {
        self.planted += 1;
        let (line, key) = (line.to_string(), key.to_string());
        let cells: [&[u8]; 7] = [
            table.name().as_bytes(),
            line.as_bytes(),
            key.as_bytes(),
            fault.kind.name().as_bytes(),
            fault.column.as_bytes(),
            fault.written.as_bytes(),
            &fault.true_value,
        ];
        self.faults.row(&cells)
    }

    /// A row that stray tabs shifted, with the cells it has in truth.
    pub(super) fn shifted(
        &mut self,
        table: Table,
        line: u64,
        key: u64,
        tabs: &[&str],
        cells: &Cells,
    ) -> Result<(), SynthError> {
        let tabs: Vec<String> = tabs.iter().map(|column| json_text(column.as_bytes())).collect();
        let cells: Vec<String> = cells.iter().map(json_text).collect();
        let text = format!(
            "{{\"table\":\"{}\",\"line\":{line},\"key\":\"{key}\",\"tabs\":[{}],\"cells\":[{}]}}\n",
            table.name(),
            tabs.join(","),
            cells.join(",")
        );
        let (path, lines) = &mut self.shifted;
        lines.write_all(text.as_bytes()).map_err(|source| SynthError::Write { path: path.clone(), source })
    }

    fn change(&mut self, cells: &[&[u8]; 7]) -> Result<(), SynthError> {
        self.changes.as_mut().map_or(Ok(()), |changes| changes.row(cells))
    }

    pub(super) fn vanished(&mut self, table: Table, key: u64, lost: &str) -> Result<(), SynthError> {
        let key = key.to_string();
        self.change(&[table.name().as_bytes(), key.as_bytes(), b"vanished", b"", b"", b"", lost.as_bytes()])
    }

    pub(super) fn appeared(&mut self, table: Table, key: u64) -> Result<(), SynthError> {
        let key = key.to_string();
        self.change(&[table.name().as_bytes(), key.as_bytes(), b"appeared", b"", b"", b"", b""])
    }

    pub(super) fn changed(
        &mut self,
        table: Table,
        key: u64,
        column: &str,
        before: &[u8],
        after: &[u8],
    ) -> Result<(), SynthError> {
        let key = key.to_string();
        self.change(&[table.name().as_bytes(), key.as_bytes(), b"changed", column.as_bytes(), before, after, b""])
    }

    pub(super) fn rows(&mut self, table: &str, rows: u64) -> Result<(), SynthError> {
        self.rows.row(&[table, &rows.to_string()])
    }

    pub(super) fn finish(self) -> Result<(), SynthError> {
        for file in [Some(self.faults), Some(self.rows), self.changes].into_iter().flatten() {
            file.finish()?;
        }
        let (path, mut lines) = self.shifted;
        lines.flush().map_err(|source| SynthError::Write { path, source })
    }
}

/// A cell as a JSON string. True cells are UTF-8 without control characters.
fn json_text(cell: &[u8]) -> String {
    let mut text = String::from("\"");
    for letter in String::from_utf8_lossy(cell).chars() {
        if matches!(letter, '"' | '\\') {
            text.push('\\');
        }
        text.push(letter);
    }
    text.push('"');
    text
}
