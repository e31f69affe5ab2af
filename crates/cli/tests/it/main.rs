//! The binary as its users run it, and rules that hold for the whole repository.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod commands;
mod desk;
mod killed;
mod real;
mod rooms;
mod sql;
mod tidy;
mod wrong;
