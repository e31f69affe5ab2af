//! What happened to a person: the structure that recipes and chance fill, and that every delivery is written from.

use crate::dates::{days_between, plus};
use crate::errors::Noise;
use crate::people::Person;
use jiff::civil::{Date, DateTime};
use model::EventType;

/// One person's history.
#[derive(Debug, Clone)]
pub(crate) struct Life {
    pub(crate) person: Person,
    /// Key of the showcase recipe, if the person was made by one.
    pub(crate) showcase: Option<&'static str>,
    pub(crate) noise: Noise,
    /// Crossings of the border, in order.
    pub(crate) crossings: Vec<Crossing>,
    pub(crate) screening: Option<Screening>,
    pub(crate) cases: Vec<CourtCase>,
    pub(crate) stays: Vec<Stay>,
    pub(crate) filings: Vec<Filing>,
    pub(crate) removal: Option<Removal>,
    pub(crate) account: Account,
    pub(crate) reports: Vec<Report>,
    /// The court's export holds the person's cases. False for a paper file.
    pub(crate) court_has_file: bool,
    /// CBP's answer holds the person's crossings.
    pub(crate) cbp_has_file: bool,
    /// USCIS answered for the person's A-file.
    pub(crate) uscis_has_file: bool,
    /// A second birth date that ICE carries, made by a recipe.
    pub(crate) custody_birth: Option<Date>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CrossingKind {
    /// Without inspection, met by officers on the day.
    BetweenPorts,
    /// At a port, paroled in.
    Parole,
    /// Admitted in the class named.
    Admission(&'static str),
    /// Left the country, of the person's own accord.
    Departure,
}

/// Classes of admission that make a permanent resident.
pub(crate) const IMMIGRANT_CLASSES: &[&str] = &["IR1", "IR2", "F21"];
/// Class of a permanent resident who comes back from a visit.
pub(crate) const RETURNING_RESIDENT: &str = "LPR";

#[derive(Debug, Clone, Copy)]
pub(crate) struct Crossing {
    pub(crate) date: Date,
    pub(crate) kind: CrossingKind,
    pub(crate) port: &'static str,
}

/// A credible-fear screening.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Screening {
    pub(crate) referred: Date,
    pub(crate) decided: Date,
    pub(crate) positive: bool,
    /// Review by a judge: the day, and whether the finding was vacated.
    pub(crate) review: Option<(Date, bool)>,
}

/// One charging document.
#[derive(Debug, Clone)]
pub(crate) struct CourtCase {
    pub(crate) nta: Date,
    /// The court's code: `RMV`, `WHO`, `AOC`.
    pub(crate) case_type: &'static str,
    pub(crate) charges: Vec<&'static str>,
    pub(crate) aggravated_felony: bool,
    pub(crate) court: &'static Court,
    pub(crate) applications: Vec<CourtApplication>,
    pub(crate) proceedings: Vec<Proceeding>,
    pub(crate) bond: Option<Bond>,
}

/// One adjudication in one court.
#[derive(Debug, Clone, Default)]
pub(crate) struct Proceeding {
    pub(crate) hearings: Vec<Hearing>,
    pub(crate) decision: Option<Decision>,
    /// An administrative completion: the day and the code of OTHER_COMP.
    pub(crate) other_completion: Option<(Date, char)>,
    pub(crate) appeal: Option<Appeal>,
    pub(crate) motions: Vec<Motion>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Hearing {
    pub(crate) date: Date,
    pub(crate) individual: bool,
    /// Why it was put off; empty for a hearing still to come.
    pub(crate) adjourned: &'static str,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Decision {
    pub(crate) date: Date,
    /// Code of DEC_CODE within the case type.
    pub(crate) code: char,
    pub(crate) in_absentia: bool,
    /// DEC_TYPE: `O` oral, `W` written.
    pub(crate) form: char,
    /// APPEAL_RSVD; `' '` when nothing is recorded.
    pub(crate) reserved: char,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Appeal {
    pub(crate) filed: Date,
    pub(crate) by_government: bool,
    pub(crate) decided: Option<(Date, &'static str)>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Motion {
    pub(crate) filed: Date,
    /// Code of the motion lookup.
    pub(crate) code: &'static str,
    pub(crate) decided: Option<(Date, char)>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct CourtApplication {
    pub(crate) code: &'static str,
    pub(crate) received: Date,
    pub(crate) decision: Option<(Date, char)>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Bond {
    pub(crate) requested: Date,
    pub(crate) decided: Date,
    /// `C` amount set, `R` own recognizance, `D` denied.
    pub(crate) decision: char,
    pub(crate) dollars: Option<u32>,
}

/// One unbroken time in custody, over one or more facilities.
#[derive(Debug, Clone)]
pub(crate) struct Stay {
    pub(crate) stints: Vec<Stint>,
    /// How it ended; empty while it lasts.
    pub(crate) release_reason: &'static str,
    pub(crate) bond_posted: Option<(Date, u32)>,
    pub(crate) final_order: Option<Date>,
    /// The record was never closed although the stay ended.
    pub(crate) left_open: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stint {
    pub(crate) facility: &'static Facility,
    pub(crate) from: DateTime,
    pub(crate) to: Option<DateTime>,
}

impl Stay {
    pub(crate) fn from(&self) -> Option<Date> {
        self.stints.first().map(|stint| stint.from.date())
    }

    pub(crate) fn to(&self) -> Option<Date> {
        self.stints.last().and_then(|stint| stint.to).map(|to| to.date())
    }
}

/// Who filed with USCIS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Applicant {
    Person,
    Mother,
    Father,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Filing {
    pub(crate) form: &'static str,
    pub(crate) applicant: Applicant,
    pub(crate) received: Date,
    /// The day and `APPROVED`, `DENIED`, `WITHDRAWN`, `REFERRED TO EOIR`, `POSITIVE` or `NEGATIVE`.
    pub(crate) decision: Option<(Date, &'static str)>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Removal {
    pub(crate) departed: DateTime,
    /// The day on which the system counts it.
    pub(crate) counted: Date,
    pub(crate) disposition: &'static str,
}

/// What the client says at intake, beside name and birth date. `None` is a box left blank.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Account {
    pub(crate) lpr_since: Option<Date>,
    pub(crate) parent_citizen_since: Option<Date>,
    pub(crate) lived_with_parent: Option<bool>,
    pub(crate) unaccompanied_child: Option<bool>,
    pub(crate) aggravated_felony: Option<bool>,
    pub(crate) prior_cancellation: Option<bool>,
    /// Why an asylum application is late, in the words of the statute.
    pub(crate) late_reason: Option<&'static str>,
    pub(crate) notes: &'static str,
}

/// Something that the office itself learned: a row of the workbook's sheet `Events`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Report {
    pub(crate) date: Date,
    pub(crate) what: What,
    /// Further detail, from the closed list in the mapping.
    pub(crate) detail: &'static str,
    /// Another source tells of the same event, perhaps with another date; the truth has it from there.
    pub(crate) echoes: bool,
}

/// What the office notes, in its own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    Arrived,
    LeftCountry,
    NoticeToAppear,
    HearingNoticeReturned,
    HearingNoticeReceived,
    OffenseCharged,
    JudgesOrder,
    JudgesOrderInAbsence,
    AppealFiled,
    BoardDecision,
    MotionFiled,
    MotionDecided,
    AsylumSent,
    WorkPermitSent,
    WorkPermitReceived,
    CustodyReview,
    PopulationList,
    BookedIn,
    Released,
    CredibleFearResult,
}

impl What {
    /// The words in the workbook.
    pub(crate) fn words(self) -> &'static str {
        match self {
            What::Arrived => "arrived in the US",
            What::LeftCountry => "left the US",
            What::NoticeToAppear => "notice to appear served",
            What::HearingNoticeReturned => "hearing notice returned",
            What::HearingNoticeReceived => "hearing notice received",
            What::OffenseCharged => "offense charged",
            What::JudgesOrder => "judge's order",
            What::JudgesOrderInAbsence => "judge's order in absence",
            What::AppealFiled => "appeal filed",
            What::BoardDecision => "Board decision",
            What::MotionFiled => "motion filed",
            What::MotionDecided => "motion decided",
            What::AsylumSent => "asylum application sent",
            What::WorkPermitSent => "work permit application sent",
            What::WorkPermitReceived => "work permit received",
            What::CustodyReview => "custody review received",
            What::PopulationList => "population list received",
            What::BookedIn => "booked in",
            What::Released => "released",
            What::CredibleFearResult => "credible fear result",
        }
    }

    pub(crate) fn is_order(self) -> bool {
        matches!(self, What::JudgesOrder | What::JudgesOrderInAbsence)
    }

    pub(crate) fn in_absence(self) -> bool {
        self == What::JudgesOrderInAbsence
    }

    /// The event that it tells of.
    pub(crate) fn event(self) -> EventType {
        match self {
            What::Arrived => EventType::Arrived,
            What::LeftCountry => EventType::Departed,
            What::NoticeToAppear => EventType::NtaServed,
            What::HearingNoticeReturned => EventType::NoticeReturned,
            What::HearingNoticeReceived => EventType::Hearing,
            What::OffenseCharged => EventType::OffenseCharged,
            What::JudgesOrder | What::JudgesOrderInAbsence => EventType::Decided,
            What::AppealFiled => EventType::AppealFiled,
            What::BoardDecision => EventType::AppealDecided,
            What::MotionFiled => EventType::MotionFiled,
            What::MotionDecided => EventType::MotionDecided,
            What::AsylumSent | What::WorkPermitSent => EventType::ApplicationFiled,
            What::WorkPermitReceived => EventType::ApplicationDecided,
            What::CustodyReview => EventType::CustodyReviewed,
            What::PopulationList => EventType::PopulationListed,
            What::BookedIn => EventType::CustodyStarted,
            What::Released => EventType::CustodyEnded,
            What::CredibleFearResult => EventType::CredibleFearDecided,
        }
    }
}

/// A detention facility. All are invented.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Facility {
    pub(crate) name: &'static str,
    pub(crate) code: &'static str,
}

/// A court. The codes are those of real base cities; the judges' codes are invented.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Court {
    pub(crate) base: &'static str,
    pub(crate) hearing: &'static str,
    pub(crate) state: &'static str,
    pub(crate) city: &'static str,
    pub(crate) zip: &'static str,
    pub(crate) judges: [&'static str; 2],
}

/// Immigration detention.
pub(crate) const FACILITIES: &[Facility] = &[
    Facility { name: "PINE HOLLOW PROCESSING CENTER", code: "PNHLWTX" },
    Facility { name: "MESA ROJA DETENTION FACILITY", code: "MSARJNM" },
    Facility { name: "CYPRESS BEND ICE PROC CENTER", code: "CYPBDLA" },
    Facility { name: "LAKE ORLEN COUNTY JAIL", code: "LKORLFL" },
    Facility { name: "STONE FORK REGIONAL", code: "STNFKGA" },
    Facility { name: "GRAYWATER FAMILY STAGING", code: "GRYWTTX" },
];

/// The courts.
pub(crate) const COURTS: &[Court] = &[
    Court { base: "HOU", hearing: "HOU", state: "TX", city: "HOUSTON", zip: "77001", judges: ["QZA", "QZB"] },
    Court { base: "LOS", hearing: "LOS", state: "CA", city: "LOS ANGELES", zip: "90012", judges: ["QZC", "QZD"] },
    Court { base: "MIA", hearing: "MIA", state: "FL", city: "MIAMI", zip: "33130", judges: ["QZE", "QZF"] },
    Court { base: "BOS", hearing: "BOS", state: "MA", city: "BOSTON", zip: "02203", judges: ["QZG", "QZH"] },
    Court { base: "CHI", hearing: "CHI", state: "IL", city: "CHICAGO", zip: "60604", judges: ["QZI", "QZJ"] },
];

impl Life {
    /// A person to whom nothing has happened yet.
    pub(crate) fn of(person: Person) -> Self {
        Self {
            person,
            showcase: None,
            noise: Noise::Full,
            crossings: Vec::new(),
            screening: None,
            cases: Vec::new(),
            stays: Vec::new(),
            filings: Vec::new(),
            removal: None,
            account: Account::default(),
            reports: Vec::new(),
            court_has_file: true,
            cbp_has_file: true,
            uscis_has_file: true,
            custody_birth: None,
        }
    }

    /// The judge's decision nearest to `date`.
    pub(crate) fn decision_near(&self, date: Date) -> Option<Decision> {
        let proceedings = self.cases.iter().flat_map(|case| &case.proceedings);
        let decisions = proceedings.filter_map(|proceeding| proceeding.decision);
        decisions.min_by_key(|decision| days_between(decision.date, date).abs())
    }

    /// Everything that truly happened, by date. Reports that echo a record add nothing.
    pub(crate) fn events(&self) -> Vec<(EventType, Date)> {
        let mut events = Vec::new();
        for crossing in &self.crossings {
            match crossing.kind {
                CrossingKind::BetweenPorts => {
                    events.push((EventType::Arrived, crossing.date));
                    events.push((EventType::Apprehended, crossing.date));
                }
                CrossingKind::Parole => events.push((EventType::Arrived, crossing.date)),
                CrossingKind::Admission(class) => {
                    events.push((EventType::Arrived, crossing.date));
                    if class != RETURNING_RESIDENT {
                        events.push((EventType::Admitted, crossing.date));
                    }
                    if IMMIGRANT_CLASSES.contains(&class) {
                        events.push((EventType::StatusGranted, crossing.date));
                    }
                }
                CrossingKind::Departure => events.push((EventType::Departed, crossing.date)),
            }
        }
        if let Some(screening) = self.screening {
            events.push((EventType::Encountered, screening.referred));
            events.push((EventType::CredibleFearDecided, screening.decided));
            events.extend(screening.review.map(|(date, _)| (EventType::CredibleFearDecided, date)));
        }
        self.cases.iter().for_each(|case| case.events(&mut events));
        for stay in &self.stays {
            for stint in &stay.stints {
                events.push((EventType::CustodyStarted, stint.from.date()));
                events.extend(stint.to.map(|to| (EventType::CustodyEnded, to.date())));
            }
            events.extend(stay.bond_posted.map(|(date, _)| (EventType::BondPosted, date)));
        }
        for filing in &self.filings {
            filing.events(&mut events);
        }
        events.extend(self.removal.map(|removal| (EventType::Departed, removal.departed.date())));
        for report in &self.reports {
            if !report.echoes {
                events.push((report.what.event(), report.date));
            }
        }
        events.sort_by_key(|(kind, date)| (*date, *kind));
        events.dedup();
        events
    }
}

impl CourtCase {
    fn events(&self, events: &mut Vec<(EventType, Date)>) {
        events.push((EventType::NtaServed, self.nta));
        for application in &self.applications {
            events.push((EventType::ApplicationFiled, application.received));
            events.extend(application.decision.map(|(date, _)| (EventType::ApplicationDecided, date)));
        }
        events.extend(self.bond.map(|bond| (EventType::BondDecided, bond.decided)));
        for proceeding in &self.proceedings {
            events.extend(proceeding.hearings.iter().map(|hearing| (EventType::Hearing, hearing.date)));
            let asylum = proceeding.hearings.iter().filter(|hearing| self.on_asylum_calendar(hearing.date));
            events.extend(asylum.filter_map(Hearing::clock));
            events.extend(proceeding.decision.map(|decision| (EventType::Decided, decision.date)));
            if let Some((date, code)) = proceeding.other_completion
                && !matches!(code, 'C' | 'T')
            {
                events.push((EventType::Decided, date));
            }
            if let Some(appeal) = proceeding.appeal {
                events.push((EventType::AppealFiled, appeal.filed));
                events.extend(appeal.decided.map(|(date, _)| (EventType::AppealDecided, date)));
            }
            for motion in &proceeding.motions {
                events.push((EventType::MotionFiled, motion.filed));
                events.extend(motion.decided.map(|(date, _)| (EventType::MotionDecided, date)));
            }
        }
    }

    /// An asylum application is before the judge on `date`, so a hearing on it moves the asylum clock.
    pub(crate) fn on_asylum_calendar(&self, date: Date) -> bool {
        self.applications.iter().any(|application| application.code == "ASYL" && application.received <= date)
    }

    /// The day on which the order of removal became final, as far as the record on `as_of` shows.
    pub(crate) fn final_order(&self, as_of: Date) -> Option<Date> {
        let last = self.proceedings.last()?;
        let decision = last.decision.filter(|decision| decision.code == 'X')?;
        if decision.in_absentia || decision.reserved == 'I' {
            return Some(decision.date);
        }
        match last.appeal {
            Some(Appeal { decided: Some((date, "DIS" | "SAF" | "WDL")), .. }) => Some(date),
            Some(_) => None,
            None => Some(plus(decision.date, 30)).filter(|lapse| *lapse < as_of),
        }
    }
}

/// Adjournment codes for delays that the applicant asked for or caused.
pub(crate) const APPLICANT_DELAYS: &[&str] = &["01", "02", "05", "06", "11", "12", "21", "22", "38", "5B"];
/// Adjournment codes for delays that government or court caused.
pub(crate) const OTHER_DELAYS: &[&str] = &["03", "04", "13", "17", "18", "19", "24", "34", "9A"];

impl Hearing {
    /// What the hearing did to the asylum clock.
    pub(crate) fn clock(&self) -> Option<(EventType, Date)> {
        if APPLICANT_DELAYS.contains(&self.adjourned) {
            Some((EventType::ClockStopped, self.date))
        } else if OTHER_DELAYS.contains(&self.adjourned) {
            Some((EventType::ClockStarted, self.date))
        } else {
            None
        }
    }
}

impl Filing {
    fn events(&self, events: &mut Vec<(EventType, Date)>) {
        match (self.applicant, self.form) {
            (Applicant::Mother | Applicant::Father, "N-400") => {
                if let Some((date, "APPROVED")) = self.decision {
                    events.push((EventType::ParentNaturalized, date));
                }
            }
            // The interview record; the screening tells of it.
            (_, "I-870") => {}
            _ => {
                events.push((EventType::ApplicationFiled, self.received));
                if let Some((date, decision)) = self.decision {
                    events.push((EventType::ApplicationDecided, date));
                    if decision == "APPROVED" && ["I-485", "I-589"].contains(&self.form) {
                        events.push((EventType::StatusGranted, date));
                    }
                }
            }
        }
    }
}
