//! Small files of each format, made up.

use arrow::array::RecordBatch;
use dta::stata::dta::byte_order::ByteOrder;
use dta::stata::dta::dta_writer::DtaWriter;
use dta::stata::dta::header::Header;
use dta::stata::dta::long_string::LongStringContent;
use dta::stata::dta::long_string_table::LongStringTable;
use dta::stata::dta::release::Release;
use dta::stata::dta::schema::Schema;
use dta::stata::dta::value::Value;
use dta::stata::dta::variable::Variable;
use dta::stata::dta::variable_type::VariableType;
use dta::stata::missing_value::MissingValue;
use dta::stata::stata_byte::StataByte;
use dta::stata::stata_double::StataDouble;
use dta::stata::stata_float::StataFloat;
use dta::stata::stata_long::StataLong;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A workbook of two sheets, with dates, merged cells, blank rows, and a cell in the last column.
pub(crate) fn xlsx() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let moment = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
    let sheet = workbook.add_worksheet();
    sheet.set_name("People").unwrap();
    sheet.write_row(0, 0, ["Name", "Left", "Fee", "Far"]).unwrap();
    let at = ExcelDateTime::from_ymd(2016, 7, 2).unwrap();
    sheet.write(2, 0, "Ana").unwrap().write_with_format(2, 1, &at, &day).unwrap().write(2, 2, 20.5).unwrap();
    let at = ExcelDateTime::from_ymd(2016, 7, 2).unwrap().and_hms(13, 45, 0).unwrap();
    sheet.write(3, 0, "Ben").unwrap().write_with_format(3, 1, &at, &moment).unwrap().write(3, 2, 3).unwrap();
    sheet.write(3, 16_382, "x").unwrap();
    sheet.merge_range(5, 0, 6, 1, "merged", &Format::new()).unwrap();
    sheet.write(5, 2, true).unwrap();
    workbook.add_worksheet().set_name("Notes").unwrap().write(0, 0, "note").unwrap();
    workbook.save_to_buffer().unwrap()
}

/// A record of an old workbook.
fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes(), &(data.len() as u16).to_le_bytes(), data].concat()
}

fn number(row: u16, column: u16, format: u16, value: f64) -> Vec<u8> {
    record(0x0203, &[&words(&[row, column, format])[..], &value.to_le_bytes()].concat())
}

fn words(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// The stream of records of an old workbook with one sheet, `People`: a header, a row with a number, a day and a shared
/// text, and a row with the result of a formula. `more` stands among the records of the sheet.
pub(crate) fn xls_records(more: &[u8]) -> Vec<u8> {
    let begin = |kind: u16| record(0x0809, &words(&[0x0600, kind, 0, 0, 0, 0, 0, 0]));
    let text = |text: &str| [&words(&[text.len() as u16])[..], &[0], text.as_bytes()].concat();
    let shared = ["Name", "Left", "Fee", "Ana", "Ben"];
    let shared_record = [&words(&[5, 0, 5, 0])[..], &shared.map(text).concat()].concat();
    let label = |row, column, index| record(0x00fd, &words(&[row, column, 0, index, 0]));
    let format = |format: u16| record(0x00e0, &words(&[0, format, 0, 0, 0, 0, 0, 0, 0, 0]));
    let globals = |start: u32| {
        let sheet = [&start.to_le_bytes()[..], &[0, 0, 6, 0], b"People"].concat();
        [begin(5), format(0), format(14), record(0x0085, &sheet), record(0x00fc, &shared_record), record(0x000a, &[])]
            .concat()
    };
    let formula = [&words(&[2, 2, 0])[..], &7.25_f64.to_le_bytes(), &[0; 6], &words(&[3]), &[0x1e, 7, 0]].concat();
    let sheet = [
        begin(0x10),
        record(0x0200, &[0, 0, 0, 0, 255, 255, 0, 0, 0, 0, 0, 1, 0, 0]),
        [label(0, 0, 0), label(0, 1, 1), label(0, 2, 2)].concat(),
        [label(1, 0, 3), number(1, 1, 1, 42_553.0), number(1, 2, 0, 20.5)].concat(),
        [label(2, 0, 4), number(2, 1, 1, 42_553.572_916_666_664), record(0x0006, &formula)].concat(),
        more.to_vec(),
        record(0x000a, &[]),
    ];
    let start = globals(0).len() as u32;
    [globals(start), sheet.concat()].concat()
}

/// An old workbook in its compound file.
pub(crate) fn xls(records: &[u8]) -> Vec<u8> {
    let mut compound = cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new())).unwrap();
    compound.create_stream("/Workbook").unwrap().write_all(records).unwrap();
    compound.flush().unwrap();
    compound.into_inner().into_inner()
}

/// A number cell of an old workbook.
pub(crate) fn xls_number(row: u16, column: u16) -> Vec<u8> {
    number(row, column, 0, 1.0)
}

pub(crate) fn parquet(batch: &RecordBatch, compression: Compression) -> Vec<u8> {
    let mut bytes = Vec::new();
    let properties = WriterProperties::builder().set_compression(compression).build();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
    bytes
}

/// A Stata data set with a value of each kind, and a label.
pub(crate) fn dta(release: Release) -> Vec<u8> {
    let long = release >= Release::V117;
    let mut schema = Schema::builder()
        .add_variable(Variable::builder(VariableType::Byte, "sex").format("%8.0g").value_label_name("sex"))
        .add_variable(Variable::builder(VariableType::Long, "left").format("%td"))
        .add_variable(Variable::builder(VariableType::Double, "at").format("%tc"))
        .add_variable(Variable::builder(VariableType::Float, "month").format("%tm"))
        .add_variable(Variable::builder(VariableType::Double, "fee").format("%9.2f"))
        .add_variable(Variable::builder(VariableType::FixedString(8), "city").format("%8s"));
    if long {
        schema = schema.add_variable(Variable::builder(VariableType::LongString, "note").format("%9s"));
    }
    let mut file = Cursor::new(Vec::new());
    let header = Header::builder(release, ByteOrder::LittleEndian).build();
    let writer = DtaWriter::new().from_writer(&mut file).write_header(header).unwrap();
    let mut records = writer.write_schema(schema.build().unwrap()).unwrap().into_record_writer().unwrap();
    let mut notes = LongStringTable::for_writing();
    let tagged = if release >= Release::V113 { MissingValue::C } else { MissingValue::System };
    for (place, (sex, left, at, month, fee, city)) in (1..).zip([
        (StataByte::Present(2), 20_637, 1_783_086_300_000.0, -1.0, StataDouble::Present(20.5), "Dallas"),
        (StataByte::Missing(tagged), -1, -1.0, 678.0, StataDouble::Missing(MissingValue::System), ""),
        (StataByte::Present(3), 0, 0.0, 0.5, StataDouble::Present(1e22), "El Paso"),
    ]) {
        let mut row = vec![
            Value::Byte(sex),
            Value::Long(StataLong::Present(left)),
            Value::Double(StataDouble::Present(at)),
            Value::Float(StataFloat::Present(month)),
            Value::Double(fee),
            Value::string(city),
        ];
        if long {
            let text = LongStringContent::Text(city.repeat(50).into_bytes().into());
            row.push(Value::LongStringRef(notes.get_or_insert(7, place, text)));
        }
        records.write_record(&row).unwrap();
    }
    let mut texts = records.into_long_string_writer().unwrap();
    if long {
        texts.write_long_string_table(&notes).unwrap();
    }
    texts.into_value_label_writer().unwrap().finish().unwrap();
    with_labels(file.into_inner(), release)
}

/// Adds the labels of `sex`, which the writer of the crate cannot: 1 is male and 2 is female.
fn with_labels(mut file: Vec<u8>, release: Release) -> Vec<u8> {
    if release < Release::V108 {
        return file;
    }
    let name_bytes = if release >= Release::V118 {
        129
    } else if release >= Release::V110 {
        33
    } else {
        9
    };
    let numbers = |numbers: &[u32]| numbers.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<u8>>();
    let payload = [&numbers(&[2, 12, 0, 5, 1, 2])[..], b"male\0female\0"].concat();
    let mut name = b"sex".to_vec();
    name.resize(name_bytes + 3, 0);
    let set = [numbers(&[payload.len() as u32]), name, payload].concat();
    match memchr::memmem::find(&file, b"</value_labels>") {
        Some(end) => drop(file.splice(end..end, [b"<lbl>", &set[..], b"</lbl>"].concat())),
        None => file.extend(set),
    }
    file
}

/// An archive of a folder and files, each packed in its way.
pub(crate) fn zip(files: &[(&str, &[u8], CompressionMethod, bool)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_directory("Data/", SimpleFileOptions::default()).unwrap();
    for (name, text, method, large) in files {
        let options = SimpleFileOptions::default().compression_method(*method).large_file(*large);
        writer.start_file(*name, options).unwrap();
        writer.write_all(text).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
