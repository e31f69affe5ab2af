//! A release of the court's whole case database in the shape of EOIR's monthly CASE release, of any size, and the release
//! after it, with the truth about both.

mod cells;
mod changes;
mod days;
mod faults;
mod history;
mod lookups;
mod marginals;
mod month;
mod nations;
mod pack;
mod places;
mod release;
mod render;
mod tables;
mod truth;

use crate::SynthError;
use camino::{Utf8Path, Utf8PathBuf};
pub use changes::EoirChanges;
use changes::{Kept, compare};
use days::{Day, Days, day};
use history::Case;
use jiff::civil::Date;
use marginals::Codes;
use places::Places;
use release::ReleaseWriter;
use render::render;
use tables::Table;

/// The most cases a release may have: the real one has 13 million, and keys must stay below 2^31.
const MOST_CASES: u64 = 20_000_000;

/// Which release to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Release {
    /// The first, complete through 31 July 2026.
    First,
    /// The next, a month later: rows have vanished, appeared and changed.
    Next,
}

impl Release {
    /// Name of its archive without ending, and of its folder.
    fn name(self) -> &'static str {
        match self {
            Self::First => "release-1",
            Self::Next => "release-2",
        }
    }

    /// The last day it knows of, other than hearings that have been set.
    fn through(self) -> Date {
        match self {
            Self::First => Date::constant(2026, 7, 31),
            Self::Next => Date::constant(2026, 8, 31),
        }
    }
}

/// How many cases, from which seed, which release, in what form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EoirSpec {
    /// Number of cases in the first release, from 1 to 20 million. The next release has one in a hundred more.
    pub cases: u64,
    /// The seed of all chance. Both releases of a pair have the same seed and the same number of cases.
    pub seed: u64,
    /// Which of the two releases.
    pub release: Release,
    /// A folder of files instead of an archive.
    pub unpacked: bool,
    /// Whether to plant what goes wrong in real releases: shifted and short rows, NUL and Latin-1 bytes and so on.
    pub faults: bool,
}

/// What [`eoir`] wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EoirWritten {
    /// The archive, or the folder.
    pub release: Utf8PathBuf,
    /// The folder of the truth: `rows.csv`, `faults.csv`, `shifted.jsonl`; `changes.csv` for the next release.
    pub truth_dir: Utf8PathBuf,
    /// Every table with its rows, in the order of `Count.txt`.
    pub tables: Vec<(String, u64)>,
    /// Cells that are not written as they are, and short rows.
    pub faults: u64,
    /// What changed since the first release; for the next release only.
    pub changes: Option<EoirChanges>,
}

/// What all cases of a release share.
struct World {
    seed: u64,
    /// Cases of the first release.
    cases: u64,
    /// Cases of both.
    all: u64,
    first: Day,
    next: Day,
    codes: Codes,
    days: Days,
    places: Places,
    /// The columns of each core table.
    columns: Vec<Vec<&'static str>>,
}

/// Writes one release under `out`: `release-1.zip` or `release-2.zip` (folders of these names if unpacked) and the truth
/// about it under `truth/release-1/` or `truth/release-2/`. Files of an earlier run are written over. `progress` is told
/// how many cases are done.
///
/// Every row is a pure function of the seed and its case's number, so either release can be written alone, and the
/// memory it takes does not grow with the number of cases.
///
/// # Errors
///
/// [`SynthError::Cases`] for a number of cases out of range; the other variants when the file system refuses.
pub fn eoir(spec: &EoirSpec, out: &Utf8Path, progress: &dyn Fn(u64)) -> Result<EoirWritten, SynthError> {
    if spec.cases == 0 || spec.cases > MOST_CASES {
        return Err(SynthError::Cases { given: spec.cases, most: MOST_CASES });
    }
    let lookups = lookups::lookups();
    let world = World {
        seed: spec.seed,
        cases: spec.cases,
        all: spec.cases + spec.cases.div_ceil(100),
        first: day(Release::First.through()),
        next: day(Release::Next.through()),
        codes: Codes::new(),
        days: Days::new(),
        places: Places::new(&lookups),
        columns: Table::ALL.map(marginals::columns).to_vec(),
    };
    let mut writer = ReleaseWriter::create(&world, spec, out)?;
    let changes = match spec.release {
        Release::First => {
            first(&world, &mut writer, progress)?;
            None
        }
        Release::Next => Some(next(&world, &mut writer, progress)?),
    };
    writer.finish(&lookups, changes)
}

/// How many cases go by between two reports of progress.
const REPORT: u64 = 10_000;

fn report(no: u64, last: u64, progress: &dyn Fn(u64)) {
    if no.is_multiple_of(REPORT) || no == last {
        progress(no);
    }
}

fn first(world: &World, writer: &mut ReleaseWriter<'_>, progress: &dyn Fn(u64)) -> Result<(), SynthError> {
    let mut cells = cells::Cells::default();
    for no in 1..=world.cases {
        writer.case(no);
        render(world, &Case::of(world, no), &mut cells, writer)?;
        report(no, world.cases, progress);
    }
    Ok(())
}

fn next(world: &World, writer: &mut ReleaseWriter<'_>, progress: &dyn Fn(u64)) -> Result<EoirChanges, SynthError> {
    let mut cells = cells::Cells::default();
    let mut changes = EoirChanges::default();
    for no in 1..=world.all {
        writer.case(no);
        let case = Case::of(world, no);
        if no > world.cases {
            let kept = Kept::of(world, &case, &mut cells)?;
            compare(world, &case, &Kept::default(), &kept, writer.truth(), &mut changes)?;
            writer.rows(&kept, false)?;
        } else if month::is_touched(world, no) {
            let before = Kept::of(world, &case, &mut cells)?;
            let after = match month::after(world, &case) {
                Some(after) => Kept::of(world, &after, &mut cells)?,
                None => Kept::default(),
            };
            compare(world, &case, &before, &after, writer.truth(), &mut changes)?;
            writer.rows(&after, false)?;
        } else {
            render(world, &case, &mut cells, writer)?;
        }
        report(no, world.all, progress);
    }
    // Rows added to old cases have the newest keys and stand at the end.
    for no in (1..=world.cases).filter(|no| month::is_touched(world, *no)) {
        writer.case(no);
        if let Some(after) = month::after(world, &Case::of(world, no)) {
            writer.rows(&Kept::of(world, &after, &mut cells)?, true)?;
        }
    }
    Ok(changes)
}
