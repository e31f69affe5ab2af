//! Institutions by the likeness of their names.

use super::names::{self, Likeness};
use super::{Institution, NameSpell};

/// Less alike than this is not found.
const LEAST: f64 = 0.5;

/// An institution whose name is like the one that was looked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found<'r> {
    /// The institution.
    pub institution: &'r Institution,
    /// The name of it that is most alike.
    pub name: &'r NameSpell,
    /// From 0 to 1.
    pub likeness: f64,
    /// In what way the names are alike.
    pub why: &'static str,
}

pub(super) fn find<'r>(institutions: &'r [Institution], name: &str, limit: usize) -> Vec<Found<'r>> {
    let wanted = names::name(name);
    if wanted.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<Found<'_>> = institutions.iter().filter_map(|i| most_alike(i, &wanted)).collect();
    found.sort_by(|a, b| b.likeness.total_cmp(&a.likeness).then_with(|| a.institution.id.cmp(&b.institution.id)));
    found.truncate(limit);
    found
}

fn most_alike<'r>(institution: &'r Institution, wanted: &str) -> Option<Found<'r>> {
    let place = institution.address.iter().flat_map(|a| [&a.city, &a.state]).flatten().map(|p| names::city(p));
    let place = place.collect::<Vec<_>>().join(" ");
    let mut best: Option<(Likeness, &NameSpell)> = None;
    for spell in &institution.names {
        let plain = names::name(&spell.name);
        // Who looks for `Stewart Lumpkin GA` adds the place to tell namesakes apart.
        for candidate in [plain.clone(), format!("{plain} {place}")] {
            let likeness = names::likeness(wanted, &candidate);
            if best.is_none_or(|(b, _)| likeness.score > b.score) {
                best = Some((likeness, spell));
            }
        }
    }
    let (Likeness { score, way }, name) = best?;
    (score >= LEAST).then_some(Found { institution, name, likeness: score, why: way })
}
