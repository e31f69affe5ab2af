//! JSON, row by row, from three kinds of file: objects in lines, an array of objects, and one object of names and
//! values. None of them has a header row, so the names of the columns are given as row 1 and the rows count from 2.
//!
//! Numbers keep the text they have in the file; `null` is an empty cell, and so is a bare `NaN`, which is no JSON but what
//! many programs write for a missing value; objects and arrays within a cell are kept as JSON without spaces.

use super::gzip::LineCount;
use super::{Cause, Flow, Lines, ReadError, Row};
use foldhash::fast::FixedState;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::io::{BufRead, BufReader, Read};

/// Longest object, in bytes. A longer one means that a bracket or a quote is never closed.
const LONGEST: usize = 16 * 1024 * 1024;
/// Objects from which the names of the columns are taken, together at most `HEAD_BYTES`.
const HEAD_OBJECTS: usize = 1000;
const HEAD_BYTES: usize = 64 * 1024 * 1024;
/// Most columns. Every row has a cell in each, so one broken object with a million names would cost each row as much.
const MOST_COLUMNS: usize = 16_384;
const BUFFER_BYTES: usize = 256 * 1024;
const BOM: &[u8] = b"\xef\xbb\xbf";

fn broken(cause: impl Into<Cause>) -> ReadError {
    ReadError::Broken { what: "JSON file", cause: cause.into() }
}

/// Visits the rows of a JSON file. What kind it is, is told by its beginning:
///
/// - `[`: an array of objects. A row is an object; row 2 is the first.
/// - `{` that is not closed on its line: one object, whose names and values become the columns `key` and `value`. Row 2
///   is the first pair.
/// - anything else: an object on each line. The row on line 1 has number 2, and so on; blank lines are counted and not
///   visited.
///
/// The columns are the names in the first 1,000 objects, in the order in which they appear, and at most 16,384. An
/// object with another name, or with a name twice, and what is no object or no JSON, is given as a malformed row.
///
/// # Errors
///
/// If the text cannot be read, an object is longer than 16 MiB, an array or object is cut off, or the visitor fails.
pub(crate) fn visit<E: From<ReadError>>(
    input: impl Read,
    mut visitor: impl FnMut(&Row) -> Result<Flow, E>,
) -> Result<Lines, E> {
    let mut text = Text::new(input);
    let shape = text.shape()?;
    let blank = if shape == Shape::Lines { text.line } else { 0 };
    let mut objects = Objects { text, array: shape == Shape::Array, given: 0, blank, ended: false };
    let mut lines = Lines::default();
    let mut row = Row { lines: 1, ..Row::default() };
    match shape {
        Shape::Pairs => pairs(&mut objects, &mut row, &mut lines, &mut visitor)?,
        Shape::Lines | Shape::Array => rows(&mut objects, &mut row, &mut lines, &mut visitor)?,
    }
    lines.blank = objects.blank;
    lines.physical += if shape == Shape::Lines { objects.text.input.get_ref().lines() } else { objects.given };
    Ok(lines)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Lines,
    Array,
    Pairs,
}

/// Gives the header and the rows of a file of objects.
fn rows<E: From<ReadError>>(
    objects: &mut Objects<impl Read>,
    row: &mut Row,
    lines: &mut Lines,
    visitor: &mut impl FnMut(&Row) -> Result<Flow, E>,
) -> Result<(), E> {
    let mut columns = Columns::default();
    let mut head: Vec<(u64, Vec<u8>)> = Vec::new();
    let (mut raw, mut bytes) = (Vec::new(), 0);
    while head.len() < HEAD_OBJECTS && bytes < HEAD_BYTES {
        let Some(number) = objects.next(&mut raw)? else { break };
        columns.learn(&raw);
        bytes += raw.len();
        head.push((number, std::mem::take(&mut raw)));
    }
    if !columns.names.is_empty() {
        row.set_names(columns.names.iter().map(String::as_str));
        lines.physical += 1;
        lines.of_rows += 1;
        if visitor(row)? == Flow::Stop {
            return Ok(());
        }
    }
    for (number, raw) in head {
        row.number = number;
        lines.of_rows += 1;
        columns.lay(raw, row);
        if visitor(row)? == Flow::Stop {
            return Ok(());
        }
    }
    loop {
        raw.clear();
        let Some(number) = objects.next(&mut raw)? else { return Ok(()) };
        row.number = number;
        lines.of_rows += 1;
        columns.lay(std::mem::take(&mut raw), row);
        if visitor(row)? == Flow::Stop {
            return Ok(());
        }
        raw = std::mem::take(&mut row.raw);
    }
}

/// Gives the pairs of an object, under the header `key`, `value`.
fn pairs<E: From<ReadError>>(
    objects: &mut Objects<impl Read>,
    row: &mut Row,
    lines: &mut Lines,
    visitor: &mut impl FnMut(&Row) -> Result<Flow, E>,
) -> Result<(), E> {
    row.set_names(["key", "value"]);
    lines.physical += 1;
    lines.of_rows += 1;
    let mut flow = visitor(row)?;
    let mut key = Vec::new();
    while flow != Flow::Stop {
        row.clear();
        if !objects.more(b'}')? {
            break;
        }
        objects.text.value(&mut key)?;
        if objects.text.peek()? != Some(b':') {
            return Err(broken(format!("there is no `:` after name {}", objects.given + 1)).into());
        }
        objects.text.take_one();
        if objects.text.peek()?.is_none() {
            return Err(objects.cut().into());
        }
        objects.text.value(&mut row.raw)?;
        objects.given += 1;
        row.number = objects.given + 1;
        lines.of_rows += 1;
        let value = std::mem::take(&mut row.raw);
        let json = nan_as_null(&value);
        let read = serde_json::from_slice::<Name>(&key).ok().zip(serde_json::from_slice::<&RawValue>(&json).ok());
        let whole = read.is_some_and(|(key, value)| {
            row.push(|text| {
                text.extend_from_slice(key.0.as_bytes());
                false
            });
            push_value(value, row)
        });
        row.raw.append(&mut key);
        row.raw.extend_from_slice(b": ");
        row.raw.extend_from_slice(&value);
        if !whole {
            spoil(row);
        }
        flow = visitor(row)?;
    }
    Ok(())
}

/// Makes the row malformed: its one cell is what was delivered.
fn spoil(row: &mut Row) {
    row.malformed = true;
    row.unescaped.clear();
    row.dates.clear();
    row.cells.clear();
    row.cells.push((0, row.raw.len()));
    row.cells_in_raw = true;
}

/// The objects of a file, one after another.
struct Objects<R> {
    text: Text<R>,
    array: bool,
    /// Objects or pairs given so far.
    given: u64,
    blank: u64,
    /// The bracket that closes the array or object is taken.
    ended: bool,
}

impl<R: Read> Objects<R> {
    /// The next object as delivered, and its number.
    fn next(&mut self, raw: &mut Vec<u8>) -> Result<Option<u64>, ReadError> {
        if self.array {
            if !self.more(b']')? {
                return Ok(None);
            }
            self.text.value(raw)?;
            self.given += 1;
            return Ok(Some(self.given + 1));
        }
        while self.text.line(raw)? {
            if !raw.trim_ascii().is_empty() {
                return Ok(Some(self.text.line + 1));
            }
            self.blank += 1;
        }
        Ok(None)
    }

    /// Whether another element follows, and takes the comma before it; if not, nothing may follow `end`.
    fn more(&mut self, end: u8) -> Result<bool, ReadError> {
        let next = self.text.peek()?;
        if self.ended {
            return Ok(false);
        }
        if next == Some(end) {
            self.text.take_one();
            self.ended = true;
            return match self.text.peek()? {
                None => Ok(false),
                Some(_) => Err(broken(format!("something follows the closing `{}`", char::from(end)))),
            };
        }
        match next {
            None => Err(self.cut()),
            Some(b',') if self.given > 0 => {
                self.text.take_one();
                match self.text.peek()? {
                    None => Err(self.cut()),
                    Some(b',' | b']' | b'}' | b':') => {
                        Err(broken(format!("nothing stands after the comma that follows element {}", self.given)))
                    }
                    Some(_) => Ok(true),
                }
            }
            Some(b',' | b']' | b'}' | b':') => Err(broken("nothing stands before the first comma or bracket")),
            Some(_) if self.given > 0 => Err(broken(format!("there is no comma after element {}", self.given))),
            Some(_) => Ok(true),
        }
    }

    fn cut(&self) -> ReadError {
        broken(format!("it is cut off after element {}", self.given))
    }
}

/// The bytes of the file, of which the first line may have been looked at.
struct Text<R> {
    input: BufReader<LineCount<R>>,
    /// Bytes that come before those of `input`, from `at`.
    pending: Vec<u8>,
    at: usize,
    /// Lines taken.
    line: u64,
}

impl<R: Read> Text<R> {
    fn new(input: R) -> Self {
        let input = BufReader::with_capacity(BUFFER_BYTES, LineCount::new(input));
        Self { input, pending: Vec::new(), at: 0, line: 0 }
    }

    fn fill(&mut self) -> Result<&[u8], ReadError> {
        if self.at < self.pending.len() {
            return Ok(&self.pending[self.at..]);
        }
        Ok(self.input.fill_buf()?)
    }

    fn take(&mut self, bytes: usize) {
        if self.at < self.pending.len() {
            self.at += bytes;
        } else {
            self.input.consume(bytes);
        }
    }

    fn take_one(&mut self) {
        self.take(1);
    }

    /// Finds out what kind of file it is, and takes the bracket that opens an array or object.
    fn shape(&mut self) -> Result<Shape, ReadError> {
        while self.pending.len() < BOM.len() && self.look_at_byte()? {}
        if self.pending == BOM {
            self.at = BOM.len();
        }
        match self.peek()? {
            Some(b'[') => {
                self.take_one();
                Ok(Shape::Array)
            }
            Some(b'{') => {
                let mut first = Vec::new();
                let line = self.line;
                self.line_with_end(&mut first)?;
                self.line = line;
                let (_, closed) = Scan::default().over(&first);
                first.extend_from_slice(&self.pending[self.at..]);
                self.pending = first;
                self.at = usize::from(!closed);
                Ok(if closed { Shape::Lines } else { Shape::Pairs })
            }
            Some(_) => Ok(Shape::Lines),
            None => {
                // A last line of spaces alone may lack its end.
                self.line = self.input.get_ref().lines();
                Ok(Shape::Lines)
            }
        }
    }

    /// Moves a byte from the input to those that are looked at.
    fn look_at_byte(&mut self) -> Result<bool, ReadError> {
        let Some(byte) = self.input.fill_buf()?.first().copied() else { return Ok(false) };
        self.input.consume(1);
        self.pending.push(byte);
        Ok(true)
    }

    /// The next byte that is no space. Spaces before it are taken, and their lines counted.
    fn peek(&mut self) -> Result<Option<u8>, ReadError> {
        loop {
            let buffer = self.fill()?;
            if buffer.is_empty() {
                return Ok(None);
            }
            let spaces = buffer.iter().take_while(|b| b" \t\r\n".contains(b)).count();
            let next = buffer.get(spaces).copied();
            let ends = memchr::memchr_iter(b'\n', &buffer[..spaces]).count() as u64;
            self.line += ends;
            self.take(spaces);
            if next.is_some() {
                return Ok(next);
            }
        }
    }

    /// The next line, without its end.
    fn line(&mut self, line: &mut Vec<u8>) -> Result<bool, ReadError> {
        line.clear();
        self.line_with_end(line)?;
        if line.is_empty() {
            return Ok(false);
        }
        for end in [b'\n', b'\r'] {
            if line.last() == Some(&end) {
                line.pop();
            }
        }
        Ok(true)
    }

    fn line_with_end(&mut self, line: &mut Vec<u8>) -> Result<(), ReadError> {
        loop {
            let buffer = self.fill()?;
            let (bytes, ended) = match memchr::memchr(b'\n', buffer) {
                Some(end) => (end + 1, true),
                None => (buffer.len(), buffer.is_empty()),
            };
            line.extend_from_slice(&buffer[..bytes]);
            self.take(bytes);
            if line.len() > LONGEST {
                return Err(ReadError::LineTooLong { line: self.line + 1 });
            }
            if ended {
                self.line += u64::from(!line.is_empty());
                return Ok(());
            }
        }
    }

    /// The next value, from its first byte to its last.
    fn value(&mut self, value: &mut Vec<u8>) -> Result<(), ReadError> {
        value.clear();
        let mut scan = Scan::default();
        loop {
            let buffer = self.fill()?;
            if buffer.is_empty() {
                return Err(broken(format!("it is cut off on line {}", self.line + 1)));
            }
            let (bytes, complete) = scan.over(buffer);
            value.extend_from_slice(&buffer[..bytes]);
            let ends = memchr::memchr_iter(b'\n', &buffer[..bytes]).count() as u64;
            self.take(bytes);
            self.line += ends;
            if value.len() > LONGEST {
                return Err(ReadError::LineTooLong { line: self.line + 1 });
            }
            if complete {
                return Ok(());
            }
        }
    }
}

/// Finds the end of a value.
#[derive(Debug, Default)]
struct Scan {
    depth: u64,
    in_string: bool,
    escaped: bool,
    begun: bool,
}

impl Scan {
    /// How many of the bytes belong to the value, and whether it is complete with them.
    fn over(&mut self, bytes: &[u8]) -> (usize, bool) {
        for (at, byte) in bytes.iter().enumerate() {
            if self.in_string {
                if self.escaped {
                    self.escaped = false;
                } else if *byte == b'\\' {
                    self.escaped = true;
                } else if *byte == b'"' {
                    self.in_string = false;
                    if self.depth == 0 {
                        return (at + 1, true);
                    }
                }
                continue;
            }
            match byte {
                b'"' if self.depth > 0 || !self.begun => self.in_string = true,
                b'{' | b'[' if self.depth > 0 || !self.begun => self.depth += 1,
                b'}' | b']' if self.depth > 0 => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return (at + 1, true);
                    }
                }
                // The end of a number or word.
                b',' | b':' | b'}' | b']' | b'{' | b'[' | b'"' | b' ' | b'\t' | b'\r' | b'\n' if self.depth == 0 => {
                    return (at, true);
                }
                _ => {}
            }
            self.begun = true;
        }
        (bytes.len(), false)
    }
}

/// The names of the columns, and where each stands.
#[derive(Debug, Default)]
struct Columns {
    names: Vec<String>,
    places: HashMap<String, usize, FixedState>,
}

impl Columns {
    /// Takes in the names of an object. What is no object has none.
    fn learn(&mut self, raw: &[u8]) {
        let json = nan_as_null(raw);
        for (name, _) in serde_json::from_slice::<Object>(&json).map(|o| o.0).unwrap_or_default() {
            if self.names.len() == MOST_COLUMNS {
                return;
            }
            if let Entry::Vacant(place) = self.places.entry(name.0.into_owned()) {
                self.names.push(place.key().clone());
                place.insert(self.names.len() - 1);
            }
        }
    }

    /// Lays the values of an object under the names.
    fn lay(&self, raw: Vec<u8>, row: &mut Row) {
        row.clear();
        if self.cells(&raw, row).is_none() {
            row.raw = raw;
            spoil(row);
        } else {
            row.raw = raw;
        }
    }

    fn cells(&self, raw: &[u8], row: &mut Row) -> Option<()> {
        let json = nan_as_null(raw);
        let object = serde_json::from_slice::<Object>(&json).ok()?;
        let mut values: Vec<Option<&RawValue>> = vec![None; self.names.len()];
        for (name, value) in object.0 {
            let place = *self.places.get(name.0.as_ref())?;
            if values[place].replace(value).is_some() {
                return None;
            }
        }
        let whole = values.into_iter().all(|value| match value {
            Some(value) => push_value(value, row),
            None => {
                row.push(|_| false);
                true
            }
        });
        whole.then_some(())
    }
}

/// The text with `null` for every `NaN` outside of quotes.
fn nan_as_null(json: &[u8]) -> Cow<'_, [u8]> {
    const NAN: &[u8] = b"NaN";
    if memchr::memmem::find(json, NAN).is_none() {
        return Cow::Borrowed(json);
    }
    let mut read = Vec::with_capacity(json.len() + 8);
    let (mut in_string, mut escaped, mut in_word) = (false, false, false);
    let mut at = 0;
    while let Some(&byte) = json.get(at) {
        let ends = |after: Option<&u8>| after.is_none_or(|b| !b.is_ascii_alphanumeric());
        if !in_string && !in_word && json[at..].starts_with(NAN) && ends(json.get(at + NAN.len())) {
            read.extend_from_slice(b"null");
            at += NAN.len();
            continue;
        }
        if in_string {
            in_string = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
        } else {
            in_string = byte == b'"';
            in_word = byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
        }
        read.push(byte);
        at += 1;
    }
    Cow::Owned(read)
}

/// Adds a value as a cell. `false` if it is a text that is not Unicode.
fn push_value(value: &RawValue, row: &mut Row) -> bool {
    let json = value.get();
    let mut whole = true;
    row.push(|cell| {
        match json.as_bytes() {
            b"null" => {}
            [b'"', text @ .., b'"'] if memchr::memchr(b'\\', text).is_none() => cell.extend_from_slice(text),
            [b'"', ..] => match serde_json::from_str::<String>(json) {
                Ok(text) => cell.extend_from_slice(text.as_bytes()),
                Err(_) => whole = false,
            },
            [b'{' | b'[', ..] => without_spaces(json.as_bytes(), cell),
            other => cell.extend_from_slice(other),
        }
        false
    });
    whole
}

/// Writes JSON without the spaces between its parts.
fn without_spaces(json: &[u8], cell: &mut Vec<u8>) {
    let (mut in_string, mut escaped) = (false, false);
    for byte in json {
        if in_string {
            in_string = escaped || *byte != b'"';
            escaped = !escaped && *byte == b'\\';
        } else if b" \t\r\n".contains(byte) {
            continue;
        } else {
            in_string = *byte == b'"';
        }
        cell.push(*byte);
    }
}

/// A text, borrowed where it has no escapes.
struct Name<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Borrow;
        impl<'de> Visitor<'de> for Borrow {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Borrow)
    }
}

/// The names and values of an object in their order, with repetitions.
struct Object<'a>(Vec<(Name<'a>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Object(pairs))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use insta::assert_snapshot;

    fn rows_of(text: impl AsRef<[u8]>) -> Result<(String, Lines), ReadError> {
        let mut shown = String::new();
        let lines = visit(text.as_ref(), |row| -> Result<Flow, ReadError> {
            let cells = row.texts().join(" | ");
            shown += &format!("{}{}: {cells}\n", row.number, if row.malformed { " malformed" } else { "" });
            Ok(Flow::Next)
        })?;
        assert_eq!(lines.physical, lines.blank + lines.of_rows, "{lines:?}");
        Ok((shown, lines))
    }

    #[track_caller]
    fn rows(text: impl AsRef<[u8]>) -> String {
        rows_of(text).unwrap().0
    }

    #[test]
    fn objects_in_lines() {
        let text = "\u{feff}\n{\"id\": 1, \"name\":\"Ana \\\"A\\\"\", \"fee\": 20.50}\r\n\n\
            {\"name\":null,\"id\":12345678901234567890.10,\"tags\":[ \"a b\", {\"c\" : 1e3} ]}\n\
            not json\n[1]\n{\"id\":1,\"id\":2}\n{\"id\":\"\\ud800\"}\n{\"id\":true}";
        assert_snapshot!(rows(text), @r#"
        1: id | name | fee | tags
        3: 1 | Ana "A" | 20.50 | 
        5: 12345678901234567890.10 |  |  | ["a b",{"c":1e3}]
        6 malformed: not json
        7 malformed: [1]
        8 malformed: {"id":1,"id":2}
        9 malformed: {"id":"\ud800"}
        10: true |  |  | 
        "#);
    }

    #[test]
    fn a_name_that_comes_late_makes_the_row_malformed() {
        let mut text = "{\"id\":1}\n".repeat(1000);
        text += "{\"id\":1,\"late\":2}\n{\"id\":3}\n";
        let shown = rows(&text);
        assert_eq!(
            shown.lines().skip(1000).collect::<Vec<_>>(),
            ["1001: 1", r#"1002 malformed: {"id":1,"late":2}"#, "1003: 3"]
        );
    }

    #[test]
    fn columns_are_bounded() {
        let names: Vec<String> = (0..=MOST_COLUMNS).map(|n| format!("\"c{n}\":1")).collect();
        let shown = rows(format!("{{\"id\":1}}\n{{{}}}\n{{\"c5\":2}}\n", names.join(",")));
        let starts: Vec<&str> = shown.lines().map(|line| line.split([' ', '{']).next().unwrap()).collect();
        assert_eq!(starts, ["1:", "2:", "3", "4:"]);
        assert_eq!(shown.lines().next().unwrap().split(" | ").count(), MOST_COLUMNS);
    }

    #[test]
    fn a_bare_nan_is_no_value() {
        let text = "{\"a\":NaN,\"b\":\"NaN, NaN\",\"NaN\":[NaN, 1]}\n{\"a\":-NaN}\n{\"a\":NaNs}\n{\"b\": NaN }\n";
        assert_snapshot!(rows(text), @r#"
        1: a | b | NaN
        2:  | NaN, NaN | [null,1]
        3 malformed: {"a":-NaN}
        4 malformed: {"a":NaNs}
        5:  |  | 
        "#);
        assert_snapshot!(rows("{\n\"x\": NaN,\n\"NaN\": \"y\"\n}\n"), @r"
        1: key | value
        2: x | 
        3: NaN | y
        ");
    }

    #[test]
    fn an_array_of_objects() {
        let text = " [ {\"a\": \"x, ]y\"},\n{\"b\":{ }} , 5, {\"a\" \"b\"}, {}\n]\n";
        assert_snapshot!(rows(text), @r#"
        1: a | b
        2: x, ]y | 
        3:  | {}
        4 malformed: 5
        5 malformed: {"a" "b"}
        6:  | 
        "#);
        assert_eq!(rows("[]"), "");
    }

    #[test]
    fn an_object_of_names_and_values() {
        let text = "{\n  \"A\": \"x: y\",\n  \"B\\t\": null,\n \"C\": 1.0, \"D\": [1, 2], \"E\": nil\n}\n";
        assert_snapshot!(rows(text).replace('\t', "<tab>"), @r#"
        1: key | value
        2: A | x: y
        3: B<tab> | 
        4: C | 1.0
        5: D | [1,2]
        6 malformed: "E": nil
        "#);
        assert_eq!(rows("{\n}"), "1: key | value\n");
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (text, why) in [
            ("[{\"a\":1}", "it is cut off after element 1"),
            ("[{\"a\":1},", "it is cut off after element 1"),
            ("[{\"a\":1", "it is cut off on line 1"),
            ("[{\"a\":1} {\"a\":1}]", "there is no comma after element 1"),
            ("[{\"a\":1},]", "nothing stands after the comma that follows element 1"),
            ("[,]", "nothing stands before the first comma or bracket"),
            ("[]]", "something follows the closing `]`"),
            ("{\n\"a\" 1}", "there is no `:` after name 1"),
            ("{\n\"a\": 1,", "it is cut off after element 1"),
            ("{\n\"a\": ", "it is cut off after element 0"),
        ] {
            assert_eq!(rows_of(text).unwrap_err().to_string(), why, "{text}");
        }
        let long = format!("[\"{}", "x".repeat(LONGEST));
        assert!(matches!(rows_of(&long), Err(ReadError::LineTooLong { line: 1 })));
        let long = format!("\n{{\"a\":\"{}\"}}", "x".repeat(LONGEST));
        assert!(matches!(rows_of(&long), Err(ReadError::LineTooLong { line: 2 })));
    }

    #[test]
    fn a_visitor_may_stop() {
        for text in ["{\"a\":1}\n{\"a\":2}\n", "[{\"a\":1},{\"a\":2}]", "{\n\"a\":1,\n\"b\":2}"] {
            for stop in 1..3 {
                let mut seen = 0;
                let read = visit(text.as_bytes(), |_| -> Result<Flow, ReadError> {
                    seen += 1;
                    Ok(if seen == stop { Flow::Stop } else { Flow::Next })
                });
                assert!(read.is_ok());
                assert_eq!(seen, stop, "{text}");
            }
        }
    }
}
