//! Finding the table of the mapping that a file, or a sheet of a workbook, is read as.

use crate::add_error::{AddError, LikelyHeader, MissingColumn, UnknownColumn, read_error};
use crate::header::{self, Match};
use crate::input::{Input, Kind, Taken};
use crate::load::Part;
use crate::mapping::{Dialect, Format, Mapping, Mappings, Role, Table};
use crate::nearest::nearest;
use crate::read::{Flow, ReadError, Row};
use std::collections::{BTreeMap, BTreeSet};

/// A row of the head: its number as delivered, and its cells.
pub(crate) type HeadRow = (u64, Vec<String>);

/// How text is written where a mapping does not say; so are files of counts.
pub(crate) const TABS: Dialect = Dialect { delimiter: b'\t', quote: None };

/// The parts that a file is read as: one for most files, one for each sheet of a workbook. Tables for what no table takes
/// are added to the mapping, if it keeps such files.
pub(crate) fn place(input: &Input, mapping: &mut Mapping) -> Result<Vec<Part>, AddError> {
    let Some(format) = format_of(input.kind, mapping) else {
        return Err(AddError::OtherFormat {
            path: input.path.clone(),
            is: kind_title(input.kind),
            mapping: mapping.id.clone(),
            reads: mapping.read.formats.iter().map(|f| f.title()).collect::<Vec<_>>().join(" or "),
            fits: fits(input, mapping),
        });
    };
    let named: Vec<usize> =
        (0..mapping.tables.len()).filter(|t| mapping.tables[*t].takes(input.plain_name())).collect();
    if format == Format::Workbook {
        return place_workbook(input, mapping, &named);
    }
    let counts = |t: &&usize| mapping.tables[**t].role == Role::Counts && !mapping.tables[**t].files.is_empty();
    if let Some(table) = named.iter().find(counts) {
        let layout = header::headless(&mapping.tables[*table]);
        return Ok(vec![part(input, format, TABS, *table, None, layout)]);
    }
    let tables: Vec<usize> = named.into_iter().filter(|t| mapping.tables[*t].role != Role::Counts).collect();
    if tables.is_empty() {
        if mapping.read.keep_unplaced {
            return keep_unplaced(input, format, mapping).map(|part| vec![part]);
        }
        return Err(no_table(input, mapping));
    }
    let mut failed = None;
    for dialect in dialects(format, mapping) {
        let rows = head_rows(input, mapping, format, dialect, None, &tables)?;
        match choose(input, mapping, (format, dialect), None, &tables, &rows) {
            Ok(part) => return Ok(vec![part]),
            // What the first dialect says is what a reader expects to hear.
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    Err(failed.unwrap_or_else(|| no_table(input, mapping)))
}

pub(crate) fn kind_title(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::JsonText => "JSON",
        Kind::Workbook => Format::Workbook.title(),
        Kind::Parquet => Format::Parquet.title(),
        Kind::Stata => Format::Stata.title(),
    }
}

/// As what the mapping reads such a file.
pub(crate) fn format_of(kind: Kind, mapping: &Mapping) -> Option<Format> {
    let reads = |format: Format| mapping.read.formats.contains(&format).then_some(format);
    match kind {
        Kind::Text => reads(Format::Delimited),
        Kind::JsonText => reads(Format::Json).or_else(|| reads(Format::Delimited)),
        Kind::Workbook => reads(Format::Workbook),
        Kind::Parquet => reads(Format::Parquet),
        Kind::Stata => reads(Format::Stata),
    }
}

/// Every way in which text may be written; one that says nothing for other formats.
pub(crate) fn dialects(format: Format, mapping: &Mapping) -> Vec<Dialect> {
    if format == Format::Delimited { mapping.read.dialects.clone() } else { vec![TABS] }
}

pub(crate) fn part(
    input: &Input,
    format: Format,
    dialect: Dialect,
    table: usize,
    sheet: Option<&str>,
    layout: header::Layout,
) -> Part {
    Part {
        input: input.clone(),
        format,
        dialect,
        sha256: String::new(),
        table,
        sheet: sheet.map(str::to_owned),
        layout,
        unread_sheets: Vec::new(),
    }
}

fn place_workbook(input: &Input, mapping: &mut Mapping, named: &[usize]) -> Result<Vec<Part>, AddError> {
    let sheets = input.sheets().map_err(|e| read_error(input, e))?;
    let mut parts: Vec<Part> = Vec::new();
    let (of_sheets, of_first): (Vec<usize>, Vec<usize>) =
        named.iter().copied().partition(|t| mapping.tables[*t].sheet.is_some());
    for table in of_sheets {
        let taken: Vec<&String> = sheets.iter().filter(|s| mapping.tables[table].takes_sheet(s)).collect();
        if taken.is_empty() && !mapping.read.keep_unplaced {
            let table = &mapping.tables[table];
            return Err(AddError::NoSheet {
                path: input.path.clone(),
                sheet: table.sheet.as_ref().map(|s| s.as_str().to_owned()).unwrap_or_default(),
                table: table.name.clone(),
                sheets,
            });
        }
        let before = parts.len();
        let mut headless = None;
        for sheet in taken {
            match place_sheet(input, mapping, sheet, &[table]) {
                Ok(part) => parts.push(part),
                // Among the sheets that a pattern takes there may be one of notes.
                Err(error @ AddError::NoHeader { .. }) if mapping.read.keep_unplaced => headless = Some(error),
                Err(error) => return Err(error),
            }
        }
        if let (true, Some(error)) = (parts.len() == before, headless) {
            return Err(error);
        }
    }
    if let (false, Some(sheet)) = (of_first.is_empty(), sheets.first()) {
        parts.push(place_sheet(input, mapping, sheet, &of_first)?);
    }
    let unread: Vec<String> =
        sheets.iter().filter(|s| !parts.iter().any(|p| p.sheet.as_ref() == Some(s))).cloned().collect();
    if mapping.read.keep_unplaced {
        for sheet in unread {
            parts.extend(keep_sheet(input, &sheet, mapping)?);
        }
    } else if let Some(first) = parts.first_mut() {
        first.unread_sheets = unread;
    }
    if parts.is_empty() { Err(no_table(input, mapping)) } else { Ok(parts) }
}

fn place_sheet(input: &Input, mapping: &Mapping, sheet: &str, tables: &[usize]) -> Result<Part, AddError> {
    let rows = head_rows(input, mapping, Format::Workbook, TABS, Some(sheet), tables)?;
    choose(input, mapping, (Format::Workbook, TABS), Some(sheet), tables, &rows)
}

/// Chooses the table whose header is among the rows; of several, the one with the fewest unknown columns.
fn choose(
    input: &Input,
    mapping: &Mapping,
    (format, dialect): (Format, Dialect),
    sheet: Option<&str>,
    tables: &[usize],
    rows: &[HeadRow],
) -> Result<Part, AddError> {
    let cells: Vec<Vec<String>> = rows.iter().map(|(_, cells)| cells.clone()).collect();
    let loose = mapping.read.loose_header;
    let (headless, headed): (Vec<usize>, Vec<usize>) = tables.iter().partition(|t| mapping.tables[**t].headless);
    let found = headed.iter().filter_map(|t| header::find(&cells, &mapping.tables[*t], loose).map(|(r, m)| (*t, r, m)));
    let Some((table, row, found)) = found.min_by_key(|(_, _, m)| m.strays.len()) else {
        let width = cells.first().map(Vec::len);
        if let Some(table) = headless.into_iter().find(|t| width == Some(mapping.tables[*t].columns.len())) {
            return Ok(part(input, format, dialect, table, sheet, header::headless(&mapping.tables[table])));
        }
        return Err(no_header(input, mapping, tables, rows, &cells));
    };
    if !found.strays.is_empty() && !mapping.read.keep_unknown {
        return Err(unknown_columns(input, mapping, &mapping.tables[table], &cells[row], &found));
    }
    let number = rows[row].0;
    let layout = header::layout(number, &cells[row], &found, &mapping.tables[table], mapping.read.keep_unknown);
    let layout = layout.map_err(|column| AddError::NamelessColumn { path: input.path.clone(), column, row: number })?;
    Ok(part(input, format, dialect, table, sheet, layout))
}

/// The rows among which the header must stand.
pub(crate) fn head_rows(
    input: &Input,
    mapping: &Mapping,
    format: Format,
    dialect: Dialect,
    sheet: Option<&str>,
    tables: &[usize],
) -> Result<Vec<HeadRow>, AddError> {
    let mut rows: Vec<HeadRow> = Vec::new();
    let limit = mapping.read.header_within;
    let loose = mapping.read.loose_header;
    let visitor = |row: &Row| -> Result<Flow, ReadError> {
        let cells = row.texts();
        let is_header = |t: &usize| header::lay(&cells, &mapping.tables[*t], loose).is_header(&mapping.tables[*t]);
        if row.lines > 1 && !tables.iter().any(is_header) {
            return Ok(Flow::Resplit);
        }
        rows.push((row.number, cells));
        Ok(if rows.len() < limit { Flow::Next } else { Flow::Stop })
    };
    input.visit(format, dialect, sheet, &Taken::default(), visitor).map_err(|e| read_error(input, e))?;
    Ok(rows)
}

/// A table of text for a file that no table takes. Its first row is its header.
fn keep_unplaced(input: &Input, format: Format, mapping: &mut Mapping) -> Result<Part, AddError> {
    let mut first = None;
    let dialects = dialects(format, mapping);
    for dialect in dialects {
        let mut rows: Vec<HeadRow> = Vec::new();
        let visitor = |row: &Row| -> Result<Flow, ReadError> {
            rows.push((row.number, row.texts()));
            Ok(Flow::Stop)
        };
        input.visit(format, dialect, None, &Taken::default(), visitor).map_err(|e| read_error(input, e))?;
        if let Some((number, cells)) = rows.pop()
            && first.as_ref().is_none_or(|(_, _, best): &(_, _, Vec<String>)| cells.len() > best.len())
        {
            first = Some((dialect, number, cells));
        }
    }
    let Some((dialect, number, cells)) = first else { return Err(AddError::Empty { path: input.path.clone() }) };
    let stem = input.plain_name().rsplit_once('.').map_or(input.plain_name(), |(stem, _)| stem);
    let table = add_table(mapping, stem);
    let layout = header::layout(number, &cells, &Match::of_strays(&cells), &mapping.tables[table], true);
    let layout = layout.map_err(|column| AddError::NamelessColumn { path: input.path.clone(), column, row: number })?;
    Ok(part(input, format, dialect, table, None, layout))
}

/// A table of text for a sheet that no table takes: its cells, by the letters of their columns. `None` for an empty sheet.
fn keep_sheet(input: &Input, sheet: &str, mapping: &mut Mapping) -> Result<Option<Part>, AddError> {
    let mut width = 0;
    let visitor = |row: &Row| -> Result<Flow, ReadError> {
        width = width.max((0..row.cells.len()).rposition(|i| !row.cell(i).is_empty()).map_or(0, |last| last + 1));
        Ok(Flow::Next)
    };
    let read = input.visit(Format::Workbook, TABS, Some(sheet), &Taken::default(), visitor);
    read.map_err(|e| read_error(input, e))?;
    if width == 0 {
        return Ok(None);
    }
    let table = add_table(mapping, sheet);
    let names: Vec<String> = (0..width).map(header::letters).collect();
    let layout = header::of_names(&names, &mapping.tables[table]);
    Ok(Some(part(input, Format::Workbook, TABS, table, Some(sheet), layout)))
}

/// Adds an empty table named after a file or a sheet.
fn add_table(mapping: &mut Mapping, name: &str) -> usize {
    let base = header::plain(name);
    let taken: BTreeSet<&str> = mapping.table_names().collect();
    let name = (1..)
        .map(|n| if n == 1 { base.clone() } else { format!("{base}_{n}") })
        .find(|candidate| !taken.contains(candidate.as_str()))
        .unwrap_or_default();
    mapping.tables.push(Table::of_text(name));
    mapping.tables.len() - 1
}

pub(crate) fn no_table(input: &Input, mapping: &Mapping) -> AddError {
    let patterns = mapping.tables.iter().flat_map(|t| &t.files).map(|p| p.as_str().to_owned()).collect();
    AddError::NoTable {
        path: input.path.clone(),
        mapping: mapping.id.clone(),
        patterns,
        by_columns: by_columns(input, mapping, &mut Heads::default()).map(|fit| fit.table.into_boxed_str()),
        fits: fits(input, mapping),
    }
}

fn no_header(input: &Input, mapping: &Mapping, tables: &[usize], rows: &[HeadRow], cells: &[Vec<String>]) -> AddError {
    let loose = mapping.read.loose_header;
    let best = tables
        .iter()
        .filter_map(|t| header::most_like(cells, &mapping.tables[*t], loose).map(|(row, m)| (*t, row, m)))
        .max_by(|a, b| a.2.found().cmp(&b.2.found()).then(b.0.cmp(&a.0)));
    let table = &mapping.tables[best.as_ref().map_or(tables[0], |(table, ..)| *table)];
    let likely = best.as_ref().map(|(_, row, found)| {
        let strays: Vec<&str> = found.strays.iter().map(|s| cells[*row][*s].trim()).collect();
        let near = |name: &str| nearest(name, strays.iter().copied()).map(str::to_owned);
        let missing = found.missing(table).into_iter();
        let missing = missing.map(|n| MissingColumn { name: n.to_owned(), nearest: near(n) }).collect();
        Box::new(LikelyHeader { row: rows[*row].0, missing })
    });
    AddError::NoHeader {
        path: input.path.clone(),
        mapping: mapping.id.clone(),
        table: table.name.clone(),
        best: likely,
        fits: fits(input, mapping),
    }
}

fn unknown_columns(input: &Input, mapping: &Mapping, table: &Table, row: &[String], found: &Match) -> AddError {
    let columns = found.strays.iter().map(|stray| {
        let name = row[*stray].trim().to_owned();
        let repeated = table.columns.iter().any(|c| c.name == name);
        let nearest = if repeated { None } else { header::nearest_column(&name, table).map(str::to_owned) };
        UnknownColumn { name, nearest, repeated }
    });
    AddError::UnknownColumns {
        path: input.path.clone(),
        mapping: mapping.id.clone(),
        columns: columns.collect(),
        fits: fits(input, mapping),
    }
}

/// Built-in mappings, other than this one, that would take the file; those with the fewest unknown columns first. Where one
/// knows every column, those that do not are left out; and one that would not know half of them is none that fits.
pub(crate) fn fits(input: &Input, other_than: &Mapping) -> Vec<String> {
    let mut heads = Heads::default();
    let mut fits: Vec<(usize, String)> = Mappings::built_in()
        .all()
        .filter(|m| m.id != other_than.id)
        .filter_map(|m| by_columns(input, &m, &mut heads).map(|fit| (fit, m)))
        .filter(|(fit, m)| fit.strays == 0 || (m.read.keep_unknown && fit.strays < fit.found))
        .map(|(fit, m)| (fit.strays, m.id))
        .collect();
    fits.sort();
    let whole = fits.first().is_some_and(|(strays, _)| *strays == 0);
    fits.into_iter().filter(|(strays, _)| *strays == 0 || !whole).map(|(_, id)| id).take(3).collect()
}

/// How the best of a mapping's tables fits a file.
#[derive(Debug)]
struct Fit {
    /// Columns that the table does not know.
    strays: usize,
    /// Columns that it knows.
    found: usize,
    table: String,
}

/// The first rows of the sheets of a workbook, which is slow to open: read once, however many mappings are tried.
#[derive(Default)]
struct Heads {
    sheets: Option<Vec<String>>,
    rows: BTreeMap<String, Vec<HeadRow>>,
}

/// Rows of a sheet in which a header is looked for when mappings are tried.
const HEAD_ROWS: usize = 60;

impl Heads {
    fn sheets(&mut self, input: &Input) -> Vec<String> {
        self.sheets.get_or_insert_with(|| input.sheets().unwrap_or_default()).clone()
    }

    fn of_sheet(&mut self, input: &Input, sheet: &str) -> &[HeadRow] {
        self.rows.entry(sheet.to_owned()).or_insert_with(|| {
            let mut rows: Vec<HeadRow> = Vec::new();
            let visitor = |row: &Row| -> Result<Flow, ReadError> {
                rows.push((row.number, row.texts()));
                Ok(if rows.len() < HEAD_ROWS { Flow::Next } else { Flow::Stop })
            };
            match input.visit(Format::Workbook, TABS, Some(sheet), &Taken::default(), visitor) {
                Ok(_) => rows,
                Err(_) => Vec::new(),
            }
        })
    }
}

/// The table of a mapping whose header the file has, whatever the file is called.
fn by_columns(input: &Input, mapping: &Mapping, heads: &mut Heads) -> Option<Fit> {
    let format = format_of(input.kind, mapping)?;
    let tables: Vec<usize> = (0..mapping.tables.len())
        .filter(|t| mapping.tables[*t].role != Role::Counts && !mapping.tables[*t].headless)
        .collect();
    let mut best: Option<Fit> = None;
    let mut consider = |rows: &[HeadRow], tables: &[usize]| {
        let cells: Vec<Vec<String>> = rows.iter().map(|(_, cells)| cells.clone()).collect();
        for table in tables.iter().map(|t| &mapping.tables[*t]) {
            if let Some((_, found)) = header::find(&cells, table, mapping.read.loose_header)
                && best.as_ref().is_none_or(|best| found.strays.len() < best.strays)
            {
                best = Some(Fit { strays: found.strays.len(), found: found.found(), table: table.name.clone() });
            }
        }
    };
    if format == Format::Workbook {
        let sheets = heads.sheets(input);
        for table in tables {
            let taken = |s: &&String| match &mapping.tables[table].sheet {
                Some(_) => mapping.tables[table].takes_sheet(s),
                None => Some(*s) == sheets.first(),
            };
            if let Some(sheet) = sheets.iter().find(taken) {
                let rows = heads.of_sheet(input, sheet);
                consider(&rows[..rows.len().min(mapping.read.header_within)], &[table]);
            }
        }
    } else {
        for dialect in dialects(format, mapping) {
            consider(&head_rows(input, mapping, format, dialect, None, &tables).ok()?, &tables);
        }
    }
    best
}
