use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What a draw is for. Each purpose has a stream of its own, so that a change to one leaves the others as they were.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Stream {
    Life = 1,
    Court = 2,
    Custody = 3,
    Benefits = 4,
    Borders = 5,
    Intake = 6,
}

/// Seeded chance. The draws for one person do not depend on how many people there are.
#[derive(Debug)]
pub(crate) struct Chance(ChaCha8Rng);

impl Chance {
    /// The draws for person number `no`, for one purpose.
    pub(crate) fn of(seed: u64, no: u32, stream: Stream) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(u64::from(no) * 16 + stream as u64);
        Self(rng)
    }

    /// True in `share` of the draws.
    pub(crate) fn yes(&mut self, share: f64) -> bool {
        self.0.random_bool(share)
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i32, high: i32) -> i32 {
        self.0.random_range(low..=high)
    }

    /// One of `items`, which must not be empty.
    pub(crate) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.0.random_range(0..items.len())]
    }

    /// One of `items`, each as often as its weight says.
    pub(crate) fn weighted<T: Copy>(&mut self, items: &[(u32, T)]) -> T {
        let total: u32 = items.iter().map(|(weight, _)| weight).sum();
        let mut left = self.0.random_range(0..total);
        for (weight, item) in items {
            if left < *weight {
                return *item;
            }
            left -= weight;
        }
        items[items.len() - 1].1
    }
}
