//! Signed notes: a text and the lines of those who signed it (C2SP signed-note).

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use thiserror::Error;

use crate::key::{KeyId, KeyName, SigningKey, VerifierKey};

/// The longest note in bytes that is looked at. Sixteen post-quantum signatures take a tenth of it.
const MAX_NOTE_BYTES: usize = 1_000_000;
/// The most signature lines that are looked at; the specification asks for at least 16.
const MAX_SIGNATURES: usize = 100;

/// A text with signature lines, none of which has been checked yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

/// One signature line: who claims to have signed, and the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    pub(crate) name: KeyName,
    pub(crate) id: KeyId,
    pub(crate) bytes: Vec<u8>,
}

/// A signature that was checked and holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedSignature {
    /// Whose it is.
    pub name: KeyName,
    /// With which key.
    pub id: KeyId,
    /// When it was made, for a cosignature: seconds since 1970, as the witness states it.
    pub time_secs: Option<u64>,
}

/// A note that was refused.
#[derive(Debug, Error)]
pub enum NoteError {
    /// It has not the form of a signed note.
    #[error("not a signed note: {reason}")]
    Malformed {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A known key's signature does not hold; the whole note is refused.
    #[error("signature of `{name}` (key {id}) does not hold")]
    BadSignature {
        /// Whose signature it claims to be.
        name: KeyName,
        /// With which key.
        id: KeyId,
    },
    /// No known key has signed.
    #[error("no signature by {wanted}; the signers are {found:?}")]
    Unsigned {
        /// Whose signature would do.
        wanted: String,
        /// Names on the signature lines.
        found: Vec<String>,
    },
}

impl Note {
    /// A note with this text and no signature yet. `text` ends with a newline.
    pub(crate) fn unsigned(text: String) -> Self {
        Note { text, signatures: Vec::new() }
    }

    /// Reads a note. Its signatures are not checked; see [`Note::verify`].
    ///
    /// # Errors
    ///
    /// Refuses bytes that break the format, more than 1,000,000 bytes, and more than 100 signatures.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        let refuse = |reason| NoteError::Malformed { reason };
        if bytes.len() > MAX_NOTE_BYTES {
            return Err(refuse("it is longer than 1000000 bytes"));
        }
        let whole = str::from_utf8(bytes).map_err(|_| refuse("it is not UTF-8"))?;
        if whole.contains(|c: char| c < ' ' && c != '\n') {
            return Err(refuse("it contains a control character"));
        }
        // The text may contain empty lines; the signatures follow the last one.
        let (text, lines) = whole
            .rfind("\n\n")
            .map(|at| (&whole[..=at], &whole[at + 2..]))
            .ok_or_else(|| refuse("no empty line sets the signatures apart"))?;
        let lines = lines.strip_suffix('\n').ok_or_else(|| refuse("its last line is not ended or no one signed it"))?;
        let signatures = lines.split('\n').map(NoteSignature::parse).collect::<Result<Vec<_>, _>>()?;
        if signatures.len() > MAX_SIGNATURES {
            return Err(refuse("it has more than 100 signatures"));
        }
        Ok(Note { text: text.to_owned(), signatures })
    }

    /// The text that is signed, with its final newline. Trust it only after [`Note::verify`].
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signature lines, unchecked.
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// Checks every signature by one of `keys`. Signatures of other keys are ignored.
    ///
    /// # Errors
    ///
    /// Refuses the note if a signature of a known key does not hold, or if no known key has signed.
    pub fn verify(&self, keys: &[&VerifierKey]) -> Result<Vec<VerifiedSignature>, NoteError> {
        let mut verified: Vec<VerifiedSignature> = Vec::new();
        for signature in &self.signatures {
            let NoteSignature { name, id, bytes } = signature;
            let Some(key) = keys.iter().find(|key| key.name() == name && key.id() == *id) else {
                continue;
            };
            let time_secs =
                key.check(&self.text, bytes).ok_or_else(|| NoteError::BadSignature { name: name.clone(), id: *id })?;
            verified.push(VerifiedSignature { name: name.clone(), id: *id, time_secs });
        }
        if verified.is_empty() {
            let wanted: Vec<_> = keys.iter().map(|key| format!("`{}` (key {})", key.name(), key.id())).collect();
            let found = self.signatures.iter().map(|signature| signature.name.to_string()).collect();
            return Err(NoteError::Unsigned { wanted: wanted.join(" or "), found });
        }
        Ok(verified)
    }

    /// Signs the text and adds the line.
    pub(crate) fn sign(&mut self, key: &SigningKey) {
        let verifier = key.verifier_key();
        self.add(NoteSignature { name: verifier.name().clone(), id: verifier.id(), bytes: key.sign(&self.text) });
    }

    /// Adds a signature line in place of an earlier one by the same key.
    pub(crate) fn add(&mut self, signature: NoteSignature) {
        self.signatures.retain(|earlier| (&earlier.name, earlier.id) != (&signature.name, signature.id));
        self.signatures.push(signature);
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

impl NoteSignature {
    /// Reads a line such as `— office.example/log Uw2QOk…`, without its newline.
    ///
    /// # Errors
    ///
    /// Refuses a line of another form. The signature is not checked.
    pub fn parse(line: &str) -> Result<Self, NoteError> {
        let refuse = |reason| NoteError::Malformed { reason };
        let (name, data) = line
            .strip_prefix("\u{2014} ")
            .and_then(|rest| rest.split_once(' '))
            .ok_or_else(|| refuse("a signature line has not the form `\u{2014} name signature`"))?;
        let name = KeyName::parse(name).map_err(|_| refuse("a signature line has no valid key name"))?;
        let data = BASE64.decode(data).map_err(|_| refuse("a signature is not base64"))?;
        match data.split_first_chunk() {
            Some((id, bytes)) if !bytes.is_empty() => Ok(NoteSignature { name, id: KeyId(*id), bytes: bytes.to_vec() }),
            _ => Err(refuse("a signature is too short")),
        }
    }

    /// Who claims to have signed.
    pub fn name(&self) -> &KeyName {
        &self.name
    }
}

impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\u{2014} {} {}", self.name, BASE64.encode([&self.id.0[..], &self.bytes].concat()))
    }
}
