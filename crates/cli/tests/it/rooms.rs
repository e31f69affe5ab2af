//! Which room may use which: the table of `docs/ARCHITECTURE.md`, held against `cargo metadata`.

use cargo_metadata::{DependencyKind, MetadataCommand};

/// From the bottom up. A room may use only rooms before it.
const ROOMS: &[&str] = &[
    "model",
    "engine",
    "evidence",
    "linkage",
    "lifecycle",
    "law",
    "ledger",
    "office",
    "workspace",
    "synth",
    "server",
    "cli",
];

/// What rooms must not use although they stand above it.
const NEVER: &[(&str, &[&str])] = &[
    ("engine", &["model"]),
    ("evidence", &["engine"]),
    ("linkage", &["model", "engine", "evidence"]),
    ("lifecycle", &["engine", "evidence", "linkage"]),
    ("law", &["evidence", "linkage", "lifecycle"]),
    ("ledger", &["model", "engine", "evidence", "linkage", "lifecycle", "law"]),
    ("office", &["engine", "evidence", "linkage", "lifecycle", "law", "ledger"]),
    ("synth", &["engine", "evidence", "linkage", "lifecycle", "law", "ledger", "office", "workspace"]),
    ("xtask", ROOMS),
];

/// Outside crates that only one room may use.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("sqlx", &["office"]),
    ("datafusion", &["engine", "law"]),
    ("axum", &["server"]),
    ("ed25519-dalek", &["ledger"]),
    ("calamine", &["evidence"]),
    ("rust_xlsxwriter", &["synth"]),
    ("clap", &["cli"]),
];

#[test]
fn rooms_use_only_what_they_may() {
    let metadata =
        MetadataCommand::new().manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).exec().unwrap();
    let mut wrong = Vec::new();
    let place = |name: &str| ROOMS.iter().position(|room| *room == name);
    for package in metadata.workspace_packages() {
        let room = package.name.as_str();
        assert!(room == "xtask" || place(room).is_some(), "`{room}` has no place in the table of rooms");
        let never = NEVER.iter().find(|(name, _)| *name == room).map_or(&[][..], |(_, never)| never);
        for used in package.dependencies.iter().filter(|d| d.kind == DependencyKind::Normal) {
            let used = used.name.as_str();
            if never.contains(&used) || place(used).zip(place(room)).is_some_and(|(used, own)| used >= own) {
                wrong.push(format!("{room} uses {used}"));
            }
            let owners = ONLY_IN.iter().find(|(name, _)| *name == used).map(|(_, owners)| owners);
            if owners.is_some_and(|owners| !owners.contains(&room)) {
                wrong.push(format!("{room} uses {used}"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}
