//! The workflows of GitHub: checked by a linter, which also has the shell in them checked.

use local::workspace;

use super::smoke::SCRIPT;
use crate::terminal::{execute, heading};
use crate::{Error, tools};

pub(super) async fn check() -> Result<(), Error> {
    heading("Workflows");
    let tools = tools::actionlint().await?;
    let shellcheck = tools.bin.join("shellcheck");
    let mut lint = tools.command("actionlint");
    lint.arg("-shellcheck").arg(&shellcheck);
    execute(lint.current_dir(workspace())).await?;
    execute(
        tools
            .command("shellcheck")
            .arg(SCRIPT)
            .current_dir(workspace()),
    )
    .await?;
    println!("no finding");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tag can be moved to other code; the hash of a commit cannot.
    #[test]
    fn every_action_is_pinned_by_a_hash_that_has_its_version_beside_it() {
        let mut actions = 0;
        for file in workspace().join(".github/workflows").read_dir().unwrap() {
            let file = file.unwrap().path();
            for line in std::fs::read_to_string(&file).unwrap().lines() {
                let line = line.trim_start().trim_start_matches("- ");
                if let Some(action) = line.strip_prefix("uses:") {
                    let action = action.trim();
                    // A workflow of this repository is that of the same commit.
                    let is_own = action.starts_with("./.github/workflows/");
                    let place = file.display();
                    assert!(is_own || is_pinned(action), "{place}: {action}");
                    actions += 1;
                }
            }
        }
        assert!(actions > 0);
    }

    fn is_pinned(action: &str) -> bool {
        let Some((action, version)) = action.split_once(" # v") else {
            return false;
        };
        let hash = action.split_once('@').map_or("", |(_, hash)| hash);
        let of_hash = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let of_version = |part: &str| part.parse::<u32>().is_ok();
        hash.len() == 40
            && hash.bytes().all(of_hash)
            && version.split('.').count() == 3
            && version.split('.').all(of_version)
    }

    #[test]
    fn a_tag_a_short_hash_or_no_version_is_no_pin() {
        let hash = "3d3c42e5aac5ba805825da76410c181273ba90b1";
        assert!(is_pinned(&format!("actions/checkout@{hash} # v7.0.1")));
        for action in [
            "actions/checkout@v7".to_owned(),
            "actions/checkout@v7.0.1 # v7.0.1".to_owned(),
            format!("actions/checkout@{} # v7.0.1", &hash[1..]),
            format!("actions/checkout@{hash}"),
            format!("actions/checkout@{hash} # v7"),
            "./.github/actions/own".to_owned(),
        ] {
            assert!(!is_pinned(&action), "{action}");
        }
    }
}
