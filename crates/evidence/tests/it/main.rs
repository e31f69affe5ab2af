//! Integration tests: mappings, the guide to them, reading, receipts, the store, what goes wrong, laws, and real files.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod assist;
mod diff;
mod docs;
mod eoir;
mod errors;
mod laws;
mod mappings;
mod reading;
mod real;
mod registry;
mod releases;
mod store;
mod support;
mod watch;
