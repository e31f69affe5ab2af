use crate::{Event, Moment};
use jiff::civil::{Date, DateTime};
use model::{Attribute, EventType, Qualifier, RowPointer};
use std::collections::BTreeMap;

/// One stretch in one facility, as one source reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stint {
    /// The report of the book-in that this stint follows.
    pub start: Event,
    /// The rows of every report of the book-in.
    pub start_rows: Vec<RowPointer>,
    /// The facility, as the first report that names one says.
    pub facility: Option<String>,
    /// The report of the book-out, if there is one.
    pub end: Option<Event>,
}

/// An unbroken stay in custody: stints that follow each other within a day, transfers included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stay {
    /// Stints, earliest first; never empty.
    pub stints: Vec<Stint>,
}

impl Stay {
    /// When the stay began.
    pub fn start(&self) -> DateTime {
        self.stints.iter().map(|s| s.start.at).min().unwrap_or(DateTime::MIN)
    }

    /// The last stint: its end is the end of the stay.
    pub fn last(&self) -> &Stint {
        self.stints.iter().max_by_key(|s| s.start.at).unwrap_or(&self.stints[0])
    }

    /// When the stay ended, if a record says so.
    pub fn end(&self) -> Option<DateTime> {
        self.last().end.as_ref().map(|e| e.at)
    }

    /// Whether the person was in custody on a day, as far as the record says.
    pub fn holds_on(&self, day: Date) -> bool {
        self.start().date() <= day && self.end().is_none_or(|end| day <= end.date())
    }
}

/// Pairs book-ins with book-outs and joins what follows within a day.
///
/// A pair shares a stint object where the source gives one; otherwise the next book-out of the same source closes the
/// stint. Reports of one book-in by several sources were joined into one moment before, so each counts once.
pub(crate) fn stays(moments: &[Moment]) -> Vec<Stay> {
    let mut ends: BTreeMap<&str, &Event> = BTreeMap::new();
    for end in moments.iter().filter(|m| m.kind == EventType::CustodyEnded).flat_map(|m| &m.reports) {
        if let Some(stint) = end.object(Qualifier::Stint) {
            ends.entry(stint).or_insert(end);
        }
    }
    let loose_end = |start: &Event| {
        moments
            .iter()
            .filter(|m| m.kind == EventType::CustodyEnded && m.at() >= start.at)
            .flat_map(|m| &m.reports)
            .find(|end| end.source == start.source && end.object(Qualifier::Stint).is_none())
    };
    let mut stints: Vec<Stint> = moments
        .iter()
        .filter(|m| m.kind == EventType::CustodyStarted)
        .map(|m| {
            let by_object = m.reports.iter().find_map(|start| {
                let end = *ends.get(start.object(Qualifier::Stint)?)?;
                Some((start, end))
            });
            let (start, end) = match by_object {
                Some((start, end)) => (start, Some(end)),
                None => {
                    let loose = m.reports.iter().filter(|r| r.object(Qualifier::Stint).is_none()).find_map(loose_end);
                    (&m.reports[0], loose)
                }
            };
            let start_rows = m.reports.iter().map(|r| r.pointer.clone()).collect();
            let facility = m.text(Attribute::Facility).or_else(|| end.and_then(|e| e.text(Attribute::Facility)));
            Stint { start: start.clone(), start_rows, facility: facility.map(str::to_owned), end: end.cloned() }
        })
        .collect();
    stints.sort_by(|a, b| (a.start.at, &a.start.id).cmp(&(b.start.at, &b.start.id)));

    let mut stays: Vec<Stay> = Vec::new();
    for stint in stints {
        match stays.last_mut() {
            Some(stay) if follows(stay, &stint) => stay.stints.push(stint),
            _ => stays.push(Stay { stints: vec![stint] }),
        }
    }
    stays
}

fn follows(stay: &Stay, next: &Stint) -> bool {
    let end = stay.stints.iter().map(|s| s.end.as_ref().map(|e| e.at)).max_by_key(|end| end.unwrap_or(DateTime::MAX));
    match end.flatten() {
        Some(end) => end.date().saturating_add(jiff::Span::new().days(1)) >= next.start.at.date(),
        // An open stint is closed by the next only where one source reports both: it moved the person.
        None => stay.last().start.source == next.start.source,
    }
}
