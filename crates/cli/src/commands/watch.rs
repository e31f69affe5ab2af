use super::open;
use crate::args::{Format, Watch};
use crate::exit::Failure;
use crate::output;
use camino::Utf8Path;
use evidence::diff::watch::{VanishedFlag, WatchedTable};
use evidence::diff::{VanishedJson, WatchJson, WatchedJson};
use model::SourceId;

pub(crate) async fn run(root: &Utf8Path, watch: &Watch, format: Format) -> Result<(), Failure> {
    let workspace = open(root).await?;
    let source = watch.source.as_deref().map(SourceId::new);
    let watched = workspace.watch(source.as_ref()).await?;
    match format {
        Format::Json => output::json(&WatchJson {
            tables: watched.tables.iter().map(WatchedJson::from).collect(),
            flags: watched.flags.iter().map(VanishedJson::from).collect(),
        }),
        Format::Human => print(&watched.tables, &watched.flags),
    }
}

fn print(tables: &[WatchedTable], flags: &[VanishedFlag]) -> Result<(), Failure> {
    if tables.is_empty() {
        return output::line("nothing is watched: no delivery has a table whose mapping names a `key`");
    }
    let mut table = output::table(&["mapping", "table", "release", "keys", "new", "gone", "back", "lost"]);
    for watched in tables {
        for release in &watched.releases {
            let lost: Vec<_> = release.lost.iter().map(|(class, n)| format!("{class} {}", output::count(*n))).collect();
            let counts = [release.keys, release.new, release.gone, release.back].map(output::count);
            let names = [watched.mapping.clone(), watched.table.clone(), release.delivery.clone()];
            table.add_row(names.into_iter().chain(counts).chain([lost.join(", ")]));
        }
    }
    output::line(table)?;
    for flag in flags {
        output::line(told(flag))?;
    }
    Ok(())
}

/// A flag in one line.
pub(crate) fn told(flag: &VanishedFlag) -> String {
    let head = if flag.alert { "ALERT: " } else { "" };
    if flag.table_missing {
        return format!("{head}{}: the release does not have this table; the one before has", flag.table);
    }
    let lost: Vec<_> = flag.lost.iter().map(|(class, n)| format!("{class} {}", output::count(*n))).collect();
    let share = 100.0 * flag.gone as f64 / flag.keys_before.max(1) as f64;
    format!(
        "{head}{}: {} of {} keys ({share:.2} %) are gone since {}, {} came back; gone: {}",
        flag.table,
        output::count(flag.gone),
        output::count(flag.keys_before),
        flag.previous,
        output::count(flag.back),
        if lost.is_empty() { "none".to_owned() } else { lost.join(", ") }
    )
}
