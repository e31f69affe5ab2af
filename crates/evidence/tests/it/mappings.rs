use crate::support::{HEAD, READ, TABLE, toml};
use evidence::{Mapping, MappingError, Mappings};

/// Replaces a piece of the sample mapping, and compares the error and its help.
#[track_caller]
fn check(from: &str, to: &str, expected: &str) {
    let sample = toml(READ, TABLE);
    assert!(sample.contains(from), "{from}");
    let error = Mapping::parse("test.toml", &sample.replacen(from, to, 1)).unwrap_err();
    let first_line = match &error {
        MappingError::Toml { source, .. } => source.message().to_owned(),
        other => other.to_string(),
    };
    // Where there is no nearer help, every error sends to the reference.
    let help = error.help().unwrap();
    let help = if help.starts_with("docs/mappings.md") { String::new() } else { format!(" | {help}") };
    assert_eq!(format!("{first_line}{help}"), expected);
}

#[test]
fn errors_name_the_key_the_cause_and_the_nearest_name() {
    for (from, to, expected) in [
        (
            "formats =",
            "fromats =",
            "unknown field `fromats`, expected one of `name`, `as`, `type`, `formats`, `true`, `false`, `null`, `optional`, `earliest`, `also`, `shape`, `free`, `snapshot` | did you mean `formats`?",
        ),
        (
            "type = \"person_record\"",
            "type = \"person_recrod\"",
            "mapping `test.toml`, key `table.people.object.person.type`: `person_recrod` is no known name | did you mean `person_record`?",
        ),
        (
            "at = \"left\"",
            "at = \"lift\"",
            "mapping `test.toml`, key `table.people.event.departed.at`: `lift` is no column of this table | did you mean `left`?",
        ),
        (
            "at = \"left\"",
            "at = \"city\"",
            "mapping `test.toml`, key `table.people.event.departed.at`: column `city` is neither date nor datetime",
        ),
        (
            "objects = { person = \"person\" }",
            "objects = { persn = \"person\" }",
            "mapping `test.toml`, key `table.people.event.departed.objects`: `persn` is no known name | did you mean `person`?",
        ),
        (
            "map = \"sex\"",
            "map = \"sexes\"",
            "mapping `test.toml`, key `table.people.object.person.attributes.sex`: `sexes` is no such map | did you mean `sex`?",
        ),
        (
            "amount = \"fee\"",
            "amount = \"city\"",
            "mapping `test.toml`, key `table.people.event.departed.attributes.amount`: the attribute is of type money, the value is not",
        ),
        (
            "%m/%d/%Y",
            "%m/%d",
            "mapping `test.toml`, key `table.people.column.left.formats`: `%m/%d` is no strptime pattern of a date, such as `%m/%d/%Y`",
        ),
        (
            "delimiter = \"|\"",
            "delimiter = \"||\"",
            "mapping `test.toml`, key `read.delimiter`: `||` is not exactly one ASCII character",
        ),
        (
            "\"pad_short\"",
            "\"pad_shorts\"",
            "mapping `test.toml`, key `read.repair`: `pad_shorts` is none of shift_left, city_state, pad_short | did you mean `pad_short`?",
        ),
        (
            "as = \"city\"",
            "as = \"City\"",
            "mapping `test.toml`, key `table.people.column.City.as`: `City` is not made of lower-case letters, digits and underscores | did you mean `city`?",
        ),
        (
            "as = \"city\"",
            "as = \"id\"",
            "mapping `test.toml`, key `table.people.column.id`: two columns have this name",
        ),
        (
            "holds = \"clients\"",
            "holds = \"client\"",
            "mapping `test.toml`, key `holds`: `client` is none of public, clients | did you mean `clients`?",
        ),
        (
            "purposes = [\"intake\"]",
            "purposes = [\"arrest\"]",
            "mapping `test.toml`, key `source.purposes`: `arrest` is none of representation, intake, review, disclosure, oversight",
        ),
        (
            "earliest = \"1950-01-01\"",
            "earliest = \"1950\"",
            "mapping `test.toml`, key `table.people.column.left.earliest`: `1950` is no date of the form `1900-01-31`",
        ),
    ] {
        check(from, to, expected);
    }
}

/// Use limit: a mapping that would let the product track a person does not load.
#[test]
fn tracking_is_refused() {
    for (from, to) in [
        ("name = \"City\"", "name = \"Licence Plate\""),
        ("as = \"city\"", "as = \"phone_number\""),
        ("[map.sex]", "[map.face]"),
        ("name = \"people\"", "name = \"gps\""),
        ("attributes = { sex", "attributes = { location = \"city\", sex"),
    ] {
        let error = Mapping::parse("test.toml", &toml(READ, TABLE).replacen(from, to, 1)).unwrap_err();
        assert!(matches!(error, MappingError::UseLimit { .. }), "{to}: {error}");
    }
}

#[test]
fn every_built_in_mapping_loads_under_its_own_id() {
    let mappings = Mappings::built_in();
    for id in ["ice/arrests-foia-2019", "ice/encounters-foia-2019", "ice/removals-foia-2019"] {
        assert!(mappings.ids().iter().any(|i| i == id), "{id}");
    }
    for id in mappings.ids() {
        let mapping =
            mappings.get(id).unwrap_or_else(|e| panic!("{e}; {:?}; {:?}", e.help(), std::error::Error::source(&e)));
        assert_eq!(mapping.id, *id);
    }
}

#[test]
fn an_unknown_mapping_names_the_nearest() {
    let error = Mapping::resolve("ice/removal-foia-2019").unwrap_err();
    assert_eq!(error.to_string(), "no mapping `ice/removal-foia-2019`");
    assert!(error.help().unwrap().starts_with("did you mean `ice/removals-foia-2019`"), "{:?}", error.help());
    let error = Mapping::resolve("./nowhere.toml").unwrap_err();
    assert_eq!(error.to_string(), "failed to read mapping `./nowhere.toml`");
}

#[test]
fn comments_are_not_meaning() {
    let sample = toml(READ, TABLE);
    let one = Mapping::parse("a", &sample).unwrap();
    let other = Mapping::parse("b", &format!("# a comment\n{sample}")).unwrap();
    assert!(one.same_meaning(&other));
    let other = Mapping::parse("b", &sample.replace("\"NA\"", "\"N/A\"")).unwrap();
    assert!(!one.same_meaning(&other));
    assert!(HEAD.contains("version = 3"));
}

#[test]
fn the_example_of_the_specification_loads() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/mappings.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (_, text) = text.split_once("## A whole example").unwrap();
    let example = text.split("```toml").nth(1).and_then(|t| t.split("```").next()).unwrap();
    // The relation shows the form; the example has no case.
    let example = example.split("[[table.relation]]").next().unwrap();
    Mapping::parse("docs/mappings.md", example).unwrap();
}
