//! The read-only engine: what it answers, what it refuses, and how it says so.

use engine::arrow::array::{AsArray, Date32Array, Int64Array, RecordBatch, StringArray};
use engine::arrow::datatypes::{DataType, Field, Int64Type, Schema};
use engine::arrow::util::pretty::pretty_format_batches;
use engine::{Engine, EngineError, Part, Settings, TableData, Tables};
use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const SETTINGS: Settings = Settings { partitions: 2, memory_bytes: 64 << 20, batch_rows: 1024 };

/// Tables that count how often one is opened.
#[derive(Default)]
struct Shelf {
    tables: BTreeMap<String, TableData>,
    opened: AtomicUsize,
}

impl Tables for Shelf {
    fn names(&self) -> Vec<String> {
        self.tables.keys().cloned().collect()
    }

    fn open(&self, name: &str) -> Result<Option<TableData>, Box<dyn Error + Send + Sync>> {
        self.opened.fetch_add(1, Ordering::Relaxed);
        Ok(self.tables.get(name).cloned())
    }
}

fn days() -> RecordBatch {
    let fields = [("office", DataType::Utf8), ("day", DataType::Date32), ("n", DataType::Int64)];
    let schema = Schema::new(fields.map(|(name, kind)| Field::new(name, kind, true)).to_vec());
    RecordBatch::try_new(
        Arc::new(schema),
        vec![
            Arc::new(StringArray::from(vec![Some("Seattle"), Some("Boston"), None])),
            Arc::new(Date32Array::from(vec![Some(17_532), Some(17_563), None])),
            Arc::new(Int64Array::from(vec![3, 1, 2])),
        ],
    )
    .unwrap()
}

fn engine() -> Engine {
    let engine = Engine::read_only(SETTINGS).unwrap();
    let table = |name: &str| BTreeMap::from([(name.to_owned(), TableData::Batch(days()))]);
    engine.register_tables("main", Arc::new(Shelf { tables: table("days"), ..Shelf::default() })).unwrap();
    engine.register_tables("ice", Arc::new(Shelf { tables: table("Odd Name"), ..Shelf::default() })).unwrap();
    engine
}

async fn ask(engine: &Engine, sql: &str) -> Result<Vec<RecordBatch>, EngineError> {
    let mut rows = engine.query_stream(sql).await?;
    let mut batches = vec![RecordBatch::new_empty(rows.schema().clone())];
    while let Some(batch) = rows.next().await? {
        batches.push(batch);
    }
    Ok(batches)
}

#[tokio::test]
async fn what_is_no_question_is_refused() {
    let engine = engine();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("out.parquet");
    let file = file.to_str().unwrap();
    for (sql, kind) in [
        ("INSERT INTO days VALUES ('x', null, 1)", "INSERT"),
        ("EXPLAIN INSERT INTO days VALUES ('x', null, 1)", "INSERT"),
        ("EXPLAIN ANALYZE INSERT INTO days VALUES ('x', null, 1)", "INSERT"),
        ("WITH a AS (SELECT 1) INSERT INTO days SELECT 'x', null, 1", "a query that writes"),
        ("SELECT n INTO other FROM days", "a query that writes"),
        ("(SELECT n INTO other FROM days) UNION ALL SELECT 1", "a query that writes"),
        ("UPDATE days SET n = 0", "UPDATE"),
        ("DELETE FROM days", "DELETE"),
        ("TRUNCATE TABLE days", "TRUNCATE"),
        ("DROP TABLE days", "DROP"),
        ("DROP SCHEMA ice CASCADE", "DROP"),
        ("ALTER TABLE days ADD COLUMN x INT", "ALTER"),
        ("CREATE TABLE t AS SELECT 1", "CREATE"),
        ("CREATE VIEW t AS SELECT 1", "CREATE"),
        ("CREATE SCHEMA t", "CREATE"),
        ("CREATE DATABASE t", "CREATE"),
        ("CREATE FUNCTION f() RETURNS INT RETURN 1", "CREATE"),
        ("CREATE EXTERNAL TABLE t STORED AS PARQUET LOCATION '/tmp/'", "CREATE EXTERNAL TABLE"),
        (&format!("COPY days TO '{file}'"), "COPY"),
        (&format!("COPY (SELECT 1) TO '{file}' STORED AS PARQUET"), "COPY"),
        (&format!("EXPLAIN COPY days TO '{file}'"), "COPY"),
        (&format!("EXPLAIN ANALYZE COPY days TO '{file}'"), "COPY"),
        ("SET datafusion.execution.batch_size = 1", "SET"),
        ("RESET datafusion.execution.batch_size", "RESET"),
        ("SHOW ALL", "SHOW"),
        ("BEGIN", "BEGIN"),
        ("COMMIT", "COMMIT"),
        ("PREPARE p AS SELECT 1", "PREPARE"),
        ("EXECUTE p", "EXECUTE"),
        ("DEALLOCATE p", "DEALLOCATE"),
        ("SELECT 1; SELECT 2", "more than one statement"),
        ("SELECT 1; DROP TABLE days", "more than one statement"),
    ] {
        match ask(&engine, sql).await {
            Err(EngineError::ReadOnly { statement }) => assert_eq!(statement, kind, "{sql}"),
            other => panic!("`{sql}` gave {other:?}"),
        }
        let error = engine.query_head(sql, 1).await.err();
        assert!(matches!(error, Some(EngineError::ReadOnly { .. })), "{sql}: {error:?}");
    }
    assert!(!Path::new(file).exists());
    assert_eq!(ask(&engine, "SELECT * FROM days").await.unwrap().iter().map(RecordBatch::num_rows).sum::<usize>(), 3);
}

#[tokio::test]
async fn files_are_not_read_by_path_or_url() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.csv");
    std::fs::write(&path, "a\n1\n").unwrap();
    let path = path.to_str().unwrap();
    let engine = engine();
    for sql in [
        format!("SELECT * FROM '{path}'"),
        format!("SELECT * FROM \"{path}\""),
        format!("SELECT * FROM 'file://{path}'"),
        "SELECT * FROM 'https://example.org/rows.csv'".to_owned(),
        format!("SELECT * FROM read_csv('{path}')"),
        format!("SELECT * FROM read_parquet('{path}')"),
    ] {
        let error = ask(&engine, &sql).await.err();
        assert!(matches!(error, Some(EngineError::NoTable { .. } | EngineError::Query { .. })), "{sql}: {error:?}");
    }
}

#[tokio::test]
async fn questions_are_answered() {
    let engine = engine();
    for (sql, expected) in [
        ("SELECT office FROM days WHERE n > 1 ORDER BY n", "Seattle"),
        ("SELECT n FROM main.days ORDER BY n LIMIT 1", "1"),
        ("SELECT count(*) FROM ice.\"Odd Name\"", "3"),
        ("SELECT upper(office) FROM days WHERE office LIKE 'S%'", "SEATTLE"),
        ("SELECT coalesce(office, '-') FROM days ORDER BY n DESC LIMIT 2", "Seattle -"),
        ("SELECT date_trunc('month', day) FROM days WHERE n = 1", "2018-02-01T00:00:00"),
        ("SELECT extract(year FROM day) FROM days WHERE n = 1", "2018"),
        ("SELECT max(day) - min(day) FROM days", "31"),
        ("SELECT round(sqrt(n), 2) FROM days WHERE n = 2", "1.41"),
        ("SELECT regexp_like(office, '^B.s') FROM days WHERE n = 1", "true"),
        ("SELECT substring(office, 1, 3), character_length(office) FROM days WHERE n = 3", "Sea 7"),
        ("SELECT approx_percentile_cont(0.5) WITHIN GROUP (ORDER BY n) FROM days", "2.0"),
        ("SELECT u FROM (SELECT unnest(string_to_array('a b', ' ')) AS u) ORDER BY u", "a b"),
        ("SELECT row_number() OVER (ORDER BY n) FROM days WHERE n = 1", "1"),
        ("WITH t AS (SELECT 1 AS x) SELECT x + 1 FROM t", "2"),
        ("SELECT table_name FROM information_schema.tables WHERE table_schema = 'ice'", "Odd Name"),
        (
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'days' AND ordinal_position = 1",
            "day",
        ),
    ] {
        let batches = ask(&engine, sql).await.unwrap_or_else(|e| panic!("{sql}: {e:?}"));
        let printed = pretty_format_batches(&batches).unwrap().to_string();
        let cells: Vec<String> = printed
            .lines()
            .skip(3)
            .filter(|line| line.starts_with('|'))
            .flat_map(|line| line.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>())
            .filter(|cell| !cell.is_empty())
            .collect();
        assert_eq!(cells.join(" "), expected, "{sql}");
    }
    for sql in ["SHOW TABLES", "DESCRIBE days", "SHOW COLUMNS FROM days", "SHOW FUNCTIONS", "EXPLAIN SELECT 1"] {
        assert!(ask(&engine, sql).await.unwrap().iter().any(|b| b.num_rows() > 0), "{sql}");
    }
}

#[tokio::test]
async fn mistakes_name_what_is_nearest() {
    let engine = engine();
    for (sql, error, help) in [
        ("SELECT n FROM dais", "no table `dais`", "did you mean `days`?"),
        ("SELECT n FROM ice.days", "no table `ice.days`", "did you mean one of `days`, `ice.\"Odd Name\"`?"),
        ("SELECT n FROM \"odd name\"", "no table `odd name`", "did you mean `ice.\"Odd Name\"`?"),
        ("SELECT n FROM zebra", "no table `zebra`", ""),
        ("SELECT offise FROM days", "no column `offise` in the tables of the query", "did you mean `office`?"),
        ("SELECT d.offise FROM days d", "no column `offise` in the tables of the query", "did you mean `office`?"),
        ("SELECT zebra FROM days", "no column `zebra` in the tables of the query", ""),
    ] {
        let found = ask(&engine, sql).await.unwrap_err();
        assert_eq!((found.to_string().as_str(), found.help().unwrap_or_default().as_str()), (error, help), "{sql}");
    }
    for sql in ["SELEC 1", "", "SELECT", "SELECT 'open", "SELECT (1", "   ;"] {
        let found = ask(&engine, sql).await.unwrap_err();
        assert!(matches!(found, EngineError::Syntax { .. }), "{sql}: {found:?}");
    }
}

/// A query that nobody wrote by hand must not end the program, whose main thread has a stack of 8 MiB.
#[test]
fn long_queries_do_not_overflow_the_stack() {
    let asked = std::thread::Builder::new().stack_size(8 << 20).spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let engine = engine();
            let sum = format!("SELECT 0{} FROM days LIMIT 1", " + n".repeat(3000));
            assert_eq!(ask(&engine, &sum).await.unwrap().iter().map(RecordBatch::num_rows).sum::<usize>(), 1);
            let nested = format!("SELECT {}1{}", "(".repeat(5000), ")".repeat(5000));
            assert!(matches!(ask(&engine, &nested).await, Err(EngineError::Syntax { .. })));
        });
    });
    asked.unwrap().join().unwrap();
}

#[tokio::test]
async fn the_head_comes_with_the_number_of_all() {
    let engine = engine();
    for (sql, rows, all) in [
        ("SELECT * FROM days", 2, 3),
        ("SELECT * FROM days WHERE n < 3", 2, 2),
        ("SELECT * FROM days WHERE n > 5", 0, 0),
        ("SELECT unnest(range(1, 100001)) AS n ORDER BY n", 2, 100_000),
        ("SELECT a.n, b.n FROM days a, days b", 2, 9),
        ("DESCRIBE days", 2, 3),
    ] {
        let (mut head, found) = engine.query_head(sql, 2).await.unwrap();
        let mut read = 0;
        while let Some(batch) = head.next().await.unwrap() {
            read += batch.num_rows();
        }
        assert_eq!((read, found), (rows, all), "{sql}");
    }
}

#[tokio::test]
async fn a_table_is_opened_only_when_it_is_named() {
    let engine = Engine::read_only(SETTINGS).unwrap();
    let shelf = Arc::new(Shelf {
        tables: (0..500).map(|n| (format!("t{n}"), TableData::Batch(days()))).collect(),
        ..Shelf::default()
    });
    engine.register_tables("main", shelf.clone()).unwrap();
    ask(&engine, "SELECT count(*) FROM t7 a JOIN t7 b ON a.n = b.n").await.unwrap();
    ask(&engine, "SHOW TABLES").await.unwrap();
    assert_eq!(shelf.opened.load(Ordering::Relaxed), 1);
}

async fn write(folder: &Path, name: &str, batch: RecordBatch) -> PathBuf {
    use datafusion::dataframe::DataFrameWriteOptions;
    use datafusion::prelude::SessionContext;
    let plain = folder.parent().unwrap().join("plain.parquet");
    let frame = SessionContext::new().read_batch(batch).unwrap();
    let options = DataFrameWriteOptions::new().with_single_file_output(true);
    frame.write_parquet(plain.to_str().unwrap(), options, None).await.unwrap();
    let path = folder.join(name);
    std::fs::rename(plain, &path).unwrap();
    path
}

/// Parts of other schemas are one table; names that look like patterns are names.
#[tokio::test]
async fn parts_of_several_schemas_are_one_table() {
    let folder = tempfile::tempdir().unwrap();
    let odd = folder.path().join("a [b] *? 100% ü");
    std::fs::create_dir(&odd).unwrap();
    let first = write(&odd, "one[1].parquet", days()).await;
    let second = write(&odd, "two.parquet", days().project(&[2]).unwrap()).await;
    let schema = |columns: &[usize]| Arc::new(days().schema().project(columns).unwrap());
    let n = engine::column("n");
    let parts = vec![
        Part {
            files: vec![first],
            schema: schema(&[0, 1, 2]),
            columns: vec![("Day".to_owned(), engine::text(engine::column("day"))), ("n".to_owned(), n.clone())],
        },
        Part {
            files: vec![second],
            schema: schema(&[2]),
            columns: vec![("Day".to_owned(), engine::null(&DataType::Utf8).unwrap()), ("n".to_owned(), n)],
        },
    ];
    let engine = Engine::read_only(SETTINGS).unwrap();
    let tables = BTreeMap::from([("both".to_owned(), TableData::Parts(parts))]);
    engine.register_tables("main", Arc::new(Shelf { tables, ..Shelf::default() })).unwrap();
    let sums = ask(&engine, "SELECT count(\"Day\"), count(*), sum(n) FROM both").await.unwrap();
    let sums = sums.iter().find(|b| b.num_rows() == 1).unwrap();
    let at = |column: usize| sums.column(column).as_primitive::<Int64Type>().value(0);
    assert_eq!((at(0), at(1), at(2)), (2, 6, 12));
    let day = ask(&engine, "SELECT \"Day\" FROM both WHERE \"Day\" LIKE '2018-02%'").await.unwrap();
    assert_eq!(day.iter().map(RecordBatch::num_rows).sum::<usize>(), 1);
}

/// What does not fit into memory goes to disk.
#[tokio::test]
async fn sorts_larger_than_memory_spill() {
    let engine = Engine::read_only(Settings { memory_bytes: 64 << 20, ..SETTINGS }).unwrap();
    let schema = Arc::new(Schema::new(vec![Field::new("n", DataType::Int64, false)]));
    let numbers = Arc::new(Int64Array::from_iter_values(1..=1225));
    let numbers = TableData::Batch(RecordBatch::try_new(schema, vec![numbers]).unwrap());
    let tables = BTreeMap::from([("numbers".to_owned(), numbers)]);
    engine.register_tables("main", Arc::new(Shelf { tables, ..Shelf::default() })).unwrap();
    let sql = "SELECT n, repeat('x', 100) || n AS t \
        FROM (SELECT a.n * 1225 + b.n AS n FROM numbers a CROSS JOIN numbers b) ORDER BY n % 1009, n";
    let mut rows = engine.query_stream(sql).await.unwrap();
    let (mut read, mut last) = (0, None);
    while let Some(batch) = rows.next().await.unwrap() {
        let n = batch.column(0).as_primitive::<Int64Type>();
        for n in n.values() {
            let key = Some((n % 1009, *n));
            assert!(last <= key);
            last = key;
        }
        read += batch.num_rows();
    }
    assert_eq!(read, 1225 * 1225);
}
