//! Rows of facts to clause values and dates, in columns.

use crate::JudgeError;
use crate::calendar::{self, Counted};
use crate::criterion::{Clause, Count, Criterion, DateRule, Expression, Method, Trigger, Version, absence_columns};
use crate::functions::{from_days, to_days, to_seconds};
use crate::subset::AS_OF;
use engine::Compiled;
use engine::arrow::array::{
    ArrayRef, AsArray, BooleanArray, Date32Array, Int64Array, RecordBatch, StringArray, TimestampSecondArray,
    UInt64Array,
};
use engine::arrow::compute::take_record_batch;
use engine::arrow::datatypes::Date32Type;
use jiff::civil::{Date, DateTime};
use model::{FactType, FactValue, fact_def};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One fact of one row.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Slot<'a> {
    Unknown,
    Known(&'a FactValue),
    Absent(Date),
}

impl Slot<'_> {
    pub(crate) fn date(self) -> Option<Date> {
        match self {
            Slot::Known(FactValue::Date(date)) => Some(*date),
            _ => None,
        }
    }

    fn datetime(self) -> Option<DateTime> {
        match self {
            Slot::Known(FactValue::DateTime(at)) => Some(*at),
            _ => None,
        }
    }
}

/// The facts of one case as one criterion reads them: a slot per fact of the criterion, in its order.
#[derive(Debug, Clone)]
pub(crate) struct Row<'a> {
    pub(crate) slots: Vec<Slot<'a>>,
    pub(crate) as_of: Date,
}

/// Which date picked the version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Selected {
    /// The selector's date.
    By(Date),
    /// The as-of date, since the selector's has not happened or is unknown.
    FellBack(Date),
    /// The selector's fact is known to be absent.
    Absent,
    /// The selector's fact is unknown.
    Unknown,
}

/// What one version makes of one row.
#[derive(Debug, Clone)]
pub(crate) struct VersionValues {
    /// By clause.
    pub(crate) clauses: Vec<Option<bool>>,
    /// By clause: the facts that keep an unknown clause unknown.
    pub(crate) undecided: Vec<Vec<&'static str>>,
    /// By date rule.
    pub(crate) dates: Vec<Option<DateValue>>,
    /// Dates around which a clause changes with the as-of date.
    pub(crate) rivals: Vec<Date>,
}

/// A named date, reckoned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DateValue {
    /// What it was counted from, after floor and added days.
    pub(crate) trigger: Option<Date>,
    /// The trigger's time of day, for hours.
    pub(crate) trigger_at: Option<DateTime>,
    /// Days by which a fact moved the trigger.
    pub(crate) days_added: i64,
    /// Whether the floor replaced an earlier trigger.
    pub(crate) floored: bool,
    /// The date, both ways.
    pub(crate) counted: Counted,
    /// Its time of day, for hours.
    pub(crate) at: Option<DateTime>,
    /// Whether `not_before` replaced an earlier date.
    pub(crate) held_back: bool,
}

/// What a criterion's columns make of one row.
#[derive(Debug, Clone)]
pub(crate) struct Values {
    pub(crate) selected: Selected,
    /// The version that judges, by position, and what it makes of the row.
    pub(crate) version: Option<(usize, VersionValues)>,
    /// The versions shown beside it.
    pub(crate) cautions: Vec<(usize, VersionValues)>,
}

/// Evaluates rows in columns. One row gives what it would give among others.
pub(crate) fn evaluate(criterion: &Criterion, rows: &[Row<'_>]) -> Result<Vec<Values>, JudgeError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let batch = columns(criterion, rows)?;
    let selector = dates(criterion, &criterion.compiled.selector, &batch)?;
    let mut values: Vec<Values> = rows
        .iter()
        .zip(selector)
        .map(|(row, selector)| Values {
            selected: select(criterion, row, selector),
            version: None,
            cautions: Vec::new(),
        })
        .collect();

    for (index, version) in criterion.versions.iter().enumerate() {
        let covered: Vec<usize> = values
            .iter()
            .enumerate()
            .filter(|(_, value)| match value.selected {
                Selected::By(date) | Selected::FellBack(date) => version.covers(date),
                Selected::Absent | Selected::Unknown => false,
            })
            .map(|(row, _)| row)
            .collect();
        if covered.is_empty() {
            continue;
        }
        let part = if covered.len() == rows.len() {
            batch.clone()
        } else {
            let indices = UInt64Array::from_iter_values(covered.iter().map(|row| *row as u64));
            take_record_batch(&batch, &indices).map_err(|error| engine_error(criterion, error))?
        };
        let part_rows: Vec<&Row<'_>> = covered.iter().map(|row| &rows[*row]).collect();
        for (row, own) in covered.iter().zip(version_values(criterion, version, &part, &part_rows)?) {
            if version.governs {
                values[*row].version = Some((index, own));
            } else {
                values[*row].cautions.push((index, own));
            }
        }
    }
    Ok(values)
}

fn engine_error(criterion: &Criterion, error: impl std::error::Error + Send + Sync + 'static) -> JudgeError {
    JudgeError::Engine { criterion: criterion.id.to_string(), source: Box::new(error) }
}

fn run(criterion: &Criterion, compiled: &Compiled, batch: &RecordBatch) -> Result<ArrayRef, JudgeError> {
    compiled.evaluate(batch).map_err(|error| engine_error(criterion, error))
}

fn booleans(criterion: &Criterion, compiled: &Compiled, batch: &RecordBatch) -> Result<Vec<Option<bool>>, JudgeError> {
    Ok(run(criterion, compiled, batch)?.as_boolean_opt().map_or_else(Vec::new, |array| array.iter().collect()))
}

fn dates(criterion: &Criterion, compiled: &Compiled, batch: &RecordBatch) -> Result<Vec<Option<Date>>, JudgeError> {
    let array = run(criterion, compiled, batch)?;
    let days = array.as_primitive_opt::<Date32Type>();
    Ok(days.map_or_else(Vec::new, |days| days.iter().map(|day| from_days(day?)).collect()))
}

/// The facts of the rows as a batch of the criterion's schema.
fn columns(criterion: &Criterion, rows: &[Row<'_>]) -> Result<RecordBatch, JudgeError> {
    let compiled = &criterion.compiled;
    let mut arrays: Vec<ArrayRef> = Vec::with_capacity(compiled.facts.len() + compiled.absences.len());
    for (index, fact) in compiled.facts.iter().enumerate() {
        let known = |row: &Row<'_>| match row.slots[index] {
            Slot::Known(value) => Some(value.clone()),
            _ => None,
        };
        let array: ArrayRef = match fact_def(fact).map(|def| def.kind) {
            _ if *fact == AS_OF => Arc::new(Date32Array::from_iter_values(rows.iter().map(|row| to_days(row.as_of)))),
            Some(FactType::Date) => {
                Arc::new(rows.iter().map(|row| row.slots[index].date().map(to_days)).collect::<Date32Array>())
            }
            Some(FactType::DateTime) => {
                let values = rows.iter().map(|row| row.slots[index].datetime().map(to_seconds));
                Arc::new(values.collect::<TimestampSecondArray>())
            }
            Some(FactType::Boolean) => {
                let values = rows.iter().map(|row| match row.slots[index] {
                    Slot::Known(FactValue::Boolean(value)) => Some(*value),
                    _ => None,
                });
                Arc::new(values.collect::<BooleanArray>())
            }
            Some(FactType::Integer) => {
                let values = rows.iter().map(|row| match row.slots[index] {
                    Slot::Known(FactValue::Integer(value)) => Some(*value),
                    _ => None,
                });
                Arc::new(values.collect::<Int64Array>())
            }
            Some(FactType::Text) | None => {
                let values = rows.iter().map(|row| match known(row) {
                    Some(FactValue::Text(value)) => Some(value),
                    _ => None,
                });
                Arc::new(values.collect::<StringArray>())
            }
        };
        arrays.push(array);
    }
    for index in absence_columns(compiled).into_keys() {
        let values = rows.iter().map(|row| match row.slots[index] {
            Slot::Absent(through) => Some(to_days(through)),
            _ => None,
        });
        arrays.push(Arc::new(values.collect::<Date32Array>()));
    }
    RecordBatch::try_new(compiled.schema.clone(), arrays).map_err(|error| engine_error(criterion, error))
}

fn select(criterion: &Criterion, row: &Row<'_>, selector: Option<Date>) -> Selected {
    match selector {
        Some(date) => Selected::By(date),
        None if criterion.selector_falls_back => Selected::FellBack(row.as_of),
        None => {
            let facts = &criterion.compiled.selector_facts;
            let absent = |index: &usize| matches!(row.slots[*index], Slot::Absent(_));
            if facts.len() == 1 && facts.iter().all(absent) { Selected::Absent } else { Selected::Unknown }
        }
    }
}

fn version_values(
    criterion: &Criterion,
    version: &Version,
    batch: &RecordBatch,
    rows: &[&Row<'_>],
) -> Result<Vec<VersionValues>, JudgeError> {
    let mut values: Vec<VersionValues> = rows
        .iter()
        .map(|_| VersionValues { clauses: Vec::new(), undecided: Vec::new(), dates: Vec::new(), rivals: Vec::new() })
        .collect();
    for clause in &version.clauses {
        let whole = booleans(criterion, &clause.whole, batch)?;
        let undecided = undecided(criterion, clause, batch, rows, &whole)?;
        for ((values, value), undecided) in values.iter_mut().zip(whole).zip(undecided) {
            values.clauses.push(value);
            values.undecided.push(undecided);
        }
        for rival in &clause.rivals {
            for (values, date) in values.iter_mut().zip(dates(criterion, rival, batch)?) {
                values.rivals.extend(date);
            }
        }
    }
    let mut expressions = BTreeMap::new();
    for (index, rule) in version.dates.iter().enumerate() {
        if let Count::Expression(expression) = &rule.count {
            expressions.insert(index, dates(criterion, &expression.compiled, batch)?);
        }
    }
    for (position, (row, values)) in rows.iter().zip(&mut values).enumerate() {
        for (index, rule) in version.dates.iter().enumerate() {
            let expression = expressions.get(&index).and_then(|column| column[position]);
            let date = reckon(criterion, rule, row, &values.dates, expression);
            values.dates.push(date);
        }
    }
    Ok(values)
}

/// For each row on which the clause is unknown, the facts that keep it so.
fn undecided(
    criterion: &Criterion,
    clause: &Clause,
    batch: &RecordBatch,
    rows: &[&Row<'_>],
    whole: &[Option<bool>],
) -> Result<Vec<Vec<&'static str>>, JudgeError> {
    let mut found = vec![Vec::new(); rows.len()];
    if whole.iter().all(Option::is_some) {
        return Ok(found);
    }
    let mut atoms = Vec::new();
    clause.atoms.try_map(&mut |atom| -> Result<(), JudgeError> {
        atoms.push(booleans(criterion, &atom.compiled, batch)?);
        Ok(())
    })?;
    for (position, row) in rows.iter().enumerate().filter(|(position, _)| whole[*position].is_none()) {
        let mut facts = BTreeSet::new();
        clause.atoms.undecided(&|atom| atoms[atom.index][position], &mut |atom| {
            facts.extend(wanting(criterion, row, atom.facts.iter().copied()));
        });
        found[position] = facts.into_iter().collect();
    }
    Ok(found)
}

/// Of the facts that a null value read, those that are unknown; if none is, those that are known to be absent (through
/// too early a day, or where a value was wanted).
pub(crate) fn wanting<'a>(
    criterion: &'a Criterion,
    row: &'a Row<'_>,
    facts: impl Iterator<Item = &'static str> + Clone + 'a,
) -> Vec<&'static str> {
    let slot = |fact: &str| criterion.compiled.position(fact).map(|index| row.slots[index]);
    let asked = facts.filter(|fact| *fact != AS_OF);
    let unknown: Vec<_> = asked.clone().filter(|fact| matches!(slot(fact), Some(Slot::Unknown))).collect();
    if unknown.is_empty() {
        asked.filter(|fact| matches!(slot(fact), Some(Slot::Absent(_)))).collect()
    } else {
        unknown
    }
}

/// The facts whose lack keeps a named date from being reckoned.
pub(crate) fn wanting_for_date(
    criterion: &Criterion,
    version: &Version,
    row: &Row<'_>,
    index: usize,
) -> Vec<&'static str> {
    match &version.dates[index].count {
        Count::From { trigger: Trigger::Fact(fact), .. } => wanting(criterion, row, std::iter::once(*fact)),
        Count::From { trigger: Trigger::Date(earlier), .. } => wanting_for_date(criterion, version, row, *earlier),
        Count::On(_) => Vec::new(),
        Count::Expression(expression) => wanting(criterion, row, facts(expression)),
    }
}

fn facts(expression: &Expression) -> impl Iterator<Item = &'static str> + Clone + '_ {
    expression.facts.iter().copied()
}

fn reckon(
    criterion: &Criterion,
    rule: &DateRule,
    row: &Row<'_>,
    earlier: &[Option<DateValue>],
    expression: Option<Date>,
) -> Option<DateValue> {
    let same = |date| Counted { last_day: date, safe_by: date, outer: date };
    let plain = |counted| DateValue {
        trigger: None,
        trigger_at: None,
        days_added: 0,
        floored: false,
        counted,
        at: None,
        held_back: false,
    };
    let mut value = match &rule.count {
        Count::On(date) => plain(calendar::both_ways(*date, *date, *date, *date, calendar::Place::Nation)?),
        Count::Expression(_) => plain(same(expression?)),
        Count::From { method, amount, trigger, floor, plus_days, safe_less_days, place } => {
            let slot = |fact: &str| criterion.compiled.position(fact).map(|index| row.slots[index]);
            let amount_days = u32::from(*amount);
            if let (Method::H | Method::HX, Trigger::Fact(fact)) = (method, trigger) {
                let from = slot(fact)?.datetime()?;
                let at = match method {
                    Method::H => calendar::clock_hours(from, amount_days)?,
                    _ => calendar::clock_hours_on_working_days(from, amount_days)?,
                };
                DateValue { trigger_at: Some(from), at: Some(at), trigger: Some(from.date()), ..plain(same(at.date())) }
            } else {
                let written = match trigger {
                    Trigger::Fact(fact) => slot(fact)?.date()?,
                    Trigger::Date(index) => (*earlier.get(*index)?)?.counted.last_day,
                };
                let floored = floor.is_some_and(|floor| written < floor);
                let days_added = match plus_days.and_then(slot) {
                    Some(Slot::Known(FactValue::Integer(days))) => *days,
                    _ => 0,
                };
                let from = calendar::days_after(floor.map_or(written, |floor| written.max(floor)), days_added)?;
                let counted = match method {
                    Method::C => calendar::calendar_days(from, amount_days, *place)?,
                    Method::N | Method::H | Method::HX => {
                        let day = calendar::calendar_days_strict(from, amount_days)?;
                        calendar::both_ways(from, day, day, day, *place)?
                    }
                    Method::B => same(calendar::business_days(from, amount_days, *place)?),
                    Method::K => same(calendar::window_opening(from, amount_days)?),
                    Method::Y => {
                        let anniversary = calendar::years_after(from, i32::from(*amount))?;
                        calendar::anniversary_deadline(from, anniversary, u32::from(*safe_less_days), *place)?
                    }
                    Method::M => {
                        let anniversary = calendar::months_after(from, i32::from(*amount))?;
                        calendar::anniversary_deadline(from, anniversary, u32::from(*safe_less_days), *place)?
                    }
                };
                DateValue { trigger: Some(from), days_added, floored, ..plain(counted) }
            }
        }
    };
    if let Some(not_before) = rule.not_before.filter(|not_before| value.counted.last_day < *not_before) {
        let held = same(not_before);
        value = DateValue { counted: held, held_back: true, at: None, ..value };
    }
    Some(value)
}
