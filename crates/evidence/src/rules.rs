//! Applying a table's rules to a row: ids, attribute values, conditions.

use crate::cell::{Cell, ColumnReader, Value};
use crate::mapping::{Condition, Crosswalk, Key, ObjectRule, Scope, Test, ValueRule};
use crate::write::Typed;
use model::{Attribute, ValueType};
use std::borrow::Cow;
use std::fmt::Write;

/// The cells of the present row, by column.
pub(crate) type Cells<'r, 'm> = &'r [ColumnReader<'m>];

/// Whether all conditions hold.
pub(crate) fn hold(conditions: &[Condition], cells: Cells<'_, '_>) -> bool {
    conditions.iter().all(|condition| {
        let cell = cells[condition.column].cell();
        match &condition.test {
            Test::In(texts) => texts.iter().any(|t| t == cell.trimmed()),
            Test::NotIn(texts) => !texts.iter().any(|t| t == cell.trimmed()),
            Test::Present(present) => cell.is_present() == *present,
        }
    })
}

/// The value of an attribute. Calls `not_in_map` if a crosswalk lacks the text.
pub(crate) fn value<'r>(
    attribute: Attribute,
    rule: &'r ValueRule,
    cells: Cells<'r, '_>,
    maps: &'r [Crosswalk],
    mut not_in_map: impl FnMut(&'r [usize]),
) -> Typed<'r> {
    let wanted = attribute.value_type();
    match rule {
        ValueRule::Constant(text) => from_text(Cow::Borrowed(text), wanted),
        ValueRule::Column(column) => of_column(&cells[*column], wanted),
        ValueRule::Mapped { columns, map } => {
            let key: Cow<'r, str> = match columns.as_slice() {
                [one] => Cow::Borrowed(cells[*one].cell().trimmed()),
                several => {
                    let parts: Vec<&str> = several.iter().map(|c| cells[*c].cell().trimmed()).collect();
                    Cow::Owned(parts.join("/"))
                }
            };
            if let Some(value) = maps[*map].values.get(key.as_ref()) {
                return from_text(Cow::Borrowed(value), wanted);
            }
            if !columns.iter().all(|c| cells[*c].cell().is_present()) {
                return Typed::Null;
            }
            not_in_map(columns);
            if wanted == ValueType::Text { Typed::Text(key) } else { Typed::Null }
        }
    }
}

fn of_column<'r>(reader: &'r ColumnReader<'_>, wanted: ValueType) -> Typed<'r> {
    let cell: &Cell = reader.cell();
    match (wanted, cell.value) {
        (ValueType::Text, _) => cell.value_text(reader.column.kind).map_or(Typed::Null, Typed::Text),
        (ValueType::Date, Value::Date(days)) => Typed::Date(days),
        (ValueType::Date, Value::DateTime(seconds, _)) => {
            i32::try_from(seconds.div_euclid(86_400)).map_or(Typed::Null, Typed::Date)
        }
        (ValueType::Boolean, Value::Boolean(yes)) => Typed::Boolean(yes),
        (ValueType::Integer | ValueType::Money, Value::Integer(n)) => Typed::Integer(n),
        _ => Typed::Null,
    }
}

fn from_text(text: Cow<'_, str>, wanted: ValueType) -> Typed<'_> {
    match wanted {
        ValueType::Text => Typed::Text(text),
        ValueType::Boolean if text == "true" => Typed::Boolean(true),
        ValueType::Boolean if text == "false" => Typed::Boolean(false),
        _ => Typed::Null,
    }
}

/// Writes the id of an object; `false` if a part of its key is empty.
pub(crate) fn object_id(
    rule: &ObjectRule,
    cells: Cells<'_, '_>,
    names: &RowNames<'_>,
    row: u64,
    id: &mut String,
) -> bool {
    id.clear();
    let delivery_scope = rule.key == Key::Row || rule.scope == Scope::Delivery;
    id.push_str(if delivery_scope { names.delivery } else { names.source });
    id.push('/');
    id.push_str(rule.kind.name());
    id.push('/');
    match &rule.key {
        Key::Row => {
            id.push_str(names.table);
            let _ = write!(id, ":{row}");
        }
        Key::Columns(columns) => {
            for (n, column) in columns.iter().enumerate() {
                let reader = &cells[*column];
                let cell = reader.cell();
                if !cell.is_present() {
                    return false;
                }
                // A part that cannot be read as its type still tells two objects apart.
                let part = cell.value_text(reader.column.kind).unwrap_or(Cow::Borrowed(cell.trimmed()));
                if n > 0 {
                    id.push('|');
                }
                if columns.len() > 1 && part.contains(['|', '%']) {
                    id.push_str(&part.replace('%', "%25").replace('|', "%7C"));
                } else {
                    id.push_str(&part);
                }
            }
        }
    }
    true
}

/// What ids of a row are made of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RowNames<'a> {
    pub(crate) source: &'a str,
    pub(crate) delivery: &'a str,
    /// Name of the table; from its second file on with the number of the file, so that rows are not confounded.
    pub(crate) table: &'a str,
}
