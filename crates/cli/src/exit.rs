//! How the command ends.

use std::error::Error;
use std::process::ExitCode;
use workspace::WorkspaceError;

/// Why the command did not do what was asked.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    help: Option<String>,
    code: u8,
}

impl Failure {
    /// A failure told in one sentence.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, code: 1 }
    }

    /// A check that found something wrong.
    pub(crate) fn found(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, code: 3 }
    }

    /// A command line that asks for what there is not.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, code: 2 }
    }

    /// An error with its causes, and what would work.
    pub(crate) fn told(error: &dyn Error, help: Option<String>) -> Self {
        Self { message: chain(error), help, code: 1 }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Prints the error and what would work, and gives the exit code.
    pub(crate) fn report(self) -> ExitCode {
        eprintln!("error: {}", self.message);
        if let Some(help) = self.help {
            eprintln!("help: {help}");
        }
        ExitCode::from(self.code)
    }
}

impl From<WorkspaceError> for Failure {
    fn from(error: WorkspaceError) -> Self {
        let code = if matches!(error, WorkspaceError::Verify(_)) { 3 } else { 1 };
        Self { code, ..Self::told(&error, error.help()) }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::new(error.to_string())
    }
}

/// An error with its causes, one a line.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str("\n  because: ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
