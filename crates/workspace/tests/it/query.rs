//! The query door: what it shows, and whom it does not.

use crate::{AS_OF, Desk, add_public, by};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use camino::Utf8Path;
use engine::EngineError;
use evidence::{AddOptions, Mapping};
use std::fs;
use workspace::{QueryDoor, Workspace, WorkspaceError};

/// The answer as text: cells of a row by `|`, rows by a line end.
async fn ask(door: &QueryDoor, sql: &str) -> String {
    let mut rows = door.query(sql).await.unwrap_or_else(|e| panic!("{sql}: {e:?}"));
    let mut lines = Vec::new();
    while let Some(batch) = rows.next().await.unwrap() {
        let options = FormatOptions::new().with_null("null");
        let columns: Vec<_> = batch.columns().iter().map(|c| ArrayFormatter::try_new(c, &options).unwrap()).collect();
        lines.extend(
            (0..batch.num_rows())
                .map(|row| columns.iter().map(|c| c.value(row).to_string()).collect::<Vec<_>>().join("|")),
        );
    }
    lines.join("\n")
}

/// Takes in files with a mapping of `source`, whose tables are given as TOML.
async fn add(desk: &Desk, workspace: &Workspace, mapping: (&str, u32, &str), files: &[(&str, &str)]) {
    let (source, version, tables) = mapping;
    let toml = format!(
        "id = \"test/{source}\"\nversion = {version}\ntitle = \"Test\"\nholds = \"public\"\n\
         [source]\nid = \"{source}\"\ncustodian = \"Test\"\nobtained = \"Test\"\npurposes = [\"oversight\"]\n\
         retention = \"permanent\"\n\
         [read]\nformat = \"delimited\"\ndelimiter = \",\"\nquote = \"\\\"\"\nnull = [\"\"]\n{tables}"
    );
    let mapping = Mapping::parse("test.toml", &toml).unwrap();
    let folder = Utf8Path::from_path(desk.folder.path()).unwrap();
    let paths: Vec<_> = files
        .iter()
        .map(|(name, text)| {
            fs::write(folder.join(name), text).unwrap();
            folder.join(name)
        })
        .collect();
    workspace.add(&paths, &mapping, &AddOptions { through: None, progress: &|_| {} }, &by()).await.unwrap();
}

/// Use limit: clients' rows are never searched.
#[tokio::test]
async fn a_workspace_with_clients_is_not_queried() {
    let desk = Desk::new();
    let workspace = desk.office(4).await;
    let refused = |workspace: &Workspace| match workspace.query_door() {
        Err(error @ WorkspaceError::HoldsClients { .. }) => {
            assert!(error.to_string().contains("delivery `d-"), "{error}");
            assert!(error.help().unwrap().contains("public deliveries only"));
        }
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("the door opened on clients' rows"),
    };
    refused(&workspace);
    add_public(&workspace).await;
    refused(&workspace);
    workspace.build(AS_OF, &by()).await.unwrap();
    refused(&workspace);
    // The derived tables hold clients even where somebody took their deliveries away.
    fs::remove_dir_all(desk.root().join("evidence")).unwrap();
    fs::create_dir_all(desk.root().join("evidence")).unwrap();
    refused(&workspace);
}

#[tokio::test]
async fn a_release_is_asked_by_name() {
    let desk = Desk::new();
    let workspace = desk.init().await;
    let empty = workspace.query_door().unwrap();
    for table in ["deliveries", "files", "problems", "refused", "objects", "events", "relations"] {
        assert_eq!(ask(&empty, &format!("SELECT count(*) FROM {table}")).await, "0", "{table}");
    }
    add_public(&workspace).await;
    workspace.build(AS_OF, &by()).await.unwrap();
    let door = workspace.query_door().unwrap();
    for (sql, expected) in [
        ("SELECT count(*) FROM ice.removals", "4000"),
        ("SELECT count(*) FROM removals", "4000"),
        (
            "SELECT source, mapping, mapping_version, holds, rows_read, rows_kept, files, reconciled FROM deliveries",
            "ice|ice/removals-foia-2019|2|public|4000|4000|1|true",
        ),
        ("SELECT \"table\", file, rows_read FROM files", "removals|ICERemovals_FY2018_sample.csv.gz|4000"),
        ("SELECT cells FROM problems WHERE problem = 'redacted' AND \"column\" = 'birth_date'", "4000"),
        ("SELECT count(*) FROM events WHERE event_type = 'departed'", "4000"),
        ("SELECT count(DISTINCT object_id) FROM objects", "4000"),
        ("SELECT count(*) FROM relations", "7956"),
        ("SELECT count(*) FROM refused", "0"),
        ("SELECT count(*) FROM derived.persons", "0"),
        ("SELECT min(departed_date), min(departed_date__text) FROM removals", "2016-10-07|1/1/2018"),
        (
            "SELECT count(*) FROM removals r JOIN events e ON r.delivery = e.delivery AND r.file = e.file AND r.row = e.row",
            "7956",
        ),
    ] {
        assert_eq!(ask(&door, sql).await, expected, "{sql}");
    }
    match door.query("SELECT count(*) FROM removal").await.err() {
        Some(WorkspaceError::Sql(EngineError::NoTable { nearest, .. })) => {
            assert!(nearest.contains(&"removals".to_owned()), "{nearest:?}");
        }
        other => panic!("{other:?}"),
    }
    for sql in ["DELETE FROM removals", "DROP TABLE ice.removals", "INSERT INTO deliveries SELECT * FROM deliveries"] {
        assert!(matches!(door.query(sql).await, Err(WorkspaceError::Sql(EngineError::ReadOnly { .. }))), "{sql}");
    }
}

const FIRST: &str = "[[table]]\nname = \"stays\"\nfiles = [\"*stays*\"]\n\
    [[table.column]]\nname = \"In\"\nas = \"book_in\"\ntype = \"date\"\nformats = [\"%m/%d/%Y\"]\n\
    [[table.column]]\nname = \"Bond\"\nas = \"bond\"\ntype = \"money\"\n";
const SECOND: &str = "[[table]]\nname = \"stays\"\nfiles = [\"*stays*\"]\n\
    [[table.column]]\nname = \"In\"\nas = \"book_in\"\n\
    [[table.column]]\nname = \"Where\"\nas = \"facility\"\n";

/// Deliveries of several shapes are one table: by name, null where a column is missing, text where types differ.
#[tokio::test]
async fn deliveries_of_a_source_are_one_table() {
    let desk = Desk::new();
    let workspace = desk.init().await;
    let files = &[("a-stays.csv", "In,Bond\n01/31/2018,$10.50\n"), ("b-stays.csv", "In,Bond\n,\n02/01/2018,7\n")];
    add(&desk, &workspace, ("one", 1, FIRST), files).await;
    let door = workspace.query_door().unwrap();
    assert_eq!(ask(&door, "SELECT min(book_in) + interval '1 day', sum(bond) FROM stays").await, "2018-02-01|1750");
    assert_eq!(ask(&door, "SELECT count(DISTINCT file) FROM stays").await, "2", "a table of several files");

    add(&desk, &workspace, ("one", 2, SECOND), &[("c-stays.csv", "In,Where\nsoon,Tacoma\n")]).await;
    add(&desk, &workspace, ("other-one", 1, SECOND), &[("d-stays.csv", "In,Where\nlate,Aurora\n")]).await;
    let door = workspace.query_door().unwrap();
    let rows =
        ask(&door, "SELECT mapping_version, book_in, book_in__text, bond, facility FROM one.stays ORDER BY file, row")
            .await;
    assert_eq!(
        rows,
        "1|2018-01-31|01/31/2018|1050|null\n1|null|null|null|null\n1|2018-02-01|02/01/2018|700|null\n\
         2|soon|soon|null|Tacoma"
    );
    assert_eq!(ask(&door, "SELECT facility FROM \"other-one\".stays").await, "Aurora");
    assert_eq!(ask(&door, "SELECT count(*), count(DISTINCT delivery) FROM one.stays").await, "4|2");
    match door.query("SELECT * FROM stays").await.err() {
        Some(WorkspaceError::Sql(EngineError::NoTable { nearest, .. })) => {
            assert_eq!(nearest, ["\"other-one\".stays", "one.stays"], "the name alone says too little");
        }
        other => panic!("{other:?}"),
    }

    let tables = door.tables().unwrap();
    let stays = tables.iter().find(|t| t.name == "one.stays").unwrap();
    assert_eq!(stays.rows, 4);
    let columns: Vec<_> = stays.columns.iter().map(|c| format!("{} {}", c.name, c.kind)).collect();
    for column in ["book_in text", "bond money", "facility text", "row integer", "problems text"] {
        assert!(columns.contains(&column.to_owned()), "`{column}` is not in {columns:?}");
    }
    assert_eq!(columns.last().unwrap(), "problems text");
}

/// Nobody writes an answer over evidence.
#[tokio::test]
async fn the_stores_are_the_workspaces_own() {
    let desk = Desk::new();
    let workspace = desk.init().await;
    let root = desk.root();
    for (path, kept) in [
        (root.join("evidence/x.csv"), true),
        (root.join("derived/x.csv"), true),
        (root.join("ledger/x.csv"), true),
        (root.join("keys/ledger.key"), true),
        (root.join("office.sqlite"), true),
        (root.join("throughline.toml"), true),
        (root.join("../w/evidence/x.csv"), true),
        (root.join("x.csv"), false),
        (root.join("../x.csv"), false),
        ("x.csv".into(), false),
    ] {
        assert_eq!(workspace.keeps(&path), kept, "{path}");
    }
}
