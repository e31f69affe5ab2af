//! Records in a line each. All names are invented.

use linkage::{Column, FieldKind, FieldSpec, Records};

/// `id | given name | surname | birth date | file number | country`; an empty cell is missing.
pub(crate) fn records(lines: &str) -> Records {
    let rows: Vec<Vec<&str>> =
        lines.lines().filter(|l| !l.trim().is_empty()).map(|l| l.split('|').map(str::trim).collect()).collect();
    let kinds = [
        ("given name", FieldKind::GivenName),
        ("surname", FieldKind::Surname),
        ("born", FieldKind::BirthDate),
        ("file number", FieldKind::Identifier),
        ("country", FieldKind::Category),
    ];
    let columns: Vec<Column<'_>> = (1_usize..)
        .zip(kinds)
        .map(|(at, (name, kind))| Column {
            spec: FieldSpec::new(name, kind),
            values: rows.iter().map(|row| row.get(at).copied()).collect(),
        })
        .collect();
    Records::new(rows.iter().map(|row| row[0].to_owned()).collect(), None, &columns).unwrap()
}

/// Clusters in a line each: id, colon, records.
pub(crate) fn show(records: &Records, clusters: &[linkage::Cluster]) -> String {
    let line = |c: &linkage::Cluster| {
        let ids: Vec<&str> = c.records.iter().map(|&r| records.id(r)).collect();
        format!("{}: {}\n", c.id, ids.join(" "))
    };
    clusters.iter().map(line).collect()
}
