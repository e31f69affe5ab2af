//! From TOML to a mapping: names become indices, and what makes no sense is refused.

use super::check::Checker;
use super::{
    CheckKind, CheckRule, Column, Condition, Coverage, Crosswalk, Dialect, DuplicateKind, DuplicateRule, EventRule,
    Format, Holds, Keep, Key, KeyPart, Mapping, MappingError, ObjectRule, ReadSpec, RelationRule, RepairRule, Role, Scope,
    Shape, Source, Table, Test, ValueRule, WATCH_SHARE,
};
use model::{Attribute, EventType, ObjectType, Purpose, Qualifier, SourceId, ValueType};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MappingToml {
    id: String,
    version: u32,
    title: String,
    holds: String,
    source: SourceToml,
    read: ReadToml,
    #[serde(default)]
    map: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(default)]
    covers: Vec<CoversToml>,
    table: Vec<TableToml>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceToml {
    id: String,
    custodian: String,
    obtained: String,
    purposes: Vec<String>,
    retention: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadToml {
    format: OneOrMore,
    delimiter: Option<OneOrMore>,
    quote: Option<String>,
    header: Option<String>,
    header_within: Option<usize>,
    #[serde(default)]
    null: Vec<String>,
    #[serde(default)]
    date_formats: Vec<String>,
    #[serde(default)]
    datetime_formats: Vec<String>,
    #[serde(default)]
    repair: Vec<String>,
    repair_cap_share: Option<f64>,
    repair_cap_rows: Option<u64>,
    unknown_columns: Option<String>,
    unknown_files: Option<String>,
    interior: Option<String>,
}

/// A text, or a list of texts.
#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    fn all(&self) -> &[String] {
        match self {
            OneOrMore::One(one) => std::slice::from_ref(one),
            OneOrMore::More(several) => several,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CoversToml {
    event: String,
    of: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TableToml {
    name: String,
    #[serde(default)]
    files: Vec<String>,
    sheet: Option<String>,
    role: Option<String>,
    header: Option<bool>,
    #[serde(default)]
    column: Vec<ColumnToml>,
    #[serde(default)]
    key: Vec<String>,
    #[serde(default)]
    lost: Vec<LostToml>,
    watch_share: Option<f64>,
    #[serde(default)]
    city_state: Vec<[String; 3]>,
    #[serde(default)]
    duplicate: Vec<DuplicateToml>,
    #[serde(default)]
    check: Vec<CheckToml>,
    #[serde(default)]
    object: Vec<ObjectToml>,
    #[serde(default)]
    event: Vec<EventToml>,
    #[serde(default)]
    relation: Vec<RelationToml>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnToml {
    name: String,
    #[serde(rename = "as")]
    as_name: String,
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    formats: Vec<String>,
    #[serde(default, rename = "true")]
    true_texts: Vec<String>,
    #[serde(default, rename = "false")]
    false_texts: Vec<String>,
    #[serde(default)]
    null: Vec<String>,
    #[serde(default)]
    optional: bool,
    earliest: Option<String>,
    #[serde(default)]
    also: Vec<String>,
    shape: Option<String>,
    #[serde(default)]
    free: bool,
    #[serde(default)]
    snapshot: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LostToml {
    name: String,
    #[serde(default)]
    when: Vec<ConditionToml>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DuplicateToml {
    name: String,
    why: String,
    rule: String,
    #[serde(default)]
    key: Vec<String>,
    keep: Option<String>,
    at: Option<String>,
    within_hours: Option<u32>,
    #[serde(default)]
    avoid: Vec<ConditionToml>,
    #[serde(default)]
    when: Vec<ConditionToml>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckToml {
    name: String,
    why: String,
    #[serde(default)]
    when: Vec<ConditionToml>,
    first: Option<String>,
    then: Option<String>,
    #[serde(default)]
    expect: Vec<ConditionToml>,
    column: Option<String>,
    least: Option<i64>,
    most: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ObjectToml {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    key: Vec<String>,
    scope: Option<String>,
    #[serde(default)]
    refers: bool,
    #[serde(default)]
    attributes: BTreeMap<String, toml::Value>,
    #[serde(default)]
    when: Vec<ConditionToml>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EventToml {
    #[serde(rename = "type")]
    kind: String,
    at: String,
    #[serde(default)]
    objects: BTreeMap<String, String>,
    #[serde(default)]
    attributes: BTreeMap<String, toml::Value>,
    #[serde(default)]
    when: Vec<ConditionToml>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RelationToml {
    from: String,
    qualifier: String,
    to: String,
    #[serde(default)]
    when: Vec<ConditionToml>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConditionToml {
    column: String,
    #[serde(rename = "in")]
    is_in: Option<Vec<String>>,
    not_in: Option<Vec<String>>,
    present: Option<bool>,
}

/// The share of repaired rows above which a release counts as broken, if the mapping does not say.
const REPAIR_CAP_SHARE: f64 = 0.0001;
/// The number of repaired rows up to which a release never counts as broken, if the mapping does not say.
const REPAIR_CAP_ROWS: u64 = 5;
/// How far down the header may stand, if the mapping does not say.
const HEADER_WITHIN: usize = 20;

pub(super) fn parse(file: &str, text: &str) -> Result<Mapping, MappingError> {
    let raw: MappingToml = toml::from_str(text)
        .map_err(|source| MappingError::Toml { file: file.to_owned(), source: Box::new(source) })?;
    let c = Checker { file };
    if raw.id.is_empty() || !raw.id.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-_.".contains(&b)) {
        return Err(c.invalid("id", format!("`{}` is not made of letters, digits, `/`, `-`, `_` and `.`", raw.id)));
    }
    let maps = maps(&c, raw.map)?;
    let read = read(&c, &raw.read)?;
    if raw.table.is_empty() {
        return Err(c.invalid("table", "there is no table".to_owned()));
    }
    if read.dialects.is_empty() && raw.table.iter().any(|t| t.role.as_deref() == Some("counts")) {
        return Err(c.invalid("table.role", "a file of counts is delimited text, and the mapping reads none".to_owned()));
    }
    let mut tables: Vec<Table> = Vec::new();
    for table in raw.table {
        let at = format!("table.{}", table.name);
        if tables.iter().any(|t| t.name == table.name) {
            return Err(c.invalid(&at, "two tables have this name".to_owned()));
        }
        tables.push(self::table(&c, &at, table, &maps, &raw.read)?);
    }
    let covers = raw.covers.iter().map(|raw| {
        let event = c.one_of("covers.event", &raw.event, EventType::parse, EventType::ALL, |t| t.name())?;
        let of = match raw.of.as_str() {
            "person" => ObjectType::PersonRecord,
            "case" => ObjectType::Case,
            other => {
                return Err(c.unknown("covers.of", other, "neither `person` nor `case`", ["person", "case"]));
            }
        };
        Ok(Coverage { event, of })
    });
    Ok(Mapping {
        holds: c.one_of("holds", &raw.holds, Holds::parse, Holds::ALL, |h| h.name())?,
        source: source(&c, raw.source)?,
        covers: covers.collect::<Result<_, _>>()?,
        id: raw.id,
        version: raw.version,
        title: raw.title,
        read,
        maps,
        tables,
        text: text.to_owned(),
    })
}

fn maps(c: &Checker<'_>, raw: BTreeMap<String, BTreeMap<String, String>>) -> Result<Vec<Crosswalk>, MappingError> {
    let mut maps = Vec::with_capacity(raw.len());
    for (name, values) in raw {
        c.may_be_declared(&format!("map.{name}"), &name)?;
        let values = values.into_iter().map(|(k, v)| (k.trim().to_owned(), v)).collect();
        maps.push(Crosswalk { name, values });
    }
    Ok(maps)
}

fn source(c: &Checker<'_>, raw: SourceToml) -> Result<Source, MappingError> {
    c.plain_name("source.id", &raw.id)?;
    let purposes = raw
        .purposes
        .iter()
        .map(|p| c.one_of("source.purposes", p, |p| Purpose::parse(p).ok(), &Purpose::ALL, |p| p.name()));
    Ok(Source {
        purposes: purposes.collect::<Result<_, _>>()?,
        id: SourceId::new(raw.id),
        custodian: raw.custodian,
        obtained: raw.obtained,
        retention: raw.retention,
    })
}

fn read(c: &Checker<'_>, raw: &ReadToml) -> Result<ReadSpec, MappingError> {
    let formats = raw.format.all().iter().map(|f| c.one_of("read.format", f, Format::parse, Format::ALL, |f| f.name()));
    let formats = formats.collect::<Result<Vec<Format>, _>>()?;
    if formats.is_empty() {
        return Err(c.invalid("read.format", "it names no format".to_owned()));
    }
    let dialects = if formats.contains(&Format::Delimited) {
        dialects(c, raw)?
    } else if raw.delimiter.is_some() || raw.quote.is_some() {
        return Err(c.invalid("read.delimiter", "only delimited text has a delimiter and a quote".to_owned()));
    } else {
        Vec::new()
    };
    let share = raw.repair_cap_share.unwrap_or(REPAIR_CAP_SHARE);
    if !(0.0..=1.0).contains(&share) {
        return Err(c.invalid("read.repair_cap_share", format!("{share} is not a share between 0 and 1")));
    }
    let header_within = raw.header_within.unwrap_or(HEADER_WITHIN);
    if !(1..=1000).contains(&header_within) {
        return Err(c.invalid("read.header_within", format!("{header_within} is not between 1 and 1000")));
    }
    let mut repair = Vec::new();
    for name in &raw.repair {
        repair.push(c.one_of("read.repair", name, RepairRule::parse, RepairRule::ALL, |r| r.name())?);
    }
    Ok(ReadSpec {
        formats,
        dialects,
        header_within,
        loose_header: c.choice("read.header", raw.header.as_deref(), ["exact", "loose"])?,
        null: raw.null.iter().map(|t| t.trim().to_owned()).collect(),
        repair,
        repair_cap_share: share,
        repair_cap_rows: raw.repair_cap_rows.unwrap_or(REPAIR_CAP_ROWS),
        keep_unknown: c.choice("read.unknown_columns", raw.unknown_columns.as_deref(), ["stop", "keep"])?,
        keep_unplaced: c.choice("read.unknown_files", raw.unknown_files.as_deref(), ["stop", "keep"])?,
        on_demand: c.choice("read.interior", raw.interior.as_deref(), ["stored", "on_demand"])?,
    })
}

/// How delimited text may be written: one quote, and one or several delimiters.
fn dialects(c: &Checker<'_>, raw: &ReadToml) -> Result<Vec<Dialect>, MappingError> {
    let delimiters = raw.delimiter.as_ref().map(OneOrMore::all).unwrap_or_default();
    if delimiters.is_empty() {
        return Err(c.invalid("read.delimiter", "it is missing; delimited text needs one".to_owned()));
    }
    let mut dialects = Vec::with_capacity(delimiters.len());
    for delimiter in delimiters {
        let Some(delimiter) = one_ascii(delimiter).filter(|b| !b"\r\n\0".contains(b)) else {
            return Err(c.invalid("read.delimiter", format!("`{delimiter}` is not exactly one ASCII character")));
        };
        let quote = match raw.quote.as_deref() {
            None | Some("") => None,
            Some(quote) => match one_ascii(quote).filter(|q| *q != delimiter && !b"\r\n\0".contains(q)) {
                Some(quote) => Some(quote),
                None => {
                    let cause = format!("`{quote}` is not one ASCII character apart from the delimiter");
                    return Err(c.invalid("read.quote", cause));
                }
            },
        };
        dialects.push(Dialect { delimiter, quote });
    }
    Ok(dialects)
}

fn one_ascii(text: &str) -> Option<u8> {
    match text.as_bytes() {
        [b] if b.is_ascii() => Some(*b),
        _ => None,
    }
}

fn table(
    c: &Checker<'_>,
    at: &str,
    raw: TableToml,
    maps: &[Crosswalk],
    read: &ReadToml,
) -> Result<Table, MappingError> {
    c.plain_name(&format!("{at}.name"), &raw.name)?;
    c.may_be_declared(&format!("{at}.name"), &raw.name)?;
    let role = match raw.role.as_deref() {
        None | Some("data") => Role::Data,
        Some("lookup") => Role::Lookup,
        Some("counts") => Role::Counts,
        Some(other) => {
            return Err(c.unknown(&format!("{at}.role"), other, "no such role", ["data", "lookup", "counts"]));
        }
    };
    let rules = raw.key.len() + raw.lost.len() + raw.duplicate.len() + raw.check.len();
    let watch_share = raw.watch_share.unwrap_or(WATCH_SHARE);
    if !(0.0..=1.0).contains(&watch_share) {
        return Err(c.invalid(&format!("{at}.watch_share"), format!("{watch_share} is not a share between 0 and 1")));
    }
    if raw.watch_share.is_some() && raw.key.is_empty() {
        return Err(c.invalid(&format!("{at}.watch_share"), "only a table with a `key` is watched".to_owned()));
    }
    if role == Role::Counts && rules > 0 {
        return Err(c.invalid(at, "a file of counts has no key and no rules".to_owned()));
    }
    if role != Role::Data && !(raw.object.is_empty() && raw.event.is_empty() && raw.relation.is_empty()) {
        return Err(c.invalid(at, "a lookup or a file of counts makes no objects, events or relations".to_owned()));
    }
    let glob = |key: &str, text: &str| {
        glob::Pattern::new(text).map_err(|e| c.invalid(&format!("{at}.{key}"), format!("`{text}` is no glob: {}", e.msg)))
    };
    let files = raw.files.iter().map(|file| glob("files", file)).collect::<Result<Vec<_>, _>>()?;
    let sheet = raw.sheet.as_deref().map(|sheet| glob("sheet", sheet.trim())).transpose()?;
    let mut columns: Vec<Column> = Vec::new();
    for raw in raw.column {
        let at = format!("{at}.column.{}", raw.as_name);
        if columns.iter().any(|c| c.as_name == raw.as_name) {
            return Err(c.invalid(&at, "two columns have this name".to_owned()));
        }
        columns.push(column(c, &at, raw, read)?);
    }
    match role {
        Role::Counts if columns.is_empty() => {
            columns.push(Column::text("table", "table".to_owned()));
            columns.push(Column { kind: ValueType::Integer, ..Column::text("rows", "rows".to_owned()) });
        }
        Role::Counts => return Err(c.invalid(at, "the columns of a file of counts are fixed".to_owned())),
        _ if columns.is_empty() => return Err(c.invalid(at, "there is no column".to_owned())),
        _ => {}
    }
    let mut objects: Vec<ObjectRule> = Vec::new();
    for raw in raw.object {
        let at = format!("{at}.object.{}", raw.name);
        if objects.iter().any(|o| o.name == raw.name) {
            return Err(c.invalid(&at, "two objects have this name".to_owned()));
        }
        objects.push(object(c, &at, raw, &columns, maps)?);
    }
    let mut events: Vec<EventRule> = Vec::new();
    for raw in raw.event {
        let at = format!("{at}.event.{}", raw.kind);
        let mut rule = event(c, &at, raw, &columns, &objects, maps)?;
        rule.nth_of_kind = events.iter().filter(|e| e.kind == rule.kind).count() + 1;
        events.push(rule);
    }
    let mut relations = Vec::new();
    for raw in raw.relation {
        let at = format!("{at}.relation");
        relations.push(RelationRule {
            from: c.object_named(&format!("{at}.from"), &raw.from, &objects)?,
            qualifier: c
                .one_of(&format!("{at}.qualifier"), &raw.qualifier, Qualifier::parse, Qualifier::ALL, |q| q.name())?,
            to: c.object_named(&format!("{at}.to"), &raw.to, &objects)?,
            when: conditions(c, &at, raw.when, &columns)?,
        });
    }
    let named = |key: &str, name: &str| c.column_named(&format!("{at}.{key}"), name, &columns);
    let key = raw.key.iter().map(|name| named("key", name)).collect::<Result<_, _>>()?;
    let mut lost: Vec<(String, Vec<Condition>)> = Vec::new();
    for raw in raw.lost {
        let at = format!("{at}.lost");
        c.plain_name(&at, &raw.name)?;
        lost.push((raw.name, conditions(c, &at, raw.when, &columns)?));
    }
    let mut places = Vec::new();
    for [city, state, postal] in &raw.city_state {
        places.push([named("city_state", city)?, named("city_state", state)?, named("city_state", postal)?]);
    }
    let mut duplicates: Vec<DuplicateRule> = Vec::new();
    for raw in raw.duplicate {
        let at = format!("{at}.duplicate.{}", raw.name);
        c.plain_name(&at, &raw.name)?;
        if duplicates.iter().any(|d| d.name == raw.name) {
            return Err(c.invalid(&at, "two rules have this name".to_owned()));
        }
        duplicates.push(duplicate(c, &at, raw, &columns)?);
    }
    let mut checks: Vec<CheckRule> = Vec::new();
    for raw in raw.check {
        let at = format!("{at}.check.{}", raw.name);
        c.plain_name(&at, &raw.name)?;
        if checks.iter().any(|d| d.name == raw.name) {
            return Err(c.invalid(&at, "two rules have this name".to_owned()));
        }
        checks.push(check(c, &at, raw, &columns)?);
    }
    Ok(Table {
        name: raw.name,
        files,
        sheet,
        role,
        headless: !raw.header.unwrap_or(true),
        columns,
        key,
        lost,
        watch_share,
        places,
        duplicates,
        checks,
        objects,
        events,
        relations,
    })
}

fn duplicate(
    c: &Checker<'_>,
    at: &str,
    raw: DuplicateToml,
    columns: &[Column],
) -> Result<DuplicateRule, MappingError> {
    let key = raw.key.iter().map(|name| key_part(c, &format!("{at}.key"), name, columns));
    let key = key.collect::<Result<Vec<_>, _>>()?;
    let keep = match raw.keep.as_deref() {
        None | Some("first") => Keep::First,
        Some("last") => Keep::Last,
        Some(other) => {
            return Err(c.unknown(&format!("{at}.keep"), other, "neither `first` nor `last`", ["first", "last"]));
        }
    };
    let chained = raw.at.is_some() || raw.within_hours.is_some() || !raw.avoid.is_empty();
    let wrong = |cause: &str| Err(c.invalid(at, cause.to_owned()));
    let kind = match raw.rule.as_str() {
        "identical" if key.is_empty() && raw.keep.is_none() && !chained => DuplicateKind::Identical,
        "identical" => return wrong("rows that are identical need nothing but `when`"),
        "same_key" if key.is_empty() || chained => return wrong("the rule takes `key`, `keep` and `when`"),
        "same_key" => DuplicateKind::SameKey { key, keep },
        "chained" => {
            let (Some(time), Some(hours), false) = (&raw.at, raw.within_hours, key.is_empty()) else {
                return wrong("the rule needs `key`, `at` and `within_hours`");
            };
            let time = c.column_named(&format!("{at}.at"), time, columns)?;
            if !is_dated(&columns[time]) {
                return wrong("`at` is neither date nor datetime");
            }
            let avoid = conditions(c, &format!("{at}.avoid"), raw.avoid, columns)?;
            DuplicateKind::Chained { key, at: time, hours, avoid }
        }
        other => {
            let known = ["identical", "same_key", "chained"];
            return Err(c.unknown(&format!("{at}.rule"), other, "no such rule", known));
        }
    };
    Ok(DuplicateRule { name: raw.name, why: raw.why, kind, when: conditions(c, at, raw.when, columns)? })
}

/// `column`, or `day(column)`.
fn key_part(c: &Checker<'_>, key: &str, text: &str, columns: &[Column]) -> Result<KeyPart, MappingError> {
    let day = text.strip_prefix("day(").and_then(|rest| rest.strip_suffix(')'));
    let column = c.column_named(key, day.unwrap_or(text), columns)?;
    if day.is_some() && !is_dated(&columns[column]) {
        return Err(c.invalid(key, format!("`{text}`: the column is neither date nor datetime")));
    }
    Ok(KeyPart { column, day: day.is_some() })
}

fn is_dated(column: &Column) -> bool {
    matches!(column.kind, ValueType::Date | ValueType::DateTime)
}

fn check(c: &Checker<'_>, at: &str, raw: CheckToml, columns: &[Column]) -> Result<CheckRule, MappingError> {
    let named = |name: &str| c.column_named(at, name, columns);
    let kind = match (raw.first, raw.then, raw.column) {
        (Some(first), Some(then), None) if raw.expect.is_empty() => {
            let (first, then) = (named(&first)?, named(&then)?);
            if !is_dated(&columns[first]) || !is_dated(&columns[then]) {
                return Err(c.invalid(at, "`first` and `then` are dates or datetimes".to_owned()));
            }
            CheckKind::Order { first, then }
        }
        (None, None, Some(column)) if raw.expect.is_empty() => {
            let column = named(&column)?;
            if columns[column].kind != ValueType::Integer {
                return Err(c.invalid(at, "a range is one of integers".to_owned()));
            }
            CheckKind::Range { column, least: raw.least.unwrap_or(i64::MIN), most: raw.most.unwrap_or(i64::MAX) }
        }
        (None, None, None) if !raw.expect.is_empty() => {
            CheckKind::Expect(conditions(c, &format!("{at}.expect"), raw.expect, columns)?)
        }
        _ => {
            let cause = "expected `first` and `then`, or `expect`, or `column` with `least` and `most`";
            return Err(c.invalid(at, cause.to_owned()));
        }
    };
    Ok(CheckRule { name: raw.name, why: raw.why, when: conditions(c, at, raw.when, columns)?, kind })
}

/// `read` has the formats of the dates whose column names none.
fn column(c: &Checker<'_>, at: &str, raw: ColumnToml, read: &ReadToml) -> Result<Column, MappingError> {
    c.plain_name(&format!("{at}.as"), &raw.as_name)?;
    if raw.as_name.ends_with("__text") || crate::schema::POINTER.contains(&raw.as_name.as_str()) {
        return Err(c.invalid(&format!("{at}.as"), "the name is taken by the table's own columns".to_owned()));
    }
    c.may_be_declared(&format!("{at}.as"), &raw.as_name)?;
    c.may_be_declared(&format!("{at}.name"), &raw.name)?;
    if raw.name.trim().is_empty() {
        return Err(c.invalid(&format!("{at}.name"), "it is empty".to_owned()));
    }
    let kind = match &raw.kind {
        None => ValueType::Text,
        Some(kind) => c.one_of(&format!("{at}.type"), kind, ValueType::parse, ValueType::ALL, |t| t.name())?,
    };
    let dated = matches!(kind, ValueType::Date | ValueType::DateTime);
    let formats = match kind {
        ValueType::Date if raw.formats.is_empty() => read.date_formats.clone(),
        ValueType::DateTime if raw.formats.is_empty() => read.datetime_formats.clone(),
        _ => raw.formats,
    };
    if dated == formats.is_empty() {
        let cause = if dated { "a date needs at least one format" } else { "only dates have formats" };
        return Err(c.invalid(&format!("{at}.formats"), cause.to_owned()));
    }
    for format in &formats {
        c.date_format(&format!("{at}.formats"), format)?;
    }
    let boolean = kind == ValueType::Boolean;
    if boolean == (raw.true_texts.is_empty() && raw.false_texts.is_empty()) {
        let cause = if boolean { "a boolean needs the texts that mean it" } else { "only booleans have such texts" };
        return Err(c.invalid(&format!("{at}.true"), cause.to_owned()));
    }
    let trimmed = |texts: Vec<String>| -> Vec<String> { texts.iter().map(|t| t.trim().to_owned()).collect() };
    let (true_texts, false_texts) = (trimmed(raw.true_texts), trimmed(raw.false_texts));
    if let Some(both) = true_texts.iter().find(|t| false_texts.contains(t)) {
        return Err(c.invalid(&format!("{at}.true"), format!("`{both}` means both true and false")));
    }
    let earliest = match &raw.earliest {
        Some(_) if !dated => return Err(c.invalid(&format!("{at}.earliest"), "only dates have one".to_owned())),
        Some(day) => Some(day.parse().map_err(|_| {
            c.invalid(&format!("{at}.earliest"), format!("`{day}` is no date of the form `1900-01-31`"))
        })?),
        None => None,
    };
    let shape = raw.shape.as_deref().map(|shape| {
        Shape::new(shape).map_err(|e| c.invalid(&format!("{at}.shape"), format!("`{shape}` is no regular expression: {e}")))
    });
    Ok(Column {
        also: trimmed(raw.also),
        shape: shape.transpose()?,
        free: raw.free,
        snapshot: raw.snapshot,
        name: raw.name.trim().to_owned(),
        as_name: raw.as_name,
        kind,
        formats,
        true_texts,
        false_texts,
        null: trimmed(raw.null),
        optional: raw.optional,
        earliest,
    })
}

fn object(
    c: &Checker<'_>,
    at: &str,
    raw: ObjectToml,
    columns: &[Column],
    maps: &[Crosswalk],
) -> Result<ObjectRule, MappingError> {
    c.may_be_declared(&format!("{at}.name"), &raw.name)?;
    let key = if raw.key == ["row"] {
        Key::Row
    } else {
        if raw.key.is_empty() {
            return Err(c.invalid(&format!("{at}.key"), "it names no column".to_owned()));
        }
        let parts = raw.key.iter().map(|name| c.column_named(&format!("{at}.key"), name, columns));
        Key::Columns(parts.collect::<Result<_, _>>()?)
    };
    let scope = match raw.scope.as_deref() {
        None | Some("source") => Scope::Source,
        Some("delivery") => Scope::Delivery,
        Some(other) => {
            return Err(c.unknown(&format!("{at}.scope"), other, "no such scope", ["source", "delivery"]));
        }
    };
    if raw.refers && !raw.attributes.is_empty() {
        let cause = "an object that the row only points at has no attributes here".to_owned();
        return Err(c.invalid(&format!("{at}.attributes"), cause));
    }
    Ok(ObjectRule {
        kind: c.one_of(&format!("{at}.type"), &raw.kind, ObjectType::parse, ObjectType::ALL, |t| t.name())?,
        key,
        scope,
        refers: raw.refers,
        attributes: attributes(c, at, raw.attributes, columns, maps)?,
        when: conditions(c, at, raw.when, columns)?,
        name: raw.name,
    })
}

fn event(
    c: &Checker<'_>,
    at: &str,
    raw: EventToml,
    columns: &[Column],
    objects: &[ObjectRule],
    maps: &[Crosswalk],
) -> Result<EventRule, MappingError> {
    let column = c.column_named(&format!("{at}.at"), &raw.at, columns)?;
    if !matches!(columns[column].kind, ValueType::Date | ValueType::DateTime) {
        return Err(c.invalid(&format!("{at}.at"), format!("column `{}` is neither date nor datetime", raw.at)));
    }
    let key = format!("{at}.objects");
    let concerned = raw.objects.iter().map(|(qualifier, object)| {
        let qualifier = c.one_of(&key, qualifier, Qualifier::parse, Qualifier::ALL, |q| q.name())?;
        Ok((qualifier, c.object_named(&key, object, objects)?))
    });
    Ok(EventRule {
        kind: c.one_of(&format!("{at}.type"), &raw.kind, EventType::parse, EventType::ALL, |t| t.name())?,
        at: column,
        objects: concerned.collect::<Result<_, MappingError>>()?,
        attributes: attributes(c, at, raw.attributes, columns, maps)?,
        when: conditions(c, at, raw.when, columns)?,
        nth_of_kind: 1,
    })
}

fn attributes(
    c: &Checker<'_>,
    at: &str,
    raw: BTreeMap<String, toml::Value>,
    columns: &[Column],
    maps: &[Crosswalk],
) -> Result<Vec<(Attribute, ValueRule)>, MappingError> {
    let mut attributes = Vec::with_capacity(raw.len());
    for (name, value) in raw {
        let key = format!("{at}.attributes.{name}");
        c.may_be_declared(&key, &name)?;
        let attribute = c.one_of(&key, &name, Attribute::parse, Attribute::ALL, |a| a.name())?;
        let rule = value_rule(c, &key, value, columns, maps)?;
        c.fits_attribute(&key, attribute, &rule, columns, maps)?;
        attributes.push((attribute, rule));
    }
    attributes.sort_by_key(|(attribute, _)| *attribute);
    Ok(attributes)
}

fn value_rule(
    c: &Checker<'_>,
    key: &str,
    value: toml::Value,
    columns: &[Column],
    maps: &[Crosswalk],
) -> Result<ValueRule, MappingError> {
    let form = "expected a column, `{ column = …, map = … }`, `{ columns = […], map = … }` or `{ text = … }`";
    let mut fields = match value {
        toml::Value::String(column) => return Ok(ValueRule::Column(c.column_named(key, &column, columns)?)),
        toml::Value::Table(fields) => fields,
        _ => return Err(c.invalid(key, form.to_owned())),
    };
    let mut text = |name: &str| match fields.remove(name) {
        Some(toml::Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(c.invalid(&format!("{key}.{name}"), "expected a text".to_owned())),
        None => Ok(None),
    };
    let (column, map, constant) = (text("column")?, text("map")?, text("text")?);
    let several = match fields.remove("columns") {
        Some(toml::Value::Array(names)) => {
            Some(names.iter().map(|n| n.as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>())
        }
        Some(_) => return Err(c.invalid(&format!("{key}.columns"), "expected a list of columns".to_owned())),
        None => None,
    };
    if let Some((other, _)) = fields.iter().next() {
        return Err(c.unknown(key, other, "no such key", ["column", "columns", "map", "text"]));
    }
    let map = map.map(|name| match maps.iter().position(|m| m.name == name) {
        Some(index) => Ok(index),
        None => Err(c.unknown(key, &name, "no such map", maps.iter().map(|m| m.name.as_str()))),
    });
    match (column, several, map.transpose()?, constant) {
        (Some(column), None, None, None) => Ok(ValueRule::Column(c.column_named(key, &column, columns)?)),
        (Some(column), None, Some(map), None) => {
            Ok(ValueRule::Mapped { columns: vec![c.column_named(key, &column, columns)?], map })
        }
        (None, Some(names), Some(map), None) if !names.is_empty() => {
            let columns = names.iter().map(|name| c.column_named(key, name, columns));
            Ok(ValueRule::Mapped { columns: columns.collect::<Result<_, _>>()?, map })
        }
        (None, None, None, Some(text)) => Ok(ValueRule::Constant(text)),
        _ => Err(c.invalid(key, form.to_owned())),
    }
}

fn conditions(
    c: &Checker<'_>,
    at: &str,
    raw: Vec<ConditionToml>,
    columns: &[Column],
) -> Result<Vec<Condition>, MappingError> {
    let key = format!("{at}.when");
    let trimmed = |texts: Vec<String>| {
        let texts: BTreeSet<String> = texts.iter().map(|t| t.trim().to_owned()).collect();
        texts.into_iter().collect::<Vec<_>>()
    };
    let one = |raw: ConditionToml| {
        let column = c.column_named(&key, &raw.column, columns)?;
        let test = match (raw.is_in, raw.not_in, raw.present) {
            (Some(texts), None, None) => Test::In(trimmed(texts)),
            (None, Some(texts), None) => Test::NotIn(trimmed(texts)),
            (None, None, Some(present)) => Test::Present(present),
            _ => return Err(c.invalid(&key, "expected one of `in`, `not_in` and `present`".to_owned())),
        };
        Ok(Condition { column, test })
    };
    raw.into_iter().map(one).collect()
}
