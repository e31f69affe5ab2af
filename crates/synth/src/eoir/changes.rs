//! The truth about what the next release changed, row by row.

use super::World;
use super::cells::Cells;
use super::history::{Case, Outcome, is_grant};
use super::render::{Rows, render};
use super::tables::{Key, Table, case_key};
use super::truth::Truth;
use crate::SynthError;

/// How many rows vanished, appeared and changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EoirChanges {
    /// Rows of the first release that the next one does not have.
    pub vanished: u64,
    /// Rows that only the next release has.
    pub appeared: u64,
    /// Rows of both with at least one cell that differs.
    pub changed: u64,
}

/// The rows of one case, kept.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) rows: Vec<(Table, Key, Cells)>,
}

impl Kept {
    pub(super) fn of(world: &World, case: &Case, cells: &mut Cells) -> Result<Self, SynthError> {
        let mut kept = Self::default();
        render(world, case, cells, &mut kept)?;
        Ok(kept)
    }

    fn get(&self, table: Table, id: u64) -> Option<&Cells> {
        self.rows.iter().find(|(of, key, _)| *of == table && key.id == id).map(|(.., cells)| cells)
    }
}

impl Rows for Kept {
    fn row(&mut self, table: Table, key: Key, cells: &Cells) -> Result<(), SynthError> {
        self.rows.push((table, key, cells.clone()));
        Ok(())
    }
}

/// Writes down how the rows of a case differ between the two releases.
pub(super) fn compare(
    world: &World,
    case: &Case,
    before: &Kept,
    after: &Kept,
    truth: &mut Truth,
    changes: &mut EoirChanges,
) -> Result<(), SynthError> {
    for (table, key, cells) in &before.rows {
        let Some(now) = after.get(*table, key.id) else {
            changes.vanished += 1;
            truth.vanished(*table, key.id, lost(case, *table, key.id))?;
            continue;
        };
        if now != cells {
            changes.changed += 1;
            for (at, (was, is)) in cells.iter().zip(now.iter()).enumerate().filter(|(_, (was, is))| was != is) {
                truth.changed(*table, key.id, world.columns[table.at()][at], was, is)?;
            }
        }
    }
    for (table, key, _) in after.rows.iter().filter(|(table, key, _)| before.get(*table, key.id).is_none()) {
        changes.appeared += 1;
        truth.appeared(*table, key.id)?;
    }
    Ok(())
}

/// What is lost with a row of a case, a proceeding or an application: a grant, another decision, or nothing decided. A
/// case counts as its last proceeding does.
fn lost(case: &Case, table: Table, id: u64) -> &'static str {
    match table {
        Table::Case if id == case_key(case.no) => {
            case.last().map_or("pending", |last| lost_outcome(case, last.outcome))
        }
        Table::Proceeding => {
            let found = case.proceedings.iter().find(|p| p.key.id == id);
            found.map_or("", |proceeding| lost_outcome(case, proceeding.outcome))
        }
        Table::Application => {
            let found = case.proceedings.iter().flat_map(|p| &p.applications).find(|a| a.key.id == id);
            found.map_or("", |application| match application.decision {
                "" => "pending",
                "F" | "G" | "C" | "L" | "N" | "I" | "P" => "granted",
                _ => "decided",
            })
        }
        _ => "",
    }
}

fn lost_outcome(case: &Case, outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pending => "pending",
        Outcome::Decided { code, .. } if is_grant(case.case_type, code) => "granted",
        // A change of venue or a transfer moves the case and decides nothing.
        Outcome::Closed("C" | "T") => "pending",
        Outcome::Decided { .. } | Outcome::Closed(_) => "decided",
    }
}
