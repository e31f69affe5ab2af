//! What the columns and keys of a part hold, counted as its rows pass.

use super::dates::{other_order, read};
use super::report::{ColumnCheck, DayMonth, FormatCount, KeyCheck, ProblemCheck, ShapeCheck, TextCount};
use crate::cell::{Cell, ColumnReader, Value};
use crate::interior::Interior;
use crate::load::Watch;
use crate::mapping::{Column, Key, Table};
use crate::problem::Problem;
use crate::rules::hold;
use foldhash::quality::FixedState;
use model::ValueType;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::BuildHasher;

/// Texts that are shown of a problem.
const EXAMPLES: usize = 3;
/// Texts that a crosswalk lacks and that are shown.
const LACKING: usize = 20;
/// Distinct texts of a column whose date formats are remembered.
const REMEMBERED: usize = 16_384;
/// Longest text that is shown.
const SHOWN: usize = 80;

/// Counts what a part holds.
pub(super) struct Tally<'m> {
    table: &'m Table,
    columns: Vec<ColumnTally<'m>>,
    /// By the names of the crosswalk's columns: their number if there is one, and the texts.
    lacking: BTreeMap<String, (Option<usize>, BTreeMap<String, u64>)>,
    keys: Vec<KeyTally>,
    of_table: KeyTally,
    hasher: FixedState,
}

struct ColumnTally<'m> {
    column: &'m Column,
    filled: u64,
    null: u64,
    redacted: u64,
    typed: u64,
    problems: BTreeMap<Problem, Examples>,
    misshapen: Examples,
    dates: Option<DateTally>,
}

#[derive(Debug, Default)]
struct Examples {
    cells: u64,
    texts: BTreeSet<String>,
    in_order: Vec<String>,
}

impl Examples {
    fn add(&mut self, text: &str) {
        self.cells += 1;
        if !text.is_empty() && self.in_order.len() < EXAMPLES && !self.texts.contains(text) {
            self.texts.insert(text.to_owned());
            self.in_order.push(shown(text));
        }
    }
}

/// A text short enough to be shown.
pub(super) fn shown(text: &str) -> String {
    if text.chars().count() <= SHOWN {
        return text.to_owned();
    }
    let cut: String = text.chars().take(SHOWN - 1).collect();
    format!("{cut}…")
}

/// How the dates of a column are written.
struct DateTally {
    formats: Vec<String>,
    /// The first format whose day and month are both numbers, and the other order of it.
    order: Option<(usize, String)>,
    read_by: Vec<u64>,
    own: u64,
    day_month: [u64; 3],
    known: HashMap<String, DateOfText>,
}

#[derive(Debug, Clone, Copy)]
struct DateOfText {
    by: Option<usize>,
    order: Option<Order>,
}

/// What a text says of the order of day and month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    OnlyThis = 0,
    Either = 1,
    OnlyOther = 2,
}

impl DateTally {
    fn new(column: &Column) -> Self {
        let order = column.formats.iter().enumerate().find_map(|(n, f)| other_order(f).map(|other| (n, other)));
        // A mapping that takes both orders says itself that either may be meant.
        let order = order.filter(|(_, other)| !column.formats.contains(other));
        Self {
            read_by: vec![0; column.formats.len()],
            formats: column.formats.clone(),
            order,
            own: 0,
            day_month: [0; 3],
            known: HashMap::new(),
        }
    }

    fn add(&mut self, cell: &Cell) {
        let text = cell.trimmed();
        let found = match self.known.get(text) {
            Some(known) => *known,
            None => {
                let found = self.look(text);
                if self.known.len() < REMEMBERED {
                    self.known.insert(text.to_owned(), found);
                }
                found
            }
        };
        match (found.by, cell.value) {
            (Some(by), Value::Date(_) | Value::DateTime(..)) => self.read_by[by] += 1,
            (None, Value::Date(_) | Value::DateTime(..)) => self.own += 1,
            _ => {}
        }
        if let Some(order) = found.order {
            self.day_month[order as usize] += 1;
        }
    }

    fn look(&self, text: &str) -> DateOfText {
        let parses =
            |format: &String| jiff::fmt::strtime::parse(format, text).is_ok_and(|broken| broken.to_date().is_ok());
        let by = self.formats.iter().position(parses);
        let order =
            self.order.as_ref().and_then(|(n, other)| match (read(text, &self.formats[*n]), read(text, other)) {
                (Some(this), Some(other)) if this.date == other.date => None,
                (Some(_), Some(_)) => Some(Order::Either),
                (Some(_), None) => Some(Order::OnlyThis),
                (None, Some(_)) => Some(Order::OnlyOther),
                (None, None) => None,
            });
        DateOfText { by, order }
    }

    fn day_month(&self) -> Option<DayMonth> {
        let (n, other) = self.order.as_ref()?;
        let [only_this, either, only_other] = self.day_month;
        (only_this + either + only_other > 0).then(|| DayMonth {
            format: self.formats[*n].clone(),
            other: other.clone(),
            only_this,
            either,
            only_other,
        })
    }
}

#[derive(Debug, Default)]
struct KeyTally {
    seen: HashSet<u64>,
    empty: u64,
    first_empty: Option<u64>,
    repeated: u64,
    first_repeated: Option<u64>,
}

impl KeyTally {
    fn add(&mut self, row: u64, key: Option<u64>) {
        match key {
            None => {
                self.empty += 1;
                self.first_empty.get_or_insert(row);
            }
            Some(key) if !self.seen.insert(key) => {
                self.repeated += 1;
                self.first_repeated.get_or_insert(row);
            }
            Some(_) => {}
        }
    }

    fn report(&self, of: &str, columns: Vec<String>) -> KeyCheck {
        KeyCheck {
            of: of.to_owned(),
            columns,
            empty: self.empty,
            first_empty: self.first_empty,
            repeated: self.repeated,
            first_repeated: self.first_repeated,
        }
    }
}

impl<'m> Tally<'m> {
    /// `columns` are those of the part's layout.
    pub(super) fn new(table: &'m Table, columns: &'m [Column]) -> Self {
        let of_column = |column: &'m Column| ColumnTally {
            column,
            filled: 0,
            null: 0,
            redacted: 0,
            typed: 0,
            problems: BTreeMap::new(),
            misshapen: Examples::default(),
            dates: matches!(column.kind, ValueType::Date | ValueType::DateTime).then(|| DateTally::new(column)),
        };
        Self {
            table,
            columns: columns.iter().map(of_column).collect(),
            lacking: BTreeMap::new(),
            keys: table.objects.iter().map(|_| KeyTally::default()).collect(),
            of_table: KeyTally::default(),
            hasher: FixedState::default(),
        }
    }

    /// What the columns that the part has hold. `present` tells which.
    pub(super) fn columns(&self, present: impl Fn(usize) -> bool) -> Vec<ColumnCheck> {
        let found = self.columns.iter().enumerate().filter(|(index, _)| present(*index));
        found.map(|(index, tally)| tally.report(self.lacking_of(index))).collect()
    }

    fn lacking_of(&self, column: usize) -> Vec<TextCount> {
        let of_column = self.lacking.values().find(|(of, _)| *of == Some(column));
        of_column.map(|(_, texts)| most_frequent(texts)).unwrap_or_default()
    }

    /// Texts of several columns together that a crosswalk lacks.
    pub(super) fn joint_lacking(&self) -> BTreeMap<String, Vec<TextCount>> {
        let joint = self.lacking.iter().filter(|(_, (of, _))| of.is_none());
        joint.map(|(name, (_, texts))| (name.clone(), most_frequent(texts))).collect()
    }

    /// The keys, where there are any made of columns.
    pub(super) fn keys(&self) -> Vec<KeyCheck> {
        let names = |columns: &[usize]| -> Vec<String> {
            columns.iter().map(|c| self.table.columns[*c].as_name.clone()).collect()
        };
        let mut keys = Vec::new();
        if !self.table.key.is_empty() {
            keys.push(self.of_table.report("table", names(&self.table.key)));
        }
        for (rule, tally) in self.table.objects.iter().zip(&self.keys) {
            if let Key::Columns(columns) = &rule.key {
                let mut key = tally.report(&rule.name, names(columns));
                if rule.refers {
                    (key.repeated, key.first_repeated) = (0, None);
                }
                keys.push(key);
            }
        }
        keys
    }
}

fn most_frequent(texts: &BTreeMap<String, u64>) -> Vec<TextCount> {
    let mut counts: Vec<TextCount> =
        texts.iter().map(|(text, cells)| TextCount { text: shown(text), cells: *cells }).collect();
    counts.sort_by(|a, b| b.cells.cmp(&a.cells).then_with(|| a.text.cmp(&b.text)));
    counts.truncate(LACKING);
    counts
}

impl ColumnTally<'_> {
    fn add(&mut self, cell: &Cell) {
        match cell.value {
            Value::Null => self.null += 1,
            Value::Redacted => self.redacted += 1,
            value => {
                self.filled += 1;
                self.typed += u64::from(value != Value::Unreadable);
                if let Some(shape) = &self.column.shape
                    && !shape.fits(cell.trimmed())
                {
                    self.misshapen.add(cell.trimmed());
                }
                if let Some(dates) = &mut self.dates {
                    dates.add(cell);
                }
            }
        }
        for problem in cell.problems.iter().filter(|p| *p != Problem::Redacted) {
            self.problems.entry(problem).or_default().add(cell.trimmed());
        }
    }

    fn report(&self, not_in_map: Vec<TextCount>) -> ColumnCheck {
        let problems = self.problems.iter().map(|(problem, examples)| ProblemCheck {
            problem: problem.name().to_owned(),
            cells: examples.cells,
            examples: examples.in_order.clone(),
        });
        let dates = self.dates.as_ref();
        let formats = dates.into_iter().flat_map(|d| d.formats.iter().zip(&d.read_by));
        let formats = formats.filter(|(_, cells)| **cells > 0);
        let shape = self.column.shape.as_ref().filter(|_| self.misshapen.cells > 0);
        ColumnCheck {
            name: self.column.name.clone(),
            as_name: self.column.as_name.clone(),
            kind: self.column.kind.name().to_owned(),
            filled: self.filled,
            null: self.null,
            redacted: self.redacted,
            typed: self.typed,
            problems: problems.collect(),
            formats: formats.map(|(format, cells)| FormatCount { format: format.clone(), cells: *cells }).collect(),
            own_dates: dates.map_or(0, |d| d.own),
            day_month: dates.and_then(DateTally::day_month),
            shape: shape.map(|shape| ShapeCheck {
                shape: shape.as_str().to_owned(),
                cells: self.misshapen.cells,
                examples: self.misshapen.in_order.clone(),
            }),
            not_in_map,
        }
    }
}

impl Watch for Tally<'_> {
    fn row(&mut self, number: u64, cells: &[ColumnReader<'_>], interior: &Interior<'_>) {
        for (tally, reader) in self.columns.iter_mut().zip(cells) {
            tally.add(reader.cell());
        }
        for joint in &interior.not_in_map {
            let (columns, name) = &interior.joint_names[*joint];
            let texts: Vec<&str> = columns.iter().map(|c| cells[*c].cell().trimmed()).collect();
            let one = if let [one] = columns.as_slice() { Some(*one) } else { None };
            let (_, counts) = self.lacking.entry(name.clone()).or_insert_with(|| (one, BTreeMap::new()));
            *counts.entry(texts.join("/")).or_default() += 1;
        }
        for ((rule, tally), (exists, id)) in self.table.objects.iter().zip(&mut self.keys).zip(interior.ids()) {
            match &rule.key {
                Key::Columns(_) if *exists => tally.add(number, Some(self.hasher.hash_one(id))),
                Key::Columns(_) if hold(&rule.when, cells) => tally.add(number, None),
                _ => {}
            }
        }
        if !self.table.key.is_empty() {
            let parts: Vec<&Cell> = self.table.key.iter().map(|c| cells[*c].cell()).collect();
            let texts: Vec<&str> = parts.iter().map(|cell| cell.trimmed()).collect();
            let key = parts.iter().all(|cell| cell.is_present()).then(|| self.hasher.hash_one(texts));
            self.of_table.add(number, key);
        }
    }
}
