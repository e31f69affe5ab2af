//! Changed, missing and stray files: what verification says of each.

use ledger::{FaultKind, VerifyError, WarningKind};

use crate::{Folder, chain};

/// Changes one byte of a file at `at`, expects that file and no other to be named, and puts the file back.
#[track_caller]
fn check_flip(folder: &Folder, path: &str, bytes: &[u8], at: usize, mask: u8) {
    let mut changed = bytes.to_vec();
    changed[at] ^= mask;
    folder.write(path, &changed);
    let failure = folder.verify().expect_err(&format!("byte {at} of {path} was changed unnoticed"));
    match &failure {
        VerifyError::Files { faults, .. } => {
            let named: Vec<_> = faults.iter().map(|fault| fault.path.as_str()).collect();
            assert_eq!(named, [path], "byte {at}: {failure}");
        }
        VerifyError::Checkpoint { path: named, .. } => assert_eq!(named, path, "byte {at}: {failure}"),
        other => panic!("byte {at} of {path}: {other}"),
    }
    assert!(chain(&failure).contains(&format!("`{path}`")), "{}", chain(&failure));
    folder.write(path, bytes);
}

#[test]
fn a_changed_byte_names_its_file() {
    // Partial tiles of earlier sizes lie about, in the edge and in outgrown tiles.
    let (folder, _) = Folder::grown(&[1, 100, 256, 257, 290, 300]);
    folder.write("tile/0/000.p/2", &std::fs::read(folder.dir.join("tile/0/000")).unwrap()[..64]);
    folder.assert_clean(300);
    let mut files = folder.files();
    files.retain(|(path, bytes)| !bytes.is_empty() && path != "origin");
    assert!(files.len() >= 12, "{files:?}");
    for (path, bytes) in &files {
        for at in (0..bytes.len()).step_by(1 + bytes.len() / 12).chain([1, bytes.len() - 1]) {
            check_flip(&folder, path, bytes, at, 1 << (at % 7));
        }
    }
    folder.assert_clean(300);
}

#[test]
fn a_changed_byte_high_in_a_large_tree_names_its_file() {
    let (folder, _) = Folder::grown(&[66_000]);
    for path in ["tile/2/000.p/1", "tile/1/000", "tile/1/001.p/1", "tile/0/077", "tile/entries/077", "tile/0/257.p/208"]
    {
        check_flip(&folder, path, &std::fs::read(folder.dir.join(path)).unwrap(), 31, 1);
    }
}

#[test]
fn a_missing_or_cut_file_is_named() {
    let (folder, _) = Folder::grown(&[300]);
    for (path, bytes) in folder.files().into_iter().filter(|(path, _)| path.starts_with("tile/")) {
        std::fs::remove_file(folder.dir.join(&path)).unwrap();
        let faults = folder.faults();
        assert_eq!((faults[0].path.as_str(), &faults[0].kind, faults.len()), (&*path, &FaultKind::Missing, 1));

        folder.write(&path, &bytes[..bytes.len() - 1]);
        let faults = folder.faults();
        assert_eq!((faults[0].path.as_str(), faults.len()), (&*path, 1));
        assert!(matches!(faults[0].kind, FaultKind::Malformed(_)));

        folder.write(&path, &[&bytes[..], b"x"].concat());
        assert!(matches!(folder.faults()[0].kind, FaultKind::Malformed(_)));
        folder.write(&path, &bytes);
    }
    folder.assert_clean(300);
}

/// Changes several files at once and lists which are named.
#[track_caller]
fn check_many(changed: &[&str], named: &[&str]) {
    let (folder, _) = Folder::grown(&[600]);
    for path in changed {
        let mut bytes = std::fs::read(folder.dir.join(path)).unwrap();
        bytes[3] ^= 1;
        folder.write(path, &bytes);
    }
    let found: Vec<_> = folder.faults().into_iter().map(|fault| fault.path.into_string()).collect();
    assert_eq!(found, named);
}

#[test]
fn several_changed_files_are_all_named() {
    check_many(&["tile/0/000", "tile/0/001", "tile/1/000.p/2"], &["tile/0/000", "tile/0/001", "tile/1/000.p/2"]);
    check_many(&["tile/0/000", "tile/entries/001"], &["tile/0/000", "tile/entries/001"]);
    check_many(&["tile/entries/000", "tile/1/000.p/2"], &["tile/1/000.p/2", "tile/entries/000"]);
    check_many(&["tile/0/000", "tile/entries/000"], &["tile/0/000", "tile/entries/000"]);
    // The root cannot decide between these two, so both are named.
    check_many(&["tile/0/002.p/88", "tile/entries/002.p/88"], &["tile/0/002.p/88", "tile/entries/002.p/88"]);
}

#[test]
fn an_entry_and_all_its_hashes_forged_are_against_the_checkpoint() {
    let (folder, _) = Folder::grown(&[300]);
    let (forged, mut ledger) = Folder::grown(&[]);
    ledger.append(&vec![b"forged".to_vec(); 300], &crate::key()).unwrap();
    for path in folder.tiles() {
        folder.write(&path, &std::fs::read(forged.dir.join(&path)).unwrap());
    }
    let faults = folder.faults();
    assert_eq!((faults[0].path.as_str(), &faults[0].kind), ("checkpoint", &FaultKind::OtherRoot));
}

#[test]
fn another_key_s_checkpoint_is_refused() {
    let (folder, _) = Folder::grown(&[3]);
    let other = ledger::SigningKey::from_seed(crate::key().name().clone(), [8; 32]);
    let refused = ledger::verify(&folder.dir, &other.verifier_key()).unwrap_err();
    assert!(chain(&refused).contains("file `checkpoint` is refused"), "{}", chain(&refused));
}

#[test]
fn stray_files_are_warnings() {
    let (folder, _) = Folder::grown(&[300]);
    for path in ["tile/notes.txt", "tile/0/001.p/45", "tile/0/002", "tile/3/000.p/1", "tile/entries/001", "tile/0/1"] {
        folder.write(path, b"stray");
    }
    let warnings = folder.verify().unwrap().warnings;
    let found: Vec<_> = warnings.iter().map(|warning| (warning.path.as_str(), warning.kind)).collect();
    assert_eq!(
        found,
        [
            ("tile/0/001.p/45", WarningKind::BeyondTree),
            ("tile/0/002", WarningKind::BeyondTree),
            ("tile/0/1", WarningKind::NotATile),
            ("tile/3/000.p/1", WarningKind::BeyondTree),
            ("tile/entries/001", WarningKind::BeyondTree),
            ("tile/notes.txt", WarningKind::NotATile),
        ]
    );
}

#[test]
fn a_copy_without_the_writer_s_own_files_verifies() {
    let (folder, _) = Folder::grown(&[300]);
    let copy = Folder::new();
    for (path, bytes) in folder.files() {
        if path == "checkpoint" || path.starts_with("tile/") {
            copy.write(&path, &bytes);
        }
    }
    copy.assert_clean(300);
}
