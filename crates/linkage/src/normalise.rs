//! One written form for each value, so that spelling habits of clerks and systems do not count as differences.

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// Particles and suffixes that join names but tell nobody apart. They stay in the text of a name and are no tokens.
const PARTICLES: &[&str] = &[
    "AL", "BIN", "BINT", "DA", "DAS", "DE", "DEL", "DER", "DI", "DO", "DOS", "DU", "E", "EL", "IBN", "II", "III", "IV",
    "JR", "LA", "LAS", "LE", "LOS", "SR", "VAN", "VON", "Y",
];

/// Upper case, without diacritics, apostrophes dropped, other punctuation and hyphens as single spaces.
///
/// `None` if nothing is left. The decomposition is Unicode NFKD (UAX #15), which contains NFD and also opens
/// full-width letters and ligatures as PDF text carries them.
///
/// ```
/// assert_eq!(linkage::normalise::text(" Zúñiga-Peña "), Some("ZUNIGA PENA".to_owned()));
/// assert_eq!(linkage::normalise::text("K'atun"), Some("KATUN".to_owned()));
/// assert_eq!(linkage::normalise::text(" - "), None);
/// ```
pub fn text(raw: &str) -> Option<String> {
    let mut out = String::with_capacity(raw.len());
    let letters = raw.chars().filter(|c| !is_apostrophe(*c)).nfkd().filter(|c| !is_combining_mark(*c));
    for letter in letters.flat_map(open_letter).flat_map(char::to_uppercase).nfkd().filter(|c| !is_combining_mark(*c)) {
        if letter.is_alphanumeric() {
            out.push(letter);
        } else if !is_apostrophe(letter) && !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    (!out.is_empty()).then_some(out)
}

/// The tokens of a normalised name, in written order, without particles; all of them if it is nothing but particles.
pub fn name_tokens(normalised: &str) -> Vec<&str> {
    let telling: Vec<&str> = normalised.split(' ').filter(|t| !PARTICLES.contains(t)).collect();
    if telling.is_empty() { normalised.split(' ').collect() } else { telling }
}

/// How a token sounds across the spellings of Spanish, Portuguese, French-based and romanised names: one letter for
/// letters that clerks exchange (B/V, Z/S/soft C, LL/Y/I, hard C/K/QU), no silent H, no doubled letter.
///
/// ```
/// use linkage::normalise::sound;
/// assert_eq!(sound("VELASQUEZ"), sound("BELAZKES"));
/// assert_eq!(sound("TZOC"), sound("TZOK"));
/// ```
pub fn sound(token: &str) -> String {
    const PAIRS: &[(&str, &str)] =
        &[("PH", "F"), ("SCH", "X"), ("SH", "X"), ("CH", "X"), ("TZ", "S"), ("LL", "I"), ("QU", "K"), ("CK", "K")];
    const VOWELS: &[(&str, &str)] = &[("OU", "U"), ("OO", "U"), ("EE", "I"), ("IE", "I"), ("GU", "G")];
    let mut out = String::with_capacity(token.len());
    let mut rest = token;
    while let Some(first) = rest.chars().next() {
        if let Some((from, to)) = PAIRS.iter().chain(VOWELS).find(|(from, _)| rest.starts_with(from)) {
            push_new(&mut out, to.chars());
            rest = &rest[from.len()..];
            continue;
        }
        rest = &rest[first.len_utf8()..];
        let soft = rest.starts_with(['E', 'I', 'Y']);
        let heard = match first {
            'H' => None,
            'V' | 'W' => Some('B'),
            'Z' => Some('S'),
            'C' if soft => Some('S'),
            'C' | 'Q' => Some('K'),
            'Y' => Some('I'),
            'G' if soft => Some('J'),
            other => Some(other),
        };
        push_new(&mut out, heard.into_iter());
    }
    out
}

/// An identifier as its digits and letters: punctuation, a leading `A` before digits and leading zeros removed.
///
/// `None` for an empty value and for one repeated character (`000000000`, `999-99-9999`), which is a placeholder.
///
/// ```
/// use linkage::normalise::identifier;
/// assert_eq!(identifier("A012-345-678"), identifier("12345678"));
/// assert_eq!(identifier("999999999"), None);
/// ```
pub fn identifier(raw: &str) -> Option<String> {
    let kept: String = raw.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    let digits = match kept.strip_prefix('A') {
        Some(rest) if !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()) => rest,
        _ => &kept,
    };
    let first = digits.chars().next()?;
    if digits.len() > 1 && digits.chars().all(|c| c == first) {
        return None;
    }
    let digits = digits.trim_start_matches('0');
    (!digits.is_empty()).then(|| digits.to_owned())
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '`' | '´' | 'ʼ' | 'ʻ' | 'ʾ' | 'ʿ' | '′')
}

/// Letters that Unicode does not decompose and that other systems write with plain ones.
fn open_letter(c: char) -> impl Iterator<Item = char> {
    let (first, second) = match c {
        'ø' | 'Ø' => ('O', None),
        'ł' | 'Ł' => ('L', None),
        'đ' | 'Đ' | 'ð' | 'Ð' => ('D', None),
        'ı' => ('I', None),
        'æ' | 'Æ' => ('A', Some('E')),
        'œ' | 'Œ' => ('O', Some('E')),
        other => (other, None),
    };
    std::iter::once(first).chain(second)
}

fn push_new(out: &mut String, letters: impl Iterator<Item = char>) {
    for letter in letters {
        if !out.ends_with(letter) {
            out.push(letter);
        }
    }
}
