//! stub
use super::ReadError;
use crate::input::Taken;
use std::io::{self, Read};
use std::path::Path;
pub(crate) const MAGIC: &[u8] = b"PK\x03\x04";
#[derive(Debug)]
pub(crate) struct Member { pub(crate) index: usize, pub(crate) name: String, pub(crate) bytes: u64, pub(crate) packed_bytes: u64 }
pub(crate) fn is_workbook(_: &Path) -> bool { true }
pub(crate) fn members(_: &Path) -> Result<Vec<Member>, ReadError> { Ok(Vec::new()) }
pub(crate) fn open(_: &Path, _: usize, _: &Taken) -> io::Result<Box<dyn Read>> { Err(io::Error::other("stub")) }
