//! Looking at a file before it is loaded: what it is, and which table of the mapping it fits.

use crate::add_error::{AddError, LikelyHeader, MissingColumn, UnknownColumn, read_error};
use crate::header::{self, Match};
use crate::load::Part;
use crate::mapping::{Dialect, Format, Mapping, Mappings, Role, Table};
use crate::nearest::nearest;
use crate::read::{Flow, ReadError, Row, delimited, gzip, xlsx};
use camino::{Utf8Path, Utf8PathBuf};
use std::cell::Cell;
use std::fs;
use std::io::{self, Read};
use std::rc::Rc;

/// Bytes that are looked at to tell text from something else.
const HEAD_BYTES: u64 = 8192;

/// A file, looked at.
#[derive(Debug)]
pub(crate) struct Inspected {
    pub(crate) path: Utf8PathBuf,
    pub(crate) file_name: String,
    pub(crate) size_bytes: u64,
    gzip: bool,
    /// The sheets, if it is a workbook.
    sheets: Option<Vec<String>>,
}

/// A row of the head: its number as delivered, and its cells.
type HeadRow = (u64, Vec<String>);

pub(crate) fn inspect(path: &Utf8Path) -> Result<Inspected, AddError> {
    let unreadable = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => AddError::Missing { path: path.to_owned(), nearest: sibling(path) },
        _ => AddError::Unreadable { path: path.to_owned(), source },
    };
    let metadata = fs::metadata(path).map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(AddError::Folder { path: path.to_owned(), example: names_in(path).into_iter().next() });
    }
    let first = head(path, false).map_err(unreadable)?;
    if first.is_empty() {
        return Err(AddError::Empty { path: path.to_owned() });
    }
    let gzip = first.starts_with(gzip::GZIP);
    let file_name = path.file_name().unwrap_or(path.as_str()).to_owned();
    if !gzip && path.extension().is_some_and(|e| e.eq_ignore_ascii_case("gz")) {
        return Err(AddError::NotGzip { path: path.to_owned() });
    }
    let inspected = |sheets| Inspected { path: path.to_owned(), file_name, size_bytes: metadata.len(), gzip, sheets };
    if first.starts_with(xlsx::ZIP) {
        return match xlsx::sheets(path.as_std_path()) {
            Ok(sheets) => Ok(inspected(Some(sheets))),
            Err(error) if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("xlsx")) => {
                Err(read_error(path, false, error))
            }
            Err(_) => Err(AddError::Binary { path: path.to_owned(), what: "a zip archive" }),
        };
    }
    let first = if gzip { head(path, true).map_err(|e| read_error(path, true, e.into()))? } else { first };
    if first.is_empty() {
        return Err(AddError::Empty { path: path.to_owned() });
    }
    match binary(&first) {
        Some(what) => Err(AddError::Binary { path: path.to_owned(), what }),
        None => Ok(inspected(None)),
    }
}

fn head(path: &Utf8Path, unpack: bool) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    gzip::open(path.as_std_path(), unpack, Rc::new(Cell::new(0)))?.take(HEAD_BYTES).read_to_end(&mut head)?;
    Ok(head)
}

/// What the bytes are if they are not text.
fn binary(head: &[u8]) -> Option<&'static str> {
    const KNOWN: &[(&[u8], &str)] = &[
        (b"%PDF", "a PDF"),
        (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)"),
        (b"PAR1", "a Parquet file"),
        (b"PK\x03\x04", "a zip archive"),
        (b"PK\x05\x06", "a zip archive"),
        (b"\xff\xfe", "UTF-16 text"),
        (b"\xfe\xff", "UTF-16 text"),
        (b"SQLite format 3", "a database"),
        (b"\x89PNG", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
    ];
    if let Some((_, what)) = KNOWN.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(what);
    }
    // Agencies' text has stray control bytes; binary files have many.
    let control = head.iter().filter(|b| (**b < 0x20 && !b"\t\r\n\x0c\x1b".contains(b)) || **b == 0x7f).count();
    (control * 10 > head.len()).then_some("binary data")
}

fn names_in(folder: &Utf8Path) -> Vec<String> {
    let mut names: Vec<String> = folder
        .read_dir_utf8()
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok().map(|e| e.file_name().to_owned()))
        .collect();
    names.sort();
    names
}

fn sibling(path: &Utf8Path) -> Option<String> {
    let folder = path.parent().filter(|p| !p.as_str().is_empty()).unwrap_or(Utf8Path::new("."));
    let names = names_in(folder);
    nearest(path.file_name()?, names.iter().map(String::as_str))
        .map(|name| path.parent().map_or_else(|| name.to_owned(), |p| p.join(name).into_string()))
}

impl Inspected {
    /// The file's name without `.gz`.
    fn plain_name(&self) -> &str {
        let name = self.file_name.as_str();
        let cut = name.len().saturating_sub(3);
        match name.get(cut..) {
            Some(end) if end.eq_ignore_ascii_case(".gz") => &name[..cut],
            _ => name,
        }
    }

    /// The tables that the file is read as: one for text, one for each sheet of a workbook.
    pub(crate) fn place(&self, mapping: &Mapping) -> Result<Vec<Part>, AddError> {
        match (mapping.read.format, &self.sheets) {
            (Format::Delimited(dialect), None) => Ok(vec![self.place_text(mapping, dialect)?]),
            (Format::Xlsx, Some(sheets)) => self.place_workbook(mapping, sheets),
            (format, sheets) => Err(AddError::OtherFormat {
                path: self.path.clone(),
                is: if sheets.is_some() { "a workbook" } else { "text" },
                mapping: mapping.id.clone(),
                reads: if format == Format::Xlsx { "workbooks" } else { "delimited text" },
                fits: self.fits(mapping),
            }),
        }
    }

    fn place_text(&self, mapping: &Mapping, dialect: Dialect) -> Result<Part, AddError> {
        let name = self.plain_name();
        let named: Vec<usize> = (0..mapping.tables.len()).filter(|t| mapping.tables[*t].takes(name)).collect();
        let counts = |t: &&usize| mapping.tables[**t].role == Role::Counts && !mapping.tables[**t].files.is_empty();
        if let Some(table) = named.iter().find(counts) {
            let layout = header::headless(&mapping.tables[*table]);
            return Ok(self.part(*table, None, layout));
        }
        let tables: Vec<usize> = named.into_iter().filter(|t| mapping.tables[*t].role != Role::Counts).collect();
        if tables.is_empty() {
            return Err(self.no_table(mapping));
        }
        let rows = self.head_rows(mapping, dialect, None, &tables)?;
        self.choose(mapping, None, &tables, &rows)
    }

    fn place_workbook(&self, mapping: &Mapping, sheets: &[String]) -> Result<Vec<Part>, AddError> {
        let name = self.plain_name();
        let named: Vec<usize> = (0..mapping.tables.len()).filter(|t| mapping.tables[*t].takes(name)).collect();
        if named.is_empty() {
            return Err(self.no_table(mapping));
        }
        let mut parts = Vec::new();
        let (of_sheets, of_first): (Vec<usize>, Vec<usize>) =
            named.into_iter().partition(|t| mapping.tables[*t].sheet.is_some());
        for table in of_sheets {
            let wanted = mapping.tables[table].sheet.as_deref().unwrap_or_default();
            let Some(sheet) = sheets.iter().find(|s| s.trim() == wanted.trim()) else {
                return Err(AddError::NoSheet {
                    path: self.path.clone(),
                    sheet: wanted.to_owned(),
                    table: mapping.tables[table].name.clone(),
                    sheets: sheets.to_vec(),
                });
            };
            parts.push(self.place_sheet(mapping, sheet, &[table])?);
        }
        if let (false, Some(sheet)) = (of_first.is_empty(), sheets.first()) {
            parts.push(self.place_sheet(mapping, sheet, &of_first)?);
        }
        let unread = sheets.iter().filter(|s| !parts.iter().any(|p| p.sheet.as_ref() == Some(s)));
        let unread: Vec<String> = unread.cloned().collect();
        if let Some(first) = parts.first_mut() {
            first.unread_sheets = unread;
        }
        Ok(parts)
    }

    fn place_sheet(&self, mapping: &Mapping, sheet: &str, tables: &[usize]) -> Result<Part, AddError> {
        let dialect = Dialect { delimiter: b'\t', quote: None };
        let rows = self.head_rows(mapping, dialect, Some(sheet), tables)?;
        self.choose(mapping, Some(sheet), tables, &rows)
    }

    fn part(&self, table: usize, sheet: Option<&str>, layout: header::Layout) -> Part {
        Part {
            path: self.path.clone(),
            file_name: self.file_name.clone(),
            size_bytes: self.size_bytes,
            sha256: String::new(),
            gzip: self.gzip,
            table,
            sheet: sheet.map(str::to_owned),
            layout,
            unread_sheets: Vec::new(),
        }
    }

    /// Chooses the table whose header is among the rows; of several, the one with the fewest unknown columns.
    fn choose(
        &self,
        mapping: &Mapping,
        sheet: Option<&str>,
        tables: &[usize],
        rows: &[HeadRow],
    ) -> Result<Part, AddError> {
        let cells: Vec<Vec<String>> = rows.iter().map(|(_, cells)| cells.clone()).collect();
        let found = tables.iter().filter_map(|t| header::find(&cells, &mapping.tables[*t]).map(|(r, m)| (*t, r, m)));
        let Some((table, row, found)) = found.min_by_key(|(_, _, m)| m.strays.len()) else {
            return Err(self.no_header(mapping, tables, rows, &cells));
        };
        if !found.strays.is_empty() && !mapping.read.keep_unknown {
            return Err(self.unknown_columns(mapping, &mapping.tables[table], &cells[row], &found));
        }
        let number = rows[row].0;
        let layout = header::layout(number, &cells[row], &found, &mapping.tables[table]);
        let layout =
            layout.map_err(|column| AddError::NamelessColumn { path: self.path.clone(), column, row: number })?;
        Ok(self.part(table, sheet, layout))
    }

    /// The rows among which the header must stand.
    fn head_rows(
        &self,
        mapping: &Mapping,
        dialect: Dialect,
        sheet: Option<&str>,
        tables: &[usize],
    ) -> Result<Vec<HeadRow>, AddError> {
        let mut rows: Vec<HeadRow> = Vec::new();
        let limit = mapping.read.header_within;
        let visitor = |row: &Row| -> Result<Flow, ReadError> {
            let cells = row.texts();
            if row.lines > 1
                && !tables.iter().any(|t| header::lay(&cells, &mapping.tables[*t]).is_header(&mapping.tables[*t]))
            {
                return Ok(Flow::Resplit);
            }
            rows.push((row.number, cells));
            Ok(if rows.len() < limit { Flow::Next } else { Flow::Stop })
        };
        let read = match sheet {
            Some(sheet) => xlsx::visit(self.path.as_std_path(), sheet, visitor),
            None => gzip::open(self.path.as_std_path(), self.gzip, Rc::new(Cell::new(0)))
                .map_err(ReadError::Io)
                .and_then(|input| delimited::visit(input, dialect, visitor)),
        };
        read.map_err(|e| read_error(&self.path, self.gzip, e))?;
        Ok(rows)
    }

    fn no_table(&self, mapping: &Mapping) -> AddError {
        let patterns = mapping.tables.iter().flat_map(|t| &t.files).map(|p| p.as_str().to_owned()).collect();
        AddError::NoTable {
            path: self.path.clone(),
            mapping: mapping.id.clone(),
            patterns,
            by_columns: self.tables_by_columns(mapping).map(|(_, name)| name.into_boxed_str()),
            fits: self.fits(mapping),
        }
    }

    fn no_header(&self, mapping: &Mapping, tables: &[usize], rows: &[HeadRow], cells: &[Vec<String>]) -> AddError {
        let best = tables
            .iter()
            .filter_map(|t| header::most_like(cells, &mapping.tables[*t]).map(|(row, m)| (*t, row, m)))
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
            path: self.path.clone(),
            mapping: mapping.id.clone(),
            table: table.name.clone(),
            best: likely,
            fits: self.fits(mapping),
        }
    }

    fn unknown_columns(&self, mapping: &Mapping, table: &Table, row: &[String], found: &Match) -> AddError {
        let columns = found.strays.iter().map(|stray| {
            let name = row[*stray].trim().to_owned();
            let repeated = table.columns.iter().any(|c| c.name == name);
            let nearest = if repeated { None } else { header::nearest_column(&name, table).map(str::to_owned) };
            UnknownColumn { name, nearest, repeated }
        });
        AddError::UnknownColumns {
            path: self.path.clone(),
            mapping: mapping.id.clone(),
            columns: columns.collect(),
            fits: self.fits(mapping),
        }
    }

    /// Built-in mappings, other than this one, that would take the file; those with the fewest unknown columns first.
    fn fits(&self, other_than: &Mapping) -> Vec<String> {
        let mut fits: Vec<(usize, String)> = Mappings::built_in()
            .all()
            .filter(|m| m.id != other_than.id)
            .filter_map(|m| self.tables_by_columns(&m).map(|(strays, _)| (strays, m)))
            .filter(|(strays, m)| *strays == 0 || m.read.keep_unknown)
            .map(|(strays, m)| (strays, m.id))
            .collect();
        fits.sort();
        fits.into_iter().map(|(_, id)| id).take(3).collect()
    }

    /// The table of a mapping whose header the file has, whatever the file is called, and how many columns it does not
    /// know.
    fn tables_by_columns(&self, mapping: &Mapping) -> Option<(usize, String)> {
        let tables: Vec<usize> =
            (0..mapping.tables.len()).filter(|t| mapping.tables[*t].role != Role::Counts).collect();
        let mut best: Option<(usize, String)> = None;
        let mut consider = |rows: Vec<HeadRow>, tables: &[usize]| {
            let cells: Vec<Vec<String>> = rows.into_iter().map(|(_, cells)| cells).collect();
            for table in tables.iter().map(|t| &mapping.tables[*t]) {
                if let Some((_, found)) = header::find(&cells, table)
                    && best.as_ref().is_none_or(|(strays, _)| found.strays.len() < *strays)
                {
                    best = Some((found.strays.len(), table.name.clone()));
                }
            }
        };
        match (mapping.read.format, &self.sheets) {
            (Format::Delimited(dialect), None) => {
                consider(self.head_rows(mapping, dialect, None, &tables).ok()?, &tables);
            }
            (Format::Xlsx, Some(sheets)) => {
                let dialect = Dialect { delimiter: b'\t', quote: None };
                for table in tables {
                    let wanted = mapping.tables[table].sheet.as_ref().or(sheets.first())?;
                    if sheets.contains(wanted) {
                        consider(self.head_rows(mapping, dialect, Some(wanted), &[table]).ok()?, &[table]);
                    }
                }
            }
            _ => {}
        }
        best
    }
}
