//! The API on a real workspace of a fictional office, asked without a network.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod document;
mod door;
mod files;
