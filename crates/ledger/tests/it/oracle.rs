//! Other people's readers on our files, and their keys in ours.

use camino::{Utf8Path, Utf8PathBuf};
use ledger::{KeyName, VerifierKey, create_key_file, open_key_file};
use signed_note::{Note, StandardSigner, StandardVerifier, VerifierList};
use tlog_tiles::{Checkpoint, Tile, TileHashReader, TileReader};

use crate::{Folder, ORIGIN, entries, key};

/// Serves our tiles to `tlog_tiles`, which checks each against the root.
struct Files<'a>(&'a Utf8Path);

impl TileReader for Files<'_> {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, tlog_tiles::Error> {
        Ok(tiles
            .iter()
            .map(|tile| std::fs::read(self.0.join(tile.path().replace("tile/8/", "tile/"))).unwrap())
            .collect())
    }

    fn save_tiles(&self, _: &[Tile], _: &[Vec<u8>]) {}
}

#[test]
fn tlog_tiles_and_signed_note_accept_our_logs() {
    let verifier = StandardVerifier::new(&key().verifier_key().to_string()).unwrap();
    for sizes in [&[1][..], &[2, 255], &[256], &[100, 257], &[300, 1000], &[70_000]] {
        let size = *sizes.last().unwrap();
        let (folder, ledger) = Folder::grown(sizes);
        let note = Note::from_bytes(&std::fs::read(folder.dir.join("checkpoint")).unwrap()).unwrap();
        let (signed, _) = note.verify(&VerifierList::new(vec![Box::new(verifier.clone())])).unwrap();
        assert_eq!(signed.len(), 1);
        let checkpoint = Checkpoint::from_bytes(note.text()).unwrap();
        assert_eq!((checkpoint.origin(), checkpoint.size()), (ORIGIN, size));

        let files = Files(&folder.dir);
        let reader = TileHashReader::new(size, *checkpoint.hash(), &files);
        assert_eq!(tlog_tiles::tree_hash(size, &reader).unwrap(), *checkpoint.hash());
        for index in [0, size / 3, size / 2, size - 1] {
            let theirs = tlog_tiles::prove_record(size, index, &reader).unwrap();
            let leaf = tlog_tiles::record_hash(&entries(index, index + 1)[0]);
            tlog_tiles::check_record(&theirs, size, *checkpoint.hash(), index, leaf).unwrap();
            let ours = ledger.inclusion_proof(index, size).unwrap();
            assert!(ours.iter().map(ledger::Hash::as_bytes).eq(theirs.iter().map(|hash| &hash.0)), "{index} of {size}");

            let theirs = tlog_tiles::prove_tree(size, index + 1, &reader).unwrap();
            let ours = ledger.consistency_proof(index + 1, size).unwrap();
            assert!(ours.iter().map(ledger::Hash::as_bytes).eq(theirs.iter().map(|hash| &hash.0)), "{index} of {size}");
        }
    }
}

#[test]
fn signed_note_opens_our_key_files_and_we_read_its_keys() {
    let temporary = tempfile::tempdir().unwrap();
    let path = Utf8PathBuf::try_from(temporary.path().join("log.key")).unwrap();
    let ours = create_key_file(&path, KeyName::parse(ORIGIN).unwrap(), [9; 32]).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let signer = StandardSigner::new(text.trim_end()).unwrap();
    let mut note = Note::new(b"text\n", &[]).unwrap();
    note.add_sigs(&[&signer]).unwrap();
    ledger::Note::parse(&note.to_bytes()).unwrap().verify(&[&ours.verifier_key()]).unwrap();

    // The private key that the documentation of Go's note package shows, with its public half.
    let private = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    let public = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    std::fs::write(&path, private).unwrap();
    assert_eq!(open_key_file(&path).unwrap().verifier_key().to_string(), public);
    VerifierKey::parse(public).unwrap();
}
