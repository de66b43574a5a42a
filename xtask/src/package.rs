//! `cargo xtask package`: everything that a deployment takes, built, so that whoever deploys it compiles nothing.

mod blocks;
mod retained;
mod sbom;
mod template;

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use local::{Template, workspace};
use tokio::process::Command;

use crate::sam::{self, Architecture};
use crate::terminal::{heading, output};
use crate::{Error, venv};

/// The operator's command.
pub(crate) const COMMAND: &str = "latchkey";

/// The directory of the functions' binaries, which are built for the oldest glibc that Lambda has.
const BUILT: &str = "target/lambda";

/// Files that an artefact has as they are: their places in the workspace and in the artefact.
const FILES: [(&str, &str); 6] = [
    ("CHANGELOG.md", "CHANGELOG.md"),
    ("LICENSE-APACHE", "LICENSE-APACHE"),
    ("LICENSE-MIT", "LICENSE-MIT"),
    ("samconfig.toml", "samconfig.toml"),
    ("shared/accounts/words/README.md", "words/README.md"),
    ("xtask/package/smoke.sh", "smoke.sh"),
];

/// Those of the words that some binaries contain.
const LICENCES: &str = "shared/accounts/words/licences";

/// A template that template.yaml may name.
const OPERATIONS: &str = "operations.yaml";

#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Options {
    /// The processor that the functions and the command run on
    #[arg(long, value_enum)]
    arch: Architecture,
    /// Leave the functions as they are when they are tested: larger, slower, and built in less time
    #[arg(long)]
    debug: bool,
}

pub(crate) async fn run(options: Options) -> Result<(), Error> {
    let directory = gather(options.arch, !options.debug).await?;
    sbom::write(&directory, options.arch).await?;
    let archive = seal(&directory).await?;
    println!("{}", archive.display());
    Ok(())
}

/// Makes an artefact without a list of what it is made of, and says where its archive is.
pub(crate) async fn make(architecture: Architecture, release: bool) -> Result<PathBuf, Error> {
    seal(&gather(architecture, release).await?).await
}

async fn gather(architecture: Architecture, release: bool) -> Result<PathBuf, Error> {
    sam::binaries(architecture, release).await?;
    heading("The artefact");
    let directory = afresh(architecture)?;
    let source = fs::read_to_string(workspace().join(sam::TEMPLATE))?;
    let packaged = template::packaged(&source, architecture)?;
    fs::write(directory.join("template.yaml"), packaged)?;
    fs::write(
        directory.join("retained.yaml"),
        retained::template(&source)?,
    )?;
    for function in Template::with_mail().functions() {
        let zip = directory.join(format!("{}.zip", function.name));
        archive("function", &[&zip, &binary(&function.name)]).await?;
    }
    copy(&directory)?;
    fs::copy(binary(COMMAND), directory.join(COMMAND))?;
    Ok(directory)
}

/// The empty directory of an artefact.
fn afresh(architecture: Architecture) -> Result<PathBuf, Error> {
    let name = format!(
        "latchkey-{}-{}",
        env!("CARGO_PKG_VERSION"),
        architecture.name()
    );
    let directory = workspace().join("target/package").join(name);
    if directory.exists() {
        fs::remove_dir_all(&directory)?;
    }
    fs::create_dir_all(&directory)?;
    Ok(directory)
}

fn binary(name: &str) -> PathBuf {
    workspace().join(BUILT).join(name).join("bootstrap")
}

fn copy(directory: &Path) -> Result<(), Error> {
    let root = workspace();
    fs::create_dir_all(directory.join("words/licences"))?;
    for (from, to) in FILES {
        fs::copy(root.join(from), directory.join(to))?;
    }
    for licence in fs::read_dir(root.join(LICENCES))? {
        let licence = licence?;
        let to = directory.join("words/licences").join(licence.file_name());
        fs::copy(licence.path(), to)?;
    }
    if root.join(OPERATIONS).exists() {
        fs::copy(root.join(OPERATIONS), directory.join(OPERATIONS))?;
    }
    Ok(())
}

async fn seal(directory: &Path) -> Result<PathBuf, Error> {
    let archive = archive("seal", &[directory]).await?;
    Ok(PathBuf::from(archive.trim()))
}

/// Runs a task of the script that packs.
async fn archive(task: &str, paths: &[&Path]) -> Result<String, Error> {
    let mut python = Command::new(venv::python());
    python
        .arg(workspace().join("xtask/package/archive.py"))
        .arg(task)
        .args(paths);
    output(&mut python).await
}
