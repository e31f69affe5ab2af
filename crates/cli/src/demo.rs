//! `throughline demo`: a fictional office and a real public extract, taken in, built and served.

use crate::args::Demo;
use crate::commands::add::describe as describe_receipt;
use crate::commands::build::describe as describe_build;
use crate::commands::link::evaluation_lines;
use crate::commands::{machine, serve};
use crate::exit::{Failure, chain};
use crate::output;
use camino::{Utf8Path, Utf8PathBuf};
use evidence::{AddOptions, Mapping, Receipt};
use jiff::civil::{Date, date};
use office::Actor;
use std::fs;
use synth::OfficeSpec;
use workspace::Workspace;

/// The day around which the demo's histories are set.
const AS_OF: Date = date(2026, 11, 24);

/// A seeded sample of a real public release; `samples/public/PROVENANCE.md` tells how it was drawn.
const SAMPLE: (&str, &[u8]) =
    ("ICERemovals_FY2018_sample.csv.gz", include_bytes!("../../../samples/public/ICERemovals_FY2018_sample.csv.gz"));
const SAMPLE_MAPPING: &str = "ice/removals-foia-2019";

/// Marks a folder that the demo made, and so may make anew.
const MARK: &str = ".throughline-demo";

pub(crate) async fn run(demo: &Demo) -> Result<(), Failure> {
    make_room(&demo.dir)?;
    let workspace = Workspace::init(&demo.dir.join("workspace"), "Demo office (fictional people)", machine()).await?;
    let by = Actor("demo".to_owned());

    let spec = OfficeSpec { people: demo.people, seed: demo.seed, as_of: AS_OF };
    let written = synth::office(&spec, &demo.dir.join("deliveries")).map_err(|e| Failure::new(chain(&e)))?;
    output::line(format_args!("a fictional office with {} clients, as of {AS_OF}:", demo.people))?;
    for delivery in &written.deliveries {
        let added = add(&workspace, &delivery.files, delivery.mapping, delivery.through, &by).await?;
        output::line(format_args!("  {}", summary(delivery.name, &added)))?;
    }
    let sample = demo.dir.join("deliveries/public").join(SAMPLE.0);
    write(&sample, SAMPLE.1)?;
    let public = add(&workspace, &[sample], SAMPLE_MAPPING, None, &by).await?;
    output::line("a seeded sample of a real public release, never joined to a person:")?;
    output::line(format_args!("  {}", summary("ICE removals FY2018, sample", &public)))?;

    let snapshot = workspace.build(AS_OF, &by).await?;
    output::line(format_args!("built {}:", snapshot.build().id))?;
    for text in describe_build(&server::build_summary(&snapshot)) {
        output::line(format_args!("  {text}"))?;
    }
    let quality = evaluation_lines(&workspace, &written.truth_dir.join("records.csv")).await?;
    output::line(format_args!("linkage against the truth: {}", quality.get(1).map_or("", String::as_str)))?;
    let state = workspace.ledger_state()?;
    let verified = workspace::verify_ledger(&workspace.ledger_folder(), &state.verifier_key)?;
    output::line(format_args!("ledger: {} entries, verified", verified.checkpoint.size()))?;
    output::line(format_args!("look around with: throughline --workspace {} owed", workspace.root()))?;
    if demo.once { Ok(()) } else { serve::on_this_machine(workspace, demo.port).await }
}

async fn add(
    workspace: &Workspace,
    files: &[Utf8PathBuf],
    mapping: &str,
    through: Option<Date>,
    by: &Actor,
) -> Result<Receipt, Failure> {
    let mapping = Mapping::resolve(mapping).map_err(|e| Failure::new(chain(&e)))?;
    let options = AddOptions { through, progress: &|_| {} };
    Ok(workspace.add(files, &mapping, &options, by).await?.receipt)
}

fn summary(name: &str, receipt: &Receipt) -> String {
    let sum = |count: fn(&evidence::FileReceipt) -> u64| receipt.files.iter().map(count).sum();
    let (read, kept): (u64, u64) = (sum(|f| f.rows_read), sum(|f| f.rows_kept));
    let (repaired, refused): (u64, u64) = (sum(|f| f.rows_repaired), sum(|f| f.rows_refused));
    if !receipt.reconciled {
        return describe_receipt(receipt).join("\n  ");
    }
    format!(
        "{name}: {} rows = {} kept + {} refused, {} repaired; reconciled",
        output::count(read),
        output::count(kept),
        output::count(refused),
        output::count(repaired)
    )
}

/// Makes an empty folder for the demo. A folder that the demo did not make is left alone.
fn make_room(dir: &Utf8Path) -> Result<(), Failure> {
    let failed = |what: &str, error: std::io::Error| Failure::new(format!("failed to {what} `{dir}`: {error}"));
    if dir.exists() && !dir.join(MARK).exists() {
        let empty = dir.read_dir_utf8().map_err(|e| failed("list", e))?.next().is_none();
        if !empty {
            return Err(Failure::new(format!("`{dir}` is not a demo folder, so it is left alone"))
                .help("name another with `--dir DIR`"));
        }
    }
    if dir.exists() {
        fs::remove_dir_all(dir).map_err(|e| failed("empty", e))?;
    }
    fs::create_dir_all(dir).map_err(|e| failed("create", e))?;
    write(&dir.join(MARK), b"made by `throughline demo`, which makes this folder anew\n")
}

fn write(path: &Utf8Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::new(format!("failed to write `{path}`: {error}"));
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(path, bytes).map_err(failed)
}
