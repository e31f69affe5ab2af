//! Real public files; skipped where they are not.
//!
//! They stand beside the repository, in `../shared/data/real`, or in the folder that `THROUGHLINE_SHARED` names.

use crate::support::{Bench, gzip};
use arrow::array::{Array, AsArray};
use arrow::datatypes::DataType;
use arrow::util::display::array_value_to_string;
use camino::{Utf8Path, Utf8PathBuf};
use evidence::{Mapping, Receipt, RowContent};
use flate2::read::MultiGzDecoder;
use model::{DeliveryId, EventType, ObjectType, RowPointer};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};

/// The folder of real files.
pub(crate) fn folder() -> Utf8PathBuf {
    let shared = std::env::var("THROUGHLINE_SHARED")
        .map_or_else(|_| Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), Utf8PathBuf::from);
    shared.join("data/real")
}

fn real(name: &str) -> Option<Utf8PathBuf> {
    let path = folder().join(name);
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

/// What a file is said to hold by those who know it: `reference/data_schemas.md`, its provenance, or a count of its rows
/// with another program.
struct Known {
    file: &'static str,
    mapping: &'static str,
    table: &'static str,
    rows: u64,
    /// Rows that are likely told twice, by rule, and rows in conflict, by rule.
    flags: &'static [(&'static str, u64)],
}

const fn known(file: &'static str, mapping: &'static str, table: &'static str, rows: u64) -> Known {
    Known { file, mapping, table, rows, flags: &[] }
}

/// A release without ids: how many rows are identical to an earlier one, and what else is flagged.
const fn flagged(
    file: &'static str,
    mapping: &'static str,
    table: &'static str,
    rows: u64,
    flags: &'static [(&'static str, u64)],
) -> Known {
    Known { file, mapping, table, rows, flags }
}

/// Loads each file; every row is kept, the account reconciles, and counts are those that are known.
fn check(known: &[Known]) -> Option<Vec<(Bench, Receipt)>> {
    let mut loaded = Vec::new();
    for Known { file, mapping, table, rows, flags } in known {
        let path = real(file)?;
        let bench = Bench::new();
        let mapping = Mapping::resolve(mapping).unwrap();
        let added = bench.add(&path, &mapping);
        assert!(added.is_ok(), "{file}: {}", added.as_ref().err().map(|e| bench.explain(e)).unwrap_or_default());
        let receipt = added.unwrap().receipt;
        assert!(receipt.reconciled, "{file}");
        assert_eq!(receipt.rows_read(), receipt.rows_kept() + receipt.rows_refused(), "{file}");
        assert_eq!(receipt.rows_refused(), 0, "{file}: {:?}", receipt.files);
        let of_table: Vec<_> = receipt.files.iter().filter(|f| f.table == *table).collect();
        assert_eq!(of_table.iter().map(|f| f.rows_kept).sum::<u64>(), *rows, "{file}: {table}");
        let mut found: BTreeMap<&str, u64> = BTreeMap::new();
        for (rule, n) in of_table.iter().flat_map(|f| f.duplicates.iter().chain(&f.conflicts)) {
            *found.entry(rule).or_default() += n;
        }
        assert_eq!(found, flags.iter().copied().collect(), "{file}");
        loaded.push((bench, receipt));
    }
    Some(loaded)
}

#[test]
fn arrests_and_encounters() {
    const ARRESTS: &str = "ice/arrests-foia-2019";
    let of_year = |file, rows, flags| flagged(file, ARRESTS, "arrests", rows, flags);
    let Some(loaded) = check(&[
        of_year("uwchr-ice-enforce/EROArrests_FY2016.csv.gz", 110_104, &[("identical_row", 16_739)]),
        of_year("uwchr-ice-enforce/EROArrests_FY2017.csv.gz", 143_470, &[("identical_row", 21_345)]),
        of_year("uwchr-ice-enforce/EROArrests_FY2018.csv.gz", 158_581, &[("identical_row", 23_689)]),
        flagged(
            "uwchr-ice-enforce/EROEncounters_FY2016.csv.gz",
            "ice/encounters-foia-2019",
            "encounters",
            368_645,
            &[("identical_row", 99_312)],
        ),
    ]) else {
        return;
    };
    for ((_, receipt), event) in loaded.iter().zip([
        EventType::Apprehended,
        EventType::Apprehended,
        EventType::Apprehended,
        EventType::Encountered,
    ]) {
        assert_eq!(receipt.objects[&ObjectType::PersonRecord], receipt.rows_kept());
        assert_eq!(receipt.events[&event], receipt.rows_kept());
        // Every disposition is in the crosswalk.
        assert!(
            !receipt.files[0].problems.contains_key(&evidence::Problem::NotInMap),
            "{:?}",
            receipt.files[0].problems
        );
    }
}

#[test]
fn removals() {
    let of_year = |file, rows, flags| flagged(file, "ice/removals-foia-2019", "removals", rows, flags);
    let Some(loaded) = check(&[
        of_year(
            "uwchr-ice-enforce/ICERemovals_FY2016.csv.gz",
            240_255,
            &[("apprehended_after_departure", 550), ("identical_row", 76_331)],
        ),
        of_year(
            "uwchr-ice-enforce/ICERemovals_FY2017.csv.gz",
            226_119,
            &[("apprehended_after_departure", 477), ("identical_row", 53_639)],
        ),
        of_year(
            "uwchr-ice-enforce/ICERemovals_FY2018.csv.gz",
            256_085,
            &[("apprehended_after_departure", 443), ("identical_row", 61_953)],
        ),
    ]) else {
        return;
    };
    for ((bench, receipt), before_1990) in loaded.iter().zip([78, 67, 99]) {
        let file = &receipt.files[0];
        assert_eq!(file.problems[&evidence::Problem::SuspectDate]["apprehension_date"], before_1990);
        assert_eq!(file.problems[&evidence::Problem::Redacted]["birth_date"], file.rows_kept);
        assert_eq!(receipt.events[&EventType::Departed], file.rows_kept);
        let row = bench.show(&receipt.delivery, &file.file, None, 7);
        assert!(row.contains("birth_date=(B)(6);(B)(7)(C) →- !redacted"), "{row}");
    }
}

#[test]
fn records_of_one_area() {
    let of = |file, table, rows, flags| flagged(file, "ice/foia-aor", table, rows, flags);
    let Some(loaded) = check(&[
        of("uwchr-ice-enforce/aor-seattle_arrests.csv.gz", "arrests", 32_549, &[("identical_row", 4_474)]),
        of("uwchr-ice-enforce/aor-seattle_bookins.csv.gz", "book_ins", 36_811, &[("identical_row", 9_684)]),
        of("uwchr-ice-enforce/aor-seattle_CAP-FY2017-arrests.csv.gz", "arrests", 2_656, &[("identical_row", 200)]),
        of(
            "uwchr-ice-enforce/aor-seattle_CAP-FY2017-encounters.csv.gz",
            "encounters",
            11_712,
            &[("identical_row", 8_771)],
        ),
        of("uwchr-ice-enforce/aor-seattle_expedited-removals.csv.gz", "removals", 6_529, &[("identical_row", 3_192)]),
        of("uwchr-ice-air/SeattleAORExpeditedRemovals.csv.gz", "removals", 6_529, &[("identical_row", 3_192)]),
    ]) else {
        return;
    };
    assert_eq!(loaded[1].1.objects[&ObjectType::CustodyStint], 36_811);
    // The last two are one release in two renderings.
    let [.., one, other] = &loaded[..] else { unreachable!() };
    let (one, other) = (values(&one.0, &one.1, "removals"), values(&other.0, &other.1, "removals"));
    assert_eq!(one.len(), 6_529);
    assert!(one == other, "the renderings differ");
    let some = one.iter().filter(|row| row.iter().filter(|v| v.is_some()).count() >= 4).count();
    assert_eq!(some, 6_529, "date, sex, citizenship and category are not redacted");
}

/// The typed values of each row of a table, in order.
fn values(bench: &Bench, receipt: &Receipt, table: &str) -> Vec<Vec<Option<String>>> {
    let files = bench.store.files(&receipt.delivery).unwrap();
    let file = std::fs::File::open(&files.cells[table]).unwrap();
    let mut rows = Vec::new();
    for batch in ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap() {
        let batch = batch.unwrap();
        let schema = batch.schema();
        let typed: Vec<usize> = (0..schema.fields().len())
            .filter(|i| schema.field_with_name(&format!("{}__text", schema.field(*i).name())).is_ok())
            .collect();
        for row in 0..batch.num_rows() {
            let value = |i: &usize| {
                let column = batch.column(*i);
                column.is_valid(row).then(|| array_value_to_string(column, row).unwrap())
            };
            rows.push(typed.iter().map(value).collect());
        }
    }
    rows.sort();
    rows
}

#[test]
fn detention_statistics() {
    const STATISTICS: &str = "ice/detention-statistics";
    let of = |file, rows| known(file, STATISTICS, "facilities", rows);
    // Rows below the header, counted with openpyxl; the five more of FY23 are footnotes.
    let Some(loaded) = check(&[
        of("ice-detention-stats/FY19-detentionstats.xlsx", 213),
        of("ice-detention-stats/FY20-detentionstats.xlsx", 170),
        of("ice-detention-stats/FY21-detentionstats.xlsx", 135),
        of("ice-detention-stats/FY23_detentionStats.xlsx", 120),
        of("ice-detention-stats/FY24_detentionStats.xlsx", 109),
        of("ice-detention-stats/FY25_detentionStats09242025.xlsx", 189),
        of("ice-detention-stats/FY26_detentionStats02022026.xlsx", 225),
        of("ice-detention-stats/FY26_detentionStats_02122026.xlsx", 220),
        known("ice-detention-stats/Over72HourFacilities.xlsx", "ice/over-72-hour-facilities", "facilities", 218),
    ]) else {
        return;
    };
    for ((bench, receipt), (row, expected)) in loaded.iter().zip([
        (8, "name=STEWART DETENTION CENTER; level_a=1150.150684931497; alos=44.8419053749598; guaranteed_minimum=1600"),
        (8, "name=STEWART DETENTION CENTER; level_a=613.4316939890721; alos=51.305388017692; guaranteed_minimum=1600"),
        (9, "name=STEWART DETENTION CENTER; level_a=389.49999999999784; alos=59.5694298705841; guaranteed_minimum=1600"),
        (8, "name=STEWART DETENTION CENTER; level_a=624.5616438356125; alos=47.858200583352; guaranteed_minimum=1600"),
        (8, "name=ADAMS COUNTY DET CENTER; level_a=1440.3715846995142; alos=38.4961544042955; guaranteed_minimum=1100"),
        (8, "name=ALAMANCE COUNTY DETENTION FACILITY; level_a=7.87392550143283; alos=2.60395738203957; guaranteed_minimum=40"),
        (11, "name=ADAMS COUNTY CORRECTIONAL CENTER; level_a=1716.672566; alos=38.56732447308364; guaranteed_minimum=1436"),
        (11, "name=ADAMS COUNTY CORRECTIONAL CENTER; level_a=1747.992126; alos=36.90645933014354; guaranteed_minimum=1436"),
    ]) {
        let file = receipt.files.iter().find(|f| f.table == "facilities").unwrap();
        let cells = cells(bench, &receipt.delivery, &file.file, file.sheet.as_deref(), row);
        let shown = ["name", "level_a", "alos", "guaranteed_minimum"].map(|c| format!("{c}={}", cells[c]));
        assert_eq!(shown.join("; "), expected, "{}", file.file);
        assert!(receipt.files.iter().all(|f| f.unread_sheets.is_empty()), "every sheet is kept");
    }
    // A column is shown by the name that it has in the file.
    let (bench, receipt) = &loaded[0];
    let pointer = RowPointer {
        delivery: receipt.delivery.clone(),
        file: receipt.files[0].file.clone(),
        sheet: Some("Facilities FY19".to_owned()),
        row: 8,
    };
    let Some(RowContent::Kept(shown)) = bench.store.cells(&pointer).unwrap().map(|row| row.content) else { panic!() };
    assert!(shown.iter().any(|c| (c.as_name.as_str(), c.column.as_str()) == ("alos", "FY19 ALOS")));
    // One sheet claims 16,383 columns; what stands in it is narrow.
    let (bench, receipt) = &loaded[5];
    let wide = receipt.files.iter().find(|f| f.sheet.as_deref() == Some("Monthly Segregation")).unwrap();
    assert_eq!(wide.rows_kept, 1_006);
    let names = bench.store.files(&receipt.delivery).unwrap();
    let file = std::fs::File::open(&names.cells[&wide.table]).unwrap();
    let width = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().schema().fields().len();
    assert!(width < 100, "{width} columns");
}

/// The values of a row, by column.
fn cells(bench: &Bench, delivery: &DeliveryId, file: &str, sheet: Option<&str>, row: u64) -> BTreeMap<String, String> {
    let pointer =
        RowPointer { delivery: delivery.clone(), file: file.to_owned(), sheet: sheet.map(str::to_owned), row };
    match bench.store.cells(&pointer).unwrap().unwrap().content {
        RowContent::Kept(cells) => cells.into_iter().map(|c| (c.as_name, c.value.unwrap_or_default())).collect(),
        RowContent::Refused { .. } => BTreeMap::new(),
    }
}

#[test]
fn facility_lists() {
    let Some(loaded) = check(&[
        known(
            "uwchr-ice-facilities/ICE_Facility_List_11-06-2017-web.xlsx",
            "ice/facility-list-2017",
            "facilities",
            1_685,
        ),
        known("uwchr-ice-facilities/ICEFacilityListReport.csv.gz", "ice/facility-list-report", "facilities", 1_685),
        known(
            "uwchr-ice-facilities/ICEFacilityListPopBreakout.csv.gz",
            "ice/facility-list-pop-breakout",
            "population",
            1_685,
        ),
        known(
            "uwchr-ice-facilities/ICEFacilityListAuthorizedDMCPDetailed.csv.gz",
            "ice/facility-list-dmcp",
            "facilities",
            215,
        ),
        known("uwchr-ice-facilities/2019-ICFO-31121.csv.gz", "ice/facility-list-foia-31121", "facilities", 214),
        known("uwchr-ice-facilities/facilities.csv.gz", "ice/facilities-joined", "facilities", 1_532),
        known("uwchr-deport-data-proj/coded_facilities_feb2025.csv", "ice/facilities-coded", "facilities", 194),
        known("uwchr-deport-data-proj/detloc_aor.csv", "ice/facility-areas", "facility_areas", 1_147),
    ]) else {
        return;
    };
    let (book, text) = (&loaded[0], &loaded[1]);
    let by_table: BTreeMap<&str, u64> = book.1.files.iter().map(|f| (f.table.as_str(), f.rows_kept)).collect();
    let expected = [
        ("bop", 2),
        ("dedicated", 24),
        ("dmcp", 216),
        ("dmcp_detailed", 215),
        ("facilities", 1_685),
        ("facility_type", 75),
        ("family", 5),
        ("guaranteed_minimum", 39),
        ("juvenile", 10),
        ("notes", 147),
        ("population", 1_685),
        ("prohibited", 14),
    ];
    assert_eq!(by_table, expected.into_iter().collect());
    // The main sheet and its rendering as text, row by row: what is typed is the same.
    let sheet =
        cells(&book.0, &book.1.delivery, "ICE_Facility_List_11-06-2017-web.xlsx", Some("Facility List - Main"), 10);
    let row = cells(&text.0, &text.1.delivery, "ICEFacilityListReport.csv.gz", None, 10);
    assert_eq!(sheet.len(), 135);
    for column in ["detloc", "name", "date_of_last_use", "date_of_first_use", "population_count", "fy18_total_mandays"]
    {
        assert_eq!(sheet[column], row[column], "{column}");
    }
    assert_eq!(row["date_of_last_use"], "2007-09-20");
    let stewart = cells(&loaded[4].0, &loaded[4].1.delivery, "2019-ICFO-31121.csv.gz", None, 8);
    assert_eq!((stewart["detloc"].as_str(), stewart["fy19_adp"].as_str()), ("STWRTGA", "1891"));
    let population = &loaded[2];
    let row = cells(&population.0, &population.1.delivery, "ICEFacilityListPopBreakout.csv.gz", None, 11);
    assert_eq!((row["juvenile_male_level_b"].as_str(), row["adult_male_level_b"].as_str()), ("1", "0"));
}

#[test]
fn counts_and_codes() {
    let Some(loaded) = check(&[
        known(
            "uwchr-ice-enforce/enforcement_daily_aor_counts.csv.gz",
            "ice/enforcement-daily-counts",
            "daily_counts",
            34_593,
        ),
        known("uwchr-ice-air/all_status_counts.csv", "ice/air-status-counts", "status_counts", 947),
        known("uwchr-ice-air/arts_flight_legs_agg.csv.gz", "ice/air-flight-legs", "legs", 42_982),
        known(
            "uwchr-ice-air/FY2017andFY2018ICERemovalsbyCountryofCitizenship.csv",
            "ice/removals-by-citizenship",
            "removals",
            196,
        ),
        known("uwchr-deport-data-proj/sea_crim_state_month.csv", "ice/arrests-by-state-month", "arrests", 255),
        known("ddp-daily-population/ddp-fy25-facility-summary.csv", "ice/ddp-facility-summary", "facilities", 772),
        known(
            "ice-detention-stats/ice-detention-data-dictionary-FY26.csv",
            "ice/detention-statistics-dictionary",
            "terms",
            43,
        ),
        known("ddp-uscis/crs_tps_approvals_2015-2025.csv", "uscis/tps-approvals", "approvals", 20),
        known("ddp-uscis/ins_claims_country_codes_2001.csv", "uscis/ins-country-codes", "countries", 416),
        known("uwchr-ice-detain/inc_headcount_fy12-24ytd.csv.gz", "ice/headcount", "headcount", 928_231),
    ]) else {
        return;
    };
    let (bench, receipt) = &loaded[2];
    let row = bench.show(&receipt.delivery, "arts_flight_legs_agg.csv.gz", None, 2);
    assert_eq!(
        row,
        "mission_date=2010-10-01; removal_or_transfer=R; from_airport=KAEX; to_airport=MHLM; passengers=97; column_a=0"
    );
    let (bench, receipt) = &loaded[3];
    let row = bench.show(&receipt.delivery, "FY2017andFY2018ICERemovalsbyCountryofCitizenship.csv", None, 2);
    assert!(row.contains("fy2017= 128765→128765; fy2018= 141045→141045"), "{row}");
    for (_, receipt) in &loaded {
        assert!(receipt.objects.is_empty() && receipt.events.is_empty(), "a count is about no person");
    }
}

#[test]
fn tables_in_parquet() {
    let of = |file, table, rows| known(file, "ice/ddp-detention-management", table, rows);
    let Some(loaded) = check(&[
        known(
            "ddp-daily-population/facilities-daily-population-latest.parquet",
            "ice/daily-population",
            "daily_population",
            888_699,
        ),
        of("ddp-detention-management/facilities_2026-03-14.parquet", "facilities", 18_219),
        of("ddp-detention-management/facilities_2026-03-16a.parquet", "facilities", 18_219),
        of("ddp-detention-management/facilities_2026-04-09a.parquet", "facilities", 17_355),
        of("ddp-detention-management/adp-by-agency-criminality.parquet", "adp_by_agency", 19_116),
        of("ddp-detention-management/atd-by-aor.parquet", "atd_by_aor", 15_876),
        of("ddp-detention-management/bond-stats.parquet", "bond_stats", 6_437),
        of("ddp-detention-management/book-outs-by-reason_2026-03-14.parquet", "book_outs", 37_500),
        of("ddp-detention-management/book-outs-by-reason_2026-04-09a.parquet", "book_outs", 37_200),
    ]) else {
        return;
    };
    for (version, (level_a, alos, fiscal_year)) in loaded[1..4].iter().zip([
        ("1150.150684931497", "fy19_alos", "FY19"),
        ("1150.150684931497", "fy19_alos", "2019"),
        ("1150.150684931497", "alos", "2019"),
    ]) {
        let file = &version.1.files[0];
        let row = cells(&version.0, &version.1.delivery, &file.file, None, 2);
        assert_eq!(row["level_a"], level_a);
        assert_eq!(row[alos], "44.8419053749598");
        assert_eq!((row["fiscal_year"].as_str(), row["file_date"].as_str()), (fiscal_year, "2019-12-31"));
    }
}

#[test]
fn cbp_comparisons() {
    let of = |file, table, rows| known(file, "cbp/ddp-validation", table, rows);
    check(&[
        of("ddp-cbp/apprehensions__validation__monthly-apprehensions-by-part.csv", "apprehensions_by_part", 71),
        of("ddp-cbp/encounters__validation__encounters_monthly_cross_reference.csv", "encounters_cross_reference", 82),
        of("ddp-cbp/encounters__validation__monthly-encounters-by-part.csv", "encounters_by_part", 69),
        of("ddp-cbp/inadmissibles__validation__inadmissibles_contained_pairs.csv", "inadmissibles_contained_pairs", 18),
        of(
            "ddp-cbp/inadmissibles__validation__inadmissibles_overlap_daily_comparison.csv",
            "inadmissibles_overlap_daily",
            1_290,
        ),
        of(
            "ddp-cbp/inadmissibles__validation__inadmissibles_overlap_pair_summary.csv",
            "inadmissibles_overlap_summary",
            18,
        ),
        of("ddp-cbp/inadmissibles__validation__monthly-inadmissibles-by-part.csv", "inadmissibles_by_part", 123),
    ]);
}

#[test]
fn a_wrong_mapping_names_the_right_one() {
    let Some(path) = real("uwchr-ice-enforce/ICERemovals_FY2017.csv.gz") else { return };
    let bench = Bench::new();
    let arrests = Mapping::resolve("ice/arrests-foia-2019").unwrap();
    let error = bench.add(&path, &arrests).unwrap_err();
    assert!(error.help().unwrap().contains("`ice/removals-foia-2019`"), "{:?}", error.help());
}

#[test]
fn the_first_rows_of_a_release() {
    let Some(path) = real("uwchr-ice-enforce/EROArrests_FY2018.csv.gz") else { return };
    let bench = Bench::new();
    let mapping = Mapping::resolve("ice/arrests-foia-2019").unwrap();
    let receipt = bench.load("EROArrests_FY2018.csv.gz", first_lines(&path, 1006), &mapping);
    let file = &receipt.files[0];
    assert_eq!((file.banner_rows, file.rows_read, file.rows_kept, file.rows_refused), (5, 1000, 1000, 0));
    // A date written without zeros is its own plain writing, and is not stored a second time.
    let files = bench.store.files(&receipt.delivery).unwrap();
    let cells = std::fs::File::open(&files.cells["arrests"]).unwrap();
    let mut reader = ParquetRecordBatchReaderBuilder::try_new(cells).unwrap().build().unwrap();
    let batch = reader.next().unwrap().unwrap();
    let texts = batch.column_by_name("apprehension_date__text").unwrap();
    assert_eq!((texts.data_type(), texts.null_count()), (&DataType::Utf8, 1000));
    assert!(texts.as_string::<i32>().is_null(0));
}
