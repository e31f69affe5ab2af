//! What a criterion may yield. The vocabulary is closed, and holds no outcome that selects a person for arrest,
//! detention or removal, and no score of merit or risk: see `docs/ARCHITECTURE.md`, use limits.

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every value.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The name used in files and programs.
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }

            /// Reads a name; `None` if there is no such value.
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.name() == name)
            }
        }
    };
}
pub(crate) use named;

named!(
    /// The only five things that a criterion may say of a person's case.
    Outcome {
        /// An agency owes the person something.
        OwedToPerson = "owed_to_person",
        /// The person must act by a date.
        DueFromPerson = "due_from_person",
        /// The record holds a signal of relief to ask about. No signal never means not eligible.
        PossibleRelief = "possible_relief",
        /// The record holds a signal that the person may be a United States citizen.
        PossibleCitizenship = "possible_citizenship",
        /// Records disagree in a way that matters for liberty or rights.
        RecordConflict = "record_conflict",
    }
);

named!(
    /// Where an obligation stands.
    Status {
        /// Owed to the person now (for screening and conflicts: a look by a person is owed).
        Owed = "owed",
        /// Due from the person; its dates say by when.
        Due = "due",
        /// Done in time.
        Met = "met",
        /// Not done in time, as a record says.
        Missed = "missed",
        /// A record shows that the criterion does not apply.
        NotApplicable = "not_applicable",
        /// The record does not settle it; the missing record is named.
        CannotTell = "cannot_tell",
    }
);

named!(
    /// How sure the law library is of a rule: the marks of the reference.
    Confidence {
        /// Settled text or holding.
        Sure = "SURE",
        /// Believed, but a lawyer must confirm the wording, date or present force.
        Check = "CHECK",
        /// Known recent or pending change; re-read from a primary source before each release.
        Watch = "WATCH",
    }
);

named!(
    /// The legal state of one version of a rule.
    RuleState {
        /// In force.
        InForce = "in_force",
        /// A court forbids applying it.
        Enjoined = "enjoined",
        /// A court has put it on hold.
        Stayed = "stayed",
        /// A court has set it aside.
        Vacated = "vacated",
        /// Not yet law.
        Proposed = "proposed",
        /// Withdrawn by its maker.
        Rescinded = "rescinded",
        /// Ended by its own terms or replaced.
        Expired = "expired",
        /// A policy without the force of a rule.
        PolicyOnly = "policy_only",
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    /// Use limit: an outcome that serves enforcement, or a score, has no name here.
    #[test]
    fn outcomes_are_the_five_of_the_design() {
        let names: Vec<_> = Outcome::ALL.iter().map(|o| o.name()).collect();
        assert_eq!(
            names,
            ["owed_to_person", "due_from_person", "possible_relief", "possible_citizenship", "record_conflict"]
        );
        for bad in ["arrest", "detain", "remove", "risk", "priority_for_removal", "absconding", "threat"] {
            assert_eq!(Outcome::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn names_read_back() {
        for status in Status::ALL {
            assert_eq!(Status::parse(status.name()), Some(*status));
        }
        for state in RuleState::ALL {
            assert_eq!(RuleState::parse(state.name()), Some(*state));
        }
    }
}
