use crate::write::{Benefits, Borders, Court, Detention, Intake, Release, Removals, Truth};
use crate::{history, showcase};
use camino::{Utf8Path, Utf8PathBuf};
use jiff::civil::Date;
use std::io;

/// How many people, from which seed, seen on which day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfficeSpec {
    /// Number of people. The first ones are the [`crate::showcases`]; the others are drawn by chance.
    pub people: u32,
    /// The seed of all chance.
    pub seed: u64,
    /// The day on which the office looks at its files. Nothing but set hearings lies after it.
    pub as_of: Date,
}

/// The office of the demo: 60 people on 24 November 2026.
pub const DEMO: OfficeSpec = OfficeSpec { people: 60, seed: 20_261_124, as_of: Date::constant(2026, 11, 24) };

/// What [`office`] wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The deliveries, in the order in which an office would receive them.
    pub deliveries: Vec<WrittenDelivery>,
    /// Folder of the truth: `people.csv`, `records.csv`, `events.csv`, `showcase.csv`.
    pub truth_dir: Utf8PathBuf,
}

/// One delivery, as files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenDelivery {
    /// Its folder under the output folder.
    pub name: &'static str,
    /// The built-in mapping that reads it.
    pub mapping: &'static str,
    /// The last day for which it is complete, if it is complete for anything.
    pub through: Option<Date>,
    /// The files to take in. Notes for people (`README.txt`) are not among them.
    pub files: Vec<Utf8PathBuf>,
}

/// Why an office could not be written.
#[derive(Debug, thiserror::Error)]
pub enum SynthError {
    /// The as-of date is one for which no histories can be made.
    #[error("cannot make histories as of {0}; the date must lie between 2005-01-01 and 2100-12-31")]
    AsOf(Date),
    /// A folder could not be made.
    #[error("failed to create folder `{path}`")]
    Folder {
        /// The folder.
        path: Utf8PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file could not be written.
    #[error("failed to write `{path}`")]
    Write {
        /// The file.
        path: Utf8PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A workbook could not be written.
    #[error("failed to write workbook `{path}`")]
    Workbook {
        /// The file.
        path: Utf8PathBuf,
        /// What the spreadsheet writer said.
        source: rust_xlsxwriter::XlsxError,
    },
    /// A release cannot have so many cases.
    #[error("cannot make a release of {given} cases; a release has from 1 to {most} cases")]
    Cases {
        /// How many were asked for.
        given: u64,
        /// How many there may be.
        most: u64,
    },
    /// An archive could not be written.
    #[error("failed to write archive `{path}`")]
    Pack {
        /// The archive, or the part of it.
        path: Utf8PathBuf,
        /// What the archive writer said.
        source: zip::result::ZipError,
    },
    /// The thread that wrote a file ended before its time.
    #[error("the thread that wrote `{path}` stopped; the release is not complete, write it again")]
    Stopped {
        /// The file.
        path: Utf8PathBuf,
    },
}

/// Writes the deliveries of one office and their truth under `out_dir`, person by person.
///
/// Folders that are missing are made; files of an earlier run are written over.
///
/// # Errors
///
/// [`SynthError::AsOf`] for a date out of range; the other variants when the file system refuses.
pub fn office(spec: &OfficeSpec, out_dir: &Utf8Path) -> Result<Written, SynthError> {
    let OfficeSpec { people, seed, as_of } = *spec;
    if as_of < Date::constant(2005, 1, 1) || as_of > Date::constant(2100, 12, 31) {
        return Err(SynthError::AsOf(as_of));
    }
    let mut truth = Truth::create(&out_dir.join("truth"))?;
    let mut court = Court::create(&out_dir.join("eoir"), seed, as_of)?;
    let mut detention = Detention::create(out_dir, Release::current(as_of), seed)?;
    let mut earlier = Detention::create(out_dir, Release::earlier(as_of), seed)?;
    let mut removals = Removals::create(&out_dir.join("ice-removals"), Release::current(as_of), seed)?;
    let mut benefits = Benefits::create(&out_dir.join("uscis"), seed, as_of)?;
    let mut borders = Borders::create(&out_dir.join("cbp"), seed, as_of)?;
    let mut intake = Intake::create(&out_dir.join("intake"), seed, as_of)?;
    for no in 1..=people {
        let life = showcase::made(seed, no, as_of).unwrap_or_else(|| history::random(seed, no, as_of));
        truth.person(&life)?;
        court.add(&life, &mut truth)?;
        earlier.add(&life, &mut truth)?;
        detention.add(&life, &mut truth)?;
        removals.add(&life, &mut truth)?;
        benefits.add(&life, &mut truth)?;
        borders.add(&life, &mut truth)?;
        intake.add(&life, &mut truth)?;
    }
    let deliveries = vec![
        intake.finish()?,
        court.finish()?,
        earlier.finish()?,
        detention.finish()?,
        removals.finish()?,
        benefits.finish()?,
        borders.finish()?,
    ];
    Ok(Written { deliveries, truth_dir: truth.finish()? })
}
