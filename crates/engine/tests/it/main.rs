//! The engine's tests: one binary.

mod compile;
mod session;
