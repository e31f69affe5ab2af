//! The API on a real workspace of a fictional office, asked without a network.

mod document;
mod door;
mod files;
