//! The stack in the emulator: how it is deployed, operated and used.

mod people;

use std::path::{Path, PathBuf};

use local::workspace;
use tokio::process::Command;

use crate::maildev::MailDev;
use crate::ministack::{MiniStack, as_root};
use crate::package;
use crate::terminal::{execute, feed, heading, output};
use crate::venv::{self, Tools};
use crate::{Error, sam};

/// As samconfig.toml has it.
pub(super) const STACK: &str = "latchkey";

/// The administrator that the operator appoints: username and password.
const ADMINISTRATOR: &str = "root:nine purple elephants dance";

/// Where an artefact is unpacked, with nothing of the workspace beside it.
const UNPACKED: &str = "target/test/artefact";

/// Where a deployment comes from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Source {
    /// The unpacked artefact.
    Artefact,
    /// The output of `sam build`.
    Built,
}

pub(super) use people::{CONFIRMED, ENROLLING, OPEN, UNMAILED};

pub(super) struct Cloud {
    python: Tools,
    url: String,
    inbox: String,
    decisions: PathBuf,
    artefact: PathBuf,
}

/// Unpacks the archive of an artefact and checks it, as a user does who has downloaded it, and as the workflow does that deploys it.
pub(super) async fn unpack(archive: &Path) -> Result<PathBuf, Error> {
    heading("Unpacking the artefact");
    let directory = workspace().join(UNPACKED);
    if directory.exists() {
        std::fs::remove_dir_all(&directory)?;
    }
    std::fs::create_dir_all(&directory)?;
    let mut tar = Command::new("tar");
    tar.arg("-xzf").arg(archive).arg("-C").arg(&directory);
    execute(&mut tar).await?;
    let name = archive.file_name().unwrap_or_default().to_string_lossy();
    let directory = directory.join(name.trim_end_matches(".tar.gz"));
    let mut check = Command::new("sha256sum");
    check.args(["--check", "--quiet", "SHA256SUMS"]);
    execute(check.current_dir(&directory)).await?;
    let mut take = Command::new(venv::python());
    take.arg("xtask/package/take.py")
        .arg(archive)
        .arg(workspace().join(UNPACKED).join("taken"));
    execute(take.current_dir(workspace())).await?;
    Ok(directory)
}

impl Cloud {
    pub(super) fn new(python: Tools, aws: &MiniStack, mails: &MailDev, artefact: PathBuf) -> Self {
        Self {
            python,
            url: aws.url(),
            inbox: mails.inbox(),
            decisions: aws.decisions(),
            artefact,
        }
    }

    pub(super) async fn deploy(&self, source: Source, parameters: &[&str]) -> Result<(), Error> {
        let mut deploy = sam::command().await?;
        deploy.args(["deploy", "--no-confirm-changeset", "--no-progressbar"]);
        match source {
            // Its own samconfig.toml and template.yaml are there.
            Source::Artefact => {
                deploy.current_dir(&self.artefact);
                if !parameters.is_empty() {
                    deploy.arg("--parameter-overrides");
                }
            }
            Source::Built => {
                // It would look for one beside the template.
                deploy
                    .arg("--config-file")
                    .arg(workspace().join("samconfig.toml"))
                    .args(["--template-file", sam::BUILT, "--parameter-overrides"])
                    .arg(format!("Architecture={}", sam::Architecture::host().name()));
            }
        }
        execute(self.at(deploy.args(parameters))).await
    }

    pub(super) async fn delete(&self) -> Result<(), Error> {
        let mut delete = sam::command().await?;
        delete.args(["delete", "--no-prompts", "--stack-name", STACK]);
        execute(self.at(&mut delete)).await
    }

    /// Makes the routes, and says where the API is.
    pub(super) async fn routes(&self) -> Result<String, Error> {
        let report = output(&mut self.python("routes", &[STACK])).await?;
        print!("{report}");
        let url = report.lines().last();
        Ok(url.ok_or("the API has no address")?.to_owned())
    }

    /// Makes what a domain name takes that is not of the stack, and says the parameters for it.
    pub(super) async fn domain(&self) -> Result<String, Error> {
        output(&mut self.python("domain", &[])).await
    }

    /// Checks the template that AWS made of ours, and the one that is nested in it.
    pub(super) async fn lint(&self) -> Result<(), Error> {
        let processed = output(&mut self.python("processed", &[STACK])).await?;
        let file = self.decisions.with_file_name("processed.json");
        std::fs::write(&file, processed)?;
        sam::lint(&[file, workspace().join(sam::OPERATIONS)]).await
    }

    /// Sets up a new stack as its operator does.
    pub(super) async fn operate(&self) -> Result<(), Error> {
        let (username, password) = ADMINISTRATOR.split_once(':').unwrap_or_default();
        let mut create = self.latchkey(&["users", "create", "--role", "admin", "--password-stdin"]);
        create.args(["--username", username]);
        feed(&mut create, password).await?;
        execute(&mut self.latchkey(&["keys", "rotate"])).await?;
        execute(&mut self.latchkey(&["keys", "list"])).await
    }

    pub(super) async fn invoke(&self, url: &str) -> Result<(), Error> {
        self.script("invoke", &[STACK, url, ADMINISTRATOR]).await
    }

    pub(super) async fn permissions(&self) -> Result<(), Error> {
        let mut permissions = self.python("permissions", &[STACK]);
        execute(permissions.arg(&self.decisions)).await
    }

    /// Runs one of the scripts.
    pub(super) async fn script(&self, name: &str, arguments: &[&str]) -> Result<(), Error> {
        execute(&mut self.python(name, arguments)).await
    }

    fn python(&self, script: &str, arguments: &[&str]) -> Command {
        let mut python = self.python.command("python");
        python
            .arg(format!("xtask/deploy/{script}.py"))
            .args(arguments)
            .current_dir(workspace());
        self.at(&mut python);
        python
    }

    fn latchkey(&self, arguments: &[&str]) -> Command {
        let mut latchkey = Command::new(self.artefact.join(package::COMMAND));
        latchkey.args(arguments).args(["--stack", STACK]);
        self.at(&mut latchkey);
        latchkey
    }

    fn at<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        as_root(command).env("AWS_ENDPOINT_URL", &self.url)
    }
}
