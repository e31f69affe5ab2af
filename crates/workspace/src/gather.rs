//! From evidence to material: every record, object and event of the clients' deliveries, and whose each one is.

use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Date32Type, Int64Type, TimeUnit, TimestampSecondType, UInt64Type};
use arrow::error::ArrowError;
use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Unit};
use lifecycle::{Attributes, Cover, Event, Material, Object, Record};
use model::{
    Attribute, DeliveryId, EventId, EventType, FactValue, ObjectType, PersonId, Qualifier, RecordId, RowPointer,
    SourceId, ValueType,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The batches of one delivery.
pub(crate) struct DeliveryEvidence {
    pub(crate) delivery: DeliveryId,
    pub(crate) source: SourceId,
    pub(crate) objects: Vec<RecordBatch>,
    pub(crate) events: Vec<RecordBatch>,
    pub(crate) relations: Vec<RecordBatch>,
}

/// Everything on record about the clients of an office, not yet divided among persons.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// Person records; one record may be described by several rows.
    pub(crate) records: Vec<Record>,
    objects: Vec<Object>,
    events: Vec<Event>,
    /// Object to object.
    pointing: HashMap<String, Vec<String>>,
    covers: Vec<Cover>,
}

impl Gathered {
    /// Reads the evidence of clients' deliveries.
    pub(crate) fn read(deliveries: &[DeliveryEvidence], covers: Vec<Cover>) -> Result<Self, (DeliveryId, ArrowError)> {
        let mut gathered = Self { covers, ..Self::default() };
        for delivery in deliveries {
            gathered.take(delivery).map_err(|error| (delivery.delivery.clone(), error))?;
        }
        gathered.records.sort_by(|a, b| (&a.id, &a.pointer).cmp(&(&b.id, &b.pointer)));
        gathered.objects.sort_by(|a, b| (&a.id, &a.pointer).cmp(&(&b.id, &b.pointer)));
        gathered.events.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(gathered)
    }

    fn take(&mut self, delivery: &DeliveryEvidence) -> Result<(), ArrowError> {
        for batch in &delivery.objects {
            let rows = Rows::of(batch, delivery)?;
            let (ids, kinds) = (text(batch, "object_id")?, text(batch, "object_type")?);
            for row in 0..batch.num_rows() {
                let (Some(id), Some(kind)) = (cell(&ids, row), cell(&kinds, row).and_then(ObjectType::parse)) else {
                    continue;
                };
                let (pointer, attributes) = (rows.pointer(row), rows.attributes(row));
                if kind == ObjectType::PersonRecord {
                    let source = delivery.source.clone();
                    self.records.push(Record { id: RecordId::new(id), source, pointer, attributes });
                } else {
                    self.objects.push(Object { id: id.to_owned(), kind, pointer, attributes });
                }
            }
        }
        let mut concerned: HashMap<String, Vec<(Qualifier, String)>> = HashMap::new();
        for batch in &delivery.relations {
            let columns = ["from_id", "from_kind", "qualifier", "to_id"].map(|name| text(batch, name));
            let [from, kind, qualifier, to] = columns;
            let (from, kind, qualifier, to) = (from?, kind?, qualifier?, to?);
            for row in 0..batch.num_rows() {
                let (Some(from), Some(to)) = (cell(&from, row), cell(&to, row)) else { continue };
                if cell(&kind, row) == Some("event") {
                    if let Some(qualifier) = cell(&qualifier, row).and_then(Qualifier::parse) {
                        concerned.entry(from.to_owned()).or_default().push((qualifier, to.to_owned()));
                    }
                } else {
                    self.pointing.entry(from.to_owned()).or_default().push(to.to_owned());
                }
            }
        }
        for batch in &delivery.events {
            let rows = Rows::of(batch, delivery)?;
            let (ids, kinds) = (text(batch, "event_id")?, text(batch, "event_type")?);
            let at = arrow::compute::cast(column(batch, "at")?, &DataType::Timestamp(TimeUnit::Second, None))?;
            let at = at.as_primitive::<TimestampSecondType>();
            let has_time = column(batch, "has_time")?.as_boolean_opt().cloned();
            for row in 0..batch.num_rows() {
                let (Some(id), Some(kind)) = (cell(&ids, row), cell(&kinds, row).and_then(EventType::parse)) else {
                    continue;
                };
                if at.is_null(row) {
                    continue;
                }
                let mut objects = concerned.remove(id).unwrap_or_default();
                objects.sort();
                objects.dedup();
                self.events.push(Event {
                    id: EventId::new(id),
                    kind,
                    at: civil(at.value(row)),
                    has_time: has_time.as_ref().is_some_and(|h| h.is_valid(row) && h.value(row)),
                    source: delivery.source.clone(),
                    pointer: rows.pointer(row),
                    objects,
                    attributes: rows.attributes(row),
                });
            }
        }
        Ok(())
    }

    /// Divides everything among persons. Events and objects that no person record stands behind are left out; how many
    /// events that were is told.
    pub(crate) fn by_person(&self, persons: &BTreeMap<RecordId, PersonId>) -> (BTreeMap<PersonId, Material>, u64) {
        let owners = Owners { pointing: &self.pointing, persons };
        let mut materials: BTreeMap<PersonId, Material> = BTreeMap::new();
        for record in &self.records {
            if let Some(person) = persons.get(&record.id) {
                materials.entry(person.clone()).or_default().records.push(record.clone());
            }
        }
        for object in &self.objects {
            for person in owners.of(&object.id) {
                materials.entry(person.clone()).or_default().objects.push(object.clone());
            }
        }
        let mut ownerless = 0;
        for event in &self.events {
            let found: BTreeSet<_> = event.objects.iter().flat_map(|(_, id)| owners.of(id)).collect();
            if found.is_empty() {
                ownerless += 1;
            }
            for person in found {
                materials.entry(person.clone()).or_default().events.push(event.clone());
            }
        }
        for material in materials.values_mut() {
            let deliveries: BTreeSet<_> = (material.records.iter().map(|r| &r.pointer.delivery))
                .chain(material.objects.iter().map(|o| &o.pointer.delivery))
                .chain(material.events.iter().map(|e| &e.pointer.delivery))
                .collect();
            material.covers = self.covers.iter().filter(|c| deliveries.contains(&c.delivery)).cloned().collect();
        }
        (materials, ownerless)
    }
}

/// Finds the persons behind an object by following what it points at.
struct Owners<'a> {
    pointing: &'a HashMap<String, Vec<String>>,
    persons: &'a BTreeMap<RecordId, PersonId>,
}

impl<'a> Owners<'a> {
    fn of(&self, object: &str) -> BTreeSet<&'a PersonId> {
        let (mut found, mut seen) = (BTreeSet::new(), BTreeSet::new());
        let mut open = vec![object.to_owned()];
        while let Some(id) = open.pop() {
            if !seen.insert(id.clone()) {
                continue;
            }
            match self.persons.get(&RecordId::new(id.as_str())) {
                Some(person) => {
                    found.insert(person);
                }
                None => open.extend(self.pointing.get(&id).into_iter().flatten().cloned()),
            }
        }
        found
    }
}

/// What every evidence table has: the row pointer, and a column for each attribute.
struct Rows {
    delivery: DeliveryId,
    file: StringArray,
    sheet: StringArray,
    row: arrow::array::UInt64Array,
    attributes: Vec<(Attribute, Values)>,
}

enum Values {
    Text(StringArray),
    Date(arrow::array::Date32Array),
    Boolean(arrow::array::BooleanArray),
    Integer(arrow::array::Int64Array),
}

impl Rows {
    fn of(batch: &RecordBatch, delivery: &DeliveryEvidence) -> Result<Self, ArrowError> {
        let row = arrow::compute::cast(column(batch, "row")?, &DataType::UInt64)?;
        let mut attributes = Vec::new();
        for attribute in Attribute::ALL {
            let Some(values) = batch.column_by_name(attribute.name()) else { continue };
            if values.null_count() == values.len() {
                continue;
            }
            let to = |data_type| arrow::compute::cast(values, &data_type);
            attributes.push((
                *attribute,
                match attribute.value_type() {
                    ValueType::Date | ValueType::DateTime => {
                        Values::Date(to(DataType::Date32)?.as_primitive::<Date32Type>().clone())
                    }
                    ValueType::Boolean => Values::Boolean(to(DataType::Boolean)?.as_boolean().clone()),
                    ValueType::Integer | ValueType::Money => {
                        Values::Integer(to(DataType::Int64)?.as_primitive::<Int64Type>().clone())
                    }
                    ValueType::Text => Values::Text(to(DataType::Utf8)?.as_string::<i32>().clone()),
                },
            ));
        }
        Ok(Self {
            delivery: delivery.delivery.clone(),
            file: text(batch, "file")?,
            sheet: text(batch, "sheet")?,
            row: row.as_primitive::<UInt64Type>().clone(),
            attributes,
        })
    }

    fn pointer(&self, row: usize) -> RowPointer {
        RowPointer {
            delivery: self.delivery.clone(),
            file: cell(&self.file, row).unwrap_or_default().to_owned(),
            sheet: cell(&self.sheet, row).map(str::to_owned),
            row: self.row.value(row),
        }
    }

    fn attributes(&self, row: usize) -> Attributes {
        let value = |values: &Values| match values {
            Values::Text(v) => v.is_valid(row).then(|| FactValue::Text(v.value(row).to_owned())),
            Values::Date(v) => v.is_valid(row).then(|| FactValue::Date(day(v.value(row)))),
            Values::Boolean(v) => v.is_valid(row).then(|| FactValue::Boolean(v.value(row))),
            Values::Integer(v) => v.is_valid(row).then(|| FactValue::Integer(v.value(row))),
        };
        self.attributes.iter().filter_map(|(attribute, values)| Some((*attribute, value(values)?))).collect()
    }
}

fn column<'b>(batch: &'b RecordBatch, name: &str) -> Result<&'b arrow::array::ArrayRef, ArrowError> {
    batch.column_by_name(name).ok_or_else(|| ArrowError::SchemaError(format!("there is no column `{name}`")))
}

fn text(batch: &RecordBatch, name: &str) -> Result<StringArray, ArrowError> {
    Ok(arrow::compute::cast(column(batch, name)?, &DataType::Utf8)?.as_string::<i32>().clone())
}

fn cell(values: &StringArray, row: usize) -> Option<&str> {
    values.is_valid(row).then(|| values.value(row))
}

/// The civil day that lies this many days after 1970-01-01.
pub(crate) fn day(days: i32) -> Date {
    Date::constant(1970, 1, 1).saturating_add(jiff::Span::new().days(days))
}

/// Days from 1970-01-01, as Arrow's Date32 counts them.
pub(crate) fn days(date: Date) -> i32 {
    Date::constant(1970, 1, 1).until((Unit::Day, date)).map_or(0, |span| span.get_days())
}

fn civil(seconds: i64) -> DateTime {
    DateTime::constant(1970, 1, 1, 0, 0, 0, 0).saturating_add(SignedDuration::from_secs(seconds))
}
