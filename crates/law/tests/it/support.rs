//! Fact sets written as TOML, as the worked examples write them.

use jiff::civil::{Date, DateTime};
use law::Library;
use model::{DeliveryId, FactSet, FactState, FactValue, RowPointer, Sourced, Subject, fact_def};
use std::sync::LazyLock;
use toml::value::Datetime;
use toml::{Table, Value};

pub(crate) static LIBRARY: LazyLock<Library> = LazyLock::new(|| Library::built_in().unwrap());

pub(crate) fn date(value: &Datetime) -> Date {
    value.to_string().parse().unwrap()
}

fn fact_value(value: &Value) -> FactValue {
    match value {
        Value::Boolean(value) => FactValue::Boolean(*value),
        Value::Integer(value) => FactValue::Integer(*value),
        Value::String(value) => FactValue::Text(value.clone()),
        Value::Datetime(value) if value.time.is_none() => FactValue::Date(date(value)),
        Value::Datetime(value) => FactValue::DateTime(value.to_string().parse::<DateTime>().unwrap()),
        other => panic!("`{other}` is no fact value"),
    }
}

fn sourced(value: &Value) -> Sourced {
    Sourced { value: fact_value(value), from: vec![] }
}

pub(crate) fn set(subject: Subject, facts: &Table) -> FactSet {
    let facts = facts
        .iter()
        .map(|(name, value)| {
            let name = fact_def(name).unwrap_or_else(|| panic!("`{name}` is no fact")).name;
            let state = match value {
                Value::Array(values) => {
                    let mut values: Vec<_> = values.iter().map(sourced).collect();
                    values.sort_by(|a, b| a.value.cmp(&b.value));
                    FactState::Conflict(values)
                }
                Value::Table(table) => {
                    let through = table["absent_through"].as_datetime().map(date).unwrap();
                    FactState::Absent { through, from: vec![] }
                }
                value => FactState::Known(sourced(value)),
            };
            (name, state)
        })
        .collect();
    FactSet { subject, key: "case".to_owned(), facts }
}

/// A set from TOML text.
pub(crate) fn facts(subject: Subject, text: &str) -> FactSet {
    set(subject, &text.parse::<Table>().unwrap())
}

/// The same set with a row pointer behind every value.
pub(crate) fn with_rows(mut set: FactSet) -> FactSet {
    let delivery = DeliveryId::of_contents(&[[7; 32]]);
    let mut row = 1;
    let mut pointer = || {
        row += 1;
        RowPointer { delivery: delivery.clone(), file: "cases.csv".to_owned(), sheet: None, row }
    };
    for state in set.facts.values_mut() {
        match state {
            FactState::Known(sourced) => sourced.from.push(pointer()),
            FactState::Absent { from, .. } => from.push(pointer()),
            FactState::Conflict(values) => values.iter_mut().for_each(|sourced| sourced.from.push(pointer())),
        }
    }
    set
}
