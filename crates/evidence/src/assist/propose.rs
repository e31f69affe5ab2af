//! Objects and events that a table is likely to hold, from the meanings of its columns.

use super::concepts::Proposes;
use super::draft::DraftColumn;
use model::{Attribute, EventType, ValueType};

/// A meaning of this confidence is taken; one below is only told.
pub(super) const SURE: f64 = 0.6;

/// What a table is likely to hold.
#[derive(Debug, Default)]
pub(super) struct Proposal {
    /// The rows describe persons.
    pub(super) person: Option<ProposedPerson>,
    /// An application, by the name of the column of its key.
    pub(super) application: Option<String>,
    pub(super) events: Vec<ProposedEvent>,
    /// Attributes that a person must place: the attribute, the column, and why.
    pub(super) unplaced: Vec<(Attribute, String, String)>,
}

/// A person record for each row.
#[derive(Debug)]
pub(super) struct ProposedPerson {
    /// The column that names the person; without it the row is the person record.
    pub(super) key: Option<String>,
    /// Attribute and column; doubtful ones are told apart.
    pub(super) attributes: Vec<(Attribute, String)>,
    pub(super) doubtful: Vec<(Attribute, String)>,
}

/// An event on the day of a column.
#[derive(Debug)]
pub(super) struct ProposedEvent {
    pub(super) kind: EventType,
    pub(super) at: String,
    pub(super) attributes: Vec<(Attribute, String)>,
}

/// Says what the columns of a table become.
pub(super) fn propose(columns: &[DraftColumn]) -> Proposal {
    let mut proposal = Proposal::default();
    let Some(person) = person(columns) else { return proposal };
    for column in columns {
        let Some(proposes) = column.proposes() else { continue };
        match proposes {
            Proposes::Event(kind) if column.is_dated() && column.meaning_confidence() >= SURE => {
                proposal.events.push(ProposedEvent { kind, at: column.as_name.clone(), attributes: Vec::new() });
            }
            Proposes::Application if column.meaning_confidence() >= SURE => {
                proposal.application = Some(column.as_name.clone());
            }
            _ => {}
        }
    }
    for column in columns {
        let Some(Proposes::OfEvent(attribute, of)) = column.proposes() else { continue };
        if !carries(attribute, column.kind) {
            continue;
        }
        let preferred = of.iter().find_map(|kind| proposal.events.iter().position(|e| e.kind == *kind));
        // Where something was done belongs to the only thing that was done.
        let is_place = matches!(attribute, Attribute::Facility | Attribute::Office);
        let only = (is_place && proposal.events.len() == 1).then_some(0);
        match preferred.or(only).filter(|_| column.meaning_confidence() >= SURE) {
            Some(event) if !proposal.events[event].attributes.iter().any(|(a, _)| *a == attribute) => {
                proposal.events[event].attributes.push((attribute, column.as_name.clone()));
            }
            _ => {
                let why = "of which event it is, is for you to say".to_owned();
                proposal.unplaced.push((attribute, column.as_name.clone(), why));
            }
        }
    }
    proposal.person = Some(person);
    proposal
}

/// Rows describe persons if they have what tells one person from another, or several things that only persons have.
fn person(columns: &[DraftColumn]) -> Option<ProposedPerson> {
    let (mut attributes, mut doubtful) = (Vec::new(), Vec::new());
    for column in columns {
        let Some(Proposes::Person(attribute)) = column.proposes() else { continue };
        if !carries(attribute, column.kind) {
            continue;
        }
        let sure = column.meaning_confidence() >= SURE;
        if sure { &mut attributes } else { &mut doubtful }.push((attribute, column.as_name.clone()));
    }
    use Attribute::{ANumber, BirthDate, GivenName, Surname};
    let tells_apart = |a: &Attribute| matches!(a, GivenName | Surname | ANumber | BirthDate);
    let has_event = columns
        .iter()
        .any(|c| matches!(c.proposes(), Some(Proposes::Event(_))) && c.is_dated() && c.meaning_confidence() >= SURE);
    let is_person = attributes.iter().any(|(a, _)| tells_apart(a)) || (attributes.len() >= 2 && has_event);
    if !is_person {
        return None;
    }
    let of_person = |c: &&DraftColumn| c.proposes() == Some(Proposes::Key) && c.meaning_confidence() >= SURE;
    let key = columns.iter().filter(|c| c.unique).find(of_person).map(|c| c.as_name.clone());
    Some(ProposedPerson { key, attributes, doubtful })
}

/// Whether an attribute takes values of the type.
fn carries(attribute: Attribute, kind: ValueType) -> bool {
    match attribute.value_type() {
        ValueType::Text => true,
        ValueType::Date => matches!(kind, ValueType::Date | ValueType::DateTime),
        wanted => wanted == kind,
    }
}
