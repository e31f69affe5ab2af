//! Closed lists: kinds of institutions, code systems, what dates a source, what is asked.

/// A closed list of words with a name each.
macro_rules! words {
    ($(#[$doc:meta])* $list:ident { $($(#[$word_doc:meta])* $word:ident = $name:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $list { $($(#[$word_doc])* $word,)+ }

        impl $list {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$word,)+];

            /// The word in tables and on the command line.
            pub fn name(self) -> &'static str {
                match self { $(Self::$word => $name,)+ }
            }

            /// Reads the word.
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.name() == name)
            }
        }
    };
}

words! {
    /// What an institution is.
    Kind {
        /// An immigration court: a base city of EOIR.
        Court = "court",
        /// The Board of Immigration Appeals.
        AppealsBoard = "appeals_board",
        /// An office of EOIR that has a base city code and hears no cases.
        CourtOffice = "court_office",
        /// A place or docket for which EOIR schedules hearings.
        HearingLocation = "hearing_location",
        /// A jail, prison or centre that holds adults for ICE under its own or another agency's contract.
        DetentionFacility = "detention_facility",
        /// A hold room or staging site.
        HoldRoom = "hold_room",
        /// A hospital, or a unit of one.
        Hospital = "hospital",
        /// A facility for families or for juveniles.
        FamilyOrYouth = "family_or_youth_facility",
        /// A shelter of the Office of Refugee Resettlement.
        Shelter = "shelter",
        /// A prison of the Bureau of Prisons.
        FederalPrison = "federal_prison",
        /// A site of the armed forces.
        Military = "military_facility",
        /// The sources say that it is none of these.
        Other = "other",
        /// An entry that an agency made to test its system. It is kept so that its code resolves.
        TestEntry = "test_entry",
        /// No source says.
        Unstated = "unstated",
    }
}

words! {
    /// Whose code a code is.
    CodeSystem {
        /// ICE detention location.
        Detloc = "detloc",
        /// EOIR base city: a court.
        EoirBaseCity = "eoir_base_city",
        /// EOIR hearing location.
        EoirHearingLocation = "eoir_hearing_location",
        /// The number that a compiler of facility lists gives to what he takes for one facility.
        CanonicalId = "canonical_id",
    }
}

impl CodeSystem {
    /// First part of the ids of institutions that this system names.
    pub(crate) fn room(self) -> Option<&'static str> {
        match self {
            Self::Detloc => Some("facility"),
            Self::EoirBaseCity => Some("court"),
            Self::EoirHearingLocation => Some("hearing-location"),
            Self::CanonicalId => None,
        }
    }
}

words! {
    /// What says of which days a source speaks.
    DatedBy {
        /// Its rows carry dates.
        Rows = "rows",
        /// It says so above its header.
        Banner = "banner",
        /// Its columns name a fiscal year (and its file name the day up to which).
        FiscalYear = "fiscal_year",
        /// Its file name.
        FileName = "file_name",
        /// Only the day is known on which somebody published it, from `PROVENANCE.md`.
        Published = "published",
        /// Likewise, and what it says is older: it repeats earlier lists, or has lain undated since.
        PublishedLater = "published_later",
    }
}

words! {
    /// What is asked.
    QuestionKind {
        /// Codes with one name and address, seen at one time.
        OneOrSeveral = "one_or_several",
        /// One code, names that differ beyond spelling.
        RenamedOrReplaced = "renamed_or_replaced",
        /// One code, cities or states that differ beyond spelling.
        MovedOrReused = "moved_or_reused",
        /// A facility known by name only.
        WhichCode = "which_code",
        /// Sources disagree on the kind.
        WhichKind = "which_kind",
        /// A court of which no source gives the city.
        WhichCity = "which_city",
        /// A row without a state.
        WhichState = "which_state",
        /// A hearing location with the name and city of a facility.
        SamePlace = "same_place",
        /// A compiler's own doubt.
        CompilersNote = "compilers_note",
    }
}

impl QuestionKind {
    /// The question as a sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::OneOrSeveral => "Are these codes one facility, or several at one address?",
            Self::RenamedOrReplaced => "Was the institution renamed, or did the code pass to another?",
            Self::MovedOrReused => "Did the institution move, is a city wrong, or did the code pass to another?",
            Self::WhichCode => "Which code does this facility have, if any?",
            Self::WhichKind => "What kind of institution is it?",
            Self::WhichCity => "In which city does this court sit?",
            Self::WhichState => "In which state is this facility, and which code does it have?",
            Self::SamePlace => "Are these hearings held in this facility?",
            Self::CompilersNote => "Is what the compiler noted true?",
        }
    }
}
