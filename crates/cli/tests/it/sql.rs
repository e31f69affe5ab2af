//! Questions in SQL, asked of the binary.

use crate::desk::{Desk, files, sample};
use arrow::array::RecordBatch;
use arrow::datatypes::DataType;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs;
use std::path::{Path, PathBuf};

/// A workspace with the public sample.
fn observer() -> Desk {
    let desk = Desk::new();
    desk.run(&["add", sample().to_str().unwrap(), "--as", "ice/removals-foia-2019"]).ok();
    desk
}

/// One record of a file of questions.
struct Question {
    line: usize,
    fails: bool,
    sql: String,
    expected: Vec<String>,
}

fn questions(path: &Path) -> Vec<Question> {
    let text = fs::read_to_string(path).unwrap();
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')).peekable();
    let mut found = Vec::new();
    while let Some((line, kind)) = lines.next() {
        if kind.is_empty() {
            continue;
        }
        assert!(kind == "query" || kind == "error", "{}:{}: `{kind}`", path.display(), line + 1);
        let sql: Vec<&str> = lines.by_ref().map(|(_, l)| l).take_while(|l| *l != "----").collect();
        let expected = lines.by_ref().map(|(_, l)| l.to_owned()).take_while(|l| !l.is_empty()).collect();
        found.push(Question { line: line + 1, fails: kind == "error", sql: sql.join("\n"), expected });
    }
    found
}

#[test]
fn questions_are_answered_as_written() {
    let desk = observer();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/sql");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    let before = desk.evidence_and_ledger();
    let mut asked = 0;
    for path in paths.iter().filter(|p| p.extension().is_some_and(|e| e == "slt")) {
        for Question { line, fails, sql, expected } in questions(path) {
            let place = format!("{}:{line}: {sql}", path.display());
            let run = desk.run(&["sql", &sql, "--format", "csv"]);
            if fails {
                assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""), "{place}: {run:?}");
                for words in expected {
                    assert!(run.stderr.contains(&words), "{place}: `{words}` is not in: {}", run.stderr);
                }
            } else {
                let stdout = run.ok().stdout;
                assert_eq!(stdout.lines().skip(1).collect::<Vec<_>>(), expected, "{place}");
            }
            asked += 1;
        }
    }
    assert!(asked > 20, "{asked} questions were found");
    assert!(before == desk.evidence_and_ledger(), "a question changed something");
}

const FIRST: &str =
    "select row, area, apprehension_date, removal_date__text, problems from removals order by row limit 3";

#[test]
fn the_formats_say_the_same() {
    let desk = observer();
    insta::assert_snapshot!("human", desk.run(&["sql", FIRST]).ok().stdout);
    insta::assert_snapshot!("json", desk.run(&["sql", FIRST, "--format", "json"]).ok().stdout);
    insta::assert_snapshot!("csv", desk.run(&["sql", FIRST, "--format", "csv"]).ok().stdout);
    insta::assert_snapshot!("tables", desk.run(&["sql"]).ok().stdout);
    let listed = desk.run(&["sql", "--tables", "--format", "json"]).json();
    let removals = listed.as_array().unwrap().iter().filter(|c| c["table"] == "ice.removals").count();
    assert_eq!(removals, 6 + 2 * 10, "the row pointer, problems, and each column twice");

    for (format, name) in [("json", "a.json"), ("csv", "a.csv"), ("human", "a.txt")] {
        let printed = desk.run(&["sql", FIRST, "--format", format]).ok().stdout;
        assert_eq!(desk.run(&["sql", FIRST, "--format", format, "--out", name]).ok().stdout, "");
        assert_eq!(fs::read_to_string(desk.path(name)).unwrap(), printed, "{format}");
    }
}

#[test]
fn json_has_numbers_nulls_and_iso_dates() {
    let desk = observer();
    let sql = "select cast(9007199254740993 as bigint) as large, cast(1.10 as decimal(10, 2)) as exact, \
               cast(null as date) as none, date '2018-01-31' as day, \
               cast('2018-01-31T07:05:00' as timestamp) as time, 0.0 / 0.0 as nan, 'a\"b\\c' as text, true as yes";
    let printed = desk.run(&["sql", sql, "--format", "json"]).ok().stdout;
    insta::assert_snapshot!("json_values", printed);
    let none = desk.run(&["sql", "select row from removals where row < 0", "--format", "json"]).json();
    assert_eq!(none, serde_json::json!([]));
    let all = desk.run(&["sql", "select row, area from removals", "--format", "json"]).json();
    assert_eq!(all.as_array().unwrap().len(), 4000);
}

#[test]
fn people_see_a_hundred_rows_unless_they_ask() {
    let desk = observer();
    let head = desk.run(&["sql", "select row from removals order by row"]).ok().stdout;
    assert_eq!(head.lines().count(), 1 + 100 + 1);
    assert_eq!(head.lines().last().unwrap(), "… 3,900 more rows; `--all` prints them");
    let all = desk.run(&["sql", "select row from removals order by row", "--all"]).ok().stdout;
    assert_eq!(all.lines().count(), 1 + 4000);
    let exact = desk.run(&["sql", "select row from removals limit 100"]).ok().stdout;
    assert_eq!(exact.lines().count(), 1 + 100, "nothing more to tell");
    let hostile = desk.run(&["sql", "select chr(27) || '[2J' as t"]).ok().stdout;
    assert!(!hostile.contains('\u{1b}'), "{hostile:?}");
}

fn read_parquet(path: &Path) -> Vec<RecordBatch> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(path).unwrap()).unwrap().build().unwrap();
    reader.map(|batch| batch.unwrap()).collect()
}

#[test]
fn parquet_holds_every_row_with_its_types() {
    let desk = observer();
    let sql = "select row, area, removal_date, upper(area) as loud, cast(null as int) as none from removals";
    desk.run(&["sql", sql, "--format", "parquet", "--out", "r.parquet"]).ok();
    let batches = read_parquet(&desk.path("r.parquet"));
    assert_eq!(batches.iter().map(RecordBatch::num_rows).sum::<usize>(), 4000);
    let types: Vec<_> = batches[0].schema().fields().iter().map(|f| f.data_type().clone()).collect();
    assert_eq!(types, [DataType::UInt64, DataType::Utf8, DataType::Date32, DataType::Utf8, DataType::Int32]);
    desk.run(&["sql", "select row from removals where row < 0", "--format", "parquet", "--out", "none.parquet"]).ok();
    assert_eq!(read_parquet(&desk.path("none.parquet")).iter().map(RecordBatch::num_rows).sum::<usize>(), 0);
}

/// A file is whole or it is not there; what it replaces stays until then.
#[test]
fn a_failure_leaves_no_file_and_harms_none() {
    let desk = observer();
    fs::write(desk.path("old.csv"), "as it was\n").unwrap();
    // A process that ends with an error leaves the case store's log beside it; the next one takes it in.
    let names = || {
        let all = files(desk.folder.path()).into_iter().map(|(path, _)| path);
        all.filter(|path| !path.to_string_lossy().contains("office.sqlite-")).collect::<Vec<_>>()
    };
    let before = names();
    for format in ["csv", "json", "parquet", "human"] {
        // Fails only while it runs, after rows have been written.
        let sql = "select row, case when row > 3000 then cast(area as int) else 1 end as n from removals order by row";
        let run = desk.run(&["sql", sql, "--format", format, "--out", "old.csv"]);
        assert_eq!(run.code, Some(1), "{run:?}");
        assert_eq!(fs::read_to_string(desk.path("old.csv")).unwrap(), "as it was\n", "{format}");
    }
    assert_eq!(before, names());
    desk.run(&["sql", "select 1 as one", "--format", "csv", "--out", "old.csv"]).ok();
    assert_eq!(fs::read_to_string(desk.path("old.csv")).unwrap(), "one\n1\n");
}

#[test]
fn wrong_command_lines_say_what_would_work() {
    let desk = observer();
    fs::create_dir(desk.path("folder")).unwrap();
    let own = desk.workspace().join("evidence/x.csv");
    for (args, code, words) in [
        (&["sql", "select 1", "--format", "parquet"][..], 2, &["--out FILE"][..]),
        (&["owed", "--format", "csv"], 2, &["not a table", "throughline sql"]),
        (&["build", "--format", "parquet"], 2, &["not a table"]),
        (&["openapi", "--format", "csv"], 2, &["not a table"]),
        (&["serve", "--format", "csv"], 2, &["not a table"]),
        (&["sql", "select 1", "--tables"], 2, &["cannot be used with"]),
        (&["sql", "select 1", "--out", "folder"], 1, &["`folder`", "folder"]),
        (&["sql", "select 1", "--out", "no/such/x.csv"], 1, &["failed to create `no/such/x.csv`"]),
        (&["sql", "select 1", "--out", own.to_str().unwrap()], 1, &["refused to write", "own stores"]),
        (
            &["sql", "select a.row, b.row from removals a join removals b on a.row = b.row", "--format", "json"],
            1,
            &["two columns", "`row`", "as"],
        ),
    ] {
        let run = desk.run(args);
        assert_eq!((run.code, run.stdout.as_str()), (Some(code), ""), "{args:?}: {run:?}");
        for word in words {
            assert!(run.stderr.contains(word), "{args:?}: `{word}` is not in: {}", run.stderr);
        }
    }
    assert!(!own.exists());
}

/// Use limit: clients' rows are never searched, and nothing of them is printed.
#[test]
fn a_workspace_with_clients_is_refused() {
    let desk = observer();
    let args = ["synth", "office", "--people", "3", "--seed", "7", "--as-of", "2026-11-24", "--format", "json"];
    let written = desk.run_plain(&[&args[..], &["--out", desk.path("deliveries").to_str().unwrap()]].concat()).json();
    let delivery = &written.as_array().unwrap()[0];
    let mut add = vec!["add", "--as", delivery["mapping"].as_str().unwrap()];
    add.extend(delivery["files"].as_array().unwrap().iter().map(|f| f.as_str().unwrap()));
    desk.run(&add).ok();
    for args in
        [&["sql"][..], &["sql", "--tables"], &["sql", "select count(*) from ice.removals"], &["sql", "select 1"]]
    {
        let run = desk.run(args);
        assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""), "{run:?}");
        for word in ["delivery `d-", "holds clients' rows", "public deliveries only"] {
            assert!(run.stderr.contains(word), "`{word}` is not in: {}", run.stderr);
        }
    }
}
