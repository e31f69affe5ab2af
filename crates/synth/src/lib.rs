//! Fictional people with full immigration histories, written as the deliveries that agencies and offices produce, and
//! the truth beside them: who is who, and what happened when.
//!
//! Everything is drawn from a seed and an as-of date; the same [`OfficeSpec`] gives the same bytes. Names are put
//! together from syllables, alien registration numbers come from a range that is never issued (from
//! [`FIRST_A_NUMBER`] up), facilities and judges are invented. Nobody real is meant.
//!
//! This crate does not know how its files are read: it knows neither mappings nor evidence, linkage, facts or law. It
//! knows what the agencies' files look like (`README.md` has a table of every delivery and its quirks), and it uses the
//! names of [`model`] for the truth. It never asks the machine for time or chance.
//!
//! ```no_run
//! let written = synth::office(&synth::DEMO, camino::Utf8Path::new("demo"))?;
//! for delivery in &written.deliveries {
//!     println!("{}: {} files, read as {}", delivery.name, delivery.files.len(), delivery.mapping);
//! }
//! # Ok::<(), synth::SynthError>(())
//! ```
//!
//! [`eoir`] writes a release of a court's whole case database instead, of any size and without names, and the release
//! after it, with the truth about what is damaged and what has changed.

mod eoir;
mod office;
mod showcase;

mod history;
mod life;

mod errors;
mod names;
mod people;

mod write;

mod chance;
mod dates;

pub use eoir::{EoirChanges, EoirSpec, EoirWritten, Release, eoir};
pub use office::{DEMO, OfficeSpec, SynthError, Written, WrittenDelivery, office};
pub use people::FIRST_A_NUMBER;
pub use showcase::{Showcase, showcases};
