use super::{Shape, TextFile, folder, sex_word};
use crate::SynthError;
use crate::errors::Slip;
use crate::life::Life;
use crate::showcase::showcases;
use camino::{Utf8Path, Utf8PathBuf};

const SHAPE: Shape = Shape { delimiter: b',', quote: csv::QuoteStyle::Necessary, crlf: false, gzip: false };

/// Where a record stands: the row of a delivery that defines it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) delivery: &'a str,
    pub(crate) file: &'a str,
    /// Worksheet, or empty.
    pub(crate) sheet: &'a str,
    pub(crate) row: u64,
}

/// The truth: who is who, what happened, which record is whose.
pub(crate) struct Truth {
    dir: Utf8PathBuf,
    people: TextFile,
    records: TextFile,
    events: TextFile,
    showcase: TextFile,
}

impl Truth {
    pub(crate) fn create(dir: &Utf8Path) -> Result<Self, SynthError> {
        folder(dir)?;
        let open = |name: &str, header: &[&str]| {
            let mut file = TextFile::create(dir.join(name), SHAPE)?;
            file.line(header)?;
            Ok::<_, SynthError>(file)
        };
        Ok(Self {
            people: open(
                "people.csv",
                &[
                    "person_id",
                    "given_names",
                    "surnames",
                    "birth_date",
                    "sex",
                    "citizenship",
                    "language",
                    "culture",
                    "a_number",
                    "showcase",
                ],
            )?,
            records: open("records.csv", &["record_id", "person_id", "delivery", "file", "sheet", "row", "errors"])?,
            events: open("events.csv", &["person_id", "event_type", "date"])?,
            showcase: open("showcase.csv", &["person_id", "key", "criterion", "expect", "note"])?,
            dir: dir.to_owned(),
        })
    }

    /// The person as they are, and everything that happened to them.
    pub(crate) fn person(&mut self, life: &Life) -> Result<(), SynthError> {
        let person = &life.person;
        let id = person.id();
        self.people.line(&[
            id.clone(),
            person.given.join(" "),
            person.surnames.join(" "),
            person.birth.to_string(),
            sex_word(person.sex).to_lowercase(),
            person.citizenship.name.to_owned(),
            person.language.name.to_owned(),
            person.culture.name().to_owned(),
            person.a_number.map(|n| n.to_string()).unwrap_or_default(),
            life.showcase.unwrap_or_default().to_owned(),
        ])?;
        for (kind, date) in life.events() {
            self.events.line(&[id.as_str(), kind.name(), &date.to_string()])?;
        }
        if life.showcase.is_some()
            && let Some(shown) = showcases().find(|shown| shown.no == person.no)
        {
            self.showcase.line(&[id.as_str(), shown.key, shown.criterion, shown.expect, shown.note])?;
        }
        Ok(())
    }

    /// One source's record of the person.
    pub(crate) fn record(
        &mut self,
        record_id: &str,
        life: &Life,
        place: Place<'_>,
        slips: &[Slip],
    ) -> Result<(), SynthError> {
        let slips: Vec<_> = slips.iter().map(|slip| slip.name()).collect();
        self.records.line(&[
            record_id,
            &life.person.id(),
            place.delivery,
            place.file,
            place.sheet,
            &place.row.to_string(),
            &slips.join(" "),
        ])?;
        Ok(())
    }

    pub(crate) fn finish(self) -> Result<Utf8PathBuf, SynthError> {
        for file in [self.people, self.records, self.events, self.showcase] {
            file.finish()?;
        }
        Ok(self.dir)
    }
}
