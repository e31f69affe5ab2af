use crate::support::{Bench, READ, TABLE, gzip, mapping, people, toml};
use camino::Utf8PathBuf;
use evidence::Mapping;
use insta::assert_snapshot;

/// Adds a file and shows the error; nothing may be left behind.
#[track_caller]
fn error(bench: &Bench, path: &Utf8PathBuf, mapping: &Mapping) -> String {
    let error = bench.add(path, mapping).unwrap_err();
    assert_eq!(bench.store.deliveries().unwrap(), []);
    let staging = bench.store.root().join(".staging");
    let left = staging.read_dir_utf8().map_or(0, Iterator::count);
    assert_eq!(left, 0);
    bench.explain(&error)
}

const GOOD: &str = "Id|City|Sex|Left\n1|a|F|7/2/2016\n";

#[test]
fn files_that_are_none() {
    let bench = Bench::new();
    bench.file("people.txt", GOOD);
    std::fs::create_dir(bench.path("folder")).unwrap();
    std::fs::write(bench.path("folder").join(".x.txt"), GOOD).unwrap();
    let cut = {
        let whole = gzip(&GOOD.repeat(1000).into_bytes());
        whole[..whole.len() - 9].to_vec()
    };
    let damaged = {
        let mut whole = gzip(&GOOD.repeat(1000).into_bytes());
        let checksum = whole.len() - 6;
        whole[checksum] ^= 0xff;
        whole
    };
    let shown: Vec<String> = [
        bench.path("peple.txt"),
        bench.path("folder"),
        bench.file("empty.txt", ""),
        bench.file("empty.txt.gz", gzip(b"")),
        bench.file("scan.pdf", "%PDF-1.7 and so on"),
        bench.file("noise.txt", (0..200).map(|n| n % 7).collect::<Vec<u8>>()),
        bench.file("utf16.txt", b"\xff\xfeI\0d\0"),
        bench.file("plain.txt.gz", GOOD),
        bench.file("cut.txt.gz", cut),
        bench.file("damaged.txt.gz", damaged),
        bench.file("broken.xlsx", "PK\x03\x04 and nothing"),
        bench.file("archive.zip", "PK\x03\x04 and nothing"),
    ]
    .iter()
    .map(|path| error(&bench, path, &people()))
    .collect();
    assert_snapshot!(shown.join("\n"), @r###"
    failed to add `DIR/peple.txt`: there is no such file
      help: did you mean `DIR/people.txt`?
    failed to add `DIR/folder`: it holds no file that can be read; `DIR/folder/.x.txt` is a hidden file
      help: name a folder or an archive that holds the files of one delivery
    failed to add `DIR/empty.txt`: the file is empty
      help: ask the source for the file again, or leave it out
    failed to add `DIR/empty.txt.gz`: the file is empty
      help: ask the source for the file again, or leave it out
    failed to add `DIR/scan.pdf`: the file is a PDF
      help: give delimited text, gzip or zip of it, a workbook, JSON or Parquet
    failed to add `DIR/noise.txt`: the file is binary data
      help: give delimited text, gzip or zip of it, a workbook, JSON or Parquet
    failed to add `DIR/utf16.txt`: the file is UTF-16 text
      help: save it as UTF-8
    failed to unpack `DIR/plain.txt.gz`: the file is named `.gz` but is not gzip
      help: take `.gz` off the name if it is plain text, or get the file again
    failed to unpack `DIR/cut.txt.gz`: the gzip data is cut off
      cause: incomplete deflate stream
      help: get the file again: `gzip -t` tells whether it is whole
    failed to unpack `DIR/damaged.txt.gz`: the gzip data is damaged
      cause: corrupt gzip stream does not have a matching checksum
      help: get the file again: `gzip -t` tells whether it is whole
    failed to read archive `DIR/broken.xlsx`
      cause: invalid Zip archive: Could not find EOCD
      help: get the archive again: `unzip -t` tells whether it is whole
    failed to read archive `DIR/archive.zip`
      cause: invalid Zip archive: Could not find EOCD
      help: get the archive again: `unzip -t` tells whether it is whole
    "###);
}

#[test]
fn files_that_do_not_fit() {
    let bench = Bench::new();
    let named = mapping(&toml(READ, &TABLE.replace("name = \"people\"", "name = \"people\"\nfiles = [\"*persons*\"]")));
    let keeps = mapping(&toml(
        &format!("{READ}unknown_files = \"keep\"\n"),
        &TABLE.replace("name = \"people\"", "name = \"people\"\nfiles = [\"*persons*\"]"),
    ));
    let removals = "Banner|\nArea of Responsibility|Apprehension Date|Processing Disposition Code|Birth Date|Citizenship|Gender|RC Threat Level|Final Charge Section|Departed Date|Removal Date\n";
    let shown: Vec<String> = [
        (bench.file("a.txt", "Banner\nId|Cty|Sex|Departed\n1|a|F|\n"), people()),
        (bench.file("b.txt", "nothing like it\n"), people()),
        (bench.file("c.txt", "Id|City|Sex|Left|Citty|City\n1|a|F||x|y\n"), people()),
        (bench.file("d.txt", "Id||City|Sex|Left\n1||a|F|\n"), people()),
        (bench.file("e.txt", GOOD), named),
        (bench.file("f.txt", "Code|Place\n7|Waco\n"), keeps),
        (bench.file("ICERemovals_FY2015.csv", removals), people()),
        (bench.file("g.csv", removals), Mapping::resolve("ice/arrests-foia-2019").unwrap()),
    ]
    .iter()
    .map(|(path, mapping)| error(&bench, path, mapping))
    .collect();
    assert_snapshot!(shown.join("\n"), @r###"
    failed to add `DIR/a.txt`: no row has the columns of table `people` of mapping `test/people`; row 2 looks most like a header, but lacks `City`, `Left`
      help: the row has `Cty` for `City`
    failed to add `DIR/b.txt`: no row has the columns of table `people` of mapping `test/people`
      help: no built-in mapping fits; `throughline mapping draft FILE` starts one
    failed to add `DIR/c.txt`: mapping `test/people` does not know the column `Citty`, the second column `City`
      help: the name nearest to `Citty` is `City`; add the column to the mapping, or set `unknown_columns = "keep"` under `[read]` to keep it as text
    failed to add `DIR/d.txt`: column 2 of the header (row 1) has no name
      help: give the column a name in the file
    failed to add `DIR/e.txt`: its name fits no table of mapping `test/people`
      help: its tables take files named `*persons*`; the columns are those of table `people`, so rename the file
    failed to add `DIR/f.txt`: its name fits no table of mapping `test/people`
      help: its tables take files named `*persons*`
    failed to add `DIR/ICERemovals_FY2015.csv`: no row has the columns of table `people` of mapping `test/people`
      help: the file fits mapping `ice/removals-foia-2019`: add it with `--as ice/removals-foia-2019`
    failed to add `DIR/g.csv`: no row has the columns of table `arrests` of mapping `ice/arrests-foia-2019`; row 2 looks most like a header, but lacks `Apprehension Method`
      help: the file fits mapping `ice/removals-foia-2019`: add it with `--as ice/removals-foia-2019`
    "###);
}

#[test]
fn workbooks_that_do_not_fit() {
    let bench = Bench::new();
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().set_name("Client").unwrap().write_string(0, 0, "Id").unwrap();
    let path = bench.path("intake.xlsx");
    book.save(&path).unwrap();
    let table = TABLE.replace("name = \"people\"", "name = \"people\"\nsheet = \"Clients\"");
    let xlsx = mapping(&toml("[read]\nformat = \"xlsx\"\n", &table));
    let shown: Vec<String> = [(path.clone(), people()), (path, xlsx.clone()), (bench.file("a.csv", GOOD), xlsx)]
        .iter()
        .map(|(path, mapping)| error(&bench, path, mapping))
        .collect();
    assert_snapshot!(shown.join("\n"), @r###"
    failed to add `DIR/intake.xlsx`: it is a workbook, and mapping `test/people` reads delimited text
      help: no built-in mapping fits; `throughline mapping draft FILE` starts one
    failed to add `DIR/intake.xlsx`: it has no sheet `Clients` (table `people`); its sheets are `Client`
      help: if sheet `Client` is meant, set `sheet = "Client"` for table `people`
    failed to add `DIR/a.csv`: it is text, and mapping `test/people` reads a workbook
      help: no built-in mapping fits; `throughline mapping draft FILE` starts one
    "###);
}

#[test]
fn a_release_with_too_many_repairs_is_stopped() {
    let bench = Bench::new();
    let strict = mapping(&toml(&READ.replace("repair_cap_rows = 50", "repair_cap_rows = 2"), TABLE));
    let text = format!("{GOOD}{}", "2|x\n".repeat(3));
    assert_snapshot!(error(&bench, &bench.file("a.txt", text), &strict), @r###"
    failed to add `DIR/a.txt`: 3 of 4 rows of table `people` had to be repaired, the first in row 3
      help: the release looks broken: ask the source for it again, or raise `repair_cap_rows` (2) or `repair_cap_share` (0.0001) in the mapping
    "###);
}

#[test]
fn deliveries_that_are_none() {
    let bench = Bench::new();
    let one = bench.file("one.txt", GOOD);
    let two = bench.file("two.txt", GOOD);
    std::fs::create_dir(bench.path("folder")).unwrap();
    let same_name = bench.path("folder").join("one.txt");
    std::fs::write(&same_name, "Id|City|Sex|Left\n").unwrap();
    let shown: Vec<String> = [vec![], vec![one.clone(), two], vec![one, same_name]]
        .iter()
        .map(|files| bench.explain(&evidence::add(&bench.store, files, &people(), &crate::support::QUIET).unwrap_err()))
        .collect();
    assert_snapshot!(shown.join("\n"), @r###"
    failed to add a delivery: no file is named
      help: name the files of one delivery
    failed to add `DIR/one.txt` and `DIR/two.txt` as one delivery: they hold the same bytes
      help: name each file once
    failed to add `DIR/one.txt` and `DIR/folder/one.txt` as one delivery: they have the same name
      help: rename one of them, or add them one after the other
    "###);
}
