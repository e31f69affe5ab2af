//! The office's own workbook: what clients say, and what the office learned.

use super::{Place, Truth, folder};
use crate::chance::{Chance, Stream};
use crate::errors::{INTAKE, Recorded, record};
use crate::life::Life;
use crate::names::Sex;
use crate::{SynthError, WrittenDelivery};
use camino::{Utf8Path, Utf8PathBuf};
use jiff::civil::Date;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

const FILE: &str = "office_intake.xlsx";
/// Physical row of the header, from 1: a title and an empty row stand above it.
const HEADER_ROW: u32 = 3;

const CLIENTS: &[&str] = &[
    "Client no.",
    "Given names",
    "Surnames",
    "Birth date",
    "Sex",
    "A-number",
    "Nationality",
    "Language",
    "LPR since",
    "Parent citizen since",
    "Lived with that parent",
    "Unaccompanied child",
    "Aggravated felony charged",
    "Prior cancellation",
    "Reason asylum is late",
    "Notes",
];
const EVENTS: &[&str] = &["Client no.", "Date", "What", "Detail", "Served", "Appeal waived", "In absence", "Noted by"];

/// The intake workbook.
pub(crate) struct Intake {
    path: Utf8PathBuf,
    seed: u64,
    as_of: Date,
    clients: Worksheet,
    events: Worksheet,
    date: Format,
    /// Next physical row of each sheet, from 1.
    next_client: u32,
    next_event: u32,
    client_no: u32,
}

impl Intake {
    pub(crate) fn create(dir: &Utf8Path, seed: u64, as_of: Date) -> Result<Self, SynthError> {
        folder(dir)?;
        let mut intake = Self {
            path: dir.join(FILE),
            seed,
            as_of,
            clients: Worksheet::new(),
            events: Worksheet::new(),
            date: Format::new().set_num_format("yyyy-mm-dd"),
            next_client: HEADER_ROW + 1,
            next_event: HEADER_ROW + 1,
            client_no: 0,
        };
        intake.headers().map_err(|source| intake.failed(source))?;
        Ok(intake)
    }

    fn failed(&self, source: XlsxError) -> SynthError {
        SynthError::Workbook { path: self.path.clone(), source }
    }

    fn headers(&mut self) -> Result<(), XlsxError> {
        self.clients.set_name("Clients")?;
        self.events.set_name("Events")?;
        let bold = Format::new().set_bold();
        let title = format!("Intake register, as of {}. Everybody in it is fictional.", self.as_of);
        for (sheet, columns) in [(&mut self.clients, CLIENTS), (&mut self.events, EVENTS)] {
            sheet.write_string_with_format(0, 0, &title, &bold)?;
            for (column, name) in (0..).zip(columns) {
                sheet.write_string_with_format(HEADER_ROW - 1, column, *name, &bold)?;
                sheet.set_column_width(column, 18)?;
            }
        }
        Ok(())
    }

    pub(crate) fn add(&mut self, life: &Life, truth: &mut Truth) -> Result<(), SynthError> {
        let mut chance = Chance::of(self.seed, life.person.no, Stream::Intake);
        let client = self.client(life, truth, &mut chance)?;
        self.events_of(life, &client, &mut chance).map_err(|source| self.failed(source))?;
        // Now and then somebody comes back and is taken in a second time.
        if life.showcase.is_none() && chance.yes(0.02) {
            self.client(life, truth, &mut chance)?;
        }
        Ok(())
    }

    fn client(&mut self, life: &Life, truth: &mut Truth, chance: &mut Chance) -> Result<String, SynthError> {
        self.client_no += 1;
        let client = format!("C-{:04}", self.client_no);
        let recorded = record(&life.person, INTAKE, life.noise, chance);
        let row = self.next_client;
        self.client_row(life, &client, &recorded, chance).map_err(|source| self.failed(source))?;
        let place = Place { delivery: "intake", file: FILE, sheet: "Clients", row: u64::from(row) };
        truth.record(&format!("intake/person_record/{client}"), life, place, &recorded.slips)?;
        Ok(client)
    }

    fn client_row(
        &mut self,
        life: &Life,
        client: &str,
        recorded: &Recorded,
        chance: &mut Chance,
    ) -> Result<(), XlsxError> {
        let row = self.next_client - 1;
        self.next_client += 1;
        let (person, account) = (&life.person, &life.account);
        let sheet = &mut self.clients;
        let sex = match (recorded.has_sex, person.sex) {
            (false, _) => "",
            (true, Sex::Female) => chance.pick(&["F", "f", "female"]),
            (true, Sex::Male) => chance.pick(&["M", "m", "male"]),
        };
        let number = recorded.a_number.map(|n| {
            let (a, b, c) = (n / 1_000_000, n / 1_000 % 1_000, n % 1_000);
            if chance.yes(0.5) { format!("A {a:03} {b:03} {c:03}") } else { format!("{a:03}-{b:03}-{c:03}") }
        });
        text(sheet, row, 0, client)?;
        text(sheet, row, 1, &recorded.given)?;
        text(sheet, row, 2, &recorded.surname)?;
        match recorded.birth {
            // Some dates were typed as text, the American way round.
            Some(birth) if chance.yes(0.15) => {
                let typed = format!("{:02}/{:02}/{}", birth.month(), birth.day(), birth.year());
                text(sheet, row, 3, &typed)?;
            }
            birth => date(sheet, row, 3, birth, &self.date)?,
        }
        text(sheet, row, 4, sex)?;
        text(sheet, row, 5, &number.unwrap_or_default())?;
        text(sheet, row, 6, person.citizenship.name)?;
        text(sheet, row, 7, person.language.name)?;
        date(sheet, row, 8, account.lpr_since, &self.date)?;
        date(sheet, row, 9, account.parent_citizen_since, &self.date)?;
        text(sheet, row, 10, yes_no(account.lived_with_parent))?;
        text(sheet, row, 11, yes_no(account.unaccompanied_child))?;
        text(sheet, row, 12, yes_no(account.aggravated_felony))?;
        text(sheet, row, 13, yes_no(account.prior_cancellation))?;
        text(sheet, row, 14, account.late_reason.unwrap_or_default())?;
        text(sheet, row, 15, account.notes)
    }

    fn events_of(&mut self, life: &Life, client: &str, chance: &mut Chance) -> Result<(), XlsxError> {
        let mut reports = life.reports.clone();
        reports.sort_by_key(|report| report.date);
        for report in reports {
            let row = self.next_event - 1;
            self.next_event += 1;
            let sheet = &mut self.events;
            let order = report.what.is_order();
            text(sheet, row, 0, client)?;
            date(sheet, row, 1, Some(report.date), &self.date)?;
            text(sheet, row, 2, report.what.words())?;
            text(sheet, row, 3, report.detail)?;
            let served = if order { chance.pick(&["oral", "mail", ""]) } else { "" };
            text(sheet, row, 4, served)?;
            let reserved = life.decision_near(report.date).filter(|_| order).map(|decision| decision.reserved);
            text(
                sheet,
                row,
                5,
                match reserved {
                    Some('A' | 'B') => "no",
                    Some('I') => "yes",
                    _ => "",
                },
            )?;
            text(sheet, row, 6, if order { yes_no(Some(report.what.in_absence())) } else { "" })?;
            text(sheet, row, 7, chance.pick(&["front desk", "paralegal", "attorney"]))?;
        }
        Ok(())
    }

    pub(crate) fn finish(self) -> Result<WrittenDelivery, SynthError> {
        let Self { path, as_of, clients, events, .. } = self;
        let save = || -> Result<(), XlsxError> {
            let mut workbook = Workbook::new();
            // The writer would otherwise ask the machine for the time.
            let year = u16::try_from(as_of.year()).unwrap_or(2000);
            let made = ExcelDateTime::from_ymd(year, as_of.month().unsigned_abs(), as_of.day().unsigned_abs())?;
            workbook.set_properties(&DocProperties::new().set_title("Intake register").set_creation_datetime(&made));
            workbook.push_worksheet(clients);
            workbook.push_worksheet(events);
            workbook.save(path.as_std_path())
        };
        save().map_err(|source| SynthError::Workbook { path: path.clone(), source })?;
        Ok(WrittenDelivery { name: "intake", mapping: "synth/office-intake", through: None, files: vec![path] })
    }
}

fn text(sheet: &mut Worksheet, row: u32, column: u16, value: &str) -> Result<(), XlsxError> {
    if !value.is_empty() {
        sheet.write_string(row, column, value)?;
    }
    Ok(())
}

fn date(sheet: &mut Worksheet, row: u32, column: u16, value: Option<Date>, format: &Format) -> Result<(), XlsxError> {
    let Some(value) = value else { return Ok(()) };
    let year = u16::try_from(value.year()).unwrap_or(1900);
    let cell = ExcelDateTime::from_ymd(year, value.month().unsigned_abs(), value.day().unsigned_abs())?;
    sheet.write_datetime_with_format(row, column, &cell, format)?;
    Ok(())
}

fn yes_no(value: Option<bool>) -> &'static str {
    match value {
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    }
}
