//! Loading: each row of each file becomes cells, objects, events and relations, or is refused with its reason.

use crate::add_error::{AddError, read_error};
use crate::cell::ColumnReader;
use crate::header::Layout;
use crate::mapping::{Format, Mapping, RepairRule, Role, Table, ValueRule};
use crate::problem::{Problem, ProblemSet};
use crate::read::{Flow, Lines, ReadError, Row, delimited, gzip, text, xlsx};
use crate::receipt::{FileReceipt, Reason, Refusal, Repair, SAMPLES};
use crate::repair::repair;
use crate::rules::{RowNames, hold, object_id, value};
use crate::schema::{cells_schema, events_schema, objects_schema, refused_schema, relations_schema};
use crate::write::{AttributeColumns, BATCH_ROWS, Builder, Output, Place, Pointers, WriteError};
use crate::{Progress, mapping::Column};
use arrow::array::{ArrayRef, BooleanBuilder, RecordBatch, StringBuilder, TimestampSecondBuilder};
use arrow::datatypes::SchemaRef;
use camino::{Utf8Path, Utf8PathBuf};
use model::{DeliveryId, EventType, ObjectType};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::rc::Rc;
use std::sync::Arc;

/// One file, or one sheet of a workbook, that is read as one table.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    /// The path as it was given.
    pub(crate) path: Utf8PathBuf,
    pub(crate) file_name: String,
    pub(crate) size_bytes: u64,
    pub(crate) sha256: String,
    pub(crate) gzip: bool,
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
    pub(crate) objects: BTreeMap<ObjectType, u64>,
    pub(crate) events: BTreeMap<EventType, u64>,
    pub(crate) relations: u64,
}

const OBJECTS: usize = 0;
const EVENTS: usize = 1;
const RELATIONS: usize = 2;
const REFUSED: usize = 3;
const CELLS: usize = 4;

/// Bytes of cells after which a batch is written, however few its rows.
const BATCH_BYTES: usize = 16 * 1024 * 1024;
/// Rows between two reports of progress.
const PROGRESS_ROWS: u64 = 8192;

/// Loads the parts into a folder.
pub(crate) fn load(
    mapping: &Mapping,
    delivery: &DeliveryId,
    parts: &[Part],
    folder: &Utf8Path,
    progress: &dyn Fn(&Progress<'_>),
) -> Result<Loaded, AddError> {
    let cells_folder = folder.join("cells");
    std::fs::create_dir_all(&cells_folder).map_err(|e| AddError::write("create", &cells_folder, e))?;
    let mut files: Vec<(Utf8PathBuf, SchemaRef)> = vec![
        (folder.join("objects.parquet"), objects_schema()),
        (folder.join("events.parquet"), events_schema()),
        (folder.join("relations.parquet"), relations_schema()),
        (folder.join("refused.parquet"), refused_schema()),
    ];
    let mut columns_of_table: BTreeMap<usize, (usize, Vec<Column>)> = BTreeMap::new();
    for (index, table) in mapping.tables.iter().enumerate() {
        let columns = columns_of(table, parts.iter().filter(|p| p.table == index));
        if let Some(columns) = columns {
            columns_of_table.insert(index, (files.len(), columns.clone()));
            files.push((cells_folder.join(format!("{}.parquet", table.name)), cells_schema(&columns)));
        }
    }
    debug_assert_eq!(files.len(), CELLS + columns_of_table.len());
    let write_failed = |e: WriteError| AddError::write("write", folder, e);
    let mut out = Output::create(&files).map_err(write_failed)?;
    let mut loaded = Loaded { reconciled: true, ..Loaded::default() };
    let mut declared: Vec<Declared> = Vec::new();
    let mut nth_of_table: BTreeMap<usize, usize> = BTreeMap::new();
    for (n, part) in parts.iter().enumerate() {
        let table = &mapping.tables[part.table];
        let nth = nth_of_table.entry(part.table).or_default();
        *nth += 1;
        let table_name = if *nth == 1 { table.name.clone() } else { format!("{}.{nth}", table.name) };
        let Some((output, columns)) = columns_of_table.get(&part.table) else { continue };
        let taken = Rc::new(Cell::new(0));
        let report = |rows| {
            progress(&Progress {
                path: &part.path,
                file: n + 1,
                files: parts.len(),
                bytes_read: taken.get(),
                bytes_total: part.size_bytes,
                rows,
            });
        };
        let mut rows = RowLoader::new(mapping, delivery, part, &table_name, (*output, columns), &mut out);
        rows.report = &report;
        let read = match mapping.read.format {
            Format::Delimited(dialect) => {
                let input = gzip::open(part.path.as_std_path(), part.gzip, Rc::clone(&taken));
                let dialect = if table.role == Role::Counts { crate::counts::DIALECT } else { dialect };
                input.map_err(|e| Fail::Read(e.into())).and_then(|i| delimited::visit(i, dialect, |r| rows.row(r)))
            }
            Format::Xlsx => {
                let sheet = part.sheet.as_deref().unwrap_or_default();
                xlsx::visit(part.path.as_std_path(), sheet, |r| rows.row(r))
            }
        };
        let lines = read.and_then(|lines| rows.flush().map(|()| lines)).map_err(|fail| match fail {
            Fail::Read(error) => read_error(&part.path, part.gzip, error),
            Fail::Write(error) => AddError::write("write", folder, error),
        })?;
        let (file, reconciled) = rows.receipt(lines);
        stop_if_broken(mapping, table, &file)?;
        declared.append(&mut rows.declared);
        let tally = rows.tally;
        loaded.reconciled &= reconciled;
        loaded.relations += tally.relations;
        add_counts(&mut loaded.objects, tally.objects);
        add_counts(&mut loaded.events, tally.events);
        loaded.files.push(file);
    }
    out.finish().map_err(write_failed)?;
    loaded.reconciled &= crate::counts::reconcile(&mut loaded.files, parts, mapping, &declared);
    Ok(loaded)
}

fn add_counts<K: Ord>(to: &mut BTreeMap<K, u64>, from: BTreeMap<K, u64>) {
    for (key, n) in from {
        *to.entry(key).or_default() += n;
    }
}

/// The columns of a table: those of the mapping, and those that are only kept, from every part. `None` without parts.
fn columns_of<'p>(table: &Table, parts: impl Iterator<Item = &'p Part>) -> Option<Vec<Column>> {
    let mut columns: Option<Vec<Column>> = None;
    for part in parts {
        let columns = columns.get_or_insert_with(|| table.columns.clone());
        for kept in &part.layout.columns[table.columns.len()..] {
            if !columns.iter().any(|c| c.as_name == kept.as_name) {
                columns.push(kept.clone());
            }
        }
    }
    columns
}

/// The repair cap: more repaired rows than this mean that the release is broken.
fn stop_if_broken(mapping: &Mapping, table: &Table, file: &FileReceipt) -> Result<(), AddError> {
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

enum Fail {
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
    objects: BTreeMap<ObjectType, u64>,
    events: BTreeMap<EventType, u64>,
    relations: u64,
}

/// Loads the rows of one part.
struct RowLoader<'a> {
    mapping: &'a Mapping,
    table: &'a Table,
    part: &'a Part,
    layout: &'a Layout,
    place: Place,
    table_name: &'a str,
    out: &'a mut Output,
    report: &'a dyn Fn(u64),
    readers: Vec<ColumnReader<'a>>,
    cells: CellColumns,
    objects: ObjectColumns,
    events: EventColumns,
    relations: RelationColumns,
    refused: RefusedColumns,
    tally: Tally,
    /// Names under which `not_in_map` is counted for crosswalks on several columns, with their columns.
    joint_names: Vec<(Vec<usize>, String)>,
    declared: Vec<Declared>,
    // Reused from row to row.
    object_ids: Vec<(bool, String)>,
    id: String,
    not_in_map: Vec<usize>,
    problems_text: String,
}

impl<'a> RowLoader<'a> {
    fn new(
        mapping: &'a Mapping,
        delivery: &DeliveryId,
        part: &'a Part,
        table_name: &'a str,
        (output, columns): (usize, &[Column]),
        out: &'a mut Output,
    ) -> Self {
        let table = &mapping.tables[part.table];
        let layout = &part.layout;
        let rules = || {
            let objects = table.objects.iter().flat_map(|o| &o.attributes);
            objects.chain(table.events.iter().flat_map(|e| &e.attributes))
        };
        let mut joint_names: Vec<(Vec<usize>, String)> = Vec::new();
        for (_, rule) in rules() {
            if let ValueRule::Mapped { columns, .. } = rule
                && !joint_names.iter().any(|(known, _)| known == columns)
            {
                let names: Vec<&str> = columns.iter().map(|c| table.columns[*c].as_name.as_str()).collect();
                joint_names.push((columns.clone(), names.join("/")));
            }
        }
        // For each column of the table as written, the column of this part.
        let sources = columns.iter().map(|c| layout.columns.iter().position(|l| l.as_name == c.as_name)).collect();
        let problems = vec![[0; Problem::ALL.len()]; layout.columns.len()];
        Self {
            mapping,
            table,
            part,
            layout,
            place: Place {
                delivery: delivery.clone(),
                file: part.file_name.clone(),
                sheet: part.sheet.clone(),
                mapping_version: mapping.version,
            },
            table_name,
            out,
            report: &|_| {},
            readers: layout.columns.iter().map(|c| ColumnReader::new(c, &mapping.read.null)).collect(),
            cells: CellColumns::new(output, columns, sources),
            objects: ObjectColumns::new(table.objects.iter().flat_map(|o| &o.attributes).map(|(a, _)| *a)),
            events: EventColumns::new(table.events.iter().flat_map(|e| &e.attributes).map(|(a, _)| *a)),
            relations: RelationColumns::default(),
            refused: RefusedColumns::default(),
            tally: Tally { problems, ..Tally::default() },
            joint_names,
            declared: Vec::new(),
            object_ids: table.objects.iter().map(|_| (false, String::new())).collect(),
            id: String::new(),
            not_in_map: Vec::new(),
            problems_text: String::new(),
        }
    }

    fn row(&mut self, row: &Row) -> Result<Flow, Fail> {
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
        let workbook = self.mapping.read.format == Format::Xlsx;
        let named = cells == width || (workbook && cells < width);
        let surplus_is_empty = || (width..cells).all(|i| row.cell(i).trim_ascii().is_empty());
        if row.open_quote {
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
            (self.report)(self.tally.rows_read);
        }
        Ok(Flow::Next)
    }

    /// Keeps a row with too many or too few cells if a rule repairs it.
    fn mend(&mut self, row: &Row) -> Result<(), Fail> {
        let cells: Vec<&[u8]> = (0..row.cells.len()).map(|i| row.cell(i)).collect();
        let read = &self.mapping.read;
        let joint = match read.format {
            Format::Delimited(dialect) => dialect.delimiter,
            Format::Xlsx => b'\t',
        };
        let Some(repaired) = repair(&cells, joint, self.layout, &read.repair, &read.null) else {
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
            RepairRule::PadShort => Problem::PadShort,
        };
        let touched = self.layout.column_of_cell[repaired.touched];
        self.keep(row.number, |i| (repaired.cells[i].as_slice(), false), Some((touched, problem)))
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
            self.refused.flush(&self.place, self.out)?;
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
                self.declared.push(Declared { table, rows, by: self.part.path.to_string() });
                self.keep(row.number, |i| (row.cell(i), false), None)?;
            }
            None => self.refuse(row, Reason::NotACount)?,
        }
        Ok(Flow::Next)
    }

    fn keep<'r>(
        &mut self,
        number: u64,
        cell: impl Fn(usize) -> (&'r [u8], bool),
        repaired: Option<(usize, Problem)>,
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
        self.not_in_map.clear();
        self.write_objects(number);
        self.write_relations();
        self.write_events(number);
        self.write_cells(number, repaired);
        self.tally.rows_kept += 1;
        if self.cells.pointers.len() >= BATCH_ROWS || self.cells.bytes > BATCH_BYTES {
            self.flush_cells()?;
        }
        Ok(())
    }

    fn write_objects(&mut self, number: u64) {
        let names = RowNames {
            source: self.mapping.source.id.as_str(),
            delivery: self.place.delivery.as_str(),
            table: self.table_name,
        };
        for (rule, (exists, id)) in self.table.objects.iter().zip(&mut self.object_ids) {
            *exists = hold(&rule.when, &self.readers) && object_id(rule, &self.readers, &names, number, id);
            if !*exists || rule.refers {
                continue;
            }
            self.objects.ids.append_value(&id);
            self.objects.types.append_value(rule.kind.name());
            self.objects.pointers.push(number);
            let (readers, maps, not_in_map) = (&self.readers, &self.mapping.maps, &mut self.not_in_map);
            let names = &self.joint_names;
            self.objects.attributes.push(
                rule.attributes
                    .iter()
                    .map(|(a, v)| (*a, value(*a, v, readers, maps, |columns| note(not_in_map, names, columns)))),
            );
            *self.tally.objects.entry(rule.kind).or_default() += 1;
        }
    }

    fn write_relations(&mut self) {
        for rule in &self.table.relations {
            let ((from_exists, from), (to_exists, to)) = (&self.object_ids[rule.from], &self.object_ids[rule.to]);
            if *from_exists && *to_exists && hold(&rule.when, &self.readers) {
                self.relations.push(from, "object", rule.qualifier.name(), to);
                self.tally.relations += 1;
            }
        }
    }

    fn write_events(&mut self, number: u64) {
        for rule in &self.table.events {
            let (at, has_time) = match self.readers[rule.at].cell().value {
                crate::cell::Value::Date(days) => (i64::from(days) * 86_400, false),
                crate::cell::Value::DateTime(seconds, has_time) => (seconds, has_time),
                _ => continue,
            };
            if !hold(&rule.when, &self.readers) {
                continue;
            }
            self.id.clear();
            let (delivery, kind) = (&self.place.delivery, rule.kind.name());
            let _ = write!(self.id, "{delivery}/{kind}/{}:{number}", self.table_name);
            if rule.nth_of_kind > 1 {
                let _ = write!(self.id, "#{}", rule.nth_of_kind);
            }
            self.events.ids.append_value(&self.id);
            self.events.types.append_value(kind);
            self.events.at.append_value(at);
            self.events.has_time.append_value(has_time);
            self.events.pointers.push(number);
            let (readers, maps, not_in_map) = (&self.readers, &self.mapping.maps, &mut self.not_in_map);
            let names = &self.joint_names;
            self.events.attributes.push(
                rule.attributes
                    .iter()
                    .map(|(a, v)| (*a, value(*a, v, readers, maps, |columns| note(not_in_map, names, columns)))),
            );
            *self.tally.events.entry(rule.kind).or_default() += 1;
            for (qualifier, object) in &rule.objects {
                let (exists, to) = &self.object_ids[*object];
                if *exists {
                    self.relations.push(&self.id, "event", qualifier.name(), to);
                    self.tally.relations += 1;
                }
            }
        }
    }

    fn write_cells(&mut self, number: u64, repaired: Option<(usize, Problem)>) {
        self.cells.pointers.push(number);
        self.problems_text.clear();
        let text = &mut self.problems_text;
        let mut say = |name: &str, problem: Problem| {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(name);
            text.push(':');
            text.push_str(problem.name());
        };
        for (index, reader) in self.readers.iter().enumerate() {
            let mut problems: ProblemSet = reader.cell().problems;
            if let Some((column, problem)) = repaired
                && column == index
            {
                problems.add(problem);
            }
            if !problems.is_empty() {
                for problem in problems.iter() {
                    say(&reader.column.as_name, problem);
                    self.tally.problems[index][problem as usize] += 1;
                }
            }
        }
        for joint in &self.not_in_map {
            let (_, name) = &self.joint_names[*joint];
            say(name, Problem::NotInMap);
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
        self.cells.flush(&self.place, self.out)?;
        self.objects.flush(&self.place, self.out)?;
        self.events.flush(&self.place, self.out)?;
        Ok(self.relations.flush(self.out)?)
    }

    fn flush(&mut self) -> Result<(), Fail> {
        (self.report)(self.tally.rows_read);
        self.flush_cells()?;
        Ok(self.refused.flush(&self.place, self.out)?)
    }

    /// The account of the part, and whether it reconciles.
    fn receipt(&mut self, lines: Lines) -> (FileReceipt, bool) {
        let tally = &mut self.tally;
        let mut problems: BTreeMap<Problem, BTreeMap<String, u64>> = BTreeMap::new();
        let names = self.layout.columns.iter().map(|c| &c.as_name).chain(self.joint_names.iter().map(|(_, n)| n));
        for (counts, name) in tally.problems.iter().zip(names) {
            for (problem, n) in Problem::ALL.iter().zip(counts) {
                if *n > 0 {
                    *problems.entry(*problem).or_default().entry(name.clone()).or_default() += n;
                }
            }
        }
        let reconciled =
            tally.rows_read == tally.rows_kept + tally.rows_refused && lines.physical == lines.of_rows + lines.blank;
        let file = FileReceipt {
            path: self.part.path.to_string(),
            sha256: self.part.sha256.clone(),
            table: self.table.name.clone(),
            sheet: self.part.sheet.clone(),
            banner_rows: tally.banner_rows,
            rows_read: tally.rows_read,
            rows_kept: tally.rows_kept,
            rows_repaired: tally.rows_repaired,
            rows_refused: tally.rows_refused,
            declared_rows: None,
            problems,
            repairs: std::mem::take(&mut tally.repairs),
            refusals: std::mem::take(&mut tally.refusals),
            unread_sheets: self.part.unread_sheets.clone(),
        };
        (file, reconciled)
    }
}

/// Notes that a crosswalk lacks a text; once a row, however many rules use it.
fn note(not_in_map: &mut Vec<usize>, names: &[(Vec<usize>, String)], columns: &[usize]) {
    if let Some(joint) = names.iter().position(|(known, _)| known == columns)
        && !not_in_map.contains(&joint)
    {
        not_in_map.push(joint);
    }
}

fn batch(schema: SchemaRef, columns: Vec<ArrayRef>) -> Result<RecordBatch, WriteError> {
    Ok(RecordBatch::try_new(schema, columns)?)
}

struct CellColumns {
    output: usize,
    schema: SchemaRef,
    pointers: Pointers,
    /// For each column: its source in the part, its values, its texts.
    columns: Vec<(Option<usize>, Builder, StringBuilder)>,
    problems: StringBuilder,
    bytes: usize,
}

impl CellColumns {
    fn new(output: usize, columns: &[Column], sources: Vec<Option<usize>>) -> Self {
        let builders =
            sources.into_iter().zip(columns).map(|(source, c)| (source, Builder::new(c.kind), StringBuilder::new()));
        Self {
            output,
            schema: cells_schema(columns),
            pointers: Pointers::default(),
            columns: builders.collect(),
            problems: StringBuilder::new(),
            bytes: 0,
        }
    }

    fn push(&mut self, readers: &[ColumnReader<'_>], cell_of_column: &[Option<usize>]) {
        for (source, values, texts) in &mut self.columns {
            match source {
                Some(source) if cell_of_column[*source].is_some() => {
                    let cell = readers[*source].cell();
                    values.cell(cell);
                    texts.append_value(&cell.text);
                    self.bytes += cell.text.len();
                }
                _ => {
                    values.null();
                    texts.append_null();
                }
            }
        }
    }

    fn flush(&mut self, place: &Place, out: &mut Output) -> Result<(), WriteError> {
        self.bytes = 0;
        if self.pointers.len() == 0 {
            return Ok(());
        }
        let mut columns = self.pointers.finish(place).to_vec();
        for (_, values, texts) in &mut self.columns {
            columns.push(values.finish());
            columns.push(Arc::new(texts.finish()));
        }
        columns.push(Arc::new(self.problems.finish()));
        out.write(self.output, batch(Arc::clone(&self.schema), columns)?)
    }
}

struct ObjectColumns {
    ids: StringBuilder,
    types: StringBuilder,
    pointers: Pointers,
    attributes: AttributeColumns,
}

impl ObjectColumns {
    fn new(used: impl IntoIterator<Item = model::Attribute>) -> Self {
        Self {
            ids: StringBuilder::new(),
            types: StringBuilder::new(),
            pointers: Pointers::default(),
            attributes: AttributeColumns::new(used),
        }
    }

    fn flush(&mut self, place: &Place, out: &mut Output) -> Result<(), WriteError> {
        let rows = self.pointers.len();
        if rows == 0 {
            return Ok(());
        }
        let mut columns: Vec<ArrayRef> = vec![Arc::new(self.ids.finish()), Arc::new(self.types.finish())];
        columns.extend(self.pointers.finish(place));
        columns.extend(self.attributes.finish(rows));
        out.write(OBJECTS, batch(objects_schema(), columns)?)
    }
}

struct EventColumns {
    ids: StringBuilder,
    types: StringBuilder,
    at: TimestampSecondBuilder,
    has_time: BooleanBuilder,
    pointers: Pointers,
    attributes: AttributeColumns,
}

impl EventColumns {
    fn new(used: impl IntoIterator<Item = model::Attribute>) -> Self {
        Self {
            ids: StringBuilder::new(),
            types: StringBuilder::new(),
            at: TimestampSecondBuilder::new(),
            has_time: BooleanBuilder::new(),
            pointers: Pointers::default(),
            attributes: AttributeColumns::new(used),
        }
    }

    fn flush(&mut self, place: &Place, out: &mut Output) -> Result<(), WriteError> {
        let rows = self.pointers.len();
        if rows == 0 {
            return Ok(());
        }
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(self.ids.finish()),
            Arc::new(self.types.finish()),
            Arc::new(self.at.finish()),
            Arc::new(self.has_time.finish()),
        ];
        columns.extend(self.pointers.finish(place));
        columns.extend(self.attributes.finish(rows));
        out.write(EVENTS, batch(events_schema(), columns)?)
    }
}

#[derive(Default)]
struct RelationColumns {
    columns: [StringBuilder; 4],
}

impl RelationColumns {
    fn push(&mut self, from: &str, kind: &str, qualifier: &str, to: &str) {
        for (column, text) in self.columns.iter_mut().zip([from, kind, qualifier, to]) {
            column.append_value(text);
        }
    }

    fn flush(&mut self, out: &mut Output) -> Result<(), WriteError> {
        let columns: Vec<ArrayRef> = self.columns.iter_mut().map(|c| Arc::new(c.finish()) as ArrayRef).collect();
        if columns[0].is_empty() {
            return Ok(());
        }
        out.write(RELATIONS, batch(relations_schema(), columns)?)
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
        out.write(REFUSED, batch(refused_schema(), columns)?)
    }
}
