//! Why a delivery was not taken in, and what would work.

use crate::input::Input;
use crate::nearest::{listed, nearest};
use crate::read::ReadError;
use crate::receipt::Unread;
use crate::store::StoreError;
use camino::{Utf8Path, Utf8PathBuf};
use jiff::civil::Date;
use model::DeliveryId;
use std::error::Error;
use std::io;

type Cause = Box<dyn Error + Send + Sync>;

/// Why a delivery was not taken in. Nothing was changed. The cause of a failure is its `source`.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    /// No file was named.
    #[error("failed to add a delivery: no file is named")]
    NoFiles,
    /// The file does not exist.
    #[error("failed to add `{path}`: there is no such file")]
    Missing {
        /// The file.
        path: Utf8PathBuf,
        /// A file in the same folder with a name most like it.
        nearest: Option<String>,
    },
    /// A folder or an archive holds nothing that can be read.
    #[error("failed to add `{path}`: it holds no file that can be read{}", unread_files(.unread))]
    EmptyFolder {
        /// The folder or archive.
        path: Utf8PathBuf,
        /// What it holds.
        unread: Vec<Unread>,
    },
    /// A file of a folder or an archive cannot be read, and the mapping does not say that such files may be left.
    #[error("failed to add `{path}`: it is {why}")]
    CannotRead {
        /// The file.
        path: Utf8PathBuf,
        /// Why not.
        why: String,
    },
    /// The archive cannot be read.
    #[error("failed to read archive `{path}`")]
    BrokenArchive {
        /// The archive.
        path: Utf8PathBuf,
        /// The cause.
        source: Cause,
    },
    /// The file cannot be read.
    #[error("failed to read `{path}`")]
    Unreadable {
        /// The file.
        path: Utf8PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The file holds nothing.
    #[error("failed to add `{path}`: the file is empty")]
    Empty {
        /// The file.
        path: Utf8PathBuf,
    },
    /// The file is neither text nor a workbook.
    #[error("failed to add `{path}`: the file is {what}")]
    Binary {
        /// The file.
        path: Utf8PathBuf,
        /// What it looks like.
        what: &'static str,
    },
    /// The file is named `.gz` and is not gzip.
    #[error("failed to unpack `{path}`: the file is named `.gz` but is not gzip")]
    NotGzip {
        /// The file.
        path: Utf8PathBuf,
    },
    /// The gzip file is cut off or damaged.
    #[error("failed to unpack `{path}`: the gzip data is {state}")]
    BrokenGzip {
        /// The file.
        path: Utf8PathBuf,
        /// `cut off` or `damaged`.
        state: &'static str,
        /// The cause.
        source: io::Error,
    },
    /// A line is longer than any row.
    #[error("failed to read `{path}`: line {line} is longer than 16 MiB")]
    LineTooLong {
        /// The file.
        path: Utf8PathBuf,
        /// The line, from 1.
        line: u64,
    },
    /// The workbook cannot be read.
    #[error("failed to read workbook `{path}`")]
    BrokenWorkbook {
        /// The file.
        path: Utf8PathBuf,
        /// The cause.
        source: Cause,
    },
    /// The file is not what it claims to be.
    #[error("failed to read {what} `{path}`")]
    BrokenFile {
        /// The file.
        path: Utf8PathBuf,
        /// Its format.
        what: &'static str,
        /// The cause.
        source: Cause,
    },
    /// A workbook was given to a mapping that reads text, or the reverse.
    #[error("failed to add `{path}`: it is {is}, and mapping `{mapping}` reads {reads}")]
    OtherFormat {
        /// The file.
        path: Utf8PathBuf,
        /// What the file is.
        is: &'static str,
        /// The mapping.
        mapping: String,
        /// What the mapping reads.
        reads: String,
        /// Built-in mappings that would fit.
        fits: Vec<String>,
    },
    /// The workbook lacks a sheet.
    #[error("failed to add `{path}`: it has no sheet `{sheet}` (table `{table}`); its sheets are {}", listed(.sheets))]
    NoSheet {
        /// The file.
        path: Utf8PathBuf,
        /// The sheet that is missing.
        sheet: String,
        /// The table that is read from it.
        table: String,
        /// The sheets that there are.
        sheets: Vec<String>,
    },
    /// The name of the file fits no table.
    #[error("failed to add `{path}`: its name fits no table of mapping `{mapping}`")]
    NoTable {
        /// The file.
        path: Utf8PathBuf,
        /// The mapping.
        mapping: String,
        /// The names that its tables take.
        patterns: Vec<String>,
        /// The table whose columns the file has.
        by_columns: Option<Box<str>>,
        /// Built-in mappings that would fit.
        fits: Vec<String>,
    },
    /// No row is the header of the table.
    #[error("failed to add `{path}`: no row has the columns of table `{table}` of mapping `{mapping}`{}", best_row(.best))]
    NoHeader {
        /// The file.
        path: Utf8PathBuf,
        /// The mapping.
        mapping: String,
        /// The table.
        table: String,
        /// The row that looks most like the header.
        best: Option<Box<LikelyHeader>>,
        /// Built-in mappings that would fit.
        fits: Vec<String>,
    },
    /// The file has columns that the mapping has not.
    #[error("failed to add `{path}`: mapping `{mapping}` does not know {}", strays(.columns))]
    UnknownColumns {
        /// The file.
        path: Utf8PathBuf,
        /// The mapping.
        mapping: String,
        /// The columns.
        columns: Vec<UnknownColumn>,
        /// Built-in mappings that would fit.
        fits: Vec<String>,
    },
    /// A column between others has no name.
    #[error("failed to add `{path}`: column {column} of the header (row {row}) has no name")]
    NamelessColumn {
        /// The file.
        path: Utf8PathBuf,
        /// The column, from 1.
        column: usize,
        /// The row of the header, from 1.
        row: u64,
    },
    /// Two files have one name, so that a row pointer could not tell them apart.
    #[error("failed to add `{first}` and `{second}` as one delivery: they have the same name")]
    SameName {
        /// A file.
        first: Utf8PathBuf,
        /// Another.
        second: Utf8PathBuf,
    },
    /// Two files hold the same bytes for the same table.
    #[error("failed to add `{first}` and `{second}` as one delivery: they hold the same bytes")]
    SameContents {
        /// A file.
        first: Utf8PathBuf,
        /// Another.
        second: Utf8PathBuf,
    },
    /// More rows were repaired than a sound release needs.
    #[error(
        "failed to add `{path}`: {repaired} of {rows} rows of table `{table}` had to be repaired, the first in row {first}"
    )]
    RepairCap {
        /// The file.
        path: Utf8PathBuf,
        /// The table.
        table: String,
        /// Rows repaired.
        repaired: u64,
        /// Rows read.
        rows: u64,
        /// The number up to which it does not matter.
        cap_rows: u64,
        /// The share up to which it does not matter.
        cap_share: f64,
        /// The first repaired row.
        first: u64,
    },
    /// Most rows could not be placed: the file is not of the shape that the mapping tells.
    #[error(
        "failed to add `{path}`: {refused} of {rows} rows of table `{table}` could not be placed, the first in row {first} ({reason})"
    )]
    MostRefused {
        /// The file.
        path: Utf8PathBuf,
        /// The table.
        table: String,
        /// Rows refused.
        refused: u64,
        /// Rows read.
        rows: u64,
        /// The first refused row.
        first: u64,
        /// Why it was refused.
        reason: &'static str,
    },
    /// The same bytes are there under another mapping.
    #[error(
        "failed to add delivery `{delivery}` under mapping `{given}` version {given_version}: it stands under mapping `{stands}` version {stands_version}"
    )]
    OtherMapping {
        /// The delivery.
        delivery: DeliveryId,
        /// The mapping given.
        given: String,
        /// Its version.
        given_version: u32,
        /// The mapping under which the delivery stands.
        stands: String,
        /// Its version.
        stands_version: u32,
    },
    /// The same bytes are there, complete through another day.
    #[error("failed to add delivery `{delivery}` through {given}: it stands {}", through(.stands))]
    OtherThrough {
        /// The delivery.
        delivery: DeliveryId,
        /// The day given.
        given: Date,
        /// The day with which the delivery stands.
        stands: Option<Date>,
    },
    /// Another process is adding to the same store.
    #[error("failed to add to `{root}`: another process is adding to it")]
    Busy {
        /// The store.
        root: Utf8PathBuf,
    },
    /// The store could not be written.
    #[error("failed to {operation} `{path}`")]
    Write {
        /// What was being done.
        operation: &'static str,
        /// The file or folder.
        path: Utf8PathBuf,
        /// The cause.
        source: Cause,
    },
    /// The store could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A row that looks like a header, and lacks something for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LikelyHeader {
    /// The row, from 1.
    pub row: u64,
    /// Columns that it lacks, with the nearest name that it has.
    pub missing: Vec<MissingColumn>,
}

/// A column of the mapping that the file lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingColumn {
    /// Its name.
    pub name: String,
    /// The name in the file that is most like it.
    pub nearest: Option<String>,
}

/// A column of the file that the mapping lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownColumn {
    /// Its name.
    pub name: String,
    /// The name in the mapping that is most like it.
    pub nearest: Option<String>,
    /// The mapping has the name, but the file has it more often.
    pub repeated: bool,
}

fn best_row(best: &Option<Box<LikelyHeader>>) -> String {
    let Some(best) = best else { return String::new() };
    let names: Vec<&str> = best.missing.iter().map(|m| m.name.as_str()).collect();
    format!("; row {} looks most like a header, but lacks {}", best.row, listed(&names))
}

fn strays(columns: &[UnknownColumn]) -> String {
    let names: Vec<String> = columns
        .iter()
        .map(|c| match c.repeated {
            true => format!("the second column `{}`", c.name),
            false => format!("the column `{}`", c.name),
        })
        .collect();
    names.join(", ")
}

fn through(day: &Option<Date>) -> String {
    day.map_or_else(|| "without a day through which it is complete".to_owned(), |day| format!("through {day}"))
}

fn others(fits: &[String]) -> Option<String> {
    (!fits.is_empty()).then(|| format!("the file fits mapping {}: add it with `--as {}`", listed(fits), fits[0]))
}

/// Two pieces of advice, of which either may be wanting.
fn and(first: Option<String>, second: Option<String>) -> Option<String> {
    match (first, second) {
        (Some(first), Some(second)) => Some(format!("{first}; {second}")),
        (first, second) => first.or(second),
    }
}

impl AddError {
    pub(crate) fn write(operation: &'static str, path: &Utf8Path, source: impl Into<Cause>) -> Self {
        Self::Write { operation, path: path.to_owned(), source: source.into() }
    }

    /// What would work, where that can be said.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::NoFiles => Some("name the files of one delivery".to_owned()),
            Self::Missing { nearest, .. } => Some(match nearest {
                Some(nearest) => format!("did you mean `{nearest}`?"),
                None => "check the path; it is taken from the folder you are in".to_owned(),
            }),
            Self::EmptyFolder { .. } => Some("name a folder or an archive that holds the files of one delivery".to_owned()),
            Self::CannotRead { .. } => Some(
                "leave it out, or set `unknown_files = \"keep\"` under `[read]` of the mapping: then the receipt names it"
                    .to_owned(),
            ),
            Self::BrokenArchive { .. } => Some("get the archive again: `unzip -t` tells whether it is whole".to_owned()),
            Self::Unreadable { .. } => Some("check that you may read the file".to_owned()),
            Self::Empty { .. } => Some("ask the source for the file again, or leave it out".to_owned()),
            Self::Binary { what, .. } => Some(match *what {
                "UTF-16 text" => "save it as UTF-8".to_owned(),
                "a zip archive" => "unpack it and name the folder".to_owned(),
                _ => "give delimited text, gzip or zip of it, a workbook, JSON or Parquet".to_owned(),
            }),
            Self::NotGzip { .. } => Some("take `.gz` off the name if it is plain text, or get the file again".to_owned()),
            Self::BrokenGzip { .. } => Some("get the file again: `gzip -t` tells whether it is whole".to_owned()),
            Self::LineTooLong { .. } => Some("check that the file is text in lines".to_owned()),
            Self::BrokenWorkbook { .. } => Some("open it in a spreadsheet program and save it as .xlsx".to_owned()),
            Self::BrokenFile { .. } => Some("get the file again, or ask the source for it in another format".to_owned()),
            Self::OtherFormat { fits, .. } => others(fits).or_else(|| Some(OWN_MAPPING.to_owned())),
            Self::NoSheet { sheet, table, sheets, .. } => {
                Some(match nearest(sheet, sheets.iter().map(String::as_str)) {
                    Some(near) => format!("if sheet `{near}` is meant, set `sheet = \"{near}\"` for table `{table}`"),
                    None => format!("set `sheet` of table `{table}` to one of them"),
                })
            }
            Self::NoTable { patterns, by_columns, fits, .. } => {
                let named = format!("its tables take files named {}", listed(patterns));
                let columns = by_columns
                    .as_ref()
                    .map(|table| format!("the columns are those of table `{table}`, so rename the file"));
                and(and(Some(named), columns), others(fits))
            }
            Self::NoHeader { best, fits, .. } => {
                let near: Vec<String> = best
                    .iter()
                    .flat_map(|b| &b.missing)
                    .filter_map(|m| Some(format!("`{}` for `{}`", m.nearest.as_ref()?, m.name)))
                    .take(5)
                    .collect();
                let near = (!near.is_empty()).then(|| format!("the row has {}", near.join(", ")));
                and(others(fits), near).or_else(|| Some(OWN_MAPPING.to_owned()))
            }
            Self::UnknownColumns { columns, fits, .. } => {
                let near: Vec<String> = columns
                    .iter()
                    .filter_map(|c| Some(format!("the name nearest to `{}` is `{}`", c.name, c.nearest.as_ref()?)))
                    .take(5)
                    .collect();
                let near = (!near.is_empty()).then(|| near.join(", "));
                let keep = "add the column to the mapping, or set `unknown_columns = \"keep\"` under `[read]` to keep it as text";
                and(others(fits), and(near, Some(keep.to_owned())))
            }
            Self::NamelessColumn { .. } => Some("give the column a name in the file".to_owned()),
            Self::SameName { .. } => Some("rename one of them, or add them one after the other".to_owned()),
            Self::SameContents { .. } => Some("name each file once".to_owned()),
            Self::RepairCap { cap_rows, cap_share, .. } => Some(format!(
                "the release looks broken: ask the source for it again, or raise `repair_cap_rows` ({cap_rows}) or `repair_cap_share` ({cap_share}) in the mapping"
            )),
            Self::MostRefused { .. } => Some(
                "compare delimiter, quote and header: `throughline mapping check MAPPING --against FILE` tells how they fit"
                    .to_owned(),
            ),
            Self::OtherMapping { given, given_version, stands, stands_version, .. }
                if given == stands && given_version == stands_version =>
            {
                Some("the mapping was changed since: raise its `version`, and remove the delivery's folder to load it anew".to_owned())
            }
            Self::OtherMapping { stands, delivery, .. } => {
                Some(format!("use `--as {stands}`, or remove the folder of `{delivery}` to load it anew"))
            }
            Self::OtherThrough { delivery, .. } => {
                Some(format!("leave out `--through`, or remove the folder of `{delivery}` to load it anew"))
            }
            Self::Busy { .. } => Some("wait until it is done".to_owned()),
            Self::Write { .. } => Some("check that the disk has room and that you may write there".to_owned()),
            Self::Store(error) => error.help(),
        }
    }
}

/// The command that starts a mapping of one's own.
pub(crate) const STARTS_ONE: &str = "throughline mapping draft";
const OWN_MAPPING: &str = "no built-in mapping fits; `throughline mapping draft FILE` starts one";

fn unread_files(unread: &[Unread]) -> String {
    let files: Vec<String> = unread.iter().take(5).map(|u| format!("`{}` is {}", u.path, u.why)).collect();
    if files.is_empty() { String::new() } else { format!("; {}", files.join(", ")) }
}

/// Names the archive when reading it fails.
pub(crate) fn archive_error(path: &Utf8Path, error: ReadError) -> AddError {
    let source: Cause = match error {
        ReadError::Io(source) => source.into(),
        ReadError::Broken { cause, .. } => cause,
        other => other.to_string().into(),
    };
    AddError::BrokenArchive { path: path.to_owned(), source }
}

/// Names the file when reading fails.
pub(crate) fn read_error(input: &Input, error: ReadError) -> AddError {
    let path = input.path.clone();
    let gzip = input.is_gzip();
    match error {
        ReadError::Io(source) if gzip && source.kind() == io::ErrorKind::UnexpectedEof => {
            AddError::BrokenGzip { path, state: "cut off", source }
        }
        ReadError::Io(source)
            if gzip && matches!(source.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData) =>
        {
            AddError::BrokenGzip { path, state: "damaged", source }
        }
        ReadError::Io(source) if input.is_member() => AddError::BrokenArchive { path, source: source.into() },
        ReadError::Io(source) => AddError::Unreadable { path, source },
        ReadError::LineTooLong { line } => AddError::LineTooLong { path, line },
        ReadError::Workbook(source) => AddError::BrokenWorkbook { path, source },
        ReadError::Broken { what, cause } => AddError::BrokenFile { path, what, source: cause },
    }
}
