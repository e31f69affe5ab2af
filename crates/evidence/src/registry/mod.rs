//! The registry of courts and facilities: stable ids, names over time, codes from every source, open questions.
//!
//! It is a compilation of public data about institutions, made by [`build`] from the files that [`sources`] reads, and
//! embedded from `registry/`. It holds no person. `docs/registry.md` has its rules.
//!
//! ```
//! use evidence::registry::{CodeSystem, Registry};
//!
//! # fn main() -> Result<(), evidence::registry::RegistryError> {
//! let registry = Registry::built_in()?;
//! let stewart = registry.by_code(CodeSystem::Detloc, "STWRTGA");
//! assert_eq!(stewart.map(|i| i.id.as_str()), Some("facility/STWRTGA"));
//! # Ok(())
//! # }
//! ```

pub mod build;
pub mod sources;

mod error;
mod find;
mod names;
mod table;
mod words;

pub use error::RegistryError;
pub use find::Found;
pub use table::Tables;
pub use words::{CodeSystem, DatedBy, Kind, QuestionKind};

use crate::nearest::nearest_several;
use camino::Utf8Path;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::fmt;

/// Names one institution for good.
///
/// `facility/<DETLOC code>`, `court/<base city code>`, `hearing-location/<code>`, or `facility/name/<name>-<state>` for
/// a facility that no source gives a code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstitutionId(String);

impl InstitutionId {
    /// Takes an id as it is written in files and on pages.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The id of what has a code in a system, if that system names institutions.
    pub fn of_code(system: CodeSystem, code: &str) -> Option<Self> {
        Some(Self(format!("{}/{code}", system.room()?)))
    }

    /// The id as it is written in files and on pages.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether only a name is known, and no code.
    pub fn is_by_name(&self) -> bool {
        self.0.starts_with("facility/name/")
    }
}

impl fmt::Display for InstitutionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// From the first to the last day on which sources name something; both count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seen {
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
}

impl Seen {
    /// The shortest time that holds both.
    pub fn and(self, other: Self) -> Self {
        Self { first: self.first.min(other.first), last: self.last.max(other.last) }
    }

    /// Whether some day belongs to both.
    pub fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.first == self.last {
            true => write!(f, "{}", self.first),
            false => write!(f, "{} to {}", self.first, self.last),
        }
    }
}

/// One list or release that names institutions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its short name, by which the registry refers to it.
    pub id: String,
    /// What it is.
    pub title: String,
    /// The days of which it speaks.
    pub seen: Seen,
    /// What says so.
    pub dated_by: DatedBy,
    /// Its files, as `folder/file`, sorted.
    pub files: Vec<String>,
    /// Rows of the files that name an institution.
    pub rows: u64,
}

/// One spelling of an institution's name. Spellings that differ only in case are one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameSpell {
    /// The name as the newest of the sources has it, with single blanks.
    pub name: String,
    /// The sources that have it, sorted.
    pub sources: Vec<String>,
    /// When. If any other source has it, those that were published later than they were made do not stretch this.
    pub seen: Seen,
}

/// One code of an institution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// Whose code it is.
    pub system: CodeSystem,
    /// The code.
    pub code: String,
    /// The sources that have it, sorted.
    pub sources: Vec<String>,
    /// When, as for names.
    pub seen: Seen,
}

/// An institution's public address, as one source gives it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Address {
    /// Street and number, or what stands for them.
    pub street: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Two letters.
    pub state: Option<String>,
    /// Five digits, or `12345-6789`.
    pub zip: Option<String>,
    /// County.
    pub county: Option<String>,
    /// The source: the newest that has a street, or else a city or state.
    pub source: String,
}

/// Where an institution stands, in degrees (WGS 84), as a public source gives it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coordinates {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

/// A court, a hearing location or a facility.
#[derive(Debug, Clone, PartialEq)]
pub struct Institution {
    /// Its id.
    pub id: InstitutionId,
    /// What it is, by the newest source that says so.
    pub kind: Kind,
    /// The agency's own word for its type or contract, such as `IGSA`.
    pub facility_type: Option<String>,
    /// Of a hearing location: the court to which the agency's list assigns it.
    pub court: Option<InstitutionId>,
    /// Its names, newest first.
    pub names: Vec<NameSpell>,
    /// Its codes.
    pub codes: Vec<Code>,
    /// Its address.
    pub address: Option<Address>,
    /// ICE area of responsibility: three letters.
    pub aor: Option<String>,
    /// Who runs it, in the words of the list.
    pub operator: Option<String>,
    /// Where it stands, and the source that says so.
    pub coordinates: Option<(Coordinates, String)>,
}

impl Institution {
    /// Its newest name, with city and state where they are known.
    pub fn label(&self) -> String {
        let name = self.names.first().map_or(self.id.as_str(), |n| n.name.as_str());
        let place = self.address.iter().flat_map(|a| [&a.city, &a.state]).flatten();
        std::iter::once(name).chain(place.map(String::as_str)).collect::<Vec<_>>().join(", ")
    }
}

/// What the sources leave open, and the registry does not guess.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OpenQuestion {
    /// What is asked.
    pub asks: QuestionKind,
    /// About which institutions, sorted.
    pub institutions: Vec<InstitutionId>,
    /// What raises it.
    pub evidence: String,
    /// The sources that raise it, sorted.
    pub sources: Vec<String>,
}

/// Courts and facilities.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Registry {
    sources: Vec<Source>,
    institutions: Vec<Institution>,
    questions: Vec<OpenQuestion>,
    /// The institution of each code.
    by_code: BTreeMap<(CodeSystem, String), usize>,
}

impl Registry {
    /// The registry under `registry/`, as it was when the program was compiled.
    ///
    /// # Errors
    ///
    /// If a table is not well formed.
    pub fn built_in() -> Result<Self, RegistryError> {
        Tables::built_in().registry()
    }

    /// Reads the tables of a folder.
    ///
    /// # Errors
    ///
    /// If a table is missing or not well formed.
    pub fn open(folder: &Utf8Path) -> Result<Self, RegistryError> {
        Tables::read(folder)?.registry()
    }

    /// Puts institutions and questions in their order.
    fn new(mut sources: Vec<Source>, mut institutions: Vec<Institution>, mut questions: Vec<OpenQuestion>) -> Self {
        sources.sort_by(|a, b| a.id.cmp(&b.id));
        institutions.sort_by(|a, b| a.id.cmp(&b.id));
        questions.sort();
        let mut by_code = BTreeMap::new();
        for (index, institution) in institutions.iter().enumerate() {
            for code in &institution.codes {
                by_code.insert((code.system, code.code.clone()), index);
            }
        }
        Self { sources, institutions, questions, by_code }
    }

    /// Every institution, by id.
    pub fn institutions(&self) -> &[Institution] {
        &self.institutions
    }

    /// The lists and releases from which it was made, by id.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// What is open, by what is asked and then by institution.
    pub fn open_questions(&self) -> &[OpenQuestion] {
        &self.questions
    }

    /// The institution with an id.
    pub fn get(&self, id: &InstitutionId) -> Option<&Institution> {
        let at = self.institutions.binary_search_by(|i| i.id.cmp(id)).ok()?;
        self.institutions.get(at)
    }

    /// The institution to which a system gives a code.
    pub fn by_code(&self, system: CodeSystem, code: &str) -> Option<&Institution> {
        let at = self.by_code.get(&(system, code.to_owned()))?;
        self.institutions.get(*at)
    }

    /// Every institution with this id, or with this code in whatever system.
    pub fn by_id_or_code(&self, text: &str) -> Vec<&Institution> {
        if let Some(institution) = self.get(&InstitutionId::new(text)) {
            return vec![institution];
        }
        let code = text.to_ascii_uppercase();
        CodeSystem::ALL.iter().filter_map(|system| self.by_code(*system, &code)).collect()
    }

    /// Ids most like a text, to say what may have been meant.
    pub fn nearest_ids(&self, text: &str) -> Vec<String> {
        let ids: Vec<String> = self.institutions.iter().map(|i| i.id.to_string()).collect();
        nearest_several(text, &ids, 3)
    }

    /// Institutions by likeness of their names to `name`, most like first, at most `limit`.
    pub fn find(&self, name: &str, limit: usize) -> Vec<Found<'_>> {
        find::find(&self.institutions, name, limit)
    }
}
