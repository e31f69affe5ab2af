//! One file for each command.

pub(crate) mod add;
pub(crate) mod build;
pub(crate) mod diff;
pub(crate) mod init;
pub(crate) mod law;
pub(crate) mod ledger;
pub(crate) mod link;
pub(crate) mod mapping;
pub(crate) mod owed;
pub(crate) mod registry;
pub(crate) mod serve;
pub(crate) mod sql;
pub(crate) mod synth;
pub(crate) mod watch;
pub(crate) mod why;

use crate::exit::Failure;
use camino::Utf8Path;
use model::{Clock, SystemClock};
use std::sync::Arc;
use workspace::{Machine, Workspace};

/// This machine's clock and random source.
pub(crate) fn machine() -> Machine {
    Machine { clock: Arc::new(SystemClock), entropy: Arc::new(model::SystemEntropy) }
}

/// Today in this machine's time zone.
pub(crate) fn today() -> jiff::civil::Date {
    SystemClock.now().to_zoned_datetime(jiff::tz::TimeZone::system()).date()
}

pub(crate) async fn open(root: &Utf8Path) -> Result<Workspace, Failure> {
    Ok(Workspace::open(root, machine()).await?)
}
