use engine::arrow::array::{AsArray, Int64Array, RecordBatch};
use engine::arrow::datatypes::{DataType, Field, Int64Type, Schema};
use engine::{Engine, EngineError};
use std::sync::Arc;

fn numbers(values: Vec<i64>) -> RecordBatch {
    let schema = Schema::new(vec![Field::new("n", DataType::Int64, false)]);
    RecordBatch::try_new(Arc::new(schema), vec![Arc::new(Int64Array::from(values))]).unwrap()
}

#[tokio::test]
async fn a_batch_is_queried_by_name() {
    let engine = Engine::local().unwrap();
    engine.register_batch("numbers", numbers(vec![3, 1, 2])).unwrap();
    let (schema, batches) = engine.query("SELECT n FROM numbers WHERE n > 1 ORDER BY n").await.unwrap();
    assert_eq!(schema.field(0).name(), "n");
    let values: Vec<i64> =
        batches.iter().flat_map(|b| b.column(0).as_primitive::<Int64Type>().values().to_vec()).collect();
    assert_eq!(values, [2, 3]);
}

#[tokio::test]
async fn missing_files_and_bad_queries_say_so() {
    let engine = Engine::local().unwrap();
    let none: [&str; 0] = [];
    assert!(matches!(engine.register_parquet("t", &none).await, Err(EngineError::NoFiles(_))));
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.parquet");
    let error = engine.register_parquet("t", &[missing]).await.unwrap_err();
    assert_eq!(error.to_string(), "failed to register 1 files as table `t`");
    let error = engine.query("SELECT n FROM nowhere").await.unwrap_err();
    assert!(error.to_string().contains("`SELECT n FROM nowhere`"));
}

#[tokio::test]
async fn parquet_files_are_one_table() {
    use datafusion::dataframe::DataFrameWriteOptions;
    use datafusion::prelude::SessionContext;
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for (name, values) in [("one.parquet", vec![1, 2]), ("two.parquet", vec![3])] {
        let path = folder.path().join(name);
        let writer = SessionContext::new();
        let frame = writer.read_batch(numbers(values)).unwrap();
        frame
            .write_parquet(path.to_str().unwrap(), DataFrameWriteOptions::new().with_single_file_output(true), None)
            .await
            .unwrap();
        files.push(path);
    }
    let engine = Engine::local().unwrap();
    engine.register_parquet("numbers", &files).await.unwrap();
    let (_, batches) = engine.query("SELECT n FROM numbers ORDER BY n DESC LIMIT 1").await.unwrap();
    assert_eq!(batches[0].column(0).as_primitive::<Int64Type>().value(0), 3);
}
