//! The court's public release: its columns, its shapes, its repairs, and the lookups beside it.

use crate::support::Bench;
use arrow::array::AsArray;
use camino::{Utf8Path, Utf8PathBuf};
use evidence::{FileReceipt, Mapping, Problem, Receipt, derive};
use flate2::read::GzDecoder;
use proptest::prelude::*;
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::io::Read;
use std::sync::LazyLock;

static RELEASE: LazyLock<Mapping> = LazyLock::new(|| Mapping::resolve("eoir/case-release").unwrap());

static TABLES: LazyLock<BTreeMap<String, Vec<Column>>> = LazyLock::new(|| columns(&RELEASE));

/// Columns that the release has and the mapping must not declare: a name that could track a person is refused.
const UNDECLARED: &[(&str, &str)] =
    &[("A_TblCase", "DETENTION_LOCATION"), ("A_TblCase", "DCO_LOCATION"), ("tblProBono", "DCO_Location")];

/// What the mapping says of a column.
#[derive(Debug, Clone)]
struct Column {
    name: String,
    as_name: String,
    kind: String,
    shape: Option<Regex>,
    null: Vec<String>,
    texts: Vec<String>,
}

fn columns(mapping: &Mapping) -> BTreeMap<String, Vec<Column>> {
    let toml: toml::Table = mapping.text().parse().unwrap();
    let text = |column: &toml::Value, key: &str| column.get(key).and_then(|v| v.as_str()).map(str::to_owned);
    let texts = |column: &toml::Value, key: &str| -> Vec<String> {
        let texts = column.get(key).and_then(|v| v.as_array()).into_iter().flatten();
        texts.map(|t| t.as_str().unwrap().to_owned()).collect()
    };
    let null = texts(&toml["read"], "null");
    let tables = toml["table"].as_array().unwrap().iter().filter(|t| t.get("column").is_some());
    tables
        .map(|table| {
            let columns = table["column"].as_array().unwrap().iter().map(|column| Column {
                name: text(column, "name").unwrap(),
                as_name: text(column, "as").unwrap(),
                kind: text(column, "type").unwrap_or_else(|| "text".to_owned()),
                shape: text(column, "shape").map(|shape| Regex::new(&format!("^(?:{shape})$")).unwrap()),
                null: [null.clone(), texts(column, "null")].concat(),
                texts: [texts(column, "true"), texts(column, "false")].concat(),
            });
            (text(table, "name").unwrap(), columns.collect())
        })
        .collect()
}

impl Column {
    /// Whether a text of the published counts can stand in the column.
    fn fits(&self, text: &str) -> bool {
        let text = text.trim();
        if text.is_empty() || self.null.iter().any(|n| n == text) {
            return true;
        }
        let typed = match self.kind.as_str() {
            "integer" => text.parse::<i64>().is_ok(),
            "money" => text.parse::<f64>().is_ok(),
            "boolean" => self.texts.iter().any(|t| t == text),
            "date" | "datetime" => text.len() >= 10 && text.as_bytes()[4] == b'-',
            _ => true,
        };
        typed && self.shape.as_ref().is_none_or(|shape| shape.is_match(text))
    }
}

fn shared(path: &str) -> Option<Utf8PathBuf> {
    let path = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/real").join(path);
    if !path.exists() {
        eprintln!("skipped: {path} is not here");
        return None;
    }
    Some(path)
}

/// Reads quoted comma-separated text, in which a cell may hold lines. Independent of the readers under test.
fn comma_separated(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => cell.push(chars.next().unwrap()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\n' | '\r' if !quoted => {
                if !(row.is_empty() && cell.is_empty()) {
                    row.push(std::mem::take(&mut cell));
                    rows.push(std::mem::take(&mut row));
                }
            }
            c => cell.push(c),
        }
    }
    if !(row.is_empty() && cell.is_empty()) {
        row.push(cell);
        rows.push(row);
    }
    rows
}

/// Every field of the agency dictionary is in the mapping, and the mapping has no other. The bond table stands in one
/// cell there, its words parted by blanks.
#[test]
fn the_dictionary_is_covered() {
    let Some(path) = shared("eoir-ddp/variable_types.csv") else { return };
    let rows = comma_separated(&std::fs::read_to_string(path).unwrap());
    let mut fields: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in &rows[1..] {
        let mut words = row[0].split_whitespace();
        let table = words.next().unwrap();
        let field = words.next().unwrap_or(&row[1]);
        fields.entry(table.to_lowercase()).or_default().insert(field.to_lowercase());
    }
    let core: Vec<&str> = "a_tblcase b_tblproceeding tbl_schedule tbl_court_appln tblappeal d_tblassociatedbond \
        b_tblproceedcharges tbl_repsassigned tbl_custodyhistory tbl_court_motions tbl_lead_rider \
        tbl_juvenilehistory tbl_casepriorityhistory a_tblcaseidentifier tblappealfedcourts tblthreembrreferrals \
        tbl_eoir_attorney tblprobono"
        .split_whitespace()
        .collect();
    let mut counted = 0;
    for table in core {
        let declared: BTreeSet<String> = TABLES[table].iter().map(|c| c.name.to_lowercase()).collect();
        let undeclared = UNDECLARED.iter().filter(|(t, _)| t.to_lowercase() == table).map(|(_, f)| f.to_lowercase());
        let undeclared: BTreeSet<String> = undeclared.collect();
        assert!(declared.is_disjoint(&undeclared), "{table}");
        assert_eq!(&declared | &undeclared, fields[table], "{table}");
        counted += fields[table].len();
    }
    assert_eq!(counted, 39 + 38 + 30 + 6 + 17 + 49 + 5 + 11 + 5 + 41 + 11 + 6 + 5 + 3 + 5 + 4 + 7 + 67);
}

/// Every code that the lookups of 2025 have is in the crosswalk for it.
#[test]
fn the_crosswalks_are_complete() {
    let toml: toml::Table = RELEASE.text().parse().unwrap();
    for (file, map) in [
        ("tblAdjournmentCodes", "adjournment"),
        ("tblLookUp_Appln", "application"),
        ("tblLookupCourtAppDecisions", "application_decision"),
        ("tbllookupAppealType", "appeal_kind"),
        ("tblLookupBIADecision", "board"),
        ("tblLookupCaseType", "case_type"),
        ("tblLookupMotionType", "motion"),
        ("tblLookupNationality", "country"),
    ] {
        let Some(path) = shared(&format!("eoir-lookups-2025/{file}.json")) else { return };
        let codes: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let map = toml["map"][map].as_table().unwrap();
        // A code NA stands as NaN there, and XX is no country.
        let lacking: Vec<&String> =
            codes.keys().filter(|c| !map.contains_key(if *c == "NaN" { "NA" } else { c })).collect();
        assert!(lacking.is_empty() || lacking == ["XX"], "{file}: {lacking:?}");
    }
    let Some(path) = shared("eoir-lookups-2014/master_decision_on_proceeding.csv") else { return };
    let text: String = std::fs::read(path).unwrap().into_iter().map(char::from).collect();
    let rows: Vec<Vec<String>> = comma_separated(&text).into_iter().filter(|r| r[0].len() == 3).collect();
    assert_eq!(rows.len(), 168);
    for row in rows {
        let map = if row[2] == "C" { "decision_completion" } else { "decision_other" };
        assert!(toml["map"][map].get(format!("{}/{}", row[0], row[1])).is_some(), "{row:?}");
    }
}

/// Of the published counts of values, at least 999 in 1000 rows fit the shape of their column. What does not fit is
/// listed: values that shifted rows left behind, control characters, and columns that hold nothing else.
#[test]
fn shapes_fit_what_is_published() {
    let Some(path) = shared("eoir-ddp/value_frequencies_by_field.csv") else { return };
    let rows = comma_separated(&std::fs::read_to_string(path).unwrap());
    let mut fields: BTreeMap<(String, String), Vec<(String, u64)>> = BTreeMap::new();
    for row in &rows[1..] {
        let field = (row[0].clone(), row[3].clone());
        fields.entry(field).or_default().push((row[1].clone(), row[2].parse().unwrap()));
    }
    let mut shown = String::new();
    let (mut all, mut fit) = (0, 0);
    for ((table, field), values) in &fields {
        let named = |c: &&Column| c.name.eq_ignore_ascii_case(field);
        let column = TABLES[&table.to_lowercase()].iter().find(named).unwrap();
        let total: u64 = values.iter().map(|(_, n)| n).sum();
        let strays: Vec<&(String, u64)> = values.iter().filter(|(text, _)| !column.fits(text)).collect();
        let stray: u64 = strays.iter().map(|(_, n)| n).sum();
        all += total;
        fit += total - stray;
        if !strays.is_empty() {
            let texts: Vec<String> = strays.iter().map(|(text, n)| format!("{text:?} {n}")).collect();
            let _ = writeln!(shown, "{table}.{field}: {stray} of {total}: {}", texts.join(", "));
        }
        // A column with next to no texts (UP_BOND_DATE, DETENTION_DATE) has little but what was shifted into it.
        assert!(stray * 1000 <= total || total < 1000, "{table}.{field}: {shown}");
    }
    println!("{fit} of {all} fit; what does not:\n{shown}");
    assert!(fields.len() > 100 && (all - fit) * 100_000 <= all, "{} of {all} do not fit", all - fit);
    for (table, column, junk) in [
        ("a_tblcase", "custody", "SP ENG MAN POR UR GEO MX"),
        ("a_tblcase", "case_type", "0 00 01 D N R"),
        ("a_tblcase", "lpr", "1/2002"),
        ("b_tblproceeding", "crim_ind", "LOS BOS D NYC"),
        ("b_tblproceeding", "dec_code", "2"),
        ("d_tblassociatedbond", "bond_type", "EAZ CHI OMA"),
        ("tbl_schedule", "generation", "2007-05-11"),
    ] {
        let column = TABLES[table].iter().find(|c| c.as_name == column).unwrap();
        for text in junk.split(' ') {
            assert!(!column.fits(text), "{table}: {text}");
        }
    }
}

/// The header of a table as the release has it.
fn header(table: &str) -> Vec<String> {
    let mut header: Vec<String> = TABLES[table].iter().map(|c| c.name.clone()).collect();
    if table == "a_tblcase" {
        let at = header.iter().position(|n| n == "DETENTION_FACILITY_TYPE").unwrap();
        header.splice(at..at, ["DETENTION_LOCATION".to_owned(), "DCO_LOCATION".to_owned()]);
    }
    header
}

/// A row of a table: the cells that are given, by `as`, and the others empty.
fn row(table: &str, cells: &[(&str, &str)]) -> Vec<String> {
    let header = header(table);
    let mut row = vec![String::new(); header.len()];
    for (name, text) in cells {
        let at = header.iter().position(|n| n.eq_ignore_ascii_case(name)).unwrap();
        (*text).clone_into(&mut row[at]);
    }
    row
}

fn file(table: &str, rows: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = header(table).join("\t").into_bytes();
    for row in rows {
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(row);
    }
    bytes.extend_from_slice(b"\r\n");
    bytes
}

fn case(id: u32, city: &str) -> Vec<(&'static str, String)> {
    let of = |texts: &[&str]| texts[id as usize % texts.len()].to_owned();
    vec![
        ("idncase", id.to_string()),
        ("alien_city", city.to_owned()),
        ("alien_state", of(&["CA", "TX", "NY"])),
        ("alien_zipcode", of(&["90012", "78205-1132", "10014"])),
        ("nat", of(&["MX", "GT", "HA", "??"])),
        ("lang", of(&["SP", "SP", "CRE", "ENG", "???"])),
        ("custody", of(&["N", "R", "D"])),
        ("site_type", of(&["M", "I"])),
        ("case_type", of(&["RMV", "RMV", "CFR", "DEP"])),
        ("update_site", of(&["LOS", "SNA", "NYC"])),
        ("latest_hearing", "2024-05-06 00:00:00.000".to_owned()),
        ("latest_time", of(&["0830", "1300"])),
        ("latest_cal_type", of(&["M", "I"])),
        ("date_of_entry", of(&["2019-03-02 00:00:00.000", "1921-01-01 00:00:00.000"])),
        ("c_birthdate", of(&["7/1984", "11/2001"])),
        ("address_changedon", "2025-02-27 10:43:03.530".to_owned()),
        ("sex", of(&["F", "M", ""])),
        ("lpr", of(&["0", "1", ""])),
    ]
}

fn joined(table: &str, cells: &[(&str, &str)]) -> Vec<u8> {
    row(table, cells).join("\t").into_bytes()
}

fn joined_case(id: u32, city: &str) -> Vec<u8> {
    let cells = case(id, city);
    let cells: Vec<(&str, &str)> = cells.iter().map(|(name, text)| (*name, text.as_str())).collect();
    joined("a_tblcase", &cells)
}

/// What a receipt says of its files, in lines.
fn tell(receipt: &Receipt) -> String {
    let mut told = format!("reconciled {}\n", receipt.reconciled);
    for file in &receipt.files {
        let FileReceipt { rows_read, rows_kept, rows_repaired, rows_refused, .. } = file;
        let declared = file.declared_rows.map_or_else(String::new, |n| format!(", declared {n}"));
        let _ = writeln!(
            told,
            "{}: read {rows_read}, kept {rows_kept}, repaired {rows_repaired}, refused {rows_refused}{declared}",
            file.table
        );
        for (problem, cells) in &file.problems {
            let _ = writeln!(told, "  {}: {cells:?}", problem.name());
        }
        for (rule, rows) in &file.conflicts {
            let _ = writeln!(told, "  conflict {rule}: {rows}");
        }
        for repair in &file.repairs {
            let touched: Vec<String> =
                repair.after.iter().filter(|t| t.contains('\t')).map(|t| t.replace('\t', "→")).collect();
            let (before, after) = (repair.before.len(), repair.after.len());
            let _ = writeln!(told, "  row {}: {}, {before} to {after} {touched:?}", repair.row, repair.rule.name());
        }
        for refusal in &file.refusals {
            let _ = writeln!(told, "  row {}: {}, {} cells", refusal.row, refusal.reason.name(), refusal.cells);
        }
    }
    told
}

/// A release in small: every main table, with rows that are torn, short, of another encoding and with NUL bytes.
#[test]
fn a_small_release() {
    let bench = Bench::new();
    let folder = bench.path("release");
    std::fs::create_dir_all(folder.join("Lookup")).unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).unwrap();

    let short = joined_case(20, "FRESNO").split(|b| *b == b'\t').take(30).collect::<Vec<_>>().join(&b'\t');
    write(
        "A_TblCase.csv",
        &file(
            "a_tblcase",
            &[
                joined_case(1, "LOS ANGELES"),
                joined_case(2, "SAN\tANTONIO"),
                joined_case(3, "NEW YORK\t"),
                joined_case(4, "\tHOUSTON"),
                joined_case(5, "DALLAS\tTX\tUSA"),
                joined_case(6, "CORONA"),
                joined_case(7, "SAN JOS\u{c9}")
                    .iter()
                    .map(|b| if *b == 0xc3 { 0xc9 } else { *b })
                    .filter(|b| *b != 0x89)
                    .collect(),
                joined_case(8, "MI\0AMI"),
                short,
                b"21\tFRESNO\tCA\t1993-01-01 00:00:00.000\tMX".to_vec(),
                joined_case(9, "EL\tMONTE").iter().copied().chain(*b"\tX").collect(),
                // Whether the code is the city's or the state's cannot be told.
                joined("a_tblcase", &[("idncase", "10"), ("alien_city", "SANTA\tFE"), ("nat", "MX"), ("custody", "N")]),
                // Nothing is known of this column, or of the next: the tab may stand in either.
                joined("a_tblcase", &[("idncase", "11"), ("nat", "MX"), ("detention_location", "KARNES\tCITY")]),
                // The end of a row that was broken in two is no row: it has no key.
                b"\tFRESNO\tCA".to_vec(),
            ],
        ),
    );
    let merits = |id: &'static str, comp: &'static str, dec: &'static str, other: &'static str| {
        vec![
            ("idnproceeding", id),
            ("idncase", "1"),
            ("osc_date", "2020-01-02 00:00:00.000"),
            ("base_city_code", "LOS"),
            ("hearing_loc_code", "LOS"),
            ("ij_code", "AB1"),
            ("dec_type", if dec.is_empty() { "" } else { "O" }),
            ("dec_code", dec),
            ("other_comp", other),
            ("comp_date", comp),
            ("absentia", if dec.is_empty() { "" } else { "N" }),
            ("custody", "N"),
            ("case_type", "RMV"),
            ("nat", "MX"),
            ("lang", "SP"),
            ("scheduled_hear_loc", "LOS"),
            ("crim_ind", "N"),
            ("aggravate_felon", "0"),
        ]
    };
    let mut code_is_a_tab = merits("13", "2022-03-04 00:00:00.000", "X", "");
    code_is_a_tab.push(("appeal_rsvd", "\t"));
    let mut code_is_two_tabs = merits("14", "2022-03-04 00:00:00.000", "", "C");
    code_is_two_tabs.push(("trans_nbr", "\t\t"));
    write(
        "B_TblProceeding.csv",
        &file(
            "b_tblproceeding",
            &[
                joined("b_tblproceeding", &merits("11", "2022-03-04 00:00:00.000", "X", "")),
                joined("b_tblproceeding", &merits("12", "2019-03-04 00:00:00.000", "", "")),
                joined("b_tblproceeding", &code_is_a_tab),
                joined("b_tblproceeding", &code_is_two_tabs),
                joined("b_tblproceeding", &merits("15", "", "", "")),
            ],
        ),
    );
    write(
        "tbl_schedule.csv",
        &file(
            "tbl_schedule",
            &[joined(
                "tbl_schedule",
                &[
                    ("idnschedule", "1"),
                    ("idnproceeding", "11"),
                    ("idncase", "1"),
                    ("generation", "99"),
                    ("rec_type", "X"),
                    ("cal_type", "M"),
                    ("adj_date", "2021-05-06 00:00:00.000"),
                    ("adj_rsn", "17"),
                    ("adj_medium", "p"),
                    ("adj_msg", "CALL\tAGAIN"),
                    ("adj_elap_days", "120"),
                    ("schedule_type", "MR"),
                    ("blnclockoverride", "0"),
                    ("eoirattorneyid", "0A1B2C3D-0000-1111-2222-333344445555"),
                ],
            )],
        ),
    );
    write(
        "tbl_Court_Appln.csv",
        &file(
            "tbl_court_appln",
            &[
                "ASYL\t2021-01-01 00:00:00.000\tF",
                "42B\t2021-01-01 00:00:00.000\tM",
                "WCAT\t\t2021-01-01 00:00:00.000\tD",
            ]
            .iter()
            .zip(1..)
            .map(|(rest, id)| format!("{id}\t11\t1\t{rest}").into_bytes())
            .collect::<Vec<_>>(),
        ),
    );
    write(
        "tblAppeal.csv",
        &file(
            "tblappeal",
            &[joined(
                "tblappeal",
                &[
                    ("idnappeal", "1"),
                    ("idncase", "1"),
                    ("strappealcategory", "IJ"),
                    ("strappealtype", "Case Appeal"),
                    ("datappealfiled", "2022-03-30 00:00:00.000"),
                    ("strfiledby", "A"),
                    ("datbiadecision", "2022-03-01 00:00:00.000"),
                    ("strbiadecision", "DIS"),
                    ("strcasetype", "nul"),
                ],
            )],
        ),
    );
    // A release with fewer columns, and other letters.
    write(
        "D_TblAssociatedBond.csv",
        b"idnAssocBond\tidnCase\tDEC\tCOMP_DATE\tNEW_BOND\tBOND_TYPE\r\n\
          1\t1\tC\t2021-02-03 00:00:00.000\t0000001500\tBB\r\n",
    );
    write(
        "tbl_CustodyHistory.csv",
        &file("tbl_custodyhistory", &[b"1\t1\tR\t2020-01-05 00:00:00.000\t2020-01-01 00:00:00.000".to_vec()]),
    );
    write(
        "Lookup/tblLookupSex.csv",
        b"idnSex\tstrcode\tstrDescription\tblnActive\r\n1\tF\tFemale\t1\r\n2\tM\tMale\t1\r\n",
    );
    write("Lookup/tblTeams.csv", b"idnTeam\tstrCode\r\n1\tA\r\n");
    write("Count.txt", b"A_TblCase\t14\r\nB_TblProceeding\t5\r\ntbl_schedule\t2\r\ntblProBono\t9\r\n");

    let receipt = bench.add(&folder, &RELEASE).unwrap().receipt;
    insta::assert_snapshot!(tell(&receipt), @r###"
    reconciled false
    a_tblcase: read 14, kept 9, repaired 5, refused 5, declared 14
      latin1: {"alien_city": 1}
      nul_removed: {"alien_city": 1}
      suspect_date: {"date_of_entry": 4}
      shift_left: {"alien_city": 2, "alien_state": 1}
      city_state: {"alien_city": 1}
      pad_short: {"sex": 1}
      row 3: city_state, 40 to 39 ["SAN→ANTONIO"]
      row 4: shift_left, 40 to 39 []
      row 5: shift_left, 40 to 39 []
      row 6: shift_left, 41 to 39 ["DALLAS→TX→USA"]
      row 10: pad_short, 30 to 39 []
      row 11: too_few_cells, 5 cells
      row 12: too_many_cells, 41 cells
      row 13: too_many_cells, 40 cells
      row 14: too_many_cells, 40 cells
      row 15: too_few_cells, 3 cells
    b_tblproceeding: read 5, kept 5, repaired 2, refused 0, declared 5
      shift_left: {"deported_1": 1, "trans_in_date": 1}
      conflict charged_before_completed: 1
      conflict completion_with_its_kind: 1
      row 4: shift_left, 39 to 38 []
      row 5: shift_left, 40 to 38 []
    tbl_schedule: read 1, kept 1, repaired 1, refused 0, declared 2
      shift_left: {"adj_msg": 1}
      row 2: shift_left, 31 to 30 ["CALL→AGAIN"]
    tbl_court_appln: read 3, kept 3, repaired 1, refused 0
      shift_left: {"appl_recd_date": 1}
      row 4: shift_left, 7 to 6 []
    tblappeal: read 1, kept 1, repaired 0, refused 0
      conflict filed_before_decided: 1
    d_tblassociatedbond: read 1, kept 1, repaired 0, refused 0
    tbl_custodyhistory: read 1, kept 1, repaired 0, refused 0
      conflict detained_before_released: 1
    tbllookupsex: read 2, kept 2, repaired 0, refused 0
    count: read 4, kept 4, repaired 0, refused 0
      not_delivered: {"tblProBono": 1}
    tblteams: read 1, kept 1, repaired 0, refused 0
    "###);
    assert!(receipt.on_demand && receipt.events.is_empty());
    let derived = derive(&bench.store, &receipt.delivery).unwrap();
    let events: Vec<(&str, u64)> = derived.events.iter().map(|(event, n)| (event.as_str(), *n)).collect();
    assert_eq!(
        events[..5],
        [("appeal_decided", 1), ("appeal_filed", 1), ("application_filed", 3), ("arrived", 9), ("bond_decided", 1)]
    );
    assert_eq!(
        events[5..],
        [("custody_ended", 1), ("custody_started", 1), ("decided", 2), ("hearing", 1), ("nta_served", 5)]
    );
    assert_eq!(derived.not_in_map, BTreeMap::new());
    let mut decisions = BTreeSet::new();
    for batch in bench.store.events(&receipt.delivery).unwrap() {
        let texts = |name: &str| batch.column_by_name(name).unwrap().as_string::<i32>().clone();
        for (kind, decision) in texts("event_type").iter().zip(&texts("decision")) {
            decisions.extend(decision.map(|decision| format!("{} {decision}", kind.unwrap())));
        }
    }
    let decisions: Vec<String> = decisions.into_iter().collect();
    assert_eq!(decisions, ["appeal_decided dismissed", "bond_decided granted", "decided removal_ordered"]);

    let file = |table: &str| receipt.files.iter().find(|f| f.table == table).unwrap().file.clone();
    let shown = bench.show(&receipt.delivery, &file("a_tblcase"), None, 3);
    assert!(shown.contains("alien_city=SAN\tANTONIO→SAN ANTONIO !city_state"), "{shown}");
    let shown = bench.show(&receipt.delivery, &file("d_tblassociatedbond"), None, 2);
    assert!(shown.contains("new_bond=0000001500→1500.00"), "{shown}");
    let shown = bench.show(&receipt.delivery, &file("tbl_custodyhistory"), None, 2);
    assert!(shown.contains("custody=R"), "{shown}");
}

/// Texts of a column, of which an empty one is as likely as it is in the release.
fn one_of(empty: u32, texts: &'static [&'static str]) -> impl Strategy<Value = String> {
    let text = prop::sample::select(texts).prop_map(str::to_owned);
    prop_oneof![empty => Just(String::new()), 100 - empty => text]
}

const STATES: &[&str] = &["CA", "TX", "NY", "FL", "NJ", "IL", "VA", "MA", "GA", "MD", "PR", "GU"];
const ZIPS: &[&str] = &["90012", "78205", "10014-1132", "33101", "07102", "60601", "00000", "220421234"];
const CITIES: &[&str] = &[
    "LOS ANGELES",
    "SAN ANTONIO",
    "NEW YORK",
    "MIAMI",
    "NEWARK",
    "CHICAGO",
    "FT LAUDERDALE",
    "SANTA FE",
    "ST. PAUL",
    "LA",
    "29 PALMS",
    "EL PASO",
    "O'FALLON",
    "WINSTON SALEM",
    "UNKNOWN",
    "RM",
    "SP IN CA",
];
const DAYS: &[&str] = &["2019-03-02 00:00:00.000", "1998-11-30 00:00:00.000", "2024-05-06 00:00:00.000"];

/// A row of A_TblCase, drawn column by column from the values of the published counts.
fn drawn_case() -> impl Strategy<Value = Vec<String>> {
    let address = (
        one_of(3, CITIES),
        one_of(3, STATES),
        one_of(2, ZIPS),
        one_of(70, ZIPS),
        one_of(60, CITIES),
        one_of(1, &["MX", "GT", "HA", "??", "CH", "VE", "SP", "RO"]),
        one_of(1, &["SP", "ENG", "CRE", "MAN", "AR", "???"]),
        one_of(1, &["N", "N", "D", "R"]),
        one_of(53, &["M", "I"]),
        one_of(60, DAYS),
    );
    let court = (
        one_of(40, &["0", "00", "01"]),
        one_of(1, &["RMV", "RMV", "DEP", "EXC", "CFR", "DDC"]),
        one_of(1, &["LOS", "NYC", "MIA", "SNA", "CHI"]),
        one_of(17, DAYS),
        one_of(17, &["0830", "0900", "1300"]),
        one_of(17, &["M", "M", "I"]),
        one_of(97, &["S", "D", "F"]),
        one_of(78, &["00", "12", "01"]),
        one_of(78, &["0000", "1997", "2024"]),
        one_of(98, &["HEN", "SAL", "A01"]),
    );
    let person = (
        one_of(36, DAYS),
        one_of(62, &["E", "I", "J"]),
        one_of(46, &["7/1984", "11/2001", "02/1975"]),
        one_of(90, DAYS),
        one_of(90, STATES),
        one_of(65, &["2025-02-27 10:43:03.530", "2011-04-05 00:00:00.000"]),
        one_of(46, &["M", "F", "N"]),
        one_of(82, DAYS),
        one_of(92, DAYS),
        one_of(90, &["0", "1"]),
    );
    let held = (
        one_of(95, &["KARNES COUNTY", "ADELANTO"]),
        one_of(95, &["SAN ANTONIO", "LOS ANGELES"]),
        one_of(97, &["UC", "CR", "AWC/ATD"]),
    );
    (1000_u32..99_999_999, address, court, person, held).prop_map(|(id, a, c, p, h)| {
        let id = id.to_string();
        let cells: [(&str, &str); 34] = [
            ("idncase", &id),
            ("alien_city", &a.0),
            ("alien_state", &a.1),
            ("alien_zipcode", &a.2),
            ("updated_zipcode", &a.3),
            ("updated_city", &a.4),
            ("nat", &a.5),
            ("lang", &a.6),
            ("custody", &a.7),
            ("site_type", &a.8),
            ("e_28_date", &a.9),
            ("atty_nbr", &c.0),
            ("case_type", &c.1),
            ("update_site", &c.2),
            ("latest_hearing", &c.3),
            ("latest_time", &c.4),
            ("latest_cal_type", &c.5),
            ("correctional_fac", &c.6),
            ("release_month", &c.7),
            ("release_year", &c.8),
            ("inmate_housing", &c.9),
            ("date_of_entry", &p.0),
            ("c_asy_type", &p.1),
            ("c_birthdate", &p.2),
            ("c_release_date", &p.3),
            ("updated_state", &p.4),
            ("address_changedon", &p.5),
            ("sex", &p.6),
            ("date_detained", &p.7),
            ("date_released", &p.8),
            ("lpr", &p.9),
            ("detention_location", &h.0),
            ("dco_location", &h.1),
            ("casepriority_code", &h.2),
        ];
        row("a_tblcase", &cells)
    })
}

/// A row of B_TblProceeding.
fn drawn_proceeding() -> impl Strategy<Value = Vec<String>> {
    let court = (
        one_of(1, DAYS),
        one_of(2, &["LOS", "NYC", "MIA"]),
        one_of(2, &["LOS", "1NA", "AR7"]),
        one_of(3, &["AB", "AB1", "JKL"]),
        one_of(70, DAYS),
        one_of(60, &["LOS", "1NA"]),
        one_of(60, &["LOS", "SNA"]),
        one_of(60, &["AB", "JKL"]),
        one_of(50, &["0", "01", "2"]),
        one_of(10, DAYS),
        one_of(10, &["0830", "1300"]),
    );
    let decision = (
        one_of(45, &["O", "W", "7", "6"]),
        one_of(48, &["X", "R", "T", "V", "U", "A", "D"]),
        one_of(60, &["MX", "GT", "HA"]),
        one_of(95, &["CS", "??"]),
        one_of(70, &["C", "T", "A", "F", "O"]),
        one_of(85, &["A", "I", "B", "O"]),
        one_of(95, &["X"]),
        one_of(23, DAYS),
        one_of(25, &["Y", "N"]),
        one_of(88, DAYS),
        one_of(80, &["LOS", "AR7"]),
    );
    let rest = (
        one_of(60, DAYS),
        one_of(70, &["C", "T"]),
        one_of(1, &["N", "D", "R"]),
        one_of(1, &["RMV", "DEP", "CFR"]),
        one_of(1, &["MX", "GT", "??"]),
        one_of(1, &["SP", "ENG", "???"]),
        one_of(10, &["LOS", "1NA"]),
        one_of(95, &["S", "D", "F"]),
        one_of(5, &["N", "N", "Y"]),
        one_of(97, &["S", "F"]),
        one_of(20, &["0"]),
    );
    (1000_u32..99_999_999, court, decision, rest).prop_map(|(id, c, d, r)| {
        let (id, case) = (id.to_string(), (id / 2).to_string());
        [
            id,
            case,
            c.0,
            String::new(),
            c.1,
            c.2,
            c.3,
            c.4,
            c.5,
            c.6,
            c.7,
            c.8,
            c.9,
            c.10,
            d.0,
            d.1,
            d.2,
            d.3,
            d.4,
            d.5,
            d.6,
            d.7,
            d.8,
            d.9,
            d.10,
            r.0,
            r.1,
            r.2,
            r.3,
            r.4,
            r.5,
            r.6,
            r.7,
            r.8,
            r.9,
            r.10,
            String::new(),
            String::new(),
        ]
        .to_vec()
    })
}

/// Puts a tab into a text, at a place given as a share of it.
fn torn(text: &str, at: u32) -> String {
    let places: Vec<usize> = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
    let (before, after) = text.split_at(places[at as usize % places.len()]);
    format!("{before}\t{after}")
}

/// A text as people read it: the stray delimiter is a blank.
fn plain(text: &str) -> String {
    text.split(['\t', ' ']).filter(|word| !word.is_empty()).collect::<String>()
}

/// Loads torn rows and tells how many were repaired. Each is repaired to the truth, or refused.
fn repaired_to_the_truth(table: &str, name: &str, rows: &[(Vec<String>, Vec<String>)]) -> u64 {
    let bench = Bench::new();
    let lines: Vec<Vec<u8>> = rows.iter().map(|(_, torn)| torn.join("\t").into_bytes()).collect();
    let receipt = bench.add(&bench.file(name, file(table, &lines)), &RELEASE).unwrap().receipt;
    let file = &receipt.files[0];
    assert!(receipt.reconciled);
    assert_eq!((file.rows_read, file.rows_repaired + file.rows_refused), (rows.len() as u64, rows.len() as u64));
    for repair in &file.repairs {
        let (truth, torn) = &rows[repair.row as usize - 2];
        let read: Vec<String> = repair.after.iter().map(|t| plain(t)).collect();
        let truth: Vec<String> = truth.iter().map(|t| plain(t)).collect();
        assert_eq!(read, truth, "{}", torn.join("|"));
    }
    println!("{table}: {} of {} repaired", file.rows_repaired, file.rows_read);
    file.rows_repaired
}

type Torn = (Vec<String>, Vec<String>);

/// A row of A_TblCase with a tab in one free text, or one in each of two.
fn torn_case() -> impl Strategy<Value = Torn> {
    // Nearly all tabs stand in the names of cities.
    let free =
        prop::sample::select(&["ALIEN_CITY", "ALIEN_CITY", "UPDATED_CITY", "DETENTION_LOCATION", "DCO_LOCATION"]);
    let place = (free, any::<u32>());
    (drawn_case(), proptest::collection::vec(place, 1..3)).prop_map(|(truth, places)| {
        let header = header("a_tblcase");
        let mut row = truth.clone();
        for (column, at) in places {
            let index = header.iter().position(|n| n == column).unwrap();
            row[index] = torn(&row[index], at);
        }
        (truth, row)
    })
}

/// A row of B_TblProceeding in which one code, or each of two, was typed as a tab.
fn torn_proceeding() -> impl Strategy<Value = Torn> {
    (drawn_proceeding(), any::<bool>(), 11_usize..36, 11_usize..36).prop_map(|(mut truth, both, one, other)| {
        truth[one].clear();
        let mut row = truth.clone();
        row[one].push('\t');
        if both {
            truth[other].clear();
            row[other] = if one == other { "\t\t".to_owned() } else { "\t".to_owned() };
        }
        (truth, row)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// A torn row is repaired to what it was, or refused; it is never altered wrongly.
    #[test]
    fn torn_cases_are_never_altered_wrongly(rows in proptest::collection::vec(torn_case(), 80)) {
        let repaired = repaired_to_the_truth("a_tblcase", "A_TblCase.csv", &rows);
        prop_assert!(repaired >= 56, "{repaired} of 80");
    }

    #[test]
    fn torn_proceedings_are_never_altered_wrongly(rows in proptest::collection::vec(torn_proceeding(), 80)) {
        let repaired = repaired_to_the_truth("b_tblproceeding", "B_TblProceeding.csv", &rows);
        prop_assert!(repaired >= 48, "{repaired} of 80");
    }
}

/// Adds a real file, and gives its rows as read. None is refused or repaired.
fn rows_of(mapping: &Mapping, folder: &str, name: &str) -> Option<u64> {
    let path = shared(&format!("{folder}/{name}"))?;
    let bench = Bench::new();
    let receipt = bench.add(&path, mapping).unwrap().receipt;
    let file = &receipt.files[0];
    assert!(receipt.reconciled, "{name}");
    assert_eq!((file.rows_repaired, file.rows_refused), (0, 0), "{name}: {:?}", file.refusals);
    for problem in [Problem::NotADateTime, Problem::NotADate, Problem::NotAnInteger, Problem::NotABoolean] {
        assert_eq!(file.problems.get(&problem), None, "{name}");
    }
    Some(file.rows_read)
}

/// Rows by a count of our own: lines, whatever ends them, without the header where there is one.
#[test]
fn the_lookups_of_2014() {
    let mapping = Mapping::resolve("eoir/lookups-2014").unwrap();
    for (name, above) in [
        ("tblLookupBaseCity.csv", 0),
        ("tblLookupHloc.csv", 0),
        ("tblLookupJudge.csv", 0),
        ("tblLookupNationality.csv", 0),
        ("tbllookupSchedule_Type.csv", 0),
        ("ijcodemap.csv", 1),
        ("master_application_type.csv", 2),
        ("master_case_type.csv", 1),
        ("master_decision_on_application.csv", 1),
        ("master_decision_on_proceeding.csv", 1),
        ("master_decision_type.csv", 1),
    ] {
        let Some(path) = shared(&format!("eoir-lookups-2014/{name}")) else { return };
        let bytes = std::fs::read(path).unwrap();
        let lines = bytes.split(|b| matches!(b, b'\n' | b'\r')).filter(|line| !line.is_empty()).count();
        assert_eq!(rows_of(&mapping, "eoir-lookups-2014", name), Some(lines as u64 - above), "{name}");
    }
}

/// The folder as a whole: its notes are kept too, and nothing of it stops the load.
#[test]
fn the_folder_of_2014() {
    let Some(path) = shared("eoir-lookups-2014") else { return };
    let mapping = Mapping::resolve("eoir/lookups-2014").unwrap();
    let receipt = Bench::new().add(&path, &mapping).unwrap().receipt;
    assert!(receipt.reconciled);
    let read: BTreeSet<&str> = receipt.files.iter().map(|f| f.table.as_str()).collect();
    assert!(mapping.table_names().all(|table| read.contains(table)), "{read:?}");
}

#[test]
fn each_lookup_of_2025_has_a_table() {
    let Some(path) = shared("eoir-lookups-2025") else { return };
    let mapping = Mapping::resolve("eoir/lookups-2025").unwrap();
    let files = path.read_dir_utf8().unwrap().map(|entry| entry.unwrap().file_name().to_lowercase());
    let files: BTreeSet<String> = files.filter_map(|f| f.strip_suffix(".json").map(|f| f.replace('-', "_"))).collect();
    assert_eq!(files, mapping.table_names().map(str::to_owned).collect::<BTreeSet<_>>());
}

#[test]
fn the_combined_lookups_and_the_metadata() {
    for (mapping, name) in [
        ("eoir/lookup-tables-combined", "lookup_tables_combined_v1.csv.gz"),
        ("eoir/lookup-tables-combined", "lookup_tables_combined_v3.csv.gz"),
        ("eoir/ddp-metadata", "missingness_by_field.csv"),
        ("eoir/ddp-metadata", "value_frequencies_by_field.csv"),
        ("eoir/ddp-metadata", "variable_types.csv"),
    ] {
        let Some(path) = shared(&format!("eoir-ddp/{name}")) else { return };
        let mut text = String::new();
        if name.ends_with(".gz") {
            GzDecoder::new(std::fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
        } else {
            text = std::fs::read_to_string(path).unwrap();
        }
        let rows = comma_separated(&text).len() as u64 - 1;
        assert_eq!(rows_of(&Mapping::resolve(mapping).unwrap(), "eoir-ddp", name), Some(rows), "{name}");
    }
    let Some(path) = shared("eoir-ddp/codebook.xlsx") else { return };
    let bench = Bench::new();
    let receipt = bench.add(&path, &Mapping::resolve("eoir/ddp-metadata").unwrap()).unwrap().receipt;
    let rows: Vec<(&str, u64)> = receipt.files.iter().map(|f| (f.table.as_str(), f.rows_kept)).collect();
    assert_eq!(rows, [("codebook_tables", 19), ("codebook_fields", 335)]);
}
