//! ICE's answers to the office's own requests: detention stints of two releases, and removals.

use super::{Place, Row, Shape, TextFile, Truth, folder, sex_word};
use crate::chance::{Chance, Stream};
use crate::dates::{fiscal_year_start, plus, plus_years};
use crate::errors::{CUSTODY, Recorded, Slip, record};
use crate::life::{Life, Stay, Stint};
use crate::{SynthError, WrittenDelivery};
use camino::{Utf8Path, Utf8PathBuf};
use jiff::civil::{Date, DateTime};

const SHAPE: Shape = Shape { delimiter: b'|', quote: csv::QuoteStyle::NonNumeric, crlf: false, gzip: true };

const DETENTIONS: &[&str] = &[
    "Stay Book In Date Time",
    "Book In Date Time",
    "Detention Facility",
    "Detention Facility Code",
    "Book Out Date Time",
    "Stay Book Out Date Time",
    "Detention Release Reason",
    "Religion",
    "Gender",
    "Marital Status",
    "Ethnicity",
    "Race",
    "Birth Country",
    "Citizenship Country",
    "Birth Date",
    "Birth Year",
    "Entry Status",
    "Aggravated Felon",
    "Initial Bond Set Amount",
    "Bond Posted Date",
    "Bond Posted Amount",
    "Case Status",
    "Case Category",
    "Final Order Yes No",
    "Final Order Date",
    "Final Charge",
    "Departed Date",
    "Departure Country",
    "Alien File Number",
    "Last Name",
    "First Name",
    "Anonymized Identifier",
];
/// The earlier release lacks two columns.
const DETENTIONS_EARLIER: &[&str] = &[
    "Stay Book In Date Time",
    "Book In Date Time",
    "Detention Facility",
    "Detention Facility Code",
    "Book Out Date Time",
    "Stay Book Out Date Time",
    "Detention Release Reason",
    "Religion",
    "Gender",
    "Marital Status",
    "Ethnicity",
    "Birth Country",
    "Citizenship Country",
    "Birth Date",
    "Birth Year",
    "Entry Status",
    "Aggravated Felon",
    "Bond Posted Date",
    "Bond Posted Amount",
    "Case Status",
    "Case Category",
    "Final Order Yes No",
    "Final Order Date",
    "Final Charge",
    "Departed Date",
    "Departure Country",
    "Alien File Number",
    "Last Name",
    "First Name",
    "Anonymized Identifier",
];
const REMOVALS: &[&str] = &[
    "Area of Responsibility",
    "Apprehension Date",
    "Processing Disposition Code",
    "Birth Date",
    "Citizenship",
    "Gender",
    "RC Threat Level",
    "Final Charge Section",
    "Departed Date",
    "Removal Date",
    "Departure Country",
    "Alien File Number",
    "Last Name",
    "First Name",
    "Anonymized Identifier",
];

/// Every way in which the agency writes that it withholds a value.
const REDACTIONS: &[&str] = &[
    "(B)(6);(B)(7)(C) ",
    "b(6), b(7)c",
    "(b)(6), (b)(7)(c)",
    "b(6), b(7)C",
    "(B)(7)(E) ",
    "(b)(6),(b)(7)c)",
    "(b)(7)(E )",
];

/// One release of records.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Release {
    delivery: &'static str,
    /// Part of the file names, such as `FY2025`.
    start: Date,
    through: Date,
    earlier: bool,
}

impl Release {
    /// The last full fiscal year and this one so far.
    pub(crate) fn current(as_of: Date) -> Self {
        let start = plus_years(fiscal_year_start(as_of), -1);
        Self { delivery: "ice-detention", start, through: plus(as_of, -4), earlier: false }
    }

    /// The fiscal year before those.
    pub(crate) fn earlier(as_of: Date) -> Self {
        let start = plus_years(fiscal_year_start(as_of), -2);
        let through = plus(plus_years(start, 1), -1);
        Self { delivery: "ice-detention-earlier", start, through, earlier: true }
    }

    fn years(&self) -> String {
        let first = self.start.year() + 1;
        if self.earlier { format!("FY{first}") } else { format!("FY{first}-FY{}YTD", first + 1) }
    }
}

fn banner(file: &mut TextFile, columns: &[&str], title: &str) -> Result<(), SynthError> {
    let lines = [
        "ERO-LESA Statistical Tracking Unit",
        "For Official Use Only (FOUO)/Pre-decisional",
        "2026-ICFO-00000",
        "",
        title,
        "",
    ];
    for line in lines {
        let mut cells = vec![""; columns.len()];
        cells[0] = line;
        file.line(&cells)?;
    }
    file.line(columns)?;
    Ok(())
}

/// The identifier under which one release knows a person: it tells nothing in any other release.
fn release_id(seed: u64, file: &str, no: u32) -> String {
    let hash = model::content_hash([seed.to_be_bytes().as_slice(), file.as_bytes(), no.to_be_bytes().as_slice()]);
    hash.iter().take(20).map(|byte| format!("{byte:02x}")).collect()
}

/// A release of detention stints.
pub(crate) struct Detention {
    release: Release,
    columns: &'static [&'static str],
    seed: u64,
    file: TextFile,
}

impl Detention {
    pub(crate) fn create(out_dir: &Utf8Path, release: Release, seed: u64) -> Result<Self, SynthError> {
        let dir = out_dir.join(release.delivery);
        folder(&dir)?;
        let columns = if release.earlier { DETENTIONS_EARLIER } else { DETENTIONS };
        let mut file = TextFile::create(dir.join(format!("ICE_Detentions_{}.csv.gz", release.years())), SHAPE)?;
        banner(&mut file, columns, &format!("ICE Detentions for {}", release.years()))?;
        Ok(Self { release, columns, seed, file })
    }

    pub(crate) fn add(&mut self, life: &Life, truth: &mut Truth) -> Result<(), SynthError> {
        let stints = life.stays.iter().flat_map(|stay| stay.stints.iter().map(move |stint| (stay, stint)));
        let held: Vec<_> = stints.filter(|(stay, stint)| self.holds(stay, stint)).collect();
        let mut chance = Chance::of(self.seed, life.person.no * 2 + u32::from(self.release.earlier), Stream::Custody);
        let mut recorded = record(&life.person, CUSTODY, life.noise, &mut chance);
        if let Some(birth) = life.custody_birth {
            recorded.birth = Some(birth);
            recorded.slips.push(Slip::BirthDateOff);
        }
        // A few rows lost their identifier: their events cannot be tied to anybody.
        let lost = life.showcase.is_none() && chance.yes(0.01);
        let id = if lost { String::new() } else { release_id(self.seed, self.file.name(), life.person.no) };
        let mut defined = lost;
        for (stay, stint) in held {
            let row = self.row(life, &recorded, &id, stay, stint, &mut chance);
            let at = self.file.line(&row.cells)?;
            if !defined {
                defined = true;
                let stem = self.file.name().trim_end_matches(".csv.gz");
                let place = Place { delivery: self.release.delivery, file: self.file.name(), sheet: "", row: at };
                truth.record(&format!("ice:{stem}:{id}"), life, place, &recorded.slips)?;
            }
            // The same stint again, because the bond amount was changed.
            if stay.bond_posted.is_some() && chance.yes(0.15) {
                let mut again = row;
                if !self.release.earlier {
                    again.set("Initial Bond Set Amount", "10000");
                }
                self.file.line(&again.cells)?;
            }
        }
        Ok(())
    }

    fn holds(&self, stay: &Stay, stint: &Stint) -> bool {
        let open = stint.to.is_none() || (stay.left_open && stay.stints.last() == Some(stint));
        stint.from.date() <= self.release.through
            && (open || stint.to.is_some_and(|to| to.date() >= self.release.start))
    }

    fn row(&self, life: &Life, recorded: &Recorded, id: &str, stay: &Stay, stint: &Stint, chance: &mut Chance) -> Row {
        let person = &life.person;
        let through = self.release.through;
        let known = |to: Option<DateTime>| to.filter(|to| to.date() <= through);
        let last = stay.stints.last() == Some(stint);
        let out = known(stint.to).filter(|_| !(last && stay.left_open));
        let stay_out = known(stay.stints.last().and_then(|stint| stint.to)).filter(|_| !stay.left_open);
        let reason = match out {
            Some(_) if last => stay.release_reason,
            Some(_) => "Transferred",
            None => "",
        };
        let country = person.citizenship.name.to_uppercase();
        let mut row = Row::new(self.columns);
        row.set("Stay Book In Date Time", stay.stints.first().map(|first| moment(first.from)).unwrap_or_default())
            .set("Book In Date Time", moment(stint.from))
            .set("Detention Facility", stint.facility.name)
            .set("Detention Facility Code", stint.facility.code)
            .set("Book Out Date Time", out.map(moment).unwrap_or_default())
            .set("Stay Book Out Date Time", stay_out.map(moment).unwrap_or_default())
            .set("Detention Release Reason", reason)
            .set("Religion", chance.pick(REDACTIONS))
            .set("Gender", if recorded.has_sex { sex_word(person.sex) } else { "" })
            .set("Marital Status", chance.pick(&["Single", "Married", "NA", "--"]))
            .set("Ethnicity", chance.pick(REDACTIONS))
            .set("Birth Country", if chance.yes(0.03) { "NA".to_owned() } else { country.clone() })
            .set("Citizenship Country", country)
            .set("Birth Date", recorded.birth.map(day).unwrap_or_else(|| REDACTIONS[1].to_owned()))
            .set("Birth Year", recorded.birth.map(|birth| birth.year().to_string()).unwrap_or_default())
            .set("Entry Status", entry_status(life))
            .set("Aggravated Felon", "N")
            .set("Case Status", "ACTIVE")
            .set("Case Category", chance.pick(&["[8B] Excludable / Inadmissible - Under Adjudication by IJ", "NA"]))
            .set("Final Order Yes No", "NO")
            .set("Final Charge", life.cases.last().map_or("", |case| case.charges[0]))
            .set("Alien File Number", recorded.a_number.map(|n| format!("A{n:09}")).unwrap_or_default())
            .set("Last Name", recorded.surname.as_str())
            .set("First Name", recorded.given.as_str())
            .set("Anonymized Identifier", id);
        if !self.release.earlier {
            row.set("Race", chance.pick(REDACTIONS));
        }
        if let Some(ordered) = stay.final_order.filter(|ordered| *ordered <= through) {
            row.set("Final Order Yes No", "YES").set("Final Order Date", day(ordered));
        }
        if let Some((date, dollars)) = stay.bond_posted.filter(|(date, _)| *date <= through) {
            row.set("Bond Posted Date", day(date)).set("Bond Posted Amount", dollars.to_string());
        }
        if let Some(removal) = life.removal
            && last
            && out.is_some()
            && removal.departed.date() <= through
            && stay.to() >= Some(removal.departed.date())
        {
            row.set("Departed Date", moment(removal.departed))
                .set("Departure Country", person.citizenship.name.to_uppercase())
                .set("Case Status", "8-Excluded/Removed - Inadmissibility");
        }
        row
    }

    pub(crate) fn finish(self) -> Result<WrittenDelivery, SynthError> {
        let files = vec![self.file.finish()?];
        Ok(WrittenDelivery {
            name: self.release.delivery,
            mapping: "synth/ice-detention",
            through: Some(self.release.through),
            files,
        })
    }
}

fn entry_status(life: &Life) -> &'static str {
    match life.crossings.first().map(|crossing| crossing.kind) {
        Some(crate::life::CrossingKind::Parole) => "Paroled",
        Some(crate::life::CrossingKind::Admission(_)) => "Admitted",
        _ => "Present Without Admission",
    }
}

/// A release of removals.
pub(crate) struct Removals {
    release: Release,
    seed: u64,
    file: TextFile,
}

impl Removals {
    pub(crate) fn create(dir: &Utf8Path, release: Release, seed: u64) -> Result<Self, SynthError> {
        folder(dir)?;
        let path: Utf8PathBuf = dir.join(format!("ICE_Removals_{}.csv.gz", release.years()));
        let mut file = TextFile::create(path, SHAPE)?;
        banner(&mut file, REMOVALS, &format!("ICE Removals for {}", release.years()))?;
        Ok(Self { release, seed, file })
    }

    pub(crate) fn add(&mut self, life: &Life, truth: &mut Truth) -> Result<(), SynthError> {
        let Some(removal) = life.removal else { return Ok(()) };
        // The year is that of the day on which the system counts the removal, not of the departure.
        if removal.counted < self.release.start || removal.counted > self.release.through {
            return Ok(());
        }
        let mut chance = Chance::of(self.seed, life.person.no + 500_000_000, Stream::Custody);
        let recorded = record(&life.person, CUSTODY, life.noise, &mut chance);
        let person = &life.person;
        let country = person.citizenship.name.to_uppercase();
        let id = release_id(self.seed, self.file.name(), person.no);
        let apprehended = life.stays.last().and_then(Stay::from).filter(|_| !chance.yes(0.015)).map(day);
        let mut row = Row::new(REMOVALS);
        row.set(
            "Area of Responsibility",
            chance.pick(&["Houston Area of Responsibility", "Miami Area of Responsibility"]),
        )
        .set("Apprehension Date", apprehended.unwrap_or_default())
        .set("Processing Disposition Code", removal.disposition)
        .set("Birth Date", recorded.birth.map(day).unwrap_or_else(|| REDACTIONS[0].to_owned()))
        .set("Citizenship", country.as_str())
        .set("Gender", if recorded.has_sex { sex_word(person.sex) } else { "" })
        .set("RC Threat Level", chance.pick(&["(B)(7)(E) ", "NA", "(b)(7)(E )"]))
        .set("Final Charge Section", life.cases.last().map_or("212a7AiI", |case| case.charges[0]))
        .set("Departed Date", moment(removal.departed))
        .set("Removal Date", day(removal.counted))
        .set("Departure Country", country.as_str())
        .set("Alien File Number", recorded.a_number.map(|n| format!("A{n:09}")).unwrap_or_default())
        .set("Last Name", recorded.surname.as_str())
        .set("First Name", recorded.given.as_str())
        .set("Anonymized Identifier", id.as_str());
        let at = self.file.line(&row.cells)?;
        let stem = self.file.name().trim_end_matches(".csv.gz");
        let place = Place { delivery: "ice-removals", file: self.file.name(), sheet: "", row: at };
        truth.record(&format!("ice:{stem}:{id}"), life, place, &recorded.slips)
    }

    pub(crate) fn finish(self) -> Result<WrittenDelivery, SynthError> {
        let through = Some(self.release.through);
        Ok(WrittenDelivery {
            name: "ice-removals",
            mapping: "synth/ice-removals",
            through,
            files: vec![self.file.finish()?],
        })
    }
}

/// `M/D/YYYY`.
fn day(date: Date) -> String {
    format!("{}/{}/{}", date.month(), date.day(), date.year())
}

/// `M/D/YYYY HH:MM`.
fn moment(at: DateTime) -> String {
    format!("{} {:02}:{:02}", day(at.date()), at.hour(), at.minute())
}
