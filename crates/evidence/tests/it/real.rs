//! Real public files; skipped where they are not.

use crate::support::{Bench, gzip};
use camino::{Utf8Path, Utf8PathBuf};
use evidence::{Mapping, Problem};
use flate2::read::MultiGzDecoder;
use std::io::{BufRead, BufReader};

/// The folder of real files.
pub(crate) fn folder() -> Utf8PathBuf {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/real")
}

fn real(name: &str) -> Option<Utf8PathBuf> {
    let path = folder().join("uwchr-ice-enforce").join(name);
    if !path.is_file() {
        eprintln!("skipped: {path} is not here");
        return None;
    }
    Some(path)
}

/// The first lines of a gzip file, as gzip.
fn first_lines(path: &Utf8Path, lines: usize) -> Vec<u8> {
    let mut input = BufReader::new(MultiGzDecoder::new(std::fs::File::open(path).unwrap()));
    let mut text = Vec::new();
    for _ in 0..lines {
        input.read_until(b'\n', &mut text).unwrap();
    }
    gzip(&text)
}

#[test]
fn the_first_rows_of_each_release() {
    for (name, mapping, event, banner) in [
        ("EROArrests_FY2016.csv.gz", "ice/arrests-foia-2019", model::EventType::Apprehended, 5),
        ("EROArrests_FY2018.csv.gz", "ice/arrests-foia-2019", model::EventType::Apprehended, 5),
        ("EROEncounters_FY2016.csv.gz", "ice/encounters-foia-2019", model::EventType::Encountered, 5),
        ("ICERemovals_FY2016.csv.gz", "ice/removals-foia-2019", model::EventType::Departed, 5),
        ("ICERemovals_FY2018.csv.gz", "ice/removals-foia-2019", model::EventType::Departed, 5),
    ] {
        let Some(path) = real(name) else { return };
        let bench = Bench::new();
        let mapping = Mapping::resolve(mapping).unwrap();
        let receipt = bench.load(name, first_lines(&path, 1006), &mapping);
        let file = &receipt.files[0];
        assert_eq!(
            (file.banner_rows, file.rows_read, file.rows_kept, file.rows_refused),
            (banner, 1000, 1000, 0),
            "{name}"
        );
        assert_eq!(receipt.objects[&model::ObjectType::PersonRecord], 1000);
        assert_eq!(receipt.events[&event], 1000);
        assert_eq!(file.problems[&Problem::Redacted]["birth_date"], 1000);
        let row = bench.show(&receipt.delivery, name, None, 7);
        assert!(row.contains("birth_date=(B)(6);(B)(7)(C) →- !redacted"), "{row}");
    }
}

#[test]
fn a_wrong_mapping_names_the_right_one() {
    let Some(path) = real("ICERemovals_FY2017.csv.gz") else { return };
    let bench = Bench::new();
    let arrests = Mapping::resolve("ice/arrests-foia-2019").unwrap();
    let error = bench.add(&path, &arrests).unwrap_err();
    assert!(error.help().unwrap().contains("`ice/removals-foia-2019`"), "{:?}", error.help());
}
