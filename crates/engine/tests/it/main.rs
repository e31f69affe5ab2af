//! The engine's tests: one binary.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a helper that fails is a test that fails")]

mod ask;
mod compile;
mod session;
