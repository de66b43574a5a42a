//! Scripts for Node.js with the modules of npm that their lock file has, in a directory of their own under target/.

use std::collections::BTreeMap;
use std::path::PathBuf;

use local::workspace;
use tokio::process::Command;

use crate::Error;
use crate::terminal::{execute, heading};
use crate::venv::{self, Lock, Tools};

/// Scripts, and the modules that they import.
pub(crate) struct NodeModules {
    node: Tools,
    home: PathBuf,
}

impl NodeModules {
    /// Copies the directory `xtask/clients/NAME` and installs what its lock file names.
    pub(crate) async fn install(node: Tools, name: &str) -> Result<Self, Error> {
        let home = venv::home(&format!("{name}-clients"));
        let _lock = Lock::take(&home).await?;
        let files = files(name)?;
        let stamp: Vec<_> = files
            .iter()
            .flat_map(|(file, text)| [file.as_str(), text.as_str()])
            .collect();
        let modules = Self { node, home };
        if !venv::is_complete(&modules.home, &stamp) {
            heading(&format!(
                "Installing the modules of xtask/clients/{name} (once)"
            ));
            venv::start_over(&modules.home)?;
            std::fs::create_dir_all(&modules.home)?;
            // Modules are found from where the importing file is.
            for (file, text) in &files {
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

/// The scripts and what names their modules, but no modules that an editor may have wanted there.
fn files(name: &str) -> Result<BTreeMap<String, String>, Error> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(workspace().join("xtask/clients").join(name))? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            let file = entry.file_name().to_string_lossy().into_owned();
            files.insert(file, std::fs::read_to_string(entry.path())?);
        }
    }
    Ok(files)
}
