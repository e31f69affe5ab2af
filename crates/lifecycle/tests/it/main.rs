//! Timelines and facts, each test a few rows of material written as text.

mod facts;
mod material;
mod timeline;
