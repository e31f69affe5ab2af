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

/// Chance without a state, for millions of draws that must not depend on the order in which they are made: draw number
/// `n` is a pure function of the seed, the number of the thing drawn for, the purpose and `n`.
///
/// It is SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014) read at any place of
/// its sequence: the state before draw `n` is the first state plus `n + 1` times the constant. Good enough for made-up
/// files, unfit for secrets.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dice(u64);

const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

fn mixed(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Dice {
    /// The draws for thing number `no`, for one purpose.
    pub(crate) fn of(seed: u64, no: u64, purpose: u64) -> Self {
        let seeded = mixed(seed.wrapping_add(STEP));
        Self(mixed(seeded ^ mixed(no.wrapping_mul(STEP).wrapping_add(purpose))))
    }

    /// Draw number `n`, as 64 bits.
    pub(crate) fn roll(self, n: u32) -> u64 {
        mixed(self.0.wrapping_add(STEP.wrapping_mul(u64::from(n) + 1)))
    }

    /// True in `share` of the draws.
    pub(crate) fn yes(self, n: u32, share: f64) -> bool {
        unit(self.roll(n)) < share
    }

    /// A number below `bound`, which must not be 0.
    pub(crate) fn below(self, n: u32, bound: u64) -> u64 {
        scaled(self.roll(n), bound)
    }
}

/// The upper 53 bits of a draw as a number from 0 up to 1, without 1.
fn unit(roll: u64) -> f64 {
    (roll >> 11) as f64 / (1_u64 << 53) as f64
}

/// The upper half of a draw as a number below `bound`; the bias is at most `bound` in 2^32.
fn scaled(roll: u64, bound: u64) -> u64 {
    ((roll >> 32) * bound) >> 32
}

/// The draws of some [`Dice`], one after the other.
#[derive(Debug)]
pub(crate) struct Rolls {
    dice: Dice,
    next: u32,
}

impl Rolls {
    pub(crate) fn new(dice: Dice) -> Self {
        Self { dice, next: 0 }
    }

    /// The next draw, as 64 bits.
    pub(crate) fn roll(&mut self) -> u64 {
        self.next += 1;
        self.dice.roll(self.next)
    }

    /// True in `share` of the draws.
    pub(crate) fn yes(&mut self, share: f64) -> bool {
        unit(self.roll()) < share
    }

    /// A number from `low` to `high`, both included; `low` if `high` lies below it.
    pub(crate) fn between(&mut self, low: i32, high: i32) -> i32 {
        let width = u64::from(high.saturating_sub(low).max(0).unsigned_abs()) + 1;
        low + scaled(self.roll(), width) as i32
    }

    /// One of `items`, which must not be empty.
    pub(crate) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[scaled(self.roll(), items.len() as u64) as usize]
    }

    /// One of `items`, each as often as its weight says.
    pub(crate) fn weighted<T: Copy>(&mut self, items: &[(u32, T)]) -> T {
        let total: u32 = items.iter().map(|(weight, _)| weight).sum();
        let mut left = scaled(self.roll(), u64::from(total)) as u32;
        for (weight, item) in items {
            if left < *weight {
                return *item;
            }
            left -= weight;
        }
        items[items.len() - 1].1
    }

    /// 0, 1, 2 and so on, each further one in `share` of the cases, up to `most`.
    pub(crate) fn run(&mut self, share: f64, most: u32) -> u32 {
        let mut n = 0;
        while n < most && self.yes(share) {
            n += 1;
        }
        n
    }
}
