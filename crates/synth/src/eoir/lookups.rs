//! The tables of codes that come with a release, from `data/eoir_lookups.tsv` (see `data/PROVENANCE.md`): a line that
//! starts with `>` names a table, its columns, and which of them the lines after it fill.

use super::places::{Court, Places};

const EXTRACT: &str = include_str!("../../data/eoir_lookups.tsv");

/// One table of codes.
pub(super) struct Lookup {
    pub(super) name: &'static str,
    pub(super) columns: Vec<&'static str>,
    /// Which columns are known.
    places: Vec<usize>,
    /// The known cells of each row.
    pub(super) rows: Vec<Vec<&'static str>>,
}

/// Every table of codes but the judges'.
pub(super) fn lookups() -> Vec<Lookup> {
    let mut found: Vec<Lookup> = Vec::new();
    for line in EXTRACT.lines() {
        let mut cells = line.split('\t');
        if let Some(head) = line.strip_prefix('>') {
            let mut head = head.split('\t');
            let name = head.next().unwrap_or_default();
            let columns = head.next().unwrap_or_default().split(',').collect();
            let places = head.next().unwrap_or_default().split(',').filter_map(|place| place.parse().ok()).collect();
            found.push(Lookup { name, columns, places, rows: Vec::new() });
        } else if let Some(last) = found.last_mut() {
            last.rows.push(cells.by_ref().collect());
        }
    }
    found
}

impl Lookup {
    /// The table as a file: running number, the known cells, `1` for active, everything else empty.
    pub(super) fn text(&self) -> String {
        let mut text = self.columns.join("\t");
        for (no, row) in (1..).zip(&self.rows) {
            text.push('\n');
            for (place, column) in self.columns.iter().enumerate() {
                if place > 0 {
                    text.push('\t');
                }
                let known = self.places.iter().position(|known| *known == place);
                if let Some(cell) = known.and_then(|known| row.get(known)) {
                    text.push_str(cell);
                } else if place == 0 {
                    text.push_str(&i32::to_string(&no));
                } else if column.eq_ignore_ascii_case("blnActive") {
                    text.push('1');
                }
            }
        }
        text.push('\n');
        text
    }
}

const JUDGE_COLUMNS: &str = "idnJudge\tJUDGE_CODE\tJUDGE_NAME\tJUDGE_ST_ADDRESS\tJUDGE_CITY\tJUDGE_STATE\tJUDGE_ZIP_1\t\
                             JUDGE_ZIP_2\tJUDGE_PHONE_NO\tdatCreatedOn\tdatModifiedOn\tblnActive\tblnSkippedOnWheel\t\
                             blnLastOnWheel\tblnSkippedOnWheelMA\tblnLastOnWheelMA\tintOrderMA\tintOrderMM";

/// The invented judges of all courts, as a file, and how many they are.
pub(super) fn judges(places: &Places) -> (String, u64) {
    let mut text = JUDGE_COLUMNS.to_owned();
    let mut no = 0;
    for court in places.courts() {
        for judge in &court.judges {
            no += 1;
            let Court { city, state, zip, .. } = court;
            text.push_str(&format!("\n{no}\t{}\t{}\t\t{city}\t{state}\t{zip}", judge.code, judge.name));
            text.push_str("\t\t\t\t\t1\t\t\t\t\t\t");
        }
    }
    text.push('\n');
    (text, no)
}
