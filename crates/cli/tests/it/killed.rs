//! Killed at any moment, the last complete state stands, and repeating the command gives the undisturbed result.

use crate::desk::{Desk, sample};
use std::process::Stdio;
use std::time::Duration;

#[test]
fn a_load_that_is_killed_and_repeated_gives_the_undisturbed_receipt() {
    let file = sample();
    let args = ["add", file.to_str().unwrap(), "--as", "ice/removals-foia-2019", "--format", "json"];
    let undisturbed = Desk::new().run(&args).ok().stdout;
    for moment in 0..10u64 {
        let desk = Desk::new();
        let mut child = desk
            .command()
            .arg("--workspace")
            .arg(desk.workspace())
            .args(args)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(moment * 12));
        let _ = child.kill();
        child.wait().unwrap();
        assert_eq!(desk.run(&args).ok().stdout, undisturbed, "killed after {} ms", moment * 12);
        assert_eq!(desk.run(&args).ok().stdout, undisturbed, "and once more");
        desk.run(&["ledger", "verify"]).ok();
        let state = desk.run(&["ledger", "show", "--format", "json"]).json();
        assert_eq!(state["size"], 1, "one delivery, one entry");
    }
}

#[test]
fn a_build_that_is_killed_leaves_the_last_one() {
    let desk = Desk::new();
    desk.run(&["build", "--as-of", "2026-11-20"]).ok();
    for moment in 0..8u64 {
        let mut child = desk
            .command()
            .arg("--workspace")
            .arg(desk.workspace())
            .args(["build", "--as-of", "2026-11-24"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(moment * 10));
        let _ = child.kill();
        child.wait().unwrap();
        let owed = desk.run(&["owed", "--format", "json"]).json();
        assert!(owed["as_of"] == "2026-11-20" || owed["as_of"] == "2026-11-24", "{owed}");
    }
    desk.run(&["build", "--as-of", "2026-11-24"]).ok();
    desk.run(&["ledger", "verify"]).ok();
}
