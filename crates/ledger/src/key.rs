//! Names and keys of C2SP signed-note: the log's signing key, a witness's cosigning key, and the public half of both.

use std::{
    fmt,
    fs::OpenOptions,
    io::{self, Write},
};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use camino::{Utf8Path, Utf8PathBuf};
use ed25519_dalek::Signer;
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::files::{FileError, context, flush_folder, read_if_present};

/// Signature type of an Ed25519 signature over a note (C2SP signed-note).
const NOTE: u8 = 0x01;
/// Signature type of a timestamped Ed25519 cosignature over a checkpoint (C2SP tlog-cosignature).
const COSIGNATURE: u8 = 0x04;
/// How the text of a private key begins; the form is that of Go's `golang.org/x/mod/sumdb/note`.
const PRIVATE_PREFIX: &str = "PRIVATE+KEY+";

/// The name of a key, for a log also its origin: not empty, without white space, control characters or `+`.
///
/// A URL without scheme is recommended, such as `office.example/log`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyName(String);

impl KeyName {
    /// Takes a name.
    ///
    /// # Errors
    ///
    /// Refuses an empty name and one with white space, control characters or `+`.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let forbidden = |c: char| c.is_whitespace() || c.is_control() || c == '+';
        if text.is_empty() || text.contains(forbidden) {
            return Err(KeyError::Name { text: text.to_owned() });
        }
        Ok(KeyName(text.to_owned()))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Four bytes that tell a key from others of the same name. Not a fingerprint: anyone can make a key with a given id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub(crate) [u8; 4]);

impl KeyId {
    fn of(name: &KeyName, kind: u8, public: &[u8; 32]) -> Self {
        let digest = Sha256::new().chain_update(&name.0).chain_update([b'\n', kind]).chain_update(public).finalize();
        KeyId([digest[0], digest[1], digest[2], digest[3]])
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", u32::from_be_bytes(self.0))
    }
}

/// A name or a key that was refused.
#[derive(Debug, Error)]
pub enum KeyError {
    /// Not a key name.
    #[error("`{text}` is not a key name: it must not be empty nor contain white space, control characters or `+`")]
    Name {
        /// What was given.
        text: String,
    },
    /// Not a verifier key.
    #[error("`{text}` is not a verifier key: {reason}")]
    Verifier {
        /// What was given.
        text: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Not a signing key. The text is secret and is not repeated.
    #[error("key file `{path}` does not hold a signing key: {reason}")]
    KeyFile {
        /// Path of the file.
        path: Utf8PathBuf,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Others than the owner may read or change the key file.
    #[error("key file `{path}` is open to others than its owner (mode {mode:o}); `chmod 600` closes it")]
    Exposed {
        /// Path of the file.
        path: Utf8PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The key file could not be created or read.
    #[error(transparent)]
    File(#[from] FileError),
}

/// The public half of a log's or a witness's key: who must have signed.
///
/// Prints as `name+hex8+base64` (C2SP signed-note, "vkey").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: KeyName,
    id: KeyId,
    kind: u8,
    key: ed25519_dalek::VerifyingKey,
}

impl VerifierKey {
    fn new(name: KeyName, kind: u8, key: ed25519_dalek::VerifyingKey) -> Self {
        let id = KeyId::of(&name, kind, key.as_bytes());
        VerifierKey { name, id, kind, key }
    }

    /// Reads the printed form.
    ///
    /// # Errors
    ///
    /// Refuses a text of another form, a key id that does not belong to the key, and signature types other than
    /// Ed25519 notes (1) and Ed25519 cosignatures (4).
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let refuse = |reason| KeyError::Verifier { text: text.to_owned(), reason };
        // Base64 may contain `+`; a name and hex digits may not.
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(data)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(refuse("it has not the form `name+id+key`"));
        };
        let name = KeyName::parse(name)?;
        let data = BASE64.decode(data).map_err(|_| refuse("its last part is not base64"))?;
        let (kind, public) = typed_key(&data).ok_or_else(|| refuse("it is not an Ed25519 key of a known type"))?;
        let key = ed25519_dalek::VerifyingKey::from_bytes(&public).map_err(|_| refuse("it is not a curve point"))?;
        let verifier = VerifierKey::new(name, kind, key);
        if verifier.id.to_string() != id {
            return Err(refuse("its id does not belong to its name and key"));
        }
        Ok(verifier)
    }

    /// The name that signature lines carry.
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    /// The id that signature lines carry.
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// Whether `signature`, without its key id, is this key's over the note `text`.
    ///
    /// Yields the time of a cosignature in seconds since 1970.
    pub(crate) fn check(&self, text: &str, signature: &[u8]) -> Option<Option<u64>> {
        if self.kind == NOTE {
            let signature = ed25519_dalek::Signature::from_slice(signature).ok()?;
            self.key.verify_strict(text.as_bytes(), &signature).ok()?;
            return Some(None);
        }
        let (time, signature) = signature.split_first_chunk()?;
        // The specification allows no time above 2^63 - 1.
        let time_secs = u64::from_be_bytes(*time);
        i64::try_from(time_secs).ok()?;
        let signature = ed25519_dalek::Signature::from_slice(signature).ok()?;
        self.key.verify_strict(cosigned_message(text, time_secs).as_bytes(), &signature).ok()?;
        Some(Some(time_secs))
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut data = vec![self.kind];
        data.extend_from_slice(self.key.as_bytes());
        write!(f, "{}+{}+{}", self.name, self.id, BASE64.encode(data))
    }
}

/// The key with which a log signs its checkpoints.
pub struct SigningKey {
    verifier: VerifierKey,
    key: ed25519_dalek::SigningKey,
}

impl SigningKey {
    /// The key that grows from this seed. The seed is the secret: take it from a good random source, once.
    pub fn from_seed(name: KeyName, seed: [u8; 32]) -> Self {
        let key = ed25519_dalek::SigningKey::from_bytes(&seed);
        SigningKey { verifier: VerifierKey::new(name, NOTE, key.verifying_key()), key }
    }

    /// The name, which is also the origin of the log.
    pub fn name(&self) -> &KeyName {
        &self.verifier.name
    }

    /// The public half, to be given to auditors.
    pub fn verifier_key(&self) -> VerifierKey {
        self.verifier.clone()
    }

    /// The signature over a note's text, without the key id.
    pub(crate) fn sign(&self, text: &str) -> Vec<u8> {
        self.key.sign(text.as_bytes()).to_bytes().to_vec()
    }

    fn private_text(&self) -> String {
        let mut data = vec![NOTE];
        data.extend_from_slice(self.key.as_bytes());
        format!("{PRIVATE_PREFIX}{}+{}+{}\n", self.verifier.name, self.verifier.id, BASE64.encode(data))
    }

    fn parse_private(text: &str) -> Result<Self, &'static str> {
        let text = text.strip_suffix('\n').unwrap_or(text);
        let mut parts = text.strip_prefix(PRIVATE_PREFIX).unwrap_or_default().splitn(3, '+');
        let (Some(name), Some(id), Some(data)) = (parts.next(), parts.next(), parts.next()) else {
            return Err("it has not the form `PRIVATE+KEY+name+id+key`");
        };
        let name = KeyName::parse(name).map_err(|_| "its name is not a key name")?;
        let data = BASE64.decode(data).map_err(|_| "its last part is not base64")?;
        let Some((NOTE, seed)) = typed_key(&data) else {
            return Err("it is not an Ed25519 note key");
        };
        let key = SigningKey::from_seed(name, seed);
        if key.verifier.id.to_string() != id {
            return Err("its id does not belong to its name and key");
        }
        Ok(key)
    }
}

// By hand, so that no log line ever shows the secret.
impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("verifier", &self.verifier).finish_non_exhaustive()
    }
}

/// The key with which a witness cosigns checkpoints of others (C2SP tlog-cosignature, Ed25519).
///
/// A type of its own, so that a log cannot witness itself by mistake.
pub struct WitnessKey {
    verifier: VerifierKey,
    key: ed25519_dalek::SigningKey,
}

impl WitnessKey {
    /// The key that grows from this seed. One seed serves one witness: a cosignature does not commit to the name.
    pub fn from_seed(name: KeyName, seed: [u8; 32]) -> Self {
        let key = ed25519_dalek::SigningKey::from_bytes(&seed);
        WitnessKey { verifier: VerifierKey::new(name, COSIGNATURE, key.verifying_key()), key }
    }

    /// The public half, to be given to auditors.
    pub fn verifier_key(&self) -> VerifierKey {
        self.verifier.clone()
    }

    /// The cosignature over a checkpoint's text, without the key id.
    pub(crate) fn sign(&self, text: &str, time_secs: u64) -> Vec<u8> {
        let mut bytes = time_secs.to_be_bytes().to_vec();
        bytes.extend_from_slice(&self.key.sign(cosigned_message(text, time_secs).as_bytes()).to_bytes());
        bytes
    }
}

impl fmt::Debug for WitnessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WitnessKey").field("verifier", &self.verifier).finish_non_exhaustive()
    }
}

/// Makes a key from a seed and keeps it in a new file that only its owner may read (mode 0600 on Unix).
///
/// The text has the form of Go's `golang.org/x/mod/sumdb/note`, which also opens it.
///
/// # Errors
///
/// Fails if the file exists, so that no key is ever overwritten, and if it cannot be written.
pub fn create_key_file(path: &Utf8Path, name: KeyName, seed: [u8; 32]) -> Result<SigningKey, KeyError> {
    let key = SigningKey::from_seed(name, seed);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = context(options.open(path), "create key file", path)?;
    context(file.write_all(key.private_text().as_bytes()), "write key file", path)?;
    context(file.sync_all(), "flush key file", path)?;
    path.parent().map(flush_folder).transpose()?;
    Ok(key)
}

/// Opens a key file made by [`create_key_file`].
///
/// # Errors
///
/// Fails if the file cannot be read, if others than its owner may read or change it, and if it holds no signing key.
pub fn open_key_file(path: &Utf8Path) -> Result<SigningKey, KeyError> {
    #[cfg(unix)]
    {
        let metadata = context(path.metadata(), "look at key file", path)?;
        let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777;
        if mode & 0o077 != 0 {
            return Err(KeyError::Exposed { path: path.to_owned(), mode });
        }
    }
    let Some(bytes) = read_if_present(path)? else {
        return Ok(context(Err(io::ErrorKind::NotFound.into()), "read key file", path)?);
    };
    let refuse = |reason| KeyError::KeyFile { path: path.to_owned(), reason };
    let text = String::from_utf8(bytes).map_err(|_| refuse("it is not UTF-8"))?;
    SigningKey::parse_private(&text).map_err(refuse)
}

/// Splits the type byte from 32 bytes of key.
fn typed_key(data: &[u8]) -> Option<(u8, [u8; 32])> {
    let (kind, key) = data.split_first()?;
    let known = matches!(*kind, NOTE | COSIGNATURE);
    Some((*kind, key.try_into().ok()?)).filter(|_| known)
}

/// What a witness signs (C2SP tlog-cosignature, "Ed25519 signed message").
fn cosigned_message(text: &str, time_secs: u64) -> String {
    format!("cosignature/v1\ntime {time_secs}\n{text}")
}
