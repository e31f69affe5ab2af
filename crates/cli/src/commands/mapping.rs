use crate::args::{Format, Mapping as Args, MappingCommand};
use crate::exit::Failure;
use crate::output;
use camino::{Utf8Path, Utf8PathBuf};
use evidence::assist::{CheckOptions, Draft, DraftOptions, Verdict, check, draft};
use evidence::{Holds, Mapping, MappingError, Mappings};
use serde::Serialize;
use std::fs::File;
use std::io::{self, Write};

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
            let mapping = mappings.get(id).map_err(unknown)?;
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
        MappingCommand::Check { mapping, against, rows } => {
            check_samples(&Mapping::resolve(mapping).map_err(unknown)?, against, *rows, format)
        }
        MappingCommand::Draft { files, id, holds, out } => {
            let holds = holds.as_deref().and_then(Holds::parse);
            let drafted = draft(files, &DraftOptions { id: id.clone(), holds })
                .map_err(|error| Failure::told(&error, error.help()))?;
            if let Some(out) = out {
                write_new(out, drafted.toml())?;
            }
            show(&drafted, out.as_deref(), format)
        }
    }
}

fn unknown(error: MappingError) -> Failure {
    Failure::told(&error, error.help())
}

fn check_samples(mapping: &Mapping, samples: &[Utf8PathBuf], rows: u64, format: Format) -> Result<(), Failure> {
    let report = check(mapping, samples, CheckOptions { most_rows: rows })
        .map_err(|error| Failure::told(&error, error.help()))?;
    match format {
        Format::Json => output::json(&report)?,
        Format::Human => output::line(report.to_string().trim_end())?,
    }
    match report.verdict {
        Verdict::Fits => Ok(()),
        Verdict::FitsWithProblems => Err(Failure::found("the mapping fits the sample with problems")),
        Verdict::DoesNotFit => Err(Failure::new("the mapping does not fit the sample")),
    }
}

/// Writes a file that is not there yet.
fn write_new(path: &Utf8Path, text: &str) -> Result<(), Failure> {
    let written = File::create_new(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Failure::new(format!("failed to write `{path}`: the file is there already"))
            .help("name another file, or move this one away"),
        _ => Failure::new(format!("failed to write `{path}`\n  because: {error}")),
    })
}

/// Prints a draft: the mapping itself, or what stands in the file that was written.
fn show(drafted: &Draft, out: Option<&Utf8Path>, format: Format) -> Result<(), Failure> {
    match (format, out) {
        (Format::Json, _) => output::json(drafted),
        (Format::Human, None) => output::line(drafted.toml().trim_end()),
        (Format::Human, Some(out)) => {
            output::line(format!("wrote {out}; what is marked `# ?` there needs a look"))?;
            for drafted_table in &drafted.tables {
                output::line(format!("table {}, {} rows", drafted_table.name, output::count(drafted_table.rows)))?;
                let mut table = output::table(&["column", "type", "meaning", "sure", ""]);
                for column in &drafted_table.columns {
                    table.add_row([
                        column.name.as_str(),
                        column.kind.name(),
                        column.meaning.as_deref().unwrap_or(""),
                        &format!("{:.2}", column.confidence),
                        if column.doubtful { "?" } else { "" },
                    ]);
                }
                output::line(table)?;
                for needless in &drafted_table.not_declared {
                    output::line(format!("not declared: {}, since {}", needless.name, needless.why))?;
                }
            }
            Ok(())
        }
    }
}
