//! The README's own commands, so that what it shows is what happens.

use local::workspace;
use tokio::process::Command;

use crate::Error;
use crate::terminal::{execute, heading};

/// The address that the README uses.
const SHOWN: &str = "http://localhost:9000";

/// Without a terminal, curl would put its progress between the answers.
const QUIET: &str = "curl() { command curl --no-progress-meter \"$@\"; }";

/// Runs all blocks in one shell, so that a later one can use what an earlier one has set.
pub(super) async fn run(url: &str, data: &str) -> Result<(), Error> {
    heading("The README's walkthrough");
    let readme = std::fs::read_to_string(workspace().join("README.md"))
        .map_err(|error| format!("README.md: {error}"))?;
    let script = script(&readme).replace(SHOWN, url);
    if script.is_empty() {
        return Err("README.md has no block that is marked `sh walkthrough`".into());
    }
    println!("{script}");
    let script = format!("{QUIET}\n{script}");
    execute(
        Command::new("bash")
            .args(["-e", "-o", "pipefail", "-c", &script])
            // Where the README's own stack would have its data otherwise.
            .env("LATCHKEY_LOCAL", data)
            .current_dir(workspace()),
    )
    .await?;
    println!();
    Ok(())
}

/// The text of the blocks that are marked.
fn script(readme: &str) -> String {
    let mut script = String::new();
    let mut lines = readme.lines();
    while lines
        .by_ref()
        .any(|line| line.trim_end() == "```sh walkthrough")
    {
        for line in lines.by_ref().take_while(|line| line.trim_end() != "```") {
            script.push_str(line);
            script.push('\n');
        }
    }
    script
}

#[cfg(test)]
mod tests {
    use super::script;

    #[test]
    fn only_marked_blocks_are_run() {
        let readme = "# Title\n```sh\ncargo xtask dev\n```\n```sh walkthrough\ncurl a\ncurl b\n```\ntext\n```sh walkthrough\ncurl c\n```\n";
        assert_eq!(script(readme), "curl a\ncurl b\ncurl c\n");
        assert_eq!(script("no blocks\n"), "");
    }
}
