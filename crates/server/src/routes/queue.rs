use crate::problem::ApiProblem;
use crate::wire::{Problem, Queue};
use crate::{Desk, convert};
use axum::Json;
use axum::extract::State;
use std::sync::Arc;

/// What is owed and due over all persons of the office, liberty first, then soonest.
///
/// There is no way to ask for persons by nationality, religion, ethnicity, sex or status, and relief screening is not
/// listed: it stays in the person's own file.
#[utoipa::path(get, path = "/queue", responses(
    (status = 200, body = Queue),
    (status = 409, body = Problem, description = "nothing has been built yet"),
))]
pub(crate) async fn queue(State(desk): State<Arc<Desk>>) -> Result<Json<Queue>, ApiProblem> {
    Ok(Json(convert::queue(&*desk.snapshot().await?)))
}
