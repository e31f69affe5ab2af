use super::changes::{EoirChanges, Kept};
use super::faults::Planter;
use super::lookups::{Lookup, judges};
use super::month;
use super::pack::{Pack, assemble};
use super::render::Rows;
use super::tables::{Key, Table};
use super::truth::Truth;
use super::{EoirSpec, EoirWritten, World};
use crate::SynthError;
use crate::dates::plus;
use crate::eoir::cells::Cells;
use camino::{Utf8Path, Utf8PathBuf};
use std::fs;
use tempfile::TempDir;
use zip::DateTime;

/// Writes the files of one release, and the truth about it.
pub(super) struct ReleaseWriter<'a> {
    world: &'a World,
    release: Utf8PathBuf,
    truth_dir: Utf8PathBuf,
    /// Holds the packed tables until they are put together; gone with the writer. None for a folder of files.
    parts: Option<TempDir>,
    day: DateTime,
    packs: Vec<Pack>,
    /// Lines of each table, with the header.
    lines: [u64; Table::COUNT],
    planter: Option<Planter<'a>>,
    truth: Truth,
    /// The case whose rows are being written, and whether something happens to it between the releases.
    case: (u64, bool),
}

impl<'a> ReleaseWriter<'a> {
    pub(super) fn create(world: &'a World, spec: &EoirSpec, out: &Utf8Path) -> Result<Self, SynthError> {
        let name = spec.release.name();
        let truth_dir = out.join("truth").join(name);
        let truth = Truth::create(&truth_dir, spec.release == super::Release::Next)?;
        let release = if spec.unpacked { out.join(name) } else { out.join(format!("{name}.zip")) };
        let folder = |path: &Utf8Path| {
            fs::create_dir_all(path).map_err(|source| SynthError::Folder { path: path.to_owned(), source })
        };
        let parts = if spec.unpacked {
            folder(&release.join("Lookup"))?;
            None
        } else {
            Some(TempDir::new_in(out).map_err(|source| SynthError::Folder { path: out.to_owned(), source })?)
        };
        // A few days after the last one that it knows: nobody asks the clock.
        let made = plus(spec.release.through(), 3);
        let (month, of_month) = (made.month().unsigned_abs(), made.day().unsigned_abs());
        let day = DateTime::from_date_and_time(made.year().unsigned_abs(), month, of_month, 9, 0, 0);
        let day = day.unwrap_or_default();
        let mut writer = Self {
            world,
            release,
            truth_dir,
            parts,
            day,
            packs: Vec::with_capacity(Table::COUNT),
            lines: [0; Table::COUNT],
            planter: spec.faults.then(|| Planter::new(world, spec.release)),
            truth,
            case: (0, false),
        };
        for table in Table::ALL {
            writer.open(table)?;
        }
        Ok(writer)
    }

    fn open(&mut self, table: Table) -> Result<(), SynthError> {
        let file = format!("{}.csv", table.name());
        let parts = self.parts.as_ref().and_then(|dir| Utf8Path::from_path(dir.path()));
        let mut pack = match parts {
            Some(parts) => Pack::packed(parts.join(&file), file, self.day)?,
            None => Pack::plain(self.release.join(file))?,
        };
        pack.line(self.world.columns[table.at()].join("\t").as_bytes());
        self.lines[table.at()] = 1;
        self.packs.push(pack);
        Ok(())
    }

    /// Says whose rows come next.
    pub(super) fn case(&mut self, no: u64) {
        self.case = (no, no <= self.world.cases && month::is_touched(self.world, no));
    }

    pub(super) fn truth(&mut self) -> &mut Truth {
        &mut self.truth
    }

    /// Writes the kept rows that were added to an old case, or those that were not.
    pub(super) fn rows(&mut self, kept: &Kept, added: bool) -> Result<(), SynthError> {
        for (table, key, cells) in kept.rows.iter().filter(|(_, key, _)| key.added == added) {
            self.row(*table, *key, cells)?;
        }
        Ok(())
    }

    /// Ends the files, and puts them together with the tables of codes and `Count.txt`.
    pub(super) fn finish(
        mut self,
        lookups: &[Lookup],
        changes: Option<EoirChanges>,
    ) -> Result<EoirWritten, SynthError> {
        let mut tables: Vec<(String, u64)> =
            Table::ALL.iter().map(|table| (table.name().to_owned(), self.lines[table.at()] - 1)).collect();
        let mut texts = Vec::new();
        for lookup in lookups {
            texts.push((format!("Lookup/{}.csv", lookup.name), lookup.text()));
            tables.push((lookup.name.to_owned(), lookup.rows.len() as u64));
        }
        let (text, count) = judges(&self.world.places);
        texts.push(("Lookup/tblLookupJudge.csv".to_owned(), text));
        tables.push(("tblLookupJudge".to_owned(), count));
        let counts = tables.iter().map(|(name, rows)| format!("{name}\t{rows}\n")).collect();
        texts.push(("Count.txt".to_owned(), counts));
        let packed = self.packs.drain(..).map(Pack::finish).collect::<Result<Vec<_>, _>>()?;
        if self.parts.is_some() {
            assemble(&self.release, &packed, &texts, self.day)?;
        } else {
            for (name, text) in texts {
                let path = self.release.join(name);
                fs::write(&path, text).map_err(|source| SynthError::Write { path, source })?;
            }
        }
        for (name, rows) in &tables {
            self.truth.rows(name, *rows)?;
        }
        let faults = self.truth.planted;
        self.truth.finish()?;
        Ok(EoirWritten { release: self.release, truth_dir: self.truth_dir, tables, faults, changes })
    }
}

impl Rows for ReleaseWriter<'_> {
    fn row(&mut self, table: Table, key: Key, cells: &Cells) -> Result<(), SynthError> {
        self.lines[table.at()] += 1;
        let pack = &mut self.packs[table.at()];
        let damage = self.planter.as_mut().and_then(|planter| planter.damage(table, self.case, cells));
        let Some(damage) = damage else {
            pack.line(cells.bytes());
            return Ok(());
        };
        pack.line(&damage.bytes);
        let line = self.lines[table.at()];
        if !damage.tabs.is_empty() {
            self.truth.shifted(table, line, key.id, &damage.tabs, cells)?;
        }
        damage.faults.iter().try_for_each(|fault| self.truth.fault(table, line, key.id, fault))
    }
}
