//! The HTTP API of one workspace, its OpenAPI document, and the embedded web UI.
//!
//! This crate holds no rule of its own: it turns requests into calls on [`workspace::Workspace`] and answers into the
//! shapes of [`wire`]. It listens on this machine only, and answers only requests addressed to this machine.

mod assets;
mod convert;
mod guard;
mod problem;
mod routes;
mod state;

pub mod wire;

pub use convert::{build_summary, ledger_state, link, person_file, queue, why};
pub use state::Desk;

use axum::Router;
use axum::middleware;
use std::sync::Arc;
use tokio::net::TcpListener;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

/// The document that clients are generated from.
#[derive(OpenApi)]
#[openapi(info(
    title = "Throughline",
    description = "One accountable case file out of many agencies' records. Not legal advice.",
    license(name = "Apache-2.0", identifier = "Apache-2.0")
))]
struct Document;

fn api() -> OpenApiRouter<Arc<Desk>> {
    OpenApiRouter::with_openapi(Document::openapi()).nest("/api", routes::all())
}

/// The OpenAPI document as JSON, with a final newline. `openapi.json` beside this crate is the same text.
///
/// # Errors
///
/// If the document cannot be written as JSON.
pub fn openapi_json() -> Result<String, serde_json::Error> {
    let (_, document) = api().split_for_parts();
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

/// The whole service: API and UI.
pub fn app(desk: Arc<Desk>) -> Router {
    let (router, _) = api().split_for_parts();
    router
        .fallback(assets::serve)
        .layer(middleware::from_fn(guard::same_machine))
        .layer(middleware::map_response(guard::headers))
        .with_state(desk)
}

/// Serves until the process is told to stop (Ctrl-C).
///
/// # Errors
///
/// If the listener fails.
pub async fn serve(desk: Arc<Desk>, listener: TcpListener) -> std::io::Result<()> {
    let stop = async {
        // Without a signal handler there is nothing to wait for: run until killed.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    axum::serve(listener, app(desk)).with_graceful_shutdown(stop).await
}
