//! What happened in one case, as far as the release knows: a pure function of the seed and the case's number.

mod filings;
mod outcomes;
mod timeline;

use super::World;
use super::days::{Day, workday};
use super::nations::some_nation;
use super::places::ACCENTED;
use super::tables::{Key, Keys, Table, case_key, first_proceeding_key};
use crate::chance::{Dice, Rolls};
pub(super) use filings::court_appeal;
pub(super) use outcomes::{Conduct, Outcome, application_decision, is_grant};

/// A case.
#[derive(Debug, Clone)]
pub(super) struct Case {
    pub(super) no: u64,
    pub(super) case_type: &'static str,
    pub(super) nta: Day,
    pub(super) nation: &'static str,
    pub(super) language: &'static str,
    pub(super) custody: Custody,
    pub(super) detained: Option<Day>,
    pub(super) released: Option<Day>,
    pub(super) address: Address,
    /// In order; empty for cases on paper only.
    pub(super) proceedings: Vec<Proceeding>,
    pub(super) custody_rows: Vec<CustodyRow>,
    /// Who represents the person before the court, in order.
    pub(super) counsel: Vec<Rep>,
    /// Appeals from a decision of the Department, which have no proceeding.
    pub(super) paper_appeals: Vec<Appeal>,
    pub(super) rider: Option<Rider>,
    pub(super) juvenile: Vec<Moment>,
    pub(super) priority: Vec<Moment>,
    pub(super) identifiers: Vec<Key>,
}

/// Detained, never detained, released.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Custody {
    Detained,
    Never,
    Released,
}

impl Custody {
    pub(super) fn letter(self) -> &'static str {
        match self {
            Self::Detained => "D",
            Self::Never => "N",
            Self::Released => "R",
        }
    }
}

/// Where a person lives.
#[derive(Debug, Clone, Copy)]
pub(super) struct Address {
    pub(super) city: &'static str,
    pub(super) state: &'static str,
    pub(super) zip: &'static str,
    /// How often it has changed; the last two digits of the ZIP code go with it.
    pub(super) version: u32,
    pub(super) changed: Option<Day>,
}

/// A row about a period in custody, or about none.
#[derive(Debug, Clone, Copy)]
pub(super) struct CustodyRow {
    pub(super) key: Key,
    pub(super) custody: Custody,
    pub(super) detained: Option<Day>,
    pub(super) released: Option<Day>,
}

/// A representative's entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rep {
    pub(super) key: Key,
    pub(super) day: Day,
}

/// A row of a history that has a day and little else.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub(super) key: Key,
    pub(super) day: Day,
}

/// The row that ties a case to its lead case.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rider {
    pub(super) key: Key,
    pub(super) lead: u64,
    pub(super) day: Day,
    pub(super) severed: Option<Day>,
}

/// A proceeding with everything that hangs on it.
#[derive(Debug, Clone)]
pub(super) struct Proceeding {
    pub(super) key: Key,
    pub(super) court: usize,
    pub(super) location: &'static str,
    pub(super) judge: usize,
    pub(super) start: Day,
    pub(super) outcome: Outcome,
    pub(super) completed: Option<Day>,
    pub(super) hearings: Vec<Hearing>,
    pub(super) charges: Vec<Key>,
    pub(super) applications: Vec<Application>,
    pub(super) appeals: Vec<Appeal>,
    pub(super) motions: Vec<Motion>,
    pub(super) bonds: Vec<Bond>,
    /// The Department's attorneys.
    pub(super) government: Vec<Rep>,
}

/// A hearing on the calendar.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hearing {
    pub(super) key: Key,
    pub(super) day: Day,
    /// When it was put on the calendar.
    pub(super) set: Day,
    pub(super) kind: HearingKind,
    /// Why it ended; empty if the release has no reason or the hearing has not been held.
    pub(super) adjourned: &'static str,
    /// The last change to the row.
    pub(super) updated: Day,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HearingKind {
    Master,
    Individual,
    Bond,
}

/// An application for relief.
#[derive(Debug, Clone, Copy)]
pub(super) struct Application {
    pub(super) key: Key,
    pub(super) code: &'static str,
    pub(super) received: Day,
    /// Empty while pending.
    pub(super) decision: &'static str,
}

/// An appeal to the Board.
#[derive(Debug, Clone, Copy)]
pub(super) struct Appeal {
    pub(super) key: Key,
    pub(super) kind: &'static str,
    pub(super) filed: Day,
    pub(super) decided: Option<(Day, &'static str)>,
    /// Counsel before the Board.
    pub(super) counsel: Option<Key>,
}

/// A motion.
#[derive(Debug, Clone, Copy)]
pub(super) struct Motion {
    pub(super) key: Key,
    pub(super) code: &'static str,
    pub(super) filed: Day,
    /// Letter and day.
    pub(super) decided: Option<(&'static str, Day)>,
}

/// A decision on a bond.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bond {
    pub(super) key: Key,
    pub(super) asked: Day,
    pub(super) decided: Day,
}

/// What the draws of a case are for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    Kind = 1,
    Life = 2,
    Family = 3,
    Accent = 4,
    Change = 5,
    Vanish = 6,
    Month = 7,
    Fault = 8,
    Row = 16,
}

/// Draws of a case for one purpose.
pub(super) fn dice(world: &World, no: u64, purpose: Purpose) -> Dice {
    Dice::of(world.seed, no, purpose as u64)
}

/// The type of a case, known without making the case.
pub(super) fn case_type(world: &World, no: u64) -> &'static str {
    world.codes.case_type.value(dice(world, no, Purpose::Kind).roll(0))
}

/// Which member of each run of `each` cases is marked, for one purpose.
pub(super) fn is_marked(world: &World, no: u64, each: u64, purpose: Purpose) -> bool {
    let run = (no - 1) / each;
    (no - 1) % each == dice(world, run, purpose).below(0, each)
}

/// The lead case of a rider: the case before it.
pub(super) fn lead_of(world: &World, no: u64) -> Option<u64> {
    let lead = no.checked_sub(1).filter(|lead| *lead > 0)?;
    let old = no <= world.cases;
    let heard = |no| !matches!(Conduct::of(case_type(world, no)), Conduct::Paper);
    (old && dice(world, no, Purpose::Family).yes(0, 0.205) && heard(no) && heard(lead)).then_some(lead)
}

impl Case {
    /// The case as the first release has it; as the next one has it, for a case that appears only there.
    pub(super) fn of(world: &World, no: u64) -> Self {
        let rolls = &mut Rolls::new(dice(world, no, Purpose::Life));
        let keys = &mut Keys::new(no, world.all);
        let case_type = case_type(world, no);
        let conduct = Conduct::of(case_type);
        let (nation, language) = some_nation(rolls);
        let court = world.places.some_court(&world.codes, rolls);
        let appears = no > world.cases;
        let through = if appears { world.next } else { world.first };
        let (nta, spans) = timeline::drawn(world, conduct, appears, rolls);
        let custody = match rolls.between(0, 99_999) {
            ..65_937 => Custody::Never,
            65_937..88_928 => Custody::Detained,
            _ => Custody::Released,
        };
        let mut case = Self {
            no,
            case_type,
            nta,
            nation,
            language,
            custody,
            detained: None,
            released: None,
            address: address(world, no, court, (nta, through), rolls),
            proceedings: Vec::with_capacity(spans.len()),
            custody_rows: Vec::new(),
            counsel: Vec::new(),
            paper_appeals: Vec::new(),
            rider: None,
            juvenile: Vec::new(),
            priority: Vec::new(),
            identifiers: Vec::new(),
        };
        case.detention(through, rolls, keys);
        case.court_work(world, &spans, court, through, rolls, keys);
        if conduct == Conduct::Paper {
            case.paper_appeals(world, through, rolls, keys);
        }
        case.side_rows(world, through, rolls, keys);
        case
    }

    /// The last proceeding.
    pub(super) fn last(&self) -> Option<&Proceeding> {
        self.proceedings.last()
    }

    fn detention(&mut self, through: Day, rolls: &mut Rolls, keys: &mut Keys) {
        let from = (self.nta - rolls.between(0, 5)).min(through - 2);
        let days = rolls.between(2, 300);
        let (known, dated) = (rolls.yes(0.78), rolls.yes(0.68));
        let mut row = |custody, detained, released| {
            if let Some(key) = keys.next(Table::Custody) {
                self.custody_rows.push(CustodyRow { key, custody, detained, released });
            }
        };
        match self.custody {
            Custody::Never => {
                if rolls.yes(0.85) {
                    row(Custody::Never, None, None);
                }
            }
            Custody::Detained => {
                self.detained = dated.then_some(from);
                if rolls.yes(0.62) {
                    row(Custody::Detained, self.detained, None);
                }
            }
            Custody::Released => {
                let to = (from + days).min(through - 1);
                self.detained = Some(from);
                self.released = Some(to);
                if known {
                    row(Custody::Released, self.detained, self.released);
                }
            }
        }
    }

    fn court_work(
        &mut self,
        world: &World,
        spans: &[timeline::Span],
        first_court: usize,
        through: Day,
        rolls: &mut Rolls,
        keys: &mut Keys,
    ) {
        let mut court = first_court;
        let count = spans.len();
        for (at, span) in spans.iter().copied().enumerate() {
            let Some(key) = keys.next(Table::Proceeding) else { break };
            let location = world.places.some_location(court, rolls);
            let judge = rolls.between(0, world.places.court(court).judges.len() as i32 - 1) as usize;
            let outcome = Outcome::drawn(world, self.case_type, span, rolls);
            let mut proceeding = Proceeding {
                key,
                court,
                location,
                judge,
                start: span.start,
                outcome,
                completed: span.completed,
                hearings: Vec::new(),
                charges: Vec::new(),
                applications: Vec::new(),
                appeals: Vec::new(),
                motions: Vec::new(),
                bonds: Vec::new(),
                government: Vec::new(),
            };
            let until = span.completed.unwrap_or(through);
            proceeding.calendar(world, until, through, rolls, keys);
            if at == 0 || rolls.yes(0.12) {
                for _ in 0..=rolls.run(0.34, 5) {
                    proceeding.charges.extend(keys.next(Table::Charge));
                }
            }
            let decided = matches!(outcome, Outcome::Decided { .. });
            let reopened = spans.get(at + 1).filter(|_| decided).map(|next| next.start);
            proceeding.filings(world, self, (at + 1 == count, reopened), (until, through), rolls, keys);
            self.proceedings.push(proceeding);
            if matches!(outcome, Outcome::Closed("C")) {
                court = world.places.some_court(&world.codes, rolls);
            }
        }
    }

    fn side_rows(&mut self, world: &World, through: Day, rolls: &mut Rolls, keys: &mut Keys) {
        let (nta, codes) = (self.nta, Conduct::of(self.case_type));
        let later = |rolls: &mut Rolls, most: i32| (nta + rolls.between(1, most)).min(through);
        if codes != Conduct::Paper && rolls.yes(0.45) {
            let mut days: Vec<Day> = (0..=rolls.run(0.55, 6)).map(|_| workday(later(rolls, 500))).collect();
            days.sort_unstable();
            self.counsel.extend(days.into_iter().map_while(|day| Some(Rep { key: keys.next(Table::Rep)?, day })));
        }
        if codes == Conduct::Removal && rolls.yes(0.168) {
            for _ in 0..=rolls.run(0.45, 2) {
                let day = later(rolls, 900);
                self.juvenile.extend(keys.next(Table::Juvenile).map(|key| Moment { key, day }));
            }
        }
        if rolls.yes(0.0105) {
            let day = later(rolls, 60);
            self.priority.extend(keys.next(Table::Priority).map(|key| Moment { key, day }));
        }
        if rolls.yes(0.17) {
            for _ in 0..=rolls.run(0.12, 1) {
                self.identifiers.extend(keys.next(Table::Identifier));
            }
        }
        let severed = rolls.yes(0.092);
        if let Some(lead) = lead_of(world, self.no)
            && let Some(key) = keys.next(Table::Rider)
        {
            let day = later(rolls, 60);
            let severed = severed.then(|| (day + rolls.between(30, 900)).min(through));
            self.rider = Some(Rider { key, lead, day, severed });
        }
    }
}

impl Rider {
    pub(super) fn lead_case(self) -> u64 {
        case_key(self.lead)
    }

    pub(super) fn lead_proceeding(self) -> u64 {
        first_proceeding_key(self.lead)
    }
}

fn address(world: &World, no: u64, court: usize, (nta, through): (Day, Day), rolls: &mut Rolls) -> Address {
    let town = world.places.town(world.places.some_town(court, rolls));
    let changed = rolls.yes(0.346).then(|| (nta + rolls.between(10, 1500)).min(through - 1));
    let town = if is_accented(world, no) { rolls.pick(&ACCENTED) } else { town };
    Address { city: town.city, state: town.state, zip: town.zip, version: 0, changed }
}

/// Whether the case's town has a letter beyond ASCII in its name: one case in each 400.
pub(super) fn is_accented(world: &World, no: u64) -> bool {
    is_marked(world, no, 400, Purpose::Accent)
}
