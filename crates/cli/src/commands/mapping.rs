use crate::args::{Format, Mapping as Args, MappingCommand};
use crate::exit::{Failure, chain};
use crate::output;
use evidence::Mappings;
use serde::Serialize;

#[derive(Serialize)]
struct Listed {
    id: String,
    version: u32,
    title: String,
    source: String,
    holds: String,
}

pub(crate) fn run(args: &Args, format: Format) -> Result<(), Failure> {
    let mappings = Mappings::built_in();
    match &args.command {
        MappingCommand::Show { id } => {
            let mapping = mappings.get(id).map_err(|error| {
                let failure = Failure::new(chain(&error));
                match error.help() {
                    Some(help) => failure.help(help),
                    None => failure,
                }
            })?;
            output::line(mapping.text().trim_end())
        }
        MappingCommand::List => {
            let listed: Vec<Listed> = mappings
                .all()
                .map(|m| Listed {
                    id: m.id.clone(),
                    version: m.version,
                    title: m.title.clone(),
                    source: m.source.id.to_string(),
                    holds: m.holds.name().to_owned(),
                })
                .collect();
            match format {
                Format::Json => output::json(&listed),
                Format::Human => {
                    let mut table = output::table(&["mapping", "version", "holds", "what"]);
                    for m in &listed {
                        table.add_row([m.id.as_str(), &m.version.to_string(), &m.holds, &m.title]);
                    }
                    output::line(table)
                }
            }
        }
    }
}
