use engine::arrow::array::{Array, AsArray, BooleanArray, Int64Array, RecordBatch};
use engine::arrow::datatypes::{DataType, Field, Schema};
use std::sync::Arc;

fn batch(a: Vec<Option<bool>>, b: Vec<Option<bool>>) -> RecordBatch {
    let schema = Schema::new(vec![Field::new("a", DataType::Boolean, true), Field::new("b", DataType::Boolean, true)]);
    RecordBatch::try_new(Arc::new(schema), vec![Arc::new(BooleanArray::from(a)), Arc::new(BooleanArray::from(b))])
        .unwrap()
}

/// SQL's null logic over every pair of true, false and unknown.
#[test]
fn and_or_not_follow_kleene() {
    let values = [Some(true), Some(false), None];
    let (a, b): (Vec<_>, Vec<_>) = values.iter().flat_map(|a| values.iter().map(move |b| (*a, *b))).unzip();
    let batch = batch(a, b);
    let run = |sql: &str| -> Vec<Option<bool>> {
        engine::compile(sql, &batch.schema(), &[]).unwrap().evaluate(&batch).unwrap().as_boolean().iter().collect()
    };
    let (t, f, u) = (Some(true), Some(false), None);
    assert_eq!(run("a AND b"), [t, f, u, f, f, f, u, f, u]);
    assert_eq!(run("a OR b"), [t, t, t, t, f, u, t, u, u]);
    assert_eq!(run("NOT a"), [f, f, f, t, t, t, u, u, u]);
}

/// A value that is decided by the first operand does not depend on how many rows the batch has.
#[test]
fn one_row_is_as_many() {
    let whole = batch(vec![Some(true), None, Some(false)], vec![None, Some(false), None]);
    let compiled = engine::compile("a OR NOT b", &whole.schema(), &[]).unwrap();
    let all = compiled.evaluate(&whole).unwrap();
    for row in 0..whole.num_rows() {
        let one = compiled.evaluate(&whole.slice(row, 1)).unwrap();
        assert_eq!(one.as_boolean().iter().next(), all.as_boolean().iter().nth(row));
    }
}

#[test]
fn scalar_expressions_and_constants_fill_the_batch() {
    let schema = Schema::new(vec![Field::new("n", DataType::Int64, true)]);
    let batch = RecordBatch::try_new(Arc::new(schema), vec![Arc::new(Int64Array::from(vec![Some(1), None]))]).unwrap();
    let compiled = engine::compile("n + 1", &batch.schema(), &[]).unwrap();
    assert_eq!(compiled.data_type, DataType::Int64);
    assert_eq!(compiled.evaluate(&batch).unwrap().len(), 2);
    assert_eq!(engine::compile("true", &batch.schema(), &[]).unwrap().evaluate(&batch).unwrap().len(), 2);
}

#[test]
fn refusals_name_the_expression() {
    let schema = Schema::new(vec![Field::new("n", DataType::Int64, true)]);
    for sql in ["n +", "missing > 1", "no_such_function(n)"] {
        let error = engine::compile(sql, &schema, &[]).unwrap_err();
        assert!(error.to_string().contains(&format!("`{sql}`")), "{error}");
    }
}

/// Law's closed subset rests on it: no function that the caller did not bring, whatever syntax calls it.
#[test]
fn only_functions_that_were_brought_are_known() {
    let schema = Schema::new(vec![
        Field::new("n", DataType::Int64, true),
        Field::new("t", DataType::Utf8, true),
        Field::new("d", DataType::Date32, true),
    ]);
    for sql in [
        "coalesce(n, 0)",
        "nullif(n, 0)",
        "nvl(n, 0)",
        "greatest(n, 0)",
        "upper(t)",
        "trim(t)",
        "substring(t FROM 1 FOR 2)",
        "position('a' IN t)",
        "overlay(t PLACING 'a' FROM 1)",
        "date_part('year', d)",
        "extract(year FROM d)",
        "date_trunc('month', d)",
        "now()",
        "current_date",
        "abs(n)",
        "ceil(n)",
        "floor(n)",
        "random()",
        "regexp_like(t, 'a')",
        "[n, 1]",
        "{'a': n}",
        "make_array(n)",
        "sum(n)",
        "count(*)",
        "row_number() OVER ()",
    ] {
        let compiled = engine::compile(sql, &schema, &[]);
        assert!(compiled.is_err(), "`{sql}` compiles");
    }
}
