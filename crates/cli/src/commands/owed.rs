use super::open;
use crate::args::{Format, Owed, Reading};
use crate::exit::Failure;
use crate::output;
use camino::Utf8Path;
use model::{PersonId, Purpose};
use office::Actor;
use server::wire::{Obligation, Queue};
use workspace::Workspace;

pub(crate) async fn run(root: &Utf8Path, owed: &Owed, format: Format) -> Result<(), Failure> {
    let workspace = open(root).await?;
    let snapshot = workspace.snapshot().await?;
    let queue = match &owed.person {
        None => server::queue(&snapshot),
        Some(id) => {
            let person = PersonId::new(id.as_str());
            snapshot.file(&person)?;
            open_file(&workspace, &person, &owed.reading).await?;
            let openings = workspace.openings(&person).await?;
            let file = server::person_file(&snapshot, &person, &openings)?;
            Queue { as_of: file.as_of, items: file.obligations }
        }
    };
    match format {
        Format::Json => output::json(&queue),
        Format::Human => print(&queue),
    }
}

/// Opens a person's file for the stated purpose; the ledger has it before anything is shown.
pub(crate) async fn open_file(workspace: &Workspace, person: &PersonId, reading: &Reading) -> Result<(), Failure> {
    let purpose = Purpose::parse(&reading.purpose).map_err(|e| Failure::new(e.to_string()))?;
    workspace.open_file(person, purpose, &Actor(reading.by.by.clone())).await?;
    Ok(())
}

fn print(queue: &Queue) -> Result<(), Failure> {
    if queue.items.is_empty() {
        return output::line(format_args!("nothing is owed or due as of {}", queue.as_of));
    }
    output::line(format_args!(
        "as of {}; not legal advice, no criterion is approved by counsel unless marked",
        queue.as_of
    ))?;
    let mut table = output::table(&["", "by", "days", "person", "what", "status", "obligation"]);
    for item in &queue.items {
        table.add_row([
            if item.liberty { "liberty" } else { "" }.to_owned(),
            item.next_date.clone().unwrap_or_else(|| "-".to_owned()),
            item.days_left.map_or_else(|| "-".to_owned(), |d| d.to_string()),
            format!("{} ({})", item.person.name, item.person.id),
            format!("{} {}{}", item.code, item.title.en, if item.approved { " [approved]" } else { "" }),
            standing(item),
            item.id.clone(),
        ]);
    }
    output::line(table)
}

fn standing(item: &Obligation) -> String {
    let mut text = item.status.replace('_', " ");
    if !item.missing.is_empty() {
        let records: Vec<_> = item.missing.iter().map(|m| m.settled_by.en.as_str()).collect();
        text.push_str(&format!(": get {}", records.join("; ")));
    }
    text
}
