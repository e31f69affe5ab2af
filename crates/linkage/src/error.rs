//! What can be wrong with what a caller hands in.

use thiserror::Error;

/// Why records could not be taken in or linked. Every variant is the caller's to mend; none is a bug in this crate.
#[derive(Debug, Error)]
pub enum LinkError {
    /// Two records carry the same id, so that no judgement could tell them apart.
    #[error("record id `{id}` occurs more than once")]
    DuplicateRecordId {
        /// The repeated id.
        id: String,
    },
    /// A column is longer or shorter than the list of record ids.
    #[error("column `{column}` has {found} values for {expected} records")]
    ColumnLength {
        /// The column's name.
        column: String,
        /// How many values it should have.
        expected: usize,
        /// How many it has.
        found: usize,
    },
    /// There is nothing to compare.
    #[error("no field to compare: name at least one column and what it holds")]
    NoFields,
    /// Two fields carry the same name.
    #[error("field `{field}` is declared more than once")]
    DuplicateField {
        /// The repeated name.
        field: String,
    },
    /// The agreement pattern of one pair no longer fits its 64 bits.
    #[error("{fields} fields need {bits} bits of agreement pattern and 64 are there: leave out the weakest fields")]
    TooManyFields {
        /// How many fields were declared.
        fields: usize,
        /// How many bits they need.
        bits: u32,
    },
    /// Records are numbered in 32 bits.
    #[error("{found} records are more than the {max} that one run can number")]
    TooManyRecords {
        /// How many were given.
        found: usize,
        /// How many are possible.
        max: u32,
    },
    /// A configured probability is not one.
    #[error("`{setting}` is {found}, and must lie between 0 and 1")]
    Probability {
        /// The name of the setting.
        setting: &'static str,
        /// What it holds.
        found: f64,
    },
    /// Pairs name their rule in 8 bits.
    #[error("{found} blocking rules are more than the 255 that one run can tell apart")]
    TooManyRules {
        /// How many were given.
        found: usize,
    },
    /// A blocking rule names a field that does not exist, or a key that the field's kind cannot give.
    #[error("blocking rule `{rule}` asks field `{field}` for a key it does not have; fields are {found:?}")]
    Rule {
        /// The rule's name.
        rule: String,
        /// The field it names.
        field: String,
        /// The fields there are.
        found: Vec<String>,
    },
    /// A batch lacks a column.
    #[error("no column `{column}`; columns are {found:?}")]
    MissingColumn {
        /// The column asked for.
        column: String,
        /// The columns there are.
        found: Vec<String>,
    },
    /// A column's type has no written form.
    #[error("failed to read column `{column}` as text")]
    ColumnType {
        /// The column's name.
        column: String,
        /// What Arrow said.
        source: arrow::error::ArrowError,
    },
    /// A record has no id.
    #[error("row {row} has no value in the id column `{column}`")]
    MissingId {
        /// The id column.
        column: String,
        /// The row, counted from 0 across all batches.
        row: usize,
    },
    /// A record was asked for that is not there.
    #[error("no record `{id}`")]
    UnknownRecord {
        /// The id asked for.
        id: String,
    },
    /// A model was trained on other fields or other levels.
    #[error("the model compares {model:?}, the records hold {records:?}")]
    ModelMismatch {
        /// The fields and levels of the model.
        model: Vec<String>,
        /// The fields and levels of the records.
        records: Vec<String>,
    },
}
