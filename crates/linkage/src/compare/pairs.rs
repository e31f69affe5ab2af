//! The agreement pattern of a pair of records: one level a field, no string work beyond the first sight of two values.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::{level_of_codes, levels, names::SWAPPED};
use crate::{
    fields::{Field, FieldKind, Records},
    pattern::Layout,
};

/// Compares pairs and remembers the level of each pair of distinct values.
#[derive(Debug)]
pub(crate) struct Comparer<'a> {
    layout: &'a Layout,
    fields: Vec<FieldComparer<'a>>,
    across: Option<Across>,
}

#[derive(Debug)]
struct FieldComparer<'a> {
    field: &'a Field,
    /// The level of each value with itself.
    itself: Vec<u8>,
    memo: HashMap<u64, u8, FixedState>,
}

/// The comparison that looks at given name and surname together.
#[derive(Debug)]
struct Across {
    given: usize,
    surname: usize,
    given_swapped: u8,
    surname_swapped: u8,
    /// Weaker levels than these leave room for a swap.
    weak: u8,
}

impl<'a> Comparer<'a> {
    pub(crate) fn new(records: &'a Records, layout: &'a Layout) -> Self {
        let fields = records.fields();
        let at = |kind| fields.iter().position(|f| f.spec().kind == kind);
        let level = |kind, name| levels(kind).iter().position(|l| l.name == name).map(|at| at as u8 + 1);
        let across = at(FieldKind::GivenName).zip(at(FieldKind::Surname)).and_then(|(given, surname)| {
            Some(Across {
                given,
                surname,
                given_swapped: level(FieldKind::GivenName, SWAPPED)?,
                surname_swapped: level(FieldKind::Surname, SWAPPED)?,
                weak: level(FieldKind::GivenName, "similar")?,
            })
        });
        Self { layout, fields: fields.iter().map(FieldComparer::new).collect(), across }
    }

    /// The pattern of two records; the same whichever comes first.
    pub(crate) fn pattern(&mut self, left: u32, right: u32) -> u64 {
        let mut pattern = 0;
        for (at, field) in self.fields.iter_mut().enumerate() {
            pattern = self.layout.with(pattern, at, field.level(left, right));
        }
        match &self.across {
            Some(across) if self.is_swapped(across, pattern, left, right) => {
                let pattern = self.layout.with(pattern, across.given, across.given_swapped);
                self.layout.with(pattern, across.surname, across.surname_swapped)
            }
            _ => pattern,
        }
    }

    fn is_swapped(&self, across: &Across, pattern: u64, left: u32, right: u32) -> bool {
        if self.layout.level(pattern, across.given) <= across.weak
            || self.layout.level(pattern, across.surname) <= across.weak
        {
            return false;
        }
        let shared = |a: usize, left: u32, b: usize, right: u32| {
            let (a, b) = (self.fields[a].field, self.fields[b].field);
            let right = b.tokens(b.codes()[right as usize]);
            a.tokens(a.codes()[left as usize]).iter().any(|token| right.contains(token))
        };
        shared(across.given, left, across.surname, right) && shared(across.surname, left, across.given, right)
    }
}

impl<'a> FieldComparer<'a> {
    fn new(field: &'a Field) -> Self {
        let level = |code| level_of_codes(field.spec().kind, field.values(), code, code);
        let itself = (0..field.counts().len() as u32).map(|code| if code == 0 { 0 } else { level(code) }).collect();
        Self { field, itself, memo: HashMap::default() }
    }

    fn level(&mut self, left: u32, right: u32) -> u8 {
        let (left, right) = (self.field.codes()[left as usize], self.field.codes()[right as usize]);
        if left == right {
            return self.itself[left as usize];
        }
        if left == 0 || right == 0 {
            return 0;
        }
        let kind = self.field.spec().kind;
        if kind == FieldKind::Category {
            return 2;
        }
        let (low, high) = (left.min(right), left.max(right));
        *self
            .memo
            .entry(u64::from(low) << 32 | u64::from(high))
            .or_insert_with(|| level_of_codes(kind, self.field.values(), low, high))
    }
}
