use crate::problem::ApiProblem;
use crate::wire::{PersonFile, Problem};
use crate::{Desk, convert};
use axum::Json;
use axum::extract::{Path, Query, State};
use model::PersonId;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::IntoParams;

/// What lets a reader in.
#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct Admission {
    /// The id of an opening of this person's file.
    pub(crate) opening: Option<String>,
}

/// One person's whole file.
#[utoipa::path(get, path = "/persons/{id}", params(("id" = String, Path, description = "person id"), Admission),
    responses(
    (status = 200, body = PersonFile),
    (status = 403, body = Problem, description = "`opening_needed`: the file is not open to this reader"),
    (status = 404, body = Problem, description = "no such person"),
))]
pub(crate) async fn file(
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
    Query(admission): Query<Admission>,
) -> Result<Json<PersonFile>, ApiProblem> {
    let person = PersonId::new(id);
    let snapshot = desk.snapshot().await?;
    snapshot.file(&person)?;
    desk.admitted(&person, admission.opening.as_deref()).await?;
    let openings = desk.workspace.openings(&person).await?;
    Ok(Json(convert::person_file(&snapshot, &person, &openings)?))
}
