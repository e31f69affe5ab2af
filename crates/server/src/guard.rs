//! What every request and answer must hold to.

use crate::problem::ApiProblem;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Lets in only requests that were addressed to this machine by name, and changes only from our own pages: a page
/// elsewhere could otherwise reach this service through the reader's browser (DNS rebinding, cross-site posts).
pub(crate) async fn same_machine(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let host = headers.get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if !matches!(name, "127.0.0.1" | "localhost" | "[::1]") {
        return ApiProblem::new(
            StatusCode::MISDIRECTED_REQUEST,
            "other_host",
            format!("this service does not answer for `{host}`"),
        )
        .help("use the address that `throughline serve` printed")
        .into_response();
    }
    let foreign = headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none");
    if request.method() != Method::GET && foreign {
        return ApiProblem::new(
            StatusCode::FORBIDDEN,
            "other_site",
            "a page of another site tried to change something here",
        )
        .into_response();
    }
    next.run(request).await
}

/// Headers for every answer. Case files are never cached or framed.
pub(crate) async fn headers(mut response: Response) -> Response {
    const CSP: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                       frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'";
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(CSP));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
