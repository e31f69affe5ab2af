use super::machine;
use crate::args::{Format, Init};
use crate::exit::Failure;
use crate::output;
use serde::Serialize;
use workspace::Workspace;

#[derive(Serialize)]
struct Made<'a> {
    workspace: &'a str,
    verifier_key: String,
}

pub(crate) async fn run(init: &Init, format: Format) -> Result<(), Failure> {
    let name = init.name.clone().unwrap_or_else(|| init.dir.file_name().unwrap_or("workspace").to_owned());
    let workspace = Workspace::init(&init.dir, &name, machine()).await?;
    let made = Made { workspace: init.dir.as_str(), verifier_key: workspace.verifier_key()? };
    match format {
        Format::Json => output::json(&made),
        Format::Human => {
            output::line(format_args!("made workspace `{}`", init.dir))?;
            output::line(format_args!("verifier key of its ledger: {}", made.verifier_key))?;
            output::line("keep a copy of that key elsewhere: with it anybody can check the account")
        }
    }
}
