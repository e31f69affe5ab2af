//! The UI, built into the binary.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::problem::ApiProblem;

#[derive(RustEmbed)]
#[folder = "../../web/build"]
#[allow_missing = true]
struct Ui;

/// An embedded file; for an unknown page the shell of the UI, which shows its own "not found". A missing asset or API
/// path is a plain 404.
pub(crate) async fn serve(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    if path.starts_with("api/") || path == "api" || path.starts_with("_app/") && Ui::get(path).is_none() {
        return ApiProblem::new(StatusCode::NOT_FOUND, "unknown", format!("there is nothing at `/{path}`"))
            .into_response();
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    match Ui::get(path).filter(|_| !path.starts_with('.')) {
        Some(file) => answer(path, file),
        None => match Ui::get("index.html") {
            Some(shell) => answer("index.html", shell),
            None => {
                let problem = "this binary was built without the web UI";
                ApiProblem::new(StatusCode::NOT_FOUND, "no_ui", problem)
                    .help("build it with `cargo xtask ui`, then build the binary again")
                    .into_response()
            }
        },
    }
}

fn answer(path: &str, file: EmbeddedFile) -> Response {
    // Names under `immutable/` hold a hash of their content; the shell must always be asked for again.
    let cache = if path.contains("/immutable/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [(header::CONTENT_TYPE, content_type(path)), (header::CACHE_CONTROL, cache)];
    (headers, Body::from(file.data.into_owned())).into_response()
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}
