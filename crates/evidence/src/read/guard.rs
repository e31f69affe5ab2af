//! The one place where a panic of an outside parser is caught.
//!
//! Parsers of binary formats trust lengths and positions that a damaged file gets wrong, and some panic then (calamine
//! on old workbooks does, and on a cell reference such as `AAAAAAAAA1`). What they return is either whole or dropped
//! with the panic, so nothing half-built is used afterwards. The panic's own message still goes where the program sends
//! such messages: to silence it would change a setting of the whole process.

use super::{Cause, ReadError};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs a step of an outside parser. What it returns as an error, and a panic, become `broken`.
pub(super) fn guarded<T, C: Into<Cause>>(
    broken: impl FnOnce(Cause) -> ReadError,
    step: impl FnOnce() -> Result<T, C>,
) -> Result<T, ReadError> {
    match catch_unwind(AssertUnwindSafe(step)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(broken(error.into())),
        Err(panic) => Err(broken(format!("the parser gave up: {}", message(&*panic)).into())),
    }
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no reason given")
}
