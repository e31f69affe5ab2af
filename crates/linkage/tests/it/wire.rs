//! `model.json`.

use linkage::{Config, LinkError, link, link_with, wire};

use crate::support::records;

const ROWS: &str =
    "a | Ilvana | Brumal | 1990-03-04 | A012345678 | GTM\nb | Ilvana | Brumal | 1990-03-04 | 12345678 | GTM";

#[test]
fn a_model_survives_to_the_last_bit_and_scores_the_same() {
    let records = records(ROWS);
    let linked = link(&records, &Config::standard(), &[], 1).unwrap();
    let read = wire::from_json(&wire::to_json(&linked.model).unwrap()).unwrap();
    assert_eq!(read, linked.model);
    let again = link_with(&records, &Config::standard(), &[], &read).unwrap();
    assert_eq!((again.pairs, again.clusters), (linked.pairs, linked.clusters));
}

#[test]
fn what_is_not_a_model_is_refused() {
    let error = |text: &str| wire::from_json(text).unwrap_err().to_string();
    assert_eq!(error("{"), "failed to read the model");
    assert_eq!(
        error(r#"{"version": 9, "lambda": 0.1, "fields": []}"#),
        "the model has version 9, and this program reads version 1"
    );
    assert_eq!(
        error(r#"{"version": 1, "lambda": 0.1, "fields": [{"name": "x", "kind": "gait", "levels": []}]}"#),
        "field `x` of the model is of kind `gait`, which is not known"
    );
    assert_eq!(
        error(r#"{"version": 1, "lambda": 7.0, "fields": []}"#),
        "`lambda` of the model is 7, and must lie between 0 and 1"
    );
}

#[test]
fn a_model_of_other_fields_is_refused() {
    let empty = wire::from_json(r#"{"version": 1, "lambda": 0.1, "fields": []}"#).unwrap();
    let error = link_with(&records(ROWS), &Config::standard(), &[], &empty).unwrap_err();
    assert!(matches!(error, LinkError::ModelMismatch { .. }));
}
