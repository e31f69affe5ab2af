//! The registry as tables of comma-separated values: reading and writing.

use super::{
    Address, Code, CodeSystem, Coordinates, DatedBy, Institution, InstitutionId, Kind, NameSpell, OpenQuestion,
    QuestionKind, Registry, RegistryError, Seen, Source,
};
use camino::Utf8Path;
use csv::{ReaderBuilder, StringRecord, WriterBuilder};
use std::collections::BTreeMap;
use std::fs;
use std::str::FromStr;

const SOURCES: (&str, &[&str]) =
    ("sources.csv", &["source", "title", "first_day", "last_day", "dated_by", "rows", "files"]);
const INSTITUTIONS: (&str, &[&str]) = (
    "institutions.csv",
    &[
        "institution",
        "kind",
        "facility_type",
        "court",
        "street",
        "city",
        "state",
        "zip",
        "county",
        "address_source",
        "aor",
        "operator",
        "latitude",
        "longitude",
        "coordinates_source",
    ],
);
const NAMES: (&str, &[&str]) = ("names.csv", &["institution", "name", "first_seen", "last_seen", "sources"]);
const CODES: (&str, &[&str]) = ("codes.csv", &["institution", "system", "code", "first_seen", "last_seen", "sources"]);
const QUESTIONS: (&str, &[&str]) = ("open_questions.csv", &["asks", "institutions", "evidence", "sources"]);

/// The tables, as the bytes of their files. Lists within a cell are joined by a blank, files by `; `.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tables {
    sources: String,
    institutions: String,
    names: String,
    codes: String,
    questions: String,
}

impl Tables {
    /// The tables under `registry/`, as they were when the program was compiled.
    pub fn built_in() -> Self {
        Self {
            sources: include_str!("../../../../registry/sources.csv").to_owned(),
            institutions: include_str!("../../../../registry/institutions.csv").to_owned(),
            names: include_str!("../../../../registry/names.csv").to_owned(),
            codes: include_str!("../../../../registry/codes.csv").to_owned(),
            questions: include_str!("../../../../registry/open_questions.csv").to_owned(),
        }
    }

    /// Reads the tables of a folder.
    ///
    /// # Errors
    ///
    /// If one cannot be read.
    pub fn read(folder: &Utf8Path) -> Result<Self, RegistryError> {
        let text = |name: &str| {
            let path = folder.join(name);
            fs::read_to_string(&path).map_err(|e| RegistryError::file("read", &path, e))
        };
        Ok(Self {
            sources: text(SOURCES.0)?,
            institutions: text(INSTITUTIONS.0)?,
            names: text(NAMES.0)?,
            codes: text(CODES.0)?,
            questions: text(QUESTIONS.0)?,
        })
    }

    /// Writes the tables to a folder, which is made if it is not there.
    ///
    /// # Errors
    ///
    /// If one cannot be written.
    pub fn write(&self, folder: &Utf8Path) -> Result<(), RegistryError> {
        fs::create_dir_all(folder).map_err(|e| RegistryError::file("write to", folder, e))?;
        for (name, text) in self.files() {
            let path = folder.join(name);
            fs::write(&path, text).map_err(|e| RegistryError::file("write", &path, e))?;
        }
        Ok(())
    }

    /// Name and text of each table.
    pub fn files(&self) -> [(&'static str, &str); 5] {
        [
            (SOURCES.0, self.sources.as_str()),
            (INSTITUTIONS.0, self.institutions.as_str()),
            (NAMES.0, self.names.as_str()),
            (CODES.0, self.codes.as_str()),
            (QUESTIONS.0, self.questions.as_str()),
        ]
    }

    /// The tables of a registry. Equal registries give equal bytes.
    pub fn of(registry: &Registry) -> Self {
        let mut institutions = Writer::new(INSTITUTIONS.1);
        let mut names = Writer::new(NAMES.1);
        let mut codes = Writer::new(CODES.1);
        for i in registry.institutions() {
            let id = i.id.as_str();
            let address = i.address.clone().unwrap_or_default();
            let degrees = |d: fn(Coordinates) -> f64| i.coordinates.as_ref().map(|(c, _)| d(*c).to_string());
            institutions.row(&[
                id,
                i.kind.name(),
                text(&i.facility_type),
                i.court.as_ref().map_or("", InstitutionId::as_str),
                text(&address.street),
                text(&address.city),
                text(&address.state),
                text(&address.zip),
                text(&address.county),
                &address.source,
                text(&i.aor),
                text(&i.operator),
                text(&degrees(|c| c.latitude)),
                text(&degrees(|c| c.longitude)),
                i.coordinates.as_ref().map_or("", |(_, source)| source),
            ]);
            for n in &i.names {
                names.row(&[id, &n.name, &n.seen.first.to_string(), &n.seen.last.to_string(), &n.sources.join(" ")]);
            }
            for c in &i.codes {
                let (first, last) = (c.seen.first.to_string(), c.seen.last.to_string());
                codes.row(&[id, c.system.name(), &c.code, &first, &last, &c.sources.join(" ")]);
            }
        }
        let mut sources = Writer::new(SOURCES.1);
        for s in registry.sources() {
            let (first, last) = (s.seen.first.to_string(), s.seen.last.to_string());
            let rows = s.rows.to_string();
            sources.row(&[&s.id, &s.title, &first, &last, s.dated_by.name(), &rows, &s.files.join("; ")]);
        }
        let mut questions = Writer::new(QUESTIONS.1);
        for q in registry.open_questions() {
            let about: Vec<&str> = q.institutions.iter().map(InstitutionId::as_str).collect();
            questions.row(&[q.asks.name(), &about.join(" "), &q.evidence, &q.sources.join(" ")]);
        }
        Self {
            sources: sources.text(),
            institutions: institutions.text(),
            names: names.text(),
            codes: codes.text(),
            questions: questions.text(),
        }
    }

    /// The registry that the tables hold.
    ///
    /// # Errors
    ///
    /// Names the row that is not well formed.
    pub fn registry(&self) -> Result<Registry, RegistryError> {
        let mut names: BTreeMap<String, Vec<NameSpell>> = BTreeMap::new();
        each(NAMES, &self.names, |row| {
            let spell = NameSpell {
                name: row.text(1),
                seen: Seen { first: row.of(2)?, last: row.of(3)? },
                sources: row.list(4),
            };
            names.entry(row.text(0)).or_default().push(spell);
            Ok(())
        })?;
        let mut codes: BTreeMap<String, Vec<Code>> = BTreeMap::new();
        each(CODES, &self.codes, |row| {
            let code = Code {
                system: row.word(1, CodeSystem::parse)?,
                code: row.text(2),
                seen: Seen { first: row.of(3)?, last: row.of(4)? },
                sources: row.list(5),
            };
            codes.entry(row.text(0)).or_default().push(code);
            Ok(())
        })?;
        let mut institutions = Vec::new();
        each(INSTITUTIONS, &self.institutions, |row| {
            let id = row.text(0);
            let address = row.option(9).map(|source| Address {
                street: row.option(4),
                city: row.option(5),
                state: row.option(6),
                zip: row.option(7),
                county: row.option(8),
                source,
            });
            let coordinates = match row.option(14) {
                None => None,
                Some(source) => Some((Coordinates { latitude: row.of(12)?, longitude: row.of(13)? }, source)),
            };
            institutions.push(Institution {
                kind: row.word(1, Kind::parse)?,
                facility_type: row.option(2),
                court: row.option(3).map(InstitutionId::new),
                names: names.remove(&id).unwrap_or_default(),
                codes: codes.remove(&id).unwrap_or_default(),
                address,
                aor: row.option(10),
                operator: row.option(11),
                coordinates,
                id: InstitutionId::new(id),
            });
            Ok(())
        })?;
        for (table, stray) in [(NAMES.0, names.keys().next()), (CODES.0, codes.keys().next())] {
            if let Some(id) = stray {
                let cause = format!("`{id}` is not in `{}`", INSTITUTIONS.0);
                return Err(RegistryError::Table { file: table, row: 1, cause });
            }
        }
        let mut sources = Vec::new();
        each(SOURCES, &self.sources, |row| {
            sources.push(Source {
                id: row.text(0),
                title: row.text(1),
                seen: Seen { first: row.of(2)?, last: row.of(3)? },
                dated_by: row.word(4, DatedBy::parse)?,
                rows: row.of(5)?,
                files: row.text(6).split("; ").map(str::to_owned).collect(),
            });
            Ok(())
        })?;
        let mut questions = Vec::new();
        each(QUESTIONS, &self.questions, |row| {
            questions.push(OpenQuestion {
                asks: row.word(0, QuestionKind::parse)?,
                institutions: row.list(1).into_iter().map(InstitutionId::new).collect(),
                evidence: row.text(2),
                sources: row.list(3),
            });
            Ok(())
        })?;
        Ok(Registry::new(sources, institutions, questions))
    }
}

fn text(value: &Option<String>) -> &str {
    value.as_deref().unwrap_or_default()
}

/// A table in memory.
struct Writer(csv::Writer<Vec<u8>>);

impl Writer {
    fn new(header: &[&str]) -> Self {
        let mut writer = Self(WriterBuilder::new().from_writer(Vec::new()));
        writer.row(header);
        writer
    }

    fn row(&mut self, cells: &[&str]) {
        // Writing to memory fails only for rows of unequal length, and each table writes arrays of one length.
        let _ = self.0.write_record(cells);
    }

    fn text(self) -> String {
        String::from_utf8(self.0.into_inner().unwrap_or_default()).unwrap_or_default()
    }
}

/// A row that is being read.
struct Row {
    file: &'static str,
    header: &'static [&'static str],
    number: u64,
    cells: StringRecord,
}

impl Row {
    fn cell(&self, at: usize) -> &str {
        self.cells.get(at).unwrap_or_default()
    }

    fn text(&self, at: usize) -> String {
        self.cell(at).to_owned()
    }

    fn option(&self, at: usize) -> Option<String> {
        let text = self.cell(at);
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn list(&self, at: usize) -> Vec<String> {
        self.cell(at).split_whitespace().map(str::to_owned).collect()
    }

    fn of<T: FromStr>(&self, at: usize) -> Result<T, RegistryError> {
        self.cell(at).parse().map_err(|_| self.wrong(at))
    }

    fn word<T>(&self, at: usize, parse: fn(&str) -> Option<T>) -> Result<T, RegistryError> {
        parse(self.cell(at)).ok_or_else(|| self.wrong(at))
    }

    fn wrong(&self, at: usize) -> RegistryError {
        let column = self.header.get(at).copied().unwrap_or_default();
        let cause = format!("`{}` is no `{column}`", self.cell(at));
        RegistryError::Table { file: self.file, row: self.number, cause }
    }
}

fn each(
    (file, header): (&'static str, &'static [&'static str]),
    text: &str,
    mut take: impl FnMut(&Row) -> Result<(), RegistryError>,
) -> Result<(), RegistryError> {
    let mut reader = ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let mut row = Row { file, header, number: 0, cells: StringRecord::new() };
    loop {
        row.number += 1;
        match reader.read_record(&mut row.cells) {
            Err(error) => return Err(RegistryError::Table { file, row: row.number, cause: error.to_string() }),
            Ok(false) => return Ok(()),
            Ok(true) if row.number > 1 => take(&row)?,
            Ok(true) if row.cells.iter().eq(header.iter().copied()) => {}
            Ok(true) => {
                let cause = format!("the columns are not {}", header.join(", "));
                return Err(RegistryError::Table { file, row: 1, cause });
            }
        }
    }
}
