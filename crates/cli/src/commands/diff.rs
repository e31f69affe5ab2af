use super::open;
use crate::args::{Diff, OutputFormat};
use crate::exit::Failure;
use crate::output;
use camino::Utf8Path;
use evidence::diff::{Csv, Details, DiffError, DiffJson, DiffReport, TableDiff};
use indicatif::ProgressBar;
use std::io::IsTerminal;

pub(crate) async fn run(root: &Utf8Path, diff: &Diff, format: OutputFormat) -> Result<(), Failure> {
    let tables = matches!(format, OutputFormat::Csv | OutputFormat::Parquet);
    if tables && diff.out.is_none() {
        return Err(Failure::usage("the rows of each table are written to a file of their own")
            .help("name a folder for them with `--out DIR`"));
    }
    let workspace = open(root).await?;
    let (a, b) = (workspace.delivery(&diff.a)?, workspace.delivery(&diff.b)?);
    let bar = if std::io::stderr().is_terminal() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
    let show = |table: &str, number: usize, of: usize| {
        bar.set_message(format!("table {number} of {of}: {table}"));
        bar.tick();
    };
    let details = if diff.out.is_some() { Details::Rows } else { Details::Counts };
    let report = workspace.diff(&a, &b, details, &show)?;
    bar.finish_and_clear();
    if let Some(folder) = &diff.out {
        if workspace.holds_clients(&a)? || workspace.holds_clients(&b)? {
            eprintln!("note: the deliveries hold clients; only counts are written");
        }
        let csv = if format == OutputFormat::Csv { Csv::Yes } else { Csv::No };
        let written = report.write(folder, csv).map_err(failure)?;
        eprintln!("note: {} files were written to `{folder}`", written.len());
    }
    match format {
        OutputFormat::Json => output::json(&DiffJson::from(&report)),
        OutputFormat::Human => print(&report),
        OutputFormat::Csv | OutputFormat::Parquet => Ok(()),
    }
}

fn failure(error: DiffError) -> Failure {
    Failure::told(&error, error.help())
}

fn print(report: &DiffReport) -> Result<(), Failure> {
    let header = ["table", "rows a", "rows b", "unchanged", "vanished", "appeared", "changed", "unreadable"];
    let mut table = output::table(&header);
    for (name, t) in &report.tables {
        let counts = [t.rows[0], t.rows[1], t.unchanged, t.vanished, t.appeared, t.changed, t.unreadable.iter().sum()];
        table.add_row([name.clone()].into_iter().chain(counts.map(output::count)));
    }
    output::line(table)?;
    for (name, t) in report.tables.iter().filter(|(_, t)| !t.is_same()) {
        for line in describe(t) {
            output::line(format_args!("{name}: {line}"))?;
        }
    }
    Ok(())
}

/// What the table of counts does not tell.
fn describe(t: &TableDiff) -> Vec<String> {
    let listed = |counts: &mut dyn Iterator<Item = (&String, &u64)>| {
        counts.map(|(name, n)| format!("{name} {}", output::count(*n))).collect::<Vec<_>>().join(", ")
    };
    let mut lines = Vec::new();
    if t.is_keyless() {
        lines.push("no key; whole rows are compared".to_owned());
    }
    if !t.lost.is_empty() {
        lines.push(format!("lost with what vanished: {}", listed(&mut t.lost.iter())));
    }
    if let Some(n) = t.reappeared.filter(|n| *n > 0) {
        lines.push(format!("of what appeared, {} had been in an earlier release", output::count(n)));
    }
    if !t.by_column.is_empty() {
        lines.push(format!("changed: {}", listed(&mut t.by_column.iter())));
    }
    for (of, name) in [(0, "a"), (1, "b")] {
        if !t.columns_only[of].is_empty() {
            lines.push(format!("only {name} has the columns {}", t.columns_only[of].join(", ")));
        }
    }
    for (what, [a, b]) in [
        ("keys that occur more than once", t.repeated_keys),
        ("rows of such keys without an equal row", t.repeated_only),
        ("rows without a key", t.null_keys),
        ("rows without a key and without an equal row", t.null_keys_only),
        ("refused rows", t.refused),
        ("refused rows whose key cannot be read", t.refused_without_key),
    ] {
        if a + b > 0 {
            lines.push(format!("{what}: {} in a, {} in b", output::count(a), output::count(b)));
        }
    }
    lines
}
