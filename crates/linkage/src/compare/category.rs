//! Values that are equal or not, and places, which are also misspelt.

use super::{Frequency, Level, LevelInfo, is_like};

pub(super) const LEVELS: &[Level<str>] = &[
    Level {
        info: LevelInfo { name: "exact", doc: "the same value", m: 0.9, u: 0.1, frequency: Frequency::OfValue },
        test: |l, r| l == r,
    },
    Level {
        info: LevelInfo { name: "else", doc: "another value", m: 0.1, u: 0.9, frequency: Frequency::Ignored },
        test: |_, _| true,
    },
];

pub(super) const PLACE: &[Level<str>] = &[
    Level {
        info: LevelInfo { name: "exact", doc: "the same place", m: 0.75, u: 0.03, frequency: Frequency::OfValue },
        test: |l, r| l == r,
    },
    Level {
        info: LevelInfo {
            name: "similar",
            doc: "Jaro–Winkler of at least 0.92",
            m: 0.05,
            u: 0.005,
            frequency: Frequency::Ignored,
        },
        test: |l, r| is_like(l, r, 0.92),
    },
    Level {
        info: LevelInfo { name: "else", doc: "another place", m: 0.2, u: 0.965, frequency: Frequency::Ignored },
        test: |_, _| true,
    },
];
