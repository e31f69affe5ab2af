//! Running other programs, with errors that say which one failed and how.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Why a step did not succeed, for people.
#[derive(Debug)]
pub(crate) struct Failed(pub(crate) String);

/// One program to run.
pub(crate) struct Step {
    program: PathBuf,
    args: Vec<OsString>,
    env: Vec<(&'static str, OsString)>,
}

impl Step {
    /// The same cargo that runs this program.
    pub(crate) fn cargo<const N: usize>(args: [&str; N]) -> Self {
        Self::program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())).args(args)
    }

    pub(crate) fn program(program: impl Into<PathBuf>) -> Self {
        Self { program: program.into(), args: Vec::new(), env: Vec::new() }
    }

    pub(crate) fn args<S: AsRef<std::ffi::OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.args.extend(args.into_iter().map(|a| a.as_ref().to_owned()));
        self
    }

    pub(crate) fn env(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.env.push((name, value.into()));
        self
    }

    /// The command, not yet started.
    pub(crate) fn command(&self, folder: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.args).current_dir(folder).envs(self.env.iter().map(|(k, v)| (k, v)));
        command
    }

    /// Runs it to the end in `folder`, with this program's input and output.
    pub(crate) fn run(&self, folder: &Path) -> Result<(), Failed> {
        let shown = self.shown();
        eprintln!("+ {shown}");
        let status =
            self.command(folder).status().map_err(|error| Failed(format!("failed to start `{shown}`: {error}")))?;
        if status.success() { Ok(()) } else { Err(Failed(format!("`{shown}` ended with {status}"))) }
    }

    fn shown(&self) -> String {
        let name = self.program.file_name().unwrap_or_default().to_string_lossy().into_owned();
        std::iter::once(name)
            .chain(self.args.iter().map(|a| a.to_string_lossy().into_owned()))
            .collect::<Vec<_>>()
            .join(" ")
    }
}
