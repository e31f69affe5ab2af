use crate::problem::ApiProblem;
use crate::wire::{Delivery, DeliverySummary, Problem};
use crate::{Desk, convert};
use axum::Json;
use axum::extract::{Path, State};
use model::DeliveryId;
use std::sync::Arc;

/// Every delivery with its receipt, newest first.
#[utoipa::path(get, path = "/deliveries", operation_id = "list_deliveries", responses(
    (status = 200, body = [Delivery]),
    (status = 500, body = Problem),
))]
pub(crate) async fn list(State(desk): State<Arc<Desk>>) -> Result<Json<Vec<Delivery>>, ApiProblem> {
    let added = desk.workspace.added().await?;
    let mut deliveries = desk
        .workspace
        .receipts()?
        .iter()
        .map(|receipt| {
            let mapping = desk.workspace.mapping(&receipt.delivery)?;
            Ok(convert::delivery(receipt, &mapping, added.get(&receipt.delivery)))
        })
        .collect::<Result<Vec<_>, ::workspace::WorkspaceError>>()?;
    deliveries.sort_by(|a, b| (&b.added_at, &a.id).cmp(&(&a.added_at, &b.id)));
    Ok(Json(deliveries))
}

/// What a public delivery holds, in counts that single nobody out.
#[utoipa::path(get, path = "/deliveries/{id}/summary", operation_id = "delivery_summary", params(("id" = String, Path, description = "delivery id")),
    responses(
    (status = 200, body = DeliverySummary),
    (status = 404, body = Problem, description = "no such delivery, or not a public one"),
))]
pub(crate) async fn summary(
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
) -> Result<Json<DeliverySummary>, ApiProblem> {
    let summary = desk.workspace.summary(&DeliveryId::new(id)).await?;
    Ok(Json(convert::delivery_summary(summary)))
}
