use sha2::{Digest, Sha256};
use std::fmt;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Takes the id as it is written in files and on pages.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// The id as it is written in files and on pages.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// A system of record, such as `eoir` or `ice`.
    SourceId
);
id!(
    /// One batch of files, named by the hash of its contents: `d-` and 20 hex digits.
    DeliveryId
);
id!(
    /// One source's view of one person: the object id of a person record.
    RecordId
);
id!(
    /// The identity that linkage and judgements form from person records.
    PersonId
);
id!(
    /// One event of the interior language.
    EventId
);
id!(
    /// What one criterion yields for one subject: `o-` and 12 hex digits. Stable while person, criterion and subject are.
    ObligationId
);

impl DeliveryId {
    /// Names a delivery by the SHA-256 hashes of its files, in any order.
    pub fn of_contents(file_hashes: &[[u8; 32]]) -> Self {
        let mut sorted = file_hashes.to_vec();
        sorted.sort_unstable();
        Self(format!("d-{}", hex(&content_hash(sorted.iter().map(<[u8; 32]>::as_slice)), 20)))
    }
}

impl ObligationId {
    /// Names what `criterion` yields for the subject `key` of `person`.
    pub fn of(person: &PersonId, criterion: &str, key: &str) -> Self {
        let parts = [person.as_str().as_bytes(), criterion.as_bytes(), key.as_bytes()];
        Self(format!("o-{}", hex(&content_hash(parts), 12)))
    }
}

/// SHA-256 over length-prefixed parts, so that no two lists of parts share a hash by accident of concatenation.
pub fn content_hash<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}

fn hex(bytes: &[u8], digits: usize) -> String {
    bytes
        .iter()
        .flat_map(|b| [b >> 4, b & 15])
        .take(digits)
        .map(|n| char::from_digit(u32::from(n), 16).unwrap_or('0'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_is_named_by_its_contents_in_any_order() {
        let (a, b) = ([1; 32], [2; 32]);
        assert_eq!(DeliveryId::of_contents(&[a, b]), DeliveryId::of_contents(&[b, a]));
        assert_ne!(DeliveryId::of_contents(&[a]), DeliveryId::of_contents(&[a, a]));
        assert_eq!(DeliveryId::of_contents(&[a]).as_str().len(), 22);
    }

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(content_hash([b"ab".as_slice(), b"c"]), content_hash([b"a".as_slice(), b"bc"]));
    }
}
