use crate::args::{Format, Synth, SynthCommand};
use crate::exit::{Failure, chain};
use crate::output;
use camino::Utf8Path;
use serde::Serialize;
use synth::{EoirSpec, OfficeSpec, Release};

#[derive(Serialize)]
struct Delivery {
    name: &'static str,
    mapping: &'static str,
    through: Option<String>,
    files: Vec<String>,
}

#[derive(Serialize)]
struct CourtRelease {
    release: String,
    truth: String,
    tables: Vec<TableRows>,
    rows: u64,
    faults: u64,
    changes: Option<Changes>,
}

#[derive(Serialize)]
struct TableRows {
    table: String,
    rows: u64,
}

#[derive(Serialize)]
struct Changes {
    vanished: u64,
    appeared: u64,
    changed: u64,
}

pub(crate) fn run(args: &Synth, format: Format) -> Result<(), Failure> {
    match &args.command {
        SynthCommand::Office { people, seed, as_of, out } => {
            office(&OfficeSpec { people: *people, seed: *seed, as_of: *as_of }, out, format)
        }
        SynthCommand::Eoir { cases, seed, out, next_release, unpacked, without_faults } => {
            let release = if *next_release { Release::Next } else { Release::First };
            let spec = EoirSpec { cases: *cases, seed: *seed, release, unpacked: *unpacked, faults: !*without_faults };
            eoir(&spec, out, format)
        }
    }
}

fn office(spec: &OfficeSpec, out: &Utf8Path, format: Format) -> Result<(), Failure> {
    let written = synth::office(spec, out).map_err(|e| Failure::new(chain(&e)))?;
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

fn eoir(spec: &EoirSpec, out: &Utf8Path, format: Format) -> Result<(), Failure> {
    let written = synth::eoir(spec, out, &|_| {}).map_err(|e| Failure::new(chain(&e)))?;
    let rows = written.tables.iter().map(|(_, rows)| rows).sum();
    let release = CourtRelease {
        release: written.release.to_string(),
        truth: written.truth_dir.to_string(),
        tables: written.tables.into_iter().map(|(table, rows)| TableRows { table, rows }).collect(),
        rows,
        faults: written.faults,
        changes: written.changes.map(|c| Changes { vanished: c.vanished, appeared: c.appeared, changed: c.changed }),
    };
    match format {
        Format::Json => output::json(&release),
        Format::Human => {
            output::line(format_args!("{}: {} rows", release.release, release.rows))?;
            for TableRows { table, rows } in &release.tables {
                output::line(format_args!("  {table:<28} {rows:>12}"))?;
            }
            if let Some(Changes { vanished, appeared, changed }) = &release.changes {
                output::line(format_args!("{vanished} rows vanished, {appeared} appeared, {changed} changed"))?;
            }
            output::line(format_args!("{} faults planted; the truth is in {}", release.faults, release.truth))
        }
    }
}
