//! Help with mappings: how well one fits a sample, and a first draft of one.
//!
//! Both read with the readers and the loader that take a delivery in, and write nothing.

mod check;
mod concepts;
mod dates;
mod dialect;
mod draft;
mod draft_error;
mod dry_run;
mod guess;
mod heading;
mod meaning;
mod profile;
mod propose;
mod report;
mod say;
mod section;
mod shape;
mod tally;
mod write_toml;

pub use check::{CheckOptions, check};
pub use draft::{Draft, DraftColumn, DraftOptions, DraftTable, LeftOut, Needless, draft};
pub use draft_error::DraftError;
pub use report::{
    CheckReport, ColumnCheck, DayMonth, FileCheck, FormatCount, KeyCheck, NearName, PartCheck, ProblemCheck, RowNote,
    ShapeCheck, TableFit, TextCount, Verdict,
};
