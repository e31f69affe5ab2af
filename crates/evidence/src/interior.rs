//! From the cells of a row to the interior language: objects, events and relations.

use crate::cell::{ColumnReader, SECONDS_PER_DAY, Value};
use crate::mapping::{Mapping, Table, ValueRule};
use crate::rules::{RowNames, hold, object_id, value};
use crate::schema::{events_schema, objects_schema, relations_schema};
use crate::write::{AttributeColumns, Output, Place, Pointers, Slot, WriteError, batch};
use arrow::array::{ArrayRef, BooleanBuilder, StringBuilder, TimestampSecondBuilder};
use model::{EventType, ObjectType};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

/// How much was made.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct InteriorCounts {
    pub(crate) objects: BTreeMap<ObjectType, u64>,
    pub(crate) events: BTreeMap<EventType, u64>,
    pub(crate) relations: u64,
}

impl InteriorCounts {
    pub(crate) fn add(&mut self, other: Self) {
        for (kind, n) in other.objects {
            *self.objects.entry(kind).or_default() += n;
        }
        for (kind, n) in other.events {
            *self.events.entry(kind).or_default() += n;
        }
        self.relations += other.relations;
    }
}

/// Makes objects, events and relations of the rows of one table.
pub(crate) struct Interior<'m> {
    mapping: &'m Mapping,
    table: &'m Table,
    /// Names under which `not_in_map` is counted for crosswalks, with their columns.
    pub(crate) joint_names: Vec<(Vec<usize>, String)>,
    /// Of the present row: crosswalks that lack its texts.
    pub(crate) not_in_map: Vec<usize>,
    pub(crate) counts: InteriorCounts,
    objects: ObjectColumns,
    events: EventColumns,
    relations: RelationColumns,
    // Reused from row to row.
    object_ids: Vec<(bool, String)>,
    id: String,
}

impl<'m> Interior<'m> {
    pub(crate) fn new(mapping: &'m Mapping, table: &'m Table) -> Self {
        let mut joint_names: Vec<(Vec<usize>, String)> = Vec::new();
        let objects = table.objects.iter().flat_map(|o| &o.attributes);
        for (_, rule) in objects.chain(table.events.iter().flat_map(|e| &e.attributes)) {
            if let ValueRule::Mapped { columns, .. } = rule
                && !joint_names.iter().any(|(known, _)| known == columns)
            {
                let names: Vec<&str> = columns.iter().map(|c| table.columns[*c].as_name.as_str()).collect();
                joint_names.push((columns.clone(), names.join("/")));
            }
        }
        Self {
            mapping,
            table,
            joint_names,
            not_in_map: Vec::new(),
            counts: InteriorCounts::default(),
            objects: ObjectColumns::new(table.objects.iter().flat_map(|o| &o.attributes).map(|(a, _)| *a)),
            events: EventColumns::new(table.events.iter().flat_map(|e| &e.attributes).map(|(a, _)| *a)),
            relations: RelationColumns::default(),
            object_ids: table.objects.iter().map(|_| (false, String::new())).collect(),
            id: String::new(),
        }
    }

    /// Makes what the rules say of a row. `table_name` is the table, and from its second file on the number of the file.
    pub(crate) fn row(&mut self, number: u64, table_name: &str, place: &Place, readers: &[ColumnReader<'_>]) {
        self.not_in_map.clear();
        self.write_objects(number, table_name, place, readers);
        for rule in &self.table.relations {
            let ((from_exists, from), (to_exists, to)) = (&self.object_ids[rule.from], &self.object_ids[rule.to]);
            if *from_exists && *to_exists && hold(&rule.when, readers) {
                self.relations.push(from, "object", rule.qualifier.name(), to);
                self.counts.relations += 1;
            }
        }
        self.write_events(number, table_name, place, readers);
    }

    fn write_objects(&mut self, number: u64, table_name: &str, place: &Place, readers: &[ColumnReader<'_>]) {
        let source = self.mapping.source.id.as_str();
        let names = RowNames { source, delivery: place.delivery.as_str(), table: table_name };
        for (rule, (exists, id)) in self.table.objects.iter().zip(&mut self.object_ids) {
            *exists = hold(&rule.when, readers) && object_id(rule, readers, &names, number, id);
            if !*exists || rule.refers {
                continue;
            }
            self.objects.ids.append_value(&id);
            self.objects.types.append_value(rule.kind.name());
            self.objects.pointers.push(number);
            let (maps, not_in_map, names) = (&self.mapping.maps, &mut self.not_in_map, &self.joint_names);
            self.objects.attributes.push(
                rule.attributes
                    .iter()
                    .map(|(a, v)| (*a, value(*a, v, readers, maps, |columns| note(not_in_map, names, columns)))),
            );
            *self.counts.objects.entry(rule.kind).or_default() += 1;
        }
    }

    fn write_events(&mut self, number: u64, table_name: &str, place: &Place, readers: &[ColumnReader<'_>]) {
        for rule in &self.table.events {
            let (at, has_time) = match readers[rule.at].cell().value {
                Value::Date(days) => (i64::from(days) * SECONDS_PER_DAY, false),
                Value::DateTime(seconds, has_time) => (seconds, has_time),
                _ => continue,
            };
            if !hold(&rule.when, readers) {
                continue;
            }
            self.id.clear();
            let (delivery, kind) = (&place.delivery, rule.kind.name());
            let _ = write!(self.id, "{delivery}/{kind}/{table_name}:{number}");
            if rule.nth_of_kind > 1 {
                let _ = write!(self.id, "#{}", rule.nth_of_kind);
            }
            self.events.ids.append_value(&self.id);
            self.events.types.append_value(kind);
            self.events.at.append_value(at);
            self.events.has_time.append_value(has_time);
            self.events.pointers.push(number);
            let (maps, not_in_map, names) = (&self.mapping.maps, &mut self.not_in_map, &self.joint_names);
            self.events.attributes.push(
                rule.attributes
                    .iter()
                    .map(|(a, v)| (*a, value(*a, v, readers, maps, |columns| note(not_in_map, names, columns)))),
            );
            *self.counts.events.entry(rule.kind).or_default() += 1;
            for (qualifier, object) in &rule.objects {
                let (exists, to) = &self.object_ids[*object];
                if *exists {
                    self.relations.push(&self.id, "event", qualifier.name(), to);
                    self.counts.relations += 1;
                }
            }
        }
    }

    /// Of the present row: for each object rule, whether the row has the object, and its id.
    pub(crate) fn ids(&self) -> &[(bool, String)] {
        &self.object_ids
    }

    pub(crate) fn flush(&mut self, place: &Place, out: &mut Output) -> Result<(), WriteError> {
        self.objects.flush(place, out)?;
        self.events.flush(place, out)?;
        self.relations.flush(out)
    }
}

/// Notes that a crosswalk lacks a text; once a row, however many rules use it.
fn note(not_in_map: &mut Vec<usize>, names: &[(Vec<usize>, String)], columns: &[usize]) {
    if let Some(joint) = names.iter().position(|(known, _)| known == columns)
        && !not_in_map.contains(&joint)
    {
        not_in_map.push(joint);
    }
}

struct ObjectColumns {
    ids: StringBuilder,
    types: StringBuilder,
    pointers: Pointers,
    attributes: AttributeColumns,
}

impl ObjectColumns {
    fn new(used: impl IntoIterator<Item = model::Attribute>) -> Self {
        Self {
            ids: StringBuilder::new(),
            types: StringBuilder::new(),
            pointers: Pointers::default(),
            attributes: AttributeColumns::new(used),
        }
    }

    fn flush(&mut self, place: &Place, out: &mut Output) -> Result<(), WriteError> {
        let rows = self.pointers.len();
        if rows == 0 {
            return Ok(());
        }
        let mut columns: Vec<ArrayRef> = vec![Arc::new(self.ids.finish()), Arc::new(self.types.finish())];
        columns.extend(self.pointers.finish(place));
        columns.extend(self.attributes.finish(rows));
        out.write(Slot::Objects, batch(objects_schema(), columns)?)
    }
}

struct EventColumns {
    ids: StringBuilder,
    types: StringBuilder,
    at: TimestampSecondBuilder,
    has_time: BooleanBuilder,
    pointers: Pointers,
    attributes: AttributeColumns,
}

impl EventColumns {
    fn new(used: impl IntoIterator<Item = model::Attribute>) -> Self {
        Self {
            ids: StringBuilder::new(),
            types: StringBuilder::new(),
            at: TimestampSecondBuilder::new(),
            has_time: BooleanBuilder::new(),
            pointers: Pointers::default(),
            attributes: AttributeColumns::new(used),
        }
    }

    fn flush(&mut self, place: &Place, out: &mut Output) -> Result<(), WriteError> {
        let rows = self.pointers.len();
        if rows == 0 {
            return Ok(());
        }
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(self.ids.finish()),
            Arc::new(self.types.finish()),
            Arc::new(self.at.finish()),
            Arc::new(self.has_time.finish()),
        ];
        columns.extend(self.pointers.finish(place));
        columns.extend(self.attributes.finish(rows));
        out.write(Slot::Events, batch(events_schema(), columns)?)
    }
}

#[derive(Default)]
struct RelationColumns {
    columns: [StringBuilder; 4],
}

impl RelationColumns {
    fn push(&mut self, from: &str, kind: &str, qualifier: &str, to: &str) {
        for (column, text) in self.columns.iter_mut().zip([from, kind, qualifier, to]) {
            column.append_value(text);
        }
    }

    fn flush(&mut self, out: &mut Output) -> Result<(), WriteError> {
        let columns: Vec<ArrayRef> = self.columns.iter_mut().map(|c| Arc::new(c.finish()) as ArrayRef).collect();
        if columns[0].is_empty() {
            return Ok(());
        }
        out.write(Slot::Relations, batch(relations_schema(), columns)?)
    }
}
