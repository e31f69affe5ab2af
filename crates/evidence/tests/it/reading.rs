use crate::support::{Bench, READ, TABLE, gzip, json, mapping, people, toml};
use evidence::{RowContent, is_redaction};
use insta::assert_snapshot;

/// Loads rows below the usual header and shows each of them.
#[track_caller]
fn rows(text: impl AsRef<[u8]>) -> String {
    let bench = Bench::new();
    let file = [b"Id|City|Sex|Left\n".as_slice(), text.as_ref()].concat();
    let receipt = bench.load("people.txt", &file, &people());
    let lines = file.split(|b| *b == b'\n').count() as u64;
    let shown = (2..=lines).map(|row| (row, bench.show(&receipt.delivery, "people.txt", None, row)));
    shown.filter(|(_, s)| s != "no such row").map(|(row, s)| format!("{row}: {s}")).collect::<Vec<_>>().join("\n")
}

#[test]
fn cells_are_kept_and_typed() {
    assert_snapshot!(rows("1| Houston |F|7/2/2016\n2|NA|X|13/2/2016\nx|(b)(6);(b)(7)(C) |M|7/2/999\n"), @r###"
    2: id=1; city= Houston →Houston; sex=F; left=7/2/2016→2016-07-02; fee=(absent)→-
    3: id=2; city=NA→-; sex=X !not_in_map; left=13/2/2016→- !not_a_date; fee=(absent)→-
    4: id=x→- !not_an_integer; city=(b)(6);(b)(7)(C) →- !redacted; sex=M; left=7/2/999→0999-07-02 !suspect_date; fee=(absent)→-
    "###);
}

#[test]
fn quotes_line_ends_and_odd_bytes() {
    assert_snapshot!(rows(b"1|\"a|b \"\"c\"\"\"|F|7/2/2016\r\n\r\n2|\"two\nlines\"|M|\n3|caf\xe9\0|F|\"7/2/2016\"\r\n4|x|y|"), @r###"
    2: id=1; city=a|b "c"; sex=F; left=7/2/2016→2016-07-02; fee=(absent)→-
    4: id=2; city=two
    lines; sex=M; left=→-; fee=(absent)→-
    6: id=3; city=café !latin1,nul_removed; sex=F; left=7/2/2016→2016-07-02; fee=(absent)→-
    7: id=4; city=x; sex=y !not_in_map; left=→-; fee=(absent)→-
    "###);
}

#[test]
fn a_quote_that_is_never_closed_costs_one_row() {
    assert_snapshot!(rows("1|\"Houston|F|7/2/2016\n2|Dallas|M|7/2/2016\n3|\"Austin\"|M|7/2/2016\n"), @r###"
    2: refused open_quote: 1|"Houston|F|7/2/2016
    3: id=2; city=Dallas; sex=M; left=7/2/2016→2016-07-02; fee=(absent)→-
    4: id=3; city=Austin; sex=M; left=7/2/2016→2016-07-02; fee=(absent)→-
    "###);
}

#[test]
fn malformed_rows_are_repaired_or_refused() {
    assert_snapshot!(rows("1|San|Antonio|F|7/2/2016\n2|Dallas\nHOU|Dallas\n4|a|b|c|d|e\n5|Dallas|F|7/2/2016\n"), @r###"
    2: id=1; city=San|Antonio→San Antonio !shift_left; sex=F; left=7/2/2016→2016-07-02; fee=(absent)→-
    3: id=2; city=Dallas; sex=→- !pad_short; left=→-; fee=(absent)→-
    4: refused too_few_cells: HOU|Dallas
    5: refused too_many_cells: 4|a|b|c|d|e
    6: id=5; city=Dallas; sex=F; left=7/2/2016→2016-07-02; fee=(absent)→-
    "###);
}

#[test]
fn a_receipt_reads_well() {
    let bench = Bench::new();
    let text = "For official use only\n\nPeople||\nId|City|Sex|Left\n1|San|Antonio|F|7/2/2016\n2|Dallas\nx|y\n4|b(6), b(7)c|Q|1/1/1900\n";
    let receipt = bench.load("people.txt", text, &people());
    let shown = json(&receipt).replace(bench.path("").as_str(), "DIR/");
    assert_snapshot!(shown, @r###"
    {
      "delivery": "d-873640ca6d22e5f8e2fc",
      "mapping": "test/people",
      "mapping_version": 3,
      "source": "test",
      "holds": "clients",
      "through": null,
      "reconciled": true,
      "interior": "stored",
      "files": [
        {
          "path": "DIR/people.txt",
          "file": "people.txt",
          "sha256": "66858faad19fbd03cf5589de128345451d210814d682d13205d2376d8b219600",
          "table": "people",
          "sheet": null,
          "banner_rows": 3,
          "rows_read": 4,
          "rows_kept": 3,
          "rows_repaired": 2,
          "rows_refused": 1,
          "declared_rows": null,
          "absent_columns": [
            "fee"
          ],
          "problems": {
            "not_in_map": {
              "sex": 1
            },
            "pad_short": {
              "sex": 1
            },
            "redacted": {
              "city": 1
            },
            "shift_left": {
              "city": 1
            },
            "suspect_date": {
              "left": 1
            }
          },
          "duplicates": {},
          "conflicts": {},
          "repairs": [
            {
              "row": 5,
              "rule": "shift_left",
              "before": [
                "1",
                "San",
                "Antonio",
                "F",
                "7/2/2016"
              ],
              "after": [
                "1",
                "San|Antonio",
                "F",
                "7/2/2016"
              ]
            },
            {
              "row": 6,
              "rule": "pad_short",
              "before": [
                "2",
                "Dallas"
              ],
              "after": [
                "2",
                "Dallas",
                "",
                ""
              ]
            }
          ],
          "refusals": [
            {
              "row": 7,
              "reason": "too_few_cells",
              "cells": 2
            }
          ]
        }
      ],
      "objects": {
        "person_record": 3
      },
      "events": {
        "departed": 2
      },
      "relations": 2
    }
    "###);
}

#[test]
fn gzip_members_and_bom_and_banner() {
    let bench = Bench::new();
    let mut bytes = gzip(b"\xef\xbb\xbfA \"stray quote|\nId|City|Sex|Left\n1|a|F|7/2/2016\n");
    bytes.extend(gzip(b"2|b|F|7/2/2016\n"));
    let receipt = bench.load("people.txt.gz", bytes, &people());
    assert_eq!((receipt.files[0].banner_rows, receipt.rows_kept()), (1, 2));
    assert_eq!(
        bench.show(&receipt.delivery, "people.txt.gz", None, 4),
        "id=2; city=b; sex=F; left=7/2/2016→2016-07-02; fee=(absent)→-"
    );
}

#[test]
fn text_that_never_quotes() {
    let bench = Bench::new();
    let read = READ.replace("quote = \"\\\"\"", "quote = \"\"").replace('|', "\\t");
    let receipt = bench.load("a.tsv", "Id\tCity\tSex\tLeft\n1\t\"Hou\tF\t\n", &mapping(&toml(&read, TABLE)));
    assert_eq!(bench.show(&receipt.delivery, "a.tsv", None, 2), "id=1; city=\"Hou; sex=F; left=→-; fee=(absent)→-");
}

#[test]
fn headers_may_repeat_and_unknown_columns_be_kept() {
    let bench = Bench::new();
    let table = TABLE.replace("{ name = \"Sex\"", "{ name = \"City\", as = \"city_2\" },\n{ name = \"Sex\"");
    let read = format!("{READ}unknown_columns = \"keep\"\n");
    let text = "City|Id|City|Sex|Left|Landline no.|City||\na|1|b|F||555|c||\n";
    let receipt = bench.load("a.txt", text, &mapping(&toml(&read, &table)));
    assert_eq!(
        bench.show(&receipt.delivery, "a.txt", None, 2),
        "id=1; city=a; city_2=b; sex=F; left=→-; fee=(absent)→-; landline_no=555; city_3=c"
    );
}

#[test]
fn workbooks() {
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
    let bench = Bench::new();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Clients").unwrap();
    let (date, time) = (Format::new().set_num_format("yyyy-mm-dd"), Format::new().set_num_format("m/d/yy h:mm"));
    sheet.write_string(0, 0, "Register").unwrap();
    for (column, name) in (0..).zip(["Id", "City", "Sex", "Left", "Fee"]) {
        sheet.write_string(2, column, name).unwrap();
    }
    sheet.write_number(3, 0, 17).unwrap();
    sheet.write_number(3, 1, 2.5).unwrap();
    sheet.write_boolean(3, 2, true).unwrap();
    let day = ExcelDateTime::from_ymd(2016, 7, 2).unwrap();
    sheet.write_datetime_with_format(3, 3, &day, &date).unwrap();
    sheet.write_number(3, 4, 1500.5).unwrap();
    sheet.write_string(5, 0, "18").unwrap();
    sheet.write_datetime_with_format(5, 1, day.and_hms(13, 5, 0).unwrap(), &time).unwrap();
    sheet.write_string(5, 3, "7/2/2016").unwrap();
    sheet.write_number(6, 3, 42_553).unwrap();
    sheet.write_string(6, 8, "stray").unwrap();
    book.add_worksheet().set_name("Notes").unwrap();
    let path = bench.path("intake.xlsx");
    book.save(&path).unwrap();
    let read = "[read]\nformat = \"xlsx\"\n";
    let table = TABLE.replace("name = \"people\"", "name = \"people\"\nsheet = \"Clients\"");
    let mapping = mapping(&toml(read, &table));
    let receipt = bench.add(&path, &mapping).unwrap().receipt;
    assert!(receipt.reconciled);
    assert_eq!(receipt.files[0].unread_sheets, ["Notes"]);
    let rows: Vec<String> = (3..=8)
        .map(|row| format!("{row}: {}", bench.show(&receipt.delivery, "intake.xlsx", Some("Clients"), row)))
        .collect();
    assert_snapshot!(rows.join("\n"), @r###"
    3: no such row
    4: id=17; city=2.5; sex=TRUE !not_in_map; left=2016-07-02; fee=1500.5→1500.50
    5: no such row
    6: id=18; city=2016-07-02 13:05:00; sex=→-; left=7/2/2016→2016-07-02; fee=→-
    7: refused nameless_column: 			42553					stray
    8: no such row
    "###);
}

#[test]
fn a_delivery_is_reconciled_with_its_own_counts() {
    let bench = Bench::new();
    let table = format!(
        "{}\n[[table]]\nname = \"count\"\nfiles = [\"Count.txt\"]\nrole = \"counts\"\n",
        TABLE.replace("name = \"people\"", "name = \"people\"\nfiles = [\"people*\"]")
    );
    let mapping = mapping(&toml(READ, &table));
    let people = bench.file("people.txt", "Id|City|Sex|Left\n1|a|F|\n2|b|F|\n");
    for (counts, declared, reconciled) in
        [("People\t2\n", Some(2), true), ("people\t3\nother\t5\n", Some(3), false), ("x\t1\n", None, true)]
    {
        let counts = bench.file("Count.txt", counts);
        let added = evidence::add(&bench.store, &[counts, people.clone()], &mapping, &crate::support::QUIET).unwrap();
        assert_eq!((added.receipt.files[0].declared_rows, added.receipt.reconciled), (declared, reconciled));
    }
}

#[test]
fn redactions() {
    for text in [
        "(B)(6);(B)(7)(C) ",
        "(B)(7)(E) ",
        "(b)(6),(b)(7)c)",
        "(b)(7)(E )",
        "(b)(7)e)",
        "(b)(6),(b)(7)(c )",
        "b(6), b(7)c",
        "(b)(6), (b)(7)(c)",
        "b(6), b(7)C",
        "(b)(6)",
        "[(b)(7)(E)]",
        "(b) (6); (b) (7) (C)",
        "(k)(2)",
        "REDACTED",
        "[redacted]",
        "b)(4)",
        "(b)(6), (7)(C)",
        "(b)(6) & (7)(C)",
        "(b)(6); (b)(7)(C) or (b)(7)(E)",
        "(B)(6):(B)(7)(C).",
        "b6; b7(C)",
        "(b) (7) (E)",
    ] {
        assert!(is_redaction(text), "{text}");
    }
    for text in [
        "",
        "b6",
        "B",
        "(b)",
        "(B)",
        "212(a)(6)",
        "237a2Bi",
        "(a)(6)",
        "(713) 555-0100",
        "b(10)",
        "Redacted by whom",
        "B1/B2",
        "(B1/B2)",
        "B1 (B2)",
        "(K1)",
        "B - 6",
        "b6, b7C",
        "(b)(6) MEXICO",
        "Bond (6)",
        "()",
        "Houston",
    ] {
        assert!(!is_redaction(text), "{text}");
    }
}

#[test]
fn rows_of_a_second_file_keep_their_own_ids() {
    let bench = Bench::new();
    let table = TABLE.replace("key = [\"id\"]", "key = [\"row\"]");
    let a = bench.file("a.txt", "Id|City|Sex|Left\n1|a|F|7/2/2016\n");
    let b = bench.file("b.txt", "Id|City|Sex|Left\n1|b|F|7/2/2016\n");
    let added = evidence::add(&bench.store, &[b, a], &mapping(&toml(READ, &table)), &crate::support::QUIET).unwrap();
    let delivery = &added.receipt.delivery;
    let mut ids = Vec::new();
    for batch in bench.store.events(delivery).unwrap() {
        use arrow::array::AsArray;
        ids.extend(batch.column(0).as_string::<i32>().iter().flatten().map(|id| id.replace(delivery.as_str(), "d")));
    }
    assert_eq!(ids, ["d/departed/people:2", "d/departed/people.2:2"]);
    let row = bench.show(delivery, "b.txt", None, 2);
    assert!(row.contains("city=b"), "{row}");
    assert!(matches!(RowContent::Kept(Vec::new()), RowContent::Kept(_)));
}

/// A loose header is compared without case, blanks and punctuation; what has no name is kept under its letter; dates whose
/// column names no format have those of the mapping; and a check on a column that the file lacks finds nothing.
#[test]
fn a_loose_header_and_formats_for_all() {
    let read =
        READ.replace("[read]", "[read]\nheader = \"loose\"\nunknown_columns = \"keep\"\ndate_formats = [\"%d.%m.%Y\"]");
    let table = TABLE.replace(", formats = [\"%m/%d/%Y\"]", "").replace("\"City\"", "\"City of birth\"");
    let check = r#"
[[table.check]]
name = "fee"
why = "a fee is due"
expect = [{ column = "fee", present = true }]
"#;
    let bench = Bench::new();
    let mapping = mapping(&toml(&read, &format!("{table}{check}")));
    let receipt = bench.load("people.txt", "|ID|cityOfBirth|SEX|Left.\n0|1|Lima|F|02.07.2016\n", &mapping);
    assert_snapshot!(
        bench.show(&receipt.delivery, "people.txt", None, 2),
        @"id=1; city=Lima; sex=F; left=02.07.2016→2016-07-02; fee=(absent)→-; column_a=0"
    );
    assert!(receipt.files[0].conflicts.is_empty());
    let receipt = bench.load("paid.txt", "Id|City of birth|Sex|Left|Fee\n1|Lima|F|02.07.2016|\n", &mapping);
    assert_eq!(receipt.files[0].conflicts["fee"], 1);
}
