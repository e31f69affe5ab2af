use crate::Desk;
use crate::problem::ApiProblem;
use crate::wire::{Opening, OpeningRequest, Problem};
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use model::{PersonId, Purpose};
use office::Actor;
use std::sync::Arc;

/// Opens a person's file for a stated purpose. The opening is written to the ledger.
#[utoipa::path(post, path = "/persons/{id}/openings", params(("id" = String, Path, description = "person id")),
    request_body = OpeningRequest, responses(
    (status = 201, body = Opening),
    (status = 400, body = Problem, description = "no purpose of that name, or no reader"),
    (status = 404, body = Problem, description = "no such person"),
))]
pub(crate) async fn open(
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
    request: Result<Json<OpeningRequest>, JsonRejection>,
) -> Result<(StatusCode, Json<Opening>), ApiProblem> {
    let bad = |detail: String| ApiProblem::new(StatusCode::BAD_REQUEST, "bad_request", detail);
    let Json(request) = request.map_err(|rejection| bad(rejection.body_text()))?;
    let person = PersonId::new(id);
    desk.snapshot().await?.file(&person)?;
    let purpose = match Purpose::parse(&request.purpose) {
        Ok(purpose) => purpose,
        Err(error) => {
            desk.workspace.refuse(&person, "no such purpose").await?;
            return Err(bad(error.to_string()));
        }
    };
    let reader = request.reader.trim();
    if reader.is_empty() {
        desk.workspace.refuse(&person, "no reader named").await?;
        return Err(bad("who reads must not be empty".to_owned()).help("say who you are"));
    }
    let opening = desk.workspace.open_file(&person, purpose, &Actor(reader.to_owned())).await?;
    let until = opening.at.saturating_add(office::Opening::GOOD_FOR).unwrap_or(opening.at);
    Ok((
        StatusCode::CREATED,
        Json(Opening {
            id: opening.id.to_string(),
            person: opening.person.to_string(),
            purpose: opening.purpose.name().to_owned(),
            reader: opening.reader,
            at: opening.at.to_string(),
            until: until.to_string(),
        }),
    ))
}
