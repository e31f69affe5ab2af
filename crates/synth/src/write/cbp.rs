//! CBP's travel history and encounters, one row for each.

use super::{Place, Row, Shape, TextFile, Truth, folder, sex_letter};
use crate::chance::{Chance, Stream};
use crate::dates::{plus, plus_years};
use crate::errors::{BORDERS, Noise, record};
use crate::life::{Crossing, CrossingKind, Life};
use crate::{SynthError, WrittenDelivery};
use camino::Utf8Path;
use jiff::civil::Date;

const SHAPE: Shape = Shape { delimiter: b',', quote: csv::QuoteStyle::Necessary, crlf: true, gzip: false };

const COLUMNS: &[&str] = &[
    "Record Number",
    "Event",
    "Event Date",
    "Port",
    "Class of Admission",
    "Admit Until",
    "Travel Document Number",
    "Last Name",
    "First Name",
    "Date of Birth",
    "Sex",
    "Citizenship",
    "A-Number",
    "Disposition",
];

/// Crossings and encounters.
pub(crate) struct Borders {
    seed: u64,
    through: Date,
    file: TextFile,
    next: u64,
}

/// What one row says.
struct Entry {
    event: &'static str,
    date: Date,
    port: &'static str,
    class: &'static str,
    admit_until: Option<Date>,
    disposition: &'static str,
}

impl Borders {
    pub(crate) fn create(dir: &Utf8Path, seed: u64, as_of: Date) -> Result<Self, SynthError> {
        folder(dir)?;
        let mut file = TextFile::create(dir.join("travel_history.csv"), SHAPE)?;
        file.line(COLUMNS)?;
        Ok(Self { seed, through: plus(as_of, -10), file, next: 60_000_000_000 })
    }

    pub(crate) fn add(&mut self, life: &Life, truth: &mut Truth) -> Result<(), SynthError> {
        if !life.cbp_has_file {
            return Ok(());
        }
        let mut chance = Chance::of(self.seed, life.person.no, Stream::Borders);
        let mut entries: Vec<_> = life.crossings.iter().map(|crossing| entry(crossing, life, &mut chance)).collect();
        entries.extend(life.screening.map(|screening| Entry {
            event: "REFERRAL",
            date: screening.referred,
            port: life.crossings.last().map_or("", |crossing| crossing.port),
            class: "",
            admit_until: None,
            disposition: "CREDIBLE FEAR REFERRAL",
        }));
        for entry in entries {
            if entry.date <= self.through {
                self.row(life, &entry, truth, &mut chance)?;
            }
        }
        Ok(())
    }

    fn row(&mut self, life: &Life, entry: &Entry, truth: &mut Truth, chance: &mut Chance) -> Result<(), SynthError> {
        let person = &life.person;
        let recorded = record(person, BORDERS, life.noise, chance);
        self.next += u64::try_from(chance.between(11, 9_000)).unwrap_or(11);
        let number = self.next.to_string();
        let document =
            if entry.class.is_empty() { String::new() } else { format!("X{:07}", person.no * 37 + 1_000_003) };
        let mut row = Row::new(COLUMNS);
        row.set("Record Number", number.as_str())
            .set("Event", entry.event)
            .set("Event Date", entry.date.to_string())
            .set("Port", entry.port)
            .set("Class of Admission", entry.class)
            .set("Admit Until", entry.admit_until.map(|date| date.to_string()).unwrap_or_default())
            .set("Travel Document Number", document)
            .set("Last Name", recorded.surname)
            .set("First Name", recorded.given)
            .set("Date of Birth", recorded.birth.map(|birth| birth.to_string()).unwrap_or_default())
            .set("Sex", if recorded.has_sex { sex_letter(person.sex) } else { "" })
            .set("Citizenship", person.citizenship.name.to_uppercase())
            .set("A-Number", recorded.a_number.map(|n| n.to_string()).unwrap_or_default())
            .set("Disposition", entry.disposition);
        let at = self.file.line(&row.cells)?;
        let place = Place { delivery: "cbp", file: self.file.name(), sheet: "", row: at };
        truth.record(&format!("cbp/person_record/{number}"), life, place, &recorded.slips)
    }

    pub(crate) fn finish(self) -> Result<WrittenDelivery, SynthError> {
        Ok(WrittenDelivery {
            name: "cbp",
            mapping: "synth/cbp-travel",
            through: Some(self.through),
            files: vec![self.file.finish()?],
        })
    }
}

fn entry(crossing: &Crossing, life: &Life, chance: &mut Chance) -> Entry {
    let (event, class, disposition) = match crossing.kind {
        CrossingKind::BetweenPorts => ("ENCOUNTER", "", "PRESENT WITHOUT ADMISSION"),
        CrossingKind::Parole => ("ARRIVAL", "PAR", "PAROLED"),
        CrossingKind::Admission(class) => ("ARRIVAL", class, "ADMITTED"),
        CrossingKind::Departure => ("DEPARTURE", "", ""),
    };
    // Officers write up an encounter after midnight at times.
    let late = crossing.kind == CrossingKind::BetweenPorts && life.noise == Noise::Full && chance.yes(0.06);
    let admit_until = match class {
        "B1" | "B2" => Some(plus(crossing.date, 182)),
        "PAR" => Some(plus_years(crossing.date, 2)),
        _ => None,
    };
    Entry { event, date: plus(crossing.date, i32::from(late)), port: crossing.port, class, admit_until, disposition }
}
