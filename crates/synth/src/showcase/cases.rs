//! Cases that several recipes share.

use crate::chance::Chance;
use crate::dates::{at, plus, plus_years, workday};
use crate::history::{removal, report, stay};
use crate::life::{
    Appeal, Applicant, COURTS, CourtApplication, CourtCase, Crossing, CrossingKind, Decision, Filing, Hearing, Life,
    Motion, Proceeding, Removal, What,
};
use jiff::civil::Date;

/// Days by which people with the same kind of case are set apart.
fn spread(life: &Life) -> i32 {
    i32::try_from(life.person.no * 13 % 90).unwrap_or(0)
}

pub(super) fn cross(life: &mut Life, date: Date, kind: CrossingKind) {
    let port = if kind == CrossingKind::BetweenPorts { "BROWNSVILLE" } else { "MIAMI INTL" };
    life.crossings.push(Crossing { date, kind, port });
}

pub(super) fn opened(life: &Life, nta: Date, charges: &[&'static str]) -> CourtCase {
    let court = &COURTS[usize::try_from(life.person.no).unwrap_or(0) % COURTS.len()];
    CourtCase {
        nta,
        case_type: "RMV",
        charges: charges.to_vec(),
        aggravated_felony: false,
        court,
        applications: Vec::new(),
        proceedings: vec![Proceeding::default()],
        bond: None,
    }
}

pub(super) fn hear(case: &mut CourtCase, date: Date, adjourned: &'static str) {
    if let Some(last) = case.proceedings.last_mut() {
        last.hearings.push(Hearing { date, individual: adjourned == "8B", adjourned });
    }
}

pub(super) fn asylum(case: &mut CourtCase, received: Date) {
    case.applications.push(CourtApplication { code: "ASYL", received, decision: None });
}

/// Removal ordered at a hearing after asylum was denied on the merits.
pub(super) fn order(life: &mut Life, as_of: Date, decided: Date, reserved: char, appeal: Option<Appeal>) {
    let arrived = plus(as_of, -900 - spread(life));
    cross(life, arrived, CrossingKind::BetweenPorts);
    life.account.unaccompanied_child = Some(false);
    let mut case = opened(life, plus(arrived, 10), &["212a06Ai"]);
    hear(&mut case, workday(plus(arrived, 160)), "01");
    asylum(&mut case, plus(arrived, 200));
    hear(&mut case, workday(plus(arrived, 300)), "17");
    hear(&mut case, decided, "8B");
    for application in &mut case.applications {
        application.decision = Some((decided, 'D'));
    }
    if let Some(last) = case.proceedings.last_mut() {
        last.decision = Some(Decision { date: decided, code: 'X', in_absentia: false, form: 'O', reserved });
        last.appeal = appeal;
    }
    life.cases.push(case);
}

/// The client's own account of the last order, `days` later than the court's.
pub(super) fn echo_order(life: &mut Life, days: i32) {
    let decision = life.cases.last().and_then(|case| case.proceedings.last()).and_then(|last| last.decision);
    if let Some(decision) = decision {
        report(life, plus(decision.date, days), What::JudgesOrder, "removal ordered", true);
    }
}

pub(super) fn dismissed(life: &mut Life, as_of: Date, on: Date, motion: Option<Motion>) {
    let decided = workday(plus(on, -330));
    let appeal = Appeal { filed: plus(decided, 25), by_government: false, decided: Some((on, "DIS")) };
    order(life, as_of, decided, 'A', Some(appeal));
    if let Some(last) = life.cases.last_mut().and_then(|case| case.proceedings.last_mut()) {
        last.motions.extend(motion);
    }
}

pub(super) fn absent(life: &mut Life, as_of: Date, ordered: Date, motion: Option<Motion>) {
    let arrived = plus(as_of, -800 - spread(life));
    cross(life, arrived, CrossingKind::BetweenPorts);
    life.account.unaccompanied_child = Some(false);
    let mut case = opened(life, plus(arrived, 15), &["212a06Ai"]);
    hear(&mut case, workday(plus(arrived, 150)), "01");
    hear(&mut case, ordered, "8B");
    if let Some(last) = case.proceedings.last_mut() {
        last.decision = Some(Decision { date: ordered, code: 'X', in_absentia: true, form: 'W', reserved: ' ' });
        last.motions.extend(motion);
    }
    life.cases.push(case);
}

pub(super) fn pending_asylum(life: &mut Life, arrived: Date, received: Date, as_of: Date, chance: &mut Chance) {
    cross(life, arrived, CrossingKind::BetweenPorts);
    held_at_entry(life, arrived, as_of, chance);
    life.account.unaccompanied_child = Some(false);
    let mut case = opened(life, plus(arrived, 12), &["212a06Ai"]);
    asylum(&mut case, received);
    hear(&mut case, workday(plus(received, 40)), "17");
    hear(&mut case, workday(plus(as_of, 200)), "");
    life.cases.push(case);
}

/// Held for some days after crossing, then paroled.
pub(super) fn held_at_entry(life: &mut Life, arrived: Date, as_of: Date, chance: &mut Chance) {
    let out = plus(arrived, chance.between(9, 11));
    life.stays.push(stay(arrived, Some(out), as_of, "Paroled", chance));
}

pub(super) fn permit(life: &mut Life, received: Date, granted: Option<Date>) {
    let decision = granted.map(|date| (date, "APPROVED"));
    life.filings.push(Filing { form: "I-765", applicant: Applicant::Person, received, decision });
}

/// Ordered removed with appeal waived, and held from 60 days before the order until now.
pub(super) fn held(life: &mut Life, as_of: Date, ordered: Date, chance: &mut Chance) {
    let from = plus(ordered, -60);
    let arrived = plus(ordered, -900 - spread(life));
    cross(life, arrived, CrossingKind::BetweenPorts);
    let mut case = opened(life, plus(from, 4), &["212a06Ai"]);
    hear(&mut case, workday(plus(from, 30)), "03");
    hear(&mut case, ordered, "8B");
    if let Some(last) = case.proceedings.last_mut() {
        last.decision = Some(Decision { date: ordered, code: 'X', in_absentia: false, form: 'O', reserved: 'I' });
    }
    life.cases.push(case);
    let mut stay = stay(from, None, as_of, "", chance);
    stay.final_order = Some(ordered);
    life.stays.push(stay);
}

pub(super) fn removed(life: &mut Life, as_of: Date, day: Date, chance: &mut Chance) {
    held(life, as_of, workday(plus(day, -50)), chance);
    if let Some(last) = life.stays.last_mut() {
        last.stints.truncate(1);
        if let Some(stint) = last.stints.last_mut() {
            stint.to = Some(at(day, 1395));
        }
        last.release_reason = "Removed";
    }
    life.removal = Some(Removal { counted: day, ..removal(day, "16", chance) });
}

pub(super) fn resident(life: &mut Life, admitted: Date, lpr: Date) {
    let class = if admitted == lpr { "IR1" } else { "B2" };
    cross(life, admitted, CrossingKind::Admission(class));
    if admitted != lpr {
        let received = plus(lpr, -240);
        let decision = Some((lpr, "APPROVED"));
        life.filings.push(Filing { form: "I-485", applicant: Applicant::Person, received, decision });
    }
    life.account.lpr_since = Some(lpr);
    life.account.prior_cancellation = Some(false);
    life.account.aggravated_felony = Some(false);
}

pub(super) fn charged(life: &mut Life, offense: Date, nta: Date, as_of: Date) {
    report(life, offense, What::OffenseCharged, "theft", false);
    report(life, nta, What::NoticeToAppear, "time and place stated", true);
    let mut case = opened(life, nta, &["237a02Ai"]);
    let first = workday(plus(nta, 60));
    if first < as_of {
        hear(&mut case, first, "9A");
    }
    hear(&mut case, workday(plus(as_of, 80)), "");
    life.cases.push(case);
}

/// Came as a permanent resident at the age of 8; the mother became a citizen at the child's age of `years`.
pub(super) fn derived(life: &mut Life, as_of: Date, years: i32, lived: Option<bool>) {
    let birth = life.person.birth;
    let lpr = plus(plus_years(birth, 8), 40);
    cross(life, lpr, CrossingKind::Admission("IR2"));
    let since = workday(plus(plus_years(birth, years), 60));
    life.account.lpr_since = Some(lpr);
    life.account.parent_citizen_since = Some(since);
    life.account.lived_with_parent = lived;
    life.account.prior_cancellation = Some(false);
    let received = plus(since, -300);
    let decision = Some((since, "APPROVED"));
    life.filings.push(Filing { form: "N-400", applicant: Applicant::Mother, received, decision });
    charged(life, plus(as_of, -140), plus(as_of, -24), as_of);
}
