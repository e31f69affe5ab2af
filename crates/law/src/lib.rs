//! The law as data: what is owed to a person and due from a person, with the law cited.
//!
//! A [`Library`] is a set of criteria, each a TOML file under `criteria/` with its worked examples beside it. It judges
//! [`model::FactSet`]s in columns ([`Library::judge`]) and explains one result ([`Library::explain`]) with the same
//! compiled expressions. Unknown is never read as true or false: SQL's null logic is the law's *cannot tell*, and the
//! record that would settle it is named. [`calendar`] counts days as the law counts them.
//!
//! This crate knows nothing of where facts came from: row pointers are passed along and not looked into. It knows no
//! store, no wire format and no file but its criteria.
//!
//! Nothing here is legal advice. A lawyer must approve each criterion ([`Criterion::approved`]); none is approved yet.
//!
//! ```
//! use jiff::civil::date;
//! use law::{Finding, Library};
//! use model::{FactSet, FactState, FactValue, Sourced, Status, Subject};
//!
//! let library = Library::built_in()?;
//! let decided = Sourced { value: FactValue::Date(date(2026, 6, 4)), from: vec![] };
//! let set = FactSet {
//!     subject: Subject::Decision,
//!     key: "case-1/2026-06-04".to_owned(),
//!     facts: [("decision_date", FactState::Known(decided))].into(),
//! };
//! let judged = library.judge(&[set], date(2026, 6, 10))?;
//! assert_eq!(judged[0].status, Status::Due);
//! assert_eq!(judged[0].safe_by, Some(date(2026, 7, 2)));
//! assert_eq!(judged[0].outer, Some(date(2026, 7, 6)));
//! // The day after, nobody can tell without the Board's record.
//! assert_eq!(judged[0].flip_date, Some(date(2026, 7, 7)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod calendar;
mod criterion;
mod decide;
mod error;
mod evaluate;
mod explain;
mod file;
mod functions;
mod judge;
mod library;
mod named;
mod render;
mod subset;
mod words;

pub use criterion::{
    Clause, ClauseRole, Count, Criterion, DateRole, DateRule, Expression, IfUnknown, Kind, Method, Trigger, Version,
};
pub use decide::Finding;
pub use error::{JudgeError, LoadError};
pub use explain::{Change, ClauseValue, Explanation, FactRead, Flip, Missing, Selection, Working};
pub use judge::{Ask, Caution, Conflict, Judged, NamedDate};
pub use library::Library;
pub use words::Words;
