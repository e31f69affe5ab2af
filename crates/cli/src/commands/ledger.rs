use super::open;
use crate::args::{Format, Ledger, LedgerCommand};
use crate::exit::Failure;
use crate::output;
use camino::Utf8Path;
use serde::Serialize;

#[derive(Serialize)]
struct Checked {
    verified: bool,
    origin: String,
    size: u64,
    root: String,
    warnings: Vec<String>,
}

pub(crate) async fn run(root: &Utf8Path, ledger: &Ledger, format: Format) -> Result<(), Failure> {
    match &ledger.command {
        LedgerCommand::Show => {
            let state = server::ledger_state(open(root).await?.ledger_state()?);
            match format {
                Format::Json => output::json(&state),
                Format::Human => {
                    output::line(format_args!("{}\n{} entries, root {}", state.origin, state.size, state.root))?;
                    output::line(format_args!("verifier key {}", state.verifier_key))
                }
            }
        }
        LedgerCommand::Verify { dir, key } => {
            // Deliberately without opening the workspace: an outsider has only these two.
            let folder = dir.clone().unwrap_or_else(|| root.join("ledger"));
            let key = match key {
                Some(key) => key.clone(),
                None => workspace::stored_verifier_key(root)?,
            };
            let verified = workspace::verify_ledger(&folder, &key)?;
            let checked = Checked {
                verified: true,
                origin: verified.checkpoint.origin().to_owned(),
                size: verified.checkpoint.size(),
                root: verified.checkpoint.root().to_string(),
                warnings: verified.warnings.iter().map(|w| format!("`{}` {}", w.path, w.kind)).collect(),
            };
            match format {
                Format::Json => output::json(&checked),
                Format::Human => {
                    output::line(format_args!(
                        "verified: {} entries of {}, root {}",
                        checked.size, checked.origin, checked.root
                    ))?;
                    checked.warnings.iter().try_for_each(|w| output::line(format_args!("warning: {w}")))
                }
            }
        }
    }
}
