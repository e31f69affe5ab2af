//! Linkage from the outside: one binary, a module a subject.

#![expect(clippy::unwrap_used, reason = "a test that cannot set up its input should fail there and then")]

mod accuracy;
mod batches;
mod blocking;
mod clusters;
mod comparisons;
mod evaluation;
mod laws;
mod office;
mod support;
mod wire;
