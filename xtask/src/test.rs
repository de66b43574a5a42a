//! `cargo xtask test`: everything that CI runs, in the order of what fails soonest.

mod clients;
mod dependencies;
mod events;
mod gateway;
mod kms;
mod local_stack;
mod walkthrough;

use crate::terminal::{execute, heading};
use crate::{Error, deploy_test, sam, tools};

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
    deploy_test::run(deploy_test::Options::default()).await?;
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
    for directory in ["examples/guarded-api", "examples/own-guard"] {
        sam::check(&format!("{directory}/template.yaml")).await?;
    }
    Ok(())
}
