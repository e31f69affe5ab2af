use crate::problem::ApiProblem;
use crate::wire::{Problem, SourceRow};
use crate::{Desk, convert};
use axum::Json;
use axum::extract::{Query, State};
use model::{DeliveryId, RowPointer};
use serde::Deserialize;
use std::sync::Arc;
use utoipa::IntoParams;

/// Which row, and what lets the reader see it.
#[derive(Debug, Deserialize, IntoParams)]
pub(crate) struct RowQuery {
    /// Delivery id.
    delivery: String,
    /// File name within the delivery.
    file: String,
    /// Worksheet, for workbooks.
    sheet: Option<String>,
    /// Row of the file as delivered, from 1.
    row: u64,
    /// The id of an opening of the file of a person whom this row is about. Not needed for public deliveries.
    opening: Option<String>,
}

/// One row of a delivery with every original cell: where a value came from.
#[utoipa::path(get, path = "/rows", params(RowQuery), responses(
    (status = 200, body = SourceRow),
    (status = 403, body = Problem, description = "`opening_needed`: no file that this row belongs to is open to this reader"),
    (status = 404, body = Problem, description = "no such row"),
))]
pub(crate) async fn row(
    State(desk): State<Arc<Desk>>,
    Query(query): Query<RowQuery>,
) -> Result<Json<SourceRow>, ApiProblem> {
    let pointer = RowPointer {
        delivery: DeliveryId::new(query.delivery),
        file: query.file,
        sheet: query.sheet.filter(|s| !s.is_empty()),
        row: query.row,
    };
    if desk.workspace.holds_clients(&pointer.delivery)? {
        let snapshot = desk.snapshot().await?;
        let persons = snapshot.persons_behind(&pointer);
        let opening = query.opening.unwrap_or_default();
        if !desk.workspace.admitted_to_any(&persons, &office::OpeningId(opening)).await? {
            return Err(ApiProblem::opening_needed());
        }
    }
    let row = desk.workspace.row(&pointer)?;
    Ok(Json(convert::source_row(&desk.workspace, row)?))
}
