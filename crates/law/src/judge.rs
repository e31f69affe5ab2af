//! Judging sets of facts: conflicts tried under each value, flip dates found, results put together.

use crate::criterion::{Criterion, DateRole, Version};
use crate::decide::{Decision, Finding, cautions, decide, holds, roles};
use crate::evaluate::{Row, Selected, Slot, Values, evaluate};
use crate::subset::AS_OF;
use crate::{JudgeError, Words};
use jiff::civil::Date;
use model::{Confidence, FactSet, FactState, FactValue, Outcome, RuleState, Sourced, Status, Subject, fact_def};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How many combinations of conflicting values are tried before the result is *cannot tell* without trying.
const MOST_COMBINATIONS: usize = 64;

/// How many sets are evaluated together: enough for columns to pay, few enough to bound memory.
const CHUNK: usize = 8192;

/// What a criterion yields for one subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The criterion.
    pub criterion: Arc<str>,
    /// The version that judged; none where no version covers the selector's date, or conflicting values pick several.
    pub version: Option<Arc<str>>,
    /// What kind of thing was judged.
    pub subject: Subject,
    /// Which one.
    pub key: String,
    /// What the criterion may say.
    pub outcome: Outcome,
    /// Where the obligation stands.
    pub status: Status,
    /// What was found, finer than the status.
    pub result: Finding,
    /// The clause that made it not applicable, if one did.
    pub reason: Option<Arc<str>>,
    /// For a person's duty: the earliest date that any reasonable reading gives. Show this one.
    pub safe_by: Option<Date>,
    /// For a person's duty: the last date that the person-friendly reading gives. Only to argue that a filing was on time.
    pub outer: Option<Date>,
    /// For an agency's duty: the day, never rolled forward.
    pub due: Option<Date>,
    /// The first day on which the person may act.
    pub opens: Option<Date>,
    /// Every named date of the version that holds.
    pub dates: Vec<NamedDate>,
    /// The first day after the as-of date on which status or result changes if no fact does; none if they never do.
    pub flip_date: Option<Date>,
    /// Whether custody or liberty is at stake.
    pub liberty: bool,
    /// How sure the library is of the version.
    pub confidence: Option<Confidence>,
    /// What must be re-read about the version before each release. Show it wherever the result is shown.
    pub watch: Option<Arc<Words>>,
    /// Whether a lawyer's approval of the criterion is recorded.
    pub approved: bool,
    /// What versions beside the one that judged would give: vacated, enjoined, stayed or proposed ones, or of another
    /// scope, that cover the same date.
    pub cautions: Vec<Caution>,
    /// Facts whose lack holds the result back, sorted.
    pub missing: Vec<&'static str>,
    /// Questions whose answers could change the result, though their lack does not hold it back.
    pub ask: Vec<Ask>,
    /// Whether the case is near a boundary, where readings differ.
    pub boundary: bool,
    /// Facts on which records conflict, and whether it matters here.
    pub conflicts: Vec<Conflict>,
}

/// A named date of a version. The two ends differ only where records conflict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedDate {
    /// Its name within the version.
    pub id: Arc<str>,
    /// What it is for.
    pub role: DateRole,
    /// The date, before any roll; under conflict, the earliest.
    pub earliest: Date,
    /// The date, before any roll; under conflict, the latest.
    pub latest: Date,
}

/// What a version beside the one that judged would give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caution {
    /// The version.
    pub version: Arc<str>,
    /// Its legal state.
    pub state: RuleState,
    /// Where or for whom it would hold.
    pub scope: Arc<str>,
    /// Its earliest last day.
    pub safe_by: Option<Date>,
    /// Its latest last day.
    pub outer: Option<Date>,
    /// Its day for the agency.
    pub due: Option<Date>,
    /// Its opening day.
    pub opens: Option<Date>,
}

/// Something to ask.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ask {
    /// The clause or named date that asks (or the fact itself).
    pub of: Arc<str>,
    /// The facts that would answer, sorted.
    pub facts: Vec<&'static str>,
}

/// A fact on which records conflict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The fact.
    pub fact: &'static str,
    /// Whether which value is right changes the status.
    pub matters: bool,
}

/// Facts that follow from another by what they mean, for sets that hold only the other.
pub(crate) type Derived = BTreeMap<&'static str, FactState>;

/// `removal_date` is the day of `removal_at`; the earliest and latest recorded birth dates are those of `birth_date`.
pub(crate) fn derive(set: &FactSet) -> Derived {
    let mut derived = Derived::new();
    let mut add = |fact: &'static str, state: Option<FactState>| {
        if let Some(state) = state.filter(|_| !set.facts.contains_key(fact)) {
            derived.insert(fact, state);
        }
    };
    add("removal_date", set.facts.get("removal_at").map(day));
    let births = |pick: fn(&[Sourced]) -> Option<&Sourced>| match set.facts.get("birth_date")? {
        FactState::Known(value) => Some(FactState::Known(value.clone())),
        FactState::Conflict(values) => pick(values).cloned().map(FactState::Known),
        FactState::Absent { .. } => None,
    };
    add("birth_date_earliest", births(|values| values.iter().min_by(|a, b| a.value.cmp(&b.value))));
    add("birth_date_latest", births(|values| values.iter().max_by(|a, b| a.value.cmp(&b.value))));
    derived
}

fn day(state: &FactState) -> FactState {
    let day = |sourced: &Sourced| match &sourced.value {
        FactValue::DateTime(at) => Sourced { value: FactValue::Date(at.date()), from: sourced.from.clone() },
        _ => sourced.clone(),
    };
    match state {
        FactState::Known(value) => FactState::Known(day(value)),
        FactState::Absent { .. } => state.clone(),
        FactState::Conflict(values) => {
            let mut days: BTreeMap<FactValue, Vec<_>> = BTreeMap::new();
            for Sourced { value, from } in values.iter().map(day) {
                days.entry(value).or_default().extend(from);
            }
            let mut days: Vec<_> = days.into_iter().map(|(value, from)| Sourced { value, from }).collect();
            match (days.len(), days.pop()) {
                (1, Some(only)) => FactState::Known(only),
                (_, last) => FactState::Conflict(days.into_iter().chain(last).collect()),
            }
        }
    }
}

/// One set, ready to be evaluated by one criterion.
pub(crate) struct Case<'a> {
    /// One row for each combination of conflicting values; one in all without conflict; none if they are too many.
    pub(crate) rows: Vec<Row<'a>>,
    /// For each row, which value each conflicting fact has in it.
    choices: Vec<Vec<usize>>,
    /// The conflicting facts, in the order of `choices`.
    pub(crate) conflicting: Vec<&'static str>,
}

/// What the record says of each fact of a criterion, in the criterion's order.
pub(crate) fn states<'a>(
    criterion: &Criterion,
    set: &'a FactSet,
    derived: &'a Derived,
) -> Result<Vec<Option<&'a FactState>>, JudgeError> {
    let mut states = Vec::with_capacity(criterion.compiled.facts.len());
    for fact in &criterion.compiled.facts {
        let state = set.facts.get(fact).or_else(|| derived.get(fact)).filter(|_| *fact != AS_OF);
        let values: &[Sourced] = match state {
            Some(FactState::Known(value)) => std::slice::from_ref(value),
            Some(FactState::Conflict(values)) => values,
            _ => &[],
        };
        if let Some(def) = fact_def(fact)
            && let Some(wrong) = values.iter().find(|sourced| sourced.value.kind() != def.kind)
        {
            return Err(JudgeError::WrongType {
                key: set.key.clone(),
                fact: def.name,
                expected: def.kind,
                found: wrong.value.kind(),
            });
        }
        states.push(state);
    }
    Ok(states)
}

impl<'a> Case<'a> {
    pub(crate) fn new(criterion: &Criterion, states: &[Option<&'a FactState>], as_of: Date) -> Self {
        let mut conflicting = Vec::new();
        let mut case = Case { rows: Vec::new(), choices: Vec::new(), conflicting: Vec::new() };
        let mut slots = Vec::with_capacity(states.len());
        for (index, state) in states.iter().enumerate() {
            slots.push(match state {
                None => Slot::Unknown,
                Some(FactState::Known(sourced)) => Slot::Known(&sourced.value),
                Some(FactState::Absent { through, .. }) => Slot::Absent(*through),
                Some(FactState::Conflict(values)) => match values.as_slice() {
                    [] => Slot::Unknown,
                    [only] => Slot::Known(&only.value),
                    _ => {
                        conflicting.push((index, values));
                        Slot::Unknown
                    }
                },
            });
        }
        case.conflicting = conflicting.iter().map(|(index, _)| criterion.compiled.facts[*index]).collect();
        let combinations = conflicting.iter().map(|(_, values)| values.len()).try_fold(1_usize, usize::checked_mul);
        if combinations.is_none_or(|combinations| combinations > MOST_COMBINATIONS) {
            return case;
        }
        let mut choice = vec![0; conflicting.len()];
        loop {
            let mut row = slots.clone();
            for ((index, values), chosen) in conflicting.iter().zip(&choice) {
                row[*index] = Slot::Known(&values[*chosen].value);
            }
            case.rows.push(Row { slots: row, as_of });
            case.choices.push(choice.clone());
            let Some(next) = (0..choice.len()).find(|at| choice[*at] + 1 < conflicting[*at].1.len()) else { break };
            choice[next] += 1;
            choice[..next].fill(0);
        }
        case
    }
}

/// The status and finding of a case from those of its rows.
pub(crate) fn combine(decisions: &[Decision]) -> (Status, Finding) {
    let Some(first) = decisions.first() else { return (Status::CannotTell, Finding::Conflict) };
    if decisions.iter().any(|other| other.status != first.status) {
        return (Status::CannotTell, Finding::Conflict);
    }
    if decisions.iter().all(|other| other.finding == first.finding) {
        return (first.status, first.finding);
    }
    let finding = match first.status {
        Status::Owed => Finding::DueNow,
        Status::Due => Finding::Due,
        Status::Met => Finding::Met,
        Status::Missed => Finding::Missed,
        Status::NotApplicable => Finding::NotApplicable,
        Status::CannotTell => Finding::NotEnoughData,
    };
    (first.status, finding)
}

/// Judges sets by one criterion. The sets are all of its subject.
pub(crate) fn judge(criterion: &Criterion, sets: &[&FactSet], as_of: Date) -> Result<Vec<Judged>, JudgeError> {
    let mut judged = Vec::with_capacity(sets.len());
    for chunk in sets.chunks(CHUNK) {
        let derived: Vec<_> = chunk.iter().map(|set| derive(set)).collect();
        let mut cases = Vec::with_capacity(chunk.len());
        for (set, derived) in chunk.iter().zip(&derived) {
            cases.push(Case::new(criterion, &states(criterion, set, derived)?, as_of));
        }
        let rows: Vec<Row<'_>> = cases.iter().flat_map(|case| case.rows.iter().cloned()).collect();
        let mut values = evaluate(criterion, &rows)?.into_iter();
        let evaluated: Vec<Vec<Values>> =
            cases.iter().map(|case| values.by_ref().take(case.rows.len()).collect()).collect();
        let flips = flip_dates(criterion, &cases, &evaluated, as_of)?;
        for (((set, case), values), flip_date) in chunk.iter().zip(&cases).zip(&evaluated).zip(flips) {
            judged.push(Judged { flip_date, ..put_together(criterion, set, case, values, as_of) });
        }
    }
    Ok(judged)
}

fn decisions(criterion: &Criterion, case: &Case<'_>, values: &[Values], as_of: Date) -> Vec<Decision> {
    case.rows.iter().zip(values).map(|(row, values)| decide(criterion, row, values, as_of)).collect()
}

fn put_together(criterion: &Criterion, set: &FactSet, case: &Case<'_>, values: &[Values], as_of: Date) -> Judged {
    let decisions = decisions(criterion, case, values, as_of);
    let (status, result) = combine(&decisions);
    let versions: BTreeSet<_> = values.iter().map(|value| value.version.as_ref().map(|(index, _)| *index)).collect();
    let version: Option<&Version> = match versions.first() {
        Some(Some(index)) if versions.len() == 1 => criterion.versions.get(*index),
        _ => None,
    };
    let dates = |role: fn(&Decision) -> Option<Date>| decisions.iter().filter_map(role).collect::<BTreeSet<_>>();
    let missing: BTreeSet<_> = match result {
        Finding::Conflict => BTreeSet::new(),
        _ => decisions.iter().flat_map(|decision| decision.missing.iter().copied()).collect(),
    };
    let ask: BTreeSet<_> = decisions
        .iter()
        .flat_map(|decision| &decision.ask)
        .map(|question| Ask { of: question.of.clone(), facts: question.facts.clone() })
        .collect();
    let reasons: BTreeSet<_> = decisions.iter().map(|decision| decision.reason).collect();
    let reason = match (version, reasons.first()) {
        (Some(version), Some(Some(index))) if reasons.len() == 1 => Some(version.clauses[*index].id.clone()),
        _ => None,
    };
    Judged {
        criterion: criterion.id.clone(),
        version: version.map(|version| version.id.clone()),
        subject: set.subject,
        key: set.key.clone(),
        outcome: criterion.outcome,
        status,
        result,
        reason,
        safe_by: dates(|decision| decision.roles.safe_by).first().copied(),
        outer: dates(|decision| decision.roles.outer).last().copied(),
        due: dates(|decision| decision.roles.due).first().copied(),
        opens: dates(|decision| decision.roles.opens).last().copied(),
        dates: named_dates(criterion, values),
        flip_date: None,
        liberty: criterion.liberty,
        confidence: version.map(|version| version.confidence),
        watch: version.and_then(|version| version.watch.clone()),
        approved: criterion.approved(),
        cautions: caution_dates(criterion, values),
        missing: missing.into_iter().collect(),
        ask: ask.into_iter().collect(),
        boundary: decisions.iter().any(|decision| decision.boundary),
        conflicts: conflicts(case, &decisions),
    }
}

fn named_dates(criterion: &Criterion, values: &[Values]) -> Vec<NamedDate> {
    let mut dates: Vec<NamedDate> = Vec::new();
    for (version, own) in values.iter().filter_map(|value| value.version.as_ref()) {
        let version = &criterion.versions[*version];
        for (index, rule) in version.dates.iter().enumerate().filter(|(index, _)| holds(version, own, *index)) {
            let Some(date) = own.dates[index].map(|date| date.counted.last_day) else { continue };
            match dates.iter_mut().find(|other| other.id == rule.id) {
                Some(other) => {
                    other.earliest = other.earliest.min(date);
                    other.latest = other.latest.max(date);
                }
                None => {
                    dates.push(NamedDate { id: rule.id.clone(), role: rule.role, earliest: date, latest: date });
                }
            }
        }
    }
    dates
}

fn caution_dates(criterion: &Criterion, values: &[Values]) -> Vec<Caution> {
    let mut found: BTreeMap<usize, Caution> = BTreeMap::new();
    for (index, own) in values.iter().flat_map(|value| &value.cautions) {
        let version = &criterion.versions[*index];
        if !cautions(version, own) {
            continue;
        }
        let dates = roles(version, own);
        let caution = found.entry(*index).or_insert_with(|| Caution {
            version: version.id.clone(),
            state: version.state,
            scope: version.scope.as_str().into(),
            safe_by: dates.safe_by,
            outer: dates.outer,
            due: dates.due,
            opens: dates.opens,
        });
        let earliest = |a: Option<Date>, b: Option<Date>| a.into_iter().chain(b).min();
        caution.safe_by = earliest(caution.safe_by, dates.safe_by);
        caution.outer = caution.outer.max(dates.outer);
        caution.due = earliest(caution.due, dates.due);
        caution.opens = caution.opens.max(dates.opens);
    }
    found.into_values().collect()
}

fn conflicts(case: &Case<'_>, decisions: &[Decision]) -> Vec<Conflict> {
    let matters = |at: usize| {
        case.rows.is_empty()
            || case.choices.iter().zip(decisions).any(|(choice, decision)| {
                case.choices.iter().zip(decisions).any(|(other, others)| {
                    others.status != decision.status
                        && choice.iter().zip(other).enumerate().all(|(fact, (a, b))| (a == b) == (fact != at))
                })
            })
    };
    case.conflicting.iter().enumerate().map(|(at, fact)| Conflict { fact, matters: matters(at) }).collect()
}

/// For each case, the first day after `as_of` on which its status or finding changes.
///
/// Exact: clauses change with the as-of date only around the dates they compare it with, statuses only around the dates
/// of the computation, and versions only at their ends; all of these are candidates, and each is tried.
fn flip_dates(
    criterion: &Criterion,
    cases: &[Case<'_>],
    evaluated: &[Vec<Values>],
    as_of: Date,
) -> Result<Vec<Option<Date>>, JudgeError> {
    let now: Vec<_> =
        cases.iter().zip(evaluated).map(|(case, values)| combine(&decisions(criterion, case, values, as_of))).collect();
    let mut candidates: Vec<BTreeSet<Date>> = cases
        .iter()
        .zip(evaluated)
        .map(|(case, values)| {
            let mut dates = BTreeSet::new();
            for (row, values) in case.rows.iter().zip(values) {
                add_candidates(criterion, row, values, &mut dates);
            }
            dates.split_off(&as_of).into_iter().filter(|date| *date > as_of).collect()
        })
        .collect();
    if !criterion.compiled.moves_with_as_of {
        let flips = cases.iter().zip(evaluated).zip(&candidates).zip(&now).map(|(((case, values), dates), now)| {
            dates.iter().copied().find(|date| combine(&decisions(criterion, case, values, *date)) != *now)
        });
        return Ok(flips.collect());
    }

    // Where values themselves move with the as-of date, every candidate is evaluated; a later version brings
    // candidates of its own, so the search goes on until none is left that could come before the flip found.
    let mut flips: Vec<Option<Date>> = vec![None; cases.len()];
    let mut tried: Vec<BTreeSet<Date>> = vec![BTreeSet::new(); cases.len()];
    loop {
        let mut asked = Vec::new();
        let mut rows = Vec::new();
        for (index, case) in cases.iter().enumerate() {
            let open = candidates[index].iter().filter(|date| flips[index].is_none_or(|flip| **date < flip));
            let open: Vec<Date> = open.copied().filter(|date| !tried[index].contains(date)).collect();
            for date in open {
                tried[index].insert(date);
                asked.push((index, date));
                rows.extend(case.rows.iter().map(|row| Row { slots: row.slots.clone(), as_of: date }));
            }
        }
        if asked.is_empty() {
            return Ok(flips);
        }
        let mut values = evaluate(criterion, &rows)?.into_iter();
        for (index, date) in asked {
            let case = &cases[index];
            let values: Vec<Values> = values.by_ref().take(case.rows.len()).collect();
            let changed = combine(&decisions(criterion, case, &values, date)) != now[index];
            if changed && flips[index].is_none_or(|flip| date < flip) {
                flips[index] = Some(date);
            }
            for (row, values) in case.rows.iter().zip(&values) {
                let mut dates = BTreeSet::new();
                add_candidates(criterion, row, values, &mut dates);
                candidates[index].extend(dates.into_iter().filter(|date| *date > as_of));
            }
        }
    }
}

fn add_candidates(criterion: &Criterion, row: &Row<'_>, values: &Values, into: &mut BTreeSet<Date>) {
    let mut around = |date: Date| {
        into.insert(date);
        into.extend(date.tomorrow().ok());
    };
    if let Some((_, own)) = &values.version {
        own.rivals.iter().copied().for_each(&mut around);
        for date in own.dates.iter().flatten() {
            around(date.counted.last_day);
            around(date.counted.outer);
        }
    }
    for fact in criterion.done.into_iter().chain(criterion.act) {
        if let Some(date) = criterion.compiled.position(fact).and_then(|index| row.slots[index].date()) {
            around(date);
        }
    }
    if matches!(values.selected, Selected::FellBack(_)) || criterion.selector == AS_OF {
        into.extend(criterion.versions.iter().flat_map(|version| [version.from, version.to]).flatten());
    }
}
