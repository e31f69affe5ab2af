//! Custody and removal drawn by chance.

use super::report;
use crate::chance::Chance;
use crate::dates::{at, days_between, plus, workday};
use crate::life::{FACILITIES, Facility, Life, Removal, Stay, Stint, What};
use jiff::civil::Date;

/// What follows a decision: release of those who won, custody, reviews and removal of those with a final order.
pub(super) fn after_order(life: &mut Life, as_of: Date, chance: &mut Chance) {
    let held = life.stays.last().is_some_and(|stay| stay.to().is_none());
    let decision = life.cases.last().and_then(|case| case.proceedings.last()).and_then(|last| last.decision);
    if let Some(decision) = decision.filter(|decision| held && decision.code != 'X') {
        close(life, plus(decision.date, 1).min(as_of), "Order of recognizance", chance);
        return;
    }
    let Some(ordered) = life.cases.last().and_then(|case| case.final_order(as_of)) else { return };
    let from = if held { ordered } else { plus(ordered, chance.between(5, 260)) };
    if (!held && !chance.yes(0.35)) || from >= as_of {
        return;
    }
    let days = chance.between(15, 230);
    let over = plus(from, days);
    let ended = over < as_of;
    if !held {
        life.stays.push(stay(from, ended.then_some(over), as_of, "", chance));
    }
    let reviewed = workday(plus(from, 86));
    if reviewed < over && reviewed < as_of && chance.yes(0.6) {
        report(life, reviewed, What::CustodyReview, "continue detention", false);
    }
    if let Some(last) = life.stays.last_mut() {
        last.final_order = Some(ordered);
    }
    if !ended {
        return;
    }
    let release = days > 150 && chance.yes(0.6);
    close(life, over, if release { "Order of supervision" } else { "Removed" }, chance);
    if !release {
        if let Some(last) = life.stays.last_mut() {
            last.left_open = chance.yes(0.03);
        }
        life.removal = Some(removal(over, "16", chance));
    }
}

/// Ends the last stay on `day`.
fn close(life: &mut Life, day: Date, reason: &'static str, chance: &mut Chance) {
    let Some(last) = life.stays.last_mut() else { return };
    last.release_reason = reason;
    if last.stints.len() > 1 {
        last.stints.retain(|stint| stint.from.date() < day);
    }
    if let Some(stint) = last.stints.last_mut() {
        stint.to = Some(at(day.max(stint.from.date()), chance.between(1380, 1439)));
    }
}

/// A stay from `from` to `to` (or still open on `as_of`), over one to three facilities.
pub(crate) fn stay(
    from: Date,
    to: Option<Date>,
    as_of: Date,
    release_reason: &'static str,
    chance: &mut Chance,
) -> Stay {
    let mut stints = Vec::new();
    let mut facility = chance.between(0, 5);
    let mut start = at(from, chance.between(60, 1300));
    let length = days_between(from, to.unwrap_or(as_of));
    let moves = if length >= 9 { chance.weighted(&[(5, 0), (3, 1), (2, 2)]) } else { 0 };
    for n in 1..=moves {
        let moved = at(plus(from, length * n / (moves + 1)), chance.between(240, 1200));
        stints.push(Stint { facility: place(facility), from: start, to: Some(moved) });
        facility = (facility + chance.between(1, 5)) % 6;
        start = at(moved.date(), i32::from(moved.hour()) * 60 + i32::from(moved.minute()) + chance.between(0, 190));
    }
    let end = to.map(|to| at(to, if to == start.date() { 1410 } else { chance.between(480, 1400) }));
    stints.push(Stint { facility: place(facility), from: start, to: end });
    Stay { stints, release_reason, bond_posted: None, final_order: None, left_open: false }
}

fn place(n: i32) -> &'static Facility {
    &FACILITIES[usize::try_from(n).unwrap_or(0) % FACILITIES.len()]
}

pub(crate) fn removal(day: Date, disposition: &'static str, chance: &mut Chance) -> Removal {
    let departed = at(day, chance.between(1380, 1439));
    // The system counts some departures days later, and then the two dates differ.
    let counted = plus(day, chance.weighted(&[(92, 0), (4, 1), (3, 4), (1, 30)]));
    Removal { departed, counted, disposition }
}
