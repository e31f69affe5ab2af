//! Finding the header, and telling what a file has and a mapping has not.

use crate::mapping::{Column, Table};
use crate::nearest::nearest;
use std::collections::BTreeSet;

/// Where the columns of a table stand in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    /// Row of the header as delivered, from 1. `None` if the file has no header.
    pub(crate) header: Option<u64>,
    /// Cells of a row, up to the last that has a name.
    pub(crate) width: usize,
    /// Nameless cells at the end of the header: tolerated in rows while they are empty.
    pub(crate) nameless: usize,
    /// For each cell, the column that it holds.
    pub(crate) column_of_cell: Vec<usize>,
    /// For each column, its cell.
    pub(crate) cell_of_column: Vec<Option<usize>>,
    /// The table's columns, by the names that they have in the file, and then those that are only kept.
    pub(crate) columns: Vec<Column>,
}

/// How well a row serves as the header of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Match {
    /// For each column of the table, its cell.
    pub(crate) cells: Vec<Option<usize>>,
    /// Cells with a name that no column takes.
    pub(crate) strays: Vec<usize>,
}

impl Match {
    /// Every cell with a name is one that no column takes.
    pub(crate) fn of_strays(row: &[String]) -> Self {
        let strays = row.iter().enumerate().filter(|(_, name)| !name.trim().is_empty()).map(|(index, _)| index);
        Self { cells: Vec::new(), strays: strays.collect() }
    }

    pub(crate) fn found(&self) -> usize {
        self.cells.iter().flatten().count()
    }

    /// Columns that must be there and are not.
    pub(crate) fn missing<'t>(&self, table: &'t Table) -> Vec<&'t str> {
        let missing = |(column, cell): (&'t Column, &Option<usize>)| {
            (cell.is_none() && !column.optional).then_some(column.name.as_str())
        };
        table.columns.iter().zip(&self.cells).filter_map(missing).collect()
    }

    pub(crate) fn is_header(&self, table: &Table) -> bool {
        self.found() > 0 && self.missing(table).is_empty()
    }
}

/// Lays a table's columns over a row. A name that stands twice is taken in the order of the mapping. A loose header is
/// compared without case, blanks and punctuation, where no column has the very name.
pub(crate) fn lay(row: &[String], table: &Table, loose: bool) -> Match {
    let mut cells = vec![None; table.columns.len()];
    let mut strays = Vec::new();
    let alike: Vec<Vec<String>> = if loose {
        table.columns.iter().map(|column| column.headers().map(flat).collect()).collect()
    } else {
        Vec::new()
    };
    for (index, name) in row.iter().enumerate() {
        let name = name.trim();
        if name.is_empty() {
            continue;
        }
        let free = |cells: &[Option<usize>], is: &dyn Fn(usize) -> bool| {
            (0..cells.len()).find(|c| cells[*c].is_none() && is(*c))
        };
        let same = free(&cells, &|c| table.columns[c].headers().any(|header| header == name));
        let column = same.or_else(|| {
            let name = if loose { flat(name) } else { String::new() };
            if name.is_empty() { None } else { free(&cells, &|c| alike[c].contains(&name)) }
        });
        match column {
            Some(column) => cells[column] = Some(index),
            None => strays.push(index),
        }
    }
    Match { cells, strays }
}

/// A name without blanks and punctuation, in lower case.
fn flat(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The first row that is the table's header.
pub(crate) fn find(rows: &[Vec<String>], table: &Table, loose: bool) -> Option<(usize, Match)> {
    rows.iter().enumerate().find_map(|(index, row)| {
        let found = lay(row, table, loose);
        found.is_header(table).then_some((index, found))
    })
}

/// The row that looks most like the table's header, if any cell does.
pub(crate) fn most_like(rows: &[Vec<String>], table: &Table, loose: bool) -> Option<(usize, Match)> {
    let mut best: Option<(f64, usize, Match)> = None;
    for (index, row) in rows.iter().enumerate() {
        let found = lay(row, table, loose);
        // Cells that nearly have a column's name count half.
        let near = found.strays.iter().filter(|s| nearest_column(&row[**s], table).is_some()).count();
        let score = found.found() as f64 + near as f64 / 2.0;
        if score > 0.0 && best.as_ref().is_none_or(|(b, ..)| score > *b) {
            best = Some((score, index, found));
        }
    }
    best.map(|(_, index, found)| (index, found))
}

/// The column whose name is nearest to a header cell.
pub(crate) fn nearest_column<'t>(cell: &str, table: &'t Table) -> Option<&'t str> {
    nearest(cell.trim(), table.columns.iter().map(|c| c.name.as_str()))
}

/// The layout of a file whose header was found; cells without a column are kept as text, and so are those without a name
/// if `keep_nameless` says so.
///
/// # Errors
///
/// The number (from 1) of a nameless cell that stands between named ones.
pub(crate) fn layout(
    header: u64,
    row: &[String],
    found: &Match,
    table: &Table,
    keep_nameless: bool,
) -> Result<Layout, usize> {
    let width = row.iter().rposition(|c| !c.trim().is_empty()).map_or(0, |last| last + 1);
    let mut kept = found.strays.clone();
    for nameless in (0..width).filter(|cell| row[*cell].trim().is_empty()) {
        if !keep_nameless {
            return Err(nameless + 1);
        }
        kept.push(nameless);
    }
    kept.sort_unstable();
    let mut columns = table.columns.clone();
    for (column, cell) in columns.iter_mut().zip(&found.cells) {
        if let Some(cell) = cell {
            row[*cell].trim().clone_into(&mut column.name);
        }
    }
    let mut cell_of_column = found.cells.clone();
    let mut taken: BTreeSet<String> = columns.iter().map(|c| c.as_name.clone()).collect();
    taken.extend(crate::schema::POINTER.iter().map(|s| (*s).to_owned()));
    for cell in kept {
        let name = row[cell].trim();
        let base = if name.is_empty() { format!("column_{}", letters(cell).to_ascii_lowercase()) } else { plain(name) };
        let as_name = (1..)
            .map(|n| if n == 1 { base.clone() } else { format!("{base}_{n}") })
            .find(|candidate| !taken.contains(candidate))
            .unwrap_or_default();
        taken.insert(as_name.clone());
        columns.push(Column::text(name, as_name));
        cell_of_column.push(Some(cell));
    }
    let mut column_of_cell = vec![0; width];
    for (column, cell) in cell_of_column.iter().enumerate() {
        if let Some(cell) = cell {
            column_of_cell[*cell] = column;
        }
    }
    Ok(Layout { header: Some(header), width, nameless: row.len() - width, column_of_cell, cell_of_column, columns })
}

/// The layout of a file without a header: cells in the order of the columns.
pub(crate) fn headless(table: &Table) -> Layout {
    let width = table.columns.len();
    Layout {
        header: None,
        width,
        nameless: 0,
        column_of_cell: (0..width).collect(),
        cell_of_column: (0..width).map(Some).collect(),
        columns: table.columns.clone(),
    }
}

/// The layout of a sheet that is kept as it stands: a column of text for each letter, and no header.
pub(crate) fn of_names(names: &[String], table: &Table) -> Layout {
    let mut layout = headless(table);
    for (cell, name) in names.iter().enumerate() {
        layout.column_of_cell.push(layout.columns.len());
        layout.cell_of_column.push(Some(cell));
        layout.columns.push(Column::text(name, name.to_ascii_lowercase()));
    }
    layout.width = names.len();
    layout
}

/// The letters of a workbook's column, from 0: A to Z, AA and on.
pub(crate) fn letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut n = column + 1;
    while n > 0 {
        n -= 1;
        letters.push(b'A' + (n % 26) as u8);
        n /= 26;
    }
    letters.iter().rev().map(|b| char::from(*b)).collect()
}

/// A name in lower case, digits and underscores.
pub(crate) fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            plain.push(c.to_ascii_lowercase());
        } else if !plain.ends_with('_') && !plain.is_empty() {
            plain.push('_');
        }
    }
    let plain = plain.trim_end_matches('_');
    if plain.is_empty() { "column".to_owned() } else { plain.to_owned() }
}
