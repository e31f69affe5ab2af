//! A small language for material: one event or record a line.
//!
//! `ice custody_started 2026-01-02T08:30 stint=s1 facility=North` or `eoir record birth_date=2008-09-01`. `ice@2` is a
//! second delivery of `ice`.

use jiff::civil::{Date, DateTime};
use lifecycle::{Attributes, Cover, Event, Material, Record};
use model::{
    Attribute, DeliveryId, EventId, EventType, FactValue, ObjectType, Qualifier, RecordId, RowPointer, SourceId,
    ValueType,
};

pub(crate) fn material(text: &str) -> Material {
    let mut material = Material::default();
    for (n, line) in text.lines().map(str::trim).filter(|l| !l.is_empty()).enumerate() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let source = words[0];
        // `ice@2` is a second delivery of the source `ice`.
        let (source, delivery) = (source.split('@').next().unwrap(), source);
        let pointer = RowPointer {
            delivery: DeliveryId::new(format!("d-{delivery}")),
            file: format!("{source}.csv"),
            sheet: None,
            row: n as u64 + 1,
        };
        let pairs = |from: usize| words[from..].iter().map(|w| w.split_once('=').unwrap());
        let attributes = |from| -> Attributes {
            pairs(from)
                .filter_map(|(name, text)| Some((Attribute::parse(name)?, value(Attribute::parse(name)?, text))))
                .collect()
        };
        match words[1] {
            "record" => material.records.push(Record {
                id: RecordId::new(format!("{source}/{n}")),
                source: SourceId::new(source),
                pointer,
                attributes: attributes(2),
            }),
            "covers" => material.covers.push(Cover {
                delivery: pointer.delivery,
                event: EventType::parse(words[2]).unwrap(),
                of: ObjectType::parse(words[3]).unwrap(),
                through: words[4].parse().unwrap(),
            }),
            "case" => material.objects.push(lifecycle::Object {
                id: words[2].to_owned(),
                kind: ObjectType::Case,
                pointer,
                attributes: Attributes::new(),
            }),
            kind => {
                let has_time = words[2].contains('T');
                let at: DateTime = match has_time {
                    true => words[2].parse().unwrap(),
                    false => words[2].parse::<Date>().unwrap().at(0, 0, 0, 0),
                };
                material.events.push(Event {
                    id: EventId::new(format!("{source}-{n}")),
                    kind: EventType::parse(kind).unwrap_or_else(|| panic!("no event type `{kind}`")),
                    at,
                    has_time,
                    source: SourceId::new(source),
                    pointer,
                    objects: pairs(3).filter_map(|(name, id)| Some((Qualifier::parse(name)?, id.to_owned()))).collect(),
                    attributes: attributes(3),
                });
            }
        }
    }
    material
}

fn value(attribute: Attribute, text: &str) -> FactValue {
    match attribute.value_type() {
        ValueType::Date => FactValue::Date(text.parse().unwrap()),
        ValueType::Boolean => FactValue::Boolean(text.parse().unwrap()),
        ValueType::Money => FactValue::Integer(text.parse().unwrap()),
        _ => FactValue::Text(text.to_owned()),
    }
}
