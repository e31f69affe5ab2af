//! What the sources leave open.

use super::draft::{Draft, Spelling};
use super::{Drafts, Standing, is_vague, names, question};
use crate::registry::{CodeSystem, InstitutionId, Kind, OpenQuestion, QuestionKind};
use std::collections::{BTreeMap, BTreeSet};

/// Names or cities that one question shows.
const SHOWN: usize = 4;
/// Codes that may be meant, that one question shows.
const CANDIDATES: usize = 3;
/// A facility in the same state whose name is this much alike may be meant.
const MAY_BE_MEANT: f64 = 0.75;

/// Everything that is open about the drafts. `in_doubt` has what is known by name only, and the codes that fit it alike.
pub(super) fn ask(
    drafts: &Drafts<'_>,
    in_doubt: &BTreeMap<InstitutionId, BTreeSet<InstitutionId>>,
) -> Vec<OpenQuestion> {
    let mut asked = Vec::new();
    for (id, draft) in drafts {
        if !id.is_by_name() {
            asked.extend(renamed(id, draft));
            asked.extend(moved(id, draft));
        }
        asked.extend(which_kind(id, draft));
        asked.extend(which_city(id, draft, drafts));
        asked.extend(draft.notes.iter().map(|(note, source)| {
            question(QuestionKind::CompilersNote, vec![id.clone()], (*note).to_owned(), [*source])
        }));
    }
    let addresses = one_or_several(drafts, &mut asked);
    same_place(drafts, &mut asked);
    let names = names_by_state(drafts);
    for (id, fitting) in in_doubt {
        if let Some(draft) = drafts.get(id) {
            asked.push(which_code(id, draft, fitting, &addresses, &names));
        }
    }
    asked
}

/// Groups spellings of which each is like some other of its group. Groups stand by their first day.
fn groups<'s, 'r>(
    spellings: impl Iterator<Item = (String, &'s Spelling<'r>)>,
    alike: fn(&str, &str) -> bool,
) -> Vec<Vec<(String, &'s Spelling<'r>)>> {
    let mut groups: Vec<Vec<(String, &Spelling<'_>)>> = Vec::new();
    for (plain, spelling) in spellings {
        let (mut joined, rest): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|group| group.iter().any(|(known, _)| alike(known, &plain)));
        joined.push(vec![(plain, spelling)]);
        groups = rest;
        groups.push(joined.into_iter().flatten().collect());
    }
    for group in &mut groups {
        group.sort_by_key(|(plain, spelling)| (spelling.spans.seen(), plain.clone()));
    }
    groups.sort_by_key(|group| group.first().map(|(plain, spelling)| (spelling.spans.seen(), plain.clone())));
    groups
}

/// The first spelling of each group with its days, and the sources of all.
fn differing<'r>(groups: &[Vec<(String, &Spelling<'r>)>]) -> (String, BTreeSet<&'r str>) {
    let firsts: Vec<&Spelling<'r>> = groups.iter().filter_map(|g| g.first().map(|(_, s)| *s)).collect();
    let shown = firsts.iter().take(SHOWN).map(|s| {
        let days = s.spans.seen().map_or_else(String::new, |seen| format!(" ({seen})"));
        format!("`{}`{days}", s.text())
    });
    let mut text = shown.collect::<Vec<_>>().join("; ");
    if firsts.len() > SHOWN {
        text.push_str(&format!("; and {} more", firsts.len() - SHOWN));
    }
    (text, firsts.iter().flat_map(|s| s.spans.sources.iter().copied()).collect())
}

fn renamed(id: &InstitutionId, draft: &Draft<'_>) -> Option<OpenQuestion> {
    let spellings = draft.names.iter().map(|(name, spelling)| (names::name(name), spelling));
    let groups = groups(spellings, names::same_but_for_spelling);
    (groups.len() > 1).then(|| {
        let (evidence, sources) = differing(&groups);
        question(QuestionKind::RenamedOrReplaced, vec![id.clone()], evidence, sources)
    })
}

fn moved(id: &InstitutionId, draft: &Draft<'_>) -> Option<OpenQuestion> {
    let states: BTreeSet<&str> = draft.places.keys().map(|(_, state)| state.as_str()).collect();
    let spellings = draft.places.iter().map(|((city, _), spelling)| (city.clone(), spelling));
    let groups = groups(spellings, names::same_but_for_spelling);
    (groups.len() > 1 || states.len() > 1).then(|| {
        let (mut evidence, sources) = differing(&groups);
        if states.len() > 1 {
            let states: Vec<&str> = states.into_iter().collect();
            evidence.push_str(&format!("; states {}", states.join(", ")));
        }
        question(QuestionKind::MovedOrReused, vec![id.clone()], evidence, sources)
    })
}

fn which_kind(id: &InstitutionId, draft: &Draft<'_>) -> Option<OpenQuestion> {
    let kinds: Vec<(&Kind, &Spelling<'_>)> = draft.kinds.iter().filter(|(kind, _)| !is_vague(**kind)).collect();
    (kinds.len() > 1).then(|| {
        let evidence: Vec<String> = kinds.iter().map(|(kind, s)| format!("{} (`{}`)", kind.name(), s.text())).collect();
        let sources: BTreeSet<&str> = kinds.iter().flat_map(|(_, s)| s.spans.sources.iter().copied()).collect();
        question(QuestionKind::WhichKind, vec![id.clone()], evidence.join("; "), sources)
    })
}

/// Asks for the city of a court that has none, and tells what the hearing location of the same code is called.
fn which_city(id: &InstitutionId, draft: &Draft<'_>, drafts: &Drafts<'_>) -> Option<OpenQuestion> {
    let is_court = draft.has(CodeSystem::EoirBaseCity) && draft.kinds.contains_key(&Kind::Court);
    if !is_court || !draft.places.is_empty() {
        return None;
    }
    let code = id.as_str().rsplit('/').next().unwrap_or_default();
    let hearings = InstitutionId::of_code(CodeSystem::EoirHearingLocation, code)?;
    let named: Vec<String> =
        drafts.get(&hearings).iter().flat_map(|d| d.names.values()).map(|s| format!("`{}`", s.text())).collect();
    let evidence = match named.is_empty() {
        true => "no hearing location has the code".to_owned(),
        false => format!("the hearing location of the same code is named {}", named.join(", ")),
    };
    let sources: BTreeSet<&str> = draft.names.values().flat_map(|s| s.spans.sources.iter().copied()).collect();
    Some(question(QuestionKind::WhichCity, vec![id.clone()], evidence, sources))
}

/// A plain name, a plain street and a state.
type Stand = (String, String, String);

/// A plain street and a state, and the codes that stand there.
type Addresses = BTreeMap<(String, String), BTreeSet<InstitutionId>>;

/// A code, and what it has in common with others.
type Holder<'d, 'r> = (&'d InstitutionId, &'d Spelling<'r>);

/// Asks about codes with one name and address at one time; gives the codes of each address.
fn one_or_several(drafts: &Drafts<'_>, asked: &mut Vec<OpenQuestion>) -> Addresses {
    let mut addresses = Addresses::new();
    let mut stands: BTreeMap<&Stand, Vec<Holder<'_, '_>>> = BTreeMap::new();
    for (id, draft) in drafts.iter().filter(|(_, draft)| draft.has(CodeSystem::Detloc)) {
        for (stand, spelling) in &draft.stands {
            stands.entry(stand).or_default().push((id, spelling));
            addresses.entry((stand.1.clone(), stand.2.clone())).or_default().insert(id.clone());
        }
    }
    let mut done: BTreeSet<Vec<InstitutionId>> = BTreeSet::new();
    for ((name, street, state), holders) in stands {
        let at_one_time = |(id, s): &Holder<'_, '_>| {
            let overlaps = |(other, o): &Holder<'_, '_>| {
                other != id && s.spans.seen().zip(o.spans.seen()).is_some_and(|(a, b)| a.overlaps(b))
            };
            holders.iter().any(overlaps)
        };
        let together: Vec<_> = holders.iter().filter(|holder| at_one_time(holder)).collect();
        let ids: Vec<InstitutionId> = together.iter().map(|(id, _)| (*id).clone()).collect();
        if ids.len() > 1 && done.insert(ids.clone()) {
            let sources: BTreeSet<&str> = together.iter().flat_map(|(_, s)| s.spans.sources.iter().copied()).collect();
            let evidence = format!("{name}, {street}, {state}");
            asked.push(question(QuestionKind::OneOrSeveral, ids, evidence, sources));
        }
    }
    addresses
}

/// Asks about hearing locations that have name, city and state in common with a facility.
fn same_place(drafts: &Drafts<'_>, asked: &mut Vec<OpenQuestion>) {
    let mut facilities: BTreeMap<Standing, BTreeSet<&InstitutionId>> = BTreeMap::new();
    let standings = |draft: &Draft<'_>| -> Vec<Standing> {
        let names = draft.plain_names();
        let places = draft.places.keys();
        places.flat_map(|(city, state)| names.iter().map(move |n| (n.clone(), city.clone(), state.clone()))).collect()
    };
    for (id, draft) in drafts.iter().filter(|(_, draft)| draft.has(CodeSystem::Detloc)) {
        for standing in standings(draft) {
            facilities.entry(standing).or_default().insert(id);
        }
    }
    for (id, draft) in drafts.iter().filter(|(_, draft)| draft.has(CodeSystem::EoirHearingLocation)) {
        let mut found: BTreeMap<&InstitutionId, String> = BTreeMap::new();
        for standing in standings(draft) {
            for facility in facilities.get(&standing).into_iter().flatten() {
                found.entry(facility).or_insert_with(|| format!("{}, {}, {}", standing.0, standing.1, standing.2));
            }
        }
        let sources: BTreeSet<&str> = draft.names.values().flat_map(|s| s.spans.sources.iter().copied()).collect();
        for (facility, evidence) in found {
            let ids = vec![facility.clone(), id.clone()];
            asked.push(question(QuestionKind::SamePlace, ids, evidence, sources.iter().copied()));
        }
    }
}

/// The plain names of coded facilities, by state.
type NamesByState<'d> = BTreeMap<&'d str, Vec<(&'d InstitutionId, String)>>;

fn names_by_state<'d>(drafts: &'d Drafts<'_>) -> NamesByState<'d> {
    let mut by_state = NamesByState::new();
    for (id, draft) in drafts.iter().filter(|(_, draft)| draft.has(CodeSystem::Detloc)) {
        let states: BTreeSet<&str> = draft.places.keys().map(|(_, state)| state.as_str()).collect();
        for state in states {
            by_state.entry(state).or_default().extend(draft.plain_names().into_iter().map(|name| (id, name)));
        }
    }
    by_state
}

/// Asks for the code of what is known by name only, and tells which may be meant and why.
fn which_code(
    id: &InstitutionId,
    draft: &Draft<'_>,
    fitting: &BTreeSet<InstitutionId>,
    addresses: &Addresses,
    names_of: &NamesByState<'_>,
) -> OpenQuestion {
    let mut reasons = Vec::new();
    if !fitting.is_empty() {
        let ids: Vec<&str> = fitting.iter().map(InstitutionId::as_str).collect();
        reasons.push(format!("name, city and state fit {}", ids.join(", ")));
    }
    let streets = draft.stands.keys().map(|(_, street, state)| (street.clone(), state.clone()));
    let at_address: BTreeSet<&InstitutionId> =
        streets.filter_map(|key| addresses.get(&key)).flatten().filter(|id| !fitting.contains(id)).collect();
    if !at_address.is_empty() {
        let ids: Vec<&str> = at_address.iter().take(CANDIDATES).map(|id| id.as_str()).collect();
        reasons.push(format!("same street as {}", ids.join(", ")));
    }
    let mut alike: BTreeMap<&InstitutionId, f64> = BTreeMap::new();
    let states: BTreeSet<&str> = draft.places.keys().map(|(_, state)| state.as_str()).collect();
    for (other, name) in states.iter().filter_map(|state| names_of.get(state)).flatten() {
        for own in draft.plain_names() {
            let score = names::likeness(&own, name).score;
            let best = alike.entry(other).or_default();
            *best = best.max(score);
        }
    }
    let mut alike: Vec<(&InstitutionId, f64)> =
        alike.into_iter().filter(|(other, score)| *score >= MAY_BE_MEANT && !fitting.contains(other)).collect();
    alike.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    if !alike.is_empty() {
        let ids: Vec<String> = alike.iter().take(CANDIDATES).map(|(id, score)| format!("{id} ({score:.2})")).collect();
        reasons.push(format!("name like that of {}", ids.join(", ")));
    }
    if reasons.is_empty() {
        reasons.push("no code with a like name in this state".to_owned());
    }
    let sources: BTreeSet<&str> = draft.names.values().flat_map(|s| s.spans.sources.iter().copied()).collect();
    question(QuestionKind::WhichCode, vec![id.clone()], reasons.join("; "), sources)
}
