//! Names as people carry them: several tokens, in any order, abbreviated, respelt.

use super::{Frequency, Level, LevelInfo, is_like, variants};
use crate::normalise;

/// A normalised name with what its comparisons look at, worked out once for each distinct value.
#[derive(Debug, Clone, Default)]
pub(crate) struct Name {
    pub(crate) text: String,
    joined: String,
    /// In written order, without particles.
    pub(crate) tokens: Vec<Token>,
}

/// One telling word of a name.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) sound: String,
    /// The groups of the variants table that hold it.
    groups: Vec<u16>,
}

impl Name {
    /// Takes apart a name that [`normalise::text`] returned.
    pub(crate) fn of_normal(text: &str) -> Self {
        let tokens = normalise::name_tokens(text)
            .into_iter()
            .map(|t| Token { text: t.to_owned(), sound: normalise::sound(t), groups: variants::groups(t) })
            .collect();
        Self { text: text.to_owned(), joined: text.replace(' ', ""), tokens }
    }
}

macro_rules! name_levels {
    ($name:ident, $what:literal, [$($m_u:expr),+ $(,)?], $($across:expr),+) => {
        pub(super) const $name: &[Level<Name>] = &{
            let [exact, same, variant, several, similar, shared, alike, initial, other] = [$($m_u),+];
            [
                level("exact", "the same text", exact, Frequency::OfValue, |l, r| l.text == r.text),
                level("same names", "the same names in another order, or written apart or together", same,
                    Frequency::Ignored, same_names),
                level("known variant", "every name the same, or a nickname, transliteration or same-sounding spelling of the other",
                    variant, Frequency::Ignored, |l, r| l.tokens.len() == r.tokens.len() && names_found(l, r, known)),
                level("one name of several", "the side with fewer names, or with initials, has no name that the other lacks",
                    several, Frequency::OfSharedToken, one_of_several),
                level("similar", "every name of the shorter side has Jaro–Winkler of at least 0.92 to one of the other",
                    similar, Frequency::Ignored, |l, r| similar_names(l, r, 0.92)),
                level("a name shared", "one name the same, others not", shared, Frequency::OfSharedToken,
                    |l, r| l.tokens.iter().any(|a| r.tokens.iter().any(|b| a.text.len() > 1 && a.text == b.text))),
                level("alike", "every name of the shorter side has Jaro–Winkler of at least 0.84 to one of the other",
                    alike, Frequency::Ignored, |l, r| similar_names(l, r, 0.84)),
                level("initial", "one side is an initial of the other", initial, Frequency::Ignored, initial_only),
                $($across,)+
                level("else", concat!("another ", $what), other, Frequency::Ignored, |_, _| true),
            ]
        };
    };
}

name_levels!(
    GIVEN,
    "given name",
    [
        (0.70, 0.008),
        (0.02, 0.000_3),
        (0.06, 0.002),
        (0.10, 0.012),
        (0.045, 0.004),
        (0.015, 0.008),
        (0.015, 0.012),
        (0.005, 0.005),
        (0.03, 0.948_6)
    ],
    // Found between fields: see `Comparer`. No test of one field alone can hold.
    level(
        SWAPPED,
        "given name and surname stand in each other's field",
        (0.01, 0.000_1),
        Frequency::Ignored,
        |_, _| false
    )
);
name_levels!(
    SURNAME,
    "surname",
    [
        (0.70, 0.004),
        (0.03, 0.000_2),
        (0.05, 0.001_5),
        (0.12, 0.006),
        (0.045, 0.003),
        (0.02, 0.004),
        (0.01, 0.010),
        (0.002, 0.002),
        (0.023, 0.969_3)
    ],
    level(
        SWAPPED,
        "stands in the other field; its weight is counted with the given name",
        (0.0, 0.0),
        Frequency::Ignored,
        |_, _| false
    )
);
name_levels!(
    FULL,
    "name",
    [
        (0.60, 0.000_1),
        (0.08, 0.000_05),
        (0.05, 0.000_2),
        (0.15, 0.000_5),
        (0.05, 0.000_5),
        (0.03, 0.025),
        (0.015, 0.002),
        (0.001, 0.001),
        (0.02, 0.969_65)
    ],
    level("two names alike", "two names alike, others not", (0.004, 0.001), Frequency::Ignored, two_alike)
);

/// What the level of a given/surname swap is called.
pub(super) const SWAPPED: &str = "swapped with the other name field";

const fn level(
    name: &'static str,
    doc: &'static str,
    (m, u): (f64, f64),
    frequency: Frequency,
    test: fn(&Name, &Name) -> bool,
) -> Level<Name> {
    Level { info: LevelInfo { name, doc, m, u, frequency }, test }
}

fn same_names(left: &Name, right: &Name) -> bool {
    left.joined == right.joined
        || (left.tokens.len() > 1
            && left.tokens.len() == right.tokens.len()
            && names_found(left, right, |a, b| a.text == b.text))
}

/// Whether each token of the shorter name finds a token of its own in the longer.
fn names_found(left: &Name, right: &Name, same: impl Fn(&Token, &Token) -> bool) -> bool {
    // The order of equal lengths is by text, so that the greedy search is symmetric.
    let left_first = left.tokens.len().cmp(&right.tokens.len()).then_with(|| left.text.cmp(&right.text)).is_le();
    let (short, long) = if left_first { (left, right) } else { (right, left) };
    let mut taken = 0_u64;
    short.tokens.iter().all(|a| {
        let found = long.tokens.iter().take(64).enumerate().position(|(i, b)| taken >> i & 1 == 0 && same(a, b));
        found.inspect(|&i| taken |= 1 << i).is_some()
    })
}

fn known(left: &Token, right: &Token) -> bool {
    left.text == right.text
        || left.groups.iter().any(|g| right.groups.contains(g))
        || (left.sound.len() > 2 && left.sound == right.sound)
}

fn is_initial(left: &Token, right: &Token) -> bool {
    let of = |short: &str, long: &str| short.chars().count() == 1 && long.starts_with(short);
    of(&left.text, &right.text) || of(&right.text, &left.text)
}

fn one_of_several(left: &Name, right: &Name) -> bool {
    let some_known = left.tokens.iter().any(|a| right.tokens.iter().any(|b| a.text.len() > 1 && known(a, b)));
    some_known && names_found(left, right, |a, b| known(a, b) || is_initial(a, b))
}

fn similar_names(left: &Name, right: &Name, at_least: f64) -> bool {
    let by_sound =
        || left.tokens.len() != right.tokens.len() && is_like(&left.joined, &right.joined, at_least.max(0.9));
    names_found(left, right, |a, b| known(a, b) || is_like(&a.text, &b.text, at_least)) || by_sound()
}

fn initial_only(left: &Name, right: &Name) -> bool {
    left.tokens.len().min(right.tokens.len()) == 1 && names_found(left, right, is_initial)
}

fn two_alike(left: &Name, right: &Name) -> bool {
    let alike = |a: &Token| right.tokens.iter().any(|b| is_like(&a.text, &b.text, 0.84));
    let back = |b: &Token| left.tokens.iter().any(|a| is_like(&a.text, &b.text, 0.84));
    left.tokens.iter().filter(|a| alike(a)).count() >= 2 && right.tokens.iter().filter(|b| back(b)).count() >= 2
}
