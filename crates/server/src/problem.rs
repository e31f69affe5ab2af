use crate::wire::Problem;
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::error::Error;
use workspace::WorkspaceError;

/// A refusal or failure on its way to a client.
#[derive(Debug)]
pub(crate) struct ApiProblem {
    status: StatusCode,
    body: Problem,
}

impl ApiProblem {
    pub(crate) fn new(status: StatusCode, kind: &str, detail: impl Into<String>) -> Self {
        Self { status, body: Problem { kind: kind.to_owned(), detail: detail.into(), help: None } }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.body.help = Some(help.into());
        self
    }

    pub(crate) fn opening_needed() -> Self {
        Self::new(StatusCode::FORBIDDEN, "opening_needed", "this file is not open to you")
            .help("say who you are and why you are opening it")
    }
}

impl From<WorkspaceError> for ApiProblem {
    fn from(error: WorkspaceError) -> Self {
        let (status, kind) = match &error {
            WorkspaceError::Unknown { .. } => (StatusCode::NOT_FOUND, "unknown"),
            WorkspaceError::NotBuilt { .. } => (StatusCode::CONFLICT, "not_built"),
            WorkspaceError::OtherCriteria => (StatusCode::CONFLICT, "other_criteria"),
            WorkspaceError::OpeningNeeded { .. } => return Self::opening_needed(),
            _ => (StatusCode::INTERNAL_SERVER_ERROR, "failed"),
        };
        let detail = chain(&error);
        if status.is_server_error() {
            tracing::error!(%detail, "request failed");
        }
        let help = error.help();
        Self { status, body: Problem { kind: kind.to_owned(), detail, help } }
    }
}

impl IntoResponse for ApiProblem {
    fn into_response(self) -> Response {
        (self.status, Json(self.body)).into_response()
    }
}

/// An error with its causes on one line.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
