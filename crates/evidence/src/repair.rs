//! Named rules that repair a malformed row. A repair is a claim: the receipt keeps before and after.

use crate::cell::fits;
use crate::header::Layout;
use crate::mapping::RepairRule;

/// What a rule made of a row.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Repaired {
    pub(crate) rule: RepairRule,
    /// As many cells as the header has.
    pub(crate) cells: Vec<Vec<u8>>,
    /// The first cell that the rule touched.
    pub(crate) touched: usize,
}

/// Repairs a row with too many or too few cells, if one of the rules can.
pub(crate) fn repair(
    cells: &[&[u8]],
    joint: u8,
    layout: &Layout,
    rules: &[RepairRule],
    null: &[String],
) -> Option<Repaired> {
    let fits_at = |index: usize, bytes: &[u8]| fits(bytes, &layout.columns[layout.column_of_cell[index]], null);
    let rule = if cells.len() > layout.width { RepairRule::ShiftLeft } else { RepairRule::PadShort };
    if !rules.contains(&rule) || cells.len() == layout.width {
        return None;
    }
    if rule == RepairRule::PadShort {
        let all_fit = cells.iter().enumerate().all(|(index, bytes)| fits_at(index, bytes));
        let mut padded: Vec<Vec<u8>> = cells.iter().map(|c| c.to_vec()).collect();
        padded.resize(layout.width, Vec::new());
        return all_fit.then_some(Repaired { rule, cells: padded, touched: cells.len() });
    }
    let overflow = cells.len() - layout.width;
    // The left part fits up to some cell, and the shifted right part from some cell on.
    let left_fits = (0..layout.width).position(|i| !fits_at(i, cells[i])).unwrap_or(layout.width);
    for split in 0..=left_fits.min(layout.width - 1) {
        let joined = cells[split..=split + overflow].join(&joint);
        let right_fits = (split + 1..layout.width).all(|i| fits_at(i, cells[i + overflow]));
        if right_fits && fits_at(split, &joined) {
            let mut repaired: Vec<Vec<u8>> = cells[..split].iter().map(|c| c.to_vec()).collect();
            repaired.push(joined);
            repaired.extend(cells[split + 1 + overflow..].iter().map(|c| c.to_vec()));
            return Some(Repaired { rule, cells: repaired, touched: split });
        }
    }
    None
}
