//! USCIS's answer to the office's requests for its clients' A-files: one row for each filing.

use super::{Place, Row, Shape, TextFile, Truth, folder, sex_letter};
use crate::chance::{Chance, Stream};
use crate::dates::plus;
use crate::errors::{BENEFITS, Noise, record};
use crate::life::{Applicant, Filing, Life};
use crate::{SynthError, WrittenDelivery};
use camino::Utf8Path;
use jiff::civil::Date;

const SHAPE: Shape = Shape { delimiter: b',', quote: csv::QuoteStyle::Necessary, crlf: false, gzip: false };

const COLUMNS: &[&str] = &[
    "Receipt Number",
    "Form",
    "Received Date",
    "Applicant",
    "Applicant Name",
    "Decision",
    "Decision Date",
    "A-Number",
    "Last Name",
    "First Name",
    "Birth Date",
    "Sex",
    "Country of Citizenship",
    "Remarks",
];

/// Filings at USCIS.
pub(crate) struct Benefits {
    seed: u64,
    through: Date,
    file: TextFile,
    next: u64,
}

impl Benefits {
    pub(crate) fn create(dir: &Utf8Path, seed: u64, as_of: Date) -> Result<Self, SynthError> {
        folder(dir)?;
        let mut file = TextFile::create(dir.join("A-file_applications.csv"), SHAPE)?;
        file.line(COLUMNS)?;
        Ok(Self { seed, through: plus(as_of, -6), file, next: 9_000_000_000 })
    }

    pub(crate) fn add(&mut self, life: &Life, truth: &mut Truth) -> Result<(), SynthError> {
        if !life.uscis_has_file {
            return Ok(());
        }
        let mut chance = Chance::of(self.seed, life.person.no, Stream::Benefits);
        let mut filings = life.filings.clone();
        filings.extend(life.screening.map(|screening| Filing {
            form: "I-870",
            applicant: Applicant::Person,
            received: screening.referred,
            decision: Some((screening.decided, if screening.positive { "POSITIVE" } else { "NEGATIVE" })),
        }));
        filings.extend(copy_of_court_filing(life, &mut chance));
        filings.sort_by_key(|filing| filing.received);
        for filing in filings {
            if filing.received <= self.through {
                self.filing(life, filing, truth, &mut chance)?;
            }
        }
        Ok(())
    }

    fn filing(
        &mut self,
        life: &Life,
        filing: Filing,
        truth: &mut Truth,
        chance: &mut Chance,
    ) -> Result<(), SynthError> {
        let person = &life.person;
        let recorded = record(person, BENEFITS, life.noise, chance);
        self.next += u64::try_from(chance.between(3, 900)).unwrap_or(3);
        let receipt = format!("{}{}", chance.pick(&["IOE", "LIN", "SRC"]), self.next);
        let decision = filing.decision.filter(|(date, _)| *date <= self.through);
        let (applicant, name) = match filing.applicant {
            Applicant::Person => ("SELF", format!("{}, {}", recorded.surname, recorded.given)),
            Applicant::Mother => ("MOTHER", format!("{}, (MOTHER)", recorded.surname)),
            Applicant::Father => ("FATHER", format!("{}, (FATHER)", recorded.surname)),
        };
        let remarks = match decision {
            Some((_, "DENIED")) => "Notice sent; response: \"none\"",
            None if filing.form == "I-589" => "Biometrics taken, file with court",
            _ => "",
        };
        let mut row = Row::new(COLUMNS);
        row.set("Receipt Number", receipt.as_str())
            .set("Form", filing.form)
            .set("Received Date", slashed(filing.received))
            .set("Applicant", applicant)
            .set("Applicant Name", name)
            .set("Decision", decision.map_or("PENDING", |(_, decision)| decision))
            .set("Decision Date", decision.map(|(date, _)| slashed(date)).unwrap_or_default())
            .set("A-Number", recorded.a_number.map(dashed).unwrap_or_default())
            .set("Last Name", recorded.surname)
            .set("First Name", recorded.given)
            .set("Birth Date", recorded.birth.map(slashed).unwrap_or_default())
            .set("Sex", if recorded.has_sex { sex_letter(person.sex) } else { "" })
            .set("Country of Citizenship", person.citizenship.name)
            .set("Remarks", remarks);
        let at = self.file.line(&row.cells)?;
        let place = Place { delivery: "uscis", file: self.file.name(), sheet: "", row: at };
        truth.record(&format!("uscis/person_record/{receipt}"), life, place, &recorded.slips)
    }

    pub(crate) fn finish(self) -> Result<WrittenDelivery, SynthError> {
        Ok(WrittenDelivery {
            name: "uscis",
            mapping: "synth/uscis-applications",
            through: Some(self.through),
            files: vec![self.file.finish()?],
        })
    }
}

/// The copy of an application to the court that goes to USCIS for biometrics, dated on its own arrival there.
fn copy_of_court_filing(life: &Life, chance: &mut Chance) -> Option<Filing> {
    let has_own = life.filings.iter().any(|filing| filing.form == "I-589");
    let mut applications = life.cases.iter().flat_map(|case| &case.applications);
    let received = applications.find(|application| application.code == "ASYL")?.received;
    let exact = life.noise == Noise::NamesOnly;
    if has_own || !(exact || chance.yes(0.5)) {
        return None;
    }
    let days = if exact { 0 } else { chance.weighted(&[(50, 0), (30, 1), (20, 3)]) };
    Some(Filing { form: "I-589", applicant: Applicant::Person, received: plus(received, days), decision: None })
}

/// `MM/DD/YYYY`.
fn slashed(date: Date) -> String {
    format!("{:02}/{:02}/{}", date.month(), date.day(), date.year())
}

/// `A900-000-000`.
fn dashed(number: u32) -> String {
    format!("A{:03}-{:03}-{:03}", number / 1_000_000, number / 1_000 % 1_000, number % 1_000)
}
