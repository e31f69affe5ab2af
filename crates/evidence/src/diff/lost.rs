//! What is lost with a row that vanishes, by the mapping's `lost` conditions.

use super::DiffError;
use super::canon::{By, CellReader};
use super::side::{Batch, Side};
use crate::mapping::{Condition, Test};

/// The class of rows for which no condition holds.
pub(super) const UNCLASSIFIED: &str = "unclassified";

/// Classes of one side's table.
pub(super) struct Lost<'s> {
    side: &'s Side<'s>,
    classes: Vec<(&'s str, Vec<Part<'s>>)>,
}

/// A condition on a column, which the files may not have.
struct Part<'s> {
    test: &'s Test,
    column: Option<(usize, CellReader<'s>)>,
}

impl<'s> Lost<'s> {
    pub(super) fn new(side: &'s Side<'s>) -> Self {
        let part = |condition: &'s Condition| {
            let name = side.table.map(|t| t.columns[condition.column].as_name.as_str()).unwrap_or_default();
            let column = side.column(name).map(|c| {
                let column = &side.columns[c];
                (c, CellReader::new(&column.form, &column.null, By::Value))
            });
            Part { test: &condition.test, column }
        };
        let rules = side.table.map(|t| t.lost.as_slice()).unwrap_or_default();
        let classes = rules.iter().map(|(name, when)| (name.as_str(), when.iter().map(part).collect()));
        Self { side, classes: classes.collect() }
    }

    /// Columns that the conditions look at.
    pub(super) fn columns(&self) -> impl Iterator<Item = usize> {
        self.classes.iter().flat_map(|(_, parts)| parts).filter_map(|p| p.column.as_ref().map(|(c, _)| *c))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.classes.is_empty()
    }

    /// Names of the classes, [`UNCLASSIFIED`] last.
    pub(super) fn names(&self) -> Vec<&'s str> {
        self.classes.iter().map(|(name, _)| *name).chain([UNCLASSIFIED]).collect()
    }

    /// The class of a row, as a place in the names.
    pub(super) fn class(&mut self, batch: &Batch<'_>, row: usize) -> Result<usize, DiffError> {
        for (number, (_, parts)) in self.classes.iter_mut().enumerate() {
            let mut holds = true;
            for part in parts.iter_mut() {
                holds = holds && part.holds(batch, self.side, row)?;
            }
            if holds {
                return Ok(number);
            }
        }
        Ok(self.classes.len())
    }
}

impl Part<'_> {
    fn holds(&mut self, batch: &Batch<'_>, side: &Side<'_>, row: usize) -> Result<bool, DiffError> {
        let Some((column, reader)) = &mut self.column else {
            return Ok(match self.test {
                Test::In(texts) => texts.iter().any(String::is_empty),
                Test::NotIn(texts) => !texts.iter().any(String::is_empty),
                Test::Present(present) => !present,
            });
        };
        let cells = batch.column(*column)?;
        let failed = |e| side.failed(e);
        Ok(match self.test {
            Test::In(texts) => reader.is_one_of(cells, row, texts).map_err(failed)?,
            Test::NotIn(texts) => !reader.is_one_of(cells, row, texts).map_err(failed)?,
            Test::Present(present) => reader.is_present(cells, row) == *present,
        })
    }
}
