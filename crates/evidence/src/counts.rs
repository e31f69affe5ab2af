//! A delivery's own counts, such as EOIR's `Count.txt`: lines of a table, a tab and a number.

use crate::load::{Declared, Part};
use crate::mapping::Mapping;
use crate::problem::Problem;
use crate::read::{Row, text};
use crate::receipt::FileReceipt;

/// The table and the number of a line.
pub(crate) fn read(row: &Row) -> Option<(String, u64)> {
    if row.cells.len() != 2 {
        return None;
    }
    let (table, rows) = (text(row.cell(0)), text(row.cell(1)));
    let table = table.trim();
    let rows = rows.trim().replace(',', "").parse().ok()?;
    (!table.is_empty()).then(|| (table.to_owned(), rows))
}

/// Sets what is declared for each file, and tells whether it is what was read.
///
/// A count names a file (without its ending) or a table; the count of a table holds for its files together.
pub(crate) fn reconcile(files: &mut [FileReceipt], parts: &[Part], mapping: &Mapping, declared: &[Declared]) -> bool {
    let mut reconciled = true;
    for count in declared {
        let by_name: Vec<usize> =
            matching(parts, |part| stem(part.input.plain_name()).eq_ignore_ascii_case(stem(&count.table)));
        let named = if by_name.is_empty() {
            matching(parts, |part| mapping.tables[part.table].name.eq_ignore_ascii_case(&count.table))
        } else {
            by_name
        };
        let read: u64 = named.iter().map(|i| files[*i].rows_read).sum();
        for index in &named {
            files[*index].declared_rows = Some(count.rows);
        }
        if named.is_empty() {
            if let Some(file) = files.iter_mut().find(|f| f.path == count.by) {
                *file.problems.entry(Problem::NotDelivered).or_default().entry(count.table.clone()).or_default() += 1;
            }
        } else {
            reconciled &= read == count.rows;
        }
    }
    reconciled
}

fn matching(parts: &[Part], is: impl Fn(&Part) -> bool) -> Vec<usize> {
    parts.iter().enumerate().filter(|(_, part)| is(part)).map(|(index, _)| index).collect()
}

/// A file name without `.gz` and its ending.
fn stem(name: &str) -> &str {
    let name = name.strip_suffix(".gz").unwrap_or(name);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
