//! The crates that are in each binary, with their versions and licences, in CycloneDX's form.

use std::fs;
use std::path::{Path, PathBuf};

use local::{Template, workspace};

use super::COMMAND;
use crate::sam::Architecture;
use crate::terminal::{execute, heading, output};
use crate::{Error, tools};

/// The end of the files' names. The tool writes one beside the manifest of each binary of the workspace, and nowhere else.
const WRITTEN: &str = "_bin.cdx.json";

/// Folders below the root that have no binary's manifest.
const SKIPPED: [&str; 2] = ["target", ".git"];

/// Replaces the path of the workspace, which is different on each machine.
const ROOT: &str = "/latchkey";

/// Writes `sbom/NAME.cdx.json` for each function and for the command.
pub(super) async fn write(artefact: &Path, architecture: Architecture) -> Result<(), Error> {
    let tool = tools::cyclonedx().await?;
    heading("The list of what is in each binary");
    let mut describe = tools::cargo();
    describe.args(["cyclonedx", "--format", "json", "--spec-version", "1.5"]);
    describe.args(["--describe", "binaries", "--no-build-deps", "--quiet"]);
    describe.args(["--target", architecture.target()]);
    // Without a time it would write its own, and a number by chance.
    describe.env("SOURCE_DATE_EPOCH", time().await);
    let outcome = execute(describe.env("PATH", tools::path_with(&tool)?)).await;
    let written = written(&workspace(), 2)?;
    let moved = outcome.and_then(|()| gather(&written, &artefact.join("sbom")));
    for file in written {
        fs::remove_file(file)?;
    }
    moved
}

/// When the source was committed, or that which a packager has set.
async fn time() -> String {
    if let Ok(time) = std::env::var("SOURCE_DATE_EPOCH") {
        return time;
    }
    let mut git = tokio::process::Command::new("git");
    git.args(["show", "--no-patch", "--format=%ct", "HEAD"]);
    let time = output(git.current_dir(workspace())).await;
    // An unpacked source has no history.
    time.map_or_else(|_| "0".to_owned(), |time| time.trim().to_owned())
}

fn gather(written: &[PathBuf], directory: &Path) -> Result<(), Error> {
    fs::create_dir_all(directory)?;
    let functions = Template::with_mail().functions().into_iter();
    let names = functions.map(|function| function.name);
    for name in names.chain([COMMAND.to_owned()]) {
        let file = format!("{name}{WRITTEN}");
        let file = written.iter().find(|path| path.ends_with(&file));
        let file = file.ok_or_else(|| format!("nothing describes {name}"))?;
        let text = fs::read_to_string(file)?;
        let here = workspace().display().to_string();
        let to = directory.join(format!("{name}.cdx.json"));
        fs::write(to, text.replace(&here, ROOT))?;
    }
    Ok(())
}

fn written(directory: &Path, depth: usize) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.ends_with(WRITTEN) {
            found.push(path);
        } else if depth > 0 && path.is_dir() && !SKIPPED.contains(&name.as_ref()) {
            found.extend(written(&path, depth - 1)?);
        }
    }
    Ok(found)
}
