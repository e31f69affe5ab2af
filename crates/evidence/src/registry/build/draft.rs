//! What the sources say of one institution, gathered.

use super::names;
use crate::registry::sources::Row;
use crate::registry::{
    Address, Code, CodeSystem, Coordinates, DatedBy, Institution, InstitutionId, Kind, NameSpell, Seen, Source,
};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// How new a source's word is: by its last day, behind all others if it was published later than it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rank<'r> {
    dated: bool,
    seen: Seen,
    pub(super) source: &'r str,
}

impl<'r> Rank<'r> {
    fn of(source: &'r Source, row: &Row) -> Self {
        Self {
            dated: source.dated_by != DatedBy::PublishedLater,
            seen: row.seen.unwrap_or(source.seen),
            source: &source.id,
        }
    }
}

impl Ord for Rank<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |r: &Self| (r.dated, r.seen.last, r.seen.first);
        key(self).cmp(&key(other)).then_with(|| self.source.cmp(other.source))
    }
}

impl PartialOrd for Rank<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// When sources say something, and which do.
#[derive(Debug, Clone, Default)]
pub(super) struct Spans<'r> {
    dated: Option<Seen>,
    published_later: Option<Seen>,
    pub(super) sources: BTreeSet<&'r str>,
}

impl<'r> Spans<'r> {
    fn add(&mut self, rank: Rank<'r>) {
        let span = if rank.dated { &mut self.dated } else { &mut self.published_later };
        *span = Some(span.map_or(rank.seen, |known| known.and(rank.seen)));
        self.sources.insert(rank.source);
    }

    /// The days, if there is a source.
    pub(super) fn seen(&self) -> Option<Seen> {
        self.dated.or(self.published_later)
    }

    fn sources(&self) -> Vec<String> {
        self.sources.iter().map(|s| (*s).to_owned()).collect()
    }
}

/// The newest word on something, and its source.
type Newest<'r, T> = Option<(Rank<'r>, T)>;

fn keep<'r, T>(newest: &mut Newest<'r, T>, rank: Rank<'r>, value: Option<T>) {
    if let Some(value) = value
        && newest.as_ref().is_none_or(|(known, _)| rank > *known)
    {
        *newest = Some((rank, value));
    }
}

/// A spelling and its newest writing.
#[derive(Debug, Clone, Default)]
pub(super) struct Spelling<'r> {
    newest: Newest<'r, &'r str>,
    pub(super) spans: Spans<'r>,
}

impl<'r> Spelling<'r> {
    pub(super) fn text(&self) -> &'r str {
        self.newest.as_ref().map_or("", |(_, text)| text)
    }
}

/// What is known of one institution.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft<'r> {
    codes: BTreeMap<(CodeSystem, &'r str), Spans<'r>>,
    /// By the name in capitals.
    pub(super) names: BTreeMap<String, Spelling<'r>>,
    /// By plain city and state.
    pub(super) places: BTreeMap<(String, String), Spelling<'r>>,
    /// By plain name, plain street and state.
    pub(super) stands: BTreeMap<(String, String, String), Spelling<'r>>,
    /// Each kind that a source says it is, in more than the word for a contract.
    pub(super) kinds: BTreeMap<Kind, Spelling<'r>>,
    pub(super) notes: Vec<(&'r str, &'r str)>,
    kind: Newest<'r, Kind>,
    coarse_kind: Newest<'r, Kind>,
    facility_type: Newest<'r, &'r str>,
    coarse_type: Newest<'r, &'r str>,
    /// The newest row with a street, and the newest with a city.
    street: Newest<'r, &'r Row>,
    city: Newest<'r, &'r Row>,
    aor: Newest<'r, &'r str>,
    operator: Newest<'r, &'r str>,
    court: Newest<'r, &'r str>,
    coordinates: Newest<'r, Coordinates>,
}

impl<'r> Draft<'r> {
    /// Takes in what a row says.
    pub(super) fn add(&mut self, source: &'r Source, row: &'r Row) {
        let rank = Rank::of(source, row);
        let code = row.code.as_ref().map(|(system, code)| (*system, code.as_str()));
        let canonical = row.canonical_id.as_deref().map(|id| (CodeSystem::CanonicalId, id));
        for code in code.into_iter().chain(canonical) {
            self.codes.entry(code).or_default().add(rank);
        }
        if let Some(name) = &row.name {
            spell(&mut self.names, name.to_uppercase(), rank, name);
        }
        if let (Some(city), Some(state)) = (&row.city, &row.state) {
            spell(&mut self.places, (names::city(city), state.clone()), rank, city);
        }
        if let (Some(name), Some(street), Some(state)) = (&row.name, &row.street, &row.state) {
            spell(&mut self.stands, (names::name(name), names::street(street), state.clone()), rank, street);
        }
        if let Some(kind) = row.kind.filter(|_| !row.kind_is_coarse) {
            spell(&mut self.kinds, kind, rank, row.facility_type.as_deref().unwrap_or_default());
        }
        if let Some(note) = &row.note {
            self.notes.push((note, &source.id));
        }
        let kind = row.kind.filter(|kind| !super::is_vague(*kind));
        let (kinds, types) = match row.kind_is_coarse {
            true => (&mut self.coarse_kind, &mut self.coarse_type),
            false => (&mut self.kind, &mut self.facility_type),
        };
        keep(kinds, rank, kind);
        keep(types, rank, row.facility_type.as_deref());
        keep(&mut self.street, rank, row.street.is_some().then_some(row));
        keep(&mut self.city, rank, (row.city.is_some() || row.state.is_some()).then_some(row));
        keep(&mut self.aor, rank, row.aor.as_deref());
        keep(&mut self.operator, rank, row.operator.as_deref());
        keep(&mut self.court, rank, row.court.as_deref());
        keep(&mut self.coordinates, rank, row.coordinates);
    }

    /// Whether it has a code in a system.
    pub(super) fn has(&self, system: CodeSystem) -> bool {
        self.codes.keys().any(|(known, _)| *known == system)
    }

    /// Its names, plain, without repeats.
    pub(super) fn plain_names(&self) -> BTreeSet<String> {
        self.names.keys().map(|name| names::name(name)).collect()
    }

    /// The institution.
    pub(super) fn institution(self, id: InstitutionId) -> Institution {
        let mut names: Vec<(Option<Rank<'_>>, NameSpell)> = Vec::new();
        for spelling in self.names.values() {
            if let Some(seen) = spelling.spans.seen() {
                let name = NameSpell { name: spelling.text().to_owned(), sources: spelling.spans.sources(), seen };
                names.push((spelling.newest.map(|(rank, _)| rank), name));
            }
        }
        names.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.name.cmp(&b.1.name)));
        let codes = self.codes.iter().filter_map(|((system, code), spans)| {
            Some(Code { system: *system, code: (*code).to_owned(), sources: spans.sources(), seen: spans.seen()? })
        });
        let address = self.street.or(self.city).map(|(rank, row)| Address {
            street: row.street.clone(),
            city: row.city.clone(),
            state: row.state.clone(),
            zip: row.zip.clone(),
            county: row.county.clone(),
            source: rank.source.to_owned(),
        });
        // A kind that says nothing stands where no source says more.
        let vague = self.kinds.keys().next().copied().unwrap_or(Kind::Unstated);
        Institution {
            id,
            kind: self.kind.or(self.coarse_kind).map_or(vague, |(_, kind)| kind),
            facility_type: owned(self.facility_type.or(self.coarse_type)),
            court: self.court.and_then(|(_, code)| InstitutionId::of_code(CodeSystem::EoirBaseCity, code)),
            names: names.into_iter().map(|(_, name)| name).collect(),
            codes: codes.collect(),
            address,
            aor: owned(self.aor),
            operator: owned(self.operator),
            coordinates: self.coordinates.map(|(rank, at)| (at, rank.source.to_owned())),
        }
    }
}

fn owned(newest: Newest<'_, &str>) -> Option<String> {
    newest.map(|(_, text)| text.to_owned())
}

fn spell<'r, K: Ord>(spellings: &mut BTreeMap<K, Spelling<'r>>, key: K, rank: Rank<'r>, text: &'r str) {
    let spelling = spellings.entry(key).or_default();
    spelling.spans.add(rank);
    keep(&mut spelling.newest, rank, Some(text));
}
