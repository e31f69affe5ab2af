//! A draft as TOML, with what is known of each column above it.

use super::draft::{DraftColumn, DraftTable, Parts};
use super::propose::{Proposal, ProposedEvent, ProposedPerson};
use crate::mapping::{Format, Holds};
use model::{Attribute, ValueType};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Longest line of a comment, in characters.
const WIDTH: usize = 118;

/// Writes the mapping.
pub(super) fn write_toml(parts: &Parts<'_>) -> String {
    let mut toml = Toml::default();
    toml.head(parts);
    toml.read(parts);
    toml.maps(parts);
    for (table, proposal) in parts.tables.iter().zip(parts.proposals) {
        toml.table(table, proposal);
    }
    toml.text
}

#[derive(Default)]
struct Toml {
    text: String,
}

impl Toml {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// A comment, on as many lines as it needs.
    fn comment(&mut self, indent: &str, text: &str) {
        let mut line = format!("{indent}#");
        for word in text.split_whitespace() {
            if line.chars().count() + 1 + word.chars().count() > WIDTH && line.len() > indent.len() + 1 {
                self.line(&line);
                line = format!("{indent}#  ");
            }
            line.push(' ');
            line.push_str(word);
        }
        self.line(&line);
    }

    fn head(&mut self, parts: &Parts<'_>) {
        self.comment(
            "",
            "A draft. The number above each column says from 0 to 1 how sure its type and its meaning are; what is \
             marked `# ?` needs a look. Then try it with `throughline mapping check THIS_FILE --against SAMPLE`.",
        );
        for left in parts.left_out {
            let sheet = left.sheet.as_ref().map(|s| format!(", sheet `{s}`")).unwrap_or_default();
            let file = left.path.rsplit('/').next().unwrap_or(&left.path);
            self.comment("", &format!("Not read as a table: `{file}`{sheet}: {}.", left.why));
        }
        if parts.rows_refused > 0 {
            let text = format!(
                "? {} rows would be refused: they are malformed, or have cells that the header has not.",
                parts.rows_refused
            );
            self.comment("", &text);
        }
        self.line("");
        self.line(&format!("id = {}", quoted(parts.id)));
        self.line("version = 1");
        let files: Vec<&str> =
            parts.tables.iter().flat_map(|t| &t.files).map(|f| f.rsplit('/').next().unwrap_or(f)).collect();
        let title = match files.as_slice() {
            [] => String::new(),
            [one, rest @ ..] if rest.iter().all(|f| f == one) => format!("Drafted from {one}"),
            [one, rest @ ..] => format!("Drafted from {one} and {} others", rest.len()),
        };
        self.line(&format!("title = {}  # ? say what it is", quoted(&title)));
        self.line(&format!(
            "holds = {}  # ? \"clients\" of an office, or \"public\" anonymised rows",
            quoted(parts.holds.name())
        ));
        self.line("");
        let source = match parts.holds {
            Holds::Clients => {
                ["intake", "the office itself", "? how it was obtained", "while the office represents the person"]
            }
            Holds::Public => ["source", "? who keeps the records", "? how it was obtained", "permanent"],
        };
        let purposes = match parts.holds {
            Holds::Clients => r#"["representation", "intake", "review", "disclosure"]"#,
            Holds::Public => r#"["oversight"]"#,
        };
        self.line("# ? Where the records come from: the file does not say.");
        self.line("[source]");
        self.line(&format!("id = {}", quoted(source[0])));
        self.line(&format!("custodian = {}", quoted(source[1])));
        self.line(&format!("obtained = {}", quoted(source[2])));
        self.line(&format!("purposes = {purposes}"));
        self.line(&format!("retention = {}", quoted(source[3])));
    }

    fn read(&mut self, parts: &Parts<'_>) {
        self.line("");
        self.line("[read]");
        let formats: Vec<String> = parts.formats.iter().map(|f| f.name().to_owned()).collect();
        self.line(&format!("format = {}", one_or_more(&formats)));
        if parts.formats.contains(&Format::Delimited) {
            let mut delimiters: Vec<String> = Vec::new();
            for dialect in parts.dialects {
                let delimiter = char::from(dialect.delimiter).to_string();
                if !delimiters.contains(&delimiter) {
                    delimiters.push(delimiter);
                }
            }
            self.line(&format!("delimiter = {}", one_or_more(&delimiters)));
            let quote = parts.dialects.iter().find_map(|d| d.quote).map(|q| char::from(q).to_string());
            self.line(&format!("quote = {}", quoted(&quote.unwrap_or_default())));
        }
        self.line(&format!("null = {}", list(parts.null)));
        if parts.tables.iter().any(|t| !t.not_declared.is_empty()) {
            self.line("unknown_columns = \"keep\"");
        }
        if !parts.left_out.is_empty() {
            self.line("unknown_files = \"keep\"");
        }
    }

    fn maps(&mut self, parts: &Parts<'_>) {
        let mut sexes: BTreeMap<&str, &str> = BTreeMap::new();
        let of_persons = parts.tables.iter().zip(parts.proposals).filter(|(_, p)| p.person.is_some());
        for (text, sex) in of_persons.flat_map(|(t, _)| &t.columns).flat_map(|c| &c.sexes) {
            sexes.insert(text, sex);
        }
        if sexes.is_empty() {
            return;
        }
        self.line("");
        self.line("[map.sex]");
        for (text, sex) in sexes {
            self.line(&format!("{} = {}", quoted(text), quoted(sex)));
        }
    }

    fn table(&mut self, table: &DraftTable, proposal: &Proposal) {
        self.line("");
        let rows = format!("{} {}", table.rows, if table.rows == 1 { "row" } else { "rows" });
        let mark = if table.header_confidence < 0.6 { "? " } else { "" };
        self.comment("", &format!("{mark}{:.2} {}; {rows}.", table.header_confidence, table.header_reason));
        for needless in &table.not_declared {
            self.comment("", &format!("Kept as text and not declared: `{}`, since {}.", needless.name, needless.why));
        }
        self.line("[[table]]");
        self.line(&format!("name = {}", quoted(&table.name)));
        self.line(&format!("files = {}", list(&table.files_patterns)));
        if let Some(sheet) = &table.sheet {
            self.line(&format!("sheet = {}", quoted(&glob::Pattern::escape(sheet.trim()))));
        }
        if table.header_row.is_none() {
            self.line("header = false");
        }
        if proposal.person.is_none() {
            self.line(
                "role = \"lookup\"  # its cells are kept; objects and events are for you to add, without this line",
            );
        }
        if let Some(key) = &table.key {
            self.line(&format!("key = [{}]  # filled in every row, and never the same twice", quoted(key)));
        }
        self.line("column = [");
        for column in &table.columns {
            self.column(column);
        }
        self.line("]");
        if let Some(person) = &proposal.person {
            self.person(table, person);
            self.application(proposal);
            for event in &proposal.events {
                self.event(event, proposal.application.is_some());
            }
            for (attribute, column, why) in &proposal.unplaced {
                self.comment("", &format!("? {} = {}: {why}", attribute.name(), quoted(column)));
            }
        }
    }

    fn column(&mut self, column: &DraftColumn) {
        let mark = if column.doubtful { "? " } else { "" };
        let meaning = match &column.meaning {
            Some(meaning) => format!("{meaning}, {}", column.kind.name()),
            None => column.kind.name().to_owned(),
        };
        let mut held = format!("{} filled", column.filled);
        if column.empty > 0 {
            let _ = write!(held, ", {} empty", column.empty);
        }
        if column.unique {
            held.push_str(", none twice");
        }
        let text = format!("{mark}{:.2} {meaning}: {}; {held}", column.confidence, column.reason);
        self.comment("    ", &text);
        let mut fields = vec![format!("name = {}", quoted(&column.name)), format!("as = {}", quoted(&column.as_name))];
        if column.kind != ValueType::Text {
            fields.push(format!("type = {}", quoted(column.kind.name())));
        }
        for (key, texts) in [
            ("formats", &column.formats),
            ("true", &column.true_texts),
            ("false", &column.false_texts),
            ("null", &column.null),
        ] {
            if !texts.is_empty() {
                fields.push(format!("{key} = {}", list(texts)));
            }
        }
        if let Some(shape) = &column.shape {
            fields.push(format!("shape = {}", quoted(shape)));
        }
        self.line(&format!("    {{ {} }},", fields.join(", ")));
    }

    fn person(&mut self, table: &DraftTable, person: &ProposedPerson) {
        self.line("");
        self.line("[[table.object]]");
        self.line("name = \"person\"");
        self.line("type = \"person_record\"");
        match &person.key {
            Some(key) => self.line(&format!("key = [{}]", quoted(key))),
            None => self.line("key = [\"row\"]  # no column names the person in every row"),
        }
        self.line("[table.object.attributes]");
        for (attribute, column) in &person.attributes {
            let look = table.columns.iter().any(|c| c.as_name == *column && c.doubtful);
            self.line(&format!("{}{}", attribute_line(*attribute, column, table), if look { "  # ?" } else { "" }));
        }
        for (attribute, column) in &person.doubtful {
            self.line(&format!("# ? {}", attribute_line(*attribute, column, table)));
        }
    }

    fn application(&mut self, proposal: &Proposal) {
        let Some(key) = &proposal.application else { return };
        self.line("");
        self.line("[[table.object]]");
        self.line("name = \"application\"");
        self.line("type = \"application\"");
        self.line(&format!("key = [{}]", quoted(key)));
        self.line("");
        self.line("[[table.relation]]");
        self.line("from = \"application\"");
        self.line("qualifier = \"person\"");
        self.line("to = \"person\"");
    }

    fn event(&mut self, event: &ProposedEvent, has_application: bool) {
        self.line("");
        self.line("[[table.event]]");
        self.line(&format!("type = {}", quoted(event.kind.name())));
        self.line(&format!("at = {}", quoted(&event.at)));
        let of_application = has_application
            && matches!(event.kind, model::EventType::ApplicationFiled | model::EventType::ApplicationDecided);
        let application = if of_application { ", application = \"application\"" } else { "" };
        self.line(&format!("objects = {{ person = \"person\"{application} }}"));
        if !event.attributes.is_empty() {
            let fields: Vec<String> =
                event.attributes.iter().map(|(a, column)| format!("{} = {}", a.name(), quoted(column))).collect();
            self.line(&format!("attributes = {{ {} }}", fields.join(", ")));
        }
    }
}

fn attribute_line(attribute: Attribute, column: &str, table: &DraftTable) -> String {
    let has_map = table.columns.iter().any(|c| c.as_name == column && !c.sexes.is_empty());
    match has_map {
        true => format!("{} = {{ column = {}, map = \"sex\" }}", attribute.name(), quoted(column)),
        false => format!("{} = {}", attribute.name(), quoted(column)),
    }
}

fn one_or_more(texts: &[String]) -> String {
    match texts {
        [one] => quoted(one),
        several => list(several),
    }
}

fn list(texts: &[String]) -> String {
    format!("[{}]", texts.iter().map(|t| quoted(t)).collect::<Vec<_>>().join(", "))
}

/// A basic string of TOML; a literal one where only backslashes would need an escape.
fn quoted(text: &str) -> String {
    if text.contains('\\') && !text.contains('\'') && !text.chars().any(char::is_control) {
        return format!("'{text}'");
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\t' => quoted.push_str("\\t"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
