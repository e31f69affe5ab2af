//! How a result came about, and the smallest changes of one fact that would change it.

use crate::JudgeError;
use crate::criterion::{Clause, Criterion, DateRole, Version};
use crate::decide::{Finding, decide, holds};
use crate::evaluate::{DateValue, Row, Selected, Slot, Values, evaluate};
use crate::judge::{Case, Derived, Judged, combine, derive, judge, states};
use crate::subset::AS_OF;
use jiff::civil::Date;
use model::{FactDef, FactSet, FactState, FactType, FactValue, Status, Text, fact_def};

/// How far from a known date the search for a change goes, in days: about eleven years, every day of them.
const REACH_DAYS: i64 = 4096;

/// How many values of an unknown date are tried at most.
const MOST_DAYS: i64 = 20_000;

/// How one result came about.
#[derive(Debug, Clone)]
pub struct Explanation<'a> {
    /// The criterion.
    pub criterion: &'a Criterion,
    /// The version that judged.
    pub version: Option<&'a Version>,
    /// Which date picked the version.
    pub selection: Selection,
    /// The as-of date.
    pub as_of: Date,
    /// The result.
    pub judged: Judged,
    /// Every clause of the version, with its value.
    pub clauses: Vec<ClauseValue<'a>>,
    /// Every fact that the criterion can read, by name, as the record has it.
    pub facts: Vec<FactRead>,
    /// Every named date of the version, with its arithmetic.
    pub dates: Vec<Working<'a>>,
    /// What holds the result back, and the record that would settle it.
    pub missing: Vec<Missing>,
    /// The smallest changes of one fact that would change the status, by fact name.
    pub flips: Vec<Flip>,
}

/// Which date picked the version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Selection {
    /// The selector's date.
    By(Date),
    /// The as-of date: the selector's date has not happened, or is unknown.
    AsOf(Date),
    /// The selector's fact is known to be absent, so nothing set the rule going.
    Absent,
    /// The selector's fact is unknown.
    Unknown,
    /// Conflicting values give different dates.
    Varies,
}

/// A clause and its value.
#[derive(Debug, Clone)]
pub struct ClauseValue<'a> {
    /// The clause.
    pub clause: &'a Clause,
    /// True, false, or unknown. Unknown too where conflicting values give different values.
    pub value: Option<bool>,
    /// Whether conflicting values give different values.
    pub varies: bool,
}

/// A fact as the record has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactRead {
    /// Its entry in the vocabulary.
    pub name: &'static str,
    /// What it is, for people.
    pub label: Text,
    /// Its state, with row pointers; none if unknown.
    pub state: Option<FactState>,
}

/// A named date and how it was reckoned.
#[derive(Debug, Clone)]
pub struct Working<'a> {
    /// The version it belongs to.
    pub version: &'a Version,
    /// Its position among the dates of the version.
    pub index: usize,
    /// Whether it holds: it has no choice, or its choice is true.
    pub holds: bool,
    pub(crate) value: Option<DateValue>,
}

impl Working<'_> {
    /// The date before any roll; none if a fact it needs is missing.
    pub fn date(&self) -> Option<Date> {
        self.value.map(|value| value.counted.last_day)
    }

    /// Its name within the version.
    pub fn id(&self) -> &str {
        &self.version.dates[self.index].id
    }

    /// What it is for.
    pub fn role(&self) -> DateRole {
        self.version.dates[self.index].role
    }
}

/// A fact whose lack holds the result back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Its name.
    pub fact: &'static str,
    /// What it is, for people.
    pub label: Text,
    /// The record that would settle it.
    pub settled_by: Text,
}

/// A change of one fact that would change the status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flip {
    /// The fact.
    pub fact: &'static str,
    /// What it would have to be.
    pub change: Change,
    /// The status it would then have.
    pub status: Status,
    /// The finding it would then have.
    pub result: Finding,
}

/// What a fact would have to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// This value: for a known date or number, the nearest on its side.
    Value(FactValue),
    /// Any value from the first to the second. Open at an end where the search ended.
    Between(Option<FactValue>, Option<FactValue>),
    /// Known to be absent through this day.
    Absent(Date),
}

pub(crate) fn explain<'a>(criterion: &'a Criterion, set: &FactSet, as_of: Date) -> Result<Explanation<'a>, JudgeError> {
    let judged = judge(criterion, &[set], as_of)?;
    let Some(judged) = judged.into_iter().next() else {
        return Err(JudgeError::WrongSubject {
            id: criterion.id.to_string(),
            expected: criterion.subject.name(),
            found: set.subject.name(),
        });
    };
    let derived: Derived = derive(set);
    let states = states(criterion, set, &derived)?;
    let case = Case::new(criterion, &states, as_of);
    let values = evaluate(criterion, &case.rows)?;

    let version = judged.version.as_deref().and_then(|id| criterion.version(id));
    let own: Vec<_> = values.iter().filter_map(|value| value.version.as_ref().map(|(_, own)| own)).collect();
    let clauses = version.map_or_else(Vec::new, |version| {
        let value = |index: usize| {
            let first = own.first().and_then(|own| own.clauses[index]);
            let varies = own.iter().any(|own| own.clauses[index] != first);
            (if varies { None } else { first }, varies)
        };
        let clauses = version.clauses.iter().enumerate().map(|(index, clause)| {
            let (value, varies) = value(index);
            ClauseValue { clause, value, varies }
        });
        clauses.collect()
    });
    Ok(Explanation {
        criterion,
        version,
        selection: selection(&values),
        as_of,
        clauses,
        facts: criterion
            .compiled
            .facts
            .iter()
            .zip(&states)
            .filter(|(fact, _)| **fact != AS_OF)
            .filter_map(|(fact, state)| fact_def(fact).map(|def| (def, state)))
            .map(|(def, state)| FactRead { name: def.name, label: def.label, state: state.cloned() })
            .collect(),
        dates: workings(criterion, &values),
        missing: judged
            .missing
            .iter()
            .filter_map(|fact| fact_def(fact))
            .map(|def| Missing { fact: def.name, label: def.label, settled_by: def.settled_by })
            .collect(),
        flips: Search { criterion, case: &case, values: &values, as_of, now: judged.status }.flips(&states)?,
        judged,
    })
}

fn selection(values: &[Values]) -> Selection {
    let Some(first) = values.first() else { return Selection::Varies };
    if values.iter().any(|value| value.selected != first.selected) {
        return Selection::Varies;
    }
    match first.selected {
        Selected::By(date) => Selection::By(date),
        Selected::FellBack(date) => Selection::AsOf(date),
        Selected::Absent => Selection::Absent,
        Selected::Unknown => Selection::Unknown,
    }
}

fn workings<'a>(criterion: &'a Criterion, values: &[Values]) -> Vec<Working<'a>> {
    let mut workings: Vec<Working<'a>> = Vec::new();
    for (version, own) in values.iter().filter_map(|value| value.version.as_ref()) {
        let version = &criterion.versions[*version];
        for (index, value) in own.dates.iter().enumerate() {
            let new = Working { version, index, holds: holds(version, own, index), value: *value };
            let same = |old: &Working<'_>| old.version.id == version.id && old.index == index && old.value == new.value;
            if !workings.iter().any(same) {
                workings.push(new);
            }
        }
    }
    workings
}

/// The search for changes of one fact, by trying values.
struct Search<'a> {
    criterion: &'a Criterion,
    case: &'a Case<'a>,
    values: &'a [Values],
    as_of: Date,
    now: Status,
}

/// A value to try.
#[derive(Debug, Clone, PartialEq)]
enum Try {
    Value(FactValue),
    Absent(Date),
}

impl Search<'_> {
    fn flips(&self, states: &[Option<&FactState>]) -> Result<Vec<Flip>, JudgeError> {
        let mut flips = Vec::new();
        if self.case.rows.is_empty() {
            return Ok(flips);
        }
        for (index, state) in states.iter().enumerate() {
            let Some(def) = fact_def(self.criterion.compiled.facts[index]).filter(|def| def.name != AS_OF) else {
                continue;
            };
            match (state, def.kind) {
                (Some(FactState::Known(sourced)), FactType::Date) => {
                    if let FactValue::Date(date) = sourced.value {
                        let step = |days| crate::calendar::days_after(date, days).map(FactValue::Date);
                        flips.extend(self.nearest(index, def, step)?);
                    }
                }
                (Some(FactState::Known(sourced)), FactType::DateTime) => {
                    if let FactValue::DateTime(at) = sourced.value {
                        let step = |days| {
                            crate::calendar::days_after(at.date(), days)
                                .map(|date| FactValue::DateTime(date.to_datetime(at.time())))
                        };
                        flips.extend(self.nearest(index, def, step)?);
                    }
                }
                (Some(FactState::Known(sourced)), FactType::Integer) => {
                    if let FactValue::Integer(number) = sourced.value {
                        let step = |by| number.checked_add(by).map(FactValue::Integer);
                        flips.extend(self.nearest(index, def, step)?);
                    }
                }
                (Some(FactState::Known(sourced)), FactType::Boolean) => {
                    let other = FactValue::Boolean(sourced.value == FactValue::Boolean(false));
                    flips.extend(self.single(index, def, vec![Try::Value(other)])?);
                }
                (Some(FactState::Conflict(values)), _) => {
                    let values = values.iter().map(|sourced| Try::Value(sourced.value.clone())).collect();
                    flips.extend(self.single(index, def, values)?);
                }
                (None | Some(FactState::Absent { .. }), FactType::Boolean) => {
                    let values = [true, false].map(|value| Try::Value(FactValue::Boolean(value))).to_vec();
                    flips.extend(self.single(index, def, values)?);
                }
                (None | Some(FactState::Absent { .. }), FactType::Date) => {
                    let days = self.days_to_try();
                    flips.extend(self.stretches(index, def, days.into_iter().map(FactValue::Date).collect())?);
                    flips.extend(self.absent(index, def, state.is_none())?);
                }
                (None | Some(FactState::Absent { .. }), FactType::DateTime) => {
                    let days = self.days_to_try().into_iter();
                    let at = days.map(|day| FactValue::DateTime(day.at(12, 0, 0, 0))).collect();
                    flips.extend(self.stretches(index, def, at)?);
                    flips.extend(self.absent(index, def, state.is_none())?);
                }
                (None | Some(FactState::Absent { .. }), FactType::Integer) => {
                    flips.extend(self.stretches(index, def, (0..=730).map(FactValue::Integer).collect())?);
                }
                (_, FactType::Text) => {}
            }
        }
        Ok(flips)
    }

    fn absent(&self, index: usize, def: &'static FactDef, unknown: bool) -> Result<Vec<Flip>, JudgeError> {
        if !unknown {
            return Ok(Vec::new());
        }
        self.single(index, def, vec![Try::Absent(self.as_of)])
    }

    /// The values among these that change the status.
    fn single(&self, index: usize, def: &'static FactDef, values: Vec<Try>) -> Result<Vec<Flip>, JudgeError> {
        let results = self.results(index, &values)?;
        let flips = values.into_iter().zip(results).filter(|(_, (status, _))| *status != self.now);
        Ok(flips
            .map(|(value, (status, result))| {
                let change = match value {
                    Try::Value(value) => Change::Value(value),
                    Try::Absent(through) => Change::Absent(through),
                };
                Flip { fact: def.name, change, status, result }
            })
            .collect())
    }

    /// The nearest value below and above that changes the status, found by trying every one in rings that widen.
    fn nearest(
        &self,
        index: usize,
        def: &'static FactDef,
        step: impl Fn(i64) -> Option<FactValue>,
    ) -> Result<Vec<Flip>, JudgeError> {
        let mut flips = Vec::new();
        for sign in [-1, 1] {
            let mut from = 1;
            for to in [32, 512, REACH_DAYS] {
                let values: Vec<_> = (from..=to).filter_map(|by| step(sign * by)).map(Try::Value).collect();
                let results = self.results(index, &values)?;
                let found = values.into_iter().zip(results).find(|(_, (status, _))| *status != self.now);
                if let Some((Try::Value(value), (status, result))) = found {
                    flips.push(Flip { fact: def.name, change: Change::Value(value), status, result });
                    break;
                }
                from = to + 1;
            }
        }
        Ok(flips)
    }

    /// The stretches of these values, in order, over which the status differs from the present one.
    fn stretches(&self, index: usize, def: &'static FactDef, values: Vec<FactValue>) -> Result<Vec<Flip>, JudgeError> {
        let tried: Vec<_> = values.iter().cloned().map(Try::Value).collect();
        let results = self.results(index, &tried)?;
        let last = values.len().saturating_sub(1);
        let mut flips = Vec::new();
        let mut start = 0;
        for end in 0..values.len() {
            if end < last && results[end + 1] == results[end] {
                continue;
            }
            let (status, result) = results[end];
            if status != self.now {
                let from = (start > 0).then(|| values[start].clone());
                let to = (end < last).then(|| values[end].clone());
                flips.push(Flip { fact: def.name, change: Change::Between(from, to), status, result });
            }
            start = end + 1;
        }
        Ok(flips)
    }

    /// Every day from a year before the earliest date in sight to a year after the latest.
    fn days_to_try(&self) -> Vec<Date> {
        let facts = self.case.rows.iter().flat_map(|row| row.slots.iter().filter_map(|slot| slot.date()));
        let own = self.values.iter().filter_map(|value| value.version.as_ref());
        let reckoned = own.flat_map(|(_, own)| own.dates.iter().flatten().map(|date| date.counted.outer));
        let (mut first, mut last) = (self.as_of, self.as_of);
        for date in facts.chain(reckoned) {
            first = first.min(date);
            last = last.max(date);
        }
        let days = (crate::calendar::days_between(first, last) + 732).min(MOST_DAYS);
        (0..=days).filter_map(|day| crate::calendar::days_after(last, 366 - days + day)).collect()
    }

    /// Status and finding with the fact at `index` set to each value, everything else as it is.
    fn results(&self, index: usize, values: &[Try]) -> Result<Vec<(Status, Finding)>, JudgeError> {
        let mut rows = Vec::with_capacity(values.len() * self.case.rows.len());
        for value in values {
            for row in &self.case.rows {
                let mut slots = row.slots.clone();
                slots[index] = match value {
                    Try::Value(value) => Slot::Known(value),
                    Try::Absent(through) => Slot::Absent(*through),
                };
                rows.push(Row { slots, as_of: self.as_of });
            }
        }
        let evaluated = evaluate(self.criterion, &rows)?;
        let decisions: Vec<_> =
            rows.iter().zip(&evaluated).map(|(row, values)| decide(self.criterion, row, values, self.as_of)).collect();
        Ok(decisions.chunks(self.case.rows.len()).map(combine).collect())
    }
}

impl Explanation<'_> {
    /// The state of one of the facts that the criterion reads; none if unknown.
    pub fn fact(&self, name: &str) -> Option<&FactState> {
        self.facts.iter().find(|fact| fact.name == name)?.state.as_ref()
    }
}
