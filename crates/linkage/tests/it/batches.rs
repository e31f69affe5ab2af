//! Records from Arrow.

use std::sync::Arc;

use arrow::{
    array::{ArrayRef, Date32Array, Int64Array, RecordBatch, StringArray},
    compute::cast,
    datatypes::DataType,
};
use linkage::{BatchSpec, FieldKind, FieldSpec, LinkError, Records};

fn batch(first: i64) -> RecordBatch {
    let columns: [(&str, ArrayRef); 4] = [
        ("row", Arc::new(Int64Array::from(vec![first, first + 1]))),
        ("agency", Arc::new(StringArray::from(vec!["court", "clinic"]))),
        ("surname", cast(&StringArray::from(vec![Some("Brumal"), None]), &DataType::Utf8View).unwrap()),
        ("born", Arc::new(Date32Array::from(vec![Some(7_367), None]))),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.map(|(name, column)| (name, column, true))).unwrap()
}

fn spec(id: &str) -> BatchSpec {
    BatchSpec {
        id: id.to_owned(),
        source: Some("agency".to_owned()),
        fields: vec![FieldSpec::new("surname", FieldKind::Surname), FieldSpec::new("born", FieldKind::BirthDate)],
    }
}

#[test]
fn two_batches_of_several_types() {
    let records = Records::from_batches(&[batch(1), batch(3)], &spec("row")).unwrap();
    assert_eq!(records.len(), 4);
    assert_eq!((records.id(2), records.source(2)), ("3", "court"));
    assert_eq!(records.fields()[0].value(2).as_deref(), Some("BRUMAL"));
    assert_eq!(records.fields()[1].value(2).as_deref(), Some("1990-03-04"));
    assert_eq!(records.fields()[1].missing(), 2);
}

#[test]
fn what_is_not_there() {
    let error = Records::from_batches(&[batch(1)], &spec("file")).unwrap_err();
    assert_eq!(error.to_string(), "no column `file`; columns are [\"row\", \"agency\", \"surname\", \"born\"]");
    let error = Records::from_batches(&[batch(1)], &spec("surname")).unwrap_err();
    assert!(matches!(error, LinkError::MissingId { row: 1, .. }), "{error}");
    let error = Records::from_batches(&[batch(1), batch(1)], &spec("row")).unwrap_err();
    assert!(matches!(error, LinkError::DuplicateRecordId { .. }), "{error}");
    assert!(Records::from_batches(&[], &spec("row")).unwrap().is_empty());
}
