//! The OpenAPI document: up to date, complete, and without a way to search persons by group.

use serde_json::Value;
use std::fs;
use std::path::Path;

fn document() -> Value {
    serde_json::from_str(&server::openapi_json().unwrap()).unwrap()
}

#[test]
fn openapi_document_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let now = server::openapi_json().unwrap();
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        fs::write(&path, &now).unwrap();
    }
    let stored = fs::read_to_string(&path).unwrap_or_default();
    assert!(stored == now, "`openapi.json` is stale; see CONTRIBUTING.md, \"Changing the API\"");
}

/// Use limit: persons cannot be listed or searched by nationality, religion, ethnicity, sex or status.
#[test]
fn no_endpoint_selects_persons_by_group() {
    let document = document();
    let mut names = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                names.push(format!("{method} {path} {}", parameter["name"].as_str().unwrap()));
            }
        }
    }
    names.sort();
    assert_eq!(
        names,
        [
            "get /api/deliveries/{id}/summary id",
            "get /api/obligations/{id} id",
            "get /api/obligations/{id} opening",
            "get /api/persons/{id} id",
            "get /api/persons/{id} opening",
            "get /api/rows delivery",
            "get /api/rows file",
            "get /api/rows opening",
            "get /api/rows row",
            "get /api/rows sheet",
            "post /api/persons/{id}/openings id",
        ],
        "a new parameter must not let anybody select persons by group"
    );
}

#[test]
fn every_operation_says_what_it_does_and_how_it_fails() {
    for (path, methods) in document()["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            assert!(operation["summary"].is_string(), "{method} {path} has no summary");
            let codes: Vec<_> = operation["responses"].as_object().unwrap().keys().collect();
            assert!(codes.iter().any(|c| c.starts_with('2')), "{method} {path}: {codes:?}");
            assert!(codes.iter().any(|c| !c.starts_with('2')), "{method} {path}: {codes:?}");
        }
    }
}
