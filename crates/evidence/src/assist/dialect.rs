//! How delimited text is written, found out from its first rows.

use crate::add_error::{AddError, read_error};
use crate::input::{Input, Taken};
use crate::mapping::{Dialect, Format};
use crate::read::{Flow, ReadError, Row};
use std::collections::BTreeMap;

/// Rows that are looked at.
const ROWS: usize = 300;
const DELIMITERS: &[u8] = b",\t|;";
const QUOTE: u8 = b'"';

/// How the text is split: the way in which most rows have the same number of cells, and the more cells the better.
///
/// Text that nothing splits has one column; a delimiter is then one that does not occur.
pub(super) fn detect(input: &Input) -> Result<Dialect, AddError> {
    let mut best = (f64::MIN, Dialect { delimiter: b',', quote: Some(QUOTE) });
    for delimiter in DELIMITERS {
        for quote in [Some(QUOTE), None] {
            let dialect = Dialect { delimiter: *delimiter, quote };
            let score = score(input, dialect)?;
            // A difference that is none leaves the usual way.
            if score > best.0 + 1e-9 {
                best = (score, dialect);
            }
        }
    }
    Ok(best.1)
}

/// The same, split without quotes.
pub(super) fn unquoted(dialect: Dialect) -> Dialect {
    Dialect { quote: None, ..dialect }
}

fn score(input: &Input, dialect: Dialect) -> Result<f64, AddError> {
    let mut widths: BTreeMap<usize, usize> = BTreeMap::new();
    let (mut rows, mut broken, mut quoted) = (0_usize, 0_usize, 0_usize);
    let visitor = |row: &Row| -> Result<Flow, ReadError> {
        rows += 1;
        broken += usize::from(row.open_quote);
        // Quotes at the ends of cells are a sign that they should have been taken for quotes.
        let ends = |cell: &[u8]| cell.first() == Some(&QUOTE) || cell.last() == Some(&QUOTE);
        quoted += usize::from((0..row.cells.len()).any(|i| ends(row.cell(i))));
        *widths.entry(row.cells.len()).or_default() += 1;
        Ok(if rows < ROWS { Flow::Next } else { Flow::Stop })
    };
    input.visit(Format::Delimited, dialect, None, &Taken::default(), visitor).map_err(|e| read_error(input, e))?;
    let of = |width: usize, n: usize| {
        let share = n as f64 / rows.max(1) as f64;
        share * share * (1.0 + width as f64).ln()
    };
    let best = widths.iter().map(|(width, n)| of(*width, *n)).fold(0.0, f64::max);
    let flawed = (broken + quoted) as f64 / rows.max(1) as f64;
    Ok(best * (1.0 - 0.5 * flawed.min(1.0)))
}
