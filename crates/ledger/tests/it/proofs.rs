//! Inclusion and consistency proofs and `.tlog-proof` files.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ledger::{Hash, ProofError, TlogProof, WitnessKey, empty_root, leaf_hash, verify_consistency, verify_inclusion};
use proptest::{prelude::*, sample::Index};
use sha2::Sha256;

use crate::{Folder, entries, key};

fn hashes(bytes: &[u8]) -> Vec<Hash> {
    bytes.as_chunks().0.iter().copied().map(Hash::from_bytes).collect()
}

/// Roots of the trees of 0 to `size` entries, computed by another library.
fn roots(size: u64) -> Vec<Hash> {
    let mut tree = MemoryBackedTree::<Sha256, Vec<u8>>::new();
    let mut roots = vec![Hash::from_bytes((*tree.root().as_bytes()).into())];
    for entry in entries(0, size) {
        tree.push(entry);
        roots.push(Hash::from_bytes((*tree.root().as_bytes()).into()));
    }
    roots
}

#[test]
fn every_prefix_is_consistent() {
    let roots = roots(300);
    let (folder, ledger) = Folder::grown(&[300]);
    assert_eq!(ledger.checkpoint().unwrap().unwrap().root(), roots[300]);
    for new in 0..=300_u64 {
        // All pairs for some sizes, the telling ones for all.
        let all = !(20..=298).contains(&new) || (255..258).contains(&new);
        let olds = (0..=new).filter(|old| all || *old + 2 > new || old.is_power_of_two() || *old == new / 3);
        for old in olds {
            let (old_root, new_root) = (roots[old as usize], roots[new as usize]);
            let path = ledger.consistency_proof(old, new).unwrap();
            verify_consistency(old, old_root, new, new_root, &path).unwrap();
            if old < new && old > 0 {
                let elsewhere = leaf_hash(b"elsewhere");
                assert!(verify_consistency(old, elsewhere, new, new_root, &path).is_err());
                assert!(verify_consistency(old, old_root, new, elsewhere, &path).is_err());
                assert!(verify_consistency(old, old_root, new, new_root, &path[1..]).is_err());
                assert!(verify_consistency(old, old_root, new, new_root, &[&path[..], &[elsewhere]].concat()).is_err());
            }
        }
    }
    assert!(ledger.consistency_proof(1, 301).is_err());
    assert!(ledger.consistency_proof(3, 2).is_err());
    folder.assert_clean(300);
}

#[test]
fn every_append_continues_the_last() {
    let (_folder, mut ledger) = Folder::grown(&[]);
    let mut last = ledger.append(&[], &key()).unwrap();
    for size in 0..300 {
        let next = ledger.append(&entries(size, size + 1), &key()).unwrap();
        let path = ledger.consistency_proof(size, size + 1).unwrap();
        verify_consistency(last.size(), last.root(), next.size(), next.root(), &path).unwrap();
        last = next;
    }
    assert_eq!(last.root(), roots(300)[300]);
}

#[test]
fn every_entry_is_included() {
    let roots = roots(300);
    let (_folder, ledger) = Folder::grown(&[300]);
    for size in [1, 2, 3, 7, 8, 9, 255, 256, 257, 300] {
        for (index, entry) in (0..size).zip(entries(0, size)) {
            let root = roots[size as usize];
            let path = ledger.inclusion_proof(index, size).unwrap();
            verify_inclusion(leaf_hash(&entry), index, size, &path, root).unwrap();
            assert!(verify_inclusion(leaf_hash(b"other"), index, size, &path, root).is_err());
            assert!(verify_inclusion(leaf_hash(&entry), index, size, &path, leaf_hash(b"other")).is_err());
            assert!(verify_inclusion(leaf_hash(&entry), index ^ 1, size, &path, root).is_err() || size == 1);
            if let Some((_, shorter)) = path.split_last() {
                assert!(verify_inclusion(leaf_hash(&entry), index, size, shorter, root).is_err());
            }
            assert!(verify_inclusion(leaf_hash(&entry), index, size, &[&path[..], &[root]].concat(), root).is_err());
        }
    }
    assert!(ledger.inclusion_proof(300, 300).is_err());
    assert!(ledger.inclusion_proof(0, 301).is_err());
}

#[test]
fn the_empty_tree() {
    let root = leaf_hash(b"x");
    verify_consistency(0, empty_root(), 0, empty_root(), &[]).unwrap();
    verify_consistency(0, empty_root(), 5, root, &[]).unwrap();
    assert!(verify_consistency(0, root, 5, root, &[]).is_err());
    assert!(verify_consistency(0, root, 0, root, &[]).is_err());
    assert!(verify_consistency(0, empty_root(), 5, root, &[root]).is_err());
    assert!(verify_consistency(5, root, 0, empty_root(), &[]).is_err());
    assert!(verify_inclusion(root, 0, 0, &[], root).is_err());
    // Sizes at the end of the range do not overflow.
    assert!(verify_inclusion(root, u64::MAX - 1, u64::MAX, &[root; 64], root).is_err());
    assert!(verify_consistency(u64::MAX - 1, root, u64::MAX, root, &[root; 65]).is_err());
}

#[test]
fn a_proof_file_is_written_read_and_checked() {
    let (_folder, ledger) = Folder::grown(&[300]);
    let witness = WitnessKey::from_seed(ledger::KeyName::parse("witness.example/w1").unwrap(), [3; 32]);
    let mut proof = ledger.prove(299).unwrap();
    let cosignature = proof.checkpoint.cosign(&witness, 42);
    proof.checkpoint = proof.checkpoint.with_signature(cosignature);
    for extra in [None, Some(b"for the reader".to_vec())] {
        proof.extra = extra;
        let text = proof.to_string();
        let read = TlogProof::parse(text.as_bytes()).unwrap();
        assert_eq!(read, proof);
        read.verify(&entries(299, 300)[0], &key().verifier_key()).unwrap();
        assert_eq!(read.checkpoint.verify_cosignature(&witness.verifier_key()).unwrap(), 42);
        assert!(matches!(
            read.verify(&entries(298, 299)[0], &key().verifier_key()),
            Err(ProofError::NotIncluded { index: 299, size: 300 })
        ));
        assert!(matches!(read.verify(&entries(299, 300)[0], &witness.verifier_key()), Err(ProofError::Checkpoint(_))));
    }
    let text = proof.to_string();
    assert!(text.starts_with("c2sp.org/tlog-proof@v1\nextra Zm9yIHRoZSByZWFkZXI=\nindex 299\n"));
    // One entry: no path at all.
    let (_folder, single) = Folder::grown(&[1]);
    let single = single.prove(0).unwrap();
    assert!(single.to_string().starts_with("c2sp.org/tlog-proof@v1\nindex 0\n\noffice.example/log\n1\n"));
    assert_eq!(TlogProof::parse(single.to_string().as_bytes()).unwrap(), single);

    for bad in [
        String::new(),
        text.replace("@v1", "@v2"),
        text.replace("index 299", "index 0299"),
        text.replace("index 299\n", ""),
        text.replace("extra Zm9", "extra *m9"),
        text.replace("\n\n", "\n"),
        text.replace("index 299\n", "index 299\nshort\n"),
        text.replace("index 299\n", &format!("index 299\n{}", format!("{}\n", empty_root()).repeat(64))),
    ] {
        assert!(TlogProof::parse(bad.as_bytes()).is_err(), "{bad}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn proofs_equal_those_of_another_library(size in 2_u64..700, index in any::<Index>(), old in any::<Index>()) {
        let (_folder, ledger) = Folder::grown(&[size / 2, size]);
        let mut tree = MemoryBackedTree::<Sha256, Vec<u8>>::new();
        entries(0, size).into_iter().for_each(|entry| tree.push(entry));
        let index = index.index(size as usize);
        let old = 1 + old.index(size as usize - 1);
        prop_assert_eq!(ledger.inclusion_proof(index as u64, size).unwrap(), hashes(tree.prove_inclusion(index).as_bytes()));
        prop_assert_eq!(
            ledger.consistency_proof(old as u64, size).unwrap(),
            hashes(tree.prove_consistency(size as usize - old).as_bytes())
        );
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in any::<Vec<u8>>(), cut in any::<Index>(), at in any::<Index>(), byte in any::<u8>()) {
        let _ = (ledger::Note::parse(&bytes), ledger::Checkpoint::parse(&bytes), TlogProof::parse(&bytes));
        let text = String::from_utf8_lossy(&bytes);
        let _ = (ledger::Tile::parse(&text), ledger::VerifierKey::parse(&text));
        let mut proof = PROOF.as_bytes().to_vec();
        let at = at.index(proof.len());
        proof[at] = byte;
        proof.truncate(cut.index(proof.len() * 4).max(1));
        let _ = TlogProof::parse(&proof).map(|proof| proof.verify(b"entry", &key().verifier_key()));
    }
}

const PROOF: &str = "c2sp.org/tlog-proof@v1\nextra AAAA\nindex 1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n\
    office.example/log\n2\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n\u{2014} office.example/log Uw2QOkn8srV1\n";
