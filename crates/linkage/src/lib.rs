//! Finds the records that belong to one person, says how sure it is, and why.
//!
//! This crate knows nothing of immigration, of files, of where records come from, of who judged a pair, or of time; it
//! draws no random number that the caller did not seed. It takes columns or Arrow batches and returns values.
//!
//! The method is that of Fellegi and Sunter with EM. Each field is normalised and dictionary-encoded ([`Records`]);
//! [`block`] finds the pairs worth comparing; [`compare`] gives each pair a level a field, packed into a
//! [`pattern`]; [`em`] learns from the counts of patterns what each level is worth; [`score`] adds how rare a shared
//! value is; [`cluster`] forms persons and honours judgements; [`explain`] takes one score apart.
//!
//! ```
//! use linkage::{Column, Config, FieldKind, FieldSpec, Records, explain, link};
//!
//! let ids = ["court-1", "clinic-7", "clinic-8"].map(str::to_owned).to_vec();
//! let column = |name: &str, kind, values: [&'static str; 3]| Column {
//!     spec: FieldSpec::new(name, kind),
//!     values: values.into_iter().map(Some).collect(),
//! };
//! let records = Records::new(
//!     ids,
//!     None,
//!     &[
//!         column("given name", FieldKind::GivenName, ["Ilvana", "ILVANA", "Torvald"]),
//!         column("surname", FieldKind::Surname, ["Quespera Brumal", "Brumal", "Zintho"]),
//!         column("born", FieldKind::BirthDate, ["1990-03-04", "1990-04-03", "1962-11-30"]),
//!         column("file number", FieldKind::Identifier, ["A012-345-678", "12345678", "A076543219"]),
//!     ],
//! )?;
//! let linked = link(&records, &Config::standard(), &[], 1)?;
//! assert_eq!(linked.clusters.len(), 2);
//! assert_eq!(linked.clusters[0].id, "clinic-7");
//!
//! let why = explain(&records, &linked.model, "court-1", "clinic-7")?;
//! assert_eq!(why.fields[1].level, "one name of several");
//! assert_eq!(why.fields[2].level, "day and month swapped");
//! # Ok::<(), linkage::LinkError>(())
//! ```

mod error;
mod fields;
mod link;

pub mod block;
pub mod cluster;
pub mod compare;
pub mod em;
pub mod evaluate;
mod explain;
pub mod normalise;
pub mod pattern;
pub mod score;
pub mod wire;

pub use block::{Key, Part, Rule, RuleReport};
pub use cluster::{Assignment, Cluster, Event, Judgement, Judgements, Verdict, assignment, keep_ids};
pub use em::{FieldModel, LevelModel, Model, Session};
pub use error::LinkError;
pub use evaluate::{Accuracy, Evaluation, Truth, evaluate};
pub use explain::{Explanation, FieldExplanation, FrequencyNote, explain};
pub use fields::{BatchSpec, Column, Field, FieldKind, FieldSpec, Records};
pub use link::{Blocking, Config, LinkReport, Linked, ScoredPair, Warning, WithinSources, link, link_with};
