//! Redactions, as agencies type them: `(B)(6);(B)(7)(C) `, `b(6), b(7)c`, `(b)(6),(b)(7)c)`, `(b)(7)(E )`.

/// Exemptions of the Freedom of Information Act and the Privacy Act, flat: without brackets, blanks and separators.
///
/// Longer ones stand before their beginnings, so that the first that fits is taken.
const EXEMPTIONS: &[&str] = &[
    "b7a", "b7b", "b7c", "b7d", "b7e", "b7f", "b1", "b2", "b3", "b4", "b5", "b6", "b7", "b8", "b9", "j2", "k1", "k2",
    "k5",
];

/// Whole words that stand for a redaction.
const WORDS: &[&str] = &["redacted", "[redacted]", "(redacted)", "<redacted>", "*redacted*"];

/// Bytes with which a redaction can begin.
pub(crate) const FIRST_BYTES: &[u8] = b"bBjJkKrR([<*";

/// Longest text that can be a redaction, in bytes.
const LONGEST: usize = 64;

/// Whether a cell's text says that the value was withheld, in any known spelling.
///
/// Brackets may be unbalanced and blanks stand anywhere. A code without any bracket, such as `b6`, is not taken for a
/// redaction: it may be a value. A mapping can name it under `null`.
///
/// ```
/// assert!(evidence::is_redaction("(B)(6);(B)(7)(C) "));
/// assert!(evidence::is_redaction("(b)(6),(b)(7)c)"));
/// assert!(!evidence::is_redaction("212(a)(6)"));
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
    // The number always stands in brackets, at least in half of them.
    if !flat.contains(['(', ')', '[', ']']) || !flat.starts_with(['(', '[', 'b', 'j', 'k']) {
        return false;
    }
    let codes: String = flat.chars().filter(|c| !matches!(c, '(' | ')' | '[' | ']' | ';' | ',' | '/' | '&')).collect();
    let mut rest = codes.as_str();
    while !rest.is_empty() {
        match EXEMPTIONS.iter().find_map(|e| rest.strip_prefix(e)) {
            Some(after) => rest = after.strip_prefix("and").unwrap_or(after),
            None => return false,
        }
    }
    !codes.is_empty()
}
