//! Making the registry out of rows: a pure function, so that the same lists give the same bytes.
//!
//! A code is an institution. A name never makes two codes one; a row without a code is given to a code only where name,
//! city and state agree and one code has them. What is in doubt becomes a question.

mod draft;
mod questions;

use super::names;
use super::sources::{Reading, Row};
use super::{CodeSystem, InstitutionId, Kind, OpenQuestion, QuestionKind, Registry, Source};
use draft::Draft;
use std::collections::{BTreeMap, BTreeSet};

/// Institutions as they grow.
type Drafts<'r> = BTreeMap<InstitutionId, Draft<'r>>;

/// A plain name, a plain city and a state.
type Standing = (String, String, String);

/// Makes the registry out of sources.
pub fn build(readings: &[Reading]) -> Registry {
    let mut drafts = Drafts::new();
    let mut questions = Vec::new();
    for (source, row) in rows(readings) {
        if let Some((system, code)) = &row.code
            && let Some(id) = InstitutionId::of_code(*system, code)
        {
            drafts.entry(id).or_default().add(source, row);
        }
    }
    let by_standing = by_standing(&drafts);
    let mut in_doubt: BTreeMap<InstitutionId, BTreeSet<InstitutionId>> = BTreeMap::new();
    for (source, row) in rows(readings).filter(|(_, row)| row.code.is_none()) {
        let Some(name) = &row.name else { continue };
        let city = row.city.as_deref().unwrap_or_default();
        let Some(state) = &row.state else {
            let evidence = format!("`{name}` in {city}, without a state");
            questions.push(question(QuestionKind::WhichState, Vec::new(), evidence, [source.id.as_str()]));
            continue;
        };
        let standing = (names::name(name), names::city(city), state.clone());
        let fitting = by_standing.get(&standing);
        let only = fitting.filter(|ids| ids.len() == 1).and_then(|ids| ids.first());
        let id = only.cloned().unwrap_or_else(|| {
            InstitutionId::new(format!("facility/name/{}-{}", names::slug(name), state.to_lowercase()))
        });
        if only.is_none() {
            in_doubt.entry(id.clone()).or_default().extend(fitting.into_iter().flatten().cloned());
        }
        drafts.entry(id).or_default().add(source, row);
    }
    questions.extend(questions::ask(&drafts, &in_doubt));
    questions.sort();
    // A row that stands in many sheets asks once; its sources are told together.
    questions.dedup_by(|next, kept| {
        let same = (next.asks, &next.institutions, &next.evidence) == (kept.asks, &kept.institutions, &kept.evidence);
        if same {
            kept.sources.append(&mut next.sources);
            kept.sources.sort();
            kept.sources.dedup();
        }
        same
    });
    let sources = readings.iter().map(|r| r.source.clone()).collect();
    let institutions = drafts.into_iter().map(|(id, draft)| draft.institution(id)).collect();
    Registry::new(sources, institutions, questions)
}

fn rows(readings: &[Reading]) -> impl Iterator<Item = (&Source, &Row)> {
    readings.iter().flat_map(|reading| reading.rows.iter().map(|row| (&reading.source, row)))
}

/// The codes of facilities that have a name, a city and a state.
fn by_standing(drafts: &Drafts<'_>) -> BTreeMap<Standing, BTreeSet<InstitutionId>> {
    let mut by_standing: BTreeMap<Standing, BTreeSet<InstitutionId>> = BTreeMap::new();
    for (id, draft) in drafts.iter().filter(|(_, draft)| draft.has(CodeSystem::Detloc)) {
        for name in draft.plain_names() {
            for (city, state) in draft.places.keys() {
                by_standing.entry((name.clone(), city.clone(), state.clone())).or_default().insert(id.clone());
            }
        }
    }
    by_standing
}

fn question<'s>(
    asks: QuestionKind,
    institutions: Vec<InstitutionId>,
    evidence: String,
    sources: impl IntoIterator<Item = &'s str>,
) -> OpenQuestion {
    let sources: BTreeSet<String> = sources.into_iter().map(str::to_owned).collect();
    OpenQuestion { asks, institutions, evidence, sources: sources.into_iter().collect() }
}

/// Whether a kind says nothing that another kind could contradict.
fn is_vague(kind: Kind) -> bool {
    matches!(kind, Kind::Other | Kind::Unstated)
}
