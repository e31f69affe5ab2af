//! What a month does to a case: the difference between the first release and the next.

use super::World;
use super::days::{Day, workday};
use super::history::{
    Address, Appeal, Application, Case, Conduct, Custody, CustodyRow, Hearing, HearingKind, Moment, Motion, Outcome,
    Proceeding, Purpose, Rep, application_decision, court_appeal, dice, is_accented, is_marked, lead_of,
};
use super::tables::{Keys, Table};
use crate::chance::Rolls;

/// One case of this many vanishes.
const VANISHES: u64 = 2_000;

/// The share of the cases that anything happens to. The shares below are shares of these.
const TOUCHED: f64 = 0.14;

/// Whether a case of the first release is missing from the next.
pub(super) fn vanishes(world: &World, no: u64) -> bool {
    no <= world.cases && is_marked(world, no, VANISHES, Purpose::Vanish)
}

/// Whether the next release may have the case otherwise than the first. Most cases need no second look.
pub(super) fn is_touched(world: &World, no: u64) -> bool {
    dice(world, no, Purpose::Change).yes(0, TOUCHED)
        || vanishes(world, no)
        || lead_of(world, no).is_some_and(|lead| vanishes(world, lead))
}

/// The case as the next release has it, or nothing if it is missing there.
pub(super) fn after(world: &World, before: &Case) -> Option<Case> {
    if vanishes(world, before.no) {
        return None;
    }
    let mut month = Month {
        world,
        rolls: Rolls::new(dice(world, before.no, Purpose::Month)),
        keys: Keys::new(before.no, world.all),
        case: before.clone(),
    };
    if dice(world, before.no, Purpose::Change).yes(0, TOUCHED) {
        month.losses();
        month.progress();
        month.person();
    }
    if month.case.rider.is_some_and(|rider| vanishes(world, rider.lead)) {
        month.case.rider = None;
    }
    Some(month.case)
}

struct Month<'a> {
    world: &'a World,
    rolls: Rolls,
    keys: Keys,
    case: Case,
}

impl Month<'_> {
    /// A working day of the month.
    fn day(&mut self) -> Day {
        let day = self.rolls.between(self.world.first + 3, self.world.next);
        workday(day).max(self.world.first + 1)
    }

    /// Rows that the next release no longer has, unmarked.
    fn losses(&mut self) {
        let Self { rolls, case, .. } = self;
        // Never the first proceeding: the rows of other cases point to it.
        if case.proceedings.len() > 1 && rolls.yes(0.017) {
            case.proceedings.pop();
        }
        for proceeding in &mut case.proceedings {
            // Four fifths of the applications that vanish had been decided.
            proceeding.applications.retain(|a| !rolls.yes(if a.decision.is_empty() { 0.011 } else { 0.029 }));
            proceeding.appeals.retain(|_| !rolls.yes(0.007));
            proceeding.hearings.retain(|_| !rolls.yes(0.0036));
            proceeding.charges.retain(|_| !rolls.yes(0.001));
        }
        case.counsel.retain(|_| !rolls.yes(0.002));
    }

    /// What the court and the Board did.
    fn progress(&mut self) {
        for at in 0..self.case.proceedings.len() {
            self.rulings(at);
        }
        let Some(last) = self.case.proceedings.len().checked_sub(1) else { return };
        let screening = Conduct::of(self.case.case_type) == Conduct::Screening;
        if self.case.proceedings[last].outcome == Outcome::Pending {
            match self.rolls.between(0, 99) {
                0..22 => self.decide(last),
                22..29 if !screening => self.transfer(last),
                29..60 => self.reset(last),
                _ => {}
            }
        }
        let pending = self.case.proceedings[last].outcome == Outcome::Pending;
        if pending && !screening && self.rolls.yes(0.05) {
            self.apply(last);
        }
        if self.rolls.yes(0.04) {
            self.move_for(last);
        }
    }

    /// The Board decides appeals that were pending, the judge motions.
    fn rulings(&mut self, at: usize) {
        let day = self.day();
        let Self { rolls, world, .. } = self;
        for motion in self.case.proceedings[at].motions.iter_mut().filter(|m| m.decided.is_none()) {
            if rolls.yes(0.5) {
                motion.decided = Some((world.codes.motion_decision.value(rolls.roll()), day));
            }
        }
        for n in 0..self.case.proceedings[at].appeals.len() {
            if self.rolls.yes(0.4) {
                let (day, roll) = (self.day(), self.rolls.roll());
                let appeal = &mut self.case.proceedings[at].appeals[n];
                if appeal.decided.is_none() {
                    appeal.decided = Some((day, self.world.codes.board_decision.value(roll)));
                }
            }
        }
    }

    fn decide(&mut self, at: usize) {
        let day = self.day();
        let case_type = self.case.case_type;
        let outcome = Outcome::decision(case_type, &mut self.rolls);
        let proceeding = &mut self.case.proceedings[at];
        proceeding.outcome = outcome;
        proceeding.completed = Some(day);
        // The hearing that was set is the one at which it was decided.
        let ahead = proceeding.hearings.iter_mut().rev().find(|h| h.day > self.world.first);
        if let Some(hearing) = ahead {
            hearing.day = day;
            hearing.updated = day;
            hearing.adjourned = "8B";
        }
        for (n, application) in proceeding.applications.iter_mut().enumerate() {
            let place = (n == 0, day);
            application.decision = application_decision(case_type, outcome, application.code, place, &mut self.rolls);
        }
        let filed = day + 14;
        if filed <= self.world.next && self.rolls.yes(0.25) {
            let kind = court_appeal(self.world, &mut self.rolls);
            self.appeal(at, kind, filed);
        }
    }

    fn appeal(&mut self, at: usize, kind: &'static str, filed: Day) {
        if let Some(key) = self.keys.next_added(Table::Appeal) {
            let appeal = Appeal { key, kind, filed, decided: None, counsel: None };
            self.case.proceedings[at].appeals.push(appeal);
        }
    }

    /// Venue is changed; the case goes on elsewhere.
    fn transfer(&mut self, at: usize) {
        let Some(key) = self.keys.next_added(Table::Proceeding) else { return };
        let day = self.day();
        let court = self.world.places.some_court(&self.world.codes, &mut self.rolls);
        let location = self.world.places.some_location(court, &mut self.rolls);
        let judge = self.rolls.between(0, self.world.places.court(court).judges.len() as i32 - 1) as usize;
        let ahead = workday(self.world.next + self.rolls.between(10, 500));
        let case_type = self.case.case_type;
        let proceeding = &mut self.case.proceedings[at];
        proceeding.outcome = Outcome::Closed("C");
        proceeding.completed = Some(day);
        if let Some(hearing) = proceeding.hearings.iter_mut().rev().find(|h| h.day > self.world.first) {
            hearing.day = day;
            hearing.updated = day;
            hearing.adjourned = "9C";
        }
        for application in &mut proceeding.applications {
            let place = (false, day);
            application.decision =
                application_decision(case_type, proceeding.outcome, application.code, place, &mut self.rolls);
        }
        let hearing = self.keys.next_added(Table::Schedule).map(|key| Hearing {
            key,
            day: ahead,
            set: day,
            kind: HearingKind::Master,
            adjourned: "",
            updated: day,
        });
        self.case.proceedings.push(Proceeding {
            key,
            court,
            location,
            judge,
            start: day,
            outcome: Outcome::Pending,
            completed: None,
            hearings: hearing.into_iter().collect(),
            charges: self.keys.next_added(Table::Charge).into_iter().collect(),
            applications: Vec::new(),
            appeals: Vec::new(),
            motions: Vec::new(),
            bonds: Vec::new(),
            government: Vec::new(),
        });
    }

    /// The hearing ahead is moved; or it was held in the month and another one is set.
    fn reset(&mut self, at: usize) {
        let day = self.day();
        let (moved, later) = (self.rolls.yes(0.5), self.rolls.between(20, 700));
        let roll = self.rolls.roll();
        let next = self.world.next;
        let proceeding = &mut self.case.proceedings[at];
        let Some(hearing) = proceeding.hearings.iter_mut().rev().find(|h| h.day > self.world.first) else { return };
        hearing.updated = day;
        let ahead = workday(next + later).max(next + 1);
        if moved && hearing.day > next {
            hearing.day = ahead;
            return;
        }
        let kind = hearing.kind;
        hearing.day = day;
        hearing.adjourned = self.world.codes.adjourned.value(roll);
        if let Some(key) = self.keys.next_added(Table::Schedule) {
            proceeding.hearings.push(Hearing { key, day: ahead, set: day, kind, adjourned: "", updated: day });
        }
    }

    fn apply(&mut self, at: usize) {
        let received = self.day();
        for code in ["ASYL", "ASYW", "WCAT"] {
            if let Some(key) = self.keys.next_added(Table::Application) {
                let application = Application { key, code, received, decision: "" };
                self.case.proceedings[at].applications.push(application);
            }
        }
    }

    fn move_for(&mut self, at: usize) {
        let proceeding = &self.case.proceedings[at];
        if proceeding.outcome != Outcome::Pending {
            return;
        }
        let filed = self.day();
        let code = self.world.codes.motion.value(self.rolls.roll());
        if let Some(key) = self.keys.next_added(Table::Motion) {
            self.case.proceedings[at].motions.push(Motion { key, code, filed, decided: None });
        }
    }

    /// What concerns the person: address, custody, counsel, the side tables.
    fn person(&mut self) {
        if self.rolls.yes(0.107) && !is_accented(self.world, self.case.no) {
            let changed = Some(self.day());
            let court = self.case.last().map_or(0, |last| last.court);
            let town = self.world.places.town(self.world.places.some_town(court, &mut self.rolls));
            let version = self.case.address.version + 1;
            self.case.address = Address { city: town.city, state: town.state, zip: town.zip, version, changed };
        }
        if self.case.custody == Custody::Detained && self.rolls.yes(0.107) {
            self.release();
        }
        if self.rolls.yes(0.05) && !self.case.proceedings.is_empty() {
            let day = self.day();
            self.case.counsel.extend(self.keys.next_added(Table::Rep).map(|key| Rep { key, day }));
        }
        let day = self.day();
        if let Some(rider) = self.case.rider.as_mut().filter(|rider| rider.severed.is_none())
            && self.rolls.yes(0.05)
        {
            rider.severed = Some(day);
        }
        if self.rolls.yes(0.01) && !self.case.juvenile.is_empty() {
            self.case.juvenile.extend(self.keys.next_added(Table::Juvenile).map(|key| Moment { key, day }));
        }
        if self.rolls.yes(0.001) {
            self.case.priority.extend(self.keys.next_added(Table::Priority).map(|key| Moment { key, day }));
        }
        if self.rolls.yes(0.01) {
            self.case.identifiers.extend(self.keys.next_added(Table::Identifier));
        }
    }

    fn release(&mut self) {
        let day = self.day();
        self.case.custody = Custody::Released;
        self.case.released = Some(day);
        let held = self.case.custody_rows.iter_mut().find(|row| row.custody == Custody::Detained);
        if let Some(row) = held {
            row.custody = Custody::Released;
            row.released = Some(day);
        } else if let Some(key) = self.keys.next_added(Table::Custody) {
            let detained = self.case.detained;
            self.case.custody_rows.push(CustodyRow { key, custody: Custody::Released, detained, released: Some(day) });
        }
    }
}
