//! Tools written in Python, and those that PyPI carries ready-made: each set in an environment of its own under target/.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use local::workspace;
use tokio::process::Command;

use crate::Error;
use crate::terminal::{execute, heading};

/// An installed set of tools.
#[derive(Debug, Clone)]
pub(crate) struct Tools {
    /// Where the commands are.
    pub(crate) bin: PathBuf,
    /// Where Python looks for modules, unless it finds them by where its own executable is.
    modules: Option<PathBuf>,
}

impl Tools {
    /// A command of the set.
    pub(crate) fn command(&self, program: &str) -> Command {
        let own = self.bin.join(program);
        // Without an environment of its own, the set has no `python`.
        let mut command = Command::new(if own.exists() { own } else { python() });
        if let Some(modules) = &self.modules {
            command.env("PYTHONPATH", modules);
        }
        command
    }

    /// Tells another program where the set is, by a variable, so that it need not install anything.
    pub(crate) fn share(&self, command: &mut Command, variable: &str) {
        command.env(variable, &self.bin);
        if let Some(modules) = &self.modules {
            command.env("PYTHONPATH", modules);
        }
    }
}

/// Sees to it that `target/tools/NAME` holds exactly `requirements`, and keeps others from installing there meanwhile.
pub(crate) async fn install(name: &str, requirements: &[&str]) -> Result<Tools, Error> {
    install_by(name, requirements, requirements).await
}

/// Installs what a file below xtask/requirements names, and nothing whose hash is not there.
pub(crate) async fn install_hashed(name: &str) -> Result<Tools, Error> {
    let file = requirements(name);
    let path = file
        .to_str()
        .ok_or("the path of the workspace is not UTF-8")?;
    let hashed = std::fs::read_to_string(&file)?;
    install_by(
        name,
        &[&hashed],
        &["--require-hashes", "--requirement", path],
    )
    .await
}

/// The file that names a set of tools by their hashes.
pub(crate) fn requirements(name: &str) -> PathBuf {
    workspace().join(format!("xtask/requirements/{name}.txt"))
}

async fn install_by(name: &str, stamp: &[&str], arguments: &[&str]) -> Result<Tools, Error> {
    let home = home(name);
    let _lock = Lock::take(&home).await?;
    if !is_complete(&home, stamp) {
        heading(&format!("Installing {name} (once)"));
        start_over(&home)?;
        if let Err(error) = into_environment(&home, arguments).await {
            eprintln!("{error}; trying without an environment");
            start_over(&home)?;
            into_directory(&home, arguments).await?;
        }
        complete(&home, stamp)?;
    }
    let has_python = home.join("bin/python").exists();
    Ok(Tools {
        bin: home.join("bin"),
        modules: (!has_python).then(|| home.clone()),
    })
}

async fn into_environment(home: &Path, arguments: &[&str]) -> Result<(), Error> {
    execute(Command::new(python()).args(["-m", "venv"]).arg(home)).await?;
    pip(&home.join("bin/python"), arguments, &[]).await
}

/// Debian's Python may come without `ensurepip`, which an environment needs.
async fn into_directory(home: &Path, arguments: &[&str]) -> Result<(), Error> {
    let home = home
        .to_str()
        .ok_or("the path of the target directory is not UTF-8")?;
    pip(&python(), arguments, &["--target", home]).await
}

async fn pip(python: &Path, arguments: &[&str], options: &[&str]) -> Result<(), Error> {
    let mut command = Command::new(python);
    command.args([
        "-m",
        "pip",
        "install",
        "--no-input",
        "--quiet",
        // Compiled when it is first used, and not all of it at once.
        "--no-compile",
        "--disable-pip-version-check",
    ]);
    execute(command.args(options).args(arguments)).await
}

/// The Python that is installed on this machine.
pub(crate) fn python() -> PathBuf {
    PathBuf::from("python3")
}

pub(crate) fn home(name: &str) -> PathBuf {
    workspace().join("target/tools").join(name)
}

/// The right to write to a directory, which one process has at a time. It ends with its process, however that ends.
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Waits for its turn with a directory.
    pub(crate) async fn take(directory: &Path) -> Result<Self, Error> {
        loop {
            if let Some(lock) = Self::try_take(directory)? {
                return Ok(lock);
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Nothing, where another process has it.
    pub(crate) fn try_take(directory: &Path) -> Result<Option<Self>, Error> {
        // Beside the directory, so that emptying that does not take the lock away.
        let file = directory.with_extension("lock");
        std::fs::create_dir_all(file.parent().ok_or("a locked directory is below another")?)?;
        let file = File::create(file)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}

/// The stamp is written last: what was interrupted has none.
pub(crate) fn complete(home: &Path, requirements: &[&str]) -> Result<(), Error> {
    Ok(std::fs::write(stamp(home), requirements.join("\n"))?)
}

pub(crate) fn is_complete(home: &Path, requirements: &[&str]) -> bool {
    std::fs::read_to_string(stamp(home)).is_ok_and(|found| found == requirements.join("\n"))
}

pub(crate) fn start_over(home: &Path) -> Result<(), Error> {
    match std::fs::remove_dir_all(home) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn stamp(home: &Path) -> PathBuf {
    home.join("complete")
}
