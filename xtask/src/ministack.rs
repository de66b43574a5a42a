//! An AWS on this machine, in a process of its own.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use local::{environment, workspace};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::{Error, tools};

/// Half a minute for it to start.
const ATTEMPTS: usize = 300;
const PAUSE: Duration = Duration::from_millis(100);

/// More than it takes to end.
const PATIENCE: Duration = Duration::from_secs(15);

/// The caller to whom everything is allowed.
const ROOT: [(&str, &str); 4] = [
    ("AWS_ACCESS_KEY_ID", "test"),
    ("AWS_SECRET_ACCESS_KEY", "test"),
    ("AWS_DEFAULT_REGION", "us-east-1"),
    ("AWS_REGION", "us-east-1"),
];

pub(crate) struct MiniStack {
    process: Child,
    port: u16,
    temporary: PathBuf,
}

/// Makes a command a caller to whom everything is allowed.
pub(crate) fn as_root(command: &mut Command) -> &mut Command {
    for name in environment::FOREIGN {
        command.env_remove(name);
    }
    command.envs(ROOT)
}

impl MiniStack {
    /// Starts an empty one on a free port, and waits for it to listen.
    pub(crate) async fn start() -> Result<Self, Error> {
        let command = tools::ministack().await?.command("ministack");
        Self::listen(command, &workspace().join("target/test/ministack")).await
    }

    /// Starts one that enforces IAM, keeps a record of what it decided in the directory, and hands mails to a server: host and port.
    pub(crate) async fn enforcing(temporary: &Path, smtp: &str) -> Result<Self, Error> {
        let mut command = tools::ministack().await?.command("python");
        command
            .arg(workspace().join("xtask/deploy/emulator.py"))
            .env("AUTH", "true")
            .env("SMTP_HOST", smtp)
            .env("LATCHKEY_DECISIONS", decisions(temporary))
            // Functions inherit it; from their `LoggingConfig` they would not get it.
            .env("AWS_LAMBDA_LOG_FORMAT", "JSON");
        Self::listen(command, temporary).await
    }

    async fn listen(mut command: Command, temporary: &Path) -> Result<Self, Error> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        std::fs::create_dir_all(temporary)?;
        let mut process = as_root(&mut command)
            .env("BIND_HOST", "127.0.0.1")
            // What custom resources answer to.
            .env("MINISTACK_HOST", "127.0.0.1")
            // It would listen on a port of its own choice.
            .env("IOT_MTLS_ENABLED", "0")
            // It leaves the functions' code there.
            .env("TMPDIR", temporary)
            .env("GATEWAY_PORT", port.to_string())
            .env("LOG_LEVEL", "ERROR")
            .env("AWS_ENDPOINT_URL", url(port))
            .current_dir(workspace().join("target"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        for _ in 0..ATTEMPTS {
            if let Some(status) = process.try_wait()? {
                return Err(format!("MiniStack ended ({status})").into());
            }
            if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return Ok(Self {
                    process,
                    port,
                    temporary: temporary.to_owned(),
                });
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err("MiniStack did not start".into())
    }

    pub(crate) fn url(&self) -> String {
        url(self.port)
    }

    /// The file of what it decided, if it enforces IAM.
    pub(crate) fn decisions(&self) -> PathBuf {
        decisions(&self.temporary)
    }

    /// Ends it in such a way that it can end the functions that it runs.
    pub(crate) async fn end(mut self) -> Result<(), Error> {
        let id = self.process.id().ok_or("MiniStack has ended by itself")?;
        kill(Pid::from_raw(i32::try_from(id)?), Signal::SIGTERM)?;
        let ended = tokio::time::timeout(PATIENCE, self.process.wait()).await;
        ended.map_err(|_| "MiniStack did not end")??;
        Ok(())
    }
}

fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

fn decisions(temporary: &Path) -> PathBuf {
    temporary.join("decisions.jsonl")
}
