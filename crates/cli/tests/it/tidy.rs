//! Rules for the text of the repository.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn sources() -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    let mut open: Vec<PathBuf> =
        ["crates", "xtask", "web/src", "web/tests", "mappings", "criteria", "docs"].map(|d| root().join(d)).to_vec();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            if !path.ends_with("paraglide") {
                open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            }
        } else if let Ok(text) = fs::read_to_string(&path) {
            files.push((path, text));
        }
    }
    assert!(files.len() > 100, "the sources were not found");
    files
}

#[test]
fn nothing_is_left_for_later_without_an_owner() {
    let marks = [["TO", "DO"].concat(), ["FIX", "ME"].concat(), ["XX", "X"].concat()];
    let found: Vec<String> = sources()
        .iter()
        .flat_map(|(path, text)| {
            text.lines().enumerate().map(move |(n, line)| (format!("{}:{}", path.display(), n + 1), line.to_owned()))
        })
        .filter(|(_, line)| marks.iter().any(|m| line.contains(m.as_str())) && !line.contains('('))
        .map(|(place, _)| place)
        .collect();
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn files_stay_readable() {
    let long: Vec<String> = sources()
        .iter()
        .filter(|(path, _)| path.extension().is_some_and(|e| e == "rs" || e == "ts" || e == "svelte"))
        .filter(|(path, text)| text.lines().count() > 1200 && !path.ends_with("schema.d.ts"))
        .map(|(path, text)| format!("{}: {} lines", path.display(), text.lines().count()))
        .collect();
    assert_eq!(long, Vec::<String>::new());
}

#[test]
fn every_criterion_has_examples_beside_it() {
    let folder = root().join("criteria");
    let names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    for name in names.iter().filter(|n| n.ends_with(".toml") && !n.ends_with(".examples.toml")) {
        let examples = name.replace(".toml", ".examples.toml");
        assert!(names.contains(&examples), "`{name}` has no `{examples}`");
    }
}
