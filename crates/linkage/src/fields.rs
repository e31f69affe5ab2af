//! Records as dictionary-encoded columns: each distinct normalised value is a `u32`, and 0 means that it is missing.

use std::{collections::HashMap, sync::Arc};

use arrow::{
    array::{Array as _, AsArray as _, RecordBatch},
    compute::cast,
    datatypes::DataType,
};
use foldhash::fast::FixedState;

use crate::{
    compare::{Date, Name, Token},
    error::LinkError,
    normalise,
};

/// What a field holds, which decides how it is normalised, compared and blocked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FieldKind {
    /// One or more given names.
    GivenName,
    /// One or more surnames, kept as a set of tokens.
    Surname,
    /// All names of a person in one column, in any order.
    FullName,
    /// A date of birth in ISO 8601 (`1990-03-04` or `19900304`; `1990-03` and `1990` are partial dates).
    BirthDate,
    /// A number or code that one person should have alone, such as a file number.
    Identifier,
    /// One of few values that are either equal or not: country, sex, postcode.
    Category,
    /// Free text with spelling errors: town, street.
    Place,
}

impl FieldKind {
    /// Every kind, in the order of their documentation.
    pub const ALL: [Self; 7] = [
        Self::GivenName,
        Self::Surname,
        Self::FullName,
        Self::BirthDate,
        Self::Identifier,
        Self::Category,
        Self::Place,
    ];

    /// The kind as specifications and model files write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::GivenName => "given_name",
            Self::Surname => "surname",
            Self::FullName => "full_name",
            Self::BirthDate => "birth_date",
            Self::Identifier => "identifier",
            Self::Category => "category",
            Self::Place => "place",
        }
    }

    /// The kind of this [`name`](Self::name).
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    pub(crate) fn is_name(self) -> bool {
        matches!(self, Self::GivenName | Self::Surname | Self::FullName)
    }
}

/// A field by name and kind.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FieldSpec {
    /// What people call the field; with [`Records::from_batches`] also the column's name.
    pub name: String,
    /// What it holds.
    pub kind: FieldKind,
}

impl FieldSpec {
    /// A field of this name and kind.
    pub fn new(name: impl Into<String>, kind: FieldKind) -> Self {
        Self { name: name.into(), kind }
    }
}

/// A field with one value a record.
#[derive(Debug, Clone)]
pub struct Column<'a> {
    /// What the column is.
    pub spec: FieldSpec,
    /// Its values in the order of the record ids; `None` and text without a letter or digit are missing.
    pub values: Vec<Option<&'a str>>,
}

/// Which columns of record batches hold what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchSpec {
    /// The column of record ids.
    pub id: String,
    /// The column that says which source a record is from; without it all are from one.
    pub source: Option<String>,
    /// The columns to compare.
    pub fields: Vec<FieldSpec>,
}

/// Person records as columns of codes. Immutable once built.
#[derive(Debug, Clone)]
pub struct Records {
    ids: Vec<String>,
    /// Record indices in the order of their ids, and its inverse. Work that could depend on the order of the input
    /// runs over ranks, so that it does not.
    by_rank: Vec<u32>,
    rank: Vec<u32>,
    sources: Vec<u32>,
    source_names: Vec<String>,
    fields: Vec<Field>,
    by_id: HashMap<String, u32, FixedState>,
}

/// One dictionary-encoded field.
#[derive(Debug, Clone)]
pub struct Field {
    spec: FieldSpec,
    codes: Vec<u32>,
    /// Records by code; entry 0 counts the missing.
    counts: Vec<u32>,
    unreadable: u32,
    values: Values,
    tokens: Tokens,
}

/// The distinct values of a field by code; entry 0 stands for the missing value and is never compared.
#[derive(Debug, Clone)]
pub(crate) enum Values {
    Names(Vec<Name>),
    Dates(Vec<Date>),
    Texts(Vec<String>),
}

/// The tokens of each distinct name, coded in one dictionary for all name fields; sorted and distinct.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tokens {
    starts: Vec<u32>,
    codes: Vec<u32>,
    /// Records of this field that carry the token, by token code.
    counts: Vec<u32>,
}

impl Records {
    /// Builds records from ids and columns of the same length. Without `sources` all records are from one source.
    ///
    /// # Errors
    ///
    /// Refuses repeated record ids and field names, columns of another length, no field at all, and more records
    /// than 32 bits can number.
    pub fn new(ids: Vec<String>, sources: Option<&[&str]>, columns: &[Column<'_>]) -> Result<Self, LinkError> {
        if u32::try_from(ids.len()).is_err() || ids.len() == u32::MAX as usize {
            return Err(LinkError::TooManyRecords { found: ids.len(), max: u32::MAX - 1 });
        }
        if columns.is_empty() {
            return Err(LinkError::NoFields);
        }
        let mut by_id = HashMap::with_capacity_and_hasher(ids.len(), FixedState::default());
        for (index, id) in (0_u32..).zip(&ids) {
            if by_id.insert(id.clone(), index).is_some() {
                return Err(LinkError::DuplicateRecordId { id: id.clone() });
            }
        }
        let length = |column: &str, found: usize| {
            if found == ids.len() {
                Ok(())
            } else {
                Err(LinkError::ColumnLength { column: column.to_owned(), expected: ids.len(), found })
            }
        };
        let (mut source_codes, mut source_names) = (vec![0; ids.len()], Vec::new());
        if let Some(sources) = sources {
            length("source", sources.len())?;
            let mut seen = HashMap::new();
            for (code, &source) in source_codes.iter_mut().zip(sources) {
                *code = *seen.entry(source).or_insert_with(|| {
                    source_names.push(source.to_owned());
                    (source_names.len() - 1) as u32
                });
            }
        }
        let mut token_codes = TokenCodes::default();
        let mut fields: Vec<Field> = Vec::with_capacity(columns.len());
        for column in columns {
            length(&column.spec.name, column.values.len())?;
            if fields.iter().any(|f| f.spec.name == column.spec.name) {
                return Err(LinkError::DuplicateField { field: column.spec.name.clone() });
            }
            fields.push(encode(column, &mut token_codes));
        }
        let mut by_rank: Vec<u32> = (0..ids.len() as u32).collect();
        by_rank.sort_unstable_by(|a, b| ids[*a as usize].cmp(&ids[*b as usize]));
        let mut rank = vec![0; ids.len()];
        for (position, &index) in (0_u32..).zip(&by_rank) {
            rank[index as usize] = position;
        }
        Ok(Self { ids, by_rank, rank, sources: source_codes, source_names, fields, by_id })
    }

    /// Builds records from Arrow batches of one schema; columns that are not text are taken in Arrow's written form.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new), and a missing column, a type without a written form, or a record without an id.
    pub fn from_batches(batches: &[RecordBatch], spec: &BatchSpec) -> Result<Self, LinkError> {
        let mut ids = Vec::new();
        for (row, id) in (0_usize..).zip(texts(batches, &spec.id)?.iter().flat_map(|a| a.as_string::<i32>().iter())) {
            ids.push(id.ok_or_else(|| LinkError::MissingId { column: spec.id.clone(), row })?.to_owned());
        }
        let sources = spec.source.as_ref().map(|column| texts(batches, column)).transpose()?;
        let sources: Option<Vec<&str>> = sources.as_ref().map(|arrays| {
            arrays.iter().flat_map(|a| a.as_string::<i32>().iter()).map(Option::unwrap_or_default).collect()
        });
        let arrays = spec.fields.iter().map(|f| texts(batches, &f.name)).collect::<Result<Vec<_>, _>>()?;
        let columns: Vec<Column<'_>> = spec
            .fields
            .iter()
            .zip(&arrays)
            .map(|(spec, arrays)| Column {
                spec: spec.clone(),
                values: arrays.iter().flat_map(|a| a.as_string::<i32>().iter()).collect(),
            })
            .collect();
        Self::new(ids, sources.as_deref(), &columns)
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is no record.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The id of a record by its index.
    ///
    /// # Panics
    ///
    /// If the index is not below [`len`](Self::len).
    pub fn id(&self, index: u32) -> &str {
        &self.ids[index as usize]
    }

    /// The index of a record by its id.
    pub fn index(&self, id: &str) -> Option<u32> {
        self.by_id.get(id).copied()
    }

    /// The source of a record; empty if no sources were given.
    pub fn source(&self, index: u32) -> &str {
        self.source_names.get(self.sources[index as usize] as usize).map_or("", String::as_str)
    }

    /// The fields, in the order in which they were declared.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    pub(crate) fn by_rank(&self) -> &[u32] {
        &self.by_rank
    }

    pub(crate) fn rank(&self, index: u32) -> u32 {
        self.rank[index as usize]
    }

    pub(crate) fn sources(&self) -> &[u32] {
        &self.sources
    }

    /// How many pairs of records may be linked at all.
    pub(crate) fn possible_pairs(&self, within_sources: bool) -> u64 {
        let pairs = |n: u64| n * n.saturating_sub(1) / 2;
        let all = pairs(self.len() as u64);
        if within_sources {
            return all;
        }
        let mut sizes = vec![0_u64; self.source_names.len().max(1)];
        for &source in &self.sources {
            sizes[source as usize] += 1;
        }
        all - sizes.into_iter().map(pairs).sum::<u64>()
    }
}

impl Field {
    /// Name and kind.
    pub fn spec(&self) -> &FieldSpec {
        &self.spec
    }

    /// How many records have no value here, those with an unreadable one included.
    pub fn missing(&self) -> u32 {
        self.counts[0]
    }

    /// How many records have a value that could not be read as this kind, such as a birth date that is not ISO.
    pub fn unreadable(&self) -> u32 {
        self.unreadable
    }

    /// How many distinct values there are.
    pub fn distinct(&self) -> usize {
        self.counts.len() - 1
    }

    /// The normalised value of a record, as it is compared.
    pub fn value(&self, index: u32) -> Option<String> {
        let code = self.codes[index as usize];
        (code != 0).then(|| self.text(code))
    }

    pub(crate) fn codes(&self) -> &[u32] {
        &self.codes
    }

    pub(crate) fn counts(&self) -> &[u32] {
        &self.counts
    }

    pub(crate) fn values(&self) -> &Values {
        &self.values
    }

    pub(crate) fn tokens(&self, code: u32) -> &[u32] {
        self.tokens.of(code)
    }

    pub(crate) fn token_counts(&self) -> &[u32] {
        &self.tokens.counts
    }

    /// The value of a code, for people.
    pub(crate) fn text(&self, code: u32) -> String {
        match &self.values {
            Values::Names(names) => names[code as usize].text.clone(),
            Values::Dates(dates) => dates[code as usize].to_string(),
            Values::Texts(texts) => texts[code as usize].clone(),
        }
    }
}

impl Tokens {
    fn of(&self, code: u32) -> &[u32] {
        match (self.starts.get(code as usize), self.starts.get(code as usize + 1)) {
            (Some(&from), Some(&to)) => &self.codes[from as usize..to as usize],
            _ => &[],
        }
    }
}

#[derive(Default)]
struct TokenCodes(HashMap<String, u32, FixedState>);

impl TokenCodes {
    fn of(&mut self, token: &str) -> u32 {
        if let Some(&code) = self.0.get(token) {
            return code;
        }
        let code = self.0.len() as u32;
        self.0.insert(token.to_owned(), code);
        code
    }
}

fn encode(column: &Column<'_>, token_codes: &mut TokenCodes) -> Field {
    let kind = column.spec.kind;
    let mut raw_codes: HashMap<&str, u32, FixedState> = HashMap::default();
    let mut text_codes: HashMap<String, u32, FixedState> = HashMap::default();
    let mut values = match kind {
        FieldKind::BirthDate => Values::Dates(vec![Date::default()]),
        k if k.is_name() => Values::Names(vec![Name::default()]),
        _ => Values::Texts(vec![String::new()]),
    };
    let (mut codes, mut counts, mut unreadable) = (Vec::with_capacity(column.values.len()), vec![0_u32], 0);
    for raw in &column.values {
        let raw = raw.unwrap_or_default();
        let code = *raw_codes.entry(raw).or_insert_with(|| {
            let Some(text) = normal_form(kind, raw) else { return 0 };
            let next = counts.len() as u32;
            let code = *text_codes.entry(text.clone()).or_insert(next);
            if code == next {
                counts.push(0);
                match &mut values {
                    Values::Names(names) => names.push(Name::of_normal(&text)),
                    Values::Dates(dates) => dates.push(Date::parse(&text).unwrap_or_default()),
                    Values::Texts(texts) => texts.push(text),
                }
            }
            code
        });
        unreadable += u32::from(code == 0 && !raw.trim().is_empty());
        counts[code as usize] += 1;
        codes.push(code);
    }
    let tokens = match &values {
        Values::Names(names) => tokens_of(names, &counts, token_codes),
        _ => Tokens::default(),
    };
    Field { spec: column.spec.clone(), codes, counts, unreadable, values, tokens }
}

fn normal_form(kind: FieldKind, raw: &str) -> Option<String> {
    match kind {
        FieldKind::BirthDate => Date::parse(raw).map(|d| d.to_string()),
        FieldKind::Identifier => normalise::identifier(raw),
        _ => normalise::text(raw),
    }
}

fn tokens_of(names: &[Name], counts: &[u32], token_codes: &mut TokenCodes) -> Tokens {
    let mut tokens = Tokens { starts: vec![0], ..Tokens::default() };
    for (name, &count) in names.iter().zip(counts) {
        let from = tokens.codes.len();
        tokens.codes.extend(name.tokens.iter().map(|Token { text, .. }| token_codes.of(text)));
        tokens.codes[from..].sort_unstable();
        let mut kept = from;
        for at in from..tokens.codes.len() {
            if kept == from || tokens.codes[kept - 1] != tokens.codes[at] {
                tokens.codes[kept] = tokens.codes[at];
                kept += 1;
            }
        }
        tokens.codes.truncate(kept);
        tokens.starts.push(kept as u32);
        tokens.counts.resize(token_codes.0.len(), 0);
        for &token in &tokens.codes[from..] {
            tokens.counts[token as usize] += count;
        }
    }
    tokens
}

fn texts(batches: &[RecordBatch], column: &str) -> Result<Vec<Arc<dyn arrow::array::Array>>, LinkError> {
    batches
        .iter()
        .map(|batch| {
            let array = batch.column_by_name(column).ok_or_else(|| LinkError::MissingColumn {
                column: column.to_owned(),
                found: batch.schema().fields().iter().map(|f| f.name().clone()).collect(),
            })?;
            cast(array, &DataType::Utf8)
                .map_err(|source| LinkError::ColumnType { column: column.to_owned(), source })
                .inspect(|cast| debug_assert_eq!(cast.len(), batch.num_rows()))
        })
        .collect()
}
