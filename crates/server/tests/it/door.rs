//! A service on a small fictional office, and a way to ask it.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use camino::Utf8Path;
use evidence::{AddOptions, Mapping};
use http_body_util::BodyExt;
use jiff::Timestamp;
use jiff::civil::{Date, date};
use model::{CountingEntropy, FixedClock};
use office::Actor;
use serde_json::Value;
use server::Desk;
use std::sync::Arc;
use synth::OfficeSpec;
use tower::ServiceExt;
use workspace::{Machine, Workspace};

pub(crate) const AS_OF: Date = date(2026, 11, 24);

pub(crate) struct Door {
    app: Router,
    pub(crate) folder: tempfile::TempDir,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Value,
    pub(crate) headers: axum::http::HeaderMap,
}

fn machine() -> Machine {
    Machine {
        clock: Arc::new(FixedClock(Timestamp::constant(1_795_500_000, 0))),
        entropy: Arc::new(CountingEntropy::default()),
    }
}

impl Door {
    /// A built office of twelve people and one public delivery.
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(folder.path()).unwrap();
        let workspace = Workspace::init(&root.join("w"), "Test office", machine()).await.unwrap();
        let by = Actor("Test".to_owned());
        let spec = OfficeSpec { people: 12, seed: 3, as_of: AS_OF };
        for delivery in synth::office(&spec, &root.join("deliveries")).unwrap().deliveries {
            let mapping = Mapping::resolve(delivery.mapping).unwrap();
            let options = AddOptions { through: delivery.through, progress: &|_| {} };
            workspace.add(&delivery.files, &mapping, &options, &by).await.unwrap();
        }
        let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/public/ICERemovals_FY2018_sample.csv.gz");
        let mapping = Mapping::resolve("ice/removals-foia-2019").unwrap();
        let options = AddOptions { through: None, progress: &|_| {} };
        workspace.add(&[sample.into()], &mapping, &options, &by).await.unwrap();
        workspace.build(AS_OF, &by).await.unwrap();
        Self { app: server::app(Arc::new(Desk::new(workspace))), folder }
    }

    /// A service on a workspace in which nothing has happened.
    pub(crate) async fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(folder.path()).unwrap();
        let workspace = Workspace::init(&root.join("w"), "Empty", machine()).await.unwrap();
        Self { app: server::app(Arc::new(Desk::new(workspace))), folder }
    }

    pub(crate) async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Answer { status, headers, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null) }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(Request::get(path).header(header::HOST, "127.0.0.1:7878").body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: &str) -> Answer {
        let request = Request::post(path)
            .header(header::HOST, "127.0.0.1:7878")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_owned()));
        self.ask(request.unwrap()).await
    }

    /// Opens a person's file and gives the id of the opening.
    pub(crate) async fn open(&self, person: &str) -> String {
        let body = r#"{"purpose": "representation", "reader": "Ana Test"}"#;
        let answer = self.post(&format!("/api/persons/{person}/openings"), body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        answer.body["id"].as_str().unwrap().to_owned()
    }

    /// Entries in the ledger.
    pub(crate) async fn ledger_size(&self) -> u64 {
        self.get("/api/ledger").await.body["size"].as_u64().unwrap()
    }
}
