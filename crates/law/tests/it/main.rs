//! The law library's tests: one binary.

mod calendar;
mod examples;
mod explain;
mod judge;
mod loading;
mod properties;
mod support;
mod timing;
