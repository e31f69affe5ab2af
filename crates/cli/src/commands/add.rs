use super::open;
use crate::args::{Add, Format};
use crate::exit::{Failure, chain};
use crate::output;
use camino::Utf8Path;
use evidence::wire::ReceiptJson;
use evidence::{AddOptions, Mapping, Progress, Receipt};
use indicatif::{ProgressBar, ProgressStyle};
use office::Actor;
use std::io::IsTerminal;

pub(crate) async fn run(root: &Utf8Path, add: &Add, format: Format) -> Result<(), Failure> {
    // The mapping first: it needs no workspace, and its errors are the commonest.
    let mapping = Mapping::resolve(&add.mapping).map_err(|error| Failure::told(&error, error.help()))?;
    let workspace = open(root).await?;
    let bar = progress_bar();
    let show = |progress: &Progress<'_>| {
        bar.set_message(progress.path.to_string());
        bar.set_position(progress.rows);
    };
    let options = AddOptions { through: add.through, progress: &show };
    let added = workspace.add(&add.files, &mapping, &options, &Actor(add.by.by.clone())).await?;
    bar.finish_and_clear();
    if added.already_present {
        eprintln!("note: this delivery is already here; nothing was changed");
    }
    if !added.already_present {
        // The delivery stands, whatever comes of the watch.
        match workspace.vanished_since(&added.receipt.delivery).await {
            Ok(flags) => flags.iter().for_each(|flag| eprintln!("note: {}", super::watch::told(flag))),
            Err(error) => eprintln!("note: the watch for vanished records failed: {}", chain(&error)),
        }
    }
    match format {
        Format::Json => output::json(&ReceiptJson::from(&added.receipt))?,
        Format::Human => {
            for text in describe(&added.receipt) {
                output::line(text)?;
            }
        }
    }
    if added.receipt.reconciled {
        Ok(())
    } else {
        Err(Failure::found(
            "the receipt does not reconcile: rows or lines are unaccounted for, or the delivery's own counts differ",
        )
        .help("ask the source for the delivery again before relying on it"))
    }
}

fn progress_bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{spinner} {msg} {human_pos} rows")
        .unwrap_or_else(|_| ProgressStyle::default_spinner());
    ProgressBar::new_spinner().with_style(style)
}

/// A receipt in readable lines.
pub(crate) fn describe(receipt: &Receipt) -> Vec<String> {
    let mut lines = vec![format!(
        "delivery {} from {}, read as {}: {}",
        receipt.delivery,
        receipt.source,
        receipt.mapping,
        if receipt.reconciled { "every row accounted for" } else { "does NOT reconcile" }
    )];
    for file in &receipt.files {
        let sheet = file.sheet.as_ref().map(|s| format!(" [{s}]")).unwrap_or_default();
        lines.push(format!(
            "  {}{sheet}: {} rows read = {} kept + {} refused; {} repaired",
            file.path,
            output::count(file.rows_read),
            output::count(file.rows_kept),
            output::count(file.rows_refused),
            output::count(file.rows_repaired)
        ));
        for (problem, columns) in &file.problems {
            let columns: Vec<_> = columns.iter().map(|(c, n)| format!("{c} {}", output::count(*n))).collect();
            lines.push(format!("    {}: {}", problem.name().replace('_', " "), columns.join(", ")));
        }
        for (what, rules) in [("likely duplicates", &file.duplicates), ("record conflicts", &file.conflicts)] {
            if !rules.is_empty() {
                let rules: Vec<_> = rules.iter().map(|(r, n)| format!("{r} {}", output::count(*n))).collect();
                lines.push(format!("    {what}: {}", rules.join(", ")));
            }
        }
    }
    for unread in &receipt.unread {
        lines.push(format!("  not read: {} ({})", unread.path, unread.why));
    }
    lines
}
