//! The interior language: objects, events and relations in the sense of OCEL 2.0, typed by a closed ontology.
//!
//! The ontology is where two use limits live. It has no type for a live or inferred location, a plate, a phone, a
//! face, a fingerprint or a social-media account, and [`tracking_type`] names what a mapping must be refused for.

use crate::outcome::named;

named!(
    /// What an object is.
    ObjectType {
        /// One source's view of one person.
        PersonRecord = "person_record",
        /// A court case: one charging document.
        Case = "case",
        /// One adjudication of a case in one court.
        Proceeding = "proceeding",
        /// One application for relief or a benefit.
        Application = "application",
        /// One appeal to the Board.
        Appeal = "appeal",
        /// One motion.
        Motion = "motion",
        /// One unbroken stay in one detention facility.
        CustodyStint = "custody_stint",
        /// One custody redetermination (bond) proceeding.
        Bond = "bond",
        /// One entry or exit.
        Crossing = "crossing",
    }
);

named!(
    /// What happened.
    EventType {
        /// Arrived in the United States, in whatever manner.
        Arrived = "arrived",
        /// Admitted in a status.
        Admitted = "admitted",
        /// Met by officers without an arrest being recorded.
        Encountered = "encountered",
        /// Arrested under immigration law.
        Apprehended = "apprehended",
        /// A credible-fear determination was made.
        CredibleFearDecided = "credible_fear_decided",
        /// The Notice to Appear was served or dated.
        NtaServed = "nta_served",
        /// Booked into a detention facility.
        CustodyStarted = "custody_started",
        /// Booked out of a detention facility.
        CustodyEnded = "custody_ended",
        /// Named on a daily population list of a facility.
        PopulationListed = "population_listed",
        /// A post-order custody review was decided.
        CustodyReviewed = "custody_reviewed",
        /// A judge decided on bond.
        BondDecided = "bond_decided",
        /// Bond was paid.
        BondPosted = "bond_posted",
        /// A hearing was set or held.
        Hearing = "hearing",
        /// A hearing notice came back from the post office.
        NoticeReturned = "notice_returned",
        /// An application was received.
        ApplicationFiled = "application_filed",
        /// An application was decided.
        ApplicationDecided = "application_decided",
        /// The asylum work-permit clock was stopped.
        ClockStopped = "clock_stopped",
        /// The asylum work-permit clock was started again.
        ClockStarted = "clock_started",
        /// A judge completed a proceeding.
        Decided = "decided",
        /// A notice of appeal was received by the Board.
        AppealFiled = "appeal_filed",
        /// The Board decided an appeal.
        AppealDecided = "appeal_decided",
        /// A motion was received.
        MotionFiled = "motion_filed",
        /// A motion was decided.
        MotionDecided = "motion_decided",
        /// A status was granted, such as lawful permanent residence.
        StatusGranted = "status_granted",
        /// A parent became a citizen.
        ParentNaturalized = "parent_naturalized",
        /// An offense was committed, as an authority charges it.
        OffenseCharged = "offense_charged",
        /// Removed, returned or otherwise departed.
        Departed = "departed",
    }
);

named!(
    /// How an event or object stands to an object.
    Qualifier {
        /// The event happened to this person.
        Person = "person",
        /// The event or object belongs to this case.
        Case = "case",
        /// The event or object belongs to this proceeding.
        Proceeding = "proceeding",
        /// The event concerns this application.
        Application = "application",
        /// The event concerns this appeal.
        Appeal = "appeal",
        /// The event concerns this motion.
        Motion = "motion",
        /// The event starts or ends this stint.
        Stint = "stint",
        /// The event concerns this bond proceeding.
        Bond = "bond",
        /// The event concerns this crossing.
        Crossing = "crossing",
    }
);

named!(
    /// The type of a value.
    ValueType {
        /// Text as written, trimmed.
        Text = "text",
        /// A civil date.
        Date = "date",
        /// A civil date and time of day, in the local time of the record.
        DateTime = "datetime",
        /// Yes or no.
        Boolean = "boolean",
        /// A whole number.
        Integer = "integer",
        /// An amount of money in United States cents.
        Money = "money",
    }
);

named!(
    /// A value that an object or event may carry.
    Attribute {
        /// Given name or names as recorded.
        GivenName = "given_name",
        /// Surname or surnames as recorded.
        Surname = "surname",
        /// Birth date as recorded.
        BirthDate = "birth_date",
        /// Sex as recorded.
        Sex = "sex",
        /// Country of citizenship as recorded.
        Citizenship = "citizenship",
        /// Country of birth as recorded.
        BirthCountry = "birth_country",
        /// Alien registration number as recorded.
        ANumber = "a_number",
        /// An identifier that holds only within its release.
        ReleaseId = "release_id",
        /// Language as recorded.
        Language = "language",
        /// Whether an agency found the person to be an unaccompanied child.
        UnaccompaniedChild = "unaccompanied_child",
        /// Whether the person lived with a citizen parent before turning 18.
        LivedWithCitizenParent = "lived_with_citizen_parent",
        /// Whether a conviction is charged as an aggravated felony.
        AggravatedFelony = "aggravated_felony",
        /// Whether cancellation of removal was granted before.
        PriorCancellation = "prior_cancellation",
        /// Kind of case, application, appeal, motion, status or hearing.
        Kind = "kind",
        /// What was decided.
        Decision = "decision",
        /// Whether it was decided in the person's absence.
        InAbsentia = "in_absentia",
        /// Whether the person waived appeal.
        AppealWaived = "appeal_waived",
        /// How a decision or notice was served: oral, mail, electronic, personal.
        Service = "service",
        /// Who asked for or caused it: person, government, court.
        Party = "party",
        /// Reason as recorded.
        Reason = "reason",
        /// Detention facility or court, an institution.
        Facility = "facility",
        /// Amount of money.
        Amount = "amount",
        /// Disposition as recorded.
        Disposition = "disposition",
        /// Charge as recorded.
        Charge = "charge",
        /// Manner: of entry, arrest or departure.
        Manner = "manner",
        /// Country concerned, such as the one departed to.
        Country = "country",
        /// Office or area responsible for the row.
        Office = "office",
    }
);

impl Attribute {
    /// The type of the attribute's values.
    pub fn value_type(self) -> ValueType {
        match self {
            Attribute::BirthDate => ValueType::Date,
            Attribute::UnaccompaniedChild
            | Attribute::LivedWithCitizenParent
            | Attribute::AggravatedFelony
            | Attribute::PriorCancellation
            | Attribute::InAbsentia
            | Attribute::AppealWaived => ValueType::Boolean,
            Attribute::Amount => ValueType::Money,
            _ => ValueType::Text,
        }
    }
}

/// Words for types that would let the product follow a person about.
const TRACKING_WORDS: &[&str] = &[
    "location",
    "gps",
    "geolocation",
    "latitude",
    "longitude",
    "address_current",
    "whereabouts",
    "plate",
    "vehicle",
    "phone",
    "imei",
    "device",
    "face",
    "facial",
    "fingerprint",
    "biometric",
    "iris",
    "dna",
    "social_media",
    "username",
    "twitter",
    "facebook",
    "instagram",
    "tiktok",
    "whatsapp",
    "employer_current",
    "school_current",
];

/// The tracking word in `name`, if declaring a type of this name would let the product track a person.
///
/// Words are compared whole (`licence_plate` holds `plate`; `surface` does not hold `face`).
pub fn tracking_type(name: &str) -> Option<&'static str> {
    let flat: String = name.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    let padded = format!("_{}_", flat.trim_matches('_'));
    TRACKING_WORDS.iter().copied().find(|word| padded.contains(&format!("_{word}_")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_type_can_track() {
        let names = ObjectType::ALL
            .iter()
            .map(|t| t.name())
            .chain(EventType::ALL.iter().map(|t| t.name()))
            .chain(Attribute::ALL.iter().map(|t| t.name()));
        for name in names {
            assert_eq!(tracking_type(name), None, "{name}");
        }
        for bad in ["location", "Licence Plate", "phone_number", "face-id", "social_media_handle", "gps"] {
            assert!(tracking_type(bad).is_some(), "{bad}");
        }
        assert_eq!(tracking_type("surface"), None);
    }
}
