//! Histories drawn by chance: seven ways into the system, each with the sequences that follow from it.

mod court;
mod custody;
mod hearsay;

pub(crate) use custody::{removal, stay};
pub(crate) use hearsay::report;

use crate::chance::{Chance, Stream};
use crate::dates::{days_between, plus, plus_years, workday};
use crate::life::{
    Account, Applicant, Bond, CourtCase, Crossing, CrossingKind, Filing, Life, RETURNING_RESIDENT, Screening, What,
};
use crate::names::Culture;
use crate::people::Person;
use court::{Docket, Plea, court_case};
use custody::after_order;
use hearsay::hearsay;
use jiff::civil::Date;

/// Ports and crossing sectors. Institutions, not whereabouts: the office where the record was made.
pub(crate) const PORTS: &[&str] =
    &["PASO DEL NORTE", "BROWNSVILLE", "NOGALES", "SAN YSIDRO", "MIAMI INTL", "HOUSTON IAH"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Path {
    /// Between ports of entry, then credible fear and the court.
    Border,
    /// Paroled at a port.
    Parole,
    /// Came on a visa, stayed, asked USCIS for asylum, referred to the court.
    Overstay,
    /// A permanent resident in proceedings over an offense.
    Resident,
    /// Here for long without papers.
    LongHere,
    /// Came alone as a child.
    Child,
    /// A client without proceedings: adjustment, naturalisation.
    Benefits,
}

const PATHS: &[(u32, Path)] = &[
    (36, Path::Border),
    (12, Path::Parole),
    (15, Path::Overstay),
    (9, Path::Resident),
    (9, Path::LongHere),
    (8, Path::Child),
    (11, Path::Benefits),
];

/// A person and a history, drawn by chance. Nothing but hearings that are set lies after `as_of`.
pub(crate) fn random(seed: u64, no: u32, as_of: Date) -> Life {
    let mut chance = Chance::of(seed, no, Stream::Life);
    let culture = chance.weighted(Culture::SHARES);
    let path = chance.weighted(PATHS);
    let arrival = match path {
        Path::Border => plus(as_of, -chance.between(40, 1900)),
        Path::Parole => plus(as_of, -chance.between(40, 1100)),
        Path::Overstay => plus(as_of, -chance.between(250, 2600)),
        Path::Resident => plus(as_of, -chance.between(2400, 9000)),
        Path::LongHere => plus(as_of, -chance.between(3700, 9000)),
        Path::Child => plus(as_of, -chance.between(60, 2200)),
        Path::Benefits => plus(as_of, -chance.between(900, 7000)),
    };
    let age = match path {
        Path::Child => chance.between(12, 17),
        Path::Resident | Path::LongHere => chance.between(2, 30),
        _ => chance.between(18, 55),
    };
    let birth = plus(plus_years(arrival, -age), -chance.between(1, 364));
    let person = Person::new(seed, no, culture, birth, &mut chance);
    let mut life = Life::of(person);
    match path {
        Path::Border => border(&mut life, arrival, as_of, &mut chance),
        Path::Parole => parole(&mut life, arrival, as_of, &mut chance),
        Path::Overstay => overstay(&mut life, arrival, as_of, &mut chance),
        Path::Resident => resident(&mut life, arrival, as_of, &mut chance),
        Path::LongHere => long_here(&mut life, arrival, as_of, &mut chance),
        Path::Child => child(&mut life, arrival, as_of, &mut chance),
        Path::Benefits => benefits(&mut life, arrival, as_of, &mut chance),
    }
    after_order(&mut life, as_of, &mut chance);
    hearsay(&mut life, as_of, &mut chance);
    life.court_has_file = !chance.yes(0.05);
    life.cbp_has_file = !chance.yes(0.15);
    life.uscis_has_file = !chance.yes(0.08);
    life
}

fn border(life: &mut Life, arrival: Date, as_of: Date, chance: &mut Chance) {
    life.crossings.push(Crossing { date: arrival, kind: CrossingKind::BetweenPorts, port: chance.pick(&PORTS[..4]) });
    let days = chance.between(3, 70);
    let out = plus(arrival, days);
    let mut nta = plus(arrival, chance.between(1, 6));
    if chance.yes(0.5) {
        let referred = plus(arrival, chance.between(1, 4));
        let decided = workday(plus(referred, chance.between(8, 24)));
        if decided >= as_of {
            life.stays.push(stay(arrival, None, as_of, "", chance));
            return;
        }
        let positive = chance.yes(0.8);
        let review = (!positive).then(|| (workday(plus(decided, chance.between(5, 9))), chance.yes(0.35)));
        let review = review.filter(|(date, _)| *date < as_of);
        life.screening = Some(Screening { referred, decided, positive, review });
        if !positive && !matches!(review, Some((_, true))) {
            negative_screening(life, arrival, review.map_or(decided, |(date, _)| date), as_of, chance);
            return;
        }
        nta = plus(review.map_or(decided, |(date, _)| date), chance.between(2, 9));
    }
    if nta >= as_of {
        life.stays.push(stay(arrival, None, as_of, "", chance));
        return;
    }
    let out = if out <= nta { plus(nta, chance.between(1, 20)) } else { out };
    let released = out < as_of;
    let mut first = stay(arrival, released.then_some(out), as_of, if released { "Paroled" } else { "" }, chance);
    let mut case = court_case(nta, "RMV", &["212a06Ai"], as_of, Docket { detained: !released }, Plea::Asylum, chance);
    if released && days_between(nta, out) > 12 && chance.yes(0.5) {
        let decided = workday(plus(out, -chance.between(1, 4)));
        let dollars = u32::try_from(chance.between(3, 24)).unwrap_or(3) * 500;
        case.bond = Some(Bond { requested: plus(nta, 2), decided, decision: 'C', dollars: Some(dollars) });
        first.bond_posted = Some((out, dollars));
        first.release_reason = "Bonded Out - IJ";
    }
    life.stays.push(first);
    file_work_permit(life, &case, as_of, chance);
    life.cases.push(case);
}

fn negative_screening(life: &mut Life, arrival: Date, over: Date, as_of: Date, chance: &mut Chance) {
    let removed = plus(over, chance.between(6, 30));
    if removed >= as_of {
        life.stays.push(stay(arrival, None, as_of, "", chance));
        return;
    }
    life.stays.push(stay(arrival, Some(removed), as_of, "Removed", chance));
    life.removal = Some(removal(removed, "ER", chance));
}

fn parole(life: &mut Life, arrival: Date, as_of: Date, chance: &mut Chance) {
    life.crossings.push(Crossing { date: arrival, kind: CrossingKind::Parole, port: chance.pick(PORTS) });
    let nta = plus(arrival, chance.between(0, 40));
    if nta >= as_of {
        return;
    }
    let charges = &["212a07AiI"];
    let case = court_case(nta, "RMV", charges, as_of, Docket { detained: false }, Plea::Asylum, chance);
    file_work_permit(life, &case, as_of, chance);
    life.cases.push(case);
}

fn overstay(life: &mut Life, arrival: Date, as_of: Date, chance: &mut Chance) {
    let class = chance.pick(&["B2", "B1", "F1", "J1"]);
    life.crossings.push(Crossing {
        date: arrival,
        kind: CrossingKind::Admission(class),
        port: chance.pick(&PORTS[4..]),
    });
    let filed = plus(arrival, chance.between(60, 600));
    if filed >= as_of {
        return;
    }
    let interview = workday(plus(filed, chance.between(60, 500)));
    if interview >= as_of {
        life.filings.push(Filing { form: "I-589", applicant: Applicant::Person, received: filed, decision: None });
        pending_work_permit(life, filed, as_of, chance);
        return;
    }
    let decision = chance.weighted(&[(25, "APPROVED"), (65, "REFERRED TO EOIR"), (10, "DENIED")]);
    let decision = Some((interview, decision));
    life.filings.push(Filing { form: "I-589", applicant: Applicant::Person, received: filed, decision });
    pending_work_permit(life, filed, interview, chance);
    let nta = plus(interview, chance.between(0, 20));
    if matches!(decision, Some((_, "REFERRED TO EOIR"))) && nta < as_of {
        let plea = Plea::Referred(filed);
        let case = court_case(nta, "RMV", &["237a01B"], as_of, Docket { detained: false }, plea, chance);
        life.cases.push(case);
    }
}

fn resident(life: &mut Life, arrival: Date, as_of: Date, chance: &mut Chance) {
    let class = chance.pick(&["IR2", "F21", "IR1", "B2"]);
    life.crossings.push(Crossing {
        date: arrival,
        kind: CrossingKind::Admission(class),
        port: chance.pick(&PORTS[4..]),
    });
    let mut lpr = arrival;
    if class == "B2" {
        let received = plus(arrival, chance.between(100, 500));
        lpr = workday(plus(received, chance.between(120, 500)));
        let decision = Some((lpr, "APPROVED"));
        life.filings.push(Filing { form: "I-485", applicant: Applicant::Person, received, decision });
    }
    trips(life, plus(lpr, 200), as_of, chance);
    let offense = plus(lpr, chance.between(300, (days_between(lpr, as_of) - 250).max(301)));
    let nta = plus(offense, chance.between(60, 500));
    life.account.lpr_since = (!chance.yes(0.15)).then_some(lpr);
    life.account.aggravated_felony = chance.weighted(&[(6, Some(false)), (2, Some(true)), (2, None)]);
    life.account.prior_cancellation = chance.weighted(&[(7, Some(false)), (1, Some(true)), (2, None)]);
    if life.person.birth > plus_years(arrival, -17) && chance.yes(0.5) {
        let since = workday(plus(arrival, chance.between(700, 4000)));
        parent(life, since, as_of, chance);
    }
    if nta >= as_of {
        return;
    }
    report(life, offense, What::OffenseCharged, chance.pick(&["theft", "controlled substance", "assault"]), false);
    let aggravated = life.account.aggravated_felony == Some(true);
    let charges: &[&str] = if aggravated { &["237a02Aiii"] } else { &["237a02Ai"] };
    let detained = chance.yes(0.5);
    let mut case = court_case(nta, "RMV", charges, as_of, Docket { detained }, Plea::Resident, chance);
    case.aggravated_felony = aggravated;
    if detained {
        let end = case.proceedings.last().and_then(|p| p.decision).map(|d| d.date).filter(|_| chance.yes(0.5));
        let reason = if end.is_some() { "Order of recognizance" } else { "" };
        life.stays.push(stay(plus(nta, -1), end.filter(|end| *end > nta), as_of, reason, chance));
    }
    life.cases.push(case);
}

fn long_here(life: &mut Life, arrival: Date, as_of: Date, chance: &mut Chance) {
    life.crossings.push(Crossing { date: arrival, kind: CrossingKind::BetweenPorts, port: chance.pick(&PORTS[..4]) });
    let nta = plus(as_of, -chance.between(50, 1500));
    let detained = chance.yes(0.35);
    let mut case = court_case(nta, "RMV", &["212a06Ai"], as_of, Docket { detained: false }, Plea::LongHere, chance);
    if detained {
        let out = plus(nta, chance.between(5, 45));
        if out < as_of {
            let dollars = u32::try_from(chance.between(3, 20)).unwrap_or(3) * 500;
            case.bond =
                Some(Bond { requested: plus(nta, 3), decided: workday(out), decision: 'C', dollars: Some(dollars) });
            let mut held = stay(plus(nta, -2), Some(out), as_of, "Bonded Out - IJ", chance);
            held.bond_posted = Some((out, dollars));
            life.stays.push(held);
        } else {
            life.stays.push(stay(plus(nta, -2), None, as_of, "", chance));
        }
    }
    life.cases.push(case);
}

fn child(life: &mut Life, arrival: Date, as_of: Date, chance: &mut Chance) {
    life.crossings.push(Crossing { date: arrival, kind: CrossingKind::BetweenPorts, port: chance.pick(&PORTS[..4]) });
    life.account.unaccompanied_child = (!chance.yes(0.2)).then_some(true);
    let out = plus(arrival, chance.between(1, 4));
    if out >= as_of {
        return;
    }
    life.stays.push(stay(arrival, Some(out), as_of, "Transferred to HHS/ORR", chance));
    let nta = plus(arrival, chance.between(1, 30));
    if nta >= as_of {
        return;
    }
    let case = court_case(nta, "RMV", &["212a06Ai"], as_of, Docket { detained: false }, Plea::Asylum, chance);
    file_work_permit(life, &case, as_of, chance);
    life.cases.push(case);
}

fn benefits(life: &mut Life, arrival: Date, as_of: Date, chance: &mut Chance) {
    let class = chance.pick(&["B2", "K1", "IR1"]);
    life.crossings.push(Crossing {
        date: arrival,
        kind: CrossingKind::Admission(class),
        port: chance.pick(&PORTS[4..]),
    });
    let mut lpr = (class == "IR1").then_some(arrival);
    if class != "IR1" {
        let received = plus(arrival, chance.between(60, 700));
        if received >= as_of {
            return;
        }
        life.filings.push(Filing {
            form: "I-130",
            applicant: Applicant::Person,
            received,
            decision: Some((plus(received, 150), "APPROVED")).filter(|(date, _)| *date < as_of),
        });
        let decided = workday(plus(received, chance.between(200, 700)));
        let decision = (decided < as_of).then(|| (decided, chance.weighted(&[(85, "APPROVED"), (15, "DENIED")])));
        life.filings.push(Filing { form: "I-485", applicant: Applicant::Person, received, decision });
        if let Some((date, "APPROVED")) = decision {
            lpr = Some(date);
        }
    }
    let Some(lpr) = lpr else { return };
    life.account.lpr_since = Some(lpr);
    trips(life, plus(lpr, 150), as_of, chance);
    let eligible = plus_years(lpr, 5);
    let received = plus(eligible, chance.between(-80, 700));
    if received < as_of {
        let decided = workday(plus(received, chance.between(150, 400)));
        let decision = (decided < as_of).then(|| (decided, chance.weighted(&[(9, "APPROVED"), (1, "DENIED")])));
        life.filings.push(Filing { form: "N-400", applicant: Applicant::Person, received, decision });
    }
}

/// Visits abroad by someone who may come back.
fn trips(life: &mut Life, from: Date, as_of: Date, chance: &mut Chance) {
    let mut day = from;
    for _ in 0..chance.between(0, 2) {
        day = plus(day, chance.between(100, 900));
        let back = plus(day, chance.between(6, 40));
        if back >= as_of {
            return;
        }
        let port = chance.pick(&PORTS[4..]);
        life.crossings.push(Crossing { date: day, kind: CrossingKind::Departure, port });
        life.crossings.push(Crossing { date: back, kind: CrossingKind::Admission(RETURNING_RESIDENT), port });
        day = back;
    }
}

/// A parent who became a citizen, as the person tells it and as USCIS records it.
fn parent(life: &mut Life, since: Date, as_of: Date, chance: &mut Chance) {
    if since >= as_of {
        return;
    }
    life.account.parent_citizen_since = (!chance.yes(0.3)).then_some(since);
    life.account.lived_with_parent = chance.weighted(&[(6, Some(true)), (2, Some(false)), (2, None)]);
    let applicant = chance.pick(&[Applicant::Mother, Applicant::Father]);
    let received = plus(since, -chance.between(150, 400));
    life.filings.push(Filing { form: "N-400", applicant, received, decision: Some((since, "APPROVED")) });
}

/// The work permit of someone whose asylum application is before the court.
fn file_work_permit(life: &mut Life, case: &CourtCase, as_of: Date, chance: &mut Chance) {
    let Some(asylum) = case.applications.iter().find(|application| application.code == "ASYL") else { return };
    let until = asylum.decision.map_or(as_of, |(date, _)| date);
    pending_work_permit(life, asylum.received, until, chance);
}

fn pending_work_permit(life: &mut Life, asylum: Date, until: Date, chance: &mut Chance) {
    let received = plus(asylum, chance.between(151, 260));
    if received >= until || !chance.yes(0.8) {
        return;
    }
    let decided = workday(plus(received, chance.between(31, 140)));
    let decision = (decided < until).then(|| (decided, chance.weighted(&[(9, "APPROVED"), (1, "DENIED")])));
    life.filings.push(Filing { form: "I-765", applicant: Applicant::Person, received, decision });
}

/// A person for a recipe.
pub(crate) fn recipe_person(seed: u64, no: u32, culture: Culture, birth: Date) -> (Life, Chance) {
    let mut chance = Chance::of(seed, no, Stream::Life);
    let person = Person::new(seed, no, culture, birth, &mut chance);
    let mut life = Life::of(person);
    life.account = Account::default();
    (life, chance)
}
