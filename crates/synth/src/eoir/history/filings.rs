//! What is put on the calendar and filed in a proceeding.

use super::outcomes::{Conduct, Outcome, application_decision};
use super::{Appeal, Application, Bond, Case, Custody, Hearing, HearingKind, Motion, Proceeding, Rep};
use crate::chance::Rolls;
use crate::eoir::World;
use crate::eoir::days::{Day, workday};
use crate::eoir::tables::{Keys, Table};

impl Proceeding {
    /// Hearings from the beginning to `until`; one after `through` for a proceeding that is pending.
    pub(super) fn calendar(&mut self, world: &World, until: Day, through: Day, rolls: &mut Rolls, keys: &mut Keys) {
        let pending = self.outcome == Outcome::Pending;
        let decided = matches!(self.outcome, Outcome::Decided { .. });
        let wanted = match self.outcome {
            _ if rolls.yes(0.03) => 0,
            Outcome::Pending => rolls.run(0.68, 9),
            Outcome::Decided { .. } => 1 + rolls.run(0.67, 9),
            Outcome::Closed(_) => 1 + rolls.run(0.56, 7),
        };
        let room = (until - self.start).max(0);
        let held = i32::try_from(wanted).unwrap_or(0).min(room);
        let mut set = self.start;
        for n in 1..=held {
            let Some(key) = keys.next(Table::Schedule) else { return };
            let last = n == held && !pending;
            let day = if last { until } else { workday(self.start + room * n / (held + i32::from(pending))) };
            let day = day.clamp(self.start, until);
            let individual = match (last && decided, n) {
                (true, _) => rolls.yes(0.33),
                (false, 1) => rolls.yes(0.07),
                _ => rolls.yes(0.29),
            };
            let adjourned = match (rolls.yes(0.9), last && decided) {
                (false, _) => "",
                (true, true) if rolls.yes(0.6) => "8B",
                (true, _) => world.codes.adjourned.value(rolls.roll()),
            };
            let kind = if individual { HearingKind::Individual } else { HearingKind::Master };
            self.hearings.push(Hearing { key, day, set, kind, adjourned, updated: day });
            set = day;
        }
        if pending && rolls.yes(0.93) {
            let Some(key) = keys.next(Table::Schedule) else { return };
            let kind = if rolls.yes(0.27) { HearingKind::Individual } else { HearingKind::Master };
            let day = workday(through + rolls.between(5, 1400)).max(through + 1);
            self.hearings.push(Hearing { key, day, set, kind, adjourned: "", updated: set });
        }
    }

    /// Applications, appeals, motions, bonds and the Department's attorneys. `last` tells whether this is the case's
    /// last proceeding, `reopened` when another one began after its decision.
    pub(super) fn filings(
        &mut self,
        world: &World,
        case: &Case,
        (last, reopened): (bool, Option<Day>),
        (until, through): (Day, Day),
        rolls: &mut Rolls,
        keys: &mut Keys,
    ) {
        let conduct = Conduct::of(case.case_type);
        if conduct != Conduct::Screening {
            self.applications(world, case, last, until, rolls, keys);
        }
        if matches!(self.outcome, Outcome::Decided { .. }) {
            self.appeals(world, case, reopened, (until, through), rolls, keys);
        }
        let first = self.start == case.nta;
        for _ in 0..rolls.run(if first { 0.28 } else { 0.4 }, 4) {
            let Some(key) = keys.next(Table::Motion) else { break };
            let filed = workday(self.start + rolls.between(1, (until - self.start).max(1))).clamp(self.start, until);
            let decision = world.codes.motion_decision.value(rolls.roll());
            let decided = rolls.yes(0.99).then(|| (decision, (filed + rolls.between(0, 20)).min(until)));
            let code = world.codes.motion.value(rolls.roll());
            self.motions.push(Motion { key, code, filed, decided });
        }
        let bonds = match (first, case.custody) {
            (true, Custody::Never) => 0.025,
            (true, _) => 0.26,
            (false, Custody::Never) => 0.005,
            (false, _) => 0.06,
        };
        if rolls.yes(bonds) {
            for _ in 0..=rolls.run(0.08, 1) {
                let Some(key) = keys.next(Table::Bond) else { break };
                let asked = (self.start + rolls.between(0, 30)).min(until);
                let decided = workday(asked + rolls.between(1, 14)).clamp(asked, until.max(asked));
                self.bonds.push(Bond { key, asked, decided });
                for _ in 0..=rolls.run(0.3, 2) {
                    self.hearings.extend(keys.next(Table::Schedule).map(|key| Hearing {
                        key,
                        day: decided,
                        set: asked,
                        kind: HearingKind::Bond,
                        adjourned: world.codes.adjourned.value(rolls.roll()),
                        updated: decided,
                    }));
                }
            }
        }
        for _ in 0..rolls.weighted(&[(35, 0), (52, 1), (13, 2)]) {
            let day = (self.start + rolls.between(1, 400)).min(until);
            self.government.extend(keys.next(Table::Rep).map(|key| Rep { key, day }));
        }
    }

    fn applications(&mut self, world: &World, case: &Case, last: bool, until: Day, rolls: &mut Rolls, keys: &mut Keys) {
        let share = match (last, self.outcome) {
            (true, Outcome::Pending) => 0.74,
            (true, _) => 0.46,
            (false, _) => 0.06,
        };
        if !rolls.yes(share) {
            return;
        }
        let bundle: &[&'static str] = match rolls.between(0, 99) {
            0..62 => &["ASYL", "ASYW", "WCAT"],
            62..72 => &["ASYL", "ASYW"],
            72..82 => &["42B", "VD"],
            82..88 => &["245"],
            88..96 => &["VD"],
            _ => &[world.codes.other_application.value(rolls.roll())],
        };
        let received = self.start + rolls.between(1, 400);
        let received = workday(received.min(self.start + (until - self.start) * 3 / 4)).max(self.start);
        for (n, code) in bundle.iter().enumerate() {
            let Some(key) = keys.next(Table::Application) else { break };
            let decision = application_decision(case.case_type, self.outcome, code, (n == 0, until), rolls);
            self.applications.push(Application { key, code, received, decision });
        }
    }

    fn appeals(
        &mut self,
        world: &World,
        case: &Case,
        reopened: Option<Day>,
        (until, through): (Day, Day),
        rolls: &mut Rolls,
        keys: &mut Keys,
    ) {
        let often = match case.custody {
            Custody::Never => 0.105,
            Custody::Detained => 0.11,
            Custody::Released => 0.27,
        };
        let share = match (Conduct::of(case.case_type), reopened) {
            (Conduct::Screening, _) => 0.003,
            (_, Some(_)) => 0.4,
            (Conduct::Old, None) => often * 1.4,
            (_, None) => often * 0.93,
        };
        let filed = workday(until + rolls.between(3, 30)).max(until);
        if !rolls.yes(share) || filed > reopened.unwrap_or(through) {
            return;
        }
        let Some(key) = keys.next(Table::Appeal) else { return };
        let kind = court_appeal(world, rolls);
        let days = if rolls.yes(0.85) { rolls.between(60, 900) } else { rolls.between(900, 9000) };
        let decision = world.codes.board_decision.value(rolls.roll());
        let decided = match reopened {
            Some(again) => Some((again, "REM")),
            None => Some((workday(filed + days), decision)).filter(|(day, _)| *day <= through),
        };
        let counsel = if rolls.yes(0.75) { keys.next(Table::Rep) } else { None };
        self.appeals.push(Appeal { key, kind, filed, decided, counsel });
    }
}

/// A kind of appeal from a judge's decision.
pub(in crate::eoir) fn court_appeal(world: &World, rolls: &mut Rolls) -> &'static str {
    world.codes.appeal_type.value_among(rolls.roll(), |kind| !kind.starts_with("DD"))
}

impl Case {
    pub(super) fn paper_appeals(&mut self, world: &World, through: Day, rolls: &mut Rolls, keys: &mut Keys) {
        for _ in 0..=rolls.run(0.06, 1) {
            let Some(key) = keys.next(Table::Appeal) else { break };
            let kind = rolls.weighted(&[(928, "DD Visa"), (55, "DD Fines"), (17, "DD 212")]);
            let filed = workday(self.nta).min(through);
            let decided = workday(filed + rolls.between(60, 900));
            let decision = world.codes.board_decision.value(rolls.roll());
            let decided = (decided <= through).then_some((decided, decision));
            self.paper_appeals.push(Appeal { key, kind, filed, decided, counsel: None });
        }
    }
}
