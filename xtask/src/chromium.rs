//! A Chromium for the tests that need a browser: one that is installed, or Debian's, unpacked under target/.
//!
//! Tools that drive browsers download one of their own from a server of their maker's, which many networks do not let
//! through. Debian's packages come signed from where the machine has its others, and to unpack them takes no root and
//! leaves nothing outside target/.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::Command;

use crate::Error;
use crate::terminal::{execute, heading};
use crate::venv::{self, Lock};

/// Chromium's own, and those of its relatives which do as well.
const NAMES: [&str; 4] = [
    "chromium",
    "google-chrome",
    "google-chrome-stable",
    "chromium-browser",
];

/// It has no version, since Debian keeps none but the latest.
const PACKAGE: &str = "chromium";

/// Where a browser is.
pub(crate) async fn executable() -> Result<PathBuf, Error> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Ok(named.into());
    }
    for name in NAMES {
        if starts(name).await {
            return Ok(name.into());
        }
    }
    let home = venv::home("chromium");
    unpacked(&home).await.map_err(|error| {
        format!(
            "{error}; install Chromium or Chrome, or give its executable by the variable CHROMIUM"
        )
        .into()
    })
}

/// A file of the name is not enough: Ubuntu's `chromium-browser` only says how to get the browser.
async fn starts(program: impl AsRef<OsStr>) -> bool {
    let mut version = Command::new(program);
    version.arg("--version").stderr(Stdio::null());
    let output = version.output().await;
    output.is_ok_and(|output| output.status.success())
}

/// Debian's, with all that it depends on and this machine lacks.
async fn unpacked(home: &Path) -> Result<PathBuf, Error> {
    let _lock = Lock::take(home).await?;
    let launcher = home.join("chromium");
    if venv::is_complete(home, &[PACKAGE]) {
        return Ok(launcher);
    }
    heading("Unpacking Debian's Chromium (once)");
    venv::start_over(home)?;
    let downloads = home.join("downloads");
    for directory in ["lists/partial", "archives/partial"] {
        std::fs::create_dir_all(downloads.join(directory))?;
    }
    execute(apt(&downloads).arg("update")).await?;
    let mut install = apt(&downloads);
    install.args(["install", "--yes", "--no-install-recommends"]);
    execute(install.args(["--download-only", PACKAGE])).await?;
    let root = home.join("root");
    for package in std::fs::read_dir(downloads.join("archives"))? {
        let package = package?.path();
        if package.extension().is_some_and(|end| end == "deb") {
            let mut unpack = Command::new("dpkg-deb");
            execute(unpack.arg("--extract").arg(package).arg(&root)).await?;
        }
    }
    std::fs::remove_dir_all(downloads)?;
    std::fs::write(&launcher, script(&root)?)?;
    execute(Command::new("chmod").arg("+x").arg(&launcher)).await?;
    if !starts(&launcher).await {
        return Err("Debian's Chromium does not start".into());
    }
    venv::complete(home, &[PACKAGE])?;
    Ok(launcher)
}

/// With lists and a cache of its own, so that it may be anybody, and so that a machine whose lists are old or gone
/// keeps them so.
fn apt(downloads: &Path) -> Command {
    let mut apt = Command::new("apt-get");
    apt.arg("--quiet=2");
    for (option, directory) in [
        ("Dir::State::Lists", "lists"),
        ("Dir::Cache", "."),
        ("Dir::Cache::Archives", "archives"),
    ] {
        let mut setting = OsString::from(format!("--option={option}="));
        setting.push(downloads.join(directory));
        apt.arg(setting);
    }
    // Nothing of the system's is written. Root would hand the download to a user who may not write here.
    apt.args([
        "--option=Debug::NoLocking=true",
        "--option=APT::Sandbox::User=root",
    ]);
    apt
}

/// Debian's own launcher expects everything at the root of the machine.
fn script(root: &Path) -> Result<String, Error> {
    let libraries = libraries(root)?;
    let root = root
        .to_str()
        .ok_or("the path of the target directory is not UTF-8")?;
    let mut script = format!("#!/bin/sh\nexport LD_LIBRARY_PATH='{libraries}'\n");
    // Where the machine has no fonts either.
    if Path::new(root).join("etc/fonts").exists() {
        script.push_str(&format!("export FONTCONFIG_SYSROOT='{root}'\n"));
    }
    script.push_str(&format!("exec '{root}/usr/lib/chromium/chromium' \"$@\"\n"));
    Ok(script)
}

/// The directories of an architecture's libraries, as in the variable.
fn libraries(root: &Path) -> Result<String, Error> {
    let mut found = Vec::new();
    for parent in ["lib", "usr/lib"].map(|parent| root.join(parent)) {
        if !parent.exists() {
            continue;
        }
        for directory in std::fs::read_dir(parent)? {
            let directory = directory?.path().display().to_string();
            if directory.ends_with("-linux-gnu") {
                // In the one below it, a library of sound looks for its other half.
                found.extend([format!("{directory}/pulseaudio"), directory]);
            }
        }
    }
    Ok(found.join(":"))
}
