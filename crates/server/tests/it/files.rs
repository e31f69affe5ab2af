//! Files open only for a stated purpose; whatever is asked, the ledger knows.

use crate::door::Door;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use std::collections::BTreeSet;

async fn first_person(door: &Door) -> (String, String) {
    let queue = door.get("/api/queue").await.body;
    let item = &queue["items"][0];
    (item["person"]["id"].as_str().unwrap().to_owned(), item["id"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_file_stays_shut_without_a_purpose_and_the_refusal_is_logged() {
    let door = Door::new().await;
    let (person, obligation) = first_person(&door).await;
    for path in [
        format!("/api/persons/{person}"),
        format!("/api/persons/{person}?opening=guessed"),
        format!("/api/obligations/{obligation}"),
        format!("/api/obligations/{obligation}?opening=guessed"),
    ] {
        let before = door.ledger_size().await;
        let answer = door.get(&path).await;
        assert_eq!(
            (answer.status, answer.body["kind"].as_str()),
            (StatusCode::FORBIDDEN, Some("opening_needed")),
            "{path}"
        );
        assert_eq!(door.ledger_size().await, before + 1, "{path}: a refusal is logged like an opening");
    }
    for body in [
        r#"{"purpose": "targeting", "reader": "Ana Test"}"#,
        r#"{"purpose": "representation", "reader": "  "}"#,
        r#"{"purpose": "representation"}"#,
        "nonsense",
    ] {
        let answer = door.post(&format!("/api/persons/{person}/openings"), body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}: {}", answer.body);
        assert!(answer.body["detail"].as_str().unwrap().len() > 10);
    }
}

#[tokio::test]
async fn an_opening_lets_its_reader_into_one_file_and_is_in_the_ledger_first() {
    let door = Door::new().await;
    let (person, obligation) = first_person(&door).await;
    let before = door.ledger_size().await;
    let opening = door.open(&person).await;
    assert_eq!(door.ledger_size().await, before + 1);

    let file = door.get(&format!("/api/persons/{person}?opening={opening}")).await;
    assert_eq!(file.status, StatusCode::OK, "{}", file.body);
    assert_eq!(file.body["openings"][0]["reader"], "Ana Test");
    assert!(!file.body["moments"].as_array().unwrap().is_empty());
    let why = door.get(&format!("/api/obligations/{obligation}?opening={opening}")).await;
    assert_eq!(why.status, StatusCode::OK, "{}", why.body);
    assert!(why.body["notice"]["es"].as_str().unwrap().contains("asesoría legal"));

    let queue = door.get("/api/queue").await.body;
    let others: BTreeSet<_> =
        queue["items"].as_array().unwrap().iter().map(|i| i["person"]["id"].as_str().unwrap()).collect();
    let other = others.into_iter().find(|p| *p != person).expect("a second person");
    let answer = door.get(&format!("/api/persons/{other}?opening={opening}")).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "an opening serves one file");
}

#[tokio::test]
async fn every_value_leads_to_its_row_and_only_with_an_opening() {
    let door = Door::new().await;
    let (person, _) = first_person(&door).await;
    let opening = door.open(&person).await;
    let file = door.get(&format!("/api/persons/{person}?opening={opening}")).await.body;
    let pointers = file["moments"].as_array().unwrap().iter().flat_map(|m| m["reports"].as_array().unwrap());
    let mut seen = 0;
    for report in pointers {
        let p = &report["pointer"];
        let sheet = p["sheet"].as_str().map(|s| format!("&sheet={}", s.replace(' ', "%20"))).unwrap_or_default();
        let path = format!(
            "/api/rows?delivery={}&file={}&row={}{sheet}",
            p["delivery"].as_str().unwrap(),
            p["file"].as_str().unwrap().replace(' ', "%20"),
            p["row"]
        );
        let row = door.get(&format!("{path}&opening={opening}")).await;
        assert_eq!(row.status, StatusCode::OK, "{path}: {}", row.body);
        assert!(!row.body["cells"].as_array().unwrap().is_empty());
        assert_eq!(door.get(&path).await.status, StatusCode::FORBIDDEN, "{path}");
        seen += 1;
    }
    assert!(seen > 3);
}

#[tokio::test]
async fn public_deliveries_are_open_and_their_small_cells_are_not_shown() {
    let door = Door::new().await;
    let deliveries = door.get("/api/deliveries").await.body;
    let deliveries = deliveries.as_array().unwrap();
    for d in deliveries {
        let n = |name: &str| d[name].as_u64().unwrap();
        assert_eq!(n("rows_read"), n("rows_kept") + n("rows_refused"), "{d:#}");
        assert_eq!(d["reconciled"], true);
    }
    let public = deliveries.iter().find(|d| d["holds"] == "public").unwrap();
    let summary = door.get(&format!("/api/deliveries/{}/summary", public["id"].as_str().unwrap())).await;
    assert_eq!(summary.status, StatusCode::OK, "{}", summary.body);
    let months = summary.body["by_month"].as_array().unwrap();
    assert!(months.iter().any(|m| m["count"].is_u64()) && months.iter().any(|m| m["count"].is_null()));
    assert!(months.iter().all(|m| m["count"].as_u64().is_none_or(|n| n >= 11)));
    let clients = deliveries.iter().find(|d| d["holds"] == "clients").unwrap();
    let refused = door.get(&format!("/api/deliveries/{}/summary", clients["id"].as_str().unwrap())).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND, "clients are never summarised");
}

#[tokio::test]
async fn only_requests_to_this_machine_from_its_own_pages_are_answered() {
    let door = Door::empty().await;
    let elsewhere = Request::get("/api/workspace").header(header::HOST, "evil.example").body(Body::empty()).unwrap();
    assert_eq!(door.ask(elsewhere).await.status, StatusCode::MISDIRECTED_REQUEST);
    let cross = Request::post("/api/persons/p/openings")
        .header(header::HOST, "localhost:7878")
        .header("sec-fetch-site", "cross-site")
        .body(Body::empty())
        .unwrap();
    assert_eq!(door.ask(cross).await.status, StatusCode::FORBIDDEN);
    let fine = door.get("/api/workspace").await;
    assert_eq!(fine.status, StatusCode::OK);
    assert_eq!(fine.headers[header::CACHE_CONTROL], "no-store");
    assert!(fine.headers.contains_key(header::CONTENT_SECURITY_POLICY));
}

#[tokio::test]
async fn an_empty_workspace_says_what_to_do() {
    let door = Door::empty().await;
    let workspace = door.get("/api/workspace").await;
    assert_eq!((workspace.status, workspace.body["build"].is_null()), (StatusCode::OK, true));
    let queue = door.get("/api/queue").await;
    assert_eq!((queue.status, queue.body["kind"].as_str()), (StatusCode::CONFLICT, Some("not_built")));
    assert!(queue.body["help"].as_str().unwrap().contains("throughline build"));
    let nothing = door.get("/api/nothing").await;
    assert_eq!((nothing.status, nothing.body["kind"].as_str()), (StatusCode::NOT_FOUND, Some("unknown")));
    for path in ["/api/persons/p-0", "/api/obligations/o-0"] {
        assert_eq!(door.get(path).await.status, StatusCode::CONFLICT, "{path}");
    }
    drop(door.folder);
}
