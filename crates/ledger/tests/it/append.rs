//! Appending, reading back, and what is refused.

use std::thread;

use ledger::{Entry, KeyName, Ledger, LedgerError, SigningKey, WitnessKey};

use crate::{Folder, chain, entries, key};

#[test]
fn entries_come_back_as_they_went_in() {
    let (folder, ledger) = Folder::grown(&[0, 1, 200, 600]);
    folder.assert_clean(600);
    let expected: Vec<Entry> = (0..).zip(entries(0, 600)).map(|(index, bytes)| Entry { index, bytes }).collect();
    assert_eq!(ledger.entries(0..600).unwrap(), expected);
    assert_eq!(ledger.entries(255..257).unwrap(), expected[255..257]);
    assert_eq!(ledger.entries(10..10).unwrap(), []);
    assert_eq!(ledger.find_last(3).unwrap(), expected[597..]);
    assert_eq!(ledger.find_last(9999).unwrap(), expected);
    assert_eq!(ledger.entry(256).unwrap(), expected[256].bytes);
    assert!(matches!(ledger.entry(600), Err(LedgerError::OutOfRange { size: 600, asked: 600, .. })));
    assert!(matches!(ledger.entries(0..601), Err(LedgerError::OutOfRange { .. })));
}

#[test]
fn the_history_of_appends_does_not_show_in_the_tree() {
    let (_one, mut at_once) = Folder::grown(&[300]);
    let (_two, mut by_parts) = Folder::grown(&[1, 2, 100, 255, 256, 257, 300]);
    assert_eq!(at_once.checkpoint().unwrap(), by_parts.checkpoint().unwrap());
    let more = entries(300, 900);
    assert_eq!(at_once.append(&more, &key()).unwrap(), by_parts.append(&more, &key()).unwrap());
}

#[test]
fn an_empty_ledger_has_nothing_until_the_empty_tree_is_signed() {
    let (folder, mut ledger) = Folder::grown(&[]);
    assert_eq!(ledger.checkpoint().unwrap(), None);
    assert_eq!(ledger.find_last(5).unwrap(), []);
    assert!(folder.verify().unwrap_err().to_string().contains("has no file `checkpoint`"));
    let checkpoint = ledger.append(&[], &key()).unwrap();
    assert_eq!((checkpoint.size(), checkpoint.root()), (0, ledger::empty_root()));
    folder.assert_clean(0);
    let before = folder.files();
    ledger.append(&[], &key()).unwrap();
    assert_eq!(folder.files(), before);
}

#[test]
fn entries_may_be_empty_and_up_to_65535_bytes_long() {
    let (folder, mut ledger) = Folder::grown(&[]);
    let longest = vec![vec![], vec![1; 65_535]];
    ledger.append(&longest, &key()).unwrap();
    assert_eq!(ledger.entry(1).unwrap(), longest[1]);
    folder.assert_clean(2);

    let refused = ledger.append(&[vec![1], vec![1; 65_536]], &key()).unwrap_err();
    assert!(matches!(refused, LedgerError::EntryTooLong { position: 1, bytes: 65_536 }));
    folder.assert_clean(2);
}

#[test]
fn a_folder_in_use_is_not_made_a_ledger() {
    let (folder, _) = Folder::grown(&[1]);
    assert!(matches!(Ledger::create(&folder.dir, key().name()), Err(LedgerError::NotEmpty { .. })));
    assert!(Ledger::open(&folder.dir.join("tile")).is_err());
}

#[test]
fn only_the_log_s_own_key_may_sign() {
    let (folder, mut ledger) = Folder::grown(&[3]);
    let other_name = SigningKey::from_seed(KeyName::parse("other.example").unwrap(), [7; 32]);
    assert!(matches!(ledger.append(&entries(3, 4), &other_name), Err(LedgerError::OtherKey { .. })));
    let other_seed = SigningKey::from_seed(key().name().clone(), [8; 32]);
    let refused = ledger.append(&entries(3, 4), &other_seed).unwrap_err();
    assert!(chain(&refused).contains("no signature by `office.example/log`"), "{}", chain(&refused));
    folder.assert_clean(3);
}

#[test]
fn two_threads_append_in_turn() {
    let (folder, _) = Folder::grown(&[]);
    thread::scope(|scope| {
        for writer in 0..2 {
            let dir = &folder.dir;
            scope.spawn(move || {
                let mut ledger = Ledger::open(dir).unwrap();
                for n in 0..30 {
                    ledger.append(&[format!("{writer}/{n}").into_bytes()], &key()).unwrap();
                }
            });
        }
        // A verifier beside them never meets a broken state.
        for _ in 0..20 {
            match folder.verify() {
                Ok(_) | Err(ledger::VerifyError::NoCheckpoint { .. }) => {}
                Err(error) => panic!("{}", chain(&error)),
            }
        }
    });
    folder.assert_clean(60);
    let entries = Ledger::open(&folder.dir).unwrap().entries(0..60).unwrap();
    for writer in ["0/", "1/"] {
        let own: Vec<_> = entries.iter().filter(|entry| entry.bytes.starts_with(writer.as_bytes())).collect();
        let in_order: Vec<_> = (0..30).map(|n| format!("{writer}{n}").into_bytes()).collect();
        assert!(own.iter().map(|entry| &entry.bytes).eq(&in_order));
    }
}

#[test]
fn an_older_checkpoint_put_back_is_refused() {
    let (folder, mut ledger) = Folder::grown(&[5]);
    let older = std::fs::read(folder.dir.join("checkpoint")).unwrap();
    ledger.append(&entries(5, 8), &key()).unwrap();
    folder.write("checkpoint", &older);

    let refused = Ledger::open(&folder.dir).unwrap().append(&entries(5, 6), &key()).unwrap_err();
    assert!(matches!(refused, LedgerError::RolledBack { size: 5, published_size: 8, .. }));
    assert!(folder.verify().unwrap_err().to_string().contains("does not continue file `last-signed`"));

    std::fs::remove_file(folder.dir.join("checkpoint")).unwrap();
    let refused = Ledger::open(&folder.dir).unwrap().append(&entries(0, 1), &key()).unwrap_err();
    assert!(matches!(refused, LedgerError::RolledBack { size: 0, published_size: 8, .. }));
}

#[test]
fn a_folder_exchanged_under_an_open_ledger_is_refused() {
    let (folder, mut ledger) = Folder::grown(&[5, 8]);
    // Another history by the same key, longer and sound in itself.
    let (other, mut other_ledger) = Folder::grown(&[5]);
    other_ledger.append(&vec![b"another".to_vec(); 9], &key()).unwrap();
    std::fs::remove_dir_all(&folder.dir).unwrap();
    for (path, bytes) in other.files() {
        folder.write(&path, &bytes);
    }
    let refused = ledger.append(&entries(8, 9), &key()).unwrap_err();
    assert!(matches!(refused, LedgerError::RolledBack { size: 14, published_size: 8, .. }));
}

#[test]
fn nothing_is_signed_over_a_damaged_edge() {
    let (folder, _) = Folder::grown(&[300]);
    for path in ["tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/001.p/44"] {
        let copy = folder.copy();
        let mut bytes = std::fs::read(copy.dir.join(path)).unwrap();
        bytes[5] ^= 1;
        copy.write(path, &bytes);
        let checkpoint = std::fs::read(copy.dir.join("checkpoint")).unwrap();
        let refused = Ledger::open(&copy.dir).unwrap().append(&entries(300, 301), &key()).unwrap_err();
        assert!(matches!(refused, LedgerError::EdgeMismatch { .. } | LedgerError::Tile(_)), "{refused:?}");
        assert_eq!(std::fs::read(copy.dir.join("checkpoint")).unwrap(), checkpoint);
    }
}

#[test]
fn a_cosignature_is_added_to_the_published_checkpoint() {
    let (folder, mut ledger) = Folder::grown(&[5]);
    let witness = WitnessKey::from_seed(KeyName::parse("witness.example/w1").unwrap(), [3; 32]);
    let stale = ledger.checkpoint().unwrap().unwrap().cosign(&witness, 1_700_000_000);
    ledger.append(&entries(5, 6), &key()).unwrap();
    assert!(ledger.add_cosignature(stale, &witness.verifier_key()).is_err());

    let cosignature = ledger.checkpoint().unwrap().unwrap().cosign(&witness, 1_700_000_001);
    ledger.add_cosignature(cosignature, &witness.verifier_key()).unwrap();
    let checkpoint = folder.verify().unwrap().checkpoint;
    assert_eq!(checkpoint.verify_cosignature(&witness.verifier_key()).unwrap(), 1_700_000_001);
    // It does not stand in the way of the next append.
    ledger.append(&entries(6, 7), &key()).unwrap();
    folder.assert_clean(7);
}
