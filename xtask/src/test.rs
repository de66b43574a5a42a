//! `cargo xtask test`: everything that CI runs, in the order of what fails soonest.

mod clients;
mod dependencies;
mod edge;
mod events;
mod gateway;
mod kms;
mod local_stack;
mod passkeys;
mod smoke;
mod totp;
mod walkthrough;
mod workflows;

use local::workspace;
use tokio::process::Command;

use crate::terminal::{execute, heading};
use crate::{Error, deploy_test, sam, tools, venv};

/// Runs step after step, until one fails.
pub(crate) async fn run() -> Result<(), Error> {
    cargo("Formatting", &["fmt", "--all", "--check"]).await?;
    scripts().await?;
    // The tools come over the network while the compiler computes.
    tokio::try_join!(tools::install(), code())?;
    workflows::check().await?;
    kms::check().await?;
    passkeys::check().await?;
    templates().await?;
    local_stack::check().await?;
    deploy_test::run(deploy_test::Options::default()).await?;
    heading("All is well");
    Ok(())
}

/// The checks that need nothing but cargo.
async fn code() -> Result<(), Error> {
    let warnings = ["--", "-D", "warnings"];
    let lints = ["clippy", "--locked", "--workspace", "--all-targets"];
    cargo("Lints", &[&lints[..], &warnings].concat()).await?;
    heading("Dependencies");
    dependencies::check().await?;
    cargo("Tests", &["test", "--locked", "--workspace"]).await?;
    documentation().await
}

async fn cargo(title: &str, arguments: &[&str]) -> Result<(), Error> {
    heading(title);
    execute(tools::cargo().args(arguments)).await
}

/// The scripts that judge the functions' permissions, and the one that packs. A test needs nothing but Python.
async fn scripts() -> Result<(), Error> {
    heading("Python");
    for directory in ["xtask/deploy", "xtask/package"] {
        let mut tests = Command::new(venv::python());
        tests
            .args(["-m", "unittest", "discover", directory])
            .current_dir(workspace());
        execute(&mut tests).await?;
    }
    Ok(())
}

async fn documentation() -> Result<(), Error> {
    heading("Documentation");
    let mut doc = tools::cargo();
    doc.args(["doc", "--locked", "--workspace", "--no-deps"])
        .env("RUSTDOCFLAGS", "-D warnings");
    execute(&mut doc).await
}

async fn templates() -> Result<(), Error> {
    let templates = [
        "edge/template.yaml",
        "guarded-api/template.yaml",
        "own-guard/template.yaml",
        "deploy-role.yaml",
    ]
    .map(|template| workspace().join("examples").join(template));
    for template in &templates {
        sam::check(template).await?;
    }
    sam::lint(&templates).await?;
    edge::check().await
}
