//! Runs the commands of the README and of the walk-through.

use local::workspace;
use tokio::process::Command;

use crate::Error;
use crate::terminal::{execute, heading};

/// The documents whose commands are run, each in a shell of its own.
const DOCUMENTS: [&str; 2] = ["README.md", "docs/walkthrough.md"];

/// The addresses that they use, of the API and of the inbox.
const SHOWN: [&str; 2] = ["http://localhost:9000", "http://localhost:9001"];

/// The mark of a block that is run, followed by the statuses of its calls of curl.
const MARK: &str = "```sh walkthrough";

/// Keeps the status of each answer, also of one that a command reads or drops, and compares them after each block.
/// Without a terminal, curl would put its progress between the answers.
const PRELUDE: &str = r#"
statuses=$(mktemp)
trap 'rm -f "$statuses"' EXIT
curl() {
  local answer
  answer=$(command curl --no-progress-meter --write-out '\n%{http_code}' "$@") || return
  echo "${answer##*$'\n'}" >> "$statuses"
  printf '%s\n' "${answer%$'\n'*}"
}
expect() {
  local found
  found=$(xargs < "$statuses")
  : > "$statuses"
  [ "$found" = "$*" ] && return
  echo "the document says $*, the answers were $found" >&2
  return 1
}
"#;

pub(super) async fn run(url: &str, inbox: &str, data: &str) -> Result<(), Error> {
    for document in DOCUMENTS {
        heading(&format!("The commands of {document}"));
        let text = std::fs::read_to_string(workspace().join(document))
            .map_err(|error| format!("{document}: {error}"))?;
        let [api, mails] = SHOWN;
        let script = script(&text).replace(api, url).replace(mails, inbox);
        if script.is_empty() {
            return Err(format!("{document} has no block that begins with {MARK}").into());
        }
        println!("{script}");
        let script = format!("{PRELUDE}\n{script}");
        execute(
            Command::new("bash")
                .args(["-e", "-o", "pipefail", "-c", &script])
                // Where a reader's own stack would have its data otherwise.
                .env("LATCHKEY_LOCAL", data)
                .current_dir(workspace()),
        )
        .await?;
        println!();
    }
    Ok(())
}

/// All marked blocks, each followed by the comparison of its statuses. They are one script, so that a later one can use
/// what an earlier one has set.
fn script(document: &str) -> String {
    let mut script = String::new();
    let mut lines = document.lines();
    while let Some(statuses) = lines.find_map(|line| line.strip_prefix(MARK)) {
        for line in lines.by_ref().take_while(|line| line.trim_end() != "```") {
            script.push_str(line);
            script.push('\n');
        }
        script.push_str("expect");
        script.push_str(statuses.trim_end());
        script.push('\n');
    }
    script
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{PRELUDE, script};

    #[test]
    fn only_marked_blocks_are_run_and_their_statuses_compared() {
        let document = "# Title\n```sh\ncargo xtask dev\n```\n```sh walkthrough 201 200\ncurl a\ncurl b\n```\ntext\n```sh walkthrough 401\ncurl c\n```\n";
        assert_eq!(
            script(document),
            "curl a\ncurl b\nexpect 201 200\ncurl c\nexpect 401\n"
        );
        assert_eq!(script("no blocks\n"), "");
    }

    #[test]
    fn another_status_ends_the_script() {
        for (statuses, ends_well) in [
            ("201 401", true),
            ("201 200", false),
            ("201", false),
            ("", false),
        ] {
            let script = format!(
                "{PRELUDE}\necho 201 >> $statuses; echo 401 >> $statuses\nexpect {statuses}\necho"
            );
            let status = Command::new("bash").args(["-e", "-c", &script]).status();
            assert_eq!(status.expect("bash").success(), ends_well, "{statuses}");
        }
    }
}
