//! Names, printed keys and key files.

use camino::Utf8PathBuf;
use ledger::{KeyError, KeyName, VerifierKey, WitnessKey, create_key_file, open_key_file};

use crate::{ORIGIN, chain, key};

#[test]
fn names() {
    for good in ["a", "office.example/log", "oid/1.3.6", "büro.example"] {
        assert_eq!(KeyName::parse(good).unwrap().as_str(), good);
    }
    for bad in ["", "a b", "a+b", "a\n", "a\u{2003}b", "a\u{7f}"] {
        assert!(matches!(KeyName::parse(bad), Err(KeyError::Name { .. })), "{bad:?}");
    }
}

#[test]
fn printed_keys_are_read_again() {
    let witness = WitnessKey::from_seed(KeyName::parse("witness.example/w1").unwrap(), [3; 32]);
    for verifier in [key().verifier_key(), witness.verifier_key()] {
        assert_eq!(VerifierKey::parse(&verifier.to_string()).unwrap(), verifier);
    }
}

#[test]
fn broken_printed_keys_are_refused() {
    let good = key().verifier_key().to_string();
    let (name_and_id, data) = good.rsplit_once('+').unwrap();
    for bad in [
        "",
        "office.example/log",
        name_and_id,
        &good.replace("log", "lot"),
        &good.to_uppercase(),
        &format!("{name_and_id}+{}", &data[..40]),
        &format!("{name_and_id}+{data}="),
        "example.com/foo+530d903a+BekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    ] {
        assert!(VerifierKey::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_key_file_is_private_and_never_overwritten() {
    let temporary = tempfile::tempdir().unwrap();
    let path = Utf8PathBuf::try_from(temporary.path().join("log.key")).unwrap();
    let name = KeyName::parse(ORIGIN).unwrap();
    let created = create_key_file(&path, name.clone(), [9; 32]).unwrap();
    assert_eq!(open_key_file(&path).unwrap().verifier_key(), created.verifier_key());
    assert!(matches!(create_key_file(&path, name, [1; 32]), Err(KeyError::File(_))));
    assert_eq!(open_key_file(&path).unwrap().verifier_key(), created.verifier_key());

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o640)).unwrap();
        assert!(matches!(open_key_file(&path), Err(KeyError::Exposed { mode: 0o640, .. })));
    }
}

#[test]
fn a_secret_is_never_shown() {
    let temporary = tempfile::tempdir().unwrap();
    let path = Utf8PathBuf::try_from(temporary.path().join("log.key")).unwrap();
    let created = create_key_file(&path, KeyName::parse(ORIGIN).unwrap(), [9; 32]).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let secret = text.trim_end().rsplit_once('+').unwrap().1;
    assert!(!format!("{created:?}").contains("9, 9, 9, 9"));
    std::fs::write(&path, text.replace("office", "orifice")).unwrap();
    let refused = open_key_file(&path).unwrap_err();
    assert!(!chain(&refused).contains(secret));
    assert!(chain(&refused).contains("its id does not belong"));
}
