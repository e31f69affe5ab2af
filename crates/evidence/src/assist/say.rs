//! The report of a check, for people.

use super::report::{
    CheckReport, ColumnCheck, FileCheck, KeyCheck, NearName, PartCheck, RowNote, TableFit, TextCount, Verdict,
};
use crate::add_error::STARTS_ONE;
use crate::nearest::listed;
use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

/// Tables of the mapping that are shown of a file that fits none.
const TABLES: usize = 5;
/// Names and rows that are shown of a list.
const SHOWN: usize = 8;

impl Display for CheckReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "mapping {}, version {}: {}", self.mapping, self.mapping_version, self.verdict.title())?;
        for file in &self.files {
            say_file(f, file)?;
        }
        let mut strange = self.files.iter().filter(|file| file.stops.is_some() && file.built_in.is_empty());
        match strange.clone().find(|file| file.parts.is_empty()) {
            Some(file) => writeln!(f, "\nno built-in mapping fits; `{STARTS_ONE} {}` starts one", file.path),
            // This mapping nearly fits, so that it is better corrected than begun anew.
            None if strange.next().is_some() => writeln!(f, "\nno built-in mapping fits either"),
            None => Ok(()),
        }
    }
}

fn say_file(f: &mut Formatter<'_>, file: &FileCheck) -> fmt::Result {
    writeln!(f, "\n{} ({}): {}", file.path, file.is, file.verdict.title())?;
    if let Some(stops) = &file.stops {
        writeln!(f, "  would not be taken in: {stops}")?;
        // What to do where nothing fits stands at the end.
        if let Some(help) = file.help.as_ref().filter(|help| !help.contains(STARTS_ONE)) {
            writeln!(f, "  what would work: {help}")?;
        }
        if !file.built_in.is_empty() {
            writeln!(f, "  built-in mappings that fit: {}", listed(&file.built_in))?;
        }
        say_tables(f, &file.tables)?;
    }
    for part in &file.parts {
        say_part(f, part, file.stops.is_some())?;
    }
    if !file.unread_sheets.is_empty() {
        writeln!(f, "  sheets that no table takes: {}", listed(&file.unread_sheets))?;
    }
    Ok(())
}

fn say_tables(f: &mut Formatter<'_>, tables: &[TableFit]) -> fmt::Result {
    for table in tables.iter().take(TABLES) {
        write!(f, "  table `{}`: {} of {} columns agree", table.table, table.agree, table.of)?;
        match (table.row, &table.sheet) {
            (Some(row), Some(sheet)) => write!(f, " in row {row} of sheet `{sheet}`")?,
            (Some(row), None) => write!(f, " in row {row}")?,
            _ => {}
        }
        writeln!(f, "{}", if table.takes_the_name { "" } else { "; it takes files of another name" })?;
        say_near(f, "    missing", &table.missing)?;
    }
    if tables.len() > TABLES {
        writeln!(f, "  and {} further tables with no more columns that agree", tables.len() - TABLES)?;
    }
    Ok(())
}

fn say_part(f: &mut Formatter<'_>, part: &PartCheck, stopped: bool) -> fmt::Result {
    let of = part.sheet.as_ref().map(|sheet| format!("sheet `{sheet}`, ")).unwrap_or_default();
    let verdict = match part.verdict {
        verdict if !stopped || verdict == Verdict::DoesNotFit => verdict.title().to_owned(),
        verdict => format!("apart from that, {}", verdict.title()),
    };
    let read = if stopped { "read all the same as" } else { "read as" };
    writeln!(f, "  {of}{read} table `{}`: {verdict}", part.table)?;
    for why in &part.why {
        writeln!(f, "    {why}")?;
    }
    if !stopped {
        say_near(f, "    missing", &part.missing)?;
    }
    if !part.absent.is_empty() {
        writeln!(f, "    optional and not there: {}", listed(&part.absent))?;
    }
    let unknown = if part.keeps_unknown { "    unknown, kept as text" } else { "    unknown" };
    say_near(f, unknown, &part.unknown)?;
    say_rows(f, part)?;
    let widths =
        [widest(&part.columns, |c| &c.name), widest(&part.columns, |c| &c.as_name), widest(&part.columns, |c| &c.kind)];
    for column in &part.columns {
        say_column(f, column, widths)?;
    }
    for (columns, texts) in &part.not_in_map {
        writeln!(f, "    {columns}: not in the crosswalk: {}", texts_of(texts))?;
    }
    for key in &part.keys {
        say_key(f, key)?;
    }
    say_counts(f, "objects", &part.objects)?;
    say_counts(f, "events", &part.events)?;
    if part.relations > 0 {
        writeln!(f, "    relations: {}", part.relations)?;
    }
    say_counts(f, "likely duplicates", &part.duplicates)?;
    say_counts(f, "conflicts", &part.conflicts)
}

fn say_rows(f: &mut Formatter<'_>, part: &PartCheck) -> fmt::Result {
    let first = if part.every_row { "" } else { "the first " };
    let noun = if part.rows_read == 1 { "row" } else { "rows" };
    write!(f, "    {first}{} {noun}: {} kept", part.rows_read, part.rows_kept)?;
    if part.rows_repaired > 0 {
        write!(f, ", of them {} repaired", part.rows_repaired)?;
    }
    writeln!(f, ", {} refused", part.rows_refused)?;
    say_notes(f, "repaired", &part.repairs, part.rows_repaired)?;
    say_notes(f, "refused", &part.refusals, part.rows_refused)?;
    if let Some(why) = part.stopped_by {
        writeln!(f, "    {why}")?;
    }
    Ok(())
}

fn say_notes(f: &mut Formatter<'_>, what: &str, notes: &[RowNote], all: u64) -> fmt::Result {
    let mut by_why: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    for note in notes {
        by_why.entry(&note.why).or_default().push(note.row);
    }
    for (why, rows) in by_why {
        let more = if rows.len() > SHOWN || all > notes.len() as u64 { " and on" } else { "" };
        let rows: Vec<String> = rows.iter().take(SHOWN).map(u64::to_string).collect();
        writeln!(f, "      {what}, {}: row {}{more}", why.replace('_', " "), rows.join(", "))?;
    }
    Ok(())
}

fn say_near(f: &mut Formatter<'_>, what: &str, names: &[NearName]) -> fmt::Result {
    for near in names.iter().take(SHOWN) {
        match (&near.nearest, near.likeness) {
            (Some(nearest), Some(likeness)) => {
                writeln!(f, "{what}: `{}`; the nearest name is `{nearest}` (alike {likeness:.2})", near.name)?;
            }
            _ => writeln!(f, "{what}: `{}`; no name is like it", near.name)?,
        }
    }
    if names.len() > SHOWN {
        writeln!(f, "{what}: {} more", names.len() - SHOWN)?;
    }
    Ok(())
}

fn widest(columns: &[ColumnCheck], text: impl Fn(&ColumnCheck) -> &str) -> usize {
    columns.iter().map(|c| text(c).chars().count()).max().unwrap_or(0).min(32)
}

fn say_column(f: &mut Formatter<'_>, column: &ColumnCheck, [name, as_name, kind]: [usize; 3]) -> fmt::Result {
    write!(
        f,
        "    {:name$}  {:as_name$}  {:kind$}  {} filled",
        column.name, column.as_name, column.kind, column.filled
    )?;
    for (n, what) in [(column.null, "null"), (column.redacted, "redacted")] {
        if n > 0 {
            write!(f, ", {n} {what}")?;
        }
    }
    writeln!(f)?;
    if column.typed < column.filled {
        writeln!(f, "      {} of {} can be read", column.typed, column.filled)?;
    }
    for format in &column.formats {
        writeln!(f, "      {} read as `{}`", format.cells, format.format)?;
    }
    if column.own_dates > 0 {
        writeln!(f, "      {} are dates by the file's own account", column.own_dates)?;
    }
    if let Some(order) = &column.day_month {
        if order.is_ambiguous() {
            writeln!(
                f,
                "      the order of day and month is in doubt: `{}` would read {} of them too, as other days",
                order.other, order.either
            )?;
        }
        if order.only_other > 0 {
            writeln!(f, "      {} can only be read as `{}`", order.only_other, order.other)?;
        }
    }
    for problem in &column.problems {
        let what = problem.problem.replace('_', " ");
        let examples =
            if problem.examples.is_empty() { String::new() } else { format!(": {}", listed(&problem.examples)) };
        writeln!(f, "      {} {what}{examples}", problem.cells)?;
    }
    if let Some(shape) = &column.shape {
        writeln!(f, "      {} not of the shape `{}`: {}", shape.cells, shape.shape, listed(&shape.examples))?;
    }
    if !column.not_in_map.is_empty() {
        writeln!(f, "      not in the crosswalk: {}", texts_of(&column.not_in_map))?;
    }
    Ok(())
}

fn texts_of(texts: &[TextCount]) -> String {
    let shown: Vec<String> = texts.iter().take(SHOWN).map(|t| format!("`{}` {}", t.text, t.cells)).collect();
    let more = if texts.len() > SHOWN { " and others" } else { "" };
    format!("{}{more}", shown.join(", "))
}

fn say_key(f: &mut Formatter<'_>, key: &KeyCheck) -> fmt::Result {
    let of = if key.of == "table" { "the table".to_owned() } else { format!("`{}`", key.of) };
    write!(f, "    key of {of} ({}): ", key.columns.join(", "))?;
    let parts: Vec<String> = [(key.empty, key.first_empty, "empty"), (key.repeated, key.first_repeated, "repeated")]
        .into_iter()
        .filter_map(|(n, first, what)| Some(format!("{n} {what}, first in row {}", first?)))
        .collect();
    writeln!(f, "{}", if parts.is_empty() { "never empty, never repeated".to_owned() } else { parts.join("; ") })
}

fn say_counts(f: &mut Formatter<'_>, what: &str, counts: &BTreeMap<String, u64>) -> fmt::Result {
    if counts.is_empty() {
        return Ok(());
    }
    let counts: Vec<String> = counts.iter().map(|(name, n)| format!("{name} {n}")).collect();
    writeln!(f, "    {what}: {}", counts.join(", "))
}
