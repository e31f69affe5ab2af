//! Releases of which no file is public here, with fictional rows: ICE's current tables in the spellings in which they
//! circulate, and an office's own list.

use crate::support::Bench;
use evidence::{Mapping, Mappings, Problem, Receipt};
use insta::assert_snapshot;
use model::{EventType, ObjectType};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

#[track_caller]
fn load(bench: &Bench, name: &str, text: &str, mapping: &str) -> Receipt {
    bench.load(name, text, &Mapping::resolve(mapping).unwrap())
}

/// What a receipt says of a file, in a line.
fn account(receipt: &Receipt) -> String {
    let files = receipt.files.iter().map(|f| {
        let sheet = f.sheet.as_deref().map(|s| format!("[{s}]")).unwrap_or_default();
        let flags = f.duplicates.iter().chain(&f.conflicts).map(|(rule, n)| format!(" {rule}={n}"));
        format!("{}{sheet}: {} rows{}", f.table, f.rows_kept, flags.collect::<String>())
    });
    let objects = receipt.objects.iter().map(|(kind, n)| format!("{} {n}", kind.name()));
    let events = receipt.events.iter().map(|(kind, n)| format!("{} {n}", kind.name()));
    let made: Vec<String> = objects.chain(events).collect();
    files.chain([made.join(", ")]).collect::<Vec<_>>().join("\n")
}

/// As the Deportation Data Project writes it.
const STINTS: &str = "\
stay_book_in_date_time,book_in_date_time,detention_facility,book_out_date_time,stay_book_out_date_time,\
detention_release_reason,gender,birth_country,citizenship_country,bond_posted_date,bond_posted_amount,case_status,\
case_category,final_order_yes_no,final_order_date,departed_date,departure_country,initial_bond_set_amount,\
detention_facility_code,birth_year,unique_identifier,stay_ID,file_original,case_threat_level
2025-01-02 03:04:05,2025-01-02 03:04:05,GLASS HARBOR HOLD,2025-01-03 10:00:00,2025-02-01 08:00:00,Transferred,Male,\
HONDURAS,HONDURAS,NA,NA,ACTIVE,[2A] Deportable - Under Adjudication by IJ,NO,NA,2025-02-01,HONDURAS,2500,GLHHOLD,1990,\
a1,a1_2025-01-02 03:04:05,a.xlsx,1
2025-01-02 03:04:05,2025-01-02 03:04:05,GLASS HARBOR HOLD,2025-01-03 10:00:00,2025-02-01 08:00:00,Transferred,Male,\
HONDURAS,HONDURAS,NA,NA,ACTIVE,[2A] Deportable - Under Adjudication by IJ,NO,NA,2025-02-01,HONDURAS,1500,GLHHOLD,1990,\
a1,a1_2025-01-02 03:04:05,a.xlsx,1
2025-01-02 03:04:05,2025-01-03 12:00:00,QUARRY COUNTY JAIL,2025-02-01 08:00:00,2025-02-01 08:00:00,Removed,Male,\
HONDURAS,HONDURAS,NA,NA,8-Excluded/Deported/Removed,[16] Reinstated Final Order,YES,2025-01-20,2025-02-01,HONDURAS,1500,\
QUACOTX,1990,a1,a1_2025-01-02 03:04:05,a.xlsx,1
2025-03-01 09:00:00,2025-03-01 09:00:00,QUARRY COUNTY JAIL,2025-03-01 11:00:00,NA,Transferred,Female,PERU,PERU,NA,NA,\
ACTIVE,[8F] Expedited Removal,NO,NA,NA,NA,NA,QUACOTX,1985,b2,b2_2025-03-01 09:00:00,a.xlsx,NA
2025-03-01 09:00:00,2025-03-01 15:00:00,QUARRY COUNTY JAIL,NA,NA,NA,Female,PERU,PERU,NA,NA,ACTIVE,\
[8F] Expedited Removal,NO,NA,NA,NA,NA,QUACOTX,1985,b2,b2_2025-03-01 09:00:00,a.xlsx,NA
2025-04-02 09:00:00,2025-04-01 09:00:00,QUARRY COUNTY JAIL,2025-03-30 09:00:00,NA,Bonded Out,Nobody,PERU,PERU,2025-03-30,\
\"3,000.00\",SOMETHING,[99] Else,NO,2024-05-05,2025-03-30,NA,NA,QUACOTX,1785,\"b(6), b(7)c\",x,a.xlsx,NA
";

/// One row a stint; those told twice are flagged, and what makes no sense is a conflict. A row without an identifier makes
/// no person record. A departure is made of the last stint only.
#[test]
fn stints() {
    let bench = Bench::new();
    let receipt = load(&bench, "detention-stints-latest.csv", STINTS, "ice/ddp-detention-stints");
    assert_snapshot!(account(&receipt), @r"
    stints: 6 rows bond_changed=1 same_day=2 birth_year=1 book_out_before_book_in=1 case_category=1 case_status=1 departure_country=1 final_order_date=1 sex=1 stint_before_stay=1
    person_record 5, custody_stint 5, custody_started 6, custody_ended 5, bond_posted 1, departed 2
    ");
    assert_eq!(receipt.files[0].problems[&Problem::Redacted]["release_id"], 1);
    let row = bench.show(&receipt.delivery, "detention-stints-latest.csv", None, 2);
    assert!(row.contains("book_in=2025-01-02 03:04:05→2025-01-02T03:04:05"), "{row}");
    assert!(row.contains("case_threat_level=1") && row.contains("bond_posted_amount=NA→-"), "{row}");
}

#[test]
fn stays() {
    let text = "\
stay_ID,n_stints,unique_identifier,stay_book_in_date_time,stay_book_out_date_time,detention_facility_code_first,\
detention_facility_code_last,stay_release_reason,departed_date,departure_country,birth_year,gender
a1_2025-01-02 03:04:05,2,a1,2025-01-02 03:04:05,2025-02-01 08:00:00,GLHHOLD,QUACOTX,Removed,2025-02-01,HONDURAS,1990,Male
b2_2025-03-01 09:00:00,0,b2,2025-03-01 09:00:00,2025-02-01 08:00:00,QUACOTX,QUACOTX,NA,NA,NA,1985,Female
b2_2025-03-01 09:00:00,1,b2,2025-03-01 09:00:00,NA,QUACOTX,QUACOTX,NA,NA,NA,1985,Female
";
    let bench = Bench::new();
    let receipt = load(&bench, "detention-stays-latest.csv", text, "ice/ddp-detention-stays");
    assert_snapshot!(account(&receipt), @r"
    stays: 3 rows same_stay=1 stay_ends_before_it_begins=1 stints=1
    person_record 3, custody_stint 3, custody_started 3, custody_ended 2, departed 1
    ");
}

/// Arrested four times within three days, and once a month later: a chain, and one that stands alone.
#[test]
fn arrests_within_a_day() {
    let head = "Apprehension Date|Apprehension Method|Citizenship Country|Gender|Anonymized Identifier\n";
    let text = "\
2025-01-01 08:00|ERO Reprocessed Arrest|PERU|Male|a1
2025-01-02 07:00|Located|PERU|Male|a1
2025-01-02 23:00|Located|PERU|Male|a1
2025-02-02 23:00|Located|PERU|Male|a1
2025-01-02 23:00|Located|PERU|Male|
";
    let bench = Bench::new();
    let receipt = load(&bench, "arrests.txt", &format!("{head}{text}"), "ice/ddp-arrests");
    assert_snapshot!(account(&receipt), @r"
    arrests: 5 rows within_a_day_by_date=2
    person_record 4, apprehended 5
    ");
}

#[test]
fn detainers_removals_and_encounters() {
    let bench = Bench::new();
    let text = "\
Detainer Prepare Date,Facility,Gender,Birth Country,Citizenship Country,Biometric Match Yes No,Unique Identifier
1/2/2025,QUARRY COUNTY JAIL,Male,PERU,PERU,YES,a1
1/2/2025,QUARRY COUNTY JAIL,Male,PERU,PERU,NO,a1
1/3/2025,QUARRY COUNTY JAIL,Male,PERU,PERU,NO,
";
    let receipt = load(&bench, "detainers.csv", text, "ice/ddp-detainers");
    assert_snapshot!(account(&receipt), @r"
    detainers: 3 rows same_prepare_date=1
    person_record 2
    ");
    let text = "\
departed_date,departure_country,apprehension_date,processing_disposition,unique_identifier,gender,birth_year
2025-01-05T10:30:00Z,PERU,2025-01-09,Expedited Removal (I-860),a1,Male,1990
2025-01-05,PERU,2025-01-01,Expedited Removal (I-860),a1,Male,1990
2025-01-06,,2025-01-01,Other,b2,Male,1990
";
    let receipt = load(&bench, "removals-latest.csv", text, "ice/ddp-removals");
    assert_snapshot!(account(&receipt), @r"
    removals: 3 rows same_departure=1 apprehended_after_departure=1 departure_country=1
    person_record 3, apprehended 3, departed 3
    ");
    let text = "\
Event Date,Responsible AOR,Event Landmark,Citizenship County,Gender,Anonymized Identifier
2026-01-05,Quarry Area of Responsibility,(b)(7)(E),PERU,Male,a1
2026-01-05,Quarry Area of Responsibility,(b)(7)(E),PERU,Male,a1
";
    let receipt = load(&bench, "encounters.csv", text, "ice/ddp-encounters");
    assert_snapshot!(account(&receipt), @r"
    encounters: 2 rows same_day=1
    person_record 2, encountered 2
    ");
}

/// A table that does not fit into a sheet goes on in the next, each with its banner; a sheet of notes is kept beside it.
#[test]
fn a_workbook_of_several_sheets() {
    let bench = Bench::new();
    let mut book = Workbook::new();
    let time = Format::new().set_num_format("m/d/yyyy h:mm");
    for (n, name) in ["Detentions", "Detentions (2)"].into_iter().enumerate() {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        for row in 0..6 {
            sheet.write_string(row, 0, "For Official Use Only").unwrap();
        }
        let head =
            ["Stay Book In Date Time", "Book In Date Time", "Detention Facility Code", "Case Status", "Unique_ID"];
        for (column, name) in (0..).zip(head) {
            sheet.write_string(6, column, name).unwrap();
        }
        for row in 0..3 {
            let at = ExcelDateTime::parse_from_str(&format!("2025-0{}-0{}T03:04:05", n + 1, row + 1)).unwrap();
            sheet.write_datetime_with_format(7 + row, 0, &at, &time).unwrap();
            sheet.write_datetime_with_format(7 + row, 1, &at, &time).unwrap();
            sheet.write_string(7 + row, 2, "QUACOTX").unwrap();
            sheet.write_string(7 + row, 3, "ACTIVE").unwrap();
            sheet.write_string(7 + row, 4, format!("a{n}{row}")).unwrap();
        }
    }
    book.add_worksheet().set_name("Footnotes").unwrap().write_string(1, 1, "Counts are as of the pull.").unwrap();
    let path = bench.path("2025-ICLI-00019 ERO Detentions.xlsx");
    book.save(&path).unwrap();
    for mapping in ["ice/ddp-detention-stints", "ice/ddp-release"] {
        let receipt = Bench::new().add(&path, &Mapping::resolve(mapping).unwrap()).unwrap().receipt;
        assert!(receipt.reconciled);
        assert_eq!(receipt.objects[&ObjectType::CustodyStint], 6);
        insta::allow_duplicates! {
            assert_snapshot!(account(&receipt), @r"
            stints[Detentions]: 3 rows
            stints[Detentions (2)]: 3 rows
            footnotes[Footnotes]: 1 rows
            person_record 6, custody_stint 6, custody_started 6
            ");
        }
    }
}

/// Only tables of one delivery can be joined by the identifier of a release, so that all five stand in one mapping too: it
/// says the same of each table as the mapping of that table.
#[test]
fn the_whole_release_is_its_tables() {
    let tables = |text: &str| -> Vec<String> {
        let tables = text.split("\n[[table]]\n").skip(1);
        tables.map(|t| t.lines().filter(|l| !l.starts_with("files = ")).collect::<Vec<_>>().join("\n")).collect()
    };
    let whole = tables(Mapping::resolve("ice/ddp-release").unwrap().text());
    let single = ["detention-stints", "arrests", "detainers", "removals", "encounters"];
    let single = single.map(|name| tables(Mapping::resolve(&format!("ice/ddp-{name}")).unwrap().text()));
    assert_eq!(whole, single.concat());
}

#[test]
fn tables_of_one_release_share_their_persons() {
    let bench = Bench::new();
    let stints = bench.file("detention-stints-latest.csv", STINTS);
    let arrests = bench.file(
        "arrests-latest.csv",
        "apprehension_date,apprehension_date_time,apprehension_method,unique_identifier\n2025-01-01,2025-01-01 22:00:00,Located,a1\n",
    );
    let mapping = Mapping::resolve("ice/ddp-release").unwrap();
    let added = evidence::add(&bench.store, &[stints, arrests], &mapping, &crate::support::QUIET).unwrap();
    assert_eq!(added.receipt.files.iter().map(|f| f.table.as_str()).collect::<Vec<_>>(), ["stints", "arrests"]);
    assert_eq!(added.receipt.events[&EventType::Apprehended], 1);
}

/// An office's list in English or Spanish, as a text or a workbook; what may not be declared is kept as text.
#[test]
fn an_office_list() {
    let texts = [
        (
            "clients.csv",
            "Client #,First name,Last name,DOB,A#,Country of origin,Gender,Phone,Date of entry,Next Hearing\n\
             7,Ilvana,Brumal Oquimbo,03/04/1990,A900-000-007,Honduras,F,555-0100,2021-05-06,12/1/2026\n",
        ),
        (
            "lista.csv",
            "Expediente;Nombre(s);Apellido(s);Fecha de nacimiento;Número A;País de origen;Sexo;Teléfono;Fecha de entrada;Próxima corte\n\
             7;Ilvana;Brumal Oquimbo;03/04/1990;A900-000-007;Honduras;Mujer;555-0100;2021-05-06;12/1/2026\n",
        ),
    ];
    for (name, text) in texts {
        let bench = Bench::new();
        let receipt = load(&bench, name, text, "office/intake");
        assert_eq!(receipt.events[&EventType::Arrived] + receipt.events[&EventType::Hearing], 2, "{name}");
        let row = bench.show(&receipt.delivery, name, None, 2);
        for expected in [
            "client_no=7",
            "given_name=Ilvana",
            "surname=Brumal Oquimbo",
            "birth_date=03/04/1990→1990-03-04",
            "a_number=A900-000-007",
            "citizenship=Honduras",
            "entry_date=2021-05-06",
            "court_date=12/1/2026→2026-12-01",
            "=555-0100",
        ] {
            assert!(row.contains(expected), "{name}: {expected} in {row}");
        }
        assert!(!row.contains("not_in_map"), "{row}");
    }
}

/// Use limit: no mapping names a column by which somebody could be followed, though files have such columns.
#[test]
fn no_mapping_names_a_place_or_a_phone() {
    for mapping in Mappings::built_in().all() {
        let text = mapping.text().to_lowercase();
        for line in text.lines().filter(|l| l.contains("name = ") || l.contains("also = ")) {
            assert_eq!(model::tracking_type(line), None, "{}: {line}", mapping.id);
        }
    }
}
