//! The court's releases: files, shares, histories, faults and changes.

mod histories;
mod shares;
mod truth;

use crate::files;
use camino::{Utf8Path, Utf8PathBuf};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read as _;
use std::sync::OnceLock;
use synth::{EoirSpec, EoirWritten, Release, SynthError, eoir};
use tempfile::TempDir;
use zip::ZipArchive;

const SMALL: EoirSpec = EoirSpec { cases: 2_500, seed: 3, release: Release::First, unpacked: true, faults: true };

/// A release on disk, gone when dropped.
struct OnDisk {
    dir: TempDir,
    written: EoirWritten,
}

impl OnDisk {
    fn new(spec: &EoirSpec) -> Self {
        let dir = TempDir::new().unwrap();
        let written = eoir(spec, Utf8Path::from_path(dir.path()).unwrap(), &|_| {}).unwrap();
        Self { dir, written }
    }

    fn root(&self) -> &Utf8Path {
        Utf8Path::from_path(self.dir.path()).unwrap()
    }

    /// The lines of a table, the header first.
    fn lines(&self, table: &str) -> Vec<Vec<u8>> {
        let bytes = fs::read(self.written.release.join(format!("{table}.csv"))).unwrap();
        assert_eq!(bytes.last(), Some(&b'\n'), "{table} ends within a line");
        bytes[..bytes.len() - 1].split(|b| *b == b'\n').map(<[u8]>::to_vec).collect()
    }

    /// A table without faults.
    fn table(&self, name: &str) -> Table {
        let lines = self.lines(name);
        let cells = |line: &[u8]| -> Vec<String> {
            String::from_utf8(line.to_vec()).unwrap().split('\t').map(str::to_owned).collect()
        };
        let columns = cells(&lines[0]);
        let rows: Vec<_> = lines[1..].iter().map(|line| cells(line)).collect();
        assert!(rows.iter().all(|row| row.len() == columns.len()), "{name} has a row of another width");
        Table { columns, rows }
    }

    fn truth(&self, name: &str) -> Vec<BTreeMap<String, String>> {
        let mut reader = csv::Reader::from_path(self.written.truth_dir.join(name)).unwrap();
        reader.deserialize().map(|row| row.unwrap()).collect()
    }

    /// The core tables, in order.
    fn core(&self) -> Vec<&str> {
        self.written.tables[..14].iter().map(|(name, _)| name.as_str()).collect()
    }
}

/// A table as cells.
struct Table {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn at(&self, column: &str) -> usize {
        self.columns.iter().position(|c| c == column).unwrap()
    }

    /// The cells of some columns, row by row.
    fn cells<const N: usize>(&self, columns: [&str; N]) -> impl Iterator<Item = [&str; N]> {
        let places = columns.map(|column| self.at(column));
        self.rows.iter().map(move |row| places.map(|place| row[place].as_str()))
    }
}

/// Both releases of 20,000 cases without faults.
fn clean() -> &'static (OnDisk, OnDisk) {
    static BOTH: OnceLock<(OnDisk, OnDisk)> = OnceLock::new();
    BOTH.get_or_init(|| {
        let spec = EoirSpec { cases: 20_000, seed: 7, faults: false, ..SMALL };
        (OnDisk::new(&spec), OnDisk::new(&EoirSpec { release: Release::Next, ..spec }))
    })
}

fn folder_of(archive: &Utf8Path) -> BTreeMap<Utf8PathBuf, Vec<u8>> {
    let mut archive = ZipArchive::new(fs::File::open(archive).unwrap()).unwrap();
    let names: Vec<_> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    let mut found = BTreeMap::new();
    for name in names {
        let mut bytes = Vec::new();
        archive.by_name(&name).unwrap().read_to_end(&mut bytes).unwrap();
        found.insert(name.into(), bytes);
    }
    found
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    for release in [Release::First, Release::Next] {
        let spec = EoirSpec { release, unpacked: false, ..SMALL };
        let (one, two) = (OnDisk::new(&spec), OnDisk::new(&spec));
        assert!(files(one.root()) == files(two.root()), "{release:?} differs");
        let other = OnDisk::new(&EoirSpec { seed: 4, ..spec });
        assert!(files(one.root()) != files(other.root()), "{release:?} is the same for another seed");
    }
}

#[test]
fn an_archive_holds_what_the_folder_holds() {
    for release in [Release::First, Release::Next] {
        let folder = OnDisk::new(&EoirSpec { release, ..SMALL });
        let archive = OnDisk::new(&EoirSpec { release, unpacked: false, ..SMALL });
        assert!(files(&folder.written.release) == folder_of(&archive.written.release), "{release:?}");
        assert!(files(&folder.written.truth_dir) == files(&archive.written.truth_dir), "{release:?}");
        let left: Vec<_> = archive.root().read_dir_utf8().unwrap().map(|e| e.unwrap().into_path()).collect();
        assert_eq!(left.len(), 2, "parts are left behind: {left:?}");
    }
}

#[test]
fn a_release_of_fewer_cases_is_the_beginning_of_one_of_more() {
    let spec = EoirSpec { faults: false, ..SMALL };
    let (few, many) = (OnDisk::new(&spec), OnDisk::new(&EoirSpec { cases: 4_000, ..spec }));
    for table in few.core() {
        let (few, many) = (few.lines(table), many.lines(table));
        assert!(few.len() < many.len() && few[..] == many[..few.len()], "{table}");
    }
}

#[test]
fn counts_are_those_of_the_files() {
    for release in [Release::First, Release::Next] {
        let on_disk = OnDisk::new(&EoirSpec { release, ..SMALL });
        let counts = fs::read_to_string(on_disk.written.release.join("Count.txt")).unwrap();
        let counts: Vec<(String, u64)> = counts
            .lines()
            .map(|line| line.split_once('\t').map(|(table, rows)| (table.to_owned(), rows.parse().unwrap())).unwrap())
            .collect();
        assert_eq!(counts, on_disk.written.tables);
        let truth: Vec<_> = on_disk.truth("rows.csv");
        let truth: Vec<_> = truth.iter().map(|row| (row["table"].clone(), row["rows"].parse().unwrap())).collect();
        assert_eq!(counts, truth);
        for (at, (table, rows)) in counts.iter().enumerate() {
            let name = if at < 14 { table.clone() } else { format!("Lookup/{table}") };
            assert_eq!(on_disk.lines(&name).len() as u64 - 1, *rows, "{table}");
        }
        let written = on_disk.written.release.join("Lookup").read_dir_utf8().unwrap().count();
        assert_eq!(written, counts.len() - 14);
    }
}

#[test]
fn decisions_are_decoded_by_case_type_code_and_kind() {
    let lookup = clean().0.table("Lookup/tblLookupCourtDecision");
    let keys: Vec<_> = lookup.cells(["strCaseType", "strDecCode", "strDecType"]).collect();
    let known: BTreeSet<_> = keys.iter().copied().collect();
    assert_eq!(known.len(), keys.len(), "a decision has two meanings");
    let proceedings = clean().0.table("B_TblProceeding");
    for [case_type, decision, other] in proceedings.cells(["CASE_TYPE", "DEC_CODE", "OTHER_COMP"]) {
        if !decision.is_empty() {
            assert!(known.contains(&[case_type, decision, "C"]), "{case_type} {decision} C");
        }
        // The real table of codes has no such closure for every type of case either.
        if case_type == "RMV" && !other.is_empty() {
            assert!(known.contains(&[case_type, other, "O"]), "{case_type} {other} O");
        }
    }
}

#[test]
fn other_codes_are_in_their_tables() {
    let codes = |table: &str, column: &str| -> BTreeSet<String> {
        clean().0.table(&format!("Lookup/{table}")).cells([column]).map(|[code]| code.to_owned()).collect()
    };
    for (lookup, code, table, column) in [
        ("tblLookupNationality", "NAT_CODE", "A_TblCase", "NAT"),
        ("tblLanguage", "strCode", "A_TblCase", "LANG"),
        ("tblLookupCustodyStatus", "strCode", "A_TblCase", "CUSTODY"),
        ("tblLookupBaseCity", "BASE_CITY_CODE", "B_TblProceeding", "BASE_CITY_CODE"),
        ("tblLookupJudge", "JUDGE_CODE", "B_TblProceeding", "IJ_CODE"),
        ("tblLookUp_Appln", "strcode", "tbl_Court_Appln", "APPL_CODE"),
        ("tblLookupCourtAppDecisions", "strCourtApplnDecCode", "tbl_Court_Appln", "APPL_DEC"),
        ("tblAdjournmentcodes", "strcode", "tbl_schedule", "ADJ_RSN"),
        ("tbllookupSchedule_Type", "strCode", "tbl_schedule", "SCHEDULE_TYPE"),
        ("tblLookupBIADecision", "strCode", "tblAppeal", "strBIADecision"),
        ("tblLookupMotionType", "strMotionCode", "tbl_Court_Motions", "REC_TYPE"),
        ("tblLookUpCaseIdentifier", "strcode", "A_TblCaseIdentifier", "CASE_ID"),
    ] {
        let known = codes(lookup, code);
        for [value] in clean().0.table(table).cells([column]).filter(|[value]| !value.is_empty()) {
            assert!(known.contains(value), "{table}.{column} has {value}, {lookup} does not");
        }
    }
    // As in the real release, the table of charges lacks about a fifth of what stands in the rows.
    let known = codes("tbllookupCharges", "strCode");
    let charges = clean().0.table("B_TblProceedCharges");
    let missing = charges.cells(["CHARGE"]).filter(|[charge]| !known.contains(charge.trim_end())).count();
    let share = missing as f64 / charges.rows.len() as f64;
    assert!((0.15..0.3).contains(&share), "{share}");
}

#[test]
fn numbers_out_of_range_are_refused() {
    let dir = TempDir::new().unwrap();
    for cases in [0, 20_000_001] {
        let refused =
            eoir(&EoirSpec { cases, ..SMALL }, Utf8Path::from_path(dir.path()).unwrap(), &|_| {}).unwrap_err();
        assert!(matches!(refused, SynthError::Cases { given, .. } if given == cases), "{refused}");
        assert!(refused.to_string().contains("from 1 to 20000000"), "{refused}");
    }
}

#[test]
fn one_case_is_a_release_too() {
    for release in [Release::First, Release::Next] {
        let on_disk = OnDisk::new(&EoirSpec { cases: 1, release, ..SMALL });
        assert_eq!(on_disk.written.tables[0].1, if release == Release::First { 1 } else { 2 });
    }
}

#[test]
fn progress_is_told_to_the_end() {
    let dir = TempDir::new().unwrap();
    let told = Cell::new(0);
    let spec = EoirSpec { cases: 12_000, ..SMALL };
    eoir(&spec, Utf8Path::from_path(dir.path()).unwrap(), &|done| {
        assert!(done > told.get());
        told.set(done);
    })
    .unwrap();
    assert_eq!(told.get(), 12_000);
}
