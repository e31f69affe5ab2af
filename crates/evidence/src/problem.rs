//! What can be wrong with a cell.

macro_rules! problems {
    ($($(#[$doc:meta])* $variant:ident = $text:literal),+ $(,)?) => {
        /// What can be wrong with a cell. Its original text is kept whatever it is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Problem { $($(#[$doc])* $variant),+ }

        impl Problem {
            /// Every kind of problem.
            pub const ALL: &'static [Problem] = &[$(Problem::$variant),+];

            /// The name used in files and programs.
            pub fn name(self) -> &'static str {
                match self { $(Problem::$variant => $text),+ }
            }

            /// Reads a name; `None` if there is no such problem.
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|p| p.name() == name)
            }
        }
    };
}

problems! {
    /// The value was withheld: neither null nor a value.
    Redacted = "redacted",
    /// The bytes are not UTF-8 and were read as Latin-1.
    Latin1 = "latin1",
    /// NUL bytes were taken out.
    NulRemoved = "nul_removed",
    /// The text is no date in any of the column's formats.
    NotADate = "not_a_date",
    /// The text is no date and time in any of the column's formats.
    NotADateTime = "not_a_datetime",
    /// The text is neither of the column's texts for yes and no.
    NotABoolean = "not_a_boolean",
    /// The text is no whole number.
    NotAnInteger = "not_an_integer",
    /// The text is no amount of money.
    NotMoney = "not_money",
    /// The date lies before the earliest that makes sense. It is kept as the value.
    SuspectDate = "suspect_date",
    /// The crosswalk has no entry for the text. It is kept as it stands.
    NotInMap = "not_in_map",
    /// The cell was joined from several by the repair rule `shift_left`.
    ShiftLeft = "shift_left",
    /// The cell was joined from several by the repair rule `city_state`.
    CityState = "city_state",
    /// The cell was added by the repair rule `pad_short`.
    PadShort = "pad_short",
    /// The delivery's own counts name a table that is not in it.
    NotDelivered = "not_delivered",
}

/// A set of problems of one cell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct ProblemSet(u16);

impl ProblemSet {
    pub(crate) fn add(&mut self, problem: Problem) {
        self.0 |= 1 << problem as u8;
    }

    pub(crate) fn has(self, problem: Problem) -> bool {
        self.0 & (1 << problem as u8) != 0
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = Problem> {
        Problem::ALL.iter().copied().filter(move |p| self.has(*p))
    }
}
