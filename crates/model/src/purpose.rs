use std::fmt;

/// Why somebody opens a person's file. Stated each time, checked, and written to the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// Representing the person.
    Representation,
    /// Preparing an intake or a first consultation.
    Intake,
    /// Reviewing flags, links or contests.
    Review,
    /// Answering the person's request for their own file.
    Disclosure,
    /// Oversight of the office's own work.
    Oversight,
}

impl Purpose {
    /// Every purpose, in the order in which a person is offered them.
    pub const ALL: [Purpose; 5] =
        [Purpose::Representation, Purpose::Intake, Purpose::Review, Purpose::Disclosure, Purpose::Oversight];

    /// The name used in files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Purpose::Representation => "representation",
            Purpose::Intake => "intake",
            Purpose::Review => "review",
            Purpose::Disclosure => "disclosure",
            Purpose::Oversight => "oversight",
        }
    }

    /// Reads a purpose.
    ///
    /// # Errors
    ///
    /// [`UnknownPurpose`] lists the purposes that exist. There is none for enforcement.
    pub fn parse(name: &str) -> Result<Self, UnknownPurpose> {
        Self::ALL.into_iter().find(|p| p.name() == name).ok_or_else(|| UnknownPurpose(name.to_owned()))
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A stated purpose that does not exist.
#[derive(Debug, thiserror::Error)]
#[error("no purpose `{0}`; the purposes are representation, intake, review, disclosure, oversight")]
pub struct UnknownPurpose(pub String);
