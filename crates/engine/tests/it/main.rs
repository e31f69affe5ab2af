//! The engine's tests: one binary.

#![expect(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]

mod ask;
mod compile;
mod session;
