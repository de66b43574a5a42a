//! The dependencies: none that must not get into a function, and none that is built twice with different features.

use std::collections::BTreeSet;

use local::Template;

use crate::terminal::output;
use crate::{Error, tools};

/// A crate, the start of its version, and why it is not wanted. deny.toml says the same of the whole workspace.
const UNWANTED: [(&str, &str, &str); 6] = [
    ("ring", "", "cryptography is aws-lc's"),
    ("openssl-sys", "", "cryptography is aws-lc's"),
    ("native-tls", "", "TLS is rustls with aws-lc"),
    (
        "rsa",
        "",
        "it gives keys away by its timing (RUSTSEC-2023-0071)",
    ),
    (
        "hyper",
        "0.14.",
        "it is the old stack of the AWS SDK's default features",
    ),
    (
        "rustls",
        "0.21.",
        "it is the old stack of the AWS SDK's default features",
    ),
];

pub(super) async fn check() -> Result<(), Error> {
    built_once().await?;
    for function in Template::with_mail().functions() {
        let mut tree = tools::cargo();
        tree.args([
            "tree",
            "--locked",
            "--package",
            &function.name,
            "--edges",
            "normal",
        ]);
        // The platform that is deployed, not this machine.
        tree.args([
            "--target",
            "aarch64-unknown-linux-gnu",
            "--prefix",
            "none",
            "--format",
            "{p}",
        ]);
        let tree = output(&mut tree).await?;
        if let Some((found, reason)) = unwanted(&tree) {
            return Err(format!("{} depends on {found}: {reason}", function.name).into());
        }
        let mut crates: Vec<_> = tree.lines().map(without_mark).collect();
        crates.sort_unstable();
        crates.dedup();
        println!("{}: {} crates, none unwanted", function.name, crates.len());
    }
    Ok(())
}

/// Compares what `cargo xtask`, `cargo latchkey` and `cargo lambda watch` build, the default members, with what the tests build.
async fn built_once() -> Result<(), Error> {
    let run = features(&["--edges", "normal,build"]).await?;
    let tested = features(&["--workspace", "--edges", "normal,build,dev"]).await?;
    let differ: Vec<_> = run.difference(&tested).map(String::as_str).collect();
    if differ.is_empty() {
        println!("{} crates, none with other features in tests", run.len());
        return Ok(());
    }
    let differ = differ.join("\n");
    Err(format!("xtask/Cargo.toml lacks features that the tests want of:\n{differ}").into())
}

/// The crates of a selection, each with its features.
async fn features(selection: &[&str]) -> Result<BTreeSet<String>, Error> {
    let mut tree = tools::cargo();
    tree.args([
        "tree",
        "--locked",
        "--prefix",
        "none",
        "--format",
        "{p} [{f}]",
    ]);
    let tree = output(tree.args(selection)).await?;
    Ok(tree
        .lines()
        .map(|line| without_mark(line).to_owned())
        .collect())
}

fn unwanted(tree: &str) -> Option<(&str, &'static str)> {
    tree.lines().find_map(|line| {
        let (name, version) = line.split_once(" v")?;
        let (.., reason) = UNWANTED
            .iter()
            .find(|(unwanted, start, _)| name == *unwanted && version.starts_with(start))?;
        Some((line, *reason))
    })
}

/// Cargo marks what it has shown before.
fn without_mark(line: &str) -> &str {
    line.trim_end_matches(" (*)")
}

#[cfg(test)]
mod tests {
    use super::unwanted;

    #[test]
    fn an_unwanted_crate_is_found_by_its_whole_name() {
        assert!(unwanted("login v0.1.0 (/src)\nring v0.17.14\n").is_some());
        assert!(unwanted("string v0.3.1\nring-core v1.0.0\n").is_none());
    }

    #[test]
    fn the_new_release_of_a_crate_is_welcome_where_the_old_is_not() {
        assert!(unwanted("hyper v0.14.32\n").is_some());
        assert!(unwanted("hyper v1.12.0 (*)\n").is_none());
    }
}
