use super::{open, today};
use crate::args::{Build, Format};
use crate::exit::Failure;
use crate::output;
use camino::Utf8Path;
use office::Actor;

pub(crate) async fn run(root: &Utf8Path, build: &Build, format: Format) -> Result<(), Failure> {
    let workspace = open(root).await?;
    let as_of = build.as_of.unwrap_or_else(today);
    let snapshot = workspace.build(as_of, &Actor(build.by.by.clone())).await?;
    let summary = server::build_summary(&snapshot);
    match format {
        Format::Json => output::json(&summary),
        Format::Human => {
            output::line(format_args!("built {} as of {}", summary.id, summary.as_of))?;
            for text in describe(&summary) {
                output::line(format_args!("  {text}"))?;
            }
            if snapshot.build().ownerless_events > 0 {
                let n = output::count(snapshot.build().ownerless_events);
                output::line(format_args!("  {n} events belong to no person record and are on no timeline"))?;
            }
            Ok(())
        }
    }
}

/// A build in a few lines.
pub(crate) fn describe(summary: &server::wire::BuildSummary) -> Vec<String> {
    let status = |name: &str| summary.obligations.iter().find(|s| s.status == name).map_or(0, |s| s.count);
    vec![
        format!(
            "{} person records form {} persons by {} links",
            output::count(summary.records),
            output::count(summary.persons),
            output::count(summary.links)
        ),
        format!("{} moments on their timelines", output::count(summary.moments)),
        format!(
            "obligations: {} owed, {} due, {} missed, {} met, {} cannot tell",
            output::count(status("owed")),
            output::count(status("due")),
            output::count(status("missed")),
            output::count(status("met")),
            output::count(status("cannot_tell"))
        ),
    ]
}
