//! Modules of npm, as a lock file has them, in a directory of their own under target/.

use std::path::PathBuf;

use local::workspace;
use tokio::process::Command;

use crate::Error;
use crate::terminal::{execute, heading};
use crate::venv::{self, Lock, Tools};

/// What is copied: modules are found from where the importing file is.
const FILES: [&str; 3] = ["package.json", "package-lock.json", "services.mjs"];

/// Scripts, and the modules that they import.
pub(crate) struct NodeModules {
    node: Tools,
    home: PathBuf,
}

impl NodeModules {
    /// Copies `xtask/clients/node` and installs what its lock file names.
    pub(crate) async fn install(node: Tools) -> Result<Self, Error> {
        let home = venv::home("node-clients");
        let _lock = Lock::take(&home).await?;
        let source = workspace().join("xtask/clients/node");
        let files = FILES.map(|file| std::fs::read_to_string(source.join(file)));
        let files: Vec<_> = files.into_iter().collect::<Result<_, _>>()?;
        let stamp: Vec<_> = files.iter().map(String::as_str).collect();
        let modules = Self { node, home };
        if !venv::is_complete(&modules.home, &stamp) {
            heading("Installing the modules of xtask/clients/node (once)");
            venv::start_over(&modules.home)?;
            std::fs::create_dir_all(&modules.home)?;
            for (file, text) in FILES.iter().zip(&files) {
                std::fs::write(modules.home.join(file), text)?;
            }
            let mut npm = modules.node.command("npm");
            npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
            execute(npm.current_dir(&modules.home)).await?;
            venv::complete(&modules.home, &stamp)?;
        }
        Ok(modules)
    }

    /// A command that runs a script.
    pub(crate) fn command(&self, script: &str) -> Command {
        let mut node = self.node.command("node");
        node.arg(self.home.join(script));
        node
    }
}
