//! One file for each endpoint.

mod deliveries;
mod obligations;
mod openings;
mod persons;
mod queue;
mod rows;
mod workspace;

use crate::Desk;
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn all() -> OpenApiRouter<Arc<Desk>> {
    OpenApiRouter::new()
        .routes(routes!(workspace::summary))
        .routes(routes!(workspace::ledger))
        .routes(routes!(queue::queue))
        .routes(routes!(openings::open))
        .routes(routes!(persons::file))
        .routes(routes!(obligations::why))
        .routes(routes!(rows::row))
        .routes(routes!(deliveries::list))
        .routes(routes!(deliveries::summary))
}
