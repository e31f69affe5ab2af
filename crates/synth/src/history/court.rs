//! Court cases drawn by chance: hearings, applications, decisions, appeals, motions.

use crate::chance::Chance;
use crate::dates::{days_between, plus, workday};
use crate::life::{
    APPLICANT_DELAYS, Appeal, COURTS, CourtApplication, CourtCase, Decision, Hearing, Motion, OTHER_DELAYS, Proceeding,
};
use jiff::civil::Date;

/// What is asked of the court.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plea {
    /// Asylum, first asked for in court.
    Asylum,
    /// Asylum, asked of USCIS on this day and referred.
    Referred(Date),
    /// Cancellation for a permanent resident.
    Resident,
    /// Cancellation after ten years.
    LongHere,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Docket {
    pub(super) detained: bool,
}

pub(super) fn court_case(
    nta: Date,
    case_type: &'static str,
    charges: &[&'static str],
    as_of: Date,
    docket: Docket,
    plea: Plea,
    chance: &mut Chance,
) -> CourtCase {
    let mut case = CourtCase {
        nta,
        case_type,
        charges: charges.to_vec(),
        aggravated_felony: false,
        court: &COURTS[usize::try_from(chance.between(0, 4)).unwrap_or(0)],
        applications: Vec::new(),
        proceedings: Vec::new(),
        bond: None,
    };
    let gap = |chance: &mut Chance| if docket.detained { chance.between(12, 35) } else { chance.between(60, 260) };
    let mut day = workday(plus(nta, gap(chance).max(11)));
    let mut proceeding = Proceeding::default();
    if let Plea::Referred(filed) = plea {
        case.applications.push(CourtApplication { code: "ASYL", received: filed, decision: None });
    }
    let masters = chance.between(1, 4);
    for n in 0..masters {
        if day >= as_of {
            proceeding.hearings.push(Hearing { date: day, individual: false, adjourned: "" });
            case.proceedings.push(proceeding);
            return case;
        }
        if chance.yes(0.06) {
            absent(&mut case, proceeding, day, as_of, chance);
            return case;
        }
        if n > 0 && case.applications.is_empty() && chance.yes(0.75) {
            apply(&mut case, plea, plus(day, -chance.between(0, 20).min(days_between(nta, day) - 1)), chance);
        }
        let code = if n + 1 == masters {
            "17"
        } else if case.applications.is_empty() {
            chance.pick(&["01", "05", "02", "9A"])
        } else if chance.yes(0.45) {
            chance.pick(APPLICANT_DELAYS)
        } else {
            chance.pick(OTHER_DELAYS)
        };
        proceeding.hearings.push(Hearing { date: day, individual: false, adjourned: code });
        if n == 0 && chance.yes(0.08) {
            // A change of venue ends the proceeding here and opens one in the new court.
            proceeding.other_completion = Some((day, 'C'));
            case.proceedings.push(std::mem::take(&mut proceeding));
        }
        day = workday(plus(day, gap(chance)));
    }
    if case.applications.is_empty() && chance.yes(0.8) && plus(day, -15) < as_of {
        apply(&mut case, plea, plus(day, -15), chance);
    }
    if day >= as_of {
        proceeding.hearings.push(Hearing { date: day, individual: true, adjourned: "" });
        case.proceedings.push(proceeding);
        return case;
    }
    if chance.yes(0.04) {
        absent(&mut case, proceeding, day, as_of, chance);
        return case;
    }
    proceeding.hearings.push(Hearing { date: day, individual: true, adjourned: "8B" });
    decide(&mut case, proceeding, day, as_of, chance);
    case
}

fn apply(case: &mut CourtCase, plea: Plea, received: Date, chance: &mut Chance) {
    let codes: &[&str] = match plea {
        Plea::Asylum | Plea::Referred(_) => &["ASYL", "ASYW", "WCAT"],
        Plea::Resident => &["42A"],
        Plea::LongHere => &["42B"],
    };
    let count = if codes.len() > 1 { usize::try_from(chance.between(1, 3)).unwrap_or(1) } else { 1 };
    case.applications.extend(codes[..count].iter().map(|code| CourtApplication { code, received, decision: None }));
}

fn decide(case: &mut CourtCase, mut proceeding: Proceeding, day: Date, as_of: Date, chance: &mut Chance) {
    let code = if case.applications.is_empty() {
        chance.weighted(&[(60, 'X'), (15, 'V'), (15, 'T'), (10, 'U')])
    } else {
        chance.weighted(&[(45, 'X'), (32, 'R'), (6, 'V'), (8, 'T'), (3, 'U'), (2, 'W')])
    };
    if code == 'W' {
        // Put off the calendar without a decision on the merits.
        proceeding.other_completion = Some((day, 'A'));
        case.proceedings.push(proceeding);
        return;
    }
    for (n, application) in case.applications.iter_mut().enumerate() {
        let result = match code {
            'R' if n == 0 => chance.pick(&['F', 'G']),
            'R' => 'M',
            'X' => chance.weighted(&[(80, 'D'), (12, 'A'), (8, 'W')]),
            'V' => 'W',
            _ => chance.pick(&['M', 'O']),
        };
        application.decision = Some((day, result));
    }
    let reserved = match code {
        'X' => chance.weighted(&[(62, 'A'), (14, 'I'), (12, ' '), (12, 'B')]),
        'R' => chance.weighted(&[(30, 'I'), (70, ' ')]),
        _ => ' ',
    };
    let form = chance.weighted(&[(60, 'O'), (40, 'W')]);
    proceeding.decision = Some(Decision { date: day, code, in_absentia: false, form, reserved });
    let person_appeals = code == 'X' && matches!(reserved, 'A' | 'B') && chance.yes(0.72);
    let government_appeals = code == 'R' && reserved == 'I' && chance.yes(0.4);
    let filed = plus(day, chance.between(12, 30));
    if (person_appeals || government_appeals) && filed < as_of {
        let decided = workday(plus(filed, chance.between(150, 620)));
        let result = chance.weighted(&[(62, "DIS"), (6, "SAF"), (14, "REM"), (9, "SUS"), (9, "WDL")]);
        let decided = (decided < as_of).then_some((decided, result));
        proceeding.appeal = Some(Appeal { filed, by_government: government_appeals, decided });
        if let Some((date, "REM")) = decided {
            case.proceedings.push(proceeding);
            reopened(case, date, as_of, chance);
            return;
        }
        if let Some((date, "DIS" | "SAF")) = decided
            && code == 'X'
            && chance.yes(0.35)
        {
            let motion = motion(chance.pick(&["O", "MC", "FD"]), plus(date, chance.between(10, 110)), as_of, chance);
            proceeding.motions.extend(motion);
        }
    }
    case.proceedings.push(proceeding);
}

fn absent(case: &mut CourtCase, mut proceeding: Proceeding, day: Date, as_of: Date, chance: &mut Chance) {
    proceeding.hearings.push(Hearing { date: day, individual: false, adjourned: "8B" });
    proceeding.decision = Some(Decision { date: day, code: 'X', in_absentia: true, form: 'W', reserved: ' ' });
    for application in &mut case.applications {
        application.decision = Some((day, 'A'));
    }
    if chance.yes(0.4) {
        proceeding.motions.extend(motion("MA", plus(day, chance.between(15, 200)), as_of, chance));
    }
    let granted = proceeding.motions.first().and_then(|motion| motion.decided).filter(|(_, result)| *result == 'G');
    case.proceedings.push(proceeding);
    if let Some((date, _)) = granted {
        reopened(case, date, as_of, chance);
    }
}

fn motion(code: &'static str, filed: Date, as_of: Date, chance: &mut Chance) -> Option<Motion> {
    let decided = workday(plus(filed, chance.between(20, 120)));
    let result = chance.weighted(&[(45, 'G'), (55, 'D')]);
    (filed < as_of).then(|| Motion { filed, code, decided: (decided < as_of).then_some((decided, result)) })
}

/// A new proceeding in the same case, with a hearing to come or held.
fn reopened(case: &mut CourtCase, from: Date, as_of: Date, chance: &mut Chance) {
    for application in &mut case.applications {
        application.decision = None;
    }
    let day = workday(plus(from, chance.between(60, 300)));
    let adjourned = if day < as_of { "17" } else { "" };
    let mut proceeding = Proceeding::default();
    proceeding.hearings.push(Hearing { date: day, individual: false, adjourned });
    if day < as_of {
        let next = workday(plus(day, chance.between(100, 400)));
        let past = next < as_of;
        proceeding.hearings.push(Hearing { date: next, individual: true, adjourned: if past { "8B" } else { "" } });
        if past {
            let code = chance.pick(&['R', 'X', 'T']);
            let reserved = if code == 'X' { 'I' } else { ' ' };
            proceeding.decision = Some(Decision { date: next, code, in_absentia: false, form: 'O', reserved });
            for application in &mut case.applications {
                application.decision = Some((next, if code == 'R' { 'G' } else { 'D' }));
            }
        }
    }
    case.proceedings.push(proceeding);
}
