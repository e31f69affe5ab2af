//! Real public releases, where they are on this machine: row counts as published, every row accounted for.

use crate::desk::{Desk, shared};

const RELEASES: &[(&str, &str, u64)] = &[
    ("ICERemovals_FY2016.csv.gz", "ice/removals-foia-2019", 240_255),
    ("ICERemovals_FY2017.csv.gz", "ice/removals-foia-2019", 226_119),
    ("EROArrests_FY2016.csv.gz", "ice/arrests-foia-2019", 110_104),
    ("EROArrests_FY2018.csv.gz", "ice/arrests-foia-2019", 158_581),
    ("EROEncounters_FY2016.csv.gz", "ice/encounters-foia-2019", 368_645),
];

#[test]
fn releases_reconcile_to_the_last_row() {
    let Some(folder) = shared("data/real/uwchr-ice-enforce") else { return };
    let desk = Desk::new();
    for (name, mapping, rows) in RELEASES {
        let path = folder.join(name);
        let receipt = desk.run(&["add", path.to_str().unwrap(), "--as", mapping, "--format", "json"]).json();
        let file = &receipt["files"][0];
        assert_eq!(receipt["reconciled"], true, "{name}");
        assert_eq!(file["rows_read"], *rows, "{name}");
        assert_eq!(file["rows_kept"].as_u64().unwrap() + file["rows_refused"].as_u64().unwrap(), *rows, "{name}");
    }
    // Public rows never become persons.
    let built = desk.run(&["build", "--as-of", "2026-11-24", "--format", "json"]).json();
    assert_eq!((built["records"].as_u64(), built["persons"].as_u64()), (Some(0), Some(0)));
}
