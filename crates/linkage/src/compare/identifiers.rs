//! Numbers that one person should have alone, with the slips of copying them.

use super::{Frequency, Level, LevelInfo};

pub(super) const LEVELS: &[Level<str>] = &[
    Level { info: info("exact", "the same number", 0.949, 0.000_001), test: |l, r| l == r },
    Level {
        info: info("adjacent digits swapped", "two neighbouring digits exchanged", 0.015, 0.000_001),
        test: |l, r| padded(l, r, one_swap),
    },
    Level {
        info: info("one digit", "one digit different, missing or added", 0.021, 0.000_003),
        test: |l, r| padded(l, r, |a, b| differences(a, b) == 1) || one_missing(l.as_bytes(), r.as_bytes()),
    },
    Level { info: info("else", "another number", 0.015, 0.999_995), test: |_, _| true },
];

const fn info(name: &'static str, doc: &'static str, m: f64, u: f64) -> LevelInfo {
    LevelInfo { name, doc, m, u, frequency: Frequency::Ignored }
}

/// Whether two strings of one length differ by one exchange of neighbours.
pub(super) fn one_swap(left: &[u8], right: &[u8]) -> bool {
    let Some(at) = left.iter().zip(right).position(|(l, r)| l != r) else { return false };
    at + 1 < left.len()
        && left.len() == right.len()
        && left[at] == right[at + 1]
        && left[at + 1] == right[at]
        && left[at + 2..] == right[at + 2..]
}

pub(super) fn differences(left: &[u8], right: &[u8]) -> usize {
    left.iter().zip(right).filter(|(l, r)| l != r).count()
}

/// Leading zeros were removed, so the shorter number gets them back before digits are held side by side.
fn padded(left: &str, right: &str, test: fn(&[u8], &[u8]) -> bool) -> bool {
    const WIDEST: usize = 32;
    let width = left.len().max(right.len());
    if left.len().min(right.len()) + 2 < width || width > WIDEST {
        return false;
    }
    let (mut l, mut r) = ([b'0'; WIDEST], [b'0'; WIDEST]);
    l[width - left.len()..width].copy_from_slice(left.as_bytes());
    r[width - right.len()..width].copy_from_slice(right.as_bytes());
    test(&l[..width], &r[..width])
}

fn one_missing(left: &[u8], right: &[u8]) -> bool {
    let (short, long) = if left.len() < right.len() { (left, right) } else { (right, left) };
    if short.len() + 1 != long.len() || short.len() < 5 {
        return false;
    }
    let at = short.iter().zip(long).position(|(s, l)| s != l).unwrap_or(short.len());
    short[at..] == long[at + 1..]
}
