//! Checking a mapping against a sample, and drafting one.

use crate::support::{Bench, HEAD, READ, TABLE, gzip, mapping, people, toml};
use camino::{Utf8Path, Utf8PathBuf};
use evidence::assist::{CheckOptions, CheckReport, Draft, DraftOptions, DraftTable, Verdict, check, draft};
use evidence::{Holds, Mapping};
use insta::assert_snapshot;
use proptest::prelude::*;

const ALL: CheckOptions = CheckOptions { most_rows: 10_000 };

/// Checks one file, and takes the folder out of the report.
#[track_caller]
fn checked(bench: &Bench, mapping: &Mapping, files: &[Utf8PathBuf]) -> (CheckReport, String) {
    let report = check(mapping, files, ALL).unwrap();
    assert_eq!(bench.store.deliveries().unwrap(), [], "nothing is taken in");
    let shown = report.to_string().replace(bench.folder.path().to_str().unwrap(), "DIR");
    (report, shown)
}

/// Drafts a mapping of one file, and loads the very file with it.
#[track_caller]
fn drafted(bench: &Bench, file: &Utf8Path) -> Draft {
    let draft = draft(&[file.to_owned()], &DraftOptions::default()).unwrap();
    let mapping = Mapping::parse("the draft", draft.toml()).unwrap();
    let added = bench.add(file, &mapping).unwrap();
    assert!(added.receipt.reconciled, "{file}");
    assert_eq!(added.receipt.rows_refused(), draft.rows_refused, "{file}");
    assert!(draft.reconciled, "{file}");
    draft
}

/// The columns of a table: name, type, meaning, and how sure.
fn columns(table: &DraftTable) -> String {
    let lines = table.columns.iter().map(|c| {
        let formats = if c.formats.is_empty() { String::new() } else { format!(" {}", c.formats.join(" ")) };
        let texts = if c.true_texts.is_empty() {
            String::new()
        } else {
            format!(" {}/{}", c.true_texts.join(","), c.false_texts.join(","))
        };
        let shape = c.shape.as_ref().map(|s| format!(" {s}")).unwrap_or_default();
        let null = if c.null.is_empty() { String::new() } else { format!(" null {}", c.null.join(" ")) };
        let meaning = c.meaning.as_deref().unwrap_or("-");
        let mark = if c.doubtful { "? " } else { "" };
        let kind = c.kind.name();
        format!("{mark}{:.2} {} as {}: {kind}{formats}{texts}{shape}{null}; {meaning}", c.confidence, c.name, c.as_name)
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_mapping_that_fits() {
    let bench = Bench::new();
    let file = bench
        .file("people.txt", "A banner\nId|City|Sex|Left|Fee\n1|Houston|F|7/2/2016|20\n2|Dallas|M|7/13/2016|$5.50\n");
    let (report, shown) = checked(&bench, &people(), &[file]);
    assert_eq!(report.verdict, Verdict::Fits);
    assert_snapshot!(shown, @r###"
    mapping test/people, version 3: fits

    DIR/people.txt (text): fits
      read as table `people`: fits
        the table takes files of any name
        row 2 is the header: 5 of 5 columns agree
        cells are split at `|` and quoted with `"`
        2 rows: 2 kept, 0 refused
        Id    id    integer  2 filled
        City  city  text     2 filled
        Sex   sex   text     2 filled
        Left  left  date     2 filled
          2 read as `%m/%d/%Y`
        Fee   fee   money    2 filled
        key of `person` (id): never empty, never repeated
        objects: person_record 2
        events: departed 2
        relations: 2
    "###);
}

#[test]
fn a_mapping_that_fits_with_problems() {
    let bench = Bench::new();
    let table = TABLE
        .replace("{ name = \"City\", as = \"city\" }", "{ name = \"City\", as = \"city\", shape = \"[A-Z][a-z]+\" }")
        .replace("[[table.object]]", "key = [\"id\"]\n[[table.object]]");
    let mapping = mapping(&toml(READ, &table));
    let rows = [
        "Id|City|Sex|Left",
        "1|Houston|F|7/2/2016",
        "1|Dallas|X|13/2/2016",
        "|NA|X|1/1/1900",
        "x|el paso|Q|(b)(6);(b)(7)(C)",
        "4|San|Antonio|F|7/2/2016",
        "5|a|b|c|d|e|f|g|h|i|j|k|l",
        "6|Austin",
    ];
    let file = bench.file("people.txt.gz", gzip(rows.join("\n").as_bytes()));
    let (report, shown) = checked(&bench, &mapping, &[file]);
    assert_eq!(report.verdict, Verdict::FitsWithProblems);
    assert_snapshot!(shown, @r###"
    mapping test/people, version 3: fits with problems

    DIR/people.txt.gz (text): fits with problems
      read as table `people`: fits with problems
        the table takes files of any name
        row 1 is the header: 4 of 5 columns agree
        cells are split at `|` and quoted with `"`
        optional and not there: `Fee`
        7 rows: 5 kept, of them 1 repaired, 2 refused
          repaired, pad short: row 8
          refused, too many cells: row 6, 7
        Id    id    integer  4 filled, 1 null
          3 of 4 can be read
          1 not an integer: `x`
        City  city  text     4 filled, 1 null
          1 not of the shape `[A-Z][a-z]+`: `el paso`
        Sex   sex   text     4 filled, 1 null
          1 pad short
          not in the crosswalk: `Q` 1, `X` 1
        Left  left  date     3 filled, 1 null, 1 redacted
          2 of 3 can be read
          2 read as `%m/%d/%Y`
          the order of day and month is in doubt: `%d/%m/%Y` would read 1 of them too, as other days
          1 can only be read as `%d/%m/%Y`
          1 not a date: `13/2/2016`
          1 suspect date: `1/1/1900`
        key of the table (id): 1 empty, first in row 4; 1 repeated, first in row 3
        key of `person` (id): 1 empty, first in row 4; 1 repeated, first in row 3
        objects: person_record 4
        events: departed 2
        relations: 1
    "###);
}

#[test]
fn dates_whose_order_is_in_doubt() {
    for (rows, expected) in [
        (&["7/2/2016", "1/2/2003"][..], Some((0, 2, 0, true))),
        (&["7/2/2016", "7/13/2016"], Some((1, 1, 0, false))),
        (&["7/2/2016", "13/7/2016"], Some((0, 1, 1, true))),
        (&["2/2/2016", "3/3/2016"], None),
        (&["7/13/2016", "13/7/2016"], Some((1, 0, 1, false))),
    ] {
        let bench = Bench::new();
        let lines: Vec<String> = rows.iter().enumerate().map(|(n, day)| format!("{n}|a|F|{day}\n")).collect();
        let file = bench.file("people.txt", format!("Id|City|Sex|Left\n{}", lines.concat()));
        let (report, _) = checked(&bench, &people(), &[file]);
        let left = report.files[0].parts[0].columns.iter().find(|c| c.as_name == "left").unwrap();
        let found = left.day_month.as_ref().map(|d| (d.only_this, d.either, d.only_other, d.is_ambiguous()));
        assert_eq!(found, expected, "{rows:?}");
    }
}

#[test]
fn mappings_that_do_not_fit() {
    let bench = Bench::new();
    let named = mapping(&toml(READ, &TABLE.replace("name = \"people\"", "name = \"people\"\nfiles = [\"*persons*\"]")));
    let removals = "Banner|\n\
        Area of Responsibility|Apprehension Date|Processing Disposition Code|Birth Date|Citizenship|Gender|\
        RC Threat Level|Final Charge Section|Departed Date|Removal Date\n\
        HOU|1/2/2015|ER|(b)(6)|MEXICO|Male||212|1/14/2015|1/14/2015\n";
    let shown: Vec<String> = [
        (bench.file("typos.txt", "Id|Ctiy|Sex|Left on\n1|Houston|F|7/2/2016\n"), people()),
        (bench.file("extra.txt", "Id|City|Sex|Left|Citty\n1|a|F||x\n"), people()),
        (bench.file("other.txt", "What|Where\n1|2\n"), people()),
        (bench.file("name.txt", "Id|City|Sex|Left\n1|a|F|\n"), named),
        (bench.file("ICERemovals_FY2015.csv", removals), people()),
    ]
    .into_iter()
    .map(|(file, mapping)| {
        let (report, shown) = checked(&bench, &mapping, &[file]);
        assert_eq!(report.verdict, Verdict::DoesNotFit);
        shown
    })
    .collect();
    assert_snapshot!(shown.join("\n"), @r###"
    mapping test/people, version 3: does not fit

    DIR/typos.txt (text): does not fit
      would not be taken in: failed to add `DIR/typos.txt`: no row has the columns of table `people` of mapping `test/people`; row 1 looks most like a header, but lacks `City`, `Left`
      what would work: the row has `Ctiy` for `City`, `Left on` for `Left`
      table `people`: 2 of 5 columns agree in row 1
        missing: `City`; the nearest name is `Ctiy` (alike 0.75)
        missing: `Left`; the nearest name is `Left on` (alike 0.67)

    no built-in mapping fits; `throughline mapping draft DIR/typos.txt` starts one

    mapping test/people, version 3: does not fit

    DIR/extra.txt (text): does not fit
      would not be taken in: failed to add `DIR/extra.txt`: mapping `test/people` does not know the column `Citty`
      what would work: the name nearest to `Citty` is `City`; add the column to the mapping, or set `unknown_columns = "keep"` under `[read]` to keep it as text
      table `people`: 4 of 5 columns agree in row 1
      read all the same as table `people`: does not fit
        the table takes files of any name
        row 1 is the header: 4 of 5 columns agree
        cells are split at `|` and quoted with `"`
        optional and not there: `Fee`
        unknown: `Citty`; the nearest name is `City` (alike 0.80)
        1 row: 1 kept, 0 refused
        Id     id     integer  1 filled
        City   city   text     1 filled
        Sex    sex    text     1 filled
        Left   left   date     0 filled, 1 null
        Citty  citty  text     1 filled
        key of `person` (id): never empty, never repeated
        objects: person_record 1

    no built-in mapping fits either

    mapping test/people, version 3: does not fit

    DIR/other.txt (text): does not fit
      would not be taken in: failed to add `DIR/other.txt`: no row has the columns of table `people` of mapping `test/people`
      table `people`: 0 of 5 columns agree

    no built-in mapping fits; `throughline mapping draft DIR/other.txt` starts one

    mapping test/people, version 3: does not fit

    DIR/name.txt (text): does not fit
      would not be taken in: failed to add `DIR/name.txt`: its name fits no table of mapping `test/people`
      what would work: its tables take files named `*persons*`; the columns are those of table `people`, so rename the file
      table `people`: 4 of 5 columns agree in row 1; it takes files of another name
      read all the same as table `people`: apart from that, fits
        its columns are most like those of the file, whatever the file is called
        row 1 is the header: 4 of 5 columns agree
        cells are split at `|` and quoted with `"`
        optional and not there: `Fee`
        1 row: 1 kept, 0 refused
        Id    id    integer  1 filled
        City  city  text     1 filled
        Sex   sex   text     1 filled
        Left  left  date     0 filled, 1 null
        key of `person` (id): never empty, never repeated
        objects: person_record 1

    no built-in mapping fits either

    mapping test/people, version 3: does not fit

    DIR/ICERemovals_FY2015.csv (text): does not fit
      would not be taken in: failed to add `DIR/ICERemovals_FY2015.csv`: no row has the columns of table `people` of mapping `test/people`
      what would work: the file fits mapping `ice/removals-foia-2019`: add it with `--as ice/removals-foia-2019`
      built-in mappings that fit: `ice/removals-foia-2019`
      table `people`: 0 of 5 columns agree
    "###);
}

#[test]
fn the_number_of_rows_is_kept_to() {
    let bench = Bench::new();
    let file = bench.file("people.txt", format!("Id|City|Sex|Left\n{}", "1|a|F|\n".repeat(50)));
    for (most_rows, read, every_row) in [(10, 10, false), (50, 50, true), (51, 50, true)] {
        let report = check(&people(), std::slice::from_ref(&file), CheckOptions { most_rows }).unwrap();
        let part = &report.files[0].parts[0];
        assert_eq!((part.rows_read, part.every_row), (read, every_row), "{most_rows}");
        let held = part.columns.iter().map(|c| c.filled + c.null + c.redacted);
        assert!(held.into_iter().all(|n| n == read));
    }
}

/// Each header of each built-in mapping with two letters swapped, or one left out: the nearest name is the right one.
#[test]
fn a_misspelt_header_finds_its_name() {
    let names = ["Given names", "Surnames", "Birth date", "Nationality", "Language", "Sex", "A-number"];
    let columns: Vec<String> =
        names.iter().enumerate().map(|(n, name)| format!("{{ name = \"{name}\", as = \"c{n}\" }}")).collect();
    let table = format!("[[table]]\nname = \"people\"\ncolumn = [{}]\n", columns.join(", "));
    let mapping = mapping(&format!("{HEAD}{READ}{table}"));
    let bench = Bench::new();
    for (wrong, right) in [
        ("Given name", "Given names"),
        ("Gievn names", "Given names"),
        ("Surname", "Surnames"),
        ("Brith date", "Birth date"),
        ("BIRTH_DATE", "Birth date"),
        ("Nationalty", "Nationality"),
        ("Langauge", "Language"),
        ("A number", "A-number"),
    ] {
        let header: Vec<&str> = names.iter().map(|name| if *name == right { wrong } else { name }).collect();
        let file = bench.file("people.txt", format!("{}\nx|x|x|x|x|x|x\n", header.join("|")));
        let (report, _) = checked(&bench, &mapping, &[file]);
        let fit = &report.files[0].tables[0];
        assert_eq!((fit.agree, fit.of, fit.missing.len()), (6, 7, 1), "{wrong}");
        assert_eq!((fit.missing[0].name.as_str(), fit.missing[0].nearest.as_deref()), (right, Some(wrong)));
        let part = &report.files[0].parts[0];
        assert_eq!((part.unknown[0].name.as_str(), part.unknown[0].nearest.as_deref()), (wrong, Some(right)));
        assert!(part.unknown[0].likeness.unwrap() > 0.6, "{wrong}");
    }
}

#[test]
fn workbooks_are_checked_sheet_by_sheet() {
    let bench = Bench::new();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet().set_name("Clients").unwrap();
    for (row, cells) in [["Id", "City", "Sex", "Left"], ["1", "a", "F", "7/2/2016"]].iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            sheet.write_string(row as u32, column as u16, *cell).unwrap();
        }
    }
    book.add_worksheet().set_name("Notes").unwrap().write_string(0, 0, "hello").unwrap();
    let path = bench.path("intake.xlsx");
    book.save(&path).unwrap();
    let fits = |sheet: &str| {
        mapping(&toml(
            "[read]\nformat = \"workbook\"\n",
            &TABLE.replace("name = \"people\"", &format!("name = \"people\"\nsheet = \"{sheet}\"")),
        ))
    };
    let shown: Vec<String> = ["Client?", "Notes", "Persons"]
        .iter()
        .map(|sheet| checked(&bench, &fits(sheet), std::slice::from_ref(&path)).1)
        .collect();
    assert_snapshot!(shown.join("\n"), @r###"
    mapping test/people, version 3: fits

    DIR/intake.xlsx (a workbook): fits
      sheet `Clients`, read as table `people`: fits
        the table takes files of any name
        the name of the sheet fits `Client?`
        row 1 is the header: 4 of 5 columns agree
        optional and not there: `Fee`
        1 row: 1 kept, 0 refused
        Id    id    integer  1 filled
        City  city  text     1 filled
        Sex   sex   text     1 filled
        Left  left  date     1 filled
          1 read as `%m/%d/%Y`
          the order of day and month is in doubt: `%d/%m/%Y` would read 1 of them too, as other days
        key of `person` (id): never empty, never repeated
        objects: person_record 1
        events: departed 1
        relations: 1
      sheets that no table takes: `Notes`

    mapping test/people, version 3: does not fit

    DIR/intake.xlsx (a workbook): does not fit
      would not be taken in: failed to add `DIR/intake.xlsx`: no row has the columns of table `people` of mapping `test/people`
      table `people`: 4 of 5 columns agree in row 1 of sheet `Clients`
      sheet `Clients`, read all the same as table `people`: apart from that, fits
        the table takes files of any name
        row 1 is the header: 4 of 5 columns agree
        optional and not there: `Fee`
        1 row: 1 kept, 0 refused
        Id    id    integer  1 filled
        City  city  text     1 filled
        Sex   sex   text     1 filled
        Left  left  date     1 filled
          1 read as `%m/%d/%Y`
          the order of day and month is in doubt: `%d/%m/%Y` would read 1 of them too, as other days
        key of `person` (id): never empty, never repeated
        objects: person_record 1
        events: departed 1
        relations: 1

    no built-in mapping fits either

    mapping test/people, version 3: does not fit

    DIR/intake.xlsx (a workbook): does not fit
      would not be taken in: failed to add `DIR/intake.xlsx`: it has no sheet `Persons` (table `people`); its sheets are `Clients`, `Notes`
      what would work: set `sheet` of table `people` to one of them
      table `people`: 4 of 5 columns agree in row 1 of sheet `Clients`
      sheet `Clients`, read all the same as table `people`: apart from that, fits
        the table takes files of any name
        row 1 is the header: 4 of 5 columns agree
        optional and not there: `Fee`
        1 row: 1 kept, 0 refused
        Id    id    integer  1 filled
        City  city  text     1 filled
        Sex   sex   text     1 filled
        Left  left  date     1 filled
          1 read as `%m/%d/%Y`
          the order of day and month is in doubt: `%d/%m/%Y` would read 1 of them too, as other days
        key of `person` (id): never empty, never repeated
        objects: person_record 1
        events: departed 1
        relations: 1

    no built-in mapping fits either
    "###);
}

#[test]
fn a_draft_reads_well() {
    let bench = Bench::new();
    let text = "Intake of the fictional office,,,,,,,,\n\
        Client No.,Nombre,Apellidos,DOB,Sexo,A#,Nacionalidad,Teléfono,Próxima audiencia,Detenido,Fianza,Notas\n\
        C-001,Ana Lucía,Ruiz Testigo,03/14/1990,F,A900000101,Honduras,555-0101,04/22/2026,No,,\n\
        C-002,Pedro,Prueba,7/4/1988,M,A900000102,Guatemala,555-0102,05/01/2026,Sí,\"$1,500.00\",\"hermano, también cliente\"\n\
        C-003,Marie,Exemple,12/01/1995,F,A900000103,Haiti,,N/A,No,,\n\
        C-004,Juan,Ficticio,09/09/1979,M,A900000104,Honduras,555-0104,04/22/2026,No,N/A,\n\
        C-005,Rosa,Inventada,02/28/2001,F,A900000105,El Salvador,555-0105,06/03/2026,Sí,$4000,\n\
        C-006,Luis,Supuesto,10/10/1984,M,A900000106,Nicaragua,555-0106,06/09/2026,No,,\n";
    let draft = drafted(&bench, &bench.file("intake 2026.csv", text));
    assert_eq!(draft.holds, Holds::Clients.name());
    assert_snapshot!(draft.toml(), @r###"
    # A draft. The number above each column says from 0 to 1 how sure its type and its meaning are; what is marked `# ?`
    #   needs a look. Then try it with `throughline mapping check THIS_FILE --against SAMPLE`.

    id = "draft/intake"
    version = 1
    title = "Drafted from intake 2026.csv"  # ? say what it is
    holds = "clients"  # ? "clients" of an office, or "public" anonymised rows

    # ? Where the records come from: the file does not say.
    [source]
    id = "intake"
    custodian = "the office itself"
    obtained = "? how it was obtained"
    purposes = ["representation", "intake", "review", "disclosure"]
    retention = "while the office represents the person"

    [read]
    format = "delimited"
    delimiter = ","
    quote = "\""
    null = ["", "N/A"]
    unknown_columns = "keep"

    [map.sex]
    "F" = "female"
    "M" = "male"

    # 0.98 row 2 names the columns, below 1 of a banner; 6 rows.
    # Kept as text and not declared: `Teléfono`, since it would let the product track a person (`phone`).
    [[table]]
    name = "intake"
    files = []
    key = ["client_no"]  # filled in every row, and never the same twice
    column = [
        # 0.90 number of the client, text: the header is a name of it, and the values look like it; every text is of the
        #   shape `C-\d{3}`; 6 filled, none twice
        { name = "Client No.", as = "client_no", shape = 'C-\d{3}' },
        # 0.90 given name, text: the header is a name of it, and the values look like it; 6 different texts; 6 filled,
        #   none twice
        { name = "Nombre", as = "given_name" },
        # 0.90 surname, text: the header is a name of it, and the values look like it; 6 different texts; 6 filled, none
        #   twice
        { name = "Apellidos", as = "surname" },
        # 0.97 birth date, date: the header is a name of it, and the values look like it; 6 of 6 texts are dates of
        #   `%m/%d/%Y`; some can only be read month first; 6 filled, none twice
        { name = "DOB", as = "birth_date", type = "date", formats = ["%m/%d/%Y"] },
        # 0.90 sex, text: the header is a name of it, and the values look like it; every text is of the shape `[A-Z]`; 6
        #   filled
        { name = "Sexo", as = "sex", shape = "[A-Z]" },
        # 0.90 A-number, text: the header is a name of it, and the values look like it; every text is of the shape
        #   `A\d{9}`; 6 filled, none twice
        { name = "A#", as = "a_number", shape = 'A\d{9}' },
        # 0.90 country of citizenship, text: the header is a name of it, and the values look like it; 5 different texts; 6
        #   filled
        { name = "Nacionalidad", as = "citizenship" },
        # 0.97 court date, date: the header is a name of it, and the values look like it; 5 of 5 texts are dates of
        #   `%m/%d/%Y`; some can only be read month first; 5 filled, 1 empty
        { name = "Próxima audiencia", as = "hearing_date", type = "date", formats = ["%m/%d/%Y"] },
        # 0.95 boolean: the only texts are `No`, `Sí`; 6 filled
        { name = "Detenido", as = "detenido", type = "boolean", true = ["Sí"], false = ["No"] },
        # ? 0.55 amount of a bond, money: the header is a name of it, and the values look like it; 2 of 2 texts are
        #   amounts; there are only 2 values; 2 filled, 4 empty
        { name = "Fianza", as = "bond_amount", type = "money" },
        # ? 0.55 notes, text: the header is a name of it, and the values do not speak against it; one text, again and
        #   again; there is only one value; 1 filled, 5 empty
        { name = "Notas", as = "notes" },
    ]

    [[table.object]]
    name = "person"
    type = "person_record"
    key = ["client_no"]
    [table.object.attributes]
    given_name = "given_name"
    surname = "surname"
    birth_date = "birth_date"
    sex = { column = "sex", map = "sex" }
    a_number = "a_number"
    citizenship = "citizenship"

    [[table.event]]
    type = "hearing"
    at = "hearing_date"
    objects = { person = "person" }
    # ? amount = "bond_amount": of which event it is, is for you to say
    "###);
}

#[test]
fn types_and_what_they_rest_on() {
    let bench = Bench::new();
    let header =
        "us_date eu_date either mixed iso stamp short month count zip cents flag one_zero is_one state two withheld";
    let mut text = format!("{}\tlong\n", header.replace(' ', "\t"));
    for n in 1..=8 {
        let even = n % 2 == 0;
        let cells = [
            format!("0{n}/1{n}/2020"),
            format!("1{n}.0{n}.2020"),
            format!("0{n}/0{}/2020", 9 - n),
            if even { format!("1{n}/0{n}/2020") } else { format!("0{n}/1{n}/2020") },
            format!("2020-0{n}-11"),
            format!("2020-0{n}-11 0{n}:30:00"),
            format!("{n}/2{n}/19"),
            format!("{n}-Jan-2020"),
            (n * 1000).to_string(),
            format!("0{n}00{n}"),
            format!("${n}.50"),
            (if even { "Yes" } else { "no" }).to_owned(),
            (n % 2).to_string(),
            (n % 2).to_string(),
            ["TX", "CA", "NA", "NM", "AZ", "WA", "OR", "NA"][n - 1].to_owned(),
            ["M", "F"][n % 2].to_owned(),
            (if n > 4 { "(b)(6)" } else { "x y" }).to_owned(),
            format!("some words of length {}", "x".repeat(n)),
        ];
        text.push_str(&cells.join("\t"));
        text.push('\n');
    }
    let draft = drafted(&bench, &bench.file("types.tsv", text));
    assert_snapshot!(columns(&draft.tables[0]), @r###"
    0.97 us_date as us_date: date %m/%d/%Y; -
    0.95 eu_date as eu_date: date %d.%m.%Y; -
    ? 0.40 either as either: date %m/%d/%Y; -
    ? 0.22 mixed as mixed: date %m/%d/%Y; -
    0.97 iso as iso: date %Y-%m-%d; -
    0.97 stamp as stamp: datetime %Y-%m-%d %H:%M:%S; -
    0.60 short as short: date %m/%d/%y; -
    0.97 month as month: date %d-%b-%Y; -
    0.90 count as count: integer; -
    0.85 zip as zip: text \d{5}; -
    0.95 cents as cents: money; -
    0.95 flag as flag: boolean Yes/no; -
    0.90 one_zero as one_zero: integer; -
    0.95 is_one as is_one: boolean 1/0; -
    ? 0.55 state as state: text [A-Z]{2}; -
    0.90 two as two: text [A-Z]; -
    ? 0.55 withheld as withheld: text; -
    0.90 long as long: text; -
    "###);
}

#[test]
fn delimiters_headers_and_banners_are_found() {
    let rows = "Id,First name,City\n1,Ana,Houston\n2,Pedro,Dallas\n3,Rosa,El Paso\n";
    let bench = Bench::new();
    let mut n = 0;
    let mut shown = |text: Vec<u8>| {
        n += 1;
        let draft = drafted(&bench, &bench.file(&format!("file_{n}.txt"), text));
        let table = &draft.tables[0];
        let delimiter = draft.toml().lines().find(|l| l.starts_with("delimiter")).unwrap_or_default().to_owned();
        let quote = draft.toml().lines().find(|l| l.starts_with("quote")).unwrap_or_default().to_owned();
        let names: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
        format!("{delimiter} {quote} header {:?} rows {} columns {}", table.header_row, table.rows, names.join(" "))
    };
    let lines: Vec<String> = [
        rows.as_bytes().to_vec(),
        rows.replace(',', "\t").into_bytes(),
        rows.replace(',', "|").into_bytes(),
        rows.replace(',', ";").into_bytes(),
        rows.replace('\n', "\r\n").into_bytes(),
        rows.replace('\n', "\r").into_bytes(),
        gzip(rows.as_bytes()),
        rows.replace("El Paso", "\"El Paso, Texas\"").into_bytes(),
        rows.replace("Ana", "An\"a").replace(',', "\t").into_bytes(),
        format!("For official use only\n\nReport of May,,\n{rows}").into_bytes(),
        rows.split_once('\n').unwrap().1.as_bytes().to_vec(),
        b"Names\nAna\nPedro\nRosa\n".to_vec(),
        b"Id,,City\n1,a,Houston\n2,b,Dallas\n".to_vec(),
        b"Id,Id,City\n1,a,Houston\n2,b,Dallas\n".to_vec(),
        b"Id,First name,City\n".to_vec(),
        b"Caf\xe9,Id\nx,1\n\xe9t\xe9,2\n".to_vec(),
    ]
    .into_iter()
    .map(&mut shown)
    .collect();
    assert_snapshot!(lines.join("\n"), @r###"
    delimiter = "," quote = "\"" header Some(1) rows 3 columns Id First name City
    delimiter = "\t" quote = "\"" header Some(1) rows 3 columns Id First name City
    delimiter = "|" quote = "\"" header Some(1) rows 3 columns Id First name City
    delimiter = ";" quote = "\"" header Some(1) rows 3 columns Id First name City
    delimiter = "," quote = "\"" header Some(1) rows 3 columns Id First name City
    delimiter = "," quote = "\"" header Some(1) rows 3 columns Id First name City
    delimiter = "," quote = "\"" header Some(1) rows 3 columns Id First name City
    delimiter = "," quote = "\"" header Some(1) rows 3 columns Id First name City
    delimiter = "\t" quote = "\"" header Some(1) rows 3 columns Id First name City
    delimiter = "," quote = "\"" header Some(4) rows 3 columns Id First name City
    delimiter = "," quote = "\"" header None rows 3 columns column_1 column_2 column_3
    delimiter = "," quote = "\"" header Some(1) rows 3 columns Names
    delimiter = "," quote = "\"" header Some(1) rows 2 columns Id City
    delimiter = "," quote = "\"" header Some(1) rows 2 columns Id Id City
    delimiter = "," quote = "\"" header Some(1) rows 0 columns Id First name City
    delimiter = "," quote = "\"" header Some(1) rows 2 columns Café Id
    "###);
}

#[test]
fn what_is_no_table_is_said() {
    let bench = Bench::new();
    let prose = format!(
        "# Provenance\n\n{}",
        "This is a text about where the files come from, and it goes on for long enough lines.\n".repeat(9)
    );
    let shown: Vec<String> = [
        bench.file("prose.md", prose),
        bench.file("log.xml", "<?xml version=\"1.0\"?>\n<log>\n<a/>\n</log>\n"),
        bench.file("notes.md", "# Title\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n"),
        bench.file("phones.csv", "Phone,GPS\n1,2\n3,4\n"),
        bench.path("nowhere.csv"),
    ]
    .iter()
    .map(|file| {
        let error = draft(std::slice::from_ref(file), &DraftOptions::default()).unwrap_err();
        let help = error.help().unwrap();
        format!("{error}\n  help: {help}").replace(bench.folder.path().to_str().unwrap(), "DIR")
    })
    .collect();
    assert_snapshot!(shown.join("\n"), @r###"
    failed to draft a mapping of `DIR/prose.md`: 9 of 10 rows have another number of cells than the rest
      help: give a file of rows and columns: delimited text, a workbook, JSON or Parquet; for a workbook whose sheets are laid out for reading, write a mapping by hand as docs/mappings.md shows
    failed to draft a mapping of `DIR/log.xml`: it is XML or HTML, and no table
      help: give a file of rows and columns: delimited text, a workbook, JSON or Parquet; for a workbook whose sheets are laid out for reading, write a mapping by hand as docs/mappings.md shows
    failed to draft a mapping of `DIR/notes.md`: it is Markdown, and no table
      help: give a file of rows and columns: delimited text, a workbook, JSON or Parquet; for a workbook whose sheets are laid out for reading, write a mapping by hand as docs/mappings.md shows
    failed to draft a mapping of `DIR/phones.csv`: none of its columns may be declared
      help: give a file of rows and columns: delimited text, a workbook, JSON or Parquet; for a workbook whose sheets are laid out for reading, write a mapping by hand as docs/mappings.md shows
    failed to add `DIR/nowhere.csv`: there is no such file
      help: check the path; it is taken from the folder you are in
    "###);
    let file = bench.file("a.csv", "a,b\n1,2\n");
    let named = DraftOptions { id: Some("bad id".to_owned()), holds: None };
    assert!(draft(&[file], &named).unwrap_err().to_string().contains("`bad id`"));
}

/// A row that is refused says nothing of the columns.
#[test]
fn malformed_rows_do_not_count() {
    let bench = Bench::new();
    let mut text = String::from("{\n");
    for n in 0..9 {
        text.push_str(&format!("    \"{n}A\": {},\n", if n % 3 == 0 { "Inf" } else { "\"text\"" }));
    }
    text.push_str("    \"ZZ\": \"end\"\n}\n");
    let draft = drafted(&bench, &bench.file("codes.json", text));
    let filled: Vec<u64> = draft.tables[0].columns.iter().map(|c| c.filled).collect();
    assert_eq!((draft.rows_read, draft.rows_refused, filled), (10, 3, vec![7, 7]));
}

/// Use limit: what would let the product track a person is not declared, and nothing is lost.
#[test]
fn tracking_is_not_declared() {
    let bench = Bench::new();
    let file = bench.file("gps.csv", "Id,Cell phone,Plate,Ubicación,Name\n1,5,6,7,Ana\n2,6,7,8,Rosa\n");
    let draft = drafted(&bench, &file);
    let table = &draft.tables[0];
    let not: Vec<&str> = table.not_declared.iter().map(|n| n.name.as_str()).collect();
    assert_eq!((table.name.as_str(), not), ("records", vec!["Cell phone", "Plate", "Ubicación"]));
    assert!(draft.toml().contains("unknown_columns = \"keep\""));
    let delivery = &bench.store.deliveries().unwrap()[0];
    let row = bench.show(&delivery.delivery, "gps.csv", None, 2);
    assert!(row.contains("=5") && row.contains("=7"), "{row}");
}

#[test]
fn several_files_make_several_tables() {
    let bench = Bench::new();
    let files = [
        bench.file("clients_2025.csv", "Client no,Surname\n1,Ruiz\n2,Prueba\n"),
        bench.file("clients_2026.csv", "Client no,Surname\n3,Exemple\n"),
        bench.file("hearings.csv", "Client no|Hearing date\n1|2026-05-01\n"),
    ];
    let drafted =
        draft(&files, &DraftOptions { id: Some("office/all".to_owned()), holds: Some(Holds::Clients) }).unwrap();
    let shown: Vec<String> =
        drafted.tables.iter().map(|t| format!("{} {} rows of {} files", t.name, t.rows, t.files.len())).collect();
    assert_eq!(shown, ["clients 3 rows of 2 files", "hearings 1 rows of 1 files"]);
    let mapping = Mapping::parse("the draft", drafted.toml()).unwrap();
    let added = evidence::add(&bench.store, &files, &mapping, &crate::support::QUIET).unwrap();
    assert_eq!((added.receipt.rows_read(), added.receipt.rows_refused(), added.receipt.reconciled), (4, 0, true));
}

#[test]
fn workbooks_become_a_table_for_each_sheet_that_is_one() {
    let bench = Bench::new();
    let mut book = rust_xlsxwriter::Workbook::new();
    let date = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    let clients = book.add_worksheet().set_name("Clients (all)").unwrap();
    clients.write_string(0, 0, "Our clients").unwrap();
    for (column, name) in ["Client no.", "Surname", "Birth date", "Sex"].iter().enumerate() {
        clients.write_string(2, column as u16, *name).unwrap();
    }
    for row in 0..6_u32 {
        clients.write_string(3 + row, 0, format!("C{row}")).unwrap();
        clients.write_string(3 + row, 1, "Ruiz").unwrap();
        let day = rust_xlsxwriter::ExcelDateTime::from_ymd(1990, 1, 1 + row as u8).unwrap();
        clients.write_datetime_with_format(3 + row, 2, &day, &date).unwrap();
        clients.write_string(3 + row, 3, if row % 2 == 0 { "F" } else { "M" }).unwrap();
    }
    book.add_worksheet().set_name("Read me").unwrap().write_string(0, 0, "hello").unwrap();
    let path = bench.path("intake.xlsx");
    book.save(&path).unwrap();
    let draft = drafted(&bench, &path);
    assert_eq!((draft.tables.len(), draft.left_out.len()), (1, 1));
    assert_eq!(draft.tables[0].header_row, Some(3));
    assert_snapshot!(columns(&draft.tables[0]), @r###"
    0.90 Client no. as client_no: text C\d; number of the client
    0.90 Surname as surname: text; surname
    0.97 Birth date as birth_date: date %Y-%m-%d; birth date
    0.90 Sex as sex: text [A-Z]; sex
    "###);
}

#[test]
fn the_same_files_give_the_same_draft() {
    let bench = Bench::new();
    let file = bench.file("a.csv", "Id,Name,Born\n1,Ana,1/2/2003\n2,Rosa,4/5/2006\n");
    let again = || draft(std::slice::from_ref(&file), &DraftOptions::default()).unwrap();
    assert_eq!(again(), again());
}

/// Texts, null texts, redactions and dates.
const CELL: &str = "[A-Za-z0-9/$.,\" -]{0,12}|NA|\\(b\\)\\(6\\)|[0-9]{1,2}/[0-9]{1,2}/20[0-9]{2}";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A draft of any rectangular text takes that text in, and loses no row.
    #[test]
    fn a_draft_takes_its_own_file_in(
        header in proptest::collection::vec("[A-Za-z#. ]{1,12}", 2..6),
        rows in proptest::collection::vec(proptest::collection::vec(CELL, 6), 1..12),
        delimiter in proptest::sample::select(vec![',', '\t', '|', ';']),
    ) {
        let quoted = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
        let line = |cells: &[String]| {
            let cells: Vec<String> = cells.iter().map(|c| quoted(c)).collect();
            cells.join(&delimiter.to_string())
        };
        let mut text = line(&header);
        for row in &rows {
            text.push('\n');
            text.push_str(&line(&row[..header.len()]));
        }
        let bench = Bench::new();
        let file = bench.file("any.csv", text);
        if let Ok(drafted) = draft(std::slice::from_ref(&file), &DraftOptions::default()) {
            let mapping = Mapping::parse("the draft", drafted.toml()).unwrap();
            let receipt = bench.add(&file, &mapping).unwrap().receipt;
            prop_assert!(receipt.reconciled);
            prop_assert_eq!(receipt.rows_refused(), drafted.rows_refused);
            prop_assert_eq!(receipt.rows_refused(), 0, "{}", drafted.toml());
        }
    }
}

/// Every real file that holds a table drafts to a mapping that takes it in, refuses no row, and reconciles.
#[test]
fn real_files_draft_to_mappings_that_take_them_in() {
    let folder = crate::real::folder();
    if !folder.is_dir() {
        eprintln!("skipped: {folder} is not here");
        return;
    }
    let mut files: Vec<Utf8PathBuf> = Vec::new();
    for source in folder.read_dir_utf8().unwrap() {
        let source = source.unwrap();
        if source.path().is_dir() {
            files.extend(source.path().read_dir_utf8().unwrap().map(|e| e.unwrap().path().to_owned()));
        }
    }
    files.sort();
    // Text about files, logs of another format, and workbooks that are laid out for reading.
    let no_tables = |name: &str| name.ends_with(".md") || name.contains(".xes") || name == "Over72HourFacilities.xlsx";
    let (mut taken_in, mut rows) = (0, 0);
    for file in &files {
        let name = file.file_name().unwrap();
        // The rows of the largest are like those of their neighbours; an event log in JSON is no table, and may be drafted
        // as one or not.
        if ["FY2017.csv.gz", "FY2018.csv.gz", "jsonocel"].iter().any(|end| name.ends_with(end)) {
            continue;
        }
        match draft(std::slice::from_ref(file), &DraftOptions::default()) {
            Ok(drafted) => {
                assert!(!no_tables(name), "{name}");
                let mapping = Mapping::parse("the draft", drafted.toml()).unwrap();
                let bench = Bench::new();
                let receipt = bench.add(file, &mapping).unwrap().receipt;
                assert_eq!((receipt.rows_refused(), receipt.reconciled), (0, true), "{name}");
                assert_eq!(drafted.rows_refused, 0, "{name}");
                taken_in += 1;
                rows += receipt.rows_read();
            }
            Err(error) => assert!(no_tables(name), "{name}: {error}"),
        }
    }
    assert!(taken_in > 50 && rows > 1_000_000, "{taken_in} files, {rows} rows");
}
