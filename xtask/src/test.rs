//! `cargo xtask test`: everything that CI runs, in the order of what fails soonest.

mod clients;
mod dependencies;
mod events;
mod gateway;
mod kms;
mod local_stack;
mod ministack;
mod walkthrough;

use tokio::process::Command;

use crate::terminal::{execute, heading};
use crate::venv::Tools;
use crate::{Error, environment, tools};
use testing::template::workspace;

/// Runs step after step, until one fails.
pub(crate) async fn run() -> Result<(), Error> {
    cargo("Formatting", &["fmt", "--all", "--check"]).await?;
    cargo(
        "Lints",
        &[
            "clippy",
            "--locked",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ],
    )
    .await?;
    cargo("Tests", &["test", "--locked", "--workspace"]).await?;
    kms::check().await?;
    documentation().await?;
    heading("Dependencies of the functions");
    dependencies::check().await?;
    templates().await?;
    local_stack::check().await?;
    heading("All is well");
    Ok(())
}

async fn cargo(title: &str, arguments: &[&str]) -> Result<(), Error> {
    heading(title);
    execute(tools::cargo().args(arguments)).await
}

async fn documentation() -> Result<(), Error> {
    heading("Documentation");
    let mut doc = tools::cargo();
    doc.args(["doc", "--locked", "--workspace", "--no-deps"])
        .env("RUSTDOCFLAGS", "-D warnings");
    execute(&mut doc).await
}

async fn templates() -> Result<(), Error> {
    let sam = tools::sam().await?;
    for directory in ["", "examples/guarded-api/", "examples/own-guard/"] {
        validate(&sam, &format!("{directory}template.yaml")).await?;
    }
    Ok(())
}

async fn validate(sam: &Tools, template: &str) -> Result<(), Error> {
    heading(&format!("Template {template}"));
    let mut validate: Command = sam.command("sam");
    validate
        .args(["validate", "--lint", "--template", template])
        .current_dir(workspace());
    for name in environment::FOREIGN {
        validate.env_remove(name);
    }
    // The region decides which resource types exist; nothing is asked of AWS.
    validate
        .env("AWS_DEFAULT_REGION", "us-east-1")
        .env("SAM_CLI_TELEMETRY", "0");
    execute(&mut validate).await
}
