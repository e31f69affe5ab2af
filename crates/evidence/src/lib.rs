//! Evidence: mappings, readers, receipts, and the store of deliveries.
//!
//! A delivery (a batch of files from a source) is read as its mapping says and becomes objects, events and relations of
//! the interior language, with every original cell beside its typed value. Its receipt accounts for every row.
//! `docs/mappings.md` is the specification.
//!
//! This crate knows nothing of linkage, law, SQL or HTTP, and nothing of the time: a load that is repeated gives equal
//! bytes. It never guesses: what cannot be read as its type is null and a problem, and a row that cannot be placed is
//! kept verbatim with its reason.
//!
//! ```no_run
//! use evidence::{AddOptions, EvidenceStore, Mapping, add};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let store = EvidenceStore::open("evidence")?;
//! let mapping = Mapping::resolve("ice/removals-foia-2019")?;
//! let options = AddOptions { through: None, progress: &|_| {} };
//! let added = add(&store, &["ICERemovals_FY2016.csv.gz".into()], &mapping, &options)?;
//! assert_eq!(added.receipt.rows_read(), added.receipt.rows_kept() + added.receipt.rows_refused());
//! # Ok(())
//! # }
//! ```

mod mapping;

mod add;
mod add_error;
pub mod assist;
mod derive;
mod input;
mod inspect;
mod interior;
mod load;

mod receipt;
pub mod wire;

mod store;

pub mod diff;
pub mod registry;

mod schema;

mod cell;
mod counts;
mod flags;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod header;
mod nearest;
mod plain;
mod problem;
mod read;
mod redaction;
mod repair;
mod rules;
mod spill;
mod write;

pub use add::{AddOptions, Added, Progress, add};
pub use add_error::{AddError, LikelyHeader, MissingColumn, UnknownColumn};
pub use derive::{Derived, derive};
pub use mapping::{Coverage, Holds, Mapping, MappingError, Mappings, RepairRule, Source};
pub use problem::Problem;
pub use plain::{original_text, original_text_as};
pub use receipt::{FileReceipt, Reason, Receipt, Refusal, Repair, SAMPLES, Unread};
pub use redaction::is_redaction;
pub use schema::{data_type, events_schema, flags_schema, objects_schema, refused_schema, relations_schema};
pub use store::{Cover, DeliveryFiles, EvidenceStore, RowContent, SourceCell, SourceRow, StoreError};
