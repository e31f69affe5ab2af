use crate::args::{Format, Law, LawCommand};
use crate::exit::{Failure, chain};
use crate::output;
use serde::Serialize;

#[derive(Serialize)]
struct Listed<'a> {
    id: &'a str,
    code: &'a str,
    title: &'a str,
    outcome: &'a str,
    subject: &'a str,
    authority: &'a [String],
    versions: Vec<ListedVersion<'a>>,
    approved: bool,
}

#[derive(Serialize)]
struct ListedVersion<'a> {
    id: &'a str,
    from: Option<String>,
    to: Option<String>,
    scope: &'a str,
    state: &'a str,
    confidence: &'a str,
    watch: Option<&'a str>,
}

pub(crate) fn run(law: &Law, format: Format) -> Result<(), Failure> {
    let LawCommand::List = law.command;
    let library = law::Library::built_in().map_err(|e| Failure::new(chain(&e)))?;
    let listed: Vec<Listed<'_>> = library
        .criteria()
        .iter()
        .map(|c| Listed {
            id: &c.id,
            code: &c.code,
            title: &c.title.en,
            outcome: c.outcome.name(),
            subject: c.subject.name(),
            authority: &c.authority,
            versions: c
                .versions
                .iter()
                .map(|v| ListedVersion {
                    id: &v.id,
                    from: v.from.map(|d| d.to_string()),
                    to: v.to.map(|d| d.to_string()),
                    scope: &v.scope,
                    state: v.state.name(),
                    confidence: v.confidence.name(),
                    watch: v.watch.as_ref().map(|w| w.en.as_str()),
                })
                .collect(),
            approved: c.approved(),
        })
        .collect();
    match format {
        Format::Json => output::json(&listed),
        Format::Human => {
            let mut table = output::table(&["", "criterion", "what", "outcome", "versions", "approved"]);
            for c in &listed {
                let versions: Vec<_> =
                    c.versions.iter().map(|v| format!("{} {} {}", v.id, v.state, v.confidence)).collect();
                let approved = if c.approved { "yes" } else { "no" };
                table.add_row([c.code, c.id, c.title, c.outcome, &versions.join(", "), approved]);
            }
            output::line(table)
        }
    }
}
