//! The guide of `docs/mappings.md`, followed step by step: what it prints is what the program says.

use crate::support::{Bench, QUIET, json};
use evidence::Mapping;
use evidence::assist::{CheckOptions, DraftOptions, Verdict, check, draft};

/// The blocks of a kind in the guide, in their order.
fn blocks(kind: &str) -> Vec<String> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/mappings.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (_, guide) = text.split_once("## How to write one").unwrap();
    let (guide, _) = guide.split_once("\n## ").unwrap();
    let begin = format!("```{kind}\n");
    guide.split(&begin).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

/// Compares a block with what the program says, and prints the latter if it is another.
#[track_caller]
fn is_what_is_said(block: &str, said: &str) {
    assert!(block.trim_end() == said.trim_end(), "docs/mappings.md should say:\n<<<\n{}\n>>>", said.trim_end());
}

/// Takes out the lines with `-`, and puts those with `+` where they stood.
fn apply(changes: &str, text: &str) -> String {
    let mut text = text.to_owned();
    let mut at = 0;
    for line in changes.lines() {
        match line.split_at(1) {
            ("-", old) => {
                let found = text.find(&format!("{old}\n"));
                assert!(found.is_some(), "the draft has no line `{old}`");
                at = found.unwrap_or_default();
                text.replace_range(at..=at + old.len(), "");
            }
            ("+", new) => {
                text.insert_str(at, &format!("{new}\n"));
                at += new.len() + 1;
            }
            (other, _) => assert_eq!(other, "", "a change begins with `-` or `+`"),
        }
    }
    text
}

#[test]
fn the_guide_says_what_the_program_says() {
    let bench = Bench::new();
    let named = |text: String| text.replace(bench.path("").as_str(), "");
    let files = blocks("csv");
    let (intake, may) = (bench.file("intake.csv", &files[0]), bench.file("intake-may.csv", &files[1]));
    let drafted = draft(std::slice::from_ref(&intake), &DraftOptions::default()).unwrap();
    is_what_is_said(&blocks("toml")[0], drafted.toml());
    let corrected = apply(&blocks("diff")[0], drafted.toml());
    let mapping = Mapping::parse("intake.toml", &corrected).unwrap();
    let options = CheckOptions { most_rows: 10_000 };
    let reports = blocks("text");
    let report = check(&mapping, std::slice::from_ref(&intake), options).unwrap();
    is_what_is_said(&reports[0], &named(report.to_string()));
    assert_ne!(report.verdict, Verdict::DoesNotFit);
    let report = check(&mapping, &[may], options).unwrap();
    is_what_is_said(&reports[1], &named(report.to_string()));
    assert_eq!(report.verdict, Verdict::DoesNotFit);
    let added = evidence::add(&bench.store, &[intake], &mapping, &QUIET).unwrap();
    is_what_is_said(&blocks("json")[0], &named(json(&added.receipt)));
}
