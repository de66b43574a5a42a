//! AWS SAM: the templates are checked, and the functions built, as a user does both.

use std::env::consts::ARCH;
use std::ffi::{OsStr, OsString};
use std::path::Path;

use local::{Template, environment, workspace};
use tokio::process::Command;

use crate::terminal::{execute, heading};
use crate::{Error, tools};

/// The product's own template.
pub(crate) const TEMPLATE: &str = "template.yaml";

/// Where the functions are built, and the template that names them.
const BUILD: &str = "target/sam";
pub(crate) const BUILT: &str = "target/sam/template.yaml";

/// The test proves the deployment and not the speed: the functions are built without optimisation, and without what would make the
/// artefacts large.
const QUICK: [(&str, &str); 3] = [
    ("SAM_BUILD_MODE", "debug"),
    ("CARGO_PROFILE_DEV_DEBUG", "false"),
    ("CARGO_PROFILE_DEV_STRIP", "symbols"),
];

/// Checks a template as it stands; what it becomes is another matter.
pub(crate) async fn check(template: &str) -> Result<(), Error> {
    heading(&format!("Template {template}"));
    let mut validate = command().await?;
    validate.args(["validate", "--lint", "--template", template]);
    // The region decides which resource types exist; nothing is asked of AWS.
    execute(validate.env("AWS_DEFAULT_REGION", "us-east-1")).await
}

/// Builds every function for the processor of this machine.
pub(crate) async fn build(release: bool) -> Result<(), Error> {
    heading("Building the functions");
    let cargo_lambda = tools::cargo_lambda().await?;
    // Zig is there too.
    let path = path_with(cargo_lambda.parent().ok_or("a tool is in a directory")?)?;
    build_at_once(&path, release).await?;
    let mut build = command().await?;
    build
        .args(["build", "--build-dir", BUILD, "--parameter-overrides"])
        .arg(format!("Architecture={}", architecture()))
        .env("PATH", path);
    if !release {
        build.envs(QUICK);
    }
    execute(&mut build).await
}

/// Builds as SAM is about to, but all functions side by side: SAM builds one after the other.
async fn build_at_once(path: &OsStr, release: bool) -> Result<(), Error> {
    let mut build = tools::cargo();
    build.args(["lambda", "build"]).env("PATH", path);
    for function in Template::load().functions() {
        build.args(["--bin", &function.name]);
    }
    if release {
        build.arg("--release");
    } else {
        build.envs(QUICK);
    }
    execute(&mut build).await
}

/// AWS's name for the processor of this machine.
pub(crate) fn architecture() -> &'static str {
    match ARCH {
        "aarch64" => "arm64",
        other => other,
    }
}

/// `sam`, at the root of the workspace, and without what of the caller's own set-up would lead it elsewhere.
pub(crate) async fn command() -> Result<Command, Error> {
    let mut sam = tools::sam().await?.command("sam");
    sam.current_dir(workspace()).env("SAM_CLI_TELEMETRY", "0");
    for name in environment::FOREIGN {
        sam.env_remove(name);
    }
    Ok(sam)
}

fn path_with(directory: &Path) -> Result<OsString, Error> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let directories = std::iter::once(directory.to_owned()).chain(std::env::split_paths(&path));
    Ok(std::env::join_paths(directories)?)
}
