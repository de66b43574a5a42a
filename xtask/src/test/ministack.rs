//! An AWS on this machine, in a process of its own.

use std::net::TcpListener;
use std::process::Stdio;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use testing::template::workspace;
use tokio::net::TcpStream;
use tokio::process::Child;

use crate::{Error, environment, tools};

/// Half a minute for it to start.
const ATTEMPTS: usize = 300;
const PAUSE: Duration = Duration::from_millis(100);

/// More than it takes to end.
const PATIENCE: Duration = Duration::from_secs(15);

pub(super) struct MiniStack {
    process: Child,
    port: u16,
}

impl MiniStack {
    /// Starts an empty one on a free port, and waits for it to listen.
    pub(super) async fn start() -> Result<Self, Error> {
        let mut ministack = tools::ministack().await?.command("ministack");
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        for name in environment::FOREIGN {
            ministack.env_remove(name);
        }
        let temporary = workspace().join("target/test/ministack");
        std::fs::create_dir_all(&temporary)?;
        let mut process = ministack
            .env("BIND_HOST", "127.0.0.1")
            // It would listen on a port of its own choice.
            .env("IOT_MTLS_ENABLED", "0")
            // It leaves the functions' code there.
            .env("TMPDIR", temporary)
            .env("GATEWAY_PORT", port.to_string())
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
                return Ok(Self { process, port });
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err("MiniStack did not start".into())
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Ends it in such a way that it can end the functions that it runs.
    pub(super) async fn end(mut self) -> Result<(), Error> {
        let id = self.process.id().ok_or("MiniStack has ended by itself")?;
        kill(Pid::from_raw(i32::try_from(id)?), Signal::SIGTERM)?;
        let ended = tokio::time::timeout(PATIENCE, self.process.wait()).await;
        ended.map_err(|_| "MiniStack did not end")??;
        Ok(())
    }
}
