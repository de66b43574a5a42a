//! A Chromium for the tests that need a browser: one that is installed, or Debian's, unpacked under target/.
//!
//! Tools that drive browsers download one of their own from a server of their maker's, which many networks do not let
//! through.

use std::path::{Path, PathBuf};

use crate::{Error, debian};

/// Chromium's own, and those of its relatives which do as well.
const NAMES: [&str; 4] = [
    "chromium",
    "google-chrome",
    "google-chrome-stable",
    "chromium-browser",
];

/// Where a browser is.
pub(crate) async fn executable() -> Result<PathBuf, Error> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Ok(named.into());
    }
    for name in NAMES {
        if debian::starts(name).await {
            return Ok(name.into());
        }
    }
    debian::program("chromium", commands)
        .await
        .map_err(|error| {
            format!(
            "{error}; install Chromium or Chrome, or give its executable by the variable CHROMIUM"
        )
        .into()
        })
}

/// Debian's own launcher expects everything at the root of the machine.
fn commands(root: &str) -> String {
    let browser = format!("exec '{root}/usr/lib/chromium/chromium' \"$@\"");
    // Where the machine has no fonts either.
    if Path::new(root).join("etc/fonts").exists() {
        format!("export FONTCONFIG_SYSROOT='{root}'\n{browser}")
    } else {
        browser
    }
}
