//! Recognising a table by its columns, and reading its rows.

use super::row::{self, EoirTable, Row};
use super::{Place, Reading, date};
use crate::header::plain;
use crate::read::Flow;
use crate::registry::{CodeSystem, Coordinates, DatedBy, Seen};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Rows among which the header is sought.
const HEADER_WITHIN: usize = 25;

/// What a column says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Field {
    Code,
    Name,
    Address,
    City,
    County,
    State,
    Zip,
    Aor,
    Type,
    /// Stands before `Type` where a table has both.
    TypeDetailed,
    Operator,
    Note,
    CanonicalId,
    Latitude,
    Longitude,
    Date,
    Count,
    FileDate,
    LookupCode,
    LookupName,
    LookupTable,
    Authorized,
    WholeAor,
}

/// Names of columns, as [`plain`] writes them.
const COLUMNS: &[(&str, Field)] = &[
    ("detloc", Field::Code),
    ("detention_facility_code", Field::Code),
    ("name", Field::Name),
    ("facility_name", Field::Name),
    ("detention_facility", Field::Name),
    ("detention_facility_name", Field::Name),
    ("address", Field::Address),
    ("facility_address", Field::Address),
    ("city", Field::City),
    ("facility_city", Field::City),
    ("county", Field::County),
    ("state", Field::State),
    ("facility_state", Field::State),
    ("zip", Field::Zip),
    ("facility_zip", Field::Zip),
    ("aor", Field::Aor),
    ("field_office", Field::Aor),
    ("area_of_responsibility", Field::WholeAor),
    ("type", Field::Type),
    ("facility_type", Field::Type),
    ("type_detailed", Field::TypeDetailed),
    ("facility_type_detailed", Field::TypeDetailed),
    ("operator", Field::Operator),
    ("facility_operator", Field::Operator),
    ("note", Field::Note),
    ("canonical_id", Field::CanonicalId),
    ("latitude", Field::Latitude),
    ("longitude", Field::Longitude),
    ("date", Field::Date),
    ("n", Field::Count),
    ("n_detained", Field::Count),
    ("file_date", Field::FileDate),
    ("value", Field::LookupCode),
    ("description", Field::LookupName),
    ("table", Field::LookupTable),
    ("dmcp_auth", Field::Authorized),
];

/// The kind of table that a set of columns makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    List,
    Joined,
    CodedByHand,
    Areas,
    Summary,
    Coordinates,
    NamedDays,
    Days,
    Statistics,
    StatisticsParsed,
    Authorized,
    Lookups,
}

/// Shapes, the first that fits: its id prefix and title, and the columns that it has and has not.
type Rule = (Shape, &'static str, &'static str, &'static [Field], &'static [Field]);
const SHAPES: &[Rule] = &[
    (
        Shape::Lookups,
        "eoir",
        "EOIR lookup tables of base cities and hearing locations",
        &[Field::LookupCode, Field::LookupName, Field::LookupTable],
        &[],
    ),
    (
        Shape::NamedDays,
        "pop",
        "daily population of facilities, with their names",
        &[Field::Code, Field::Date, Field::Count, Field::Name],
        &[],
    ),
    (Shape::Days, "head", "daily headcount of facilities", &[Field::Code, Field::Date, Field::Count], &[]),
    (Shape::Coordinates, "place", "coordinates of facilities", &[Field::Code, Field::Latitude, Field::Longitude], &[]),
    (
        Shape::Summary,
        "sum",
        "summary of facilities over a fiscal year",
        &[Field::Code, Field::Name, Field::CanonicalId],
        &[],
    ),
    (
        Shape::CodedByHand,
        "hand",
        "facilities coded by hand",
        &[Field::Code, Field::Name, Field::Address, Field::Note],
        &[],
    ),
    (
        Shape::Joined,
        "join",
        "facility lists joined by a researcher",
        &[Field::Code, Field::Name, Field::Authorized],
        &[],
    ),
    (
        Shape::Areas,
        "area",
        "areas of responsibility of facility codes",
        &[Field::Code, Field::Name, Field::WholeAor],
        &[],
    ),
    (Shape::List, "list", "ICE facility list", &[Field::Code, Field::Name, Field::Aor], &[]),
    (
        Shape::StatisticsParsed,
        "pars",
        "facilities sheets of successive ICE detention statistics, parsed by the Deportation Data Project",
        &[Field::Name, Field::City, Field::State, Field::FileDate],
        &[Field::Code],
    ),
    (
        Shape::Statistics,
        "fy",
        "ICE detention statistics, facilities sheet",
        &[Field::Name, Field::City, Field::State, Field::Address, Field::Aor, Field::TypeDetailed],
        &[Field::Code],
    ),
    (
        Shape::Authorized,
        "auth",
        "ICE list of facilities authorized for more than 72 hours",
        &[Field::Name, Field::City, Field::State, Field::TypeDetailed],
        &[Field::Code, Field::Address],
    ),
];

/// Where the columns of a recognised table stand.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    rule: &'static Rule,
    cells: BTreeMap<Field, usize>,
    /// The fiscal year that a column names.
    year: Option<i16>,
}

impl Layout {
    /// Lays a header out, if its columns make a known table. A name that stands twice is taken once, the first time.
    pub(super) fn of(header: &[String]) -> Option<Self> {
        let mut cells = BTreeMap::new();
        let mut year = None;
        for (at, name) in header.iter().enumerate() {
            let name = plain(name);
            year = year.or_else(|| date::year_of_column(&name));
            if let Some((_, field)) = COLUMNS.iter().find(|(column, _)| *column == name) {
                cells.entry(*field).or_insert(at);
            }
        }
        let fits = |(.., has, lacks): &&Rule| {
            has.iter().all(|f| cells.contains_key(f)) && !lacks.iter().any(|f| cells.contains_key(f))
        };
        let rule = SHAPES.iter().find(fits)?;
        (rule.0 != Shape::Statistics || year.is_some()).then_some(Self { rule, cells, year })
    }

    /// The columns that say something, in their order.
    pub(super) fn columns(&self) -> Vec<usize> {
        let mut columns: Vec<usize> = self.cells.values().copied().collect();
        columns.sort_unstable();
        columns
    }

    fn cell<'c>(&self, cells: &'c [String], field: Field) -> &'c str {
        self.cells.get(&field).and_then(|at| cells.get(*at)).map_or("", String::as_str)
    }

    fn value(&self, cells: &[String], field: Field) -> Option<String> {
        row::value(self.cell(cells, field))
    }

    /// The institution that a row names, if it names one.
    fn row(&self, cells: &[String]) -> Option<Row> {
        if self.rule.0 == Shape::Lookups {
            // `inputs/Lookup/tblLookupHloc.csv`
            let table = EoirTable::of(self.cell(cells, Field::LookupTable).into())?;
            return table.row(self.cell(cells, Field::LookupCode), self.cell(cells, Field::LookupName));
        }
        let code = row::code(self.cell(cells, Field::Code)).map(|code| (CodeSystem::Detloc, code));
        let name = self.value(cells, Field::Name);
        let has_codes = self.cells.contains_key(&Field::Code);
        let city = self.value(cells, Field::City);
        let names_one = match (has_codes, &name) {
            (true, _) => code.is_some(),
            // Footnotes have neither state nor ZIP code, and lists in parts repeat their header.
            (false, Some(name)) => {
                let placed = [Field::State, Field::Zip].iter().any(|field| self.value(cells, *field).is_some());
                city.is_some() && placed && !COLUMNS.iter().any(|(column, _)| *column == plain(name))
            }
            (false, None) => false,
        };
        if !names_one {
            return None;
        }
        let detailed = self.value(cells, Field::TypeDetailed);
        let is_detailed = detailed.is_some() || self.rule.0 == Shape::CodedByHand;
        let facility_type = detailed.or_else(|| self.value(cells, Field::Type));
        let degrees = |field| self.cell(cells, field).trim().parse::<f64>().ok().filter(|d| d.is_finite());
        let coordinates = match (degrees(Field::Latitude), degrees(Field::Longitude)) {
            (Some(latitude), Some(longitude)) if latitude.abs() <= 90.0 && longitude.abs() <= 180.0 => {
                Some(Coordinates { latitude, longitude })
            }
            _ => None,
        };
        let mut row = Row {
            code,
            canonical_id: self.value(cells, Field::CanonicalId),
            name,
            street: self.value(cells, Field::Address),
            city,
            state: row::state(self.cell(cells, Field::State)),
            zip: row::zip(self.cell(cells, Field::Zip)),
            county: self.value(cells, Field::County),
            aor: row::aor(self.cell(cells, Field::Aor)).or_else(|| row::aor(self.cell(cells, Field::WholeAor))),
            kind: facility_type.as_deref().and_then(row::kind_of_type),
            kind_is_coarse: !is_detailed,
            facility_type,
            operator: self.value(cells, Field::Operator),
            note: self.value(cells, Field::Note),
            coordinates,
            ..Row::default()
        };
        if !self.cells.contains_key(&Field::City) {
            row::split_address(&mut row);
        }
        Some(row)
    }
}

/// Takes the rows of one table.
#[derive(Debug, Default)]
pub(super) struct Intake {
    head: Vec<Vec<String>>,
    layout: Option<Layout>,
    rows: Vec<Row>,
    /// Of tables with a row a day: the row of each code, and how many it stands for.
    of_code: BTreeMap<String, (Row, bool)>,
    taken: usize,
    /// The area of responsibility under whose heading the rows stand.
    area: Option<String>,
}

impl Intake {
    /// Takes the next row. Stops where no header has been found in time.
    pub(super) fn push(&mut self, cells: &[String]) -> Flow {
        let Some(layout) = &self.layout else {
            self.layout = Layout::of(cells);
            if self.layout.is_none() {
                self.head.push(cells.to_vec());
            }
            return if self.head.len() > HEADER_WITHIN { Flow::Stop } else { Flow::Next };
        };
        let shape = layout.rule.0;
        if shape == Shape::Authorized
            && let [only] = cells
            && only.ends_with(" AOR")
        {
            self.area = row::aor(only);
        }
        let Some(mut row) = layout.row(cells) else { return Flow::Next };
        self.taken += 1;
        match shape {
            Shape::Days | Shape::NamedDays => {
                let day = layout.cell(cells, Field::Date).trim().parse::<Date>().ok();
                let held = layout.cell(cells, Field::Count).trim().parse::<u64>().is_ok_and(|n| n > 0);
                self.day(row, day, held);
            }
            Shape::StatisticsParsed => {
                let day = layout.cell(cells, Field::FileDate).trim().parse::<Date>().ok();
                row.seen = day.map(|day| Seen { first: day, last: day });
                self.rows.push(row);
            }
            Shape::Authorized => {
                row.aor = row.aor.or_else(|| self.area.clone());
                self.rows.push(row);
            }
            _ => self.rows.push(row),
        }
        Flow::Next
    }

    /// Adds a day to a code. Days on which nobody is held count only while there is no other.
    fn day(&mut self, row: Row, day: Option<Date>, held: bool) {
        let (Some((_, code)), Some(day)) = (row.code.clone(), day) else { return };
        let seen = Seen { first: day, last: day };
        let (known, known_held) = self.of_code.entry(code).or_insert((row, false));
        known.seen = match (known.seen, *known_held, held) {
            (Some(before), true, true) | (Some(before), false, false) => Some(before.and(seen)),
            (Some(before), true, false) => Some(before),
            (_, false, true) | (None, ..) => Some(seen),
        };
        *known_held |= held;
    }

    /// Whether a header has been found.
    pub(super) fn is_recognised(&self) -> bool {
        self.layout.is_some()
    }

    /// The source and its rows; `None` if no row names an institution.
    ///
    /// # Errors
    ///
    /// If nothing dates the table.
    pub(super) fn finish(mut self, place: &Place<'_>) -> Result<Option<Reading>, String> {
        let Some(layout) = self.layout else { return Ok(None) };
        self.rows.extend(self.of_code.into_values().map(|(row, _)| row));
        if self.rows.is_empty() {
            return Ok(None);
        }
        let (shape, prefix, title, ..) = *layout.rule;
        let own = self.rows.iter().filter_map(|row| row.seen).reduce(Seen::and).map(|seen| (seen, DatedBy::Rows));
        let file = place.path.file_name().unwrap_or_default();
        let dated = match shape {
            Shape::Days | Shape::NamedDays | Shape::StatisticsParsed => own,
            Shape::List => {
                let banner = self.head.iter().flatten().find_map(|cell| date::as_of(cell));
                banner.map(|seen| (seen, DatedBy::Banner))
            }
            Shape::Summary => date::year_of_name(file).map(|seen| (seen, DatedBy::FiscalYear)),
            Shape::Statistics => {
                let year = layout.year.and_then(date::fiscal_year);
                // A workbook of a year that goes on speaks of it up to the day in its name.
                let until = date::of_name(file).map(|day| day.last);
                let year = year
                    .map(|y| Seen { last: until.filter(|day| *day >= y.first).map_or(y.last, |d| d.min(y.last)), ..y });
                year.map(|seen| (seen, DatedBy::FiscalYear))
            }
            _ => None,
        };
        let mut dated = match dated {
            Some(dated) => dated,
            None => place.dated()?,
        };
        if matches!(shape, Shape::Joined | Shape::Authorized) && dated.1 == DatedBy::Published {
            dated.1 = DatedBy::PublishedLater;
        }
        let mut source = place.source(prefix, title, dated, self.taken);
        if let (Shape::Statistics, Some(year)) = (shape, layout.year) {
            // All workbooks of a year are one source: each stands for the year so far.
            source.id = format!("{prefix}{:02}", year % 100);
        }
        Ok(Some(Reading { source, rows: self.rows }))
    }
}
