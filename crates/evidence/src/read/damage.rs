//! Readers on bytes that are no file, and on files with damage: never a panic, never a wait, and the account holds.

use super::samples;
use crate::fuzzing;
use arrow::array::{Date32Array, Float64Array, RecordBatch, StringArray, StringDictionaryBuilder, types::Int8Type};
use arrow::datatypes::{Field, Schema};
use camino::{Utf8Path, Utf8PathBuf};
use dta::stata::dta::release::Release;
use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;
use std::io::Write;
use std::sync::Arc;
use zip::CompressionMethod;

/// A reader, the first bytes of its format, and what it is driven with.
type Target = (&'static str, &'static [u8], fn(&[u8]) -> bool);

const TARGETS: &[Target] = &[
    ("delimited", b"", fuzzing::delimited),
    ("delimited_quoted", b"", fuzzing::delimited_quoted),
    ("gzip", b"\x1f\x8b\x08", fuzzing::gzip),
    ("zip", b"PK\x03\x04", fuzzing::zip),
    ("workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", fuzzing::workbook),
    ("parquet", b"PAR1", fuzzing::parquet),
    ("json_lines", b"{\"", fuzzing::json_lines),
    ("stata", b"<stata_dta>", fuzzing::stata),
    ("mapping", b"", fuzzing::mapping),
    ("cell", b"", fuzzing::cell),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..2000), text in "[ -~\n\r\"{}\\[\\],:|]{0,200}") {
        for (_, magic, drive) in TARGETS {
            drive(&bytes);
            drive(&[magic, bytes.as_slice()].concat());
            drive(text.as_bytes());
        }
    }
}

/// Numbers without chance, from a seed (xorshift64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }
}

/// Damages the bytes: some are changed, a piece is left out, repeated or zeroed, or the end is cut off.
fn damage(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
    let start = numbers.below(bytes.len());
    let end = (start + 1 + numbers.below(64)).min(bytes.len());
    match numbers.below(8) {
        0 => bytes.truncate(start),
        1 => drop(bytes.drain(start..end)),
        2 => drop(bytes.splice(start..start, bytes[start..end].to_vec())),
        3 => bytes[start..end].fill(if numbers.below(2) == 0 { 0 } else { 0xff }),
        _ => {
            for _ in 0..=numbers.below(8) {
                let at = numbers.below(bytes.len());
                bytes[at] = numbers.below(256) as u8;
            }
        }
    }
}

/// Drives the reader with a whole file, and with so many damaged ones.
#[track_caller]
fn check(what: &str, whole: &[u8], times: u64, drive: fn(&[u8]) -> bool) {
    assert!(drive(whole), "{what} is not read");
    for seed in 1..=times {
        let mut numbers = Numbers(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut bytes = whole.to_vec();
        damage(&mut bytes, &mut numbers);
        let begun = std::time::Instant::now();
        drive(&bytes);
        assert!(begun.elapsed().as_secs() < 20, "{what} with damage {seed} takes too long");
    }
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn batch() -> RecordBatch {
    let mut city = StringDictionaryBuilder::<Int8Type>::new();
    city.extend(["Dallas", "Houston", "Dallas"].map(Some));
    let city = city.finish();
    let fields = vec![
        Field::new("name", arrow::datatypes::DataType::Utf8, true),
        Field::new("left", arrow::datatypes::DataType::Date32, true),
        Field::new("fee", arrow::datatypes::DataType::Float64, true),
        Field::new("city", arrow::array::Array::data_type(&city).clone(), true),
    ];
    RecordBatch::try_new(
        Arc::new(Schema::new(fields)),
        vec![
            Arc::new(StringArray::from(vec![Some("Ana"), None, Some("Ben")])),
            Arc::new(Date32Array::from(vec![16_984, 0, -1])),
            Arc::new(Float64Array::from(vec![20.5, 0.1, 1e21])),
            Arc::new(city),
        ],
    )
    .unwrap()
}

/// Small files of each format: what the damaged ones are made of here, and the seeds of `fuzz/corpus`.
fn small() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let text = "id,name\n1,\"Ana \"\"A\"\"\"\n2,\"two\nlines\"\r\n\n3,Ben|x\n";
    let snappy = samples::parquet(&batch(), parquet::basic::Compression::SNAPPY);
    let zstd = samples::parquet(&batch(), parquet::basic::Compression::ZSTD(parquet::basic::ZstdLevel::default()));
    let files: [(&str, &[u8], CompressionMethod, bool); 2] = [
        ("a.txt", text.as_bytes(), CompressionMethod::Deflated, false),
        ("Data/b.txt", b"1|2\n", CompressionMethod::Stored, true),
    ];
    vec![
        ("delimited", "tabs.txt", b"id\tname\n1\tAna\r\n\n2\tBe\"n\n".to_vec()),
        ("delimited_quoted", "quotes.csv", text.as_bytes().to_vec()),
        ("delimited_quoted", "open.csv", b"id,name\n1,\"Ana\n2,Ben\n3,\"C\"x\n".to_vec()),
        ("gzip", "one.gz", gzip(b"1|Ana\n2|Ben\n")),
        ("gzip", "two.gz", [gzip(b"1|Ana\n"), gzip(b"2|Ben")].concat()),
        ("zip", "two.zip", samples::zip(&files)),
        ("workbook", "new.xlsx", samples::xlsx()),
        ("workbook", "old.xls", samples::xls(&samples::xls_records(&samples::xls_number(5, 7)))),
        ("parquet", "snappy.parquet", snappy),
        ("parquet", "zstd.parquet", zstd),
        (
            "json_lines",
            "lines.json",
            b"{\"id\":1,\"name\":\"Ana\"}\n\n{\"id\":2.50,\"tags\":[1,{\"a\":\"b\"}]}\nx\n".to_vec(),
        ),
        ("json_lines", "array.json", b"[ {\"id\":1}, {\"id\":\"\\u00e9\", \"n\":null},\n 5 ]\n".to_vec()),
        ("json_lines", "pairs.json", b"{\n \"A\": \"x\",\n \"B\": [1, 2]\n}\n".to_vec()),
        ("stata", "v114.dta", samples::dta(Release::V114)),
        ("stata", "v118.dta", samples::dta(Release::V118)),
        ("cell", "date", b"7/2/2016 13:45".to_vec()),
        ("cell", "money", b"$1,500.00".to_vec()),
        ("cell", "withheld", b"(b)(6); (b)(7)(C)".to_vec()),
    ]
}

fn target(name: &str) -> fn(&[u8]) -> bool {
    TARGETS.iter().find(|(target, ..)| *target == name).unwrap().2
}

#[test]
fn small_files_with_damage() {
    for (name, file, bytes) in small() {
        check(file, &bytes, if name == "workbook" { 400 } else { 2000 }, target(name));
    }
}

#[test]
fn the_seeds_of_the_fuzzer_are_read() {
    let corpus = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    for (name, _, drive) in TARGETS {
        let mut seeds = 0;
        for entry in corpus.join(name).read_dir_utf8().unwrap() {
            let path = entry.unwrap().into_path();
            assert!(drive(&std::fs::read(&path).unwrap()), "{path} is not read");
            seeds += 1;
        }
        assert!(seeds > 0, "{name} has no seeds");
    }
}

fn real(name: &str) -> Option<Utf8PathBuf> {
    let path = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/real").join(name);
    if !path.is_file() {
        eprintln!("skipped: {path} is not here");
        return None;
    }
    Some(path)
}

/// Real files, damaged. A workbook or archive that is damaged in its packing mostly fails there, so what is packed is
/// damaged too, in `parts_with_damage`.
#[test]
fn real_files_with_damage() {
    for (name, file, times) in [
        ("delimited_quoted", "uwchr-deport-data-proj/sea_crim_state_month.csv", 300),
        ("gzip", "uwchr-ice-facilities/2019-ICFO-31121.csv.gz", 300),
        ("workbook", "eoir-ddp/codebook.xlsx", 300),
        ("zip", "eoir-ddp/codebook.xlsx", 300),
        ("parquet", "ddp-detention-management/book-outs-by-reason_2026-03-14.parquet", 300),
        ("json_lines", "eoir-lookups-2025/tblLookupBaseCity.json", 300),
        ("json_lines", "eoir-lookups-2025/column-definitions.json", 100),
    ] {
        let Some(path) = real(file) else { continue };
        check(file, &std::fs::read(path).unwrap(), times, target(name));
    }
}

/// Workbooks that are whole as archives, with damage in one part.
fn parts_with_damage(whole: &[u8], times: u64) {
    use std::io::{Cursor, Read};
    let mut archive = zip::ZipArchive::new(Cursor::new(whole)).unwrap();
    let mut parts = Vec::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        parts.push((part.name().unwrap().into_owned(), bytes));
    }
    for seed in 1..=times {
        let mut numbers = Numbers(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut damaged = parts.clone();
        let part = numbers.below(damaged.len());
        damage(&mut damaged[part].1, &mut numbers);
        let files: Vec<(&str, &[u8], CompressionMethod, bool)> = damaged
            .iter()
            .map(|(name, bytes)| (name.as_str(), bytes.as_slice(), CompressionMethod::Stored, false))
            .collect();
        fuzzing::workbook(&samples::zip(&files));
    }
}

#[test]
fn workbooks_with_damage_in_a_part() {
    parts_with_damage(&samples::xlsx(), 1500);
    if let Some(path) = real("eoir-ddp/codebook.xlsx") {
        parts_with_damage(&std::fs::read(path).unwrap(), 200);
    }
}

/// The records of an old workbook with damage, in a compound file that is whole.
#[test]
fn old_workbooks_with_damage_in_a_record() {
    let whole = samples::xls_records(&samples::xls_number(5, 7));
    for seed in 1..=5000_u64 {
        let mut numbers = Numbers(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut records = whole.clone();
        damage(&mut records, &mut numbers);
        fuzzing::workbook(&samples::xls(&records));
    }
}
