//! Parquet files, row by row. The names of the columns are given as row 1, and the rows count from 2.

use super::guard::guarded;
use super::{Cause, Flow, Lines, ReadError, Row};
use arrow::array::types::{
    ArrowDictionaryKeyType, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type, Int8Type, Int16Type,
    Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow::array::{
    Array, ArrayRef, AsArray, PrimitiveArray, RecordBatch, TimestampMicrosecondArray, TimestampMillisecondArray,
    TimestampNanosecondArray, TimestampSecondArray, types,
};
use arrow::datatypes::{DataType, TimeUnit};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use jiff::Span;
use jiff::civil::Date;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::reader::ChunkReader;
use std::fs::File;
use std::io::Write;
use std::path::Path;

/// First bytes of a Parquet file.
pub(crate) const MAGIC: &[u8] = b"PAR1";

/// Rows that are decoded at a time.
const BATCH_ROWS: usize = 4096;
/// Rows that a byte of a file can stand for. A column of one value costs almost nothing, but no file is all such
/// columns; more rows than this are a damaged count, and would be given for hours.
const ROWS_PER_BYTE: u64 = 4096;
const ROWS_AT_LEAST: u64 = 1 << 20;
const EPOCH: Date = Date::constant(1970, 1, 1);

fn broken(cause: Cause) -> ReadError {
    ReadError::Broken { what: "Parquet file", cause }
}

/// Visits the rows of a Parquet file.
///
/// Dates and timestamps are given in ISO form and flagged as dates; a timestamp of a zone is given in UTC, without
/// saying so. Bytes are text if they are UTF-8, else hexadecimal. Lists, structures and maps are given as JSON. A null
/// is an empty cell.
///
/// # Errors
///
/// If the file cannot be read or is damaged, or the visitor fails.
pub(crate) fn visit<E: From<ReadError>>(path: &Path, visitor: impl FnMut(&Row) -> Result<Flow, E>) -> Result<Lines, E> {
    let file = File::open(path).map_err(ReadError::Io)?;
    visit_in(file, visitor)
}

pub(crate) fn visit_in<E: From<ReadError>>(
    file: impl ChunkReader + 'static,
    mut visitor: impl FnMut(&Row) -> Result<Flow, E>,
) -> Result<Lines, E> {
    let most = file.len().saturating_mul(ROWS_PER_BYTE).saturating_add(ROWS_AT_LEAST);
    let builder = guarded(broken, || ParquetRecordBatchReaderBuilder::try_new(file))?;
    let groups = builder.metadata().row_groups().iter().map(|group| u64::try_from(group.num_rows()).ok());
    let declared = groups.sum::<Option<u64>>().filter(|rows| *rows <= most);
    let declared = declared.ok_or_else(|| broken("it declares more rows than it can hold".into()))?;
    let schema = builder.schema().clone();
    let mut batches = guarded(broken, || builder.with_batch_size(BATCH_ROWS).build())?;
    let mut row = Row::default();
    row.set_names(schema.fields().iter().map(|field| field.name().as_str()));
    let mut lines = Lines { physical: declared + 1, blank: 0, of_rows: 1 };
    if visitor(&row)? == Flow::Stop {
        return Ok(lines);
    }
    while let Some(batch) = guarded(broken, || batches.next().transpose())? {
        let columns = guarded(broken, || plain_columns(&batch))?;
        for index in 0..batch.num_rows() {
            row.clear();
            row.number += 1;
            guarded(broken, || {
                for column in &columns {
                    row.push(|text| column.is_valid(index) && write_value(column, index, text, false));
                }
                Ok::<(), Cause>(())
            })?;
            lines.of_rows += 1;
            if visitor(&row)? == Flow::Stop {
                return Ok(lines);
            }
        }
    }
    if lines.of_rows != lines.physical {
        let why = format!("it declares {declared} rows and holds {}", lines.of_rows - 1);
        return Err(broken(why.into()).into());
    }
    Ok(lines)
}

/// The columns, with those that are kept as numbers of distinct values written out.
fn plain_columns(batch: &RecordBatch) -> Result<Vec<ArrayRef>, arrow::error::ArrowError> {
    let plain = |column: &ArrayRef| match column.data_type() {
        DataType::Dictionary(_, values) => arrow::compute::cast(column, values),
        _ => Ok(ArrayRef::clone(column)),
    };
    batch.columns().iter().map(plain).collect()
}

/// Writes a value that is not null as a person would; `json` as a part of JSON. Whether it is a date.
fn write_value(array: &dyn Array, index: usize, text: &mut Vec<u8>, json: bool) -> bool {
    macro_rules! number {
        ($kind:ty) => {{
            // Writing to memory cannot fail.
            let _ = write!(text, "{}", array.as_primitive::<$kind>().value(index));
            false
        }};
    }
    macro_rules! decimal {
        ($kind:ty) => {{
            text.extend_from_slice(array.as_primitive::<$kind>().value_as_string(index).as_bytes());
            false
        }};
    }
    match array.data_type() {
        DataType::Boolean => put(if array.as_boolean().value(index) { b"true" } else { b"false" }, text),
        DataType::Int8 => number!(Int8Type),
        DataType::Int16 => number!(Int16Type),
        DataType::Int32 => number!(Int32Type),
        DataType::Int64 => number!(Int64Type),
        DataType::UInt8 => number!(UInt8Type),
        DataType::UInt16 => number!(UInt16Type),
        DataType::UInt32 => number!(UInt32Type),
        DataType::UInt64 => number!(UInt64Type),
        DataType::Float16 => {
            let value = array.as_primitive::<types::Float16Type>().value(index).to_f32();
            write_float(value.is_finite(), &value, f64::from(value), text, json)
        }
        DataType::Float32 => {
            let value = array.as_primitive::<types::Float32Type>().value(index);
            write_float(value.is_finite(), &value, f64::from(value), text, json)
        }
        DataType::Float64 => {
            let value = array.as_primitive::<types::Float64Type>().value(index);
            write_float(value.is_finite(), &value, value, text, json)
        }
        DataType::Decimal32(..) => decimal!(Decimal32Type),
        DataType::Decimal64(..) => decimal!(Decimal64Type),
        DataType::Decimal128(..) => decimal!(Decimal128Type),
        DataType::Decimal256(..) => decimal!(Decimal256Type),
        DataType::Utf8 => write_text(array.as_string::<i32>().value(index), text, json),
        DataType::LargeUtf8 => write_text(array.as_string::<i64>().value(index), text, json),
        DataType::Utf8View => write_text(array.as_string_view().value(index), text, json),
        DataType::Binary => write_bytes(array.as_binary::<i32>().value(index), text, json),
        DataType::LargeBinary => write_bytes(array.as_binary::<i64>().value(index), text, json),
        DataType::BinaryView => write_bytes(array.as_binary_view().value(index), text, json),
        DataType::FixedSizeBinary(_) => write_bytes(array.as_fixed_size_binary().value(index), text, json),
        DataType::Date32 => {
            let days = array.as_primitive::<types::Date32Type>().value(index);
            write_moment(i64::from(days) * 86_400, 0, false, text, json)
        }
        DataType::Date64 => {
            let value = array.as_primitive::<types::Date64Type>().value(index);
            write_moment(value.div_euclid(1000), 0, false, text, json)
        }
        DataType::Timestamp(unit, _) => {
            let (value, per_second) = timestamp(array, *unit, index);
            let nanos = value.rem_euclid(per_second) * (1_000_000_000 / per_second);
            write_moment(value.div_euclid(per_second), nanos, true, text, json)
        }
        DataType::List(_) => write_list(&*array.as_list::<i32>().value(index), text),
        DataType::LargeList(_) => write_list(&*array.as_list::<i64>().value(index), text),
        DataType::FixedSizeList(..) => write_list(&*array.as_fixed_size_list().value(index), text),
        DataType::Struct(fields) => {
            let columns = array.as_struct().columns();
            write_object(fields.iter().map(|f| f.name().as_str()).zip(columns), index, text)
        }
        DataType::Map(..) => write_map(array, index, text),
        DataType::Dictionary(key, _) => match **key {
            DataType::Int8 => write_keyed::<Int8Type>(array, index, text, json),
            DataType::Int16 => write_keyed::<Int16Type>(array, index, text, json),
            DataType::Int32 => write_keyed::<Int32Type>(array, index, text, json),
            DataType::Int64 => write_keyed::<Int64Type>(array, index, text, json),
            DataType::UInt8 => write_keyed::<UInt8Type>(array, index, text, json),
            DataType::UInt16 => write_keyed::<UInt16Type>(array, index, text, json),
            DataType::UInt32 => write_keyed::<UInt32Type>(array, index, text, json),
            _ => write_keyed::<UInt64Type>(array, index, text, json),
        },
        // Times of day, durations and other rare types, as Arrow shows them.
        _ => match ArrayFormatter::try_new(array, &FormatOptions::default()) {
            Ok(formatter) => write_text(&formatter.value(index).to_string(), text, json),
            Err(error) => write_text(&error.to_string(), text, json),
        },
    }
}

fn put(bytes: &[u8], text: &mut Vec<u8>) -> bool {
    text.extend_from_slice(bytes);
    false
}

/// The shortest text that reads back as the same number. Numbers that would need many zeros get an exponent.
fn write_float(
    finite: bool,
    value: &(impl std::fmt::Display + std::fmt::LowerExp),
    size: f64,
    text: &mut Vec<u8>,
    json: bool,
) -> bool {
    let size = size.abs();
    let _ = match finite {
        false if json => write!(text, "\"{value}\""),
        true if size != 0.0 && !(1e-7..1e21).contains(&size) => write!(text, "{value:e}"),
        _ => write!(text, "{value}"),
    };
    false
}

fn write_text(value: &str, text: &mut Vec<u8>, json: bool) -> bool {
    if json {
        // A text can always be written as JSON, and to memory.
        let _ = serde_json::to_writer(text, value);
    } else {
        text.extend_from_slice(value.as_bytes());
    }
    false
}

fn write_bytes(value: &[u8], text: &mut Vec<u8>, json: bool) -> bool {
    if let Ok(value) = std::str::from_utf8(value) {
        return write_text(value, text, json);
    }
    let hex: String = value.iter().map(|byte| format!("{byte:02x}")).collect();
    write_text(&hex, text, json)
}

fn timestamp(array: &dyn Array, unit: TimeUnit, index: usize) -> (i64, i64) {
    fn value<T: types::ArrowPrimitiveType<Native = i64>>(array: &PrimitiveArray<T>, index: usize) -> i64 {
        array.value(index)
    }
    let any = array.as_any();
    let (found, per_second) = match unit {
        TimeUnit::Second => (any.downcast_ref::<TimestampSecondArray>().map(|a| value(a, index)), 1),
        TimeUnit::Millisecond => (any.downcast_ref::<TimestampMillisecondArray>().map(|a| value(a, index)), 1_000),
        TimeUnit::Microsecond => (any.downcast_ref::<TimestampMicrosecondArray>().map(|a| value(a, index)), 1_000_000),
        TimeUnit::Nanosecond => {
            (any.downcast_ref::<TimestampNanosecondArray>().map(|a| value(a, index)), 1_000_000_000)
        }
    };
    (found.unwrap_or_default(), per_second)
}

/// Writes seconds since 1970 and a part of a second in ISO form. Beyond the years -9999 to 9999 they are given as they
/// are, and are no date.
fn write_moment(seconds: i64, nanos: i64, with_time: bool, text: &mut Vec<u8>, json: bool) -> bool {
    let date = Span::new().try_days(seconds.div_euclid(86_400)).and_then(|days| EPOCH.checked_add(days));
    let Ok(date) = date else {
        let _ = write!(text, "{seconds}");
        return false;
    };
    let quote = if json { "\"" } else { "" };
    let _ = write!(text, "{quote}{date}");
    if with_time {
        let of_day = seconds.rem_euclid(86_400);
        let _ = write!(text, " {:02}:{:02}:{:02}", of_day / 3600, of_day / 60 % 60, of_day % 60);
        let _ = match nanos {
            0 => Ok(()),
            n if n % 1_000_000 == 0 => write!(text, ".{:03}", n / 1_000_000),
            n if n % 1_000 == 0 => write!(text, ".{:06}", n / 1_000),
            n => write!(text, ".{n:09}"),
        };
    }
    let _ = write!(text, "{quote}");
    true
}

/// Writes a value, or `null`, as a part of JSON.
fn write_json(array: &dyn Array, index: usize, text: &mut Vec<u8>) {
    if array.is_valid(index) && *array.data_type() != DataType::Null {
        write_value(array, index, text, true);
    } else {
        text.extend_from_slice(b"null");
    }
}

fn write_list(values: &dyn Array, text: &mut Vec<u8>) -> bool {
    text.push(b'[');
    for index in 0..values.len() {
        if index > 0 {
            text.push(b',');
        }
        write_json(values, index, text);
    }
    text.push(b']');
    false
}

fn write_object<'a>(fields: impl Iterator<Item = (&'a str, &'a ArrayRef)>, index: usize, text: &mut Vec<u8>) -> bool {
    text.push(b'{');
    for (place, (name, column)) in fields.enumerate() {
        if place > 0 {
            text.push(b',');
        }
        write_text(name, text, true);
        text.push(b':');
        write_json(column, index, text);
    }
    text.push(b'}');
    false
}

/// Writes a map as an object; keys that are no texts are written as texts.
fn write_map(array: &dyn Array, index: usize, text: &mut Vec<u8>) -> bool {
    let entries = array.as_map().value(index);
    let (keys, values) = (entries.column(0), entries.column(1));
    text.push(b'{');
    for index in 0..entries.len() {
        if index > 0 {
            text.push(b',');
        }
        let mut key = Vec::new();
        if keys.is_valid(index) {
            write_value(keys, index, &mut key, false);
        }
        write_text(&String::from_utf8_lossy(&key), text, true);
        text.push(b':');
        write_json(values, index, text);
    }
    text.push(b'}');
    false
}

fn write_keyed<K: ArrowDictionaryKeyType>(array: &dyn Array, index: usize, text: &mut Vec<u8>, json: bool) -> bool {
    let array = array.as_dictionary::<K>();
    match array.key(index) {
        Some(key) if array.values().is_valid(key) => write_value(array.values(), key, text, json),
        _ if json => put(b"null", text),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{samples, text};
    use arrow::array::{
        BinaryArray, BooleanArray, Date32Array, Date64Array, Decimal128Array, DictionaryArray, FixedSizeBinaryArray,
        Float32Array, Float64Array, Int8Array, Int32Array, ListArray, MapBuilder, StringArray, StringBuilder,
        StructArray, Time32MillisecondArray, UInt64Array,
    };
    use arrow::datatypes::{Field, Schema};
    use bytes::Bytes;
    use parquet::basic::{BrotliLevel, Compression, GzipLevel, ZstdLevel};
    use std::sync::Arc;

    fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
        let fields = columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true));
        let schema = Schema::new(fields.collect::<Vec<_>>());
        RecordBatch::try_new(Arc::new(schema), columns.into_iter().map(|(_, array)| array).collect()).unwrap()
    }

    /// The cells of a column under its name, dates starred.
    fn read(bytes: Vec<u8>) -> Result<(Vec<Vec<String>>, Lines), ReadError> {
        let mut columns: Vec<Vec<String>> = Vec::new();
        let lines = visit_in(Bytes::from(bytes), |row| -> Result<Flow, ReadError> {
            columns.resize(row.cells.len(), Vec::new());
            for (index, column) in columns.iter_mut().enumerate() {
                column.push(format!("{}{}", text(row.cell(index)), if row.is_date(index) { "*" } else { "" }));
            }
            Ok(Flow::Next)
        })?;
        Ok((columns, lines))
    }

    #[track_caller]
    fn check(array: impl Array + 'static, expected: &[&str]) {
        let batch = batch(vec![("x", Arc::new(array))]);
        let (columns, lines) = read(samples::parquet(&batch, Compression::SNAPPY)).unwrap();
        assert_eq!(columns[0][0], "x");
        assert_eq!(columns[0][1..], *expected);
        assert_eq!(lines, Lines { physical: expected.len() as u64 + 1, blank: 0, of_rows: expected.len() as u64 + 1 });
    }

    #[test]
    fn values_as_a_person_would_write_them() {
        check(BooleanArray::from(vec![Some(true), Some(false), None]), &["true", "false", ""]);
        check(Int8Array::from(vec![Some(-5), None]), &["-5", ""]);
        check(UInt64Array::from(vec![u64::MAX]), &["18446744073709551615"]);
        check(Float32Array::from(vec![0.1, 2.0, f32::NAN]), &["0.1", "2", "NaN"]);
        check(
            Float64Array::from(vec![0.1, -3.0, 123_456_789.25, 1e300, 5e-324, 0.0]),
            &["0.1", "-3", "123456789.25", "1e300", "5e-324", "0"],
        );
        check(StringArray::from(vec!["a\"b", "", "é"]), &["a\"b", "", "é"]);
        check(BinaryArray::from(vec![b"text".as_slice(), b"\xff\x00"]), &["text", "ff00"]);
        check(FixedSizeBinaryArray::try_from_iter([[1_u8, 0xab]].iter()).unwrap(), &["\u{1}\u{fffd}"].map(|_| "01ab"));
        let decimal = |scale| Decimal128Array::from(vec![12_345, -5]).with_precision_and_scale(10, scale).unwrap();
        check(decimal(2), &["123.45", "-0.05"]);
        check(decimal(0), &["12345", "-5"]);
        check(Date32Array::from(vec![Some(16_984), None, Some(i32::MAX)]), &["2016-07-02*", "", "185542587100800"]);
        check(Date64Array::from(vec![16_984 * 86_400_000, -1]), &["2016-07-02*", "1969-12-31*"]);
        check(Time32MillisecondArray::from(vec![49_500_000]), &["13:45:00"]);
        let words: DictionaryArray<Int8Type> =
            vec![Some("Dallas"), None, Some("Houston"), Some("Dallas")].into_iter().collect();
        check(words, &["Dallas", "", "Houston", "Dallas"]);
    }

    #[test]
    fn moments() {
        let at = 1_467_467_100;
        check(TimestampSecondArray::from(vec![at, -1]), &["2016-07-02 13:45:00*", "1969-12-31 23:59:59*"]);
        check(TimestampMillisecondArray::from(vec![at * 1000 + 7]), &["2016-07-02 13:45:00.007*"]);
        check(TimestampMicrosecondArray::from(vec![at * 1_000_000 + 7]), &["2016-07-02 13:45:00.000007*"]);
        check(TimestampNanosecondArray::from(vec![at * 1_000_000_000 + 7]), &["2016-07-02 13:45:00.000000007*"]);
        check(
            TimestampMillisecondArray::from(vec![at * 1000]).with_timezone("America/Chicago"),
            &["2016-07-02 13:45:00*"],
        );
    }

    #[test]
    fn nested_values_become_json() {
        let list = ListArray::from_iter_primitive::<Int32Type, _, _>([Some(vec![Some(1), None]), None, Some(vec![])]);
        check(list, &["[1,null]", "", "[]"]);
        let fields: Vec<(Arc<Field>, ArrayRef)> = vec![
            (
                Arc::new(Field::new("a \"b\"", DataType::Utf8, true)),
                Arc::new(StringArray::from(vec![Some("x\ny"), None])),
            ),
            (Arc::new(Field::new("on", DataType::Date32, true)), Arc::new(Date32Array::from(vec![16_984, 0]))),
            (Arc::new(Field::new("n", DataType::Float64, true)), Arc::new(Float64Array::from(vec![f64::NAN, 2.5]))),
        ];
        check(
            StructArray::from(fields),
            &[r#"{"a \"b\"":"x\ny","on":"2016-07-02","n":"NaN"}"#, r#"{"a \"b\"":null,"on":"1970-01-01","n":2.5}"#],
        );
        let mut map = MapBuilder::new(None, StringBuilder::new(), StringBuilder::new());
        map.keys().append_value("k");
        map.values().append_value("v");
        map.append(true).unwrap();
        check(map.finish(), &[r#"{"k":"v"}"#]);
    }

    #[test]
    fn every_packing_and_many_batches() {
        let n: Vec<i32> = (0..10_000).collect();
        let batch = batch(vec![
            ("n", Arc::new(Int32Array::from(n.clone()))),
            ("t", Arc::new(StringArray::from_iter_values(n.iter().map(|n| format!("row {n}"))))),
        ]);
        for compression in [
            Compression::UNCOMPRESSED,
            Compression::SNAPPY,
            Compression::GZIP(GzipLevel::default()),
            Compression::BROTLI(BrotliLevel::default()),
            Compression::LZ4,
            Compression::LZ4_RAW,
            Compression::ZSTD(ZstdLevel::default()),
        ] {
            let bytes = samples::parquet(&batch, compression);
            assert!(bytes.starts_with(MAGIC));
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(file.path(), &bytes).unwrap();
            let stopped = visit(file.path(), |row| {
                Ok::<Flow, ReadError>(if row.number < 5000 { Flow::Next } else { Flow::Stop })
            });
            assert_eq!(stopped.unwrap(), Lines { physical: 10_001, blank: 0, of_rows: 5000 });
            let (columns, lines) = read(bytes.clone()).unwrap();
            assert_eq!(lines.of_rows, 10_001);
            assert_eq!((columns[0][10_000].as_str(), columns[1][10_000].as_str()), ("9999", "row 9999"));
            for cut in [0, 4, bytes.len() / 2, bytes.len() - 1] {
                assert!(read(bytes[..cut].to_vec()).is_err(), "{compression} cut at {cut}");
            }
        }
    }
}
