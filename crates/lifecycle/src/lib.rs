//! Lifecycles: one person's events from many sources lined up into a timeline, and facts read off it.
//!
//! This crate knows nothing of law: it says what the record holds, never what follows from it. It knows nothing of
//! files, linkage or SQL: records and events come in as values, already gathered for one person.
//!
//! ```
//! use lifecycle::{Event, Material, line_up};
//! use model::{DeliveryId, EventId, EventType, RowPointer, SourceId};
//! use jiff::civil::date;
//!
//! let report = |source: &str, day| Event {
//!     id: EventId::new(format!("{source}-1")),
//!     kind: EventType::Departed,
//!     at: day,
//!     has_time: false,
//!     source: SourceId::new(source),
//!     pointer: RowPointer { delivery: DeliveryId::new("d-1"), file: "a.csv".into(), sheet: None, row: 2 },
//!     objects: vec![],
//!     attributes: Default::default(),
//! };
//! let events = vec![
//!     report("ice", date(2026, 6, 10).at(0, 0, 0, 0)),
//!     report("cbp", date(2026, 6, 11).at(0, 0, 0, 0)),
//! ];
//! let timeline = line_up(&Material { events, ..Material::default() });
//! // Two sources, one departure, and the disagreement is kept side by side.
//! assert_eq!(timeline.moments.len(), 1);
//! assert!(timeline.moments[0].in_conflict());
//! ```

mod custody;
mod facts;
mod material;
mod moment;

pub use custody::{Stay, Stint};
pub use facts::{Horizon, facts};
pub use material::{Attributes, Cover, Event, Material, Object, Record};
pub use moment::{Moment, Timeline, line_up};
