use crate::custody::{Stay, stays};
use crate::{Event, Material};
use jiff::civil::{Date, DateTime};
use model::{Attribute, EventType, Qualifier, SourceId};
use std::collections::BTreeSet;

/// One thing that happened, with every report of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// What happened.
    pub kind: EventType,
    /// Reports, earliest first; never empty. Reports that differ stand side by side: none is chosen over another.
    pub reports: Vec<Event>,
}

impl Moment {
    /// The earliest reported time.
    pub fn at(&self) -> DateTime {
        self.reports.iter().map(|r| r.at).min().unwrap_or(DateTime::MIN)
    }

    /// The distinct days reported, in order.
    pub fn days(&self) -> Vec<Date> {
        self.reports.iter().map(|r| r.at.date()).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Attributes on which reports disagree, with the date first if it is among them.
    pub fn disagreements(&self) -> Vec<Disagreement> {
        let mut found = Vec::new();
        if self.days().len() > 1 {
            found.push(Disagreement::Day);
        }
        let attributes: BTreeSet<_> = self.reports.iter().flat_map(|r| r.attributes.keys().copied()).collect();
        found.extend(attributes.into_iter().filter(|a| matters(self.kind, *a)).filter_map(|attribute| {
            let values: BTreeSet<_> = self.reports.iter().filter_map(|r| r.attributes.get(&attribute)).collect();
            (values.len() > 1).then_some(Disagreement::Attribute(attribute))
        }));
        found
    }

    /// Whether the reports disagree.
    pub fn in_conflict(&self) -> bool {
        !self.disagreements().is_empty()
    }

    /// Whether it is the posting of an application, not its receipt.
    pub fn is_posting(&self) -> bool {
        self.reports.iter().any(Event::is_posting)
    }

    /// The sources that report it.
    pub fn sources(&self) -> BTreeSet<&SourceId> {
        self.reports.iter().map(|r| &r.source).collect()
    }

    /// The first text given for an attribute, in order of the reports.
    pub fn text(&self, attribute: Attribute) -> Option<&str> {
        self.reports.iter().find_map(|r| r.text(attribute))
    }
}

/// On what reports of one moment disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Disagreement {
    /// The day.
    Day,
    /// The value of an attribute.
    Attribute(Attribute),
}

/// One person's moments and stays in custody, in order of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    /// Moments, earliest first.
    pub moments: Vec<Moment>,
    /// Unbroken stays in custody, earliest first.
    pub stays: Vec<Stay>,
}

impl Timeline {
    /// The moments of one kind, earliest first.
    pub fn of(&self, kind: EventType) -> impl DoubleEndedIterator<Item = &Moment> {
        self.moments.iter().filter(move |m| m.kind == kind)
    }
}

/// Lines up a person's events: reports of one thing by different sources become one moment.
///
/// Two reports are taken for one thing when they are of one kind, come from different sources, carry no attribute
/// that tells the things apart (another application form, another facility), and their days are within the slack of
/// the kind or are each other's day–month swap. One source's own reports on different days are different things.
/// The result does not depend on the order of the events.
pub fn line_up(material: &Material) -> Timeline {
    let mut events: Vec<&Event> = material.events.iter().collect();
    events.sort_by(|a, b| (a.at, a.kind, &a.id).cmp(&(b.at, b.kind, &b.id)));
    events.dedup_by(|a, b| a.id == b.id);
    let mut moments: Vec<Moment> = Vec::new();
    for event in events {
        match moments.iter_mut().filter(|m| same_thing(m, event)).min_by_key(|m| distance(m, event)) {
            Some(moment) => moment.reports.push(event.clone()),
            None => moments.push(Moment { kind: event.kind, reports: vec![event.clone()] }),
        }
    }
    moments.sort_by(|a, b| (a.at(), a.kind, &a.reports[0].id).cmp(&(b.at(), b.kind, &b.reports[0].id)));
    let stays = stays(&moments);
    Timeline { moments, stays }
}

/// Days by which two sources' dates for one thing commonly differ: service against entry, midnight against shift end.
fn slack_days(kind: EventType) -> i32 {
    match kind {
        EventType::Arrived | EventType::Admitted | EventType::Apprehended | EventType::Encountered => 3,
        EventType::Departed => 7,
        EventType::NtaServed => 14,
        EventType::ApplicationFiled => 10,
        EventType::Decided | EventType::AppealFiled | EventType::AppealDecided | EventType::MotionFiled => 5,
        EventType::CustodyStarted | EventType::CustodyEnded => 1,
        EventType::StatusGranted | EventType::ParentNaturalized | EventType::OffenseCharged => 31,
        _ => 2,
    }
}

/// Attributes that tell two things of one kind apart.
fn tells_apart(kind: EventType, attribute: Attribute) -> bool {
    match attribute {
        Attribute::Kind => kind != EventType::Decided,
        Attribute::Facility => matches!(kind, EventType::CustodyStarted | EventType::CustodyEnded),
        Attribute::Party => matches!(kind, EventType::AppealFiled | EventType::MotionFiled),
        _ => false,
    }
}

/// Attributes whose disagreement a person should see. Free text differs between agencies as a rule.
fn matters(kind: EventType, attribute: Attribute) -> bool {
    tells_apart(kind, attribute)
        || matches!(
            attribute,
            Attribute::Decision | Attribute::InAbsentia | Attribute::AppealWaived | Attribute::Amount
        )
}

fn same_thing(moment: &Moment, event: &Event) -> bool {
    moment.kind == event.kind
        && moment.reports.iter().all(|report| {
            let same_source = report.source == event.source;
            let near = report.at.date() == event.at.date() || (!same_source && near(report, event));
            // A later release of one source repeats what an earlier one said, under ids that hold only within each.
            let repeated = report.pointer.delivery != event.pointer.delivery;
            near && !apart(report, event) && (!same_source || repeated || same_object(report, event))
        })
}

fn near(a: &Event, b: &Event) -> bool {
    let days = days_between(a.at.date(), b.at.date()).abs();
    days <= slack_days(a.kind) || swapped(a.at.date()) == Some(b.at.date())
}

fn apart(a: &Event, b: &Event) -> bool {
    // The day on which an application was posted is not the day on which it was received.
    if a.is_posting() != b.is_posting() {
        return true;
    }
    a.attributes.iter().any(|(attribute, value)| {
        tells_apart(a.kind, *attribute) && b.attributes.get(attribute).is_some_and(|other| other != value)
    })
}

/// One source's two rows on one day are one thing only if they concern the same object.
fn same_object(a: &Event, b: &Event) -> bool {
    let concerns = |e: &Event| {
        e.objects.iter().filter(|(q, _)| *q != Qualifier::Person).map(|(_, id)| id.clone()).collect::<BTreeSet<_>>()
    };
    let (a, b) = (concerns(a), concerns(b));
    a.is_empty() && b.is_empty() || !a.is_disjoint(&b)
}

fn distance(moment: &Moment, event: &Event) -> i32 {
    moment.reports.iter().map(|r| days_between(r.at.date(), event.at.date()).abs()).min().unwrap_or(i32::MAX)
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}

/// The date with day and month exchanged, if that is another valid date.
fn swapped(date: Date) -> Option<Date> {
    let other = Date::new(date.year(), date.day(), date.month()).ok()?;
    (other != date).then_some(other)
}
