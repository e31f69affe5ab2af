use crate::{OnDisk, bytes, demo, files, large, rows};
use calamine::{Reader as _, Xlsx, open_workbook};
use jiff::civil::Date;
use std::collections::BTreeSet;
use synth::{DEMO, OfficeSpec, SynthError, office};

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let again = OnDisk::new(&DEMO);
    let (first, second) = (files(demo().root()), files(again.root()));
    assert_eq!(first.keys().collect::<Vec<_>>(), second.keys().collect::<Vec<_>>());
    for (path, contents) in &first {
        assert!(*contents == second[path], "{path} differs");
    }
}

#[test]
fn another_seed_gives_other_people() {
    let other = OnDisk::new(&OfficeSpec { seed: 1, ..DEMO });
    let (first, second) = (files(demo().root()), files(other.root()));
    for path in
        ["truth/people.csv", "eoir/A_TblRespondent.csv", "intake/office_intake.xlsx", "uscis/A-file_applications.csv"]
    {
        assert_ne!(first[camino::Utf8Path::new(path)], second[camino::Utf8Path::new(path)], "{path}");
    }
}

#[test]
fn a_person_does_not_depend_on_how_many_others_there_are() {
    let few = OnDisk::new(&OfficeSpec { people: 41, ..DEMO });
    let many = demo().truth("people.csv");
    assert_eq!(few.truth("people.csv"), many[..41]);
}

#[test]
fn a_date_without_histories_is_refused() {
    let dir = tempfile::TempDir::new().unwrap();
    let spec = OfficeSpec { as_of: Date::constant(1990, 1, 1), ..DEMO };
    let refused = office(&spec, camino::Utf8Path::from_path(dir.path()).unwrap()).unwrap_err();
    assert!(matches!(refused, SynthError::AsOf(_)), "{refused}");
    assert!(refused.to_string().contains("between 2005-01-01"), "{refused}");
}

#[test]
fn every_delivery_is_there_with_its_mapping() {
    let written = &demo().written;
    let names: Vec<_> = written.deliveries.iter().map(|d| (d.name, d.mapping, d.files.len())).collect();
    assert_eq!(
        names,
        [
            ("intake", "synth/office-intake", 1),
            ("eoir", "synth/eoir-counsel", 19),
            ("ice-detention-earlier", "synth/ice-detention", 1),
            ("ice-detention", "synth/ice-detention", 1),
            ("ice-removals", "synth/ice-removals", 1),
            ("uscis", "synth/uscis-applications", 1),
            ("cbp", "synth/cbp-travel", 1),
        ]
    );
    for file in written.deliveries.iter().flat_map(|d| &d.files) {
        assert!(file.is_file(), "{file}");
    }
}

#[test]
fn the_count_file_is_true() {
    for office in [demo(), large()] {
        let dir = office.root().join("eoir");
        let counts = rows(&dir.join("Count.txt"), b'\t', false);
        assert_eq!(counts.len(), 18);
        for count in counts {
            let path = dir.join(format!("{}.csv", count[0]));
            let path = if path.is_file() { path } else { dir.join("Lookup").join(format!("{}.csv", count[0])) };
            let lines = bytes(&path).iter().filter(|b| **b == b'\n').count();
            assert_eq!((lines - 1).to_string(), count[1], "{path}");
        }
    }
}

#[test]
fn the_court_export_has_its_quirks() {
    for office in [demo(), large()] {
        let dir = office.root().join("eoir");
        let cases = rows(&dir.join("A_TblCase.csv"), b'\t', false);
        assert_eq!(cases[0].len(), 39);
        assert!(cases.iter().any(|row| row.len() == 40 && row[1] == "SAN" && row[2] == "ANTONIO"), "no shifted row");
        let raw = bytes(&dir.join("A_TblCase.csv"));
        assert!(raw.contains(&0), "no NUL byte");
        assert!(raw.contains(&0xD1), "no Latin-1 byte");
        let proceedings = rows(&dir.join("B_TblProceeding.csv"), b'\t', false);
        assert!(proceedings.iter().any(|row| row.len() == 36), "no short row");
        let schedule = rows(&dir.join("tbl_schedule.csv"), b'\t', false);
        assert!(schedule.iter().any(|row| row.get(22).is_some_and(|medium| medium == "p")), "no lower-case code");
        assert_eq!(schedule[0].len(), 30);
        assert_eq!(rows(&dir.join("tbl_Court_Motions.csv"), b'\t', false)[0].len(), 41);
        assert_eq!(rows(&dir.join("D_TblAssociatedBond.csv"), b'\t', false)[0].len(), 31);
    }
}

#[test]
fn the_ice_releases_have_their_quirks() {
    let mut spellings = BTreeSet::new();
    let mut ids = Vec::new();
    for delivery in ["ice-detention", "ice-detention-earlier", "ice-removals"] {
        let delivery = large().written.deliveries.iter().find(|d| d.name == delivery).unwrap();
        let rows = rows(&delivery.files[0], b'|', true);
        assert_eq!(rows[0][0], "ERO-LESA Statistical Tracking Unit");
        let header = &rows[6];
        assert_eq!(header.last().unwrap(), "Anonymized Identifier");
        for row in &rows[7..] {
            assert_eq!(row.len(), header.len());
            spellings.extend(row.iter().filter(|cell| cell.to_lowercase().contains("(b)")).cloned());
            spellings.extend(row.iter().filter(|cell| cell.starts_with("b(6)")).cloned());
        }
        let release: BTreeSet<_> = rows[7..].iter().map(|row| row.last().unwrap().clone()).collect();
        assert!(release.iter().any(|id| id.len() == 40));
        ids.push(release);
    }
    assert_eq!(spellings.len(), 7, "{spellings:?}");
    // The identifiers of one release tell nothing in another.
    assert_eq!(ids[0].intersection(&ids[1]).filter(|id| !id.is_empty()).count(), 0);
    assert_eq!(ids[0].intersection(&ids[2]).filter(|id| !id.is_empty()).count(), 0);
}

#[test]
fn the_workbook_opens() {
    let path = demo().root().join("intake/office_intake.xlsx");
    let mut workbook: Xlsx<_> = open_workbook(path).unwrap();
    assert_eq!(workbook.sheet_names(), ["Clients", "Events"]);
    for (sheet, at_least) in [("Clients", 60), ("Events", 20)] {
        let range = workbook.worksheet_range(sheet).unwrap();
        assert!(range.height() > at_least + 3, "{sheet} has {} rows", range.height());
        assert_eq!(range.get_value((2, 0)).unwrap().to_string(), "Client no.");
    }
}
