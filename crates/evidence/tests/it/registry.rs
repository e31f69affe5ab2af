//! The registry of courts and facilities: reading lists, making it, looking things up, and the committed tables.

use camino::{Utf8Path, Utf8PathBuf};
use evidence::registry::{Registry, Tables, build::build, sources::read_folder};

/// The lists: in the folder that `REGISTRY_FROM` names, or beside the repository.
fn real() -> Option<Utf8PathBuf> {
    let beside = || Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/real");
    let path = std::env::var("REGISTRY_FROM").map_or_else(|_| beside(), Utf8PathBuf::from);
    if !path.is_dir() {
        eprintln!("skipped: {path} is not here");
        return None;
    }
    Some(path)
}

/// Rebuilds the committed tables. `UPDATE_REGISTRY=1` writes them anew.
#[test]
fn the_committed_tables_are_what_the_lists_make() {
    let Some(folder) = real() else { return };
    let found = read_folder(&folder).unwrap();
    assert_eq!(found.unread, []);
    let tables = Tables::of(&build(&found.readings));
    if std::env::var_os("UPDATE_REGISTRY").is_some() {
        tables.write(&Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../registry")).unwrap();
        return;
    }
    for ((name, made), (_, committed)) in tables.files().into_iter().zip(Tables::built_in().files()) {
        let stale = made.lines().zip(committed.lines()).find(|(a, b)| a != b);
        assert!(made == committed, "`registry/{name}` is stale; the first line that differs: {stale:?}");
    }
    assert_eq!(tables.registry().unwrap(), build(&found.readings));
    let _ = Registry::built_in().unwrap();
}
