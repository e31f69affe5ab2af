//! The account of a delivery.

use crate::mapping::{Holds, RepairRule};
use crate::problem::Problem;
use jiff::civil::Date;
use model::{DeliveryId, EventType, ObjectType, SourceId};
use std::collections::BTreeMap;

/// The account of a delivery: every row read, and what became of it. It holds no time and nothing of the machine, so a
/// repeated load gives an equal receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The delivery, named by its contents.
    pub delivery: DeliveryId,
    /// Id of the mapping.
    pub mapping: String,
    /// Version of the mapping.
    pub mapping_version: u32,
    /// The system of record.
    pub source: SourceId,
    /// Whose rows it holds.
    pub holds: Holds,
    /// The day through which the delivery is complete for what its mapping covers.
    pub through: Option<Date>,
    /// Whether, for every file, rows read are rows kept and rows refused, every physical line is accounted for, and a
    /// count that the delivery declares is that of the rows read.
    pub reconciled: bool,
    /// Files within a folder or an archive that were not read, with the reason.
    pub unread: Vec<Unread>,
    /// Objects, events and relations are made when they are first asked for, and are not counted here.
    pub on_demand: bool,
    /// Each file, or each sheet of a workbook; by table, then by file name.
    pub files: Vec<FileReceipt>,
    /// Rows that describe an object, by type.
    pub objects: BTreeMap<ObjectType, u64>,
    /// Events, by type.
    pub events: BTreeMap<EventType, u64>,
    /// Relations.
    pub relations: u64,
}

/// A file of a delivery that was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The path as it was given, followed by the path within the folder or archive.
    pub path: String,
    /// Why.
    pub why: String,
}

/// The account of one file, or of one sheet of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileReceipt {
    /// The path as it was given; within a folder or an archive, its path there follows.
    pub path: String,
    /// The file's name in row pointers: its name, or its path within the folder or archive that was given.
    pub file: String,
    /// SHA-256 of the bytes as delivered, in hex; that of the archive for a file in one.
    pub sha256: String,
    /// The table of the mapping.
    pub table: String,
    /// The sheet, for workbooks.
    pub sheet: Option<String>,
    /// Physical rows above the header.
    pub banner_rows: u64,
    /// Rows below the header, blank lines apart.
    pub rows_read: u64,
    /// Rows kept as cells; repaired ones are among them.
    pub rows_kept: u64,
    /// Rows that a rule repaired.
    pub rows_repaired: u64,
    /// Rows kept verbatim, with a reason.
    pub rows_refused: u64,
    /// Rows that the delivery itself declares for this table.
    pub declared_rows: Option<u64>,
    /// Columns of the mapping (`as`) that the file does not have.
    pub absent_columns: Vec<String>,
    /// Cells with a problem: by kind, then by column (`as`).
    pub problems: BTreeMap<Problem, BTreeMap<String, u64>>,
    /// Rows that are likely told twice, by rule. They are kept like every other.
    pub duplicates: BTreeMap<String, u64>,
    /// Rows that do not make sense, by rule. They are kept like every other.
    pub conflicts: BTreeMap<String, u64>,
    /// The first repairs, at most [`SAMPLES`].
    pub repairs: Vec<Repair>,
    /// The first refusals, at most [`SAMPLES`].
    pub refusals: Vec<Refusal>,
    /// Sheets of the workbook that no table of the mapping reads. Told with the first of its parts.
    pub unread_sheets: Vec<String>,
}

/// How many repairs and refusals of a file a receipt lists. It counts all.
pub const SAMPLES: usize = 100;

/// A row before and after a repair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// The row as delivered, from 1.
    pub row: u64,
    /// The rule.
    pub rule: RepairRule,
    /// Its cells as they stand in the file.
    pub before: Vec<String>,
    /// Its cells as they were kept.
    pub after: Vec<String>,
}

/// A row that was not placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The row as delivered, from 1.
    pub row: u64,
    /// Why.
    pub reason: Reason,
    /// Its cells, as far as they could be told apart.
    pub cells: u64,
}

/// Why a row was not placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// More cells than the header, and no rule repaired it.
    TooManyCells,
    /// Fewer cells than the header, and no rule repaired it.
    TooFewCells,
    /// A quote is opened and not closed, so that its cells cannot be told apart.
    OpenQuote,
    /// A value stands below a header cell without a name.
    NamelessColumn,
    /// It is no record of the file's format, or has a column that the records before it have not.
    Malformed,
    /// A line of a file of counts that does not give a table and a number.
    NotACount,
}

impl Reason {
    /// Every reason.
    pub const ALL: &'static [Reason] = &[
        Reason::TooManyCells,
        Reason::TooFewCells,
        Reason::OpenQuote,
        Reason::NamelessColumn,
        Reason::Malformed,
        Reason::NotACount,
    ];

    /// The name used in files and programs.
    pub fn name(self) -> &'static str {
        match self {
            Reason::TooManyCells => "too_many_cells",
            Reason::TooFewCells => "too_few_cells",
            Reason::OpenQuote => "open_quote",
            Reason::NamelessColumn => "nameless_column",
            Reason::Malformed => "malformed",
            Reason::NotACount => "not_a_count",
        }
    }

    /// Reads a name; `None` if there is no such reason.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|r| r.name() == name)
    }
}

impl Receipt {
    /// Rows read in all files.
    pub fn rows_read(&self) -> u64 {
        self.files.iter().map(|f| f.rows_read).sum()
    }

    /// Rows kept in all files.
    pub fn rows_kept(&self) -> u64 {
        self.files.iter().map(|f| f.rows_kept).sum()
    }

    /// Rows refused in all files.
    pub fn rows_refused(&self) -> u64 {
        self.files.iter().map(|f| f.rows_refused).sum()
    }
}
