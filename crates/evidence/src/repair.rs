//! Named rules that repair a malformed row. A repair is a claim: the receipt keeps before and after.
//!
//! A row with too many cells was torn apart by stray delimiters. It is repaired only if there is exactly one way to join
//! cells of free text so that every cell is of its column's type and shape and the row has its key; of two ways neither
//! is taken.

use crate::cell::{ColumnReader, Value, fits};
use crate::header::Layout;
use crate::mapping::{Column, Crosswalk, RepairRule, Table, ValueRule};
use model::ValueType;

/// Most stray delimiters in one row. With more, what looks like one way may be chance.
const MOST_STRAY: usize = 6;

/// What a rule made of a row.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Repaired {
    pub(crate) rule: RepairRule,
    /// As many cells as the header has.
    pub(crate) cells: Vec<Vec<u8>>,
    /// The cells that were joined, or the first that was added.
    pub(crate) touched: Vec<usize>,
}

/// What is known of the texts of a table's columns.
#[derive(Debug)]
pub(crate) struct Mender<'m> {
    /// For each column, the codes that its crosswalk knows.
    codes: Vec<Option<&'m Crosswalk>>,
    /// For each column, whether a stray delimiter may stand in it.
    free: Vec<bool>,
    table: &'m Table,
    rules: &'m [RepairRule],
    delimiter: u8,
}

/// How one cell of the header is filled from the cells of a row.
#[derive(Debug, Clone, Copy)]
struct Step {
    /// How many empty cells before it are dropped.
    drops: usize,
    /// How many stray delimiters the cell holds.
    joins: usize,
}

impl<'m> Mender<'m> {
    pub(crate) fn new(
        table: &'m Table,
        columns: &[Column],
        maps: &'m [Crosswalk],
        rules: &'m [RepairRule],
        delimiter: u8,
    ) -> Self {
        let mut codes: Vec<Option<&Crosswalk>> = vec![None; columns.len()];
        let objects = table.objects.iter().flat_map(|o| &o.attributes);
        for (_, rule) in objects.chain(table.events.iter().flat_map(|e| &e.attributes)) {
            if let ValueRule::Mapped { columns, map } = rule
                && let [one] = columns.as_slice()
            {
                codes[*one] = Some(&maps[*map]);
            }
        }
        let told = columns.iter().any(|c| c.free);
        let free = columns.iter().zip(&codes).enumerate().map(|(index, (column, codes))| {
            // Nothing is known of a column that is only kept, so that a stray delimiter may stand there too.
            let unknown = index >= table.columns.len();
            if told && !unknown {
                column.free
            } else {
                column.kind == ValueType::Text && column.shape.is_none() && codes.is_none()
            }
        });
        Self { free: free.collect(), codes, table, rules, delimiter }
    }

    /// Repairs a row with too many or too few cells, if one of the rules can.
    pub(crate) fn repair(
        &self,
        cells: &[&[u8]],
        layout: &Layout,
        readers: &mut [ColumnReader<'_>],
    ) -> Option<Repaired> {
        let mut fits_at = |index: usize, bytes: &[u8]| {
            let column = layout.column_of_cell[index];
            let fits = fits(bytes, &mut readers[column], self.codes[column]);
            // A row without its key is not the row that it was.
            fits && !(self.table.key.contains(&column) && readers[column].cell().value == Value::Null)
        };
        if cells.len() < layout.width {
            let may = self.rules.contains(&RepairRule::PadShort);
            let all_fit = may && cells.iter().enumerate().all(|(index, bytes)| fits_at(index, bytes));
            let mut padded: Vec<Vec<u8>> = cells.iter().map(|c| c.to_vec()).collect();
            padded.resize(layout.width, Vec::new());
            return all_fit.then_some(Repaired {
                rule: RepairRule::PadShort,
                cells: padded,
                touched: vec![cells.len()],
            });
        }
        let stray = cells.len() - layout.width;
        let may_join = self.rules.contains(&RepairRule::ShiftLeft) || self.rules.contains(&RepairRule::CityState);
        if stray == 0 || stray > MOST_STRAY || !may_join {
            return None;
        }
        let way = self.only_way(cells, stray, layout, &mut fits_at)?;
        let joined: Vec<usize> = (0..way.len()).filter(|index| way[*index].joins > 0).collect();
        let rule = self.rule(cells, &way, &joined, layout)?;
        let (mut repaired, mut touched, mut from) = (Vec::with_capacity(layout.width), Vec::new(), 0);
        for (index, step) in way.iter().enumerate() {
            from += step.drops;
            repaired.push(cells[from..=from + step.joins].join(&self.delimiter));
            from += step.joins + 1;
            if step.drops > 0 || step.joins > 0 {
                touched.push(index);
            }
        }
        // The stray delimiter stands at the end of the row.
        if touched.is_empty() {
            touched.push(layout.width - 1);
        }
        Some(Repaired { rule, cells: repaired, touched })
    }

    /// How each cell of the header is filled; `None` unless there is exactly one way.
    fn only_way(
        &self,
        cells: &[&[u8]],
        stray: usize,
        layout: &Layout,
        fits_at: &mut impl FnMut(usize, &[u8]) -> bool,
    ) -> Option<Vec<Step>> {
        let width = layout.width;
        let blank = |at: usize| cells[at].trim_ascii().is_empty();
        // Of a run of empty cells the first count as the stray ones: it makes no difference which.
        let may_drop =
            |from: usize, until: usize| from == until || ((from..until).all(blank) && (from == 0 || !blank(from - 1)));
        // ways[index][taken]: in how many ways the cells from `index` on can be filled if `taken` stray delimiters stand
        // before it; two means several.
        let mut ways = vec![vec![0_u8; stray + 1]; width + 1];
        for (taken, ways) in ways[width].iter_mut().enumerate() {
            *ways = u8::from(may_drop(width + taken, width + stray));
        }
        let mut steps: Vec<Vec<Option<Step>>> = vec![vec![None; stray + 1]; width];
        for index in (0..width).rev() {
            let free = self.free[layout.column_of_cell[index]];
            for taken in 0..=stray {
                let left = stray - taken;
                for drops in 0..=left {
                    let from = index + taken + drops;
                    if !may_drop(from - drops, from) {
                        break;
                    }
                    let most = if free { left - drops } else { 0 };
                    for joins in 0..=most {
                        // A stray delimiter that tears a text apart leaves no piece empty.
                        let pieces = &cells[from..=from + joins];
                        let after = ways[index + 1][taken + drops + joins];
                        if after == 0 || (joins > 0 && (from..=from + joins).any(blank)) {
                            continue;
                        }
                        let fits = match pieces {
                            [whole] => fits_at(index, whole),
                            torn => fits_at(index, &torn.join(&b' ')),
                        };
                        if fits {
                            ways[index][taken] = ways[index][taken].saturating_add(after).min(2);
                            steps[index][taken] = Some(Step { drops, joins });
                        }
                    }
                }
            }
        }
        if ways[0][0] != 1 {
            return None;
        }
        let (mut way, mut taken) = (Vec::with_capacity(width), 0);
        for step in &steps {
            let step = step[taken]?;
            taken += step.drops + step.joins;
            way.push(step);
        }
        Some(way)
    }

    /// The rule that the repair goes by.
    fn rule(&self, cells: &[&[u8]], way: &[Step], joined: &[usize], layout: &Layout) -> Option<RepairRule> {
        let torn_from_state = self.table.places.iter().any(|[city, _, postal]| {
            let (city, postal) = (layout.cell_of_column[*city], layout.cell_of_column[*postal]);
            let (Some(city), Some(postal)) = (city, postal) else { return false };
            let state_code = |bytes: &[u8]| matches!(bytes.trim_ascii(), [a, b] if a.is_ascii_uppercase() && b.is_ascii_uppercase());
            joined == [city] && way[city].joins == 1 && postal > city && state_code(cells[postal])
        });
        let rules = [RepairRule::CityState, RepairRule::ShiftLeft];
        let rules = if torn_from_state { &rules[..] } else { &rules[1..] };
        rules.iter().copied().find(|rule| self.rules.contains(rule))
    }
}
