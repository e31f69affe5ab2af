//! The cells of two deliveries in one form, so that they can be compared, and hashes of them.
//!
//! A cell is its typed value; where it has none, it is nothing (empty, or a null text), withheld (a redaction, however it
//! is spelt), or a text that cannot be read as its type.

use crate::cell::{date_of, datetime_of, dollars};
use crate::plain::{PlainForm, PlainWriter};
use crate::redaction::is_redaction;
use arrow::array::{Array, AsArray, StringArray};
use arrow::datatypes::{DataType, Date32Type, Int64Type, TimestampSecondType};
use arrow::error::ArrowError;
use foldhash::quality::FixedState;
use std::hash::{BuildHasher, Hasher};
use std::io::Write;

/// Two seeds, so that two texts are confounded once in 2^128.
const SEEDS: [u64; 2] = [0x7265_6c65_6173_6520, 0x6469_6666_6572_7320];
/// An odd number without a pattern: the fractional part of the golden ratio.
const MULTIPLIER: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;
/// What every hash begins with.
pub(super) const START: u128 = 0x243f_6a88_85a3_08d3_1319_8a2e_0370_7344;

/// What a cell is. The number stands in hashes and in spilled rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Nothing = 0,
    Value = 1,
    Withheld = 2,
    Unreadable = 3,
}

impl State {
    pub(super) fn of(number: u8) -> Self {
        match number {
            0 => Self::Nothing,
            1 => Self::Value,
            2 => Self::Withheld,
            _ => Self::Unreadable,
        }
    }
}

/// By what the cells of a column are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// By the typed value: the column has one type in both deliveries.
    Value,
    /// By the trimmed original text: the column has another type in each.
    Text,
}

/// One step of a hash. For a given hash each cell gives another result, and the reverse.
pub(super) fn mix(hash: u128, cell: u128) -> u128 {
    let product = (hash ^ cell).wrapping_mul(MULTIPLIER);
    product ^ (product >> 67)
}

/// Hashes texts.
#[derive(Debug, Clone)]
pub(super) struct TextHasher([FixedState; 2]);

impl TextHasher {
    pub(super) fn new() -> Self {
        Self(SEEDS.map(FixedState::with_seed))
    }

    pub(super) fn hash(&self, bytes: &[u8]) -> u128 {
        let [high, low] = self.0.each_ref().map(|state| {
            let mut hasher = state.build_hasher();
            hasher.write(bytes);
            hasher.write_usize(bytes.len());
            u128::from(hasher.finish())
        });
        (high << 64) | low
    }
}

/// Reads the cells of one column, batch after batch.
pub(super) struct CellReader<'a> {
    null: &'a [String],
    by: By,
    plain: PlainWriter,
    hasher: TextHasher,
    /// The last text that was looked at: texts without a value repeat themselves.
    last: String,
    last_state: State,
}

/// A column of a cells table: its values and its texts.
#[derive(Clone, Copy)]
pub(super) struct Arrays<'b> {
    pub(super) values: &'b dyn Array,
    pub(super) texts: &'b StringArray,
}

impl<'a> CellReader<'a> {
    pub(super) fn new(form: &PlainForm, null: &'a [String], by: By) -> Self {
        Self {
            null,
            by,
            plain: PlainWriter::new(form.clone()),
            hasher: TextHasher::new(),
            last: String::new(),
            last_state: State::Nothing,
        }
    }

    /// What a trimmed text without a value is.
    fn state_of(&mut self, trimmed: &str) -> State {
        if trimmed.is_empty() {
            return State::Nothing;
        }
        if trimmed != self.last {
            self.last.clear();
            self.last.push_str(trimmed);
            self.last_state = if self.null.iter().any(|n| n == trimmed) {
                State::Nothing
            } else if is_redaction(trimmed) {
                State::Withheld
            } else {
                State::Unreadable
            };
        }
        self.last_state
    }

    /// Adds the cells to the hashes of their rows.
    pub(super) fn hash_into(&mut self, of: Arrays<'_>, rows: &mut [u128]) -> Result<(), ArrowError> {
        let values = of.values;
        if self.by == By::Text {
            let mut text = Vec::new();
            for (row, hash) in rows.iter_mut().enumerate() {
                text.clear();
                let state = self.write(of, row, &mut text)?;
                let cell = if state == State::Value { self.hasher.hash(&text) } else { tag(state) };
                *hash = mix(*hash, cell);
            }
            return Ok(());
        }
        match values.data_type() {
            DataType::Int64 => {
                let numbers = values.as_primitive::<Int64Type>();
                self.each(of, rows, |_, row| number(numbers.value(row)));
            }
            DataType::Date32 => {
                let days = values.as_primitive::<Date32Type>();
                self.each(of, rows, |_, row| number(i64::from(days.value(row))));
            }
            DataType::Timestamp(..) => {
                let seconds = values.as_primitive_opt::<TimestampSecondType>().ok_or_else(|| unknown(values))?;
                self.each(of, rows, |_, row| number(seconds.value(row)));
            }
            DataType::Boolean => {
                let yes = values.as_boolean();
                self.each(of, rows, |_, row| number(i64::from(yes.value(row))));
            }
            DataType::Utf8 => {
                let texts = values.as_string::<i32>();
                self.each(of, rows, |hasher, row| hasher.hash(texts.value(row).as_bytes()));
            }
            _ => return Err(unknown(values)),
        }
        Ok(())
    }

    fn each(&mut self, of: Arrays<'_>, rows: &mut [u128], value: impl Fn(&TextHasher, usize) -> u128) {
        let (nulls, no_text) = (of.values.nulls(), of.texts.null_count() == of.texts.len());
        for (row, hash) in rows.iter_mut().enumerate() {
            let cell = if nulls.is_none_or(|n| n.is_valid(row)) {
                value(&self.hasher, row)
            } else if no_text || of.texts.is_null(row) {
                tag(State::Nothing)
            } else {
                let trimmed = of.texts.value(row).trim();
                match self.state_of(trimmed) {
                    State::Unreadable => self.hasher.hash(trimmed.as_bytes()) ^ tag(State::Unreadable),
                    state => tag(state),
                }
            };
            *hash = mix(*hash, cell);
        }
    }

    /// Writes a cell as text, and tells what it is. Two cells are equal if both are withheld, or if state and text are
    /// equal. Nothing is written for nothing.
    pub(super) fn write(&mut self, of: Arrays<'_>, row: usize, out: &mut Vec<u8>) -> Result<State, ArrowError> {
        let has_value = of.values.is_valid(row);
        if has_value && self.by == By::Value {
            write_value(of.values, self.plain.form(), row, out)?;
            return Ok(State::Value);
        }
        if of.texts.is_valid(row) {
            let trimmed = of.texts.value(row).trim();
            let state = match (self.state_of(trimmed), self.by) {
                (State::Unreadable, By::Text) => State::Value,
                (state, _) => state,
            };
            if state != State::Nothing {
                out.extend_from_slice(trimmed.as_bytes());
            }
            return Ok(state);
        }
        match self.plain.write(of.values, row)? {
            None => Ok(State::Nothing),
            Some(text) => {
                out.extend_from_slice(text.trim().as_bytes());
                Ok(State::Value)
            }
        }
    }

    /// Whether the original text of a cell, trimmed, is one of those given.
    pub(super) fn is_one_of(&mut self, of: Arrays<'_>, row: usize, texts: &[String]) -> Result<bool, ArrowError> {
        let text = if of.texts.is_valid(row) {
            of.texts.value(row).trim()
        } else {
            self.plain.write(of.values, row)?.unwrap_or_default().trim()
        };
        Ok(texts.iter().any(|t| t == text))
    }

    /// Whether there is a value that can be read, or could be if it were well formed.
    pub(super) fn is_present(&mut self, of: Arrays<'_>, row: usize) -> bool {
        of.values.is_valid(row)
            || (of.texts.is_valid(row) && self.state_of(of.texts.value(row).trim()) == State::Unreadable)
    }
}

fn number(value: i64) -> u128 {
    tag(State::Value) | u128::from(value.cast_unsigned())
}

fn tag(state: State) -> u128 {
    (state as u128) << 64
}

fn unknown(values: &dyn Array) -> ArrowError {
    ArrowError::SchemaError(format!("the values are {}", values.data_type()))
}

/// Writes a value: dates in ISO form, money in dollars.
fn write_value(values: &dyn Array, form: &PlainForm, row: usize, out: &mut Vec<u8>) -> Result<(), ArrowError> {
    match values.data_type() {
        DataType::Utf8 => out.extend_from_slice(values.as_string::<i32>().value(row).as_bytes()),
        DataType::Int64 => {
            let n = values.as_primitive::<Int64Type>().value(row);
            if *form == PlainForm::Money {
                out.extend_from_slice(dollars(n).as_bytes());
            } else {
                write!(out, "{n}")?;
            }
        }
        DataType::Date32 => write!(out, "{}", date_of(values.as_primitive::<Date32Type>().value(row)))?,
        DataType::Timestamp(..) => {
            let seconds = values.as_primitive_opt::<TimestampSecondType>().ok_or_else(|| unknown(values))?;
            write!(out, "{}", datetime_of(seconds.value(row)))?;
        }
        DataType::Boolean => out.extend_from_slice(if values.as_boolean().value(row) { b"true" } else { b"false" }),
        _ => return Err(unknown(values)),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{Int64Array, StringArray};

    fn hash(form: &PlainForm, null: &[String], by: By, values: &dyn Array, texts: &[Option<&str>]) -> Vec<u128> {
        let texts = StringArray::from(texts.to_vec());
        let mut rows = vec![START; texts.len()];
        CellReader::new(form, null, by).hash_into(Arrays { values, texts: &texts }, &mut rows).expect("hashed");
        rows
    }

    #[test]
    fn cells_are_equal_if_they_say_the_same() {
        let null = ["NA".to_owned()];
        let none = None::<i64>;
        let values = Int64Array::from(vec![Some(7), Some(7), none, none, none, none, none, none, none]);
        let texts = [
            None,
            Some("007"),
            None,
            Some(" NA "),
            Some("  "),
            Some("(b)(6)"),
            Some("(B)(6);(B)(7)(C) "),
            Some("1O"),
            Some("I0"),
        ];
        let by_value = hash(&PlainForm::Integer, &null, By::Value, &values, &texts);
        let classes = |hashes: &[u128]| -> Vec<usize> {
            hashes.iter().map(|h| hashes.iter().position(|o| o == h).expect("itself")).collect()
        };
        assert_eq!(classes(&by_value), [0, 0, 2, 2, 2, 5, 5, 7, 8]);
        let by_text = hash(&PlainForm::Integer, &null, By::Text, &values, &texts);
        assert_eq!(classes(&by_text), [0, 1, 2, 2, 2, 5, 5, 7, 8]);
        let texts: Vec<_> = ["7", "007", "", " NA ", "  ", "(b)(6)", "(b)(7)", "1O", "I0"].map(Some).to_vec();
        let values =
            StringArray::from(vec![Some("7"), Some("007"), None, None, None, None, None, Some("1O"), Some("I0")]);
        assert_eq!(hash(&PlainForm::Text, &null, By::Text, &values, &texts), by_text, "whatever the type");
    }

    #[test]
    fn hashes_tell_order_and_number_apart() {
        let hasher = TextHasher::new();
        let all =
            [b"".as_slice(), b"a", b"aa", b"aaa", b"ab", b"ba", &[0; 16], &[0; 17], &[0; 80], &[0; 81], &[0; 144]];
        let hashes: std::collections::BTreeSet<u128> = all.iter().map(|t| hasher.hash(t)).collect();
        assert_eq!(hashes.len(), all.len());
        assert_ne!(mix(mix(START, 1), 2), mix(mix(START, 2), 1));
    }
}
