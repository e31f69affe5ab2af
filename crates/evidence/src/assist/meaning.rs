//! What a column is likely to mean, by its header and by its values.

use super::concepts::{CONCEPTS, COUNTRIES, Concept, OTHER_PEOPLE, Proposes, SEXES, TRACKING_ES, Values};
use super::profile::Profile;
use crate::nearest::likeness;
use model::ValueType;

/// A likely meaning.
#[derive(Debug, Clone)]
pub(super) struct Meaning {
    pub(super) concept: &'static Concept,
    /// From 0 to 1.
    pub(super) confidence: f64,
    pub(super) why: String,
}

/// Least confidence of a meaning that is told at all.
const LEAST: f64 = 0.45;
/// Least likeness of a header that is spelt otherwise.
const SPELT: f64 = 0.84;

/// Letters without their accents, in lower case.
pub(super) fn folded(text: &str) -> String {
    let plain = |c: char| match c {
        'á' | 'à' | 'ä' | 'â' | 'ã' => 'a',
        'é' | 'è' | 'ë' | 'ê' => 'e',
        'í' | 'ì' | 'ï' | 'î' => 'i',
        'ó' | 'ò' | 'ö' | 'ô' | 'õ' => 'o',
        'ú' | 'ù' | 'ü' | 'û' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        other => other,
    };
    text.chars().flat_map(char::to_lowercase).map(plain).collect()
}

/// The words of a header, in lower case, without accents. `BirthDate`, `birth_date` and `Birth date` have the same.
pub(super) fn words(header: &str) -> Vec<String> {
    let mut spaced = String::with_capacity(header.len() + 8);
    let chars: Vec<char> = header.chars().collect();
    for (n, c) in chars.iter().enumerate() {
        let before = n.checked_sub(1).map(|b| chars[b]);
        let after = chars.get(n + 1);
        let starts = c.is_uppercase()
            && (before.is_some_and(char::is_lowercase)
                || before.is_some_and(char::is_uppercase) && after.is_some_and(|a| a.is_lowercase()));
        if starts {
            spaced.push(' ');
        }
        match c {
            '#' | '№' => spaced.push_str(" number "),
            c if c.is_alphanumeric() => spaced.push(*c),
            _ => spaced.push(' '),
        }
    }
    folded(&spaced).split_whitespace().map(str::to_owned).collect()
}

/// Words that say whose the column is and not what it holds.
const OWNERS: &[&str] =
    &["client", "clients", "cliente", "person", "persona", "respondent", "applicant", "str", "the", "de", "del", "su"];

/// How like a header is to the names of a meaning, from 0 to 1.
pub(super) fn header_likeness(header: &str, concept: &Concept) -> f64 {
    let all = words(header);
    let own: Vec<String> = match all.iter().position(|w| !OWNERS.contains(&w.as_str())) {
        Some(start) => all[start..].to_vec(),
        None => all.clone(),
    };
    let best = concept.headers.iter().map(|name| {
        let of_name: Vec<&str> = name.split(' ').collect();
        of_words(&all, &of_name).max(of_words(&own, &of_name))
    });
    best.fold(0.0, f64::max)
}

fn of_words(header: &[String], name: &[&str]) -> f64 {
    let (flat, flat_name) = (header.concat(), name.concat());
    if header == name || flat == flat_name {
        return 1.0;
    }
    let letters = flat_name.chars().count();
    let alike = likeness(&flat, &flat_name);
    // Of short names one other letter is another name.
    let spelt = if letters >= 6 && alike >= SPELT { alike * 0.8 } else { 0.0 };
    let extra = header.len().saturating_sub(name.len());
    let holds = extra > 0 && header.windows(name.len()).any(|w| w == name);
    let held = if holds && (name.len() > 1 || letters >= 5) { 0.86 - 0.1 * extra as f64 } else { 0.0 };
    spelt.max(held).max(0.0)
}

/// The word by which a column of this name would let the product track a person.
pub(super) fn tracking(name: &str) -> Option<&'static str> {
    let words = words(name);
    model::tracking_type(name)
        .or_else(|| model::tracking_type(&words.join("_")))
        .or_else(|| TRACKING_ES.iter().find(|(word, _)| words.iter().any(|w| w == word)).map(|(_, english)| *english))
}

/// The likeliest meaning of a column, given the type that its values have.
pub(super) fn meaning(header: &str, profile: &Profile, kind: ValueType) -> Option<Meaning> {
    let by_header = CONCEPTS.iter().map(|concept| {
        let likeness = header_likeness(header, concept);
        let agrees = values_agree(concept.values, profile, kind);
        let likeness = if is_of_others(header, concept) { likeness * 0.4 } else { likeness };
        let (confidence, said) = match agrees {
            Some(true) => (likeness * 0.97, "and the values look like it"),
            None if profile.filled == 0 => (likeness * 0.6, "and there is no value to compare"),
            None => (likeness * 0.85, "and the values do not speak against it"),
            Some(false) => (likeness * 0.4, "but the values do not look like it"),
        };
        let named = if likeness >= 0.999 { "is a name of it" } else { "is like a name of it" };
        Meaning { concept, confidence, why: format!("the header {named}, {said}") }
    });
    let by_values = CONCEPTS.iter().filter_map(|concept| {
        let confidence = match concept.values {
            Values::Sex if profile.texts.len() > 1 && whole_words_of_sex(profile) => 0.55,
            Values::Receipt => 0.7,
            Values::Country if concept.name == "citizenship" && profile.texts.len() > 2 => 0.5,
            _ => return None,
        };
        (values_agree(concept.values, profile, kind) == Some(true)).then(|| Meaning {
            concept,
            confidence,
            why: "only the values look like it".to_owned(),
        })
    });
    let mut best: Option<Meaning> = None;
    for meaning in by_header.chain(by_values).filter(|m| m.confidence >= LEAST) {
        if best.as_ref().is_none_or(|b| meaning.confidence > b.confidence + 1e-9) {
            best = Some(meaning);
        }
    }
    best
}

/// The header says that the column is about somebody, or something, else than the meaning is.
fn is_of_others(header: &str, concept: &Concept) -> bool {
    let about_the_person = matches!(concept.proposes, Proposes::Person(_) | Proposes::Key);
    let own = |word: &String| concept.headers.iter().any(|name| name.split(' ').any(|w| w == word));
    about_the_person && words(header).iter().any(|w| OTHER_PEOPLE.contains(&w.as_str()) && !own(w))
}

/// Single letters may mean much else.
fn whole_words_of_sex(profile: &Profile) -> bool {
    profile.texts.keys().all(|text| text.chars().count() > 1)
}

/// Whether the values look like those of a meaning; `None` if they cannot tell.
fn values_agree(values: Values, profile: &Profile, kind: ValueType) -> Option<bool> {
    if profile.filled == 0 {
        return None;
    }
    let dated = matches!(kind, ValueType::Date | ValueType::DateTime);
    let most = |share: f64| Some(share >= 0.8);
    match values {
        Values::Date => Some(dated),
        Values::Money => match kind {
            ValueType::Money => Some(true),
            ValueType::Integer => None,
            _ => Some(false),
        },
        Values::YesNo => Some(kind == ValueType::Boolean),
        _ if dated || kind == ValueType::Boolean => Some(false),
        Values::Name => {
            let of_name = |text: &str| {
                text.chars().all(|c| c.is_alphabetic() || " '-.,´`’".contains(c)) && text.split(' ').count() <= 5
            };
            most(profile.share_of_texts(of_name))
        }
        Values::Sex => {
            let sex = |text: &str| SEXES.iter().any(|(name, _)| *name == folded(text));
            Some(profile.texts.len() <= 8 && profile.share_of_texts(sex) > 0.6)
        }
        Values::Country => {
            let country = |text: &str| COUNTRIES.contains(&folded(text).as_str());
            match profile.share_of_texts(country) {
                share if share >= 0.5 => Some(true),
                _ if profile.with_digits * 2 > profile.filled => Some(false),
                _ => None,
            }
        }
        Values::ANumber => {
            let digits = |text: &str| {
                let bare: String = text.chars().filter(|c| !" -#.".contains(*c)).collect();
                let bare = bare.strip_prefix(['A', 'a']).unwrap_or(&bare).to_owned();
                (8..=9).contains(&bare.len()) && bare.bytes().all(|b| b.is_ascii_digit())
            };
            most(profile.share_of_texts(digits))
        }
        Values::Receipt => {
            let receipt = |text: &str| {
                let bare: String = text.chars().filter(|c| !" -".contains(*c)).collect();
                bare.len() == 13
                    && bare.bytes().take(3).all(|b| b.is_ascii_alphabetic())
                    && bare.bytes().skip(3).all(|b| b.is_ascii_digit())
            };
            most(profile.share_of_texts(receipt))
        }
        Values::Key => Some(profile.is_unique()),
        Values::Text => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_many_spellings() {
        for (header, expected) in [
            ("First Name", "given_name 1.00"),
            ("client_first_name", "given_name 1.00"),
            ("Apellidos", "surname 1.00"),
            ("Fecha de Nacimiento", "birth_date 1.00"),
            ("DOB", "birth_date 1.00"),
            ("BirthDate", "birth_date 1.00"),
            ("A#", "a_number 1.00"),
            ("Nacionalidad", "citizenship 1.00"),
            ("Natonality", "citizenship 0.73"),
            ("Género", "sex 1.00"),
            ("Next Court Date", "hearing_date 1.00"),
            ("Fecha de corte", "hearing_date 1.00"),
            ("Detention Book In Date And Time", "book_in 1.00"),
            ("Processing Disposition Code", "disposition 1.00"),
            ("strDecCode", "decision 1.00"),
            ("unit price", "none"),
        ] {
            let mut best = ("none", 0.0);
            for concept in CONCEPTS {
                let likeness = header_likeness(header, concept);
                if likeness > best.1 + 1e-9 {
                    best = (concept.name, likeness);
                }
            }
            let found = if best.1 > 0.5 { format!("{} {:.2}", best.0, best.1) } else { "none".to_owned() };
            assert_eq!(found, expected, "{header}");
        }
    }

    #[test]
    fn no_meaning_names_what_the_use_limits_forbid() {
        for concept in CONCEPTS {
            assert_eq!(tracking(concept.name), None);
        }
        for header in ["Teléfono", "Celular del cliente", "Cell Phone", "GPS", "phoneNumber", "Placa"] {
            assert!(tracking(header).is_some(), "{header}");
        }
    }
}
