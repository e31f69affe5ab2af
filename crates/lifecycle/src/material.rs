use jiff::civil::{Date, DateTime};
use model::{
    Attribute, DeliveryId, EventId, EventType, FactValue, ObjectType, Qualifier, RecordId, RowPointer, SourceId,
};
use std::collections::BTreeMap;

/// The typed values that a row gives an object or event.
pub type Attributes = BTreeMap<Attribute, FactValue>;

/// One source's view of the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Object id of the person record.
    pub id: RecordId,
    /// The source that holds it.
    pub source: SourceId,
    /// The row that describes it.
    pub pointer: RowPointer,
    /// What the row says of the person.
    pub attributes: Attributes,
}

/// One described object that is not a person record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Object id.
    pub id: String,
    /// What it is.
    pub kind: ObjectType,
    /// The row that describes it.
    pub pointer: RowPointer,
    /// What the row says of it.
    pub attributes: Attributes,
}

/// One event, as one row of one source reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Event id.
    pub id: EventId,
    /// What happened.
    pub kind: EventType,
    /// When, in the local time of the record; midnight if the record has no time of day.
    pub at: DateTime,
    /// Whether the record has a time of day.
    pub has_time: bool,
    /// The source that reports it.
    pub source: SourceId,
    /// The row that reports it.
    pub pointer: RowPointer,
    /// The objects that it concerns.
    pub objects: Vec<(Qualifier, String)>,
    /// What the row says of it.
    pub attributes: Attributes,
}

impl Event {
    /// The object that stands to this event as `qualifier`.
    pub fn object(&self, qualifier: Qualifier) -> Option<&str> {
        self.objects.iter().find(|(q, _)| *q == qualifier).map(|(_, id)| id.as_str())
    }

    /// Whether this is the posting of an application by the office, not its receipt by the agency.
    pub fn is_posting(&self) -> bool {
        self.kind == EventType::ApplicationFiled && self.text(Attribute::Service) == Some("mail")
    }

    /// A text attribute.
    pub fn text(&self, attribute: Attribute) -> Option<&str> {
        match self.attributes.get(&attribute) {
            Some(FactValue::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A yes-or-no attribute.
    pub fn flag(&self, attribute: Attribute) -> Option<bool> {
        match self.attributes.get(&attribute) {
            Some(FactValue::Boolean(value)) => Some(*value),
            _ => None,
        }
    }
}

/// A source's declaration that a delivery is complete for one type of event, through a day.
///
/// Only such a declaration turns "no such event" into a fact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cover {
    /// The delivery that declares it.
    pub delivery: DeliveryId,
    /// The type of event.
    pub event: EventType,
    /// Complete for every object of this type in the delivery.
    pub of: ObjectType,
    /// The last day covered.
    pub through: Date,
}

/// Everything that is on record about one person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Material {
    /// The person records that linkage and judgements joined.
    pub records: Vec<Record>,
    /// Cases, stints, applications and so on.
    pub objects: Vec<Object>,
    /// Events of any of these records or objects.
    pub events: Vec<Event>,
    /// What the deliveries behind the rows are complete for.
    pub covers: Vec<Cover>,
}
