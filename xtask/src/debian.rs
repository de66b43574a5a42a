//! Programs of Debian's, unpacked under target/.
//!
//! Debian's packages come signed from where the machine has its others, and to unpack them takes no root and leaves
//! nothing outside target/. They have no version here, since Debian keeps none but the latest.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::Command;

use crate::Error;
use crate::terminal::{execute, heading};
use crate::venv::{self, Lock};

/// Where a program of a package is, unpacked with all that the package depends on and this machine lacks.
/// `commands` is a script that runs it from the root it was unpacked to.
pub(crate) async fn program(
    package: &str,
    commands: impl FnOnce(&str) -> String,
) -> Result<PathBuf, Error> {
    let home = venv::home(package);
    let _lock = Lock::take(&home).await?;
    let launcher = home.join(package);
    if venv::is_complete(&home, &[package]) {
        return Ok(launcher);
    }
    heading(&format!("Unpacking Debian's {package} (once)"));
    venv::start_over(&home)?;
    let root = unpacked(&home, package).await?;
    std::fs::write(&launcher, script(&root, commands)?)?;
    execute(Command::new("chmod").arg("+x").arg(&launcher)).await?;
    if !starts(&launcher).await {
        return Err(format!("Debian's {package} does not start").into());
    }
    venv::complete(&home, &[package])?;
    Ok(launcher)
}

/// Whether a program starts. A file of its name is not enough: Ubuntu's `chromium-browser` only says how to get the
/// browser.
pub(crate) async fn starts(program: impl AsRef<OsStr>) -> bool {
    let mut version = Command::new(program);
    version.arg("--version").stderr(Stdio::null());
    let output = version.output().await;
    output.is_ok_and(|output| output.status.success())
}

async fn unpacked(home: &Path, package: &str) -> Result<PathBuf, Error> {
    let downloads = home.join("downloads");
    for directory in ["lists/partial", "archives/partial"] {
        std::fs::create_dir_all(downloads.join(directory))?;
    }
    execute(apt(&downloads).arg("update")).await?;
    let mut install = apt(&downloads);
    install.args(["install", "--yes", "--no-install-recommends"]);
    execute(install.args(["--download-only", package])).await?;
    let root = home.join("root");
    for package in std::fs::read_dir(downloads.join("archives"))? {
        let package = package?.path();
        if package.extension().is_some_and(|end| end == "deb") {
            let mut unpack = Command::new("dpkg-deb");
            execute(unpack.arg("--extract").arg(package).arg(&root)).await?;
        }
    }
    std::fs::remove_dir_all(downloads)?;
    Ok(root)
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

fn script(root: &Path, commands: impl FnOnce(&str) -> String) -> Result<String, Error> {
    let libraries = libraries(root)?;
    let root = root
        .to_str()
        .ok_or("the path of the target directory is not UTF-8")?;
    let commands = commands(root);
    Ok(format!(
        "#!/bin/sh\nexport LD_LIBRARY_PATH='{libraries}'\n{commands}\n"
    ))
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
