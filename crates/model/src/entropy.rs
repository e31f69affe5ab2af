/// Where chance comes from: salts, keys and opening ids. Nothing derived from evidence depends on it.
pub trait Entropy: Send + Sync {
    /// Thirty-two bytes that nobody can guess.
    fn bytes(&self) -> [u8; 32];
}

/// The machine's random source.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's random source")]
    #[expect(clippy::panic, reason = "without a random source no key or salt is safe, so nothing may go on")]
    fn bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        if let Err(error) = getrandom::fill(&mut bytes) {
            panic!("failed to read the machine's random source: {error}");
        }
        bytes
    }
}

/// A random source that counts, for tests.
#[derive(Debug, Default)]
pub struct CountingEntropy(std::sync::atomic::AtomicU64);

impl Entropy for CountingEntropy {
    fn bytes(&self) -> [u8; 32] {
        let n = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        crate::content_hash([n.to_be_bytes().as_slice()])
    }
}
