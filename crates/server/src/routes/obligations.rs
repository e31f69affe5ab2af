use super::persons::Admission;
use crate::problem::ApiProblem;
use crate::wire::{Problem, Why};
use crate::{Desk, convert};
use axum::Json;
use axum::extract::{Path, Query, State};
use model::ObligationId;
use std::sync::Arc;

/// Why an obligation stands as it does: clauses, values, rows, law, and what would change it.
#[utoipa::path(get, path = "/obligations/{id}", params(("id" = String, Path, description = "obligation id"), Admission),
    responses(
    (status = 200, body = Why),
    (status = 403, body = Problem, description = "`opening_needed`: the file is not open to this reader"),
    (status = 404, body = Problem, description = "no such obligation"),
))]
pub(crate) async fn why(
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
    Query(admission): Query<Admission>,
) -> Result<Json<Why>, ApiProblem> {
    let snapshot = desk.snapshot().await?;
    let id = ObligationId::new(id);
    let person = snapshot.obligation(&id)?.person.clone();
    desk.admitted(&person, admission.opening.as_deref()).await?;
    Ok(Json(convert::why(&snapshot, &id)?))
}
