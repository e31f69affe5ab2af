//! One build in memory: every person's material, timeline, facts and obligations.

use crate::build::{BuildRecord, BuiltLink};
use crate::join::names;
use crate::{Obligation, WorkspaceError};
use jiff::civil::Date;
use law::{Explanation, Library};
use lifecycle::{Horizon, Material, Timeline, facts, line_up};
use model::{FactSet, FactState, FactValue, ObligationId, PersonId, RecordId, RowPointer, SourceId, Subject};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The criterion that says how long an order can be appealed.
const APPEAL: &str = "bia-appeal-notice";

/// One person's file.
#[derive(Debug)]
pub struct CaseFile {
    /// Whose.
    pub person: PersonId,
    /// Names on record, the most recorded first; never empty.
    pub names: Vec<String>,
    /// Everything on record.
    pub material: Material,
    /// The events lined up.
    pub timeline: Timeline,
    /// The facts of every subject.
    pub facts: Vec<FactSet>,
    /// What the criteria yield, not applicable ones included.
    pub obligations: Vec<Obligation>,
    /// The links that hold the person's records together, strongest first: one fewer than records.
    pub links: Vec<BuiltLink>,
    /// The probability of the best link of the least well linked record, for a person of several records.
    pub weakest_link: Option<f64>,
}

impl CaseFile {
    /// The name under which lists show the person.
    pub fn name(&self) -> &str {
        self.names.first().map_or("", String::as_str)
    }

    /// The facts about the person as a whole.
    pub fn person_facts(&self) -> Option<&FactSet> {
        self.facts.iter().find(|set| set.subject == Subject::Person)
    }

    /// Whether the person is in custody, as far as the record says.
    pub fn in_custody(&self) -> Option<bool> {
        known_flag(self.person_facts()?, "in_custody")
    }

    /// Whether the person is in removal proceedings, as far as the record says.
    pub fn in_proceedings(&self) -> Option<bool> {
        known_flag(self.person_facts()?, "in_proceedings")
    }
}

fn known_flag(set: &FactSet, fact: &str) -> Option<bool> {
    match set.facts.get(fact) {
        Some(FactState::Known(sourced)) => match sourced.value {
            FactValue::Boolean(value) => Some(value),
            _ => None,
        },
        _ => None,
    }
}

/// One build in memory.
#[derive(Debug)]
pub struct Snapshot {
    build: BuildRecord,
    library: Arc<Library>,
    files: BTreeMap<PersonId, CaseFile>,
    /// Custodian of each source.
    custodians: BTreeMap<SourceId, String>,
    whose_obligation: BTreeMap<ObligationId, PersonId>,
    whose_row: BTreeMap<RowPointer, BTreeSet<PersonId>>,
}

/// What [`Snapshot::assemble`] starts from.
pub(crate) struct Parts {
    pub(crate) build: BuildRecord,
    pub(crate) library: Arc<Library>,
    pub(crate) materials: BTreeMap<PersonId, Material>,
    pub(crate) links: BTreeMap<PersonId, Vec<BuiltLink>>,
    pub(crate) weakest: BTreeMap<PersonId, f64>,
    pub(crate) custodians: BTreeMap<SourceId, String>,
}

impl Snapshot {
    /// Lines up, reads facts and judges. A pure function of its parts.
    pub(crate) fn assemble(parts: Parts) -> Result<Self, WorkspaceError> {
        let Parts { build, library, materials, mut links, weakest, custodians } = parts;
        let as_of = build.as_of;
        // The appeal period is law, and lifecycle knows none: the library counts it, by the version of the day.
        let last_day = |day: Date| library.last_day(APPEAL, day).ok().flatten().unwrap_or(Date::MAX);
        let horizon = Horizon { as_of, last_day_to_appeal: &last_day };

        let mut files: Vec<CaseFile> = materials
            .into_iter()
            .map(|(person, material)| {
                let timeline = line_up(&material);
                let facts = facts(&material, &timeline, &horizon);
                let mut names = names(&material.records);
                if names.is_empty() {
                    names.push(person.to_string());
                }
                let weakest_link = weakest.get(&person).copied();
                let links = links.remove(&person).unwrap_or_default();
                CaseFile { person, names, material, timeline, facts, obligations: Vec::new(), links, weakest_link }
            })
            .collect();

        // All persons' facts are judged together, in columns.
        let sets: Vec<FactSet> = files.iter().flat_map(|f| f.facts.iter().cloned()).collect();
        let mut judged = library.judge(&sets, as_of)?.into_iter();
        for file in &mut files {
            // Results come in the order of the sets, one for each criterion of the set's subject.
            let criteria = |set: &FactSet| library.criteria().iter().filter(|c| c.subject == set.subject).count();
            let count = file.facts.iter().map(criteria).sum();
            file.obligations = judged.by_ref().take(count).map(|judged| Obligation::new(file, judged)).collect();
        }
        let mut whose_obligation = BTreeMap::new();
        let mut whose_row: BTreeMap<RowPointer, BTreeSet<PersonId>> = BTreeMap::new();
        for file in &mut files {
            file.obligations.sort_by_key(|o| o.order(as_of));
            whose_obligation.extend(file.obligations.iter().map(|o| (o.id.clone(), file.person.clone())));
            let rows = (file.material.records.iter().map(|r| &r.pointer))
                .chain(file.material.objects.iter().map(|o| &o.pointer))
                .chain(file.material.events.iter().map(|e| &e.pointer));
            for row in rows {
                whose_row.entry(row.clone()).or_default().insert(file.person.clone());
            }
        }
        let files = files.into_iter().map(|f| (f.person.clone(), f)).collect();
        Ok(Self { build, library, files, custodians, whose_obligation, whose_row })
    }

    /// What the build was made of.
    pub fn build(&self) -> &BuildRecord {
        &self.build
    }

    /// The criteria.
    pub fn library(&self) -> &Library {
        &self.library
    }

    /// Every file, in order of person ids.
    pub fn files(&self) -> impl Iterator<Item = &CaseFile> {
        self.files.values()
    }

    /// One person's file.
    ///
    /// # Errors
    ///
    /// If there is no such person.
    pub fn file(&self, person: &PersonId) -> Result<&CaseFile, WorkspaceError> {
        self.files.get(person).ok_or_else(|| WorkspaceError::Unknown { kind: "person", id: person.to_string() })
    }

    /// One obligation.
    ///
    /// # Errors
    ///
    /// If there is no such obligation.
    pub fn obligation(&self, id: &ObligationId) -> Result<&Obligation, WorkspaceError> {
        let unknown = || WorkspaceError::Unknown { kind: "obligation", id: id.to_string() };
        let file = self.files.get(self.whose_obligation.get(id).ok_or_else(unknown)?).ok_or_else(unknown)?;
        file.obligations.iter().find(|o| o.id == *id).ok_or_else(unknown)
    }

    /// Why an obligation stands as it does.
    ///
    /// # Errors
    ///
    /// If there is no such obligation, or the library cannot judge it.
    pub fn explain(&self, id: &ObligationId) -> Result<Explanation<'_>, WorkspaceError> {
        let obligation = self.obligation(id)?;
        let file = self.file(&obligation.person)?;
        let judged = &obligation.judged;
        let set = file
            .facts
            .iter()
            .find(|s| s.subject == judged.subject && s.key == judged.key)
            .ok_or_else(|| WorkspaceError::Unknown { kind: "obligation", id: id.to_string() })?;
        Ok(self.library.explain(set, &judged.criterion, self.build.as_of)?)
    }

    /// What is owed and due over all persons, liberty first, then soonest.
    ///
    /// Relief screening is not among it: it stays in the person's own file. A possible citizenship is, while the person
    /// is in custody or in proceedings, since nobody may be held or removed who could be a citizen.
    pub fn queue(&self) -> Vec<&Obligation> {
        let as_of = self.build.as_of;
        let mut queue: Vec<_> = self
            .files
            .values()
            .flat_map(|file| file.obligations.iter().filter(move |o| o.belongs_in_queue(file, as_of)))
            .collect();
        queue.sort_by_key(|o| o.order(as_of));
        queue
    }

    /// Who keeps the records of a source.
    pub fn custodian<'a>(&'a self, source: &'a SourceId) -> &'a str {
        self.custodians.get(source).map_or(source.as_str(), String::as_str)
    }

    /// The source that made a delivery behind a row of this build.
    pub fn source_of(&self, pointer: &RowPointer) -> Option<&SourceId> {
        self.build.deliveries.get(&pointer.delivery)
    }

    /// The persons whom a row is about.
    pub fn persons_behind(&self, pointer: &RowPointer) -> Vec<PersonId> {
        self.whose_row.get(pointer).into_iter().flatten().cloned().collect()
    }

    /// The person whose record this is.
    pub fn person_of_record(&self, record: &RecordId) -> Option<&PersonId> {
        self.files.values().find(|f| f.material.records.iter().any(|r| r.id == *record)).map(|f| &f.person)
    }
}
