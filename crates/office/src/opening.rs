use jiff::{SignedDuration, Timestamp};
use model::{PersonId, Purpose};
use std::fmt;

/// Names one opening of a person's file: unguessable, since it is what a reader shows to go on reading.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OpeningId(pub String);

impl fmt::Display for OpeningId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A stated purpose for looking into one person's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Its id.
    pub id: OpeningId,
    /// Whose file.
    pub person: PersonId,
    /// Why.
    pub purpose: Purpose,
    /// Who reads.
    pub reader: String,
    /// Since when.
    pub at: Timestamp,
}

impl Opening {
    /// How long one stated purpose serves: a working day.
    pub const GOOD_FOR: SignedDuration = SignedDuration::from_hours(8);

    /// Whether it lets its reader look into `person`'s file at `now`.
    pub fn admits(&self, person: &PersonId, now: Timestamp) -> bool {
        self.person == *person && self.at <= now && now.duration_since(self.at) <= Self::GOOD_FOR
    }
}
