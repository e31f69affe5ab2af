//! Appends that were cut off, simulated file by file and by killing a process.

use std::{
    env,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use camino::Utf8PathBuf;
use ledger::{Ledger, WarningKind};

use crate::{Folder, entries, key};

/// Appends to `base` as a lost power supply may leave it: any of the files written, none of them published.
#[track_caller]
fn check_leftovers(old_size: u64, lost_size: u64, next_size: u64) {
    let (base, _) = Folder::grown(&[1, old_size]);
    let lost = base.copy();
    let cut_off: Vec<Vec<u8>> = (old_size..lost_size).map(|n| format!("lost {n}").into_bytes()).collect();
    Ledger::open(&lost.dir).unwrap().append(&cut_off, &key()).unwrap();
    let before = base.files();
    let written: Vec<_> =
        lost.files().into_iter().filter(|file| !before.contains(file) && file.0.starts_with("tile/")).collect();
    assert!(written.len() >= 2);

    for kept in 0..1_u32 << written.len() {
        let folder = base.copy();
        folder.write(".tmp", b"half a fi");
        for (_, (path, bytes)) in written.iter().enumerate().filter(|(at, _)| kept >> at & 1 == 1) {
            folder.write(path, bytes);
        }
        // The last checkpoint stands.
        let verified = folder.verify().unwrap();
        assert_eq!(verified.checkpoint.size(), old_size);
        assert_eq!(verified.warnings.len(), kept.count_ones() as usize);
        assert!(verified.warnings.iter().all(|warning| warning.kind == WarningKind::BeyondTree));

        // The next append goes over the leftovers, and so do later ones.
        let mut ledger = Ledger::open(&folder.dir).unwrap();
        assert_eq!(ledger.find_last(1).unwrap()[0].bytes, entries(old_size - 1, old_size)[0]);
        ledger.append(&entries(old_size, next_size), &key()).unwrap();
        let edge = next_size / 256;
        assert!(!folder.dir.join(format!("tile/0/{edge:03}")).exists());
        folder.verify().unwrap();
        ledger.append(&entries(next_size, next_size + 300), &key()).unwrap();
        folder.assert_clean(next_size + 300);
    }
}

#[test]
fn leftovers_within_one_tile() {
    check_leftovers(40, 46, 50);
}

#[test]
fn leftovers_wider_than_the_next_append() {
    check_leftovers(40, 46, 43);
}

#[test]
fn leftovers_of_the_same_width() {
    check_leftovers(40, 46, 46);
}

#[test]
fn leftovers_over_a_tile_boundary() {
    check_leftovers(250, 260, 253);
    check_leftovers(250, 260, 270);
}

#[test]
fn leftovers_before_the_first_checkpoint() {
    let (folder, _) = Folder::grown(&[]);
    folder.write("tile/0/000.p/3", &[1; 96]);
    folder.write("tile/entries/000.p/3", b"rubbish");
    Ledger::open(&folder.dir).unwrap().append(&entries(0, 5), &key()).unwrap();
    folder.assert_clean(5);
}

#[test]
fn a_crash_before_the_copy_of_the_checkpoint_is_no_rollback() {
    let (folder, mut ledger) = Folder::grown(&[5]);
    let copy = std::fs::read(folder.dir.join("last-signed")).unwrap();
    ledger.append(&entries(5, 9), &key()).unwrap();
    folder.write("last-signed", &copy);
    folder.assert_clean(9);
    Ledger::open(&folder.dir).unwrap().append(&entries(9, 10), &key()).unwrap();
    folder.assert_clean(10);
}

#[test]
fn partial_tiles_that_outlived_their_removal_are_verified() {
    let (folder, mut ledger) = Folder::grown(&[100, 200]);
    let partial = std::fs::read(folder.dir.join("tile/entries/000.p/100")).unwrap();
    ledger.append(&entries(200, 300), &key()).unwrap();
    assert!(!folder.dir.join("tile/entries/000.p").exists());
    folder.write("tile/entries/000.p/100", &partial);
    folder.assert_clean(300);
    folder.write("tile/entries/000.p/99", &partial);
    assert_eq!(folder.faults()[0].path, "tile/entries/000.p/99");
}

const CHILD_DIR: &str = "LEDGER_TEST_CHILD_DIR";

/// Runs only as the child of [`a_killed_writer_leaves_a_sound_ledger`].
#[test]
fn child_that_appends_until_it_is_killed() {
    let Ok(dir) = env::var(CHILD_DIR) else { return };
    let mut ledger = Ledger::open(&Utf8PathBuf::from(dir)).unwrap();
    loop {
        let size = ledger.checkpoint().unwrap().map_or(0, |checkpoint| checkpoint.size());
        ledger.append(&entries(size, size + 1 + size % 70), &key()).unwrap();
    }
}

#[test]
fn a_killed_writer_leaves_a_sound_ledger() {
    let (folder, _) = Folder::grown(&[1]);
    let mut size = 1;
    for round in 0..10 {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "crash::child_that_appends_until_it_is_killed"])
            .env(CHILD_DIR, &folder.dir)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        // The moment of death does not matter to the outcome, so a time to wait makes no flaky test.
        thread::sleep(Duration::from_millis(40 + 13 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        let found = folder.verify().unwrap().checkpoint.size();
        assert!(found >= size);
        size = found + 1;
        Ledger::open(&folder.dir).unwrap().append(&entries(found, size), &key()).unwrap();
        assert_eq!(folder.verify().unwrap().checkpoint.size(), size);
    }
    let contents = Ledger::open(&folder.dir).unwrap().entries(0..size).unwrap();
    assert!(contents.into_iter().map(|entry| entry.bytes).eq(entries(0, size)));
}
