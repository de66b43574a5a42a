//! The pages and mails of the product: each by itself, and as somebody walks through them in Chromium.

use std::path::Path;

use local::workspace;
use tokio::process::Command;

use crate::terminal::{execute, heading};
use crate::{Error, browser, chromium, tools};

/// Where they are written to.
const SAMPLES: &str = "target/test/pages";

/// The examples that write them.
const WRITERS: [&str; 2] = ["write_pages", "write_letters"];

/// Judges every page and every mail, in every state and language.
pub(crate) async fn judge() -> Result<(), Error> {
    heading("Every page and every mail");
    let samples = workspace().join(SAMPLES);
    write(&samples).await?;
    let chromium = chromium::executable().await?;
    let mut judge = tools::browser_client().await?.command("samples.mjs");
    judge
        .arg(chromium)
        .arg(samples)
        .args(browser::screenshots());
    execute(&mut judge).await
}

async fn write(samples: &Path) -> Result<(), Error> {
    // An old one would be judged as well.
    if samples.exists() {
        std::fs::remove_dir_all(samples)?;
    }
    for writer in WRITERS {
        let mut build = tools::cargo();
        // By --workspace it has the features, and so the build, of the tests.
        build.args(["build", "--locked", "--workspace", "--example", writer]);
        execute(&mut build).await?;
        let writer = tools::examples()?.join(writer);
        execute(Command::new(writer).arg(samples)).await?;
    }
    Ok(())
}

/// Has somebody sign up and set a forgotten password anew, at a stack that wants addresses proven.
pub(crate) async fn walk(url: &str, inbox: &str) -> Result<(), Error> {
    heading("Somebody walks through the pages");
    let chromium = chromium::executable().await?;
    let mut walk = tools::browser_client().await?.command("walk.mjs");
    walk.arg(chromium)
        .args([url, inbox])
        .args(browser::screenshots());
    execute(&mut walk).await
}
