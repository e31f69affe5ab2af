//! Signed notes, checkpoints and cosignatures.

use ledger::{
    Checkpoint, CheckpointError, KeyName, Note, NoteError, NoteSignature, SigningKey, VerifierKey, WitnessKey,
};

use crate::{Folder, key};

const VKEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const NOTE: &str = "This is an example message.\n\n\u{2014} example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

/// The example of C2SP signed-note.
#[test]
fn vector_of_the_specification() {
    let verifier = VerifierKey::parse(VKEY).unwrap();
    let note = Note::parse(NOTE.as_bytes()).unwrap();
    assert_eq!(note.text(), "This is an example message.\n");
    let verified = note.verify(&[&verifier]).unwrap();
    assert_eq!((verified[0].name.as_str(), verified[0].time_secs), ("example.com/foo", None));
    assert_eq!(note.to_string(), NOTE);
    assert_eq!(verifier.to_string(), VKEY);
}

#[test]
fn a_changed_text_or_signature_is_refused() {
    let verifier = VerifierKey::parse(VKEY).unwrap();
    for changed in
        [NOTE.replace("example message", "exemple message"), NOTE.replace("Ukn8", "Ukn9").replace("IneyaQM", "IneyaQI")]
    {
        let note = Note::parse(changed.as_bytes()).unwrap();
        assert!(matches!(note.verify(&[&verifier]), Err(NoteError::BadSignature { .. })));
    }
}

#[test]
fn unknown_keys_are_ignored_and_do_not_suffice() {
    let verifier = VerifierKey::parse(VKEY).unwrap();
    let line = NOTE.lines().last().unwrap();
    let other_name = line.replace("example.com/foo", "example.com/bar");
    let other_id = line.replace("Uw2QOkn8", "Uw2QPkn8");
    let crowd = format!("{NOTE}{}", format!("{other_name}\n{other_id}\n").repeat(20));
    assert_eq!(Note::parse(crowd.as_bytes()).unwrap().verify(&[&verifier]).unwrap().len(), 1);

    let strangers = format!("This is an example message.\n\n{other_name}\n{other_id}\n");
    let refused = Note::parse(strangers.as_bytes()).unwrap().verify(&[&verifier]).unwrap_err();
    assert!(refused.to_string().contains("no signature by `example.com/foo` (key 530d903a)"), "{refused}");
    assert!(refused.to_string().contains("example.com/bar"), "{refused}");
}

#[test]
fn one_bad_signature_of_a_known_key_rejects_the_note() {
    let verifier = VerifierKey::parse(VKEY).unwrap();
    let bad = NOTE.lines().last().unwrap().replace("Ukn8", "Ukn9").replace("kn8srV1", "kn8srV2");
    let note = Note::parse(format!("{NOTE}{bad}\n").as_bytes()).unwrap();
    assert!(matches!(note.verify(&[&verifier]), Err(NoteError::BadSignature { .. })));
}

#[test]
fn malformed_notes_are_refused() {
    let line = NOTE.lines().last().unwrap();
    for bad in [
        "",
        "\n\n",
        "text\n",
        "text\n\n",
        "text\n\nno signature line\n",
        NOTE.trim_end(),
        &NOTE.replace('\u{2014}', "-"),
        &NOTE.replace("message", "mes\tsage"),
        &NOTE.replace("message", "mes\r\nsage"),
        &NOTE.replace("yaQM=", "yaQM"),
        &NOTE.replace("yaQM=", "yaQN="),
        "text\n\n\u{2014} example.com/foo Uw2QOg==\n",
        &format!("text\n\n\u{2014} exa+mple {}\n", line.rsplit_once(' ').unwrap().1),
        &format!("text\n\n{}", format!("{line}\n").repeat(101)),
        &format!("{}\n\n{line}\n", "x".repeat(1_000_000)),
    ] {
        assert!(matches!(Note::parse(bad.as_bytes()), Err(NoteError::Malformed { .. })), "{:.60}", bad);
    }
    assert!(Note::parse(b"\xff\n\n").is_err());
}

#[test]
fn a_text_may_contain_empty_lines() {
    let note = Note::parse(NOTE.replace("This", "One\n\n\nThis").as_bytes()).unwrap();
    assert_eq!(note.text(), "One\n\n\nThis is an example message.\n");
}

fn checkpoint_text(text: &str) -> Result<Checkpoint, CheckpointError> {
    Checkpoint::parse(format!("{text}\n{}\n", NOTE.lines().last().unwrap()).as_bytes())
}

#[test]
fn checkpoint_forms() {
    let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    let good = checkpoint_text(&format!("example.com/behind-the-sofa\n20852163\n{root}\n")).unwrap();
    assert_eq!((good.origin(), good.size()), ("example.com/behind-the-sofa", 20_852_163));
    assert_eq!(good.root().to_string(), root);
    // Extension lines are kept.
    let extended = format!("o\n0\n{root}\nmore\n");
    assert_eq!(checkpoint_text(&extended).unwrap().note().text(), extended);

    for bad in [
        format!("o\n0{}\n", ""),
        format!("\n0\n{root}\n"),
        format!("o\n01\n{root}\n"),
        format!("o\n+1\n{root}\n"),
        format!("o\n-1\n{root}\n"),
        format!("o\n9223372036854775808\n{root}\n"),
        format!("o\n\n{root}\n"),
        format!("o\n0\n{}\n", &root[1..]),
        format!("o\n0\n{root} \n"),
        format!("o\n0\n{root}\n\n"),
        format!("o\n0\n\n{root}\n"),
    ] {
        assert!(checkpoint_text(&bad).is_err(), "{bad:?}");
    }
}

#[test]
fn a_checkpoint_of_another_log_is_refused() {
    let (_folder, ledger) = Folder::grown(&[3]);
    let checkpoint = ledger.checkpoint().unwrap().unwrap();
    checkpoint.verify(&key().verifier_key()).unwrap();
    let other = SigningKey::from_seed(KeyName::parse("other.example").unwrap(), [7; 32]);
    assert!(matches!(checkpoint.verify(&other.verifier_key()), Err(CheckpointError::Origin { .. })));
}

#[test]
fn cosignatures() {
    let (_folder, ledger) = Folder::grown(&[3]);
    let plain = ledger.checkpoint().unwrap().unwrap();
    let witness = WitnessKey::from_seed(KeyName::parse("witness.example/w1").unwrap(), [3; 32]);
    let verifier = witness.verifier_key();
    assert!(verifier.to_string().contains("+BO"), "type 4 begins so in base64: {verifier}");

    let cosigned = plain.clone().with_signature(plain.cosign(&witness, 1_679_315_147));
    let read = Checkpoint::parse(cosigned.to_string().as_bytes()).unwrap();
    assert_eq!(read, cosigned);
    assert_eq!(read.verify_cosignature(&verifier).unwrap(), 1_679_315_147);
    read.verify(&key().verifier_key()).unwrap();

    // A cosignature is no log signature, and the other way round.
    assert!(plain.verify_cosignature(&verifier).is_err());
    assert!(matches!(plain.verify_cosignature(&key().verifier_key()), Err(CheckpointError::NotAWitness { .. })));
    // The time is signed.
    let line = plain.cosign(&witness, 1).to_string();
    let mut moved = plain.clone().with_signature(NoteSignature::parse(&line).unwrap()).to_string();
    let other_line = plain.cosign(&witness, 2).to_string();
    let time_at = line.len() - 100 + 16;
    moved = moved.replace(&line, &format!("{}{}", &other_line[..time_at], &line[time_at..]));
    assert!(Checkpoint::parse(moved.as_bytes()).unwrap().verify_cosignature(&verifier).is_err());
    // A newer cosignature takes the place of the older.
    let again = cosigned.with_signature(plain.cosign(&witness, 1_679_315_148));
    assert_eq!(again.note().signatures().len(), 2);
    assert_eq!(again.verify_cosignature(&verifier).unwrap(), 1_679_315_148);
}
