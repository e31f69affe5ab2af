//! How a mapping fits a sample, found out by reading the sample as the mapping says and keeping nothing.

use super::dry_run::{DryRun, dry_run};
use super::report::{CheckReport, FileCheck, NearName, PartCheck, RowNote, TableFit, Verdict};
use super::tally::Tally;
use crate::add_error::AddError;
use crate::header::{self, Match};
use crate::input::{Input, inputs};
use crate::inspect::{HeadRow, dialects, fits, format_of, head_rows, kind_title, part, place};
use crate::load::Part;
use crate::mapping::{Dialect, Format, Mapping, Role, Table};
use crate::nearest::{listed, nearest_with_likeness};
use camino::Utf8PathBuf;
use std::collections::BTreeMap;

/// How to check a mapping.
#[derive(Debug, Clone, Copy)]
pub struct CheckOptions {
    /// Most rows of each file or sheet that are looked at.
    pub most_rows: u64,
}

/// Tells how a mapping fits a sample. Nothing is taken in.
///
/// A file that the mapping would not take in is still read as the table that is most like it, where at least half of
/// its columns agree.
///
/// # Errors
///
/// If a file of the sample cannot be read at all. That the mapping does not fit is no error: the report says so.
pub fn check(mapping: &Mapping, samples: &[Utf8PathBuf], options: CheckOptions) -> Result<CheckReport, AddError> {
    if samples.is_empty() {
        return Err(AddError::NoFiles);
    }
    let mut files = Vec::new();
    for sample in samples {
        let found = inputs(sample)?;
        for input in &found.inputs {
            files.push(check_file(mapping, input, options.most_rows)?);
        }
        files.extend(found.unread.into_iter().map(|unread| {
            let stops = !mapping.read.keep_unplaced;
            FileCheck {
                path: unread.path,
                is: unread.why.clone(),
                verdict: if stops { Verdict::DoesNotFit } else { Verdict::Fits },
                stops: stops.then(|| format!("it is {}", unread.why)),
                help: None,
                parts: Vec::new(),
                tables: Vec::new(),
                built_in: Vec::new(),
                unread_sheets: Vec::new(),
            }
        }));
    }
    Ok(CheckReport {
        mapping: mapping.id.clone(),
        mapping_version: mapping.version,
        verdict: files.iter().map(|f| f.verdict).max().unwrap_or(Verdict::Fits),
        most_rows: options.most_rows,
        files,
    })
}

/// Whether the error says that the mapping does not fit the file, rather than that the file cannot be read.
fn does_not_fit(error: &AddError) -> bool {
    matches!(
        error,
        AddError::OtherFormat { .. }
            | AddError::NoTable { .. }
            | AddError::NoHeader { .. }
            | AddError::UnknownColumns { .. }
            | AddError::NoSheet { .. }
            | AddError::NamelessColumn { .. }
    )
}

fn check_file(mapping: &Mapping, input: &Input, most_rows: u64) -> Result<FileCheck, AddError> {
    let mut extended = mapping.clone();
    let mut file = FileCheck {
        path: input.path.to_string(),
        is: kind_title(input.kind).to_owned(),
        verdict: Verdict::Fits,
        stops: None,
        help: None,
        parts: Vec::new(),
        tables: Vec::new(),
        built_in: Vec::new(),
        unread_sheets: Vec::new(),
    };
    let parts = match place(input, &mut extended) {
        Ok(parts) => {
            file.unread_sheets = parts.iter().flat_map(|p| p.unread_sheets.clone()).collect();
            parts
        }
        Err(error) if !does_not_fit(&error) => return Err(error),
        Err(error) => {
            file.built_in = fits(input, mapping);
            file.help = error.help();
            file.stops = Some(error.to_string());
            file.verdict = Verdict::DoesNotFit;
            let fitted = fit_tables(input, mapping)?;
            let likely = fitted.iter().find_map(|fitted| fitted.part(input, mapping));
            file.tables = fitted.into_iter().map(|fitted| fitted.told).collect();
            likely.into_iter().collect()
        }
    };
    for part in &parts {
        let table = &extended.tables[part.table];
        let mut tally = Tally::new(table, &part.layout.columns);
        let run = dry_run(&extended, part, most_rows, &mut tally)?;
        let checked = explain(mapping, table, part, run, &tally);
        file.verdict = file.verdict.max(checked.verdict);
        file.parts.push(checked);
    }
    Ok(file)
}

/// A part, with what came of reading it.
fn explain(mapping: &Mapping, table: &Table, part: &Part, run: DryRun, tally: &Tally<'_>) -> PartCheck {
    let (layout, of_mapping) = (&part.layout, mapping.tables.iter().any(|t| t.name == table.name));
    let own = table.columns.len();
    let unknown: Vec<String> = (own..layout.columns.len())
        .map(|column| match (layout.columns[column].name.as_str(), layout.cell_of_column[column]) {
            ("", Some(cell)) => format!("column {}, which has no name", header::letters(cell)),
            (name, _) => name.to_owned(),
        })
        .collect();
    let unknown: Vec<&str> = unknown.iter().map(String::as_str).collect();
    let lacking = || layout.columns[..own].iter().zip(&layout.cell_of_column).filter(|(_, cell)| cell.is_none());
    let must = lacking().filter(|(column, _)| !column.optional).map(|(column, _)| column.name.as_str());
    let missing = near_names(must, &unknown);
    let headers: Vec<&str> = table.columns.iter().flat_map(|c| c.headers()).collect();
    let file = run.file;
    let note = |row: u64, why: &str| RowNote { row, why: why.to_owned() };
    let mut checked = PartCheck {
        sheet: part.sheet.clone(),
        table: table.name.clone(),
        why: why(table, part, of_mapping),
        verdict: Verdict::Fits,
        header_row: layout.header,
        missing,
        absent: lacking().filter(|(column, _)| column.optional).map(|(column, _)| column.name.clone()).collect(),
        // What is kept as text has no column to be compared with.
        unknown: if of_mapping { near_names(unknown.iter().copied(), &headers) } else { Vec::new() },
        keeps_unknown: mapping.read.keep_unknown,
        rows_read: file.rows_read,
        every_row: run.every_row,
        rows_kept: file.rows_kept,
        rows_repaired: file.rows_repaired,
        rows_refused: file.rows_refused,
        repairs: file.repairs.iter().map(|r| note(r.row, r.rule.name())).collect(),
        refusals: file.refusals.iter().map(|r| note(r.row, r.reason.name())).collect(),
        stopped_by: run.stopped_by,
        columns: tally.columns(|column| layout.cell_of_column[column].is_some()),
        not_in_map: tally.joint_lacking(),
        keys: tally.keys(),
        objects: run.interior.objects.iter().map(|(kind, n)| (kind.name().to_owned(), *n)).collect(),
        events: run.interior.events.iter().map(|(kind, n)| (kind.name().to_owned(), *n)).collect(),
        relations: run.interior.relations,
        duplicates: run.flags.duplicates,
        conflicts: run.flags.conflicts,
    };
    checked.verdict = verdict(&checked);
    checked
}

fn verdict(part: &PartCheck) -> Verdict {
    let stopped =
        !part.missing.is_empty() || (!part.unknown.is_empty() && !part.keeps_unknown) || part.stopped_by.is_some();
    if stopped || (part.rows_read > 0 && part.rows_kept == 0) {
        return Verdict::DoesNotFit;
    }
    let of_column = |c: &super::ColumnCheck| !(c.problems.is_empty() && c.not_in_map.is_empty() && c.shape.is_none());
    let of_key = |k: &super::KeyCheck| k.empty > 0 || (k.of == "table" && k.repeated > 0);
    let troubled = part.rows_refused + part.rows_repaired > 0
        || part.columns.iter().any(of_column)
        || part.keys.iter().any(of_key)
        || !part.not_in_map.is_empty();
    if troubled { Verdict::FitsWithProblems } else { Verdict::Fits }
}

fn near_names<'n>(names: impl IntoIterator<Item = &'n str>, others: &[&str]) -> Vec<NearName> {
    let near = |name: &str| {
        let nearest = nearest_with_likeness(name, others.iter().copied());
        NearName {
            name: name.to_owned(),
            nearest: nearest.map(|(name, _)| name.to_owned()),
            likeness: nearest.map(|(_, likeness)| (likeness * 100.0).round() / 100.0),
        }
    };
    names.into_iter().map(near).collect()
}

/// Why a part is read as its table, and how.
fn why(table: &Table, part: &Part, of_mapping: bool) -> Vec<String> {
    let mut why = Vec::new();
    if !of_mapping {
        why.push("no table of the mapping takes it, so that it is kept as text".to_owned());
    } else if table.files.is_empty() {
        why.push("the table takes files of any name".to_owned());
    } else if table.takes(part.input.plain_name()) {
        let patterns: Vec<&str> = table.files.iter().map(glob::Pattern::as_str).collect();
        why.push(format!("the name of the file fits {}", listed(&patterns)));
    } else {
        why.push("its columns are most like those of the file, whatever the file is called".to_owned());
    }
    match (&part.sheet, &table.sheet) {
        (Some(sheet), Some(pattern)) if table.takes_sheet(sheet) => {
            why.push(format!("the name of the sheet fits `{pattern}`"));
        }
        (Some(_), None) if of_mapping => why.push("it is the first sheet".to_owned()),
        _ => {}
    }
    let found = part.layout.cell_of_column.iter().take(table.columns.len()).flatten().count();
    why.push(match part.layout.header {
        Some(row) => format!("row {row} is the header: {found} of {} columns agree", table.columns.len()),
        None if table.role == Role::Counts => "a file of counts has no header".to_owned(),
        None => format!("there is no header, and the first row has {} cells", part.layout.width),
    });
    if part.format == Format::Delimited {
        why.push(dialect(part.dialect));
    }
    why
}

pub(super) fn dialect(dialect: Dialect) -> String {
    let delimiter = match dialect.delimiter {
        b'\t' => "tabs".to_owned(),
        other => format!("`{}`", char::from(other)),
    };
    match dialect.quote {
        Some(quote) => format!("cells are split at {delimiter} and quoted with `{}`", char::from(quote)),
        None => format!("cells are split at {delimiter} and never quoted"),
    }
}

/// A table, laid over the rows of a file that are most like its header.
struct Fitted {
    told: TableFit,
    table: usize,
    /// The dialect, and the row with its match, if any cell agrees.
    likely: Option<(Dialect, HeadRow, Match)>,
}

/// Lays every table of the mapping over the first rows of a file, whatever the file is called.
fn fit_tables(input: &Input, mapping: &Mapping) -> Result<Vec<Fitted>, AddError> {
    let Some(format) = format_of(input.kind, mapping) else { return Ok(Vec::new()) };
    let headed: Vec<usize> = (0..mapping.tables.len())
        .filter(|t| mapping.tables[*t].role != Role::Counts && !mapping.tables[*t].headless)
        .collect();
    let sheets: Vec<Option<String>> = if format == Format::Workbook {
        let sheets = input.sheets().map_err(|e| crate::add_error::read_error(input, e))?;
        sheets.into_iter().map(Some).collect()
    } else {
        vec![None]
    };
    let mut heads: Vec<(Option<String>, Dialect, Vec<HeadRow>)> = Vec::new();
    for sheet in sheets {
        for dialect in dialects(format, mapping) {
            let rows = head_rows(input, mapping, format, dialect, sheet.as_deref(), &headed)?;
            heads.push((sheet.clone(), dialect, rows));
        }
    }
    let mut fitted: Vec<Fitted> = headed.into_iter().map(|t| fit_table(input, mapping, t, &heads)).collect();
    fitted.sort_by_key(|f| (std::cmp::Reverse(f.told.agree), f.told.missing.len(), f.table));
    Ok(fitted)
}

fn fit_table(
    input: &Input,
    mapping: &Mapping,
    index: usize,
    heads: &[(Option<String>, Dialect, Vec<HeadRow>)],
) -> Fitted {
    let table = &mapping.tables[index];
    let mut best: Option<(usize, usize, Match)> = None;
    for (head, (_, _, rows)) in heads.iter().enumerate() {
        let cells: Vec<Vec<String>> = rows.iter().map(|(_, cells)| cells.clone()).collect();
        if let Some((row, found)) = header::most_like(&cells, table, mapping.read.loose_header)
            && best.as_ref().is_none_or(|(_, _, b)| found.found() > b.found())
        {
            best = Some((head, row, found));
        }
    }
    let mut told = TableFit {
        table: table.name.clone(),
        takes_the_name: table.takes(input.plain_name()),
        sheet: None,
        row: None,
        agree: 0,
        of: table.columns.len(),
        missing: Vec::new(),
    };
    let Some((head, row, found)) = best else { return Fitted { told, table: index, likely: None } };
    let (sheet, dialect, rows) = &heads[head];
    let (number, cells) = rows[row].clone();
    let strays: Vec<&str> = found.strays.iter().map(|s| cells[*s].trim()).collect();
    told.sheet.clone_from(sheet);
    told.row = Some(number);
    told.agree = found.found();
    told.missing = near_names(found.missing(table), &strays);
    Fitted { told, table: index, likely: Some((*dialect, (number, cells), found)) }
}

impl Fitted {
    /// The part that the file would be if what is missing and what is unknown did not matter; `None` unless at least
    /// half of the columns agree.
    fn part(&self, input: &Input, mapping: &Mapping) -> Option<Part> {
        let (dialect, (number, cells), found) = self.likely.as_ref()?;
        if self.told.agree * 2 < self.told.of {
            return None;
        }
        let format = format_of(input.kind, mapping)?;
        let layout = header::layout(*number, cells, found, &mapping.tables[self.table], true).ok()?;
        Some(part(input, format, *dialect, self.table, self.told.sheet.as_deref(), layout))
    }
}

/// Rows and problems of a whole delivery, for a draft that wants to know whether it loads.
pub(super) struct WholeRun {
    pub(super) rows_read: u64,
    pub(super) rows_refused: u64,
    pub(super) reconciled: bool,
    /// Of each file and sheet with refused rows: how many.
    pub(super) refused: BTreeMap<(String, Option<String>), u64>,
}

/// Reads every row of the inputs as the mapping says.
///
/// # Errors
///
/// If the mapping would not take a file in.
pub(super) fn run_whole(mapping: &Mapping, inputs: &[&Input]) -> Result<WholeRun, AddError> {
    struct Nobody;
    impl crate::load::Watch for Nobody {
        fn row(&mut self, _: u64, _: &[crate::cell::ColumnReader<'_>], _: &crate::interior::Interior<'_>) {}
    }
    let mut whole = WholeRun { rows_read: 0, rows_refused: 0, reconciled: true, refused: BTreeMap::new() };
    for input in inputs {
        let mut extended = mapping.clone();
        for part in place(input, &mut extended)? {
            let run = dry_run(&extended, &part, u64::MAX, &mut Nobody)?;
            whole.rows_read += run.file.rows_read;
            whole.rows_refused += run.file.rows_refused;
            whole.reconciled &= run.reconciled;
            if run.file.rows_refused > 0 {
                whole.refused.insert((part.input.name.clone(), part.sheet.clone()), run.file.rows_refused);
            }
        }
    }
    Ok(whole)
}
