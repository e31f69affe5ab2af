//! The built-in mappings fit the files: every column, every code.

use crate::{large, rows};
use calamine::{Data, Reader as _, Xlsx, open_workbook};
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::{BTreeMap, BTreeSet};
use toml::{Table, Value};

fn mapping(id: &str) -> Table {
    let root = Utf8PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../mappings"));
    std::fs::read_to_string(root.join(format!("{id}.toml"))).unwrap().parse().unwrap()
}

fn list<'a>(table: &'a Table, key: &str) -> &'a [Value] {
    table.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text<'a>(table: &'a Table, key: &str) -> &'a str {
    table.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// A file name against a pattern that may start and end with `*`, letters of either case alike.
fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.to_lowercase(), name.to_lowercase());
    match pattern.strip_prefix('*').and_then(|rest| rest.strip_suffix('*')) {
        Some(part) => name.contains(part),
        None => pattern == name,
    }
}

/// Header and rows of the part of `file` that `table` describes.
fn read(mapping: &Table, table: &Table, file: &Utf8Path) -> (Vec<String>, Vec<Vec<String>>) {
    let read = mapping["read"].as_table().unwrap();
    let wanted: Vec<_> = list(table, "column").iter().map(|c| text(c.as_table().unwrap(), "name")).collect();
    let mut rows = if text(read, "format") == "xlsx" {
        let mut workbook: Xlsx<_> = open_workbook(file).unwrap();
        let range = workbook.worksheet_range(text(table, "sheet")).unwrap();
        let cell = Data::to_string;
        range.rows().map(|row| row.iter().map(cell).collect()).collect()
    } else {
        rows(file, text(read, "delimiter").as_bytes()[0], !text(read, "quote").is_empty())
    };
    let header = rows.iter().position(|row| row.iter().any(|cell| cell.trim() == wanted[0])).unwrap();
    let rest = rows.split_off(header + 1);
    (rows.pop().unwrap(), rest)
}

/// The crosswalks that attributes use: the columns whose texts make the key, and the name of the crosswalk.
fn crosswalks(value: &Value, found: &mut BTreeSet<(Vec<String>, String)>) {
    match value {
        Value::Table(table) => {
            if let Some(map) = table.get("map").and_then(Value::as_str) {
                let columns = match table.get("column") {
                    Some(column) => vec![column.as_str().unwrap().to_owned()],
                    None => list(table, "columns").iter().map(|c| c.as_str().unwrap().to_owned()).collect(),
                };
                found.insert((columns, map.to_owned()));
            } else {
                table.iter().for_each(|(_, value)| crosswalks(value, found));
            }
        }
        Value::Array(values) => values.iter().for_each(|value| crosswalks(value, found)),
        _ => {}
    }
}

#[test]
fn columns_fit_every_file() {
    for delivery in &large().written.deliveries {
        let mapping = mapping(delivery.mapping);
        let keep = text(mapping["read"].as_table().unwrap(), "unknown_columns") == "keep";
        let mut described = BTreeSet::new();
        for table in list(&mapping, "table").iter().map(|t| t.as_table().unwrap()) {
            for file in &delivery.files {
                let name = file.file_name().unwrap();
                let fitting = list(table, "files").iter().any(|p| fits(p.as_str().unwrap(), name));
                if !fitting {
                    continue;
                }
                described.insert(name);
                if text(table, "role") == "counts" {
                    continue;
                }
                let (header, _) = read(&mapping, table, file);
                let mut names = BTreeSet::new();
                for column in list(table, "column").iter().map(|c| c.as_table().unwrap()) {
                    assert!(names.insert(text(column, "name")));
                    let optional = column.contains_key("optional");
                    let there = header.iter().any(|cell| cell == text(column, "name"));
                    assert!(there || optional, "{name} has no `{}`", text(column, "name"));
                }
                let unknown: Vec<_> = header.iter().filter(|cell| !names.contains(cell.as_str())).collect();
                assert!(unknown.is_empty() || keep, "{name}: {unknown:?} not in the mapping");
                assert!(unknown.len() <= 2, "{name}: {unknown:?}");
            }
        }
        assert_eq!(described.len(), delivery.files.len(), "{}: a file fits no table", delivery.name);
    }
}

/// Whether a row meets every condition of an event.
fn meets(event: &Table, cell: impl Fn(&str) -> String, nulls: &[&str]) -> bool {
    list(event, "when").iter().map(|c| c.as_table().unwrap()).all(|condition| {
        let text = cell(text(condition, "column"));
        let among = |key| list(condition, key).iter().any(|value| value.as_str() == Some(text.as_str()));
        let present = condition.get("present").and_then(Value::as_bool);
        (!condition.contains_key("in") || among("in"))
            && !among("not_in")
            && present.is_none_or(|present| present != nulls.contains(&text.as_str()))
    })
}

#[test]
fn crosswalks_know_every_code() {
    let mut events = BTreeMap::new();
    for delivery in &large().written.deliveries {
        let mapping = mapping(delivery.mapping);
        let maps = mapping["map"].as_table().unwrap();
        let nulls: Vec<_> =
            list(mapping["read"].as_table().unwrap(), "null").iter().filter_map(Value::as_str).collect();
        for table in list(&mapping, "table").iter().map(|t| t.as_table().unwrap()) {
            let makers =
                list(table, "object").iter().chain(list(table, "event")).map(|maker| maker.as_table().unwrap());
            for file in &delivery.files {
                let name = file.file_name().unwrap();
                if !list(table, "files").iter().any(|p| fits(p.as_str().unwrap(), name)) {
                    continue;
                }
                if makers.clone().next().is_none() {
                    continue;
                }
                let (header, rows) = read(&mapping, table, file);
                for maker in makers.clone() {
                    let mut used = BTreeSet::new();
                    maker.get("attributes").iter().for_each(|value| crosswalks(value, &mut used));
                    let places: BTreeMap<_, _> = list(table, "column")
                        .iter()
                        .map(|c| c.as_table().unwrap())
                        .filter_map(|c| Some((text(c, "as"), header.iter().position(|cell| cell == text(c, "name"))?)))
                        .collect();
                    // Shifted and short rows are for the reader to repair.
                    for row in rows.iter().filter(|row| row.len() == header.len()) {
                        let cell = |column: &str| row[places[column]].replace('\0', "").trim().to_owned();
                        let dated = maker.get("at").and_then(Value::as_str).map(cell);
                        if !meets(maker, cell, &nulls) || dated.is_some_and(|at| nulls.contains(&at.as_str())) {
                            continue;
                        }
                        *events.entry((delivery.mapping, text(maker, "type").to_owned())).or_insert(0) += 1;
                        for (columns, map) in &used {
                            let cells: Vec<_> = columns.iter().map(|column| cell(column)).collect();
                            if cells.iter().any(|cell| nulls.contains(&cell.as_str())) {
                                continue;
                            }
                            let known = maps[map.as_str()].as_table().unwrap();
                            let key = cells.join("/");
                            assert!(known.contains_key(&key), "{name}: `{key}` is not in map.{map}");
                        }
                    }
                }
            }
        }
    }
    // No event of a mapping waits for rows that never come.
    for id in ["eoir-counsel", "ice-detention", "ice-removals", "uscis-applications", "cbp-travel", "office-intake"] {
        let id = format!("synth/{id}");
        for event in list(&mapping(&id), "table").iter().flat_map(|table| list(table.as_table().unwrap(), "event")) {
            let kind = text(event.as_table().unwrap(), "type").to_owned();
            assert!(events.iter().any(|((mapping, found), _)| **mapping == id && *found == kind), "{id}: no {kind}");
        }
    }
}

#[test]
fn the_office_uses_only_words_that_the_mapping_knows() {
    let mapping = mapping("synth/office-intake");
    let events = list(&mapping, "table").iter().map(|t| t.as_table().unwrap()).find(|t| text(t, "name") == "events");
    let mut known = BTreeSet::new();
    let mut details = BTreeSet::new();
    for event in list(events.unwrap(), "event").iter().map(|e| e.as_table().unwrap()) {
        for condition in list(event, "when").iter().map(|c| c.as_table().unwrap()) {
            known.extend(list(condition, "in").iter().map(|w| w.as_str().unwrap().to_owned()));
        }
    }
    for (_, map) in mapping["map"].as_table().unwrap() {
        details.extend(map.as_table().unwrap().keys().cloned());
    }
    let file = large().root().join("intake/office_intake.xlsx");
    let (_, rows) = read(&mapping, events.unwrap(), &file);
    let used: BTreeSet<_> = rows.iter().map(|row| row[2].clone()).collect();
    assert!(used.is_subset(&known), "{:?}", used.difference(&known).collect::<Vec<_>>());
    assert!(used.len() >= 18, "{used:?}");
    for row in &rows {
        let free = ["offense charged", "credible fear result", "population list received"].contains(&row[2].as_str());
        assert!(free || row[3].is_empty() || details.contains(&row[3]), "{}: {}", row[2], row[3]);
    }
}
