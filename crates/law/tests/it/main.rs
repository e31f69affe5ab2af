//! The law library's tests: one binary.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a helper that fails is a test that fails")]

mod calendar;
mod examples;
mod explain;
mod judge;
mod loading;
mod properties;
mod support;
