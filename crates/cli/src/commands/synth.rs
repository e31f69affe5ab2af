use crate::args::{Format, Synth, SynthCommand};
use crate::exit::{Failure, chain};
use crate::output;
use serde::Serialize;
use synth::OfficeSpec;

#[derive(Serialize)]
struct Delivery {
    name: &'static str,
    mapping: &'static str,
    through: Option<String>,
    files: Vec<String>,
}

pub(crate) fn run(args: &Synth, format: Format) -> Result<(), Failure> {
    let SynthCommand::Office { people, seed, as_of, out } = &args.command;
    let spec = OfficeSpec { people: *people, seed: *seed, as_of: *as_of };
    let written = synth::office(&spec, out).map_err(|e| Failure::new(chain(&e)))?;
    let deliveries: Vec<Delivery> = written
        .deliveries
        .iter()
        .map(|d| Delivery {
            name: d.name,
            mapping: d.mapping,
            through: d.through.map(|t| t.to_string()),
            files: d.files.iter().map(|f| f.to_string()).collect(),
        })
        .collect();
    match format {
        Format::Json => output::json(&deliveries),
        Format::Human => {
            for d in &deliveries {
                let through = d.through.as_ref().map(|t| format!(" --through {t}")).unwrap_or_default();
                output::line(format_args!("throughline add {} --as {}{through}", d.files.join(" "), d.mapping))?;
            }
            output::line(format_args!("the truth is in {}", written.truth_dir))
        }
    }
}
