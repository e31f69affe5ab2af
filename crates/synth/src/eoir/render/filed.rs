//! Appeals, motions, bonds.

use super::parent;
use crate::eoir::World;
use crate::eoir::cells::Pen;
use crate::eoir::history::{Appeal, Bond, Case, Motion, Proceeding};
use crate::eoir::tables::{Key, case_key};

pub(super) fn appeal_cells(
    world: &World,
    case: &Case,
    proceeding: Option<&Proceeding>,
    appeal: &Appeal,
    pen: &mut Pen<'_>,
) {
    let codes = &world.codes;
    let court = proceeding.is_some();
    pen.number(appeal.key.id);
    pen.maybe_number(pen.filled(0.9988).then(|| case_key(case.no)));
    pen.maybe_number(proceeding.map(|p| p.key.id)).text(if court { "IJ" } else { "DD" });
    pen.text(appeal.kind).day(appeal.filed).value(&codes.filed_by);
    pen.maybe_day(pen.filled(0.6767).then_some(appeal.filed));
    pen.maybe_day(appeal.decided.map(|(day, _)| day)).text(appeal.decided.map_or("", |(_, code)| code));
    pen.text(if appeal.decided.is_some() && pen.filled(0.98) {
        codes.board_decision_type.value(pen.roll())
    } else {
        ""
    });
    pen.text(if court || pen.filled(0.65) { case.case_type } else { "" });
    pen.text(if court { case.language } else { "" }).text(if court { case.nation } else { "" });
    pen.coded(&codes.appeal_ihp);
    pen.text(if court && pen.filled(0.91) { case.custody.letter() } else { "" }).coded(&codes.pro_bono);
}

pub(super) fn board_counsel_cells(world: &World, case: &Case, appeal: &Appeal, key: Key, pen: &mut Pen<'_>) {
    pen.number(key.id).number(case_key(case.no)).text("BOARD").text("ALIEN");
    pen.text(parent(world, pen, "tblAppeal")).number(appeal.key.id);
    pen.none().none().day(appeal.filed).none().value(&world.codes.prime);
}

pub(super) fn motion_cells(
    world: &World,
    case: &Case,
    (generation, proceeding): (usize, &Proceeding),
    motion: &Motion,
    pen: &mut Pen<'_>,
) {
    let codes = &world.codes;
    let court = world.places.court(proceeding.court);
    let judge = &court.judges[proceeding.judge];
    let decided = motion.decided.map(|(_, day)| day);
    pen.number(motion.key.id).number(proceeding.key.id).number(case_key(case.no)).day(case.nta);
    pen.text(motion.code).number(99 - generation as u64).coded(&codes.motion_subgeneration);
    pen.day(decided.unwrap_or(motion.filed)).time().day(motion.filed).time().none();
    pen.text(court.code).text(proceeding.location);
    pen.text(if pen.filled(0.96) { &judge.code } else { "" });
    pen.text(if pen.filled(0.037) { &judge.name } else { "" });
    pen.text(motion.decided.map_or("", |(code, _)| code)).maybe_day(decided);
    pen.maybe_day(pen.filled(0.9927).then_some(motion.filed));
    pen.maybe_day(pen.filled(0.06).then_some(motion.filed + 10));
    pen.text(if pen.filled(0.004) { "#Q" } else { "" });
    let reserved = decided.filter(|_| pen.filled(0.0118));
    pen.text(if reserved.is_some() { codes.motion_reserved.value(pen.roll()) } else { "" });
    pen.text(if pen.filled(0.0041) { "X" } else { "" });
    pen.maybe_day(pen.filled(0.9494).then_some(motion.filed + 10)).coded(&codes.stay).coded(&codes.jurisdiction);
    pen.maybe_day(decided.filter(|_| pen.filled(0.0712)).map(|day| day + 30));
    pen.empty(4);
    pen.text(if pen.filled(0.0123) { "0" } else { "" });
    pen.coded(&codes.motion_party).coded(&codes.motion_method).coded(&codes.service).none();
    pen.maybe_day(pen.filled(0.0138).then_some(motion.filed)).coded(&codes.clock_option);
    pen.text(if pen.filled(0.0287) { proceeding.location } else { "" }).coded(&codes.deleted).value(&codes.scenario);
}

/// An amount as the release writes it: ten digits.
fn amount(roll: u64) -> String {
    const AMOUNTS: [u64; 8] = [1_500, 2_500, 3_000, 5_000, 5_000, 7_500, 10_000, 15_000];
    format!("{:010}", AMOUNTS[(roll % 8) as usize])
}

pub(super) fn bond_cells(
    world: &World,
    case: &Case,
    (generation, proceeding): (usize, &Proceeding),
    bond: &Bond,
    pen: &mut Pen<'_>,
) {
    let codes = &world.codes;
    let court = world.places.court(proceeding.court);
    let dice = pen.dice;
    pen.number(bond.key.id).number(proceeding.key.id).number(case_key(case.no));
    pen.maybe_day(pen.filled(0.94).then_some(case.nta)).text("B").number(99 - generation as u64);
    pen.value(&codes.bond_subgeneration).day(bond.decided).time().day(bond.asked).time().none();
    pen.text(court.code);
    pen.text(if pen.filled(0.49) { court.city } else { "" }).text(proceeding.location);
    let judge = &court.judges[proceeding.judge];
    pen.text(if pen.filled(0.908) { &judge.code } else { "" });
    pen.text(if pen.filled(0.2856) { &judge.name } else { "" });
    let done = dice.yes(500, 0.996);
    pen.text(if done { codes.bond_decision.value(pen.roll()) } else { "" }).maybe_day(done.then_some(bond.decided));
    pen.text(&if pen.filled(0.342) { amount(pen.roll()) } else { String::new() });
    pen.coded(&codes.release_condition);
    pen.text(if pen.filled(0.2248) { "INS" } else { "" }).coded(&codes.bond_medium);
    pen.text(if pen.filled(0.1337) { "#Q" } else { "" }).day(bond.asked);
    let (set, first, second) = (dice.yes(501, 0.285), dice.yes(502, 0.0445), dice.yes(503, 0.0115));
    pen.maybe_day(set.then_some(bond.decided));
    match set {
        true => pen.time(),
        false => pen.none(),
    };
    for (heard, day) in [(first, bond.decided), (second, bond.decided + 7)] {
        pen.text(if heard { codes.first_calendar.value(pen.roll()) } else { "" }).maybe_day(heard.then_some(day));
        match set {
            true => pen.time(),
            false => pen.none(),
        };
        pen.text(if heard { codes.adjourned.value(pen.roll()) } else { "" });
        pen.text(if heard && pen.filled(0.43) { codes.first_medium.value(pen.roll()) } else { "" });
        pen.text(if heard && pen.filled(0.6) { "#Q" } else { "" });
    }
    pen.text(&if pen.filled(0.564) { amount(pen.roll()) } else { String::new() });
    pen.coded(&codes.bond_reserved).coded(&codes.bond_not_filed);
    pen.maybe_day((done && pen.filled(0.918)).then_some(bond.decided + 30));
    pen.maybe_day(pen.filled(0.111).then_some(bond.asked));
    pen.text(if pen.filled(0.2847) { proceeding.location } else { "" }).coded(&codes.bond_type);
    pen.coded(&codes.bond_method).coded(&codes.bond_party);
    pen.maybe_day(pen.filled(0.0034).then_some(bond.decided));
}
