//! A first mapping of files that no mapping knows: what their columns hold, what they are likely to mean, and how sure
//! that is.

use super::check::run_whole;
use super::concepts::{Proposes, SEXES};
use super::dialect::unquoted;
use super::draft_error::DraftError;
use super::guess::{Guess, Order, guess, settle_nulls};
use super::meaning::{Meaning, folded, meaning, tracking, words};
use super::profile::Profile;
use super::propose::{Proposal, SURE, propose};
use super::section::{NoSection, Section, sections};
use super::write_toml::write_toml;
use crate::add_error::AddError;
use crate::header::plain;
use crate::input::{Input, inputs};
use crate::mapping::{Dialect, Format, Holds, Mapping};
use camino::Utf8PathBuf;
use model::ValueType;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How to draft a mapping.
#[derive(Debug, Clone, Default)]
pub struct DraftOptions {
    /// Its id; `draft/` and the name of the first table if left out.
    pub id: Option<String>,
    /// Whose rows the files hold; clients' if there are names, A-numbers or birth dates that can be read, else public.
    pub holds: Option<Holds>,
}

/// A first mapping.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Draft {
    /// Its id.
    pub id: String,
    /// `clients` or `public`.
    pub holds: String,
    /// What it reads.
    pub tables: Vec<DraftTable>,
    /// Files and sheets that no table reads.
    pub left_out: Vec<LeftOut>,
    /// Rows of the files that it was drafted from.
    pub rows_read: u64,
    /// Rows of them that it would refuse.
    pub rows_refused: u64,
    /// Every row and line of the files is accounted for.
    pub reconciled: bool,
    toml: String,
}

/// A table of a draft.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DraftTable {
    /// Its name.
    pub name: String,
    /// The files that it was drafted from.
    pub files: Vec<String>,
    /// The sheet, for workbooks.
    pub sheet: Option<String>,
    /// Row of the header in the first file, from 1; none without a header.
    pub header_row: Option<u64>,
    /// How sure the header is, from 0 to 1.
    pub header_confidence: f64,
    /// Why.
    pub header_reason: String,
    /// Rows below the header.
    pub rows: u64,
    /// The rows describe persons, so that objects and events are proposed.
    pub describes_persons: bool,
    /// The column that names a row, if one does.
    pub key: Option<String>,
    /// The columns.
    pub columns: Vec<DraftColumn>,
    /// Columns that are kept as text and not declared.
    pub not_declared: Vec<Needless>,
    #[serde(skip)]
    pub(super) files_patterns: Vec<String>,
}

/// A column that a draft does not declare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Needless {
    /// Its header.
    pub name: String,
    /// Why not.
    pub why: String,
}

/// A file or a sheet that a draft does not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// The file.
    pub path: String,
    /// The sheet.
    pub sheet: Option<String>,
    /// Why not.
    pub why: String,
}

/// A column of a draft.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DraftColumn {
    /// The header in the file.
    pub name: String,
    /// Our name.
    #[serde(rename = "as")]
    pub as_name: String,
    /// The type.
    #[serde(rename = "type", serialize_with = "name_of_type")]
    pub kind: ValueType,
    /// Date formats, the one that reads the most first.
    pub formats: Vec<String>,
    /// Texts that mean yes.
    #[serde(rename = "true")]
    pub true_texts: Vec<String>,
    /// Texts that mean no.
    #[serde(rename = "false")]
    pub false_texts: Vec<String>,
    /// Texts that mean that there is no value.
    pub null: Vec<String>,
    /// Texts that may mean so, or may be codes like the others: they are taken for values.
    pub null_or_code: Vec<String>,
    /// What the texts look like.
    pub shape: Option<String>,
    /// Cells with a value.
    pub filled: u64,
    /// Cells that are empty or hold a null text.
    pub empty: u64,
    /// Cells that are withheld.
    pub redacted: u64,
    /// Every row has a value, and no two the same.
    pub unique: bool,
    /// What the column is likely to mean.
    pub meaning: Option<String>,
    /// What would become of it: `person.given_name`, `event hearing`.
    pub becomes: Option<String>,
    /// How sure type and meaning are together, from 0 to 1.
    pub confidence: f64,
    /// A person must look at it.
    pub doubtful: bool,
    /// Why.
    pub reason: String,
    #[serde(skip)]
    proposes: Option<(Proposes, f64)>,
    /// Texts for a sex, with what they mean.
    #[serde(skip)]
    pub(super) sexes: Vec<(String, &'static str)>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn name_of_type<S: serde::Serializer>(kind: &ValueType, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(kind.name())
}

impl Draft {
    /// The mapping, ready to edit: each column stands below its confidence and the reason, doubtful ones marked `# ?`.
    pub fn toml(&self) -> &str {
        &self.toml
    }
}

impl DraftColumn {
    pub(super) fn proposes(&self) -> Option<Proposes> {
        self.proposes.map(|(proposes, _)| proposes)
    }

    pub(super) fn meaning_confidence(&self) -> f64 {
        self.proposes.map_or(0.0, |(_, confidence)| confidence)
    }

    pub(super) fn is_dated(&self) -> bool {
        matches!(self.kind, ValueType::Date | ValueType::DateTime)
    }
}

/// Everything that the TOML is written from.
pub(super) struct Parts<'a> {
    pub(super) id: &'a str,
    pub(super) holds: Holds,
    pub(super) tables: &'a [DraftTable],
    pub(super) proposals: &'a [Proposal],
    pub(super) left_out: &'a [LeftOut],
    pub(super) formats: &'a [Format],
    pub(super) dialects: &'a [Dialect],
    /// Null texts of every column.
    pub(super) null: &'a [String],
    pub(super) rows_refused: u64,
}

/// Drafts a mapping of files that belong together: the files of one delivery.
///
/// Every row is read, so that the mapping takes the very files in. The same files give the same draft.
///
/// # Errors
///
/// If a file cannot be read, or none holds a table.
pub fn draft(files: &[Utf8PathBuf], options: &DraftOptions) -> Result<Draft, DraftError> {
    if files.is_empty() {
        return Err(AddError::NoFiles.into());
    }
    let (mut found, mut left_out) = (Vec::new(), Vec::new());
    for file in files {
        let of_path = inputs(file)?;
        found.extend(of_path.inputs);
        left_out.extend(of_path.unread.into_iter().map(|u| LeftOut { path: u.path, sheet: None, why: u.why }));
    }
    let (mut sections, none) = sections(&found)?;
    left_out.extend(none.into_iter().map(|n| left(&found, n)));
    // A sheet whose rows do not fit below its header is laid out for reading; a quote that is not closed is none.
    let mut quoted = true;
    loop {
        let drafted = assemble(&found, &sections, &left_out, options, quoted)?;
        if drafted.refused.is_empty() {
            return Ok(drafted.draft);
        }
        let laid_out = |s: &Section| {
            s.sources.iter().any(|source| {
                source.format == Format::Workbook && drafted.refused.contains_key(&key_of(&found, source))
            })
        };
        if sections.iter().any(laid_out) {
            let (out, kept) = sections.into_iter().partition(laid_out);
            sections = kept;
            left_out.extend(out.into_iter().flat_map(|s: Section| s.sources).map(|source| {
                let why = "it has rows with cells beyond its header".to_owned();
                left(&found, NoSection { input: source.input, sheet: source.sheet, why })
            }));
            continue;
        }
        if quoted && drafted.quoted {
            let unquoted = assemble(&found, &sections, &left_out, options, false)?;
            if unquoted.draft.rows_refused < drafted.draft.rows_refused {
                quoted = false;
                continue;
            }
        }
        // Where many rows do not fit, what looked like a table is none; other formats say themselves that they are one.
        let is_guessed = |s: &Section| s.sources.iter().any(|source| source.format == Format::Delimited);
        if sections.iter().any(is_guessed) && drafted.draft.rows_refused * 5 > drafted.draft.rows_read {
            return Err(DraftError::NoTable {
                path: found.first().map_or_else(String::new, |input| input.path.to_string()),
                why: format!(
                    "{} of {} rows have another number of cells than the rest",
                    drafted.draft.rows_refused, drafted.draft.rows_read
                ),
            });
        }
        return Ok(drafted.draft);
    }
}

fn key_of(inputs: &[Input], source: &super::section::Source) -> (String, Option<String>) {
    (inputs[source.input].name.clone(), source.sheet.clone())
}

fn left(inputs: &[Input], none: NoSection) -> LeftOut {
    LeftOut { path: inputs[none.input].path.to_string(), sheet: none.sheet, why: none.why }
}

/// A draft, and what came of reading the files with it.
struct Drafted {
    draft: Draft,
    /// The mapping takes quotes for quotes.
    quoted: bool,
    refused: BTreeMap<(String, Option<String>), u64>,
}

fn assemble(
    inputs: &[Input],
    sections: &[Section],
    left_out: &[LeftOut],
    options: &DraftOptions,
    quoted: bool,
) -> Result<Drafted, DraftError> {
    let mut tables: Vec<DraftTable> = Vec::new();
    for section in sections {
        let taken: BTreeSet<String> = tables.iter().map(|t| t.name.clone()).collect();
        tables.push(table(inputs, section, &taken));
    }
    let mut left_out = left_out.to_vec();
    let declares_nothing = |t: &DraftTable| t.columns.is_empty();
    for table in tables.iter().filter(|t| declares_nothing(t)) {
        let why = "none of its columns may be declared".to_owned();
        left_out.extend(table.files.iter().map(|path| LeftOut {
            path: path.clone(),
            sheet: table.sheet.clone(),
            why: why.clone(),
        }));
    }
    let read: Vec<&Section> =
        sections.iter().zip(&tables).filter(|(_, t)| !declares_nothing(t)).map(|(s, _)| s).collect();
    tables.retain(|t| !declares_nothing(t));
    if tables.is_empty() {
        let first = left_out.first();
        return Err(DraftError::NoTable {
            path: first
                .map_or_else(|| inputs.first().map_or_else(String::new, |i| i.path.to_string()), |l| l.path.clone()),
            why: first.map_or_else(|| "it holds no rows".to_owned(), |l| l.why.clone()),
        });
    }
    name_files(inputs, &read, &mut tables);
    let id = match &options.id {
        Some(id) => id.clone(),
        None => format!("draft/{}", tables[0].name),
    };
    if id.is_empty() || !id.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-_.".contains(&b)) {
        return Err(DraftError::Id { id });
    }
    let mut formats: Vec<Format> = Vec::new();
    let mut dialects: Vec<Dialect> = Vec::new();
    for source in read.iter().flat_map(|s| &s.sources) {
        if !formats.contains(&source.format) {
            formats.push(source.format);
        }
        let dialect = if quoted { source.dialect } else { unquoted(source.dialect) };
        if source.format == Format::Delimited && !dialects.contains(&dialect) {
            dialects.push(dialect);
        }
    }
    let proposals: Vec<Proposal> = tables.iter().map(|t| propose(&t.columns)).collect();
    let mut nulls = common_nulls(&tables);
    for (table, proposal) in tables.iter_mut().zip(&proposals) {
        table.describes_persons = proposal.person.is_some();
        for column in &mut table.columns {
            column.null.retain(|text| !nulls.contains(text));
        }
    }
    nulls.insert(0, String::new());
    let holds = options.holds.unwrap_or_else(|| whose(&tables));
    let parts = |rows_refused| Parts {
        id: &id,
        holds,
        tables: &tables,
        proposals: &proposals,
        left_out: &left_out,
        formats: &formats,
        dialects: &dialects,
        null: &nulls,
        rows_refused,
    };
    let parse = |toml: &str| {
        Mapping::parse("the draft", toml).map_err(|source| DraftError::Unsound { source: Box::new(source) })
    };
    let first = parse(&write_toml(&parts(0)))?;
    let whole_of: BTreeSet<usize> = read.iter().flat_map(|s| &s.sources).map(|s| s.input).collect();
    let whole_of: Vec<&Input> = whole_of.into_iter().map(|n| &inputs[n]).collect();
    let whole = run_whole(&first, &whole_of)?;
    let toml = write_toml(&parts(whole.rows_refused));
    parse(&toml)?;
    let quoted = dialects.iter().any(|d| d.quote.is_some());
    let holds = holds.name().to_owned();
    let (rows_read, rows_refused, reconciled) = (whole.rows_read, whole.rows_refused, whole.reconciled);
    let draft = Draft { id, holds, tables, left_out, rows_read, rows_refused, reconciled, toml };
    Ok(Drafted { draft, quoted, refused: whole.refused })
}

/// Names, A-numbers and birth dates that can be read are clients'.
fn whose(tables: &[DraftTable]) -> Holds {
    use model::Attribute::{ANumber, BirthDate, GivenName, Surname};
    let tells = |c: &DraftColumn| {
        c.filled > 0
            && c.meaning_confidence() >= SURE
            && matches!(c.proposes(), Some(Proposes::Person(ANumber | BirthDate | GivenName | Surname)))
    };
    if tables.iter().flat_map(|t| &t.columns).any(tells) { Holds::Clients } else { Holds::Public }
}

/// Null texts that several columns have and that are a value of none.
fn common_nulls(tables: &[DraftTable]) -> Vec<String> {
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    for column in tables.iter().flat_map(|t| &t.columns) {
        for text in &column.null {
            *counts.entry(text).or_default() += 1;
        }
    }
    let is_value = |text: &String| tables.iter().flat_map(|t| &t.columns).any(|c| c.null_or_code.contains(text));
    counts.into_iter().filter(|(text, n)| *n > 1 && !is_value(text)).map(|(text, _)| text.clone()).collect()
}

/// Says which files each table takes: every file if there is one table, else those named alike.
fn name_files(inputs: &[Input], sections: &[&Section], tables: &mut [DraftTable]) {
    let distinct: BTreeSet<usize> = sections.iter().flat_map(|s| &s.sources).map(|s| s.input).collect();
    if distinct.len() < 2 || tables.len() < 2 {
        return;
    }
    for (table, section) in tables.iter_mut().zip(sections) {
        let exact: BTreeSet<String> = section.sources.iter().map(|s| inputs[s.input].plain_name().to_owned()).collect();
        table.files_patterns = exact.iter().map(|name| glob::Pattern::escape(name)).collect();
    }
}

fn table(inputs: &[Input], section: &Section, taken: &BTreeSet<String>) -> DraftTable {
    let first = section.sources.first();
    let sheet = first.and_then(|s| s.sheet.clone());
    let files: BTreeSet<String> = section.sources.iter().map(|s| inputs[s.input].path.to_string()).collect();
    let stem = |name: &str| name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned();
    let named_after = match &sheet {
        Some(sheet) => sheet.clone(),
        None => first.map_or_else(String::new, |s| stem(inputs[s.input].plain_name())),
    };
    let (columns, not_declared) = columns(section);
    let ends_like_one = |name: &str| {
        words(name)
            .last()
            .is_some_and(|w| matches!(w.as_str(), "id" | "code" | "number" | "no" | "key" | "numero" | "codigo"))
    };
    let names_a_row = |c: &&DraftColumn| {
        c.unique
            && matches!(c.kind, ValueType::Text | ValueType::Integer)
            && (c.proposes() == Some(Proposes::Key) || c.name == section.header[0] || ends_like_one(&c.name))
    };
    let key = columns.iter().find(names_a_row).filter(|_| section.rows > 1).map(|c| c.as_name.clone());
    DraftTable {
        name: table_name(&named_after, taken),
        files: files.into_iter().collect(),
        sheet,
        header_row: first.and_then(|s| s.header_row),
        header_confidence: rounded(section.heading.confidence),
        header_reason: section.heading.why.clone(),
        rows: section.rows,
        describes_persons: false,
        key,
        columns,
        not_declared,
        files_patterns: Vec::new(),
    }
}

/// A name without the days and numbers in which releases differ.
fn table_name(named_after: &str, taken: &BTreeSet<String>) -> String {
    let letters: String = folded(named_after).chars().map(|c| if c.is_ascii_digit() { ' ' } else { c }).collect();
    let mut base = plain(letters.trim());
    for end in ["_fy", "_cy", "_v", "_q"] {
        base = base.strip_suffix(end).unwrap_or(&base).to_owned();
    }
    if base == "column" || tracking(&base).is_some() {
        base = "records".to_owned();
    }
    unique(&base, taken)
}

fn unique(base: &str, taken: &BTreeSet<String>) -> String {
    (1..)
        .map(|n| if n == 1 { base.to_owned() } else { format!("{base}_{n}") })
        .find(|candidate| !taken.contains(candidate))
        .unwrap_or_default()
}

fn rounded(confidence: f64) -> f64 {
    (confidence * 100.0).round() / 100.0
}

fn columns(section: &Section) -> (Vec<DraftColumn>, Vec<Needless>) {
    // What some dates of the table say of day and month, the others may go by.
    let orders: Vec<Order> =
        section.header.iter().zip(&section.profiles).map(|(h, p)| guess(h, p, None).order).collect();
    let usual = match (orders.contains(&Order::MonthFirst), orders.contains(&Order::DayFirst)) {
        (true, false) => Some(Order::MonthFirst),
        (false, true) => Some(Order::DayFirst),
        _ => None,
    };
    let mut guesses: Vec<(Guess, Option<Meaning>)> = Vec::new();
    for (header, profile) in section.header.iter().zip(&section.profiles) {
        let guess = guess(header, profile, usual);
        let meaning = meaning(header, profile, guess.kind);
        guesses.push((guess, meaning));
    }
    let settled: Vec<Guess> =
        guesses.iter().map(|(guess, _)| settle_nulls(|| guesses.iter().map(|(g, _)| g).collect(), guess)).collect();
    let (mut columns, mut not_declared) = (Vec::new(), Vec::new());
    let mut taken: BTreeSet<String> = crate::schema::POINTER.iter().map(|s| (*s).to_owned()).collect();
    for (index, (header, profile)) in section.header.iter().zip(&section.profiles).enumerate() {
        if header.is_empty() {
            let name = crate::header::letters(index);
            not_declared.push(Needless { name, why: "it has no name".to_owned() });
            continue;
        }
        if let Some(word) = tracking(header) {
            let why = format!("it would let the product track a person (`{word}`)");
            not_declared.push(Needless { name: header.clone(), why });
            continue;
        }
        let (guess, meaning) = (&settled[index], &guesses[index].1);
        let likelier = meaning.as_ref().is_some_and(|m| {
            guesses.iter().enumerate().any(|(other, (_, of_other))| {
                of_other.as_ref().is_some_and(|o| {
                    std::ptr::eq(o.concept, m.concept)
                        && (o.confidence > m.confidence || (o.confidence >= m.confidence && other < index))
                })
            })
        });
        columns.push(column(header, profile, guess.clone(), meaning.as_ref(), likelier, usual, &mut taken));
    }
    (columns, not_declared)
}

fn column(
    header: &str,
    profile: &Profile,
    mut guess: Guess,
    meaning: Option<&Meaning>,
    likelier: bool,
    usual: Option<Order>,
    taken: &mut BTreeSet<String>,
) -> DraftColumn {
    let mut why = Vec::new();
    if let Some(meaning) = meaning.filter(|_| likelier) {
        why.push(format!("another column is likelier to be the {}", meaning.concept.title));
    }
    let meaning = meaning.filter(|_| !likelier);
    if let Some(meaning) = meaning {
        why.push(meaning.why.clone());
        // Of a date without a value only the header tells.
        if profile.filled == 0 && meaning.concept.values == super::concepts::Values::Date {
            guess.kind = ValueType::Date;
            let format = if usual == Some(Order::DayFirst) { "%d/%m/%Y" } else { "%m/%d/%Y" };
            guess.formats = vec![format.to_owned()];
            guess.why.push("the format is a guess".to_owned());
        }
    }
    why.append(&mut guess.why);
    if profile.redacted > 0 && profile.filled > 0 {
        why.push(format!("{} of {} are withheld", profile.redacted, profile.cells));
    }
    let confidence = meaning.map_or(guess.confidence, |m| m.confidence.min(guess.confidence));
    let sure_name = meaning.filter(|m| m.confidence >= SURE).map(|m| m.concept.name.to_owned());
    let mut base = sure_name.filter(|name| !taken.contains(name)).unwrap_or_else(|| plain(&folded(header)));
    if base.ends_with("__text") {
        base.push_str("_column");
    }
    let as_name = unique(&base, taken);
    taken.insert(as_name.clone());
    let becomes = meaning.map(|m| match m.concept.proposes {
        Proposes::Person(attribute) => format!("person.{}", attribute.name()),
        Proposes::Event(kind) => format!("event {}", kind.name()),
        Proposes::OfEvent(attribute, _) => format!("{} of an event", attribute.name()),
        Proposes::Key => "key of the person".to_owned(),
        Proposes::Application => "key of an application".to_owned(),
        Proposes::Free => "free text".to_owned(),
        Proposes::Cell => "a cell".to_owned(),
    });
    let is_sex = meaning.is_some_and(|m| m.concept.name == "sex");
    DraftColumn {
        name: header.to_owned(),
        as_name,
        kind: guess.kind,
        filled: profile.present() - guess.null.iter().filter_map(|t| profile.null_like.get(t)).sum::<u64>(),
        empty: profile.empty + guess.null.iter().filter_map(|t| profile.null_like.get(t)).sum::<u64>(),
        redacted: profile.redacted,
        unique: profile.is_unique() && profile.null_like.is_empty(),
        formats: guess.formats,
        true_texts: guess.true_texts,
        false_texts: guess.false_texts,
        null: guess.null,
        null_or_code: guess.null_or_code,
        shape: if guess.kind == ValueType::Text { guess.shape } else { None },
        meaning: meaning.map(|m| m.concept.title.to_owned()),
        becomes,
        confidence: rounded(confidence),
        doubtful: confidence < SURE,
        reason: why.join("; "),
        proposes: meaning.map(|m| (m.concept.proposes, m.confidence)),
        sexes: if is_sex { sexes(profile) } else { Vec::new() },
    }
}

fn sexes(profile: &Profile) -> Vec<(String, &'static str)> {
    let known = |text: &String| {
        let plain = folded(text);
        SEXES.iter().find(|(name, _)| *name == plain).map(|(_, sex)| (text.clone(), *sex))
    };
    let mut sexes: Vec<(String, &'static str)> = profile.texts.keys().filter_map(known).collect();
    if sexes.is_empty() {
        sexes = vec![("F".to_owned(), "female"), ("M".to_owned(), "male")];
    }
    // In Spanish `M` is as likely a woman (mujer) as `H` is a man.
    if sexes.iter().any(|(text, _)| text.eq_ignore_ascii_case("h")) {
        for (text, sex) in &mut sexes {
            if text.eq_ignore_ascii_case("m") {
                *sex = "female";
            }
        }
    }
    sexes
}
