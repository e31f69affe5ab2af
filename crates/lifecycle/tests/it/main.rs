//! Timelines and facts, each test a few rows of material written as text.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]

mod facts;
mod material;
mod timeline;
