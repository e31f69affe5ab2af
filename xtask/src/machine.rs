//! What the machine must have, and how it gets it.

use crate::run::{Failed, Step};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The major version of Node that the UI is built with, at the least.
const NODE_MAJOR: u32 = 20;

/// Node and npm, or what to do to get them.
pub(crate) fn need_node() -> Result<(), Failed> {
    let version = version_of("node");
    let major = version.as_deref().and_then(|v| v.trim_start_matches('v').split('.').next()?.parse::<u32>().ok());
    match major {
        Some(major) if major >= NODE_MAJOR && version_of("npm").is_some() => Ok(()),
        Some(major) if major < NODE_MAJOR => Err(Failed(format!(
            "the UI needs Node {NODE_MAJOR} or later, and this machine has {major}; get it from nodejs.org or your system's packages"
        ))),
        _ => Err(Failed(format!(
            "the UI needs Node {NODE_MAJOR} with npm, which this machine has not; on Debian: apt-get install nodejs npm"
        ))),
    }
}

/// The path of a Chromium for the browser tests; installs Debian's where this user may.
pub(crate) fn need_chromium(root: &Path) -> Result<PathBuf, Failed> {
    if let Some(path) = std::env::var_os("CHROMIUM") {
        return Ok(path.into());
    }
    let known = || ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].map(PathBuf::from);
    if let Some(found) = known().into_iter().find(|p| p.exists()) {
        return Ok(found);
    }
    let missing = "the browser tests need Chromium; on Debian: apt-get install chromium; or name one in CHROMIUM=/path";
    if !Path::new("/usr/bin/apt-get").exists() || !is_root() {
        return Err(Failed(missing.to_owned()));
    }
    let apt = |args: &[&str]| {
        Step::program("apt-get").env("DEBIAN_FRONTEND", "noninteractive").args(args.iter().copied()).run(root)
    };
    apt(&["update"])?;
    apt(&["install", "--yes", "--no-install-recommends", "chromium"])?;
    known().into_iter().find(|p| p.exists()).ok_or_else(|| Failed(missing.to_owned()))
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|o| String::from_utf8_lossy(&o.stdout).trim() == "0")
}

fn version_of(program: &str) -> Option<String> {
    let output = Command::new(program).arg("--version").output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
