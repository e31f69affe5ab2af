//! Mappings: what a file looks like and what its rows mean. `docs/mappings.md` is the specification.

mod built_in;
mod check;
mod error;
mod parse;

pub use built_in::Mappings;
pub use error::MappingError;

use camino::Utf8Path;
use glob::{MatchOptions, Pattern};
use jiff::civil::Date;
use model::{Attribute, EventType, ObjectType, Purpose, Qualifier, SourceId, ValueType};
use std::collections::HashMap;
use std::fs;

/// Whose rows a delivery holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holds {
    /// Public, anonymised rows.
    Public,
    /// An office's own clients.
    Clients,
}

impl Holds {
    /// Every value.
    pub const ALL: &'static [Holds] = &[Holds::Public, Holds::Clients];

    /// The name used in files and programs.
    pub fn name(self) -> &'static str {
        match self {
            Holds::Public => "public",
            Holds::Clients => "clients",
        }
    }

    /// Reads a name; `None` if there is no such value.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|v| v.name() == name)
    }
}

/// A mapping, read and checked.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// Its name, such as `ice/removals-foia-2019`.
    pub id: String,
    /// Raised whenever the meaning changes; every row records it.
    pub version: u32,
    /// What it is for, for people.
    pub title: String,
    /// Whose rows it reads.
    pub holds: Holds,
    /// The system of record.
    pub source: Source,
    /// What a delivery is complete for.
    pub covers: Vec<Coverage>,
    pub(crate) read: ReadSpec,
    pub(crate) maps: Vec<Crosswalk>,
    pub(crate) tables: Vec<Table>,
    /// The TOML as it was given.
    pub(crate) text: String,
}

/// A system of record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its id, such as `ice`.
    pub id: SourceId,
    /// Who keeps it.
    pub custodian: String,
    /// How the delivery was obtained.
    pub obtained: String,
    /// What it may be opened for.
    pub purposes: Vec<Purpose>,
    /// How long it may be kept.
    pub retention: String,
}

/// A kind of event for which a delivery is complete, for each object of a kind in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coverage {
    /// The kind of event.
    pub event: EventType,
    /// Complete for every object of this kind: [`ObjectType::PersonRecord`] or [`ObjectType::Case`].
    pub of: ObjectType,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ReadSpec {
    /// What the files may be, the usual one first.
    pub(crate) formats: Vec<Format>,
    /// How delimited text may be written, the usual one first. Empty if the mapping reads none.
    pub(crate) dialects: Vec<Dialect>,
    pub(crate) header_within: usize,
    /// Header names are compared without case, blanks and punctuation.
    pub(crate) loose_header: bool,
    pub(crate) null: Vec<String>,
    pub(crate) repair: Vec<RepairRule>,
    pub(crate) repair_cap_share: f64,
    pub(crate) repair_cap_rows: u64,
    /// A column that the mapping does not know is kept as text.
    pub(crate) keep_unknown: bool,
    /// A file, or sheet, that no table takes is kept as a table of text.
    pub(crate) keep_unplaced: bool,
    /// Objects, events and relations are made when they are first asked for.
    pub(crate) on_demand: bool,
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Format {
    Delimited,
    Workbook,
    Parquet,
    Json,
    Stata,
}

impl Format {
    pub(crate) const ALL: &'static [Format] =
        &[Format::Delimited, Format::Workbook, Format::Parquet, Format::Json, Format::Stata];

    /// The name used in files and programs.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Format::Delimited => "delimited",
            Format::Workbook => "workbook",
            Format::Parquet => "parquet",
            Format::Json => "json",
            Format::Stata => "stata",
        }
    }

    /// For people.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Format::Delimited => "delimited text",
            Format::Workbook => "a workbook",
            Format::Parquet => "a Parquet file",
            Format::Json => "JSON",
            Format::Stata => "a Stata data set",
        }
    }

    /// Reads a name. `xlsx` is another name of a workbook.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|f| f.name() == name || (name == "xlsx" && *f == Format::Workbook))
    }
}

/// How delimited text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dialect {
    pub(crate) delimiter: u8,
    pub(crate) quote: Option<u8>,
}

/// A named rule that repairs a malformed row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RepairRule {
    /// A row with more cells than the header: the overflow is joined into the cell that it was split from.
    ShiftLeft,
    /// A row in which a city and a state were torn apart, as the state code in the column of the postal code shows: they
    /// are joined again, and what follows moves back.
    CityState,
    /// A row with fewer cells than the header is padded with nulls.
    PadShort,
}

impl RepairRule {
    /// Every rule.
    pub const ALL: &'static [RepairRule] = &[RepairRule::ShiftLeft, RepairRule::CityState, RepairRule::PadShort];

    /// The name used in files and programs.
    pub fn name(self) -> &'static str {
        match self {
            RepairRule::ShiftLeft => "shift_left",
            RepairRule::CityState => "city_state",
            RepairRule::PadShort => "pad_short",
        }
    }

    /// Reads a name; `None` if there is no such rule.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|v| v.name() == name)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Crosswalk {
    pub(crate) name: String,
    pub(crate) values: HashMap<String, String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Data,
    Lookup,
    Counts,
}

/// The share of vanished keys above which there is an alert, if the mapping does not say: one in a thousand.
pub(crate) const WATCH_SHARE: f64 = 0.001;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) files: Vec<Pattern>,
    /// Glob on the sheet's name.
    pub(crate) sheet: Option<Pattern>,
    pub(crate) role: Role,
    /// The file has no header: cells stand in the order of the columns.
    pub(crate) headless: bool,
    pub(crate) columns: Vec<Column>,
    /// Columns that name a row from one release to the next. Empty if rows have no name.
    pub(crate) key: Vec<usize>,
    /// What is lost with a row that vanishes; the first whose conditions hold.
    pub(crate) lost: Vec<(String, Vec<Condition>)>,
    /// Share of the keys above which their vanishing from the next release is an alert.
    pub(crate) watch_share: f64,
    /// City, state and postal code, for the rule `city_state`.
    pub(crate) places: Vec<[usize; 3]>,
    pub(crate) duplicates: Vec<DuplicateRule>,
    pub(crate) checks: Vec<CheckRule>,
    pub(crate) objects: Vec<ObjectRule>,
    pub(crate) events: Vec<EventRule>,
    pub(crate) relations: Vec<RelationRule>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    /// The header as it stands in the file.
    pub(crate) name: String,
    /// Our name.
    pub(crate) as_name: String,
    pub(crate) kind: ValueType,
    pub(crate) formats: Vec<String>,
    pub(crate) true_texts: Vec<String>,
    pub(crate) false_texts: Vec<String>,
    pub(crate) null: Vec<String>,
    pub(crate) optional: bool,
    pub(crate) earliest: Option<Date>,
    /// Other headers under which the column stands in some releases.
    pub(crate) also: Vec<String>,
    /// What its texts look like. Repairs go by it; a text of another look is no problem.
    pub(crate) shape: Option<Shape>,
    /// Free text, in which stray delimiters occur.
    pub(crate) free: bool,
    /// The source overwrites it: it tells the state at the release, and no history.
    pub(crate) snapshot: bool,
}

/// A regular expression that a whole text fits.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    text: String,
    regex: regex::Regex,
}

impl Shape {
    pub(crate) fn new(text: &str) -> Result<Self, Box<regex::Error>> {
        Ok(Self { text: text.to_owned(), regex: regex::Regex::new(&format!("^(?:{text})$"))? })
    }

    pub(crate) fn fits(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// As it stands in the mapping.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }
}

impl PartialEq for Shape {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Shape {}

impl Column {
    /// A column of text, as an unknown column is kept.
    pub(crate) fn text(name: &str, as_name: String) -> Self {
        Self {
            name: name.to_owned(),
            as_name,
            kind: ValueType::Text,
            formats: Vec::new(),
            true_texts: Vec::new(),
            false_texts: Vec::new(),
            null: Vec::new(),
            optional: true,
            earliest: None,
            also: Vec::new(),
            shape: None,
            free: false,
            snapshot: false,
        }
    }

    /// The headers under which it may stand.
    pub(crate) fn headers(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.also.iter().map(String::as_str))
    }
}

/// Which rows are likely to be one row told twice. They are flagged, and never dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DuplicateRule {
    pub(crate) name: String,
    /// For people.
    pub(crate) why: String,
    pub(crate) kind: DuplicateKind,
    pub(crate) when: Vec<Condition>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DuplicateKind {
    /// Every cell has the same text. The first row stands.
    Identical,
    /// The key has the same values, all of them present.
    SameKey { key: Vec<KeyPart>, keep: Keep },
    /// The key has the same values, and the time lies within so many hours of the row before. The first row of such a
    /// chain stands; one that `avoid` fits stands only if there is no other.
    Chained { key: Vec<KeyPart>, at: usize, hours: u32, avoid: Vec<Condition> },
}

/// A part of the key of a rule on duplicates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KeyPart {
    pub(crate) column: usize,
    /// Only the day of the date and time counts.
    pub(crate) day: bool,
}

/// Which of several rows stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    First,
    Last,
}

/// What a row must be like to make sense. A row that is not is a record conflict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CheckRule {
    pub(crate) name: String,
    /// For people.
    pub(crate) why: String,
    pub(crate) when: Vec<Condition>,
    pub(crate) kind: CheckKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CheckKind {
    /// The first date is not later than the second, where both are known.
    Order { first: usize, then: usize },
    /// The conditions hold.
    Expect(Vec<Condition>),
    /// The number is not below and not above, where it is known.
    Range { column: usize, least: i64, most: i64 },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Key {
    /// This row and no other.
    Row,
    /// The values of columns, by index.
    Columns(Vec<usize>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    Source,
    Delivery,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ObjectRule {
    pub(crate) name: String,
    pub(crate) kind: ObjectType,
    pub(crate) key: Key,
    pub(crate) scope: Scope,
    pub(crate) refers: bool,
    pub(crate) attributes: Vec<(Attribute, ValueRule)>,
    pub(crate) when: Vec<Condition>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EventRule {
    pub(crate) kind: EventType,
    /// Index of a date or datetime column.
    pub(crate) at: usize,
    /// How the event stands to the objects of the row, by index.
    pub(crate) objects: Vec<(Qualifier, usize)>,
    pub(crate) attributes: Vec<(Attribute, ValueRule)>,
    pub(crate) when: Vec<Condition>,
    /// Counts the rules of one kind in a table, from 1.
    pub(crate) nth_of_kind: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RelationRule {
    pub(crate) from: usize,
    pub(crate) qualifier: Qualifier,
    pub(crate) to: usize,
    pub(crate) when: Vec<Condition>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ValueRule {
    /// The typed value of a column.
    Column(usize),
    /// A crosswalk on one or several columns.
    Mapped { columns: Vec<usize>, map: usize },
    /// A constant.
    Constant(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Condition {
    pub(crate) column: usize,
    pub(crate) test: Test,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Test {
    In(Vec<String>),
    NotIn(Vec<String>),
    Present(bool),
}

impl Mapping {
    /// Reads and checks a mapping. `file` names it in errors.
    ///
    /// # Errors
    ///
    /// [`MappingError`] names the file, the key and the cause, and the nearest name that would work.
    pub fn parse(file: &str, toml: &str) -> Result<Self, MappingError> {
        parse::parse(file, toml)
    }

    /// Finds a mapping: the id of a built-in one (`ice/removals-foia-2019`) or the path of a `.toml` file.
    ///
    /// # Errors
    ///
    /// If there is no such mapping (the nearest ids are named), or it cannot be read, or is malformed.
    pub fn resolve(name: &str) -> Result<Self, MappingError> {
        if std::path::Path::new(name).extension().is_some_and(|e| e.eq_ignore_ascii_case("toml")) {
            let path = Utf8Path::new(name);
            let text =
                fs::read_to_string(path).map_err(|source| MappingError::Read { path: path.to_owned(), source })?;
            return Self::parse(name, &text);
        }
        Mappings::built_in().get(name)
    }

    /// Names of the tables, in the order of the mapping.
    pub fn table_names(&self) -> impl Iterator<Item = &str> {
        self.tables.iter().map(|t| t.name.as_str())
    }

    /// Why a rule on duplicates or a check of a table flags a row, for people.
    pub fn why(&self, table: &str, rule: &str) -> Option<&str> {
        let table = self.tables.iter().find(|t| t.name == table)?;
        let duplicates = table.duplicates.iter().map(|d| (&d.name, &d.why));
        let checks = table.checks.iter().map(|c| (&c.name, &c.why));
        duplicates.chain(checks).find(|(name, _)| *name == rule).map(|(_, why)| why.as_str())
    }

    /// The type of a column (by its `as`) of a table, if the mapping has it.
    pub fn value_type(&self, table: &str, column: &str) -> Option<ValueType> {
        let table = self.tables.iter().find(|t| t.name == table)?;
        table.columns.iter().find(|c| c.as_name == column).map(|c| c.kind)
    }

    /// The TOML as it was given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether both say the same, comments and layout apart.
    pub fn same_meaning(&self, other: &Self) -> bool {
        (&self.id, self.version, &self.title, self.holds) == (&other.id, other.version, &other.title, other.holds)
            && (&self.source, &self.covers, &self.read) == (&other.source, &other.covers, &other.read)
            && (&self.maps, &self.tables) == (&other.maps, &other.tables)
    }
}

impl Table {
    /// A table for a file that no table takes. Its columns are those of the file.
    pub(crate) fn of_text(name: String) -> Self {
        Self {
            name,
            files: Vec::new(),
            sheet: None,
            role: Role::Lookup,
            headless: false,
            columns: Vec::new(),
            key: Vec::new(),
            lost: Vec::new(),
            watch_share: WATCH_SHARE,
            places: Vec::new(),
            duplicates: Vec::new(),
            checks: Vec::new(),
            objects: Vec::new(),
            events: Vec::new(),
            relations: Vec::new(),
        }
    }

    /// Whether the table is read from a sheet of this name.
    pub(crate) fn takes_sheet(&self, sheet: &str) -> bool {
        let options = MatchOptions { case_sensitive: false, ..MatchOptions::new() };
        self.sheet.as_ref().is_some_and(|p| p.matches_with(sheet.trim(), options))
    }

    /// Whether the table is read from a file of this name (without `.gz`). One made for a file that no table took, which
    /// has no column of its own, takes no other.
    pub(crate) fn takes(&self, file_name: &str) -> bool {
        let options = MatchOptions { case_sensitive: false, ..MatchOptions::new() };
        let made_for_one = self.columns.is_empty();
        (self.files.is_empty() && !made_for_one) || self.files.iter().any(|p| p.matches_with(file_name, options))
    }
}
