use crate::criterion::{self, Criterion};
use crate::file::Source;
use crate::judge::{Judged, judge};
use crate::{Explanation, JudgeError, LoadError};
use jiff::civil::Date;
use model::{FactSet, FactState, FactValue, Sourced};
use std::collections::BTreeMap;
use std::path::Path;

/// The criterion files that the program carries with it, by name.
const BUILT_IN: &[(&str, &str)] = &[
    ("asylum-ead-clock.toml", include_str!("../../../criteria/asylum-ead-clock.toml")),
    ("asylum-one-year-filing.toml", include_str!("../../../criteria/asylum-one-year-filing.toml")),
    ("bia-appeal-notice.toml", include_str!("../../../criteria/bia-appeal-notice.toml")),
    ("cancellation-lpr.toml", include_str!("../../../criteria/cancellation-lpr.toml")),
    ("custody-open-after-removal.toml", include_str!("../../../criteria/custody-open-after-removal.toml")),
    ("dob-conflict-minor.toml", include_str!("../../../criteria/dob-conflict-minor.toml")),
    ("in-absentia-rescission.toml", include_str!("../../../criteria/in-absentia-rescission.toml")),
    ("motion-reopen.toml", include_str!("../../../criteria/motion-reopen.toml")),
    ("removal-period-custody-review.toml", include_str!("../../../criteria/removal-period-custody-review.toml")),
    ("usc-derived-320.toml", include_str!("../../../criteria/usc-derived-320.toml")),
    ("zadvydas-six-month.toml", include_str!("../../../criteria/zadvydas-six-month.toml")),
];

/// A set of criteria, checked and compiled.
#[derive(Debug)]
pub struct Library {
    /// The criteria, sorted by id.
    criteria: Vec<Criterion>,
}

impl Library {
    /// The criteria that the program carries with it.
    ///
    /// # Errors
    ///
    /// A file does not load; a test shows that this does not happen.
    pub fn built_in() -> Result<Self, LoadError> {
        Self::from_files(BUILT_IN.iter().map(|(name, text)| Source { name, text }))
    }

    /// The criterion files that the program carries with it, by name: what a build must name to be repeated.
    pub fn built_in_texts() -> &'static [(&'static str, &'static str)] {
        BUILT_IN
    }

    /// Every criterion file of a folder: `*.toml`, without `*.examples.toml`.
    ///
    /// # Errors
    ///
    /// The folder or a file cannot be read, there is no criterion, or a file does not load. Errors of loading name the
    /// file, the line, the clause and what would work.
    pub fn load(folder: &Path) -> Result<Self, LoadError> {
        let list = |source| LoadError::List { path: folder.to_owned(), source };
        let mut texts = BTreeMap::new();
        for entry in std::fs::read_dir(folder).map_err(list)? {
            let path = entry.map_err(list)?.path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if !name.ends_with(".toml") || name.ends_with(".examples.toml") {
                continue;
            }
            let text = std::fs::read_to_string(&path).map_err(|source| LoadError::Read { path, source })?;
            texts.insert(name, text);
        }
        if texts.is_empty() {
            return Err(LoadError::Empty { path: folder.to_owned() });
        }
        Self::from_files(texts.iter().map(|(name, text)| Source { name, text }))
    }

    fn from_files<'a>(files: impl Iterator<Item = Source<'a>>) -> Result<Self, LoadError> {
        let mut criteria = files.map(criterion::load).collect::<Result<Vec<_>, _>>()?;
        criteria.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(Self { criteria })
    }

    /// The criteria, sorted by id.
    pub fn criteria(&self) -> &[Criterion] {
        &self.criteria
    }

    /// One criterion by id.
    pub fn criterion(&self, id: &str) -> Option<&Criterion> {
        self.criteria.iter().find(|criterion| &*criterion.id == id)
    }

    /// Judges each set by every criterion of its subject, in columns. Results are in the order of the sets and, for one
    /// set, of the criteria's ids; a set gives the same alone as among others.
    ///
    /// # Errors
    ///
    /// A fact holds a value of another type than the vocabulary gives it, or the engine fails.
    pub fn judge(&self, sets: &[FactSet], as_of: Date) -> Result<Vec<Judged>, JudgeError> {
        let mut judged = Vec::new();
        for criterion in &self.criteria {
            let (places, own): (Vec<usize>, Vec<&FactSet>) =
                sets.iter().enumerate().filter(|(_, set)| set.subject == criterion.subject).unzip();
            judged.extend(places.into_iter().zip(judge(criterion, &own, as_of)?));
        }
        judged.sort_by_key(|(place, _)| *place);
        Ok(judged.into_iter().map(|(_, judged)| judged).collect())
    }

    /// Judges one set by one criterion and shows how the result came about.
    ///
    /// # Errors
    ///
    /// There is no such criterion, it judges another kind of subject, or as for [`Library::judge`].
    pub fn explain(&self, set: &FactSet, criterion: &str, as_of: Date) -> Result<Explanation<'_>, JudgeError> {
        let Some(found) = self.criterion(criterion) else {
            return Err(JudgeError::UnknownCriterion {
                id: criterion.to_owned(),
                known: self.criteria.iter().map(|criterion| criterion.id.to_string()).collect(),
            });
        };
        if found.subject != set.subject {
            return Err(JudgeError::WrongSubject {
                id: criterion.to_owned(),
                expected: found.subject.name(),
                found: set.subject.name(),
            });
        }
        crate::explain::explain(found, set, as_of)
    }

    /// The outer last day that a deadline criterion gives for a trigger alone, such as the last day to appeal a decision
    /// of a given day; `None` if the criterion has no such date for it.
    ///
    /// # Errors
    ///
    /// There is no such criterion, or the engine fails.
    pub fn last_day(&self, criterion: &str, trigger: Date) -> Result<Option<Date>, JudgeError> {
        let Some(found) = self.criterion(criterion) else {
            return Err(JudgeError::UnknownCriterion {
                id: criterion.to_owned(),
                known: self.criteria.iter().map(|criterion| criterion.id.to_string()).collect(),
            });
        };
        let facts = found
            .inputs()
            .find(|fact| *fact == found.selector)
            .map(|fact| (fact, FactState::Known(Sourced { value: FactValue::Date(trigger), from: Vec::new() })));
        let set = FactSet { subject: found.subject, key: "trigger".to_owned(), facts: facts.into_iter().collect() };
        Ok(judge(found, &[&set], trigger)?.first().and_then(|judged| judged.outer))
    }
}
