//! Names and addresses in a form in which equal ones are equal, and how alike two are.

use rapidfuzz::distance::osa;

/// Short forms in names, and what each stands for wherever it stands.
const SHORT: &[(&str, &str)] = &[
    ("CNTR", "CENTER"),
    ("CNTY", "COUNTY"),
    ("CO", "COUNTY"),
    ("COMM", "COMMUNITY"),
    ("COR", "CORRECTIONAL"),
    ("CORR", "CORRECTIONAL"),
    ("CORREC", "CORRECTIONAL"),
    ("CORRECT", "CORRECTIONAL"),
    ("CORRECTIONS", "CORRECTIONAL"),
    ("CTR", "CENTER"),
    ("DEPT", "DEPARTMENT"),
    ("DET", "DETENTION"),
    ("DETENT", "DETENTION"),
    ("DETN", "DETENTION"),
    ("FAC", "FACILITY"),
    ("FACI", "FACILITY"),
    ("FACIL", "FACILITY"),
    ("FACILI", "FACILITY"),
    ("FAM", "FAMILY"),
    ("FCI", "FEDERAL CORRECTIONAL INSTITUTION"),
    ("FCLTY", "FACILITY"),
    ("FDC", "FEDERAL DETENTION CENTER"),
    ("FED", "FEDERAL"),
    ("FMC", "FEDERAL MEDICAL CENTER"),
    ("HOLDROOM", "HOLD ROOM"),
    ("HOSP", "HOSPITAL"),
    ("INST", "INSTITUTION"),
    ("INSTITUTE", "INSTITUTION"),
    ("IPC", "ICE PROCESSING CENTER"),
    ("JUV", "JUVENILE"),
    ("JUVY", "JUVENILE"),
    ("MED", "MEDICAL"),
    ("NW", "NORTHWEST"),
    ("PEN", "PENITENTIARY"),
    ("PROC", "PROCESSING"),
    ("REG", "REGIONAL"),
    ("RM", "ROOM"),
    ("SPC", "SERVICE PROCESSING CENTER"),
    ("USP", "US PENITENTIARY"),
];

/// Ways in which lists write words of cities.
const CITY: &[(&str, &str)] = &[("FT", "FORT"), ("MT", "MOUNT"), ("ST", "SAINT"), ("STE", "SAINTE")];

/// Ways in which lists write words of streets.
const STREET: &[(&str, &str)] = &[
    ("AVENUE", "AVE"),
    ("BOULEVARD", "BLVD"),
    ("COURT", "CT"),
    ("DRIVE", "DR"),
    ("EAST", "E"),
    ("HIGHWAY", "HWY"),
    ("LANE", "LN"),
    ("NORTH", "N"),
    ("PARKWAY", "PKWY"),
    ("ROAD", "RD"),
    ("SOUTH", "S"),
    ("STREET", "ST"),
    ("WEST", "W"),
];

/// Names are alike "but for spelling" from here on: where the words of one are not all in the other, four letters of
/// five agree.
const SAME_NAME: f64 = 0.8;

/// A name: capitals, single blanks, no punctuation, short words written out.
pub(crate) fn name(text: &str) -> String {
    plain(text, SHORT)
}

/// A city, likewise.
pub(crate) fn city(text: &str) -> String {
    plain(text, CITY)
}

/// A street, likewise, with its words shortened.
pub(crate) fn street(text: &str) -> String {
    plain(text, STREET)
}

fn plain(text: &str, words: &[(&str, &str)]) -> String {
    let mut flat = String::with_capacity(text.len());
    // Letters of the word so far: the dots of `U.S.` vanish, those of `FED.DET.CENTER` part words.
    let mut letters = 0;
    for c in text.chars() {
        match c {
            '\'' | '’' => {}
            '.' if letters == 1 => letters = 0,
            c if c.is_alphanumeric() => {
                letters += 1;
                flat.extend(c.to_uppercase());
            }
            c => {
                letters = 0;
                flat.push_str(if c == '&' { " AND " } else { " " });
            }
        }
    }
    let written = |word| words.iter().find(|(short, _)| *short == word).map_or(word, |(_, long)| *long);
    flat.split_whitespace().map(written).collect::<Vec<_>>().join(" ")
}

/// A name as the last part of an id: lower case, words joined by `-`. Short forms stay, so that an id does not change
/// when one more of them is known.
pub(crate) fn slug(text: &str) -> String {
    plain(text, &[]).to_lowercase().replace(' ', "-")
}

/// How alike two names are, and in what way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Likeness {
    /// From 0 to 1.
    pub(crate) score: f64,
    pub(crate) way: &'static str,
}

/// How alike two names are that [`name`] has made plain.
///
/// The share of letters that agree (one less the normalised optimal string alignment distance), with the words as they
/// stand or in alphabetical order; 0.95 if all words of the shorter stand in the longer, and these are at least two.
pub(crate) fn likeness(left: &str, right: &str) -> Likeness {
    if left == right {
        return Likeness { score: 1.0, way: "equal but for case, punctuation and short forms" };
    }
    let (a, b) = (sorted(left), sorted(right));
    if a == b {
        return Likeness { score: 0.99, way: "the same words in another order" };
    }
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    if short.len() >= 2 && short.iter().all(|word| long.contains(word)) {
        return Likeness { score: 0.95, way: "all words of the shorter name are in the longer" };
    }
    let as_written = osa::normalized_similarity(left.chars(), right.chars());
    let in_order = osa::normalized_similarity(a.join(" ").chars(), b.join(" ").chars());
    let score = as_written.max(in_order);
    Likeness { score: if score.is_nan() { 0.0 } else { score }, way: "spelled alike" }
}

/// Whether two plain names differ in no more than spelling.
pub(crate) fn same_but_for_spelling(left: &str, right: &str) -> bool {
    left.replace(' ', "") == right.replace(' ', "") || likeness(left, right).score >= SAME_NAME
}

fn sorted(text: &str) -> Vec<&str> {
    let mut words: Vec<&str> = text.split(' ').collect();
    words.sort_unstable();
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_names_and_streets() {
        for (text, expected) in [
            ("Alamance Co. Det. Facility", "ALAMANCE COUNTY DETENTION FACILITY"),
            ("MIAMI FED.DET.CENTER", "MIAMI FEDERAL DETENTION CENTER"),
            ("U.S. Pen. - Lewisburg", "US PENITENTIARY LEWISBURG"),
            ("Sheriff's  Office & Jail", "SHERIFFS OFFICE AND JAIL"),
            ("", ""),
        ] {
            assert_eq!(name(text), expected);
        }
        assert_eq!(street("1705 East Hanna Rd."), street("1705 E. HANNA ROAD"));
        assert_eq!(city("St. Albans"), city("SAINT ALBANS"));
        assert_eq!(slug("Berks Co. Jail (Annex)"), "berks-co-jail-annex");
    }

    #[test]
    fn how_alike_names_are() {
        for (left, right, same) in [
            ("STEWART DETENTION CENTER", "Stewart Det. Ctr.", true),
            ("DETENTION CENTER STEWART", "STEWART DETENTION CENTER", true),
            ("ADELANTO ICE PROCESSING CENTER", "ADELANTO ICE PROCESING CENTER", true),
            ("YORK COUNTY JAIL", "YORK COUNTY JAIL, PA", true),
            ("HOLDROOM DENVER", "HOLD ROOM DENVER", true),
            ("MAT-SU PRETRIAL", "MATSU PRETRIAL", true),
            ("HUTTO CCA", "T DON HUTTO RESIDENTIAL CENTER", false),
            ("SOUTH TEXAS DETENTION COMPLEX", "SOUTH TEXAS ICE PROCESSING CENTER", false),
        ] {
            assert_eq!(same_but_for_spelling(&name(left), &name(right)), same, "{left} / {right}");
        }
    }
}
