//! What a check of a mapping against a sample found. The types are what is told, to people and as JSON.

use serde::Serialize;
use std::collections::BTreeMap;

/// How a mapping fits a sample.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CheckReport {
    /// The mapping.
    pub mapping: String,
    /// Its version.
    pub mapping_version: u32,
    /// The worst verdict of any file.
    pub verdict: Verdict,
    /// Most rows of a file or sheet that were looked at.
    pub most_rows: u64,
    /// The files, in the order of the sample.
    pub files: Vec<FileCheck>,
}

/// Whether a mapping fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every row is kept, and every cell can be read.
    Fits,
    /// The files would be taken in, with the problems that are listed.
    FitsWithProblems,
    /// The files would not be taken in, or no row would be kept.
    DoesNotFit,
}

impl Verdict {
    /// For people.
    pub fn title(self) -> &'static str {
        match self {
            Verdict::Fits => "fits",
            Verdict::FitsWithProblems => "fits with problems",
            Verdict::DoesNotFit => "does not fit",
        }
    }
}

/// How a mapping fits one file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FileCheck {
    /// The file, as it was given.
    pub path: String,
    /// What the file is: `text`, `JSON`, `a workbook`, `a Parquet file`.
    pub is: String,
    /// The worst of what follows.
    pub verdict: Verdict,
    /// Why the file would not be taken in.
    pub stops: Option<String>,
    /// What would work.
    pub help: Option<String>,
    /// The tables that the file, or each of its sheets, is read as.
    pub parts: Vec<PartCheck>,
    /// Where the file would not be taken in: every table of the mapping, the one most like the file first.
    pub tables: Vec<TableFit>,
    /// Where the file would not be taken in: built-in mappings that fit it.
    pub built_in: Vec<String>,
    /// Sheets that no table takes.
    pub unread_sheets: Vec<String>,
}

/// A file, or one sheet of a workbook, that is read as one table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PartCheck {
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The table.
    pub table: String,
    /// Why it is read as this table, and how.
    pub why: Vec<String>,
    /// How this part fits.
    pub verdict: Verdict,
    /// Row of the header, from 1; none if the table has no header.
    pub header_row: Option<u64>,
    /// Columns of the mapping that must be there and are not, with the nearest name of the sample.
    pub missing: Vec<NearName>,
    /// Columns of the mapping that may be missing and are.
    pub absent: Vec<String>,
    /// Columns of the sample that the mapping has not, with the nearest name of the mapping.
    pub unknown: Vec<NearName>,
    /// Unknown columns are kept as text, and do not stop the load.
    pub keeps_unknown: bool,
    /// Rows looked at.
    pub rows_read: u64,
    /// No row was left out.
    pub every_row: bool,
    /// Rows that would be kept, repaired rows included.
    pub rows_kept: u64,
    /// Rows that a rule would repair.
    pub rows_repaired: u64,
    /// Rows that would be refused.
    pub rows_refused: u64,
    /// The first repaired rows, with the rule.
    pub repairs: Vec<RowNote>,
    /// The first refused rows, with the reason.
    pub refusals: Vec<RowNote>,
    /// What of its rows would stop the load, if anything would.
    pub stopped_by: Option<&'static str>,
    /// The columns that were found.
    pub columns: Vec<ColumnCheck>,
    /// Texts that several columns make together and a crosswalk lacks, by the columns' names.
    pub not_in_map: BTreeMap<String, Vec<TextCount>>,
    /// The keys of the table and of its objects.
    pub keys: Vec<KeyCheck>,
    /// Objects that would be written, by type.
    pub objects: BTreeMap<String, u64>,
    /// Events that would be written, by type.
    pub events: BTreeMap<String, u64>,
    /// Relations that would be written.
    pub relations: u64,
    /// Rows that would be flagged as likely duplicates, by rule.
    pub duplicates: BTreeMap<String, u64>,
    /// Rows that would be flagged as conflicts, by rule.
    pub conflicts: BTreeMap<String, u64>,
}

/// A name, and the one most like it on the other side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NearName {
    /// The name that has no partner.
    pub name: String,
    /// The name most like it.
    pub nearest: Option<String>,
    /// How like they are, from 0 to 1.
    pub likeness: Option<f64>,
}

/// A row that is repaired or refused, and the rule or reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowNote {
    /// The row, from 1; for text its line.
    pub row: u64,
    /// The name of the rule or reason.
    pub why: String,
}

/// What a column holds. `filled + null + redacted` are the rows that would be kept.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ColumnCheck {
    /// The header in the file.
    pub name: String,
    /// The name in the mapping.
    #[serde(rename = "as")]
    pub as_name: String,
    /// The type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Cells with a text that is neither null nor withheld.
    pub filled: u64,
    /// Cells that are empty or hold a null text.
    pub null: u64,
    /// Cells that are withheld.
    pub redacted: u64,
    /// Filled cells that can be read as the type.
    pub typed: u64,
    /// What is wrong with cells, each with examples.
    pub problems: Vec<ProblemCheck>,
    /// For dates: how many cells each format reads.
    pub formats: Vec<FormatCount>,
    /// Dates that hold their own form in a workbook or a Parquet file.
    pub own_dates: u64,
    /// For dates whose format has day and month as numbers.
    pub day_month: Option<DayMonth>,
    /// Cells whose text is of another look than the mapping says.
    pub shape: Option<ShapeCheck>,
    /// Texts that the crosswalk lacks, the most frequent first.
    pub not_in_map: Vec<TextCount>,
}

/// A problem of a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProblemCheck {
    /// Its name.
    pub problem: String,
    /// Cells that have it.
    pub cells: u64,
    /// Up to three of their texts.
    pub examples: Vec<String>,
}

/// How many cells a date format reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FormatCount {
    /// The format.
    pub format: String,
    /// Cells that it is the first to read.
    pub cells: u64,
}

/// Whether the order of day and month is beyond doubt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DayMonth {
    /// The format.
    pub format: String,
    /// The format with day and month the other way round.
    pub other: String,
    /// Dates that only this order can read.
    pub only_this: u64,
    /// Dates that either order reads, as different days.
    pub either: u64,
    /// Texts that only the other order can read.
    pub only_other: u64,
}

impl DayMonth {
    /// Nothing in the sample tells the order, and there are dates that depend on it.
    pub fn is_ambiguous(&self) -> bool {
        self.only_this == 0 && self.either > 0
    }
}

/// Texts of another look than the mapping says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShapeCheck {
    /// The shape in the mapping.
    pub shape: String,
    /// Cells that do not fit it.
    pub cells: u64,
    /// Up to three of their texts.
    pub examples: Vec<String>,
}

/// A text, and how many cells have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TextCount {
    /// The text.
    pub text: String,
    /// Cells.
    pub cells: u64,
}

/// The key of a table or an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyCheck {
    /// `table`, or the local name of the object.
    pub of: String,
    /// The columns.
    pub columns: Vec<String>,
    /// Rows in which a part of the key is empty or withheld.
    pub empty: u64,
    /// The first of them.
    pub first_empty: Option<u64>,
    /// Rows whose key an earlier row has.
    pub repeated: u64,
    /// The first of them.
    pub first_repeated: Option<u64>,
}

/// How like a table of the mapping a file is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TableFit {
    /// The table.
    pub table: String,
    /// Whether the table takes files (or sheets) of this name.
    pub takes_the_name: bool,
    /// The sheet that is most like it.
    pub sheet: Option<String>,
    /// The row that is most like its header, from 1.
    pub row: Option<u64>,
    /// Columns that agree.
    pub agree: usize,
    /// Columns of the table.
    pub of: usize,
    /// Columns that must be there and are not, with the nearest name of that row.
    pub missing: Vec<NearName>,
}
