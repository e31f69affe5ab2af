//! Redactions, as agencies type them: `(B)(6);(B)(7)(C) `, `b(6), b(7)c`, `(b)(6),(b)(7)c)`, `(b)(7)(E )`.

/// Exemptions of the Freedom of Information Act and the Privacy Act, flat: without brackets, blanks and separators.
///
/// Longer ones stand before their beginnings, so that the first that fits is taken.
const EXEMPTIONS: &[&str] = &[
    "b7a", "b7b", "b7c", "b7d", "b7e", "b7f", "b1", "b2", "b3", "b4", "b5", "b6", "b7", "b8", "b9", "j2", "k1", "k2",
    "k5",
];

/// The same without their letter, as they follow another: `(b)(6), (7)(C)`.
const FOLLOWERS: &[&str] = &["7a", "7b", "7c", "7d", "7e", "7f", "5", "6", "7"];

/// What may stand between exemptions.
const BETWEEN: &[&str] = &["and", "or"];

/// Whole words that stand for a redaction.
const WORDS: &[&str] = &["redacted", "[redacted]", "(redacted)", "<redacted>", "*redacted*"];

/// Bytes with which a redaction can begin.
pub(crate) const FIRST_BYTES: &[u8] = b"bBjJkKrR([<*";

/// Longest text that can be a redaction, in bytes.
const LONGEST: usize = 64;

/// Whether a cell's text says that the value was withheld, in any known spelling.
///
/// Brackets may be unbalanced and blanks stand anywhere. Codes without a bracket within, such as `b6` and `(B1/B2)`, are
/// not taken for a redaction: they may be values. A mapping can name them under `null`.
///
/// ```
/// assert!(evidence::is_redaction("(B)(6);(B)(7)(C) "));
/// assert!(evidence::is_redaction("(b)(6),(b)(7)c)"));
/// assert!(!evidence::is_redaction("212(a)(6)"));
/// assert!(!evidence::is_redaction("B1/B2"));
/// ```
pub fn is_redaction(text: &str) -> bool {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST || !text.as_bytes().first().is_some_and(|b| FIRST_BYTES.contains(b)) {
        return false;
    }
    if !text.bytes().any(|b| b"()[]<*".contains(&b)) {
        return WORDS.iter().any(|word| word.eq_ignore_ascii_case(text));
    }
    let flat: String = text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    if WORDS.contains(&flat.as_str()) {
        return true;
    }
    if !flat.starts_with(['(', '[', 'b', 'j', 'k']) {
        return false;
    }
    let mut codes = String::with_capacity(flat.len());
    // For each byte of the codes, whether a bracket stands before it.
    let mut bracketed = Vec::with_capacity(flat.len());
    let mut bracket = false;
    for c in flat.chars() {
        match c {
            '(' | ')' | '[' | ']' => bracket = true,
            ';' | ',' | '/' | '&' | ':' | '.' | '+' | '-' => {}
            c if c.is_ascii() => {
                codes.push(c);
                bracketed.push(std::mem::take(&mut bracket));
            }
            _ => return false,
        }
    }
    let (mut at, mut within) = (0, false);
    while at < codes.len() {
        let rest = &codes[at..];
        let code = EXEMPTIONS.iter().chain(if at > 0 { FOLLOWERS } else { &[] }).find(|code| rest.starts_with(**code));
        let Some(code) = code else { return false };
        // A bracket stands within a code, before its number or its last letter: `(B1/B2)` is a class of visas.
        within |= bracketed[at + 1..at + code.len()].contains(&true);
        at += code.len();
        at += BETWEEN.iter().find(|word| codes[at..].starts_with(**word)).map_or(0, |word| word.len());
    }
    within
}
