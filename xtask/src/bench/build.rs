//! What is measured, built.

use std::env::args_os;
use std::os::unix::process::CommandExt;
use std::process::Command;

use testing::template::{Template, workspace};

use crate::terminal::execute;
use crate::{Error, tools};

/// What functions are measured against, beside what is built as the SDK comes.
const FLOORS: [&str; 5] = [
    "floor-nothing",
    "floor-call",
    "floor-issue",
    "floor-stateless",
    "floor-hash",
];

/// Builds the functions as they are deployed, and what they are measured against.
pub(super) async fn run() -> Result<(), Error> {
    let mut build = tools::cargo();
    build.args(["build", "--release", "--locked", "--package", "floors"]);
    // They want no more of any dependency than the functions, and so share what is built of these.
    for binary in FLOORS {
        build.args(["--bin", binary]);
    }
    for function in Template::load().functions() {
        build.args(["--package", &function.name, "--bin", &function.name]);
    }
    execute(&mut build).await?;
    let mut usual = tools::cargo();
    usual
        .args(["build", "--release", "--locked", "--package", "usual"])
        .args(["--target-dir", "target/bench/usual"])
        // What is in the environment already wins over the workspace's own setting.
        .env("AWS_LC_SYS_NO_JITTER_ENTROPY", "0");
    execute(&mut usual).await
}

/// Becomes a program that is built to be fast: what measures must not be what is slow.
pub(super) async fn become_harness() -> Result<(), Error> {
    let mut build = tools::cargo();
    build.args(["build", "--profile", "harness", "--locked"]);
    execute(build.args(["--package", "xtask"])).await?;
    let harness = workspace().join("target/harness/xtask");
    Err(Command::new(harness).args(args_os().skip(1)).exec().into())
}
