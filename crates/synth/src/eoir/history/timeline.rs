use super::outcomes::{Conduct, Ending};
use crate::chance::Rolls;
use crate::eoir::World;
use crate::eoir::days::{Day, Days, workday};

/// When a proceeding began, how it ended, and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub(super) start: Day,
    pub(super) ending: Ending,
    pub(super) completed: Option<Day>,
}

/// Years in which cases begin, with weights.
type Years = &'static [(u32, i32)];

const BEFORE_1997: Years = &[
    (1, 1984),
    (2, 1986),
    (2, 1987),
    (3, 1988),
    (4, 1989),
    (4, 1990),
    (5, 1991),
    (5, 1992),
    (6, 1993),
    (7, 1994),
    (8, 1995),
    (8, 1996),
];
const COMPLETED: Years = &[
    (2, 1997),
    (4, 1998),
    (4, 1999),
    (4, 2000),
    (4, 2001),
    (4, 2002),
    (5, 2003),
    (5, 2004),
    (6, 2005),
    (5, 2006),
    (4, 2007),
    (5, 2008),
    (5, 2009),
    (5, 2010),
    (5, 2011),
    (4, 2012),
    (4, 2013),
    (5, 2014),
    (4, 2015),
    (5, 2016),
    (6, 2017),
    (6, 2018),
    (8, 2019),
    (3, 2020),
    (5, 2021),
    (9, 2022),
    (10, 2023),
    (8, 2024),
    (5, 2025),
];
const PENDING: Years = &[
    (1, 2010),
    (1, 2011),
    (2, 2012),
    (2, 2013),
    (3, 2014),
    (4, 2015),
    (6, 2016),
    (7, 2017),
    (8, 2018),
    (14, 2019),
    (4, 2020),
    (10, 2021),
    (22, 2022),
    (35, 2023),
    (30, 2024),
    (14, 2025),
    (6, 2026),
];
const SCREENINGS: Years = &[
    (1, 2010),
    (2, 2012),
    (3, 2013),
    (4, 2014),
    (5, 2015),
    (6, 2016),
    (7, 2017),
    (9, 2018),
    (12, 2019),
    (8, 2020),
    (6, 2021),
    (6, 2022),
    (9, 2023),
    (9, 2024),
    (6, 2025),
];

/// The day on which a case begins, and its proceedings in time.
pub(super) fn drawn(world: &World, conduct: Conduct, appears: bool, rolls: &mut Rolls) -> (Day, Vec<Span>) {
    if appears {
        let nta = workday(world.next - rolls.between(2, world.next - world.first - 3));
        let nta = nta.max(world.first + 1);
        let open = Span { start: nta, ending: Ending::Pending, completed: None };
        return (nta, if conduct == Conduct::Paper { Vec::new() } else { vec![open] });
    }
    let endings = conduct.endings(rolls);
    let pending = endings.last() == Some(&Ending::Pending);
    let years = match (conduct, pending) {
        (Conduct::Old, _) => BEFORE_1997,
        (Conduct::Screening, _) => SCREENINGS,
        (_, true) => PENDING,
        (_, false) => COMPLETED,
    };
    let year = Days::start_of(rolls.weighted(years));
    let latest = world.first - 60 - 60 * endings.len() as Day;
    let nta = workday((year + rolls.between(0, 364)).min(latest));
    (nta, placed(&endings, conduct, nta, world.first, rolls))
}

/// Puts proceedings one after the other between the beginning and the last day of the release, shortened alike if they
/// would not fit.
fn placed(endings: &[Ending], conduct: Conduct, nta: Day, through: Day, rolls: &mut Rolls) -> Vec<Span> {
    let mut lengths = Vec::with_capacity(endings.len());
    let mut reopened = false;
    for (at, ending) in endings.iter().enumerate() {
        let gap = match (at, reopened) {
            (0, _) => 0,
            (_, true) => rolls.between(60, 900),
            (_, false) => rolls.between(0, 5),
        };
        let length = match (ending, conduct) {
            (Ending::Pending, _) => 0,
            (_, Conduct::Screening) => rolls.between(4, 25),
            (Ending::Decision, _) if rolls.yes(0.2) => rolls.between(15, 120),
            (Ending::Decision, _) => rolls.between(90, 1600),
            (Ending::Transfer, _) => rolls.between(30, 400),
            (Ending::Closure, _) => rolls.between(60, 1500),
        };
        reopened = *ending == Ending::Decision;
        lengths.push((gap, length));
    }
    let needed: Day = lengths.iter().map(|(gap, length)| gap + length).sum();
    let room = through - 20 - nta - 4 * endings.len() as Day;
    let share = if needed > room { f64::from(room) / f64::from(needed) } else { 1.0 };
    let scaled = |days: Day| (f64::from(days) * share) as Day;
    let mut at = nta;
    let mut spans = Vec::with_capacity(endings.len());
    for (ending, (gap, length)) in endings.iter().zip(lengths) {
        let start = at + scaled(gap);
        let completed = (*ending != Ending::Pending).then(|| workday(start + scaled(length).max(3)));
        at = completed.unwrap_or(start);
        spans.push(Span { start, ending: *ending, completed });
    }
    spans
}
