//! The words of Throughline as types: ids, row pointers, the ontology of the interior language, facts, outcomes, time.
//!
//! This crate knows nothing of files, SQL, HTTP or any wire format. Everything here is a value; the crates above it
//! give the values a place on disk or on a page.
//!
//! ```
//! use model::{EventType, ObjectType};
//!
//! assert_eq!(EventType::parse("custody_started"), Some(EventType::CustodyStarted));
//! assert_eq!(ObjectType::CustodyStint.name(), "custody_stint");
//! // A type that would let the product track a person does not exist and cannot be declared.
//! assert!(model::tracking_type("licence_plate").is_some());
//! ```

mod clock;
mod entropy;
mod fact;
mod ids;
mod label;
mod ontology;
mod outcome;
mod pointer;
mod purpose;
mod text;

pub use clock::{Clock, FixedClock, SystemClock};
pub use entropy::{CountingEntropy, Entropy, SystemEntropy};
pub use fact::{FACTS, FactDef, FactSet, FactState, FactType, FactValue, Sourced, Subject, fact_def};
pub use ids::{DeliveryId, EventId, ObligationId, PersonId, RecordId, SourceId, content_hash};
pub use ontology::{Attribute, EventType, ObjectType, Qualifier, ValueType, tracking_type};
pub use outcome::{Confidence, Outcome, RuleState, Status};
pub use pointer::RowPointer;
pub use purpose::{Purpose, UnknownPurpose};
pub use text::{Lang, Text};
