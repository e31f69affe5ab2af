use crate::support::{Bench, READ, TABLE, gzip, mapping, people, toml};
use evidence::{Mapping, RowContent, is_redaction};
use model::RowPointer;
use proptest::prelude::*;

/// Bytes in which what matters to a reader is frequent.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        3 => Just(b"|".to_vec()),
        3 => Just(b"\n".to_vec()),
        2 => Just(b"\"".to_vec()),
        1 => Just(b"\r\n".to_vec()),
        1 => Just(b"\r".to_vec()),
        1 => Just(b"\0".to_vec()),
        1 => Just(b"\xe9".to_vec()),
        1 => Just(b"7/2/2016".to_vec()),
        1 => Just(b"(b)(6)".to_vec()),
        2 => Just(b"17".to_vec()),
        2 => proptest::collection::vec(any::<u8>(), 0..6),
    ];
    proptest::collection::vec(piece, 0..120).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// Whatever the bytes: every row is kept or refused, and every physical line accounted for.
    #[test]
    fn every_row_is_kept_or_refused(body in text(), quoted in any::<bool>()) {
        let bench = Bench::new();
        let read = READ.replace("repair_cap_rows = 50", "repair_cap_rows = 100000");
        let read = if quoted { read } else { read.replace("quote = \"\\\"\"", "quote = \"\"") };
        let file = bench.file("people.txt", [b"Id|City|Sex|Left\n".as_slice(), &body].concat());
        // A file that looks binary is refused as a whole.
        if let Ok(added) = bench.add(&file, &mapping(&toml(&read, TABLE))) {
            let receipt = added.receipt;
            prop_assert!(receipt.reconciled, "{receipt:?}");
            prop_assert_eq!(receipt.rows_read(), receipt.rows_kept() + receipt.rows_refused());
            let again = bench.add(&file, &mapping(&toml(&read, TABLE))).unwrap();
            prop_assert_eq!((again.already_present, again.receipt), (true, receipt));
        }
    }

    /// Arbitrary bytes never panic, plain or as the content of a gzip file.
    #[test]
    fn arbitrary_bytes_do_not_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let bench = Bench::new();
        let _ = bench.add(&bench.file("people.txt", &bytes), &people());
        let mut cut = gzip(&bytes);
        let _ = bench.add(&bench.file("a.gz", &cut), &people());
        cut.truncate(cut.len() * 2 / 3);
        let _ = bench.add(&bench.file("b.gz", &cut), &people());
        let _ = bench.add(&bench.file("c.xlsx", [b"PK\x03\x04".as_slice(), &bytes].concat()), &people());
    }

    /// Cells come back as they were written.
    #[test]
    fn cells_round_trip(cells in proptest::collection::vec("[^\0]{0,20}", 3)) {
        let bench = Bench::new();
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let body = format!("Id|City|Sex|Left\n17|{}|{}|{}\n", quoted(&cells[0]), quoted(&cells[1]), quoted(&cells[2]));
        let file = bench.file("people.txt", body);
        if let Ok(added) = bench.add(&file, &people()) {
            let pointer = RowPointer { delivery: added.receipt.delivery, file: "people.txt".to_owned(), sheet: None, row: 2 };
            let row = bench.store.cells(&pointer).unwrap().unwrap();
            let RowContent::Kept(read) = row.content else { return Err(TestCaseError::fail("refused")) };
            let texts: Vec<&str> = read[1..4].iter().filter_map(|c| c.text.as_deref()).collect();
            prop_assert_eq!(texts, cells.iter().map(String::as_str).collect::<Vec<_>>());
        }
    }

    /// Malformed mappings give an error.
    #[test]
    fn mappings_do_not_panic(at in 0_usize..1500, with in "[ \\[\\]{}=\",a-z%]{0,4}") {
        let mut sample = toml(READ, TABLE);
        let mut at = at.min(sample.len());
        while !sample.is_char_boundary(at) {
            at -= 1;
        }
        sample.insert_str(at, &with);
        let _ = Mapping::parse("test.toml", &sample);
        let _ = Mapping::parse("test.toml", &with);
    }

    /// Redactions and dates are looked for in any text.
    #[test]
    fn redactions_do_not_panic(text in any::<String>()) {
        let _ = is_redaction(&text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// A date that can be read is the date that was written; no text panics.
    #[test]
    fn dates(year in 1_i16..=9999, month in 1_i8..=12, day in 1_i8..=28, noise in "\\PC{0,12}") {
        let bench = Bench::new();
        let quoted = noise.replace('"', "\"\"");
        let text = format!("Id|City|Sex|Left\n1|a|F|{month}/{day}/{year}\n2|a|F|\"{quoted}\"\n");
        if let Ok(added) = bench.add(&bench.file("a.txt", text), &people()) {
            let shown = bench.show(&added.receipt.delivery, "a.txt", None, 2);
            let expected = format!("left={month}/{day}/{year}→{year:04}-{month:02}-{day:02}");
            prop_assert!(shown.contains(&expected), "{}", shown);
        }
    }
}
