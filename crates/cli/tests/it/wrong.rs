//! Wrong inputs: one clear error with what would work, a non-zero exit code, and nothing changed.

use crate::desk::{Desk, sample};
use std::fs;
use std::io::Write;

const REMOVALS: &str = "ice/removals-foia-2019";

/// Adds `file` as `mapping`, and checks that it is refused with these words.
#[track_caller]
fn refused(desk: &Desk, file: &str, mapping: &str, words: &[&str]) {
    let before = desk.evidence_and_ledger();
    let run = desk.run(&["add", file, "--as", mapping]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert_eq!(run.stdout, "", "an error prints no result");
    assert_eq!(run.stderr.matches("error:").count(), 1, "one error: {}", run.stderr);
    assert!(run.stderr.contains("help:"), "says what would work: {}", run.stderr);
    for word in words {
        assert!(run.stderr.contains(word), "`{word}` is not in: {}", run.stderr);
    }
    assert!(before == desk.evidence_and_ledger(), "something was changed");
}

#[test]
fn wrong_files_are_refused_clearly() {
    let desk = Desk::new();
    let plain = {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(fs::File::open(sample()).unwrap()), &mut text)
            .unwrap();
        text
    };
    let write = |name: &str, bytes: &[u8]| fs::write(desk.path(name), bytes).unwrap();
    fs::create_dir(desk.path("folder")).unwrap();
    write("empty.csv", b"");
    write("picture.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06");
    write("noise.csv", &(0..4000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect::<Vec<_>>());
    let mut gzip = fs::read(sample()).unwrap();
    gzip.truncate(gzip.len() / 2);
    write("cut.csv.gz", &gzip);
    write("not-gzip.csv.gz", plain.as_bytes());
    write("extra.csv", plain.replacen("\"Gender\"", "\"Gender\"|\"Shoe Size\"", 1).as_bytes());
    write("renamed.csv", plain.replacen("\"Departed Date\"", "\"Departure Date\"", 1).as_bytes());
    write("prose.csv", b"Dear counsel,\nplease find enclosed nothing at all.\n");

    refused(&desk, "missing.csv", REMOVALS, &["missing.csv"]);
    refused(&desk, "folder", REMOVALS, &["folder"]);
    refused(&desk, "empty.csv", REMOVALS, &["empty.csv", "empty"]);
    refused(&desk, "picture.csv", REMOVALS, &["picture.csv"]);
    refused(&desk, "noise.csv", REMOVALS, &["noise.csv"]);
    refused(&desk, "cut.csv.gz", REMOVALS, &["cut.csv.gz"]);
    refused(&desk, "extra.csv", REMOVALS, &["4000 of 4000 rows", "mapping check"]);
    refused(&desk, "renamed.csv", REMOVALS, &["Departed Date"]);
    refused(&desk, "prose.csv", REMOVALS, &["prose.csv"]);
    refused(&desk, sample().to_str().unwrap(), "ice/arrests-foia-2019", &["ice/removals-foia-2019"]);
    refused(&desk, sample().to_str().unwrap(), "ice/removels-foia-2019", &["ice/removals-foia-2019"]);
    refused(&desk, sample().to_str().unwrap(), "no-such.toml", &["no-such.toml"]);
}

#[test]
fn a_mapping_that_would_track_people_is_refused() {
    let desk = Desk::new();
    let shown = desk.run(&["mapping", "show", REMOVALS]).ok().stdout;
    let tracking = shown.replacen("as = \"rc_threat_level\"", "as = \"gps_location\"", 1);
    assert_ne!(shown, tracking, "the mapping has a column that can be renamed");
    fs::File::create(desk.path("track.toml")).unwrap().write_all(tracking.as_bytes()).unwrap();
    refused(&desk, sample().to_str().unwrap(), "track.toml", &["track"]);
}

#[test]
fn commands_say_what_would_work() {
    let desk = Desk::new();
    for (args, words) in [
        (&["owed"][..], &["has not been built", "throughline build"][..]),
        (&["why", "o-0"], &["has not been built"]),
        (&["link", "evaluate", "--truth", "x.csv"], &["has not been built"]),
        (&["link", "judge", "a", "b", "same", "--why", "x"], &["no record `a`"]),
        (
            &["link", "judge", "a", "b", "perhaps", "--why", "x"],
            &["no verdict `perhaps`", "same, different and unsure"],
        ),
        (&["link", "withdraw", "j-0", "--why", "x"], &["no standing judgement `j-0`"]),
        (&["mapping", "show", "ice/removal"], &["ice/removals-foia-2019"]),
    ] {
        let run = desk.run(args);
        assert_eq!(run.code, Some(1), "{args:?}: {run:?}");
        for word in words {
            assert!(run.stderr.contains(word), "{args:?}: `{word}` is not in: {}", run.stderr);
        }
    }
    let elsewhere = desk.run_plain(&["--workspace", "nowhere", "build"]);
    assert!(elsewhere.stderr.contains("`nowhere` is not a workspace"), "{elsewhere:?}");
    let again = desk.run_plain(&["init", "w"]);
    assert!(again.stderr.contains("not empty"), "{again:?}");
}

#[test]
fn a_built_workspace_names_what_it_does_not_know() {
    let desk = Desk::new();
    desk.run(&["build", "--as-of", "2026-11-24"]).ok();
    for (args, word) in [(["owed", "p-0"], "no person `p-0`"), (["why", "o-0"], "no obligation `o-0`")] {
        let run = desk.run(&args);
        assert_eq!(run.code, Some(1), "{run:?}");
        assert!(run.stderr.contains(word), "{run:?}");
    }
    let purpose = desk.run(&["owed", "p-0", "--purpose", "targeting"]);
    assert_eq!(purpose.code, Some(1));
}
