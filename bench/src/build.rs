//! The binaries that are measured, and how they are built.

use std::path::PathBuf;

use local::{Template, workspace};
use tokio::process::Command;

use crate::Error;

/// The binaries that functions are measured against, beside those that are built as the SDK comes.
const FLOORS: [&str; 5] = [
    "floor-nothing",
    "floor-call",
    "floor-issue",
    "floor-stateless",
    "floor-hash",
];

/// Builds the functions as they are deployed, and what they are measured against.
pub(super) async fn run() -> Result<(), Error> {
    let mut build = cargo();
    build.args(["build", "--release", "--locked"]);
    // The default members, as SAM selects them: with fewer, their dependencies would have fewer features.
    for package in ["floors", "latchkey", "xtask"] {
        build.args(["--package", package]);
    }
    for binary in FLOORS {
        build.args(["--bin", binary]);
    }
    for function in Template::with_mail().functions() {
        build.args(["--package", &function.name, "--bin", &function.name]);
    }
    execute(&mut build).await?;
    let mut usual = cargo();
    usual
        .args(["build", "--release", "--locked", "--package", "usual"])
        .args(["--target-dir", "target/bench/usual"])
        // A variable of the environment wins over the setting of the workspace.
        .env("AWS_LC_SYS_NO_JITTER_ENTROPY", "0");
    execute(&mut usual).await
}

/// Where the binary of that name is.
pub(super) fn binary(name: &str) -> PathBuf {
    let directory = if name.starts_with("usual-") {
        "target/bench/usual/release"
    } else {
        "target/release"
    };
    workspace().join(directory).join(name)
}

fn cargo() -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(workspace());
    command
}

async fn execute(build: &mut Command) -> Result<(), Error> {
    let status = build.status().await?;
    if status.success() {
        return Ok(());
    }
    Err(format!("the build failed ({status})").into())
}
