//! The shapes of the tables that are written.

use crate::mapping::Column;
use crate::plain::{PLAIN, PlainForm};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use model::{Attribute, ValueType};
use std::collections::HashMap;
use std::sync::Arc;

/// Columns of a cells table that are not cells.
pub(crate) const POINTER: &[&str] = &["delivery", "file", "sheet", "row", "mapping_version", "problems"];

/// Key of the field metadata that holds a column's name as it stands in the file.
pub(crate) const NAME_IN_FILE: &str = "name_in_file";

/// Ends the name of a column of original texts.
pub(crate) const TEXT_SUFFIX: &str = "__text";

/// The Arrow type of a value: dates are days since 1970-01-01, datetimes local seconds, money cents.
pub fn data_type(kind: ValueType) -> DataType {
    match kind {
        ValueType::Text => DataType::Utf8,
        ValueType::Date => DataType::Date32,
        ValueType::DateTime => DataType::Timestamp(TimeUnit::Second, None),
        ValueType::Boolean => DataType::Boolean,
        ValueType::Integer | ValueType::Money => DataType::Int64,
    }
}

fn pointer() -> [Field; 5] {
    [
        Field::new("delivery", DataType::Utf8, false),
        Field::new("file", DataType::Utf8, false),
        Field::new("sheet", DataType::Utf8, true),
        Field::new("row", DataType::UInt64, false),
        Field::new("mapping_version", DataType::UInt32, false),
    ]
}

fn attributes() -> impl Iterator<Item = Field> {
    Attribute::ALL.iter().map(|a| Field::new(a.name(), data_type(a.value_type()), true))
}

/// `objects.parquet`: `object_id`, `object_type`, the row pointer, and a column for each attribute of the ontology.
pub fn objects_schema() -> SchemaRef {
    let mut fields =
        vec![Field::new("object_id", DataType::Utf8, false), Field::new("object_type", DataType::Utf8, false)];
    fields.extend(pointer());
    fields.extend(attributes());
    Arc::new(Schema::new(fields))
}

/// `events.parquet`: `event_id`, `event_type`, `at` (seconds, local), `has_time`, the row pointer, and a column for each
/// attribute of the ontology.
pub fn events_schema() -> SchemaRef {
    let mut fields = vec![
        Field::new("event_id", DataType::Utf8, false),
        Field::new("event_type", DataType::Utf8, false),
        Field::new("at", data_type(ValueType::DateTime), false),
        Field::new("has_time", DataType::Boolean, false),
    ];
    fields.extend(pointer());
    fields.extend(attributes());
    Arc::new(Schema::new(fields))
}

/// `relations.parquet`: `from_id`, `from_kind` (`event` or `object`), `qualifier`, `to_id`.
pub fn relations_schema() -> SchemaRef {
    let text = |name| Field::new(name, DataType::Utf8, false);
    Arc::new(Schema::new(vec![text("from_id"), text("from_kind"), text("qualifier"), text("to_id")]))
}

/// `refused.parquet`: the row pointer, `reason`, `line` (verbatim; bytes that are not UTF-8 are read as Latin-1).
pub fn refused_schema() -> SchemaRef {
    let mut fields = pointer().to_vec();
    fields.push(Field::new("reason", DataType::Utf8, false));
    fields.push(Field::new("line", DataType::Utf8, false));
    Arc::new(Schema::new(fields))
}

/// `flags/<table>.parquet`: the row pointer, `kind` (`duplicate_likely` or `conflict`), `rule`, `why`, and for a duplicate
/// the row that stands for it (`of_file`, `of_sheet`, `of_row`).
pub fn flags_schema() -> SchemaRef {
    let mut fields = pointer().to_vec();
    fields.push(Field::new("kind", DataType::Utf8, false));
    fields.push(Field::new("rule", DataType::Utf8, false));
    fields.push(Field::new("why", DataType::Utf8, false));
    fields.push(Field::new("of_file", DataType::Utf8, true));
    fields.push(Field::new("of_sheet", DataType::Utf8, true));
    fields.push(Field::new("of_row", DataType::UInt64, true));
    Arc::new(Schema::new(fields))
}

/// `cells/<table>.parquet`: the row pointer, for each column its typed value and, where that is not its plain writing
/// ([`crate::original_text`]), its original text, and `problems`.
pub(crate) fn cells_schema(columns: &[Column]) -> SchemaRef {
    let mut fields = pointer().to_vec();
    for column in columns {
        let plain = PlainForm::of(column).to_metadata();
        let name = HashMap::from([(NAME_IN_FILE.to_owned(), column.name.clone()), (PLAIN.to_owned(), plain)]);
        fields.push(Field::new(&column.as_name, data_type(column.kind), true));
        let text = format!("{}{TEXT_SUFFIX}", column.as_name);
        fields.push(Field::new(text, DataType::Utf8, true).with_metadata(name));
    }
    fields.push(Field::new("problems", DataType::Utf8, true));
    Arc::new(Schema::new(fields))
}
