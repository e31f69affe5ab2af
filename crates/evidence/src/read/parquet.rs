//! stub
use super::{Flow, Lines, ReadError, Row};
pub(crate) fn visit<E: From<ReadError>>(_: &std::path::Path, _: impl FnMut(&Row) -> Result<Flow, E>) -> Result<Lines, E> { Ok(Lines::default()) }
