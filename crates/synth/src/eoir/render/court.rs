//! Proceedings, the calendar, charges.

use crate::eoir::World;
use crate::eoir::cells::Pen;
use crate::eoir::history::{Case, Conduct, Custody, Hearing, HearingKind, Outcome, Proceeding};
use crate::eoir::tables::{Key, case_key};

/// The codes under which a proceeding was transferred.
fn transfer(outcome: Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Closed(code @ ("C" | "T")) => Some(code),
        _ => None,
    }
}

/// `OSC_DATE`, `INPUT_DATE`, court, location and judge.
fn heading(world: &World, case: &Case, proceeding: &Proceeding, pen: &mut Pen<'_>) {
    let court = world.places.court(proceeding.court);
    pen.maybe_day(pen.filled(0.995).then_some(case.nta));
    pen.maybe_day(pen.filled(0.9717).then_some(proceeding.start));
    pen.text(court.code).text(proceeding.location);
    pen.text(if pen.filled(0.991) { &court.judges[proceeding.judge].code } else { "" });
}

pub(super) fn proceeding_cells(
    world: &World,
    case: &Case,
    (generation, proceeding): (usize, &Proceeding),
    pen: &mut Pen<'_>,
) {
    let codes = &world.codes;
    let before = generation.checked_sub(1).and_then(|at| case.proceedings.get(at));
    let from = before.filter(|before| transfer(before.outcome).is_some());
    let transfers = case.proceedings[..generation].iter().filter(|p| transfer(p.outcome).is_some()).count();
    pen.number(proceeding.key.id).number(case_key(case.no));
    heading(world, case, proceeding, pen);
    pen.maybe_day(from.map(|_| proceeding.start));
    pen.text(from.map_or("", |from| from.location));
    pen.text(from.map_or("", |from| world.places.court(from.court).code));
    pen.text(from.map_or("", |from| &world.places.court(from.court).judges[from.judge].code));
    let numbered = transfers > 0 || pen.filled(0.23);
    pen.maybe_number(numbered.then_some(transfers as u64));
    let first = proceeding.hearings.iter().find(|h| h.kind != HearingKind::Bond);
    pen.maybe_day(first.map(|h| h.day));
    match first {
        Some(_) => pen.time(),
        None => pen.none(),
    };
    let dice = pen.dice;
    let other_typed = dice.yes(400, 0.41);
    let typed = match proceeding.outcome {
        Outcome::Pending => false,
        Outcome::Decided { .. } => true,
        Outcome::Closed(_) => other_typed,
    };
    pen.text(if typed { codes.decision_type.value(pen.roll()) } else { "" });
    let (code, absent, other) = match proceeding.outcome {
        Outcome::Pending => ("", false, ""),
        Outcome::Decided { code, absent } => (code, absent, ""),
        Outcome::Closed(code) => ("", false, code),
    };
    pen.text(code);
    let ordered = matches!(code, "X" | "V" | "D" | "E") && dice.yes(401, 0.94);
    pen.text(if ordered { case.nation } else { "" });
    pen.text(if ordered && dice.yes(402, 0.021) { "MX" } else { "" }).text(other);
    let decided = matches!(proceeding.outcome, Outcome::Decided { .. });
    let appealed = !proceeding.appeals.is_empty();
    let reserved = decided && if appealed { dice.yes(403, 0.75) } else { dice.yes(403, 0.075) };
    pen.text(if reserved { codes.reserved.value(pen.roll()) } else { "" });
    pen.text(if reserved && !appealed && dice.yes(404, 0.95) { "X" } else { "" });
    pen.maybe_day(proceeding.completed);
    let absentia = match (proceeding.completed, absent) {
        (None, _) => "",
        (_, true) => "Y",
        (_, false) if dice.yes(405, 0.965) => "N",
        _ => "",
    };
    pen.text(absentia);
    let moved = transfer(proceeding.outcome);
    pen.maybe_day(proceeding.completed.filter(|_| moved.is_some()));
    let next = case.proceedings.get(generation + 1).map(|next| world.places.court(next.court).code);
    pen.text(moved.and(next).unwrap_or_default());
    let due = decided || dice.yes(406, 0.51);
    pen.maybe_day(proceeding.completed.filter(|_| due).map(|day| day + 30));
    let last_transfer = case.proceedings[..=generation].iter().rev().find_map(|p| transfer(p.outcome));
    pen.text(last_transfer.filter(|_| dice.yes(407, 0.92)).unwrap_or_default());
    let at_the_end = match (case.custody, case.released, proceeding.completed) {
        (Custody::Released, Some(to), Some(end)) if end < to => Custody::Detained,
        (custody, ..) => custody,
    };
    pen.text(at_the_end.letter()).text(case.case_type);
    pen.text(if pen.filled(0.9965) { case.nation } else { "" });
    pen.text(if pen.filled(0.9988) { case.language } else { "" });
    pen.text(if pen.filled(0.2755) { proceeding.location } else { "" });
    let held = case.custody != Custody::Never;
    pen.text(if held && pen.filled(0.074) { codes.case_facility.value(pen.roll()) } else { "" });
    pen.coded(&codes.criminal).coded(&codes.ihp).coded(&codes.felon);
    pen.maybe_day(case.detained.filter(|_| pen.filled(0.88)));
    pen.maybe_day(case.released.filter(|_| at_the_end == Custody::Released));
}

/// Kinds of hearing as the calendar names them, for master and individual hearings.
fn schedule_type(case: &Case, hearing: &Hearing, first: bool, roll: u64) -> &'static str {
    let asylum = case.proceedings.iter().flat_map(|p| &p.applications).any(|a| a.code == "ASYL");
    let detained = case.custody == Custody::Detained;
    match hearing.kind {
        HearingKind::Bond => "CY",
        _ if Conduct::of(case.case_type) == Conduct::Screening => "RR",
        HearingKind::Individual if detained => "ID",
        HearingKind::Individual if asylum => "IA",
        HearingKind::Individual if roll.is_multiple_of(3) => "IR",
        HearingKind::Individual => "II",
        HearingKind::Master if detained => "MD",
        HearingKind::Master if first => "MM",
        HearingKind::Master if asylum && roll.is_multiple_of(2) => "MA",
        HearingKind::Master if roll.is_multiple_of(5) => "MS",
        HearingKind::Master => "MR",
    }
}

pub(super) fn hearing_cells(
    world: &World,
    case: &Case,
    (generation, proceeding): (usize, &Proceeding),
    hearing: &Hearing,
    pen: &mut Pen<'_>,
) {
    let codes = &world.codes;
    let court = world.places.court(proceeding.court);
    let bond = hearing.kind == HearingKind::Bond;
    pen.number(hearing.key.id).number(proceeding.key.id).number(case_key(case.no));
    pen.day(case.nta).number(99 - generation as u64);
    let numbered = bond || pen.filled(0.009);
    pen.text(if numbered { codes.bond_subgeneration.value(pen.roll()) } else { "" });
    let other = match pen.roll() % 1_000 {
        ..28 => "A",
        28 => "O",
        _ => "X",
    };
    pen.text(if bond { "B" } else { other });
    pen.text(if pen.filled(0.96) { case.language } else { "" });
    pen.text(proceeding.location).text(court.code).text(&court.judges[proceeding.judge].code).none();
    pen.day(hearing.set).time().day(hearing.updated).time();
    pen.coded(&codes.assignment);
    pen.text(if hearing.kind == HearingKind::Individual { "I" } else { "M" });
    pen.day(hearing.day).time();
    match pen.filled(0.8864) {
        true => pen.time(),
        false => pen.none(),
    };
    pen.text(hearing.adjourned).coded(&codes.medium).coded(&codes.message);
    let asylum = pen.filled(0.5055);
    let elapsed = (hearing.day - case.nta).max(0) as u64;
    pen.maybe_number(asylum.then(|| elapsed.min(pen.roll() % 2_000)));
    pen.maybe_number(pen.filled(0.778).then(|| 10_000_000 + pen.roll() % 40_000_000));
    let first = proceeding.hearings.first().is_some_and(|first| first.key == hearing.key);
    pen.text(schedule_type(case, hearing, first, pen.roll() >> 20)).coded(&codes.notice).value(&codes.clock);
    let counsel = !case.counsel.is_empty() && pen.filled(0.85);
    let roll = pen.roll();
    pen.text(&if counsel { guid(roll) } else { String::new() });
}

/// An id as the database prints it.
fn guid(roll: u64) -> String {
    let low = roll.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    format!(
        "{:08X}-{:04X}-4{:03X}-8{:03X}-{:012X}",
        roll >> 32,
        (roll >> 16) & 0xFFFF,
        roll & 0xFFF,
        low >> 52,
        low & 0xFFFF_FFFF_FFFF
    )
}

pub(super) fn charge_cells(world: &World, case: &Case, proceeding: &Proceeding, key: Key, pen: &mut Pen<'_>) {
    pen.number(key.id).number(case_key(case.no)).number(proceeding.key.id).value(&world.codes.charge);
    let draw = pen.roll() % 10_000;
    let status = match (proceeding.completed, draw) {
        (None, ..6_200) => "",
        (None, _) => "O",
        (_, ..800) => "",
        (_, 800..1_780) => "O",
        (_, 1_780..2_090) => "N",
        (_, 2_090..2_205) => "W",
        _ => "S",
    };
    pen.text(status);
}
