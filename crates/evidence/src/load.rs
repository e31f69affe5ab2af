//! Loading: each row of each file becomes cells, objects, events and relations, or is refused with its reason.
//!
//! Each table of the mapping is one piece of work, which reads its files in order and writes its own Parquet. The pieces are
//! worked on side by side, and the result does not depend on how many are.

use crate::Progress;
use crate::add_error::{AddError, read_error};
use crate::cell::ColumnReader;
use crate::flags::Flags;
use crate::header::Layout;
use crate::input::{Input, Taken};
use crate::interior::{Interior, InteriorCounts};
use crate::mapping::{Column, Dialect, Format, Mapping, RepairRule, Role, Table};
use crate::problem::{Problem, ProblemSet};
use crate::read::{Flow, Lines, ReadError, Row, text};
use crate::receipt::{FileReceipt, Reason, Refusal, Repair, SAMPLES};
use crate::repair::Mender;
use crate::schema::{cells_schema, refused_schema};
use crate::write::{BATCH_ROWS, Builder, Output, Place, Pointers, Slot, WriteError, batch};
use arrow::array::{ArrayBuilder, ArrayRef, StringBuilder, new_null_array};
use arrow::datatypes::{DataType, SchemaRef};
use camino::Utf8Path;
use model::DeliveryId;
use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// One file, or one sheet of a workbook, that is read as one table.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) input: Input,
    pub(crate) format: Format,
    /// How the text is written, if it is delimited text.
    pub(crate) dialect: Dialect,
    pub(crate) sha256: String,
    /// Index of the table.
    pub(crate) table: usize,
    pub(crate) sheet: Option<String>,
    pub(crate) layout: Layout,
    pub(crate) unread_sheets: Vec<String>,
}

/// What was loaded.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    pub(crate) files: Vec<FileReceipt>,
    pub(crate) reconciled: bool,
    pub(crate) interior: InteriorCounts,
}

/// Bytes of cells after which a batch is written, however few its rows.
const BATCH_BYTES: usize = 16 * 1024 * 1024;
/// Rows between two reports of progress.
const PROGRESS_ROWS: u64 = 8192;

/// Loads the parts, which stand in the order of their tables, into a folder.
pub(crate) fn load(
    mapping: &Mapping,
    delivery: &DeliveryId,
    parts: &[Part],
    folder: &Utf8Path,
    progress: &(dyn Fn(&Progress<'_>) + Sync),
) -> Result<Loaded, AddError> {
    let cells = folder.join("cells");
    std::fs::create_dir_all(&cells).map_err(|e| AddError::write("create", &cells, e))?;
    let tables: Vec<&[Part]> = parts.chunk_by(|a, b| a.table == b.table).collect();
    let first_of = |table: &[Part]| parts.iter().position(|p| p.table == table[0].table).unwrap_or_default();
    // The largest table first, so that the cores end at about the same time.
    let mut order: Vec<usize> = (0..tables.len()).collect();
    order.sort_by_key(|t| std::cmp::Reverse(tables[*t].iter().map(|p| p.input.weight()).sum::<u64>()));
    let next = AtomicUsize::new(0);
    let done: Vec<Mutex<Option<Result<LoadedTable, AddError>>>> = tables.iter().map(|_| Mutex::new(None)).collect();
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get).min(tables.len());
    let work = || {
        while let Some(table) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            let job = TableJob {
                mapping,
                delivery,
                parts: tables[*table],
                first: first_of(tables[*table]),
                of: parts.len(),
                folder,
                progress,
            };
            let result = job.load();
            let failed = result.is_err();
            if let Ok(mut slot) = done[*table].lock() {
                *slot = Some(result);
            }
            if failed {
                // Nothing more is begun.
                next.store(order.len(), Ordering::Relaxed);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..cores {
            scope.spawn(work);
        }
        work();
    });
    let mut loaded = Loaded { reconciled: true, ..Loaded::default() };
    let mut declared: Vec<Declared> = Vec::new();
    let mut results: Vec<Option<Result<LoadedTable, AddError>>> =
        done.into_iter().map(|slot| slot.into_inner().ok().flatten()).collect();
    if let Some(failed) = results.iter_mut().find(|r| matches!(r, Some(Err(_))))
        && let Some(Err(error)) = failed.take()
    {
        return Err(error);
    }
    for result in results {
        let Some(Ok(mut table)) = result else {
            return Err(AddError::write("write", folder, WriteError::Thread));
        };
        loaded.reconciled &= table.reconciled;
        loaded.files.append(&mut table.files);
        loaded.interior.add(table.interior);
        declared.append(&mut table.declared);
    }
    loaded.reconciled &= crate::counts::reconcile(&mut loaded.files, parts, mapping, &declared);
    Ok(loaded)
}

/// The columns of a table: those of the mapping, by their names in the first file that has them, and those that are only
/// kept, from every part.
pub(crate) fn columns_of(table: &Table, parts: &[Part]) -> Vec<Column> {
    let mut columns: Vec<Column> = table.columns.clone();
    for (index, column) in columns.iter_mut().enumerate() {
        if let Some(part) = parts.iter().find(|p| p.layout.cell_of_column[index].is_some()) {
            column.name.clone_from(&part.layout.columns[index].name);
        }
    }
    for part in parts {
        for kept in &part.layout.columns[table.columns.len()..] {
            if !columns.iter().any(|c| c.as_name == kept.as_name) {
                columns.push(kept.clone());
            }
        }
    }
    columns
}

/// Rows from which on it tells something that most of them were refused.
const TELLING_ROWS: u64 = 20;

/// The repair cap: more repaired rows than this mean that the release is broken. So do more refused rows than kept ones
/// in a table that the mapping knows.
pub(crate) fn stop_if_broken(mapping: &Mapping, table: &Table, file: &FileReceipt) -> Result<(), AddError> {
    let known = !table.columns.is_empty() && table.role != Role::Counts;
    if known && file.rows_read >= TELLING_ROWS && file.rows_refused > file.rows_kept {
        let first = file.refusals.first();
        return Err(AddError::MostRefused {
            path: file.path.clone().into(),
            table: table.name.clone(),
            refused: file.rows_refused,
            rows: file.rows_read,
            first: first.map(|r| r.row).unwrap_or_default(),
            reason: first.map_or("", |r| r.reason.name()),
        });
    }
    let read = &mapping.read;
    let share = file.rows_repaired as f64 / file.rows_read.max(1) as f64;
    if file.rows_repaired > read.repair_cap_rows && share > read.repair_cap_share {
        return Err(AddError::RepairCap {
            path: file.path.clone().into(),
            table: table.name.clone(),
            repaired: file.rows_repaired,
            rows: file.rows_read,
            cap_rows: read.repair_cap_rows,
            cap_share: read.repair_cap_share,
            first: file.repairs.first().map(|r| r.row).unwrap_or_default(),
        });
    }
    Ok(())
}

/// Rows that a delivery itself declares for a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Declared {
    pub(crate) table: String,
    pub(crate) rows: u64,
    /// Path of the file that declares it.
    pub(crate) by: String,
}

pub(crate) enum Fail {
    Read(ReadError),
    Write(WriteError),
}

impl From<ReadError> for Fail {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}

impl From<WriteError> for Fail {
    fn from(error: WriteError) -> Self {
        Self::Write(error)
    }
}

/// One table, with the parts that it is read from.
struct TableJob<'a> {
    mapping: &'a Mapping,
    delivery: &'a DeliveryId,
    parts: &'a [Part],
    /// Number of the first part among all.
    first: usize,
    /// How many parts there are in all.
    of: usize,
    folder: &'a Utf8Path,
    progress: &'a (dyn Fn(&Progress<'_>) + Sync),
}

#[derive(Debug)]
struct LoadedTable {
    files: Vec<FileReceipt>,
    reconciled: bool,
    interior: InteriorCounts,
    declared: Vec<Declared>,
}

impl TableJob<'_> {
    fn load(&self) -> Result<LoadedTable, AddError> {
        let (mapping, folder) = (self.mapping, self.folder);
        let table = &mapping.tables[self.parts[0].table];
        let columns = columns_of(table, self.parts);
        let write_failed = |e: WriteError| AddError::write("write", folder, e);
        let schema = cells_schema(&columns);
        let mut out = Output::create(folder, &table.name, &columns).map_err(write_failed)?;
        let mut interior = Interior::new(mapping, table);
        let mut flags = Flags::new(table, folder);
        let mut loaded = LoadedTable {
            files: Vec::new(),
            reconciled: true,
            interior: InteriorCounts::default(),
            declared: Vec::new(),
        };
        for (n, part) in self.parts.iter().enumerate() {
            let table_name = if n == 0 { table.name.clone() } else { format!("{}.{}", table.name, n + 1) };
            let taken = Taken::default();
            let report = |rows| {
                (self.progress)(&Progress {
                    path: &part.input.path,
                    file: self.first + n + 1,
                    files: self.of,
                    bytes_read: taken.get(),
                    bytes_total: part.input.size_bytes,
                    rows,
                });
            };
            let place = Place {
                delivery: self.delivery.clone(),
                file: part.input.name.clone(),
                sheet: part.sheet.clone(),
                mapping_version: mapping.version,
            };
            let mut rows = RowLoader::new(
                mapping,
                part,
                n,
                &table_name,
                place,
                &columns,
                &schema,
                Outlets { out: &mut out, interior: &mut interior, flags: &mut flags, report: &report, watch: None },
            );
            let read = part.input.visit(part.format, part.dialect, part.sheet.as_deref(), &taken, |r| rows.row(r));
            let lines = read.and_then(|lines| rows.flush().map(|()| lines)).map_err(|fail| match fail {
                Fail::Read(error) => read_error(&part.input, error),
                Fail::Write(error) => AddError::write("write", folder, error),
            })?;
            let (file, reconciled) = rows.receipt(lines);
            loaded.declared.append(&mut rows.declared);
            stop_if_broken(mapping, table, &file)?;
            loaded.reconciled &= reconciled;
            loaded.files.push(file);
        }
        if flags.is_needed() {
            let names: Vec<(String, Option<String>)> =
                self.parts.iter().map(|p| (p.input.name.clone(), p.sheet.clone())).collect();
            let counts = flags.finish(self.delivery, mapping.version, &names, |batch| out.write(Slot::Flags, batch));
            for (file, counts) in loaded.files.iter_mut().zip(counts.map_err(write_failed)?) {
                file.duplicates = counts.duplicates;
                file.conflicts = counts.conflicts;
            }
        }
        out.finish().map_err(write_failed)?;
        loaded.interior = interior.counts;
        Ok(loaded)
    }
}

/// Looks on as the rows of a part are kept.
pub(crate) trait Watch {
    /// A row was kept: its cells, and what was made of them.
    fn row(&mut self, number: u64, cells: &[ColumnReader<'_>], interior: &Interior<'_>);
}

#[derive(Debug, Default)]
struct Tally {
    banner_rows: u64,
    rows_read: u64,
    rows_kept: u64,
    rows_repaired: u64,
    rows_refused: u64,
    /// For each column, and then for each crosswalk key: cells with each problem.
    problems: Vec<[u64; Problem::ALL.len()]>,
    repairs: Vec<Repair>,
    refusals: Vec<Refusal>,
}

/// Where the rows of a part go.
pub(crate) struct Outlets<'a, 'm> {
    pub(crate) out: &'a mut Output,
    pub(crate) interior: &'a mut Interior<'m>,
    pub(crate) flags: &'a mut Flags<'m>,
    pub(crate) report: &'a dyn Fn(u64),
    pub(crate) watch: Option<&'a mut dyn Watch>,
}

/// Loads the rows of one part.
pub(crate) struct RowLoader<'a, 'm> {
    table: &'m Table,
    part: &'m Part,
    /// Number of the part within its table.
    nth: u32,
    layout: &'m Layout,
    place: Place,
    table_name: &'a str,
    outlets: Outlets<'a, 'm>,
    /// Interior and flags are made while the rows are loaded.
    makes_interior: bool,
    makes_flags: bool,
    is_workbook: bool,
    readers: Vec<ColumnReader<'m>>,
    mender: Mender<'m>,
    cells: CellColumns,
    refused: RefusedColumns,
    tally: Tally,
    declared: Vec<Declared>,
    // Reused from row to row.
    problems_text: String,
}

impl<'a, 'm> RowLoader<'a, 'm> {
    #[expect(clippy::too_many_arguments, reason = "everything that a part is loaded with, each thing once")]
    pub(crate) fn new(
        mapping: &'m Mapping,
        part: &'m Part,
        nth: usize,
        table_name: &'a str,
        place: Place,
        columns: &[Column],
        schema: &SchemaRef,
        outlets: Outlets<'a, 'm>,
    ) -> Self {
        let table = &mapping.tables[part.table];
        let layout = &part.layout;
        // For each column of the table as written, the column of this part.
        let sources = columns.iter().map(|c| layout.columns.iter().position(|l| l.as_name == c.as_name)).collect();
        let delimiter = if part.format == Format::Delimited { part.dialect.delimiter } else { b'\t' };
        Self {
            table,
            part,
            nth: u32::try_from(nth).unwrap_or(u32::MAX),
            layout,
            place,
            table_name,
            makes_interior: table.role == Role::Data && !mapping.read.on_demand,
            makes_flags: outlets.flags.is_needed(),
            is_workbook: part.format == Format::Workbook,
            outlets,
            readers: layout.columns.iter().map(|c| ColumnReader::new(c, &mapping.read.null)).collect(),
            mender: Mender::new(table, &layout.columns, &mapping.maps, &mapping.read.repair, delimiter),
            cells: CellColumns::new(Arc::clone(schema), columns, sources),
            refused: RefusedColumns::default(),
            tally: Tally { problems: vec![[0; Problem::ALL.len()]; layout.columns.len()], ..Tally::default() },
            declared: Vec::new(),
            problems_text: String::new(),
        }
    }

    /// Rows taken so far, without those above the header and the header.
    pub(crate) fn rows_read(&self) -> u64 {
        self.tally.rows_read
    }

    pub(crate) fn row(&mut self, row: &Row) -> Result<Flow, Fail> {
        if let Some(header) = self.layout.header
            && row.number <= header
        {
            // A banner with a stray quote must not swallow the header.
            if row.number < header && row.number + row.lines > header {
                return Ok(Flow::Resplit);
            }
            self.tally.banner_rows = header - 1;
            return Ok(Flow::Next);
        }
        if self.table.role == Role::Counts {
            return self.count(row);
        }
        let (cells, width) = (row.cells.len(), self.layout.width);
        let workbook = self.is_workbook;
        let named = cells == width || (workbook && cells < width);
        let surplus_is_empty = || (width..cells).all(|i| row.cell(i).trim_ascii().is_empty());
        if row.malformed {
            self.refuse(row, Reason::Malformed)?;
        } else if row.open_quote {
            self.refuse(row, Reason::OpenQuote)?;
        } else if named || (cells > width && (workbook || cells <= width + self.layout.nameless) && surplus_is_empty())
        {
            self.keep(row.number, |i| if i < cells { (row.cell(i), row.is_date(i)) } else { (&[], false) }, None)?;
        } else if row.lines > 1 {
            return Ok(Flow::Resplit);
        } else if workbook || (cells > width && cells <= width + self.layout.nameless) {
            self.refuse(row, Reason::NamelessColumn)?;
        } else {
            self.mend(row)?;
        }
        self.tally.rows_read += 1;
        if self.tally.rows_read.is_multiple_of(PROGRESS_ROWS) {
            (self.outlets.report)(self.tally.rows_read);
        }
        Ok(Flow::Next)
    }

    /// Keeps a row with too many or too few cells if a rule repairs it.
    fn mend(&mut self, row: &Row) -> Result<(), Fail> {
        let cells: Vec<&[u8]> = (0..row.cells.len()).map(|i| row.cell(i)).collect();
        let Some(repaired) = self.mender.repair(&cells, self.layout, &mut self.readers) else {
            let reason = if cells.len() > self.layout.width { Reason::TooManyCells } else { Reason::TooFewCells };
            return self.refuse(row, reason);
        };
        self.tally.rows_repaired += 1;
        if self.tally.repairs.len() < SAMPLES {
            self.tally.repairs.push(Repair {
                row: row.number,
                rule: repaired.rule,
                before: row.texts(),
                after: repaired.cells.iter().map(|c| text(c)).collect(),
            });
        }
        let problem = match repaired.rule {
            RepairRule::ShiftLeft => Problem::ShiftLeft,
            RepairRule::CityState => Problem::CityState,
            RepairRule::PadShort => Problem::PadShort,
        };
        let touched: Vec<usize> = repaired.touched.iter().map(|cell| self.layout.column_of_cell[*cell]).collect();
        self.keep(row.number, |i| (repaired.cells[i].as_slice(), false), Some((&touched, problem)))
    }

    fn refuse(&mut self, row: &Row, reason: Reason) -> Result<(), Fail> {
        self.tally.rows_refused += 1;
        if self.tally.refusals.len() < SAMPLES {
            self.tally.refusals.push(Refusal { row: row.number, reason, cells: row.cells.len() as u64 });
        }
        let line = row.verbatim();
        self.refused.bytes += line.len();
        self.refused.pointers.push(row.number);
        self.refused.reasons.append_value(reason.name());
        match std::str::from_utf8(&line) {
            Ok(line) => self.refused.lines.append_value(line),
            Err(_) => self.refused.lines.append_value(line.iter().map(|b| char::from(*b)).collect::<String>()),
        }
        if self.refused.pointers.len() >= BATCH_ROWS || self.refused.bytes > BATCH_BYTES {
            self.refused.flush(&self.place, self.outlets.out)?;
        }
        Ok(())
    }

    /// A line of a file of counts.
    fn count(&mut self, row: &Row) -> Result<Flow, Fail> {
        let counted = crate::counts::read(row);
        if counted.is_none() && self.tally.rows_read == 0 && self.tally.banner_rows == 0 {
            self.tally.banner_rows = row.number;
            return Ok(Flow::Next);
        }
        self.tally.rows_read += 1;
        match counted {
            Some((table, rows)) => {
                self.declared.push(Declared { table, rows, by: self.part.input.path.to_string() });
                self.keep(row.number, |i| (row.cell(i), false), None)?;
            }
            None => self.refuse(row, Reason::NotACount)?,
        }
        Ok(Flow::Next)
    }

    /// Keeps a row. `repaired` are the columns that a repair touched, and the problem that tells of it.
    fn keep<'r>(
        &mut self,
        number: u64,
        cell: impl Fn(usize) -> (&'r [u8], bool),
        repaired: Option<(&[usize], Problem)>,
    ) -> Result<(), Fail> {
        for (reader, at) in self.readers.iter_mut().zip(&self.layout.cell_of_column) {
            match at {
                Some(at) => {
                    let (bytes, is_date) = cell(*at);
                    reader.read(bytes, is_date);
                }
                None => reader.absent(),
            }
        }
        if let Some((touched, problem)) = repaired {
            let delimiter = (problem != Problem::PadShort).then_some(self.part.dialect.delimiter);
            for column in touched {
                self.readers[*column].mended(problem, delimiter);
            }
        }
        if self.makes_interior {
            self.outlets.interior.row(number, self.table_name, &self.place, &self.readers);
        }
        if self.makes_flags {
            self.outlets.flags.row(self.nth, number, &self.readers, &self.layout.cell_of_column)?;
        }
        self.write_cells(number);
        if let Some(watch) = &mut self.outlets.watch {
            watch.row(number, &self.readers, self.outlets.interior);
        }
        self.tally.rows_kept += 1;
        if self.cells.pointers.len() >= BATCH_ROWS || self.cells.bytes > BATCH_BYTES {
            self.flush_cells()?;
        }
        Ok(())
    }

    fn write_cells(&mut self, number: u64) {
        self.cells.pointers.push(number);
        self.problems_text.clear();
        for (index, reader) in self.readers.iter().enumerate() {
            let problems: ProblemSet = reader.cell().problems;
            if !problems.is_empty() {
                for problem in problems.iter() {
                    say(&mut self.problems_text, &reader.column.as_name, problem);
                    self.tally.problems[index][problem as usize] += 1;
                }
            }
        }
        let interior = &self.outlets.interior;
        let not_in_map: &[usize] = if self.makes_interior { &interior.not_in_map } else { &[] };
        for joint in not_in_map {
            let (_, name) = &interior.joint_names[*joint];
            say(&mut self.problems_text, name, Problem::NotInMap);
            let at = self.layout.columns.len() + joint;
            if self.tally.problems.len() <= at {
                self.tally.problems.resize(at + 1, [0; Problem::ALL.len()]);
            }
            self.tally.problems[at][Problem::NotInMap as usize] += 1;
        }
        if self.problems_text.is_empty() {
            self.cells.problems.append_null();
        } else {
            self.cells.problems.append_value(&self.problems_text);
        }
        self.cells.push(&self.readers, &self.layout.cell_of_column);
    }

    fn flush_cells(&mut self) -> Result<(), Fail> {
        self.cells.flush(&self.place, self.outlets.out)?;
        Ok(self.outlets.interior.flush(&self.place, self.outlets.out)?)
    }

    pub(crate) fn flush(&mut self) -> Result<(), Fail> {
        (self.outlets.report)(self.tally.rows_read);
        self.flush_cells()?;
        Ok(self.refused.flush(&self.place, self.outlets.out)?)
    }

    /// The account of the part, and whether it reconciles.
    pub(crate) fn receipt(&mut self, lines: Lines) -> (FileReceipt, bool) {
        let tally = &mut self.tally;
        let mut problems: BTreeMap<Problem, BTreeMap<String, u64>> = BTreeMap::new();
        let names = self.layout.columns.iter().map(|c| &c.as_name);
        let names = names.chain(self.outlets.interior.joint_names.iter().map(|(_, n)| n));
        for (counts, name) in tally.problems.iter().zip(names) {
            for (problem, n) in Problem::ALL.iter().zip(counts) {
                if *n > 0 {
                    *problems.entry(*problem).or_default().entry(name.clone()).or_default() += n;
                }
            }
        }
        let reconciled =
            tally.rows_read == tally.rows_kept + tally.rows_refused && lines.physical == lines.of_rows + lines.blank;
        let absent = self.layout.columns.iter().zip(&self.layout.cell_of_column);
        let absent = absent.filter(|(_, cell)| cell.is_none()).map(|(column, _)| column.as_name.clone());
        let file = FileReceipt {
            path: self.part.input.path.to_string(),
            file: self.part.input.name.clone(),
            sha256: self.part.sha256.clone(),
            table: self.table.name.clone(),
            sheet: self.part.sheet.clone(),
            banner_rows: tally.banner_rows,
            rows_read: tally.rows_read,
            rows_kept: tally.rows_kept,
            rows_repaired: tally.rows_repaired,
            rows_refused: tally.rows_refused,
            declared_rows: None,
            absent_columns: absent.collect(),
            problems,
            duplicates: BTreeMap::new(),
            conflicts: BTreeMap::new(),
            repairs: std::mem::take(&mut tally.repairs),
            refusals: std::mem::take(&mut tally.refusals),
            unread_sheets: self.part.unread_sheets.clone(),
        };
        (file, reconciled)
    }
}

/// `column:problem`, joined by a blank.
fn say(text: &mut String, name: &str, problem: Problem) {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(name);
    text.push(':');
    text.push_str(problem.name());
}

/// A column of texts of which most are null.
#[derive(Default)]
struct RareTexts {
    builder: StringBuilder,
}

impl RareTexts {
    /// Sets the text of a row, of which none of those before or after has been set yet.
    fn set(&mut self, row: usize, text: &str) {
        let missing = row - self.builder.len();
        if missing > 0 {
            self.builder.append_nulls(missing);
        }
        self.builder.append_value(text);
    }

    fn finish(&mut self, rows: usize) -> ArrayRef {
        let missing = rows - self.builder.len();
        if missing == rows {
            return new_null_array(&DataType::Utf8, rows);
        }
        self.builder.append_nulls(missing);
        Arc::new(self.builder.finish())
    }
}

struct CellColumns {
    schema: SchemaRef,
    pointers: Pointers,
    /// For each column: its source in the part, its values, its texts.
    columns: Vec<(Option<usize>, Builder, RareTexts)>,
    problems: StringBuilder,
    bytes: usize,
}

impl CellColumns {
    fn new(schema: SchemaRef, columns: &[Column], sources: Vec<Option<usize>>) -> Self {
        let builders =
            sources.into_iter().zip(columns).map(|(source, c)| (source, Builder::new(c.kind), RareTexts::default()));
        Self {
            schema,
            pointers: Pointers::default(),
            columns: builders.collect(),
            problems: StringBuilder::new(),
            bytes: 0,
        }
    }

    /// Appends a row whose pointer was pushed before.
    fn push(&mut self, readers: &[ColumnReader<'_>], cell_of_column: &[Option<usize>]) {
        let row = self.pointers.len() - 1;
        for (source, values, texts) in &mut self.columns {
            match source {
                Some(source) if cell_of_column[*source].is_some() => {
                    let cell = readers[*source].cell();
                    values.cell(cell);
                    self.bytes += cell.text.len();
                    if !cell.plain {
                        texts.set(row, &cell.text);
                    }
                }
                _ => values.null(),
            }
        }
    }

    fn flush(&mut self, place: &Place, out: &mut Output) -> Result<(), WriteError> {
        self.bytes = 0;
        if self.pointers.len() == 0 {
            return Ok(());
        }
        let rows = self.pointers.len();
        let mut columns = self.pointers.finish(place).to_vec();
        for (_, values, texts) in &mut self.columns {
            columns.push(values.finish());
            columns.push(texts.finish(rows));
        }
        columns.push(Arc::new(self.problems.finish()));
        out.write(Slot::Cells, batch(Arc::clone(&self.schema), columns)?)
    }
}

#[derive(Default)]
struct RefusedColumns {
    pointers: Pointers,
    reasons: StringBuilder,
    lines: StringBuilder,
    bytes: usize,
}

impl RefusedColumns {
    fn flush(&mut self, place: &Place, out: &mut Output) -> Result<(), WriteError> {
        self.bytes = 0;
        if self.pointers.len() == 0 {
            return Ok(());
        }
        let mut columns = self.pointers.finish(place).to_vec();
        columns.push(Arc::new(self.reasons.finish()));
        columns.push(Arc::new(self.lines.finish()));
        out.write(Slot::Refused, batch(refused_schema(), columns)?)
    }
}
