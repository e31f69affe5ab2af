//! Files and sheets as tables: their header, and what their columns look like.

use super::dialect::detect;
use super::heading::{self, Heading};
use super::profile::Profile;
use crate::add_error::{AddError, read_error};
use crate::input::{Input, Kind, Taken};
use crate::inspect::TABS;
use crate::mapping::{Dialect, Format};
use crate::read::{Flow, ReadError, Row, text};

/// Rows from which the header is told.
const HEAD_ROWS: usize = 60;
/// Share of nameless cells in a header above which it is none, as a divisor.
const NAMELESS: usize = 3;
/// Characters of the usual line above which a text of one column is prose.
const PROSE: u64 = 50;

/// Where rows of a table stand.
#[derive(Debug, Clone)]
pub(super) struct Source {
    /// Number of the input.
    pub(super) input: usize,
    pub(super) sheet: Option<String>,
    pub(super) format: Format,
    pub(super) dialect: Dialect,
    /// Row of the header, from 1.
    pub(super) header_row: Option<u64>,
}

/// A table, in one or several files or sheets with the same header.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) sources: Vec<Source>,
    pub(super) heading: Heading,
    /// Names of the columns, by cell. Empty where the header has no name.
    pub(super) header: Vec<String>,
    pub(super) profiles: Vec<Profile>,
    pub(super) rows: u64,
}

/// A file or a sheet that is no table, and why.
#[derive(Debug)]
pub(super) struct NoSection {
    pub(super) input: usize,
    pub(super) sheet: Option<String>,
    pub(super) why: String,
}

/// The tables of the inputs, and what is none.
pub(super) fn sections(inputs: &[Input]) -> Result<(Vec<Section>, Vec<NoSection>), AddError> {
    let (mut sections, mut none): (Vec<Section>, Vec<NoSection>) = (Vec::new(), Vec::new());
    for (number, input) in inputs.iter().enumerate() {
        let format = match input.kind {
            Kind::Text => Format::Delimited,
            Kind::JsonText => Format::Json,
            Kind::Workbook => Format::Workbook,
            Kind::Parquet => Format::Parquet,
            Kind::Stata => Format::Stata,
        };
        let sheets: Vec<Option<String>> = if format == Format::Workbook {
            input.sheets().map_err(|e| read_error(input, e))?.into_iter().map(Some).collect()
        } else {
            vec![None]
        };
        for sheet in sheets {
            match begin(input, number, format, sheet.clone())? {
                Ok(section) => match sections.iter_mut().find(|s| is_same(s, &section)) {
                    Some(same) => same.sources.extend(section.sources),
                    None => sections.push(section),
                },
                Err(why) => none.push(NoSection { input: number, sheet, why }),
            }
        }
    }
    let mut tables = Vec::with_capacity(sections.len());
    for mut section in sections {
        for source in section.sources.clone() {
            section.profile(&inputs[source.input], &source)?;
        }
        match section.no_table() {
            None => tables.push(section),
            Some(why) => none.extend(section.sources.into_iter().map(|s| NoSection {
                input: s.input,
                sheet: s.sheet,
                why: why.clone(),
            })),
        }
    }
    Ok((tables, none))
}

fn is_same(one: &Section, other: &Section) -> bool {
    let kind = |s: &Section| s.sources.first().map(|source| (source.format, source.sheet.clone()));
    one.header == other.header && one.heading.row.is_none() == other.heading.row.is_none() && kind(one) == kind(other)
}

/// Finds the header of a file or a sheet, or says why there is no table.
fn begin(
    input: &Input,
    number: usize,
    format: Format,
    sheet: Option<String>,
) -> Result<Result<Section, String>, AddError> {
    let dialect = if format == Format::Delimited { detect(input)? } else { TABS };
    let mut rows: Vec<(u64, Vec<String>)> = Vec::new();
    let visitor = |row: &Row| -> Result<Flow, ReadError> {
        rows.push((row.number, row.texts()));
        Ok(if rows.len() < HEAD_ROWS { Flow::Next } else { Flow::Stop })
    };
    let read = input.visit(format, dialect, sheet.as_deref(), &Taken::default(), visitor);
    read.map_err(|e| read_error(input, e))?;
    let Some((_, first)) = rows.first() else { return Ok(Err("it holds no rows".to_owned())) };
    if format == Format::Delimited && first.first().is_some_and(|cell| cell.trim_start().starts_with('<')) {
        return Ok(Err("it is XML or HTML, and no table".to_owned()));
    }
    if format == Format::Delimited && rows.iter().any(|(_, cells)| is_ruler(cells)) {
        return Ok(Err("it is Markdown, and no table".to_owned()));
    }
    let cells: Vec<Vec<String>> = rows.iter().map(|(_, cells)| cells.clone()).collect();
    let heading = match format {
        // Their readers give the names of the columns as the first row.
        Format::Json | Format::Parquet | Format::Stata => {
            Heading { row: Some(0), confidence: 1.0, why: "the file itself names the columns".to_owned() }
        }
        Format::Delimited | Format::Workbook => heading::find(&cells),
    };
    let header = match heading.row {
        Some(row) => {
            let width = cells[row].iter().rposition(|c| !c.trim().is_empty()).map_or(0, |last| last + 1);
            cells[row][..width].iter().map(|name| name.trim().to_owned()).collect()
        }
        None if format == Format::Workbook => return Ok(Err("no row looks like a header".to_owned())),
        None => (1..=first.len()).map(|n| format!("column_{n}")).collect::<Vec<_>>(),
    };
    let nameless = header.iter().filter(|name| name.is_empty()).count();
    if nameless * NAMELESS > header.len() || (format == Format::Workbook && header.len() < 2) {
        return Ok(Err("it is laid out for reading, and not as rows below a header".to_owned()));
    }
    let header_row = heading.row.map(|row| rows[row].0);
    let profiles = header.iter().map(|_| Profile::default()).collect();
    let sources = vec![Source { input: number, sheet, format, dialect, header_row }];
    Ok(Ok(Section { sources, heading, header, profiles, rows: 0 }))
}

/// The line below the header of a table in Markdown.
fn is_ruler(cells: &[String]) -> bool {
    let lines = cells.iter().filter(|c| c.trim().len() >= 3 && c.trim().chars().all(|c| c == '-' || c == ':')).count();
    lines >= 2 && cells.iter().all(|c| c.trim().is_empty() || c.trim().chars().all(|c| c == '-' || c == ':'))
}

impl Section {
    fn profile(&mut self, input: &Input, source: &Source) -> Result<(), AddError> {
        let (profiles, rows) = (&mut self.profiles, &mut self.rows);
        let visitor = |row: &Row| -> Result<Flow, ReadError> {
            if let Some(header) = source.header_row
                && row.number <= header
            {
                let swallows = row.number < header && row.number + row.lines > header;
                return Ok(if swallows { Flow::Resplit } else { Flow::Next });
            }
            if row.lines > 1 && row.cells.len() != profiles.len() {
                return Ok(Flow::Resplit);
            }
            *rows += 1;
            // A row that would be refused says nothing of the columns.
            if row.malformed || row.open_quote {
                return Ok(Flow::Next);
            }
            for (index, profile) in profiles.iter_mut().enumerate() {
                if index < row.cells.len() {
                    profile.add(&text(row.cell(index)), row.is_date(index));
                } else {
                    profile.add("", false);
                }
            }
            Ok(Flow::Next)
        };
        let read = input.visit(source.format, source.dialect, source.sheet.as_deref(), &Taken::default(), visitor);
        read.map(|_| ()).map_err(|e| read_error(input, e))
    }

    /// Why the section is no table after all.
    fn no_table(&self) -> Option<String> {
        match self.profiles.as_slice() {
            [only] if only.filled > 0 && only.characters > PROSE * only.filled => {
                Some("it is prose, and no table".to_owned())
            }
            _ => None,
        }
    }
}
