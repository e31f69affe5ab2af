//! The rows of a case, cell by cell, in the order of the columns of `data/eoir_marginals.csv`.

mod court;
mod filed;

use super::World;
use super::cells::{Cells, Pen};
use super::history::{Case, Conduct, Custody, CustodyRow, HearingKind, Moment, Proceeding, Rep, Rider};
use super::tables::{Key, Table, case_key};
use crate::SynthError;
use crate::chance::Dice;

/// Takes the rows of a case one after the other.
pub(super) trait Rows {
    fn row(&mut self, table: Table, key: Key, cells: &Cells) -> Result<(), SynthError>;
}

/// Writes rows of one case.
struct Render<'a, R> {
    world: &'a World,
    case: &'a Case,
    cells: &'a mut Cells,
    rows: &'a mut R,
}

/// Gives every row of the case to `rows`, table by table and within a table by key. `cells` is room to work in.
pub(super) fn render<R: Rows>(world: &World, case: &Case, cells: &mut Cells, rows: &mut R) -> Result<(), SynthError> {
    Render { world, case, cells, rows }.all()
}

impl<R: Rows> Render<'_, R> {
    /// Writes one row: `fill` puts down its cells.
    fn row(
        &mut self,
        table: Table,
        key: Key,
        fill: impl FnOnce(&World, &Case, &mut Pen<'_>),
    ) -> Result<(), SynthError> {
        let dice = Dice::of(self.world.seed, key.id, super::history::Purpose::Row as u64 + table as u64);
        let mut pen = Pen::new(self.cells, &self.world.days, dice);
        fill(self.world, self.case, &mut pen);
        debug_assert_eq!(self.cells.len(), self.world.columns[table.at()].len(), "{}", table.name());
        self.rows.row(table, key, self.cells)
    }

    fn all(&mut self) -> Result<(), SynthError> {
        let case = self.case;
        self.row(Table::Case, Key { id: case_key(case.no), added: false }, case_cells)?;
        for (generation, proceeding) in (0..).zip(&case.proceedings) {
            self.proceeding(generation, proceeding)?;
        }
        for appeal in &case.paper_appeals {
            self.row(Table::Appeal, appeal.key, |w, c, pen| filed::appeal_cells(w, c, None, appeal, pen))?;
        }
        for row in &case.custody_rows {
            self.row(Table::Custody, row.key, |_, c, pen| custody_cells(c, *row, pen))?;
        }
        for rep in &case.counsel {
            self.row(Table::Rep, rep.key, |w, c, pen| counsel_cells(w, c, *rep, pen))?;
        }
        if let Some(rider) = case.rider {
            self.row(Table::Rider, rider.key, |_, c, pen| rider_cells(c, rider, pen))?;
        }
        for moment in &case.juvenile {
            self.row(Table::Juvenile, moment.key, |w, c, pen| juvenile_cells(w, c, *moment, pen))?;
        }
        for moment in &case.priority {
            self.row(Table::Priority, moment.key, |w, c, pen| {
                pen.number(moment.key.id).coded(&w.codes.priority_history).number(case_key(c.no));
                pen.moment(moment.day).moment(moment.day);
            })?;
        }
        for key in &case.identifiers {
            self.row(Table::Identifier, *key, |w, c, pen| {
                pen.number(key.id).number(case_key(c.no)).coded(&w.codes.identifier);
            })?;
        }
        Ok(())
    }

    fn proceeding(&mut self, generation: usize, proceeding: &Proceeding) -> Result<(), SynthError> {
        let of = (generation, proceeding);
        self.row(Table::Proceeding, proceeding.key, |w, c, pen| court::proceeding_cells(w, c, of, pen))?;
        for hearing in &proceeding.hearings {
            self.row(Table::Schedule, hearing.key, |w, c, pen| court::hearing_cells(w, c, of, hearing, pen))?;
        }
        for key in &proceeding.charges {
            self.row(Table::Charge, *key, |w, c, pen| court::charge_cells(w, c, proceeding, *key, pen))?;
        }
        for application in &proceeding.applications {
            self.row(Table::Application, application.key, |_, c, pen| {
                pen.number(application.key.id).number(proceeding.key.id).number(case_key(c.no));
                pen.text(application.code).day(application.received).text(application.decision);
            })?;
        }
        for appeal in &proceeding.appeals {
            self.row(Table::Appeal, appeal.key, |w, c, pen| filed::appeal_cells(w, c, Some(proceeding), appeal, pen))?;
        }
        for motion in &proceeding.motions {
            self.row(Table::Motion, motion.key, |w, c, pen| filed::motion_cells(w, c, of, motion, pen))?;
        }
        for bond in &proceeding.bonds {
            self.row(Table::Bond, bond.key, |w, c, pen| filed::bond_cells(w, c, of, bond, pen))?;
        }
        for appeal in &proceeding.appeals {
            if let Some(key) = appeal.counsel {
                self.row(Table::Rep, key, |w, c, pen| filed::board_counsel_cells(w, c, appeal, key, pen))?;
            }
        }
        for rep in &proceeding.government {
            self.row(Table::Rep, rep.key, |w, c, pen| government_cells(w, c, proceeding, *rep, pen))?;
        }
        Ok(())
    }
}

fn case_cells(world: &World, case: &Case, pen: &mut Pen<'_>) {
    let (codes, address) = (&world.codes, case.address);
    let conduct = Conduct::of(case.case_type);
    let hearing = case.last().and_then(|last| last.hearings.iter().max_by_key(|h| h.day));
    let hearing = hearing.filter(|_| pen.dice.yes(202, 0.88));
    pen.number(case_key(case.no));
    let (city, state, zip) = (pen.filled(0.966), pen.filled(0.999), pen.dice.yes(3, 0.982));
    pen.text(if city { address.city } else { "" });
    pen.text(if city && state { address.state } else { "" });
    let street = pen.dice.below(200 + address.version, 100);
    pen.text(&if zip { format!("{}{street:02}", address.zip) } else { String::new() });
    let updated = pen.dice.yes(201, 0.0014);
    pen.text(&if updated { format!("{}{:02}", address.zip, 99 - street) } else { String::new() });
    pen.text(if updated { address.city } else { "" });
    let (nation, language, custody) = (pen.dice.yes(6, 0.99), pen.dice.yes(7, 0.988), pen.dice.yes(8, 0.989));
    pen.text(if nation { case.nation } else { "" }).text(if language { case.language } else { "" });
    pen.text(if custody { case.custody.letter() } else { "" }).coded(&codes.site_type);
    let counsel = case.counsel.last().filter(|_| pen.filled(0.86));
    pen.maybe_day(counsel.map(|rep| rep.day));
    let letter = |roll: u64| char::from(b'A' + (roll % 26) as u8);
    let attorney = pen.filled(0.59).then(|| format!("{}{}", letter(pen.roll()), letter(pen.roll() >> 8)));
    pen.text(&attorney.unwrap_or_default()).text(case.case_type);
    let court = case.last().map(|last| world.places.court(last.court).code);
    pen.text(court.unwrap_or_default());
    pen.maybe_day(hearing.map(|h| h.day));
    match hearing {
        Some(_) => pen.time(),
        None => pen.none(),
    };
    pen.text(hearing.map_or("", |h| if h.kind == HearingKind::Individual { "I" } else { "M" }));
    pen.empty(2).coded(&codes.case_facility);
    let release = pen.filled(0.2212);
    pen.text(if release { codes.release_month.value(pen.roll()) } else { "" });
    let (year, month) = world.days.year_month(case.nta);
    let later = format!("{}", u64::from(year) + 1 + pen.roll() % 4);
    let months = release && codes.release_month.value(pen.dice.roll(20)) != "00";
    let release_year = match (release, months) {
        (true, true) => later.as_str(),
        (true, false) => "0000",
        (false, _) => "",
    };
    pen.text(release_year);
    let housing = pen.filled(0.0194).then(|| case.last().map(|last| last.location)).flatten();
    pen.text(housing.unwrap_or_default());
    let entered = case.nta - (pen.roll() % 40) as i32 * ((pen.roll() >> 32) % 120) as i32;
    pen.maybe_day((conduct != Conduct::Paper && pen.filled(0.642)).then_some(entered));
    let asylum = case.proceedings.iter().flat_map(|p| &p.applications).any(|a| a.code == "ASYL");
    pen.text(if asylum { codes.asylum_type.value(pen.roll()) } else { "" });
    let child = !case.juvenile.is_empty();
    let age = if child { pen.roll() % 17 } else { 18 + pen.roll() % 45 } as u32;
    let birth = pen.filled(0.5334).then(|| format!("{}/{}", 1 + (month + age * 7) % 12, year - 1 - age));
    pen.text(&birth.unwrap_or_default());
    pen.maybe_day(pen.filled(0.0085).then_some(case.nta + 400));
    pen.text(if updated { address.state } else { "" }).maybe_day(address.changed);
    pen.text(if pen.filled(0.0005) { "Y" } else { "" }).coded(&codes.sex);
    pen.maybe_day(case.detained.filter(|_| pen.filled(0.68)));
    pen.maybe_day(case.released.filter(|_| pen.filled(0.7)));
    pen.coded(&codes.lpr).none();
    let facility = case.last().filter(|_| case.custody == Custody::Detained && pen.filled(0.0004));
    let facility = facility.map_or("", |last| last.location);
    pen.text(facility).text(facility);
    pen.none().coded(&codes.priority);
}

fn custody_cells(case: &Case, row: CustodyRow, pen: &mut Pen<'_>) {
    pen.number(row.key.id).number(case_key(case.no)).text(row.custody.letter());
    pen.maybe_day(row.detained).maybe_day(row.released);
}

/// The seven spellings of `PARENT_TABLE` that stand for one of the three tables.
fn parent(world: &World, pen: &Pen<'_>, table: &str) -> &'static str {
    world.codes.parent.value_among(pen.roll(), |spelling| spelling.eq_ignore_ascii_case(table))
}

fn counsel_cells(world: &World, case: &Case, rep: Rep, pen: &mut Pen<'_>) {
    let court = case.last().map_or("", |last| world.places.court(last.court).code);
    pen.number(rep.key.id).number(case_key(case.no)).text("COURT").text("ALIEN");
    pen.text(parent(world, pen, "A_TblCase")).number(case_key(case.no));
    pen.text(if pen.filled(0.43) { court } else { "" });
    pen.maybe_day(pen.filled(0.085).then_some(rep.day)).none().day(rep.day).value(&world.codes.prime);
}

fn government_cells(world: &World, case: &Case, proceeding: &Proceeding, rep: Rep, pen: &mut Pen<'_>) {
    pen.number(rep.key.id).number(case_key(case.no)).text("COURT").text("INS");
    pen.text(parent(world, pen, "B_TblProceeding")).number(proceeding.key.id);
    pen.text(if pen.filled(0.97) { world.places.court(proceeding.court).code } else { "" });
    pen.day(rep.day).none().none().value(&world.codes.prime);
}

fn rider_cells(case: &Case, rider: Rider, pen: &mut Pen<'_>) {
    let own = super::tables::first_proceeding_key(case.no);
    let lead = rider.lead_proceeding();
    pen.number(rider.key.id).number(rider.lead_case()).number(case_key(case.no));
    pen.moment(rider.day).moment(rider.severed.unwrap_or(rider.day));
    match rider.severed {
        Some(day) => pen.moment(day),
        None => pen.none(),
    };
    pen.number(lead).maybe_number(rider.severed.map(|_| lead));
    pen.number(own).maybe_number(rider.severed.map(|_| own));
    pen.text(if rider.severed.is_some() { "0" } else { "1" });
}

fn juvenile_cells(world: &World, case: &Case, moment: Moment, pen: &mut Pen<'_>) {
    let first = case.proceedings.first().map(|p| p.key.id);
    pen.number(moment.key.id).number(case_key(case.no)).maybe_number(first).coded(&world.codes.juvenile);
    if pen.filled(0.987) {
        pen.moment(moment.day);
    } else {
        pen.none();
    }
    if pen.filled(0.326) {
        pen.moment(moment.day + 90);
    } else {
        pen.none();
    }
}
