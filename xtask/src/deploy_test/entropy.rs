//! Checks that AWS-LC was built into the functions as the workspace's cargo configuration has it.

use std::fs::{read, read_dir};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use local::workspace;

use crate::Error;

/// The text that the library contains if it was built with the source that is left out.
const SOURCE: &[u8] = b"jitterentropy";

/// # Errors
///
/// Where it was built with the entropy of the processor's jitter, which each cold start then pays for.
pub(super) fn check(release: bool) -> Result<(), Error> {
    let profile = if release { "release" } else { "debug" };
    let target = format!("target/{}-unknown-linux-gnu", std::env::consts::ARCH);
    let built = libraries(&workspace().join(target).join(profile).join("build"))?;
    let (_, last) = built
        .into_iter()
        .max()
        .ok_or("AWS-LC was not built, or elsewhere")?;
    let is_in = read(last)?
        .windows(SOURCE.len())
        .any(|bytes| bytes == SOURCE);
    if is_in {
        return Err("AWS-LC was built with the entropy of the processor's jitter".into());
    }
    println!("AWS-LC is built without the entropy of the processor's jitter");
    Ok(())
}

/// Those of AWS-LC, and when each was built.
fn libraries(builds: &Path) -> Result<Vec<(SystemTime, PathBuf)>, Error> {
    let mut found = Vec::new();
    for build in read_dir(builds)? {
        let build = build?;
        if !build
            .file_name()
            .to_string_lossy()
            .starts_with("aws-lc-sys-")
        {
            continue;
        }
        // That of a build script has no such directory.
        for file in read_dir(build.path().join("out")).into_iter().flatten() {
            let file = file?;
            if file.path().extension().is_some_and(|name| name == "a") {
                found.push((file.metadata()?.modified()?, file.path()));
            }
        }
    }
    Ok(found)
}
