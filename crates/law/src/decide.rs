//! From clause values and dates to a status: the rules of each kind of criterion, in one place.

use crate::criterion::{ClauseRole, Count, Criterion, DateRole, IfUnknown, Kind, Version};
use crate::evaluate::{DateValue, Row, Selected, Slot, Values, VersionValues, wanting_for_date};
use crate::named::named;
use jiff::civil::Date;
use model::Status;
use std::collections::BTreeSet;

named!(
    /// What a criterion found, finer than its status.
    Finding {
        /// Due from the person; the dates say by when.
        Due = "due",
        /// Due from the person, and no time limit runs.
        OpenNoTimeLimit = "open_no_time_limit",
        /// The person may act only from a later day.
        OpensLater = "opens_later",
        /// The person may act now.
        OpenToFile = "open_to_file",
        /// Owed to the person by a day that has not passed.
        Upcoming = "upcoming",
        /// Owed to the person now.
        DueNow = "due_now",
        /// Done in time.
        Met = "met",
        /// Not done in time.
        Missed = "missed",
        /// Done, but after the last day.
        Late = "late",
        /// The last day has passed and an exception is claimed: whether it excuses is for a person to decide.
        ExceptionClaimed = "exception_claimed",
        /// A record shows that the criterion does not apply.
        NotApplicable = "not_applicable",
        /// A record shows that what would set the count running did not happen.
        NoTrigger = "no_trigger",
        /// No version of the rule in this library covers the date.
        NoVersion = "no_version",
        /// The record does not settle it.
        NotEnoughData = "not_enough_data",
        /// Records conflict, and it matters.
        Conflict = "conflict",
        /// A signal to ask about.
        PossibleSignal = "possible_signal",
        /// No signal seen, which never means not eligible.
        NoSignalSeen = "no_signal_seen",
        /// Records disagree in a way that matters.
        Alert = "alert",
        /// No such disagreement seen.
        NoAlert = "no_alert",
    }
);

/// Something worth asking, whose answer could change the result, though its lack does not hold the result back.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Question {
    /// The clause or named date that asks.
    pub(crate) of: std::sync::Arc<str>,
    /// The facts that would answer, sorted.
    pub(crate) facts: Vec<&'static str>,
}

/// What one row gives on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) status: Status,
    pub(crate) finding: Finding,
    pub(crate) roles: Roles,
    pub(crate) missing: BTreeSet<&'static str>,
    pub(crate) ask: Vec<Question>,
    pub(crate) boundary: bool,
    /// The clause that made it not applicable, by position.
    pub(crate) reason: Option<usize>,
}

/// The dates of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Roles {
    pub(crate) safe_by: Option<Date>,
    pub(crate) outer: Option<Date>,
    pub(crate) due: Option<Date>,
    pub(crate) opens: Option<Date>,
}

/// Whether a thing was done, as known on a day.
enum Done {
    On(Date),
    NotThrough(Date),
    Unknown,
}

fn done(slot: Slot<'_>, as_of: Date) -> Done {
    match slot {
        Slot::Known(_) => match slot.date() {
            Some(date) if date <= as_of => Done::On(date),
            Some(date) => date.yesterday().map_or(Done::Unknown, Done::NotThrough),
            None => Done::Unknown,
        },
        Slot::Absent(through) => Done::NotThrough(through),
        Slot::Unknown => Done::Unknown,
    }
}

/// The date rule that holds for a role: one whose choice is true, otherwise the first without a choice.
pub(crate) fn rule_for(version: &Version, values: &VersionValues, role: DateRole) -> Option<usize> {
    let of_role = || version.dates.iter().enumerate().filter(move |(_, rule)| rule.role == role);
    of_role()
        .find(|(_, rule)| rule.only_if.is_some_and(|clause| values.clauses[clause] == Some(true)))
        .or_else(|| of_role().find(|(_, rule)| rule.only_if.is_none()))
        .map(|(index, _)| index)
}

/// Whether a named date holds: it has no choice, or its choice is true.
pub(crate) fn holds(version: &Version, values: &VersionValues, index: usize) -> bool {
    version.dates[index].only_if.is_none_or(|clause| values.clauses[clause] == Some(true))
}

pub(crate) fn roles(version: &Version, values: &VersionValues) -> Roles {
    let value = |role| -> Option<DateValue> { rule_for(version, values, role).and_then(|index| values.dates[index]) };
    let deadline = value(DateRole::Deadline);
    Roles {
        safe_by: deadline.map(|date| date.counted.safe_by),
        outer: deadline.map(|date| date.counted.outer),
        due: value(DateRole::Due).map(|date| date.counted.last_day),
        opens: value(DateRole::Opens).map(|date| date.counted.last_day),
    }
}

/// Whether a version beside the one that judges would apply to the row, so that its dates are a caution.
pub(crate) fn cautions(version: &Version, values: &VersionValues) -> bool {
    let any = |role, wanted| version.clauses_of(role).any(|(index, _)| values.clauses[index] == Some(wanted));
    !any(ClauseRole::Applies, false) && !any(ClauseRole::Unless, true) && !any(ClauseRole::NoLimit, true)
}

/// Decides one row on a day. The values may come from another day only where they do not change with it.
pub(crate) fn decide(criterion: &Criterion, row: &Row<'_>, values: &Values, as_of: Date) -> Decision {
    let bare = |status, finding| Decision {
        status,
        finding,
        roles: Roles::default(),
        missing: BTreeSet::new(),
        ask: Vec::new(),
        boundary: false,
        reason: None,
    };
    let Some((index, own)) = &values.version else {
        let seen = |finding| if criterion.kind == Kind::Screening { Finding::NoSignalSeen } else { finding };
        return match values.selected {
            Selected::Unknown => {
                let facts = criterion.compiled.selector_facts.iter();
                let unknown = facts.filter(|index| !matches!(row.slots[**index], Slot::Known(_)));
                let missing = unknown.map(|index| criterion.compiled.facts[*index]).collect();
                Decision { missing, ..bare(Status::CannotTell, Finding::NotEnoughData) }
            }
            Selected::Absent => bare(Status::NotApplicable, seen(Finding::NoTrigger)),
            Selected::By(_) | Selected::FellBack(_) => bare(Status::NotApplicable, seen(Finding::NoVersion)),
        };
    };
    Judge { criterion, row, as_of, version: &criterion.versions[*index], values: own }.decide()
}

struct Judge<'a> {
    criterion: &'a Criterion,
    row: &'a Row<'a>,
    as_of: Date,
    version: &'a Version,
    values: &'a VersionValues,
}

impl Judge<'_> {
    fn decide(&self) -> Decision {
        let boundary = self.first(ClauseRole::Boundary, Some(true)).is_some();
        let decided = |status, finding| Decision {
            status,
            finding,
            roles: Roles::default(),
            missing: BTreeSet::new(),
            ask: Vec::new(),
            boundary,
            reason: None,
        };
        let barred =
            self.first(ClauseRole::Applies, Some(false)).or_else(|| self.first(ClauseRole::Unless, Some(true)));
        if barred.is_some() {
            let finding = match self.criterion.kind {
                Kind::Screening => Finding::NoSignalSeen,
                Kind::Alert => Finding::NoAlert,
                Kind::Deadline | Kind::AgencyDuty | Kind::Window => Finding::NotApplicable,
            };
            return Decision { reason: barred, ..decided(Status::NotApplicable, finding) };
        }
        let roles = roles(self.version, self.values);
        let outline = Decision { roles, ask: self.questions(), ..decided(Status::CannotTell, Finding::NotEnoughData) };
        let unsettled: BTreeSet<_> = self
            .version
            .clauses_of(ClauseRole::Applies)
            .filter(|(index, _)| self.values.clauses[*index].is_none())
            .flat_map(|(index, _)| self.values.undecided[index].iter().copied())
            .collect();
        let unknown = self.first(ClauseRole::Applies, None).is_some();
        if unknown && self.criterion.kind != Kind::Alert && self.criterion.kind != Kind::Screening {
            return Decision { missing: unsettled, ..outline };
        }
        match self.criterion.kind {
            Kind::Deadline => self.deadline(outline),
            Kind::AgencyDuty => self.agency_duty(outline),
            Kind::Window => self.window(outline),
            Kind::Screening => self.screening(outline, unsettled, unknown),
            Kind::Alert => self.alert(outline, unsettled, unknown),
        }
    }

    /// The first clause of a role with a value.
    fn first(&self, role: ClauseRole, value: Option<bool>) -> Option<usize> {
        self.version.clauses_of(role).map(|(index, _)| index).find(|index| self.values.clauses[*index] == value)
    }

    fn done(&self, fact: Option<&'static str>) -> Done {
        let slot = fact.and_then(|fact| self.criterion.compiled.position(fact)).map(|index| self.row.slots[index]);
        slot.map_or(Done::Unknown, |slot| done(slot, self.as_of))
    }

    /// Everything unknown that does not hold the result back.
    fn questions(&self) -> Vec<Question> {
        let mut questions = Vec::new();
        for (index, clause) in self.version.clauses.iter().enumerate() {
            let asks = match clause.role {
                ClauseRole::Unless | ClauseRole::NoLimit | ClauseRole::Excuses | ClauseRole::Choices => true,
                ClauseRole::Signals => clause.if_unknown == IfUnknown::Ask,
                ClauseRole::Applies | ClauseRole::Boundary => false,
            };
            if asks && self.values.clauses[index].is_none() {
                questions.push(Question { of: clause.id.clone(), facts: self.values.undecided[index].clone() });
            }
        }
        for rule in &self.version.dates {
            if let Count::From { plus_days: Some(fact), .. } = &rule.count {
                let slot = self.criterion.compiled.position(fact).map(|index| self.row.slots[index]);
                if matches!(slot, Some(Slot::Unknown)) {
                    questions.push(Question { of: rule.id.clone(), facts: vec![fact] });
                }
            }
        }
        questions
    }

    fn wanting(&self, role: DateRole) -> BTreeSet<&'static str> {
        let rule = rule_for(self.version, self.values, role);
        rule.map(|index| wanting_for_date(self.criterion, self.version, self.row, index))
            .into_iter()
            .flatten()
            .collect()
    }

    fn deadline(&self, outline: Decision) -> Decision {
        let as_of = self.as_of;
        let done = self.done(self.criterion.done);
        if self.first(ClauseRole::NoLimit, Some(true)).is_some() {
            let roles = Roles { safe_by: None, outer: None, ..outline.roles };
            return match done {
                Done::On(_) => settle(Decision { roles, ..outline }, Status::Met, Finding::Met),
                _ => Decision { roles, status: Status::Due, finding: Finding::OpenNoTimeLimit, ..outline },
            };
        }
        let (Some(safe_by), Some(outer)) = (outline.roles.safe_by, outline.roles.outer) else {
            return Decision { missing: self.wanting(DateRole::Deadline), ..outline };
        };
        match done {
            Done::On(date) if date <= outer => {
                let boundary = outline.boundary || date > safe_by;
                settle(Decision { boundary, ..outline }, Status::Met, Finding::Met)
            }
            Done::On(_) => self.passed(outline, Finding::Late),
            _ if as_of <= outer => Decision { status: Status::Due, finding: Finding::Due, ..outline },
            Done::NotThrough(through) if through >= outer => self.passed(outline, Finding::Missed),
            _ => Decision { missing: self.criterion.done.into_iter().collect(), ..outline },
        }
    }

    /// The last day has passed without the thing done.
    fn passed(&self, outline: Decision, finding: Finding) -> Decision {
        if self.first(ClauseRole::Excuses, Some(true)).is_some() {
            return Decision { finding: Finding::ExceptionClaimed, ..outline };
        }
        let open: BTreeSet<_> = self
            .version
            .clauses_of(ClauseRole::NoLimit)
            .filter(|(index, clause)| {
                clause.if_unknown == IfUnknown::CannotTell && self.values.clauses[*index].is_none()
            })
            .flat_map(|(index, _)| self.values.undecided[index].iter().copied())
            .collect();
        if !open.is_empty() {
            return Decision { missing: open, ..outline };
        }
        Decision { status: Status::Missed, finding, ..outline }
    }

    fn agency_duty(&self, outline: Decision) -> Decision {
        let as_of = self.as_of;
        let Some(due) = outline.roles.due else {
            return Decision { missing: self.wanting(DateRole::Due), ..outline };
        };
        let Some(fact) = self.criterion.done else {
            let finding = if as_of >= due { Finding::DueNow } else { Finding::Upcoming };
            return Decision { status: Status::Owed, finding, ..outline };
        };
        match self.done(Some(fact)) {
            Done::On(date) if date <= due => settle(outline, Status::Met, Finding::Met),
            Done::On(_) => Decision { status: Status::Missed, finding: Finding::Late, ..outline },
            _ if as_of <= due => Decision { status: Status::Owed, finding: Finding::Upcoming, ..outline },
            Done::NotThrough(through) if through >= due => {
                Decision { status: Status::Missed, finding: Finding::Missed, ..outline }
            }
            _ => Decision { missing: BTreeSet::from([fact]), ..outline },
        }
    }

    fn window(&self, outline: Decision) -> Decision {
        let as_of = self.as_of;
        let (Some(act), Some(granted)) = (self.criterion.act, self.criterion.done.or(self.criterion.act)) else {
            return outline;
        };
        if self.criterion.done.is_some() && matches!(self.done(Some(granted)), Done::On(_)) {
            return settle(outline, Status::Met, Finding::Met);
        }
        let Some(opens) = outline.roles.opens else {
            return Decision { missing: self.wanting(DateRole::Opens), ..outline };
        };
        let acted = match self.done(Some(act)) {
            Done::On(date) => date,
            not_known => {
                let finding = if as_of < opens { Finding::OpensLater } else { Finding::OpenToFile };
                let mut ask = outline.ask.clone();
                if as_of >= opens && matches!(not_known, Done::Unknown) {
                    ask.push(Question { of: act.into(), facts: vec![act] });
                }
                return Decision { status: Status::Due, finding, ask, ..outline };
            }
        };
        let outline = Decision { boundary: outline.boundary || acted < opens, ..outline };
        match (outline.roles.due, self.done(Some(granted))) {
            (Some(due), Done::NotThrough(through)) if as_of >= due && through >= due => {
                let mut ask = outline.ask.clone();
                if through < as_of {
                    ask.push(Question { of: granted.into(), facts: vec![granted] });
                }
                Decision { status: Status::Owed, finding: Finding::DueNow, ask, ..outline }
            }
            (Some(due), _) if as_of >= due => Decision { missing: BTreeSet::from([granted]), ..outline },
            _ => Decision { status: Status::Owed, finding: Finding::Upcoming, ..outline },
        }
    }

    fn screening(&self, outline: Decision, mut missing: BTreeSet<&'static str>, mut unknown: bool) -> Decision {
        for (index, clause) in self.version.clauses_of(ClauseRole::Signals) {
            match self.values.clauses[index] {
                Some(false) => {
                    return Decision {
                        reason: Some(index),
                        ..settle(outline, Status::NotApplicable, Finding::NoSignalSeen)
                    };
                }
                None if clause.if_unknown == IfUnknown::CannotTell => {
                    unknown = true;
                    missing.extend(&self.values.undecided[index]);
                }
                _ => {}
            }
        }
        if unknown {
            return Decision { missing, ..outline };
        }
        Decision { status: Status::Owed, finding: Finding::PossibleSignal, ..outline }
    }

    fn alert(&self, outline: Decision, mut missing: BTreeSet<&'static str>, mut unknown: bool) -> Decision {
        if !unknown && self.first(ClauseRole::Signals, Some(true)).is_some() {
            return Decision { status: Status::Owed, finding: Finding::Alert, ..outline };
        }
        for (index, clause) in self.version.clauses_of(ClauseRole::Signals) {
            if self.values.clauses[index].is_none() && clause.if_unknown == IfUnknown::CannotTell {
                unknown = true;
                missing.extend(&self.values.undecided[index]);
            }
        }
        if unknown {
            return Decision { missing, ..outline };
        }
        Decision { status: Status::NotApplicable, finding: Finding::NoAlert, ..outline }
    }
}

/// A status that no question could change.
fn settle(outline: Decision, status: Status, finding: Finding) -> Decision {
    Decision { status, finding, ask: Vec::new(), ..outline }
}
