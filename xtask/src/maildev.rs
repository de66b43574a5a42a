//! A mail server on this machine, in a process of its own. What is sent to it stays in its inbox, which it shows on pages and as JSON.

use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::process::Child;

use crate::{Error, tools};

/// Half a minute for it to start.
const ATTEMPTS: usize = 300;
const PAUSE: Duration = Duration::from_millis(100);

const SCRIPT: &str = "node_modules/maildev/dist/bin/maildev.js";

/// The server, until it is dropped.
pub(crate) struct MailDev {
    _process: Child,
    smtp: u16,
    inbox: u16,
}

impl MailDev {
    /// Starts one on two free ports of loopback, and waits for it to listen on both. It keeps its files in the directory.
    pub(crate) async fn start(temporary: &Path) -> Result<Self, Error> {
        let listeners = [
            TcpListener::bind("127.0.0.1:0")?,
            TcpListener::bind("127.0.0.1:0")?,
        ];
        let [smtp, inbox] = listeners.map(|one| one.local_addr().map(|address| address.port()));
        let (smtp, inbox) = (smtp?, inbox?);
        std::fs::create_dir_all(temporary)?;
        let mut process = tools::mail_server()
            .await?
            .command(SCRIPT)
            .args(["--ip", "127.0.0.1", "--web-ip", "127.0.0.1"])
            .args(["--smtp", &smtp.to_string(), "--web", &inbox.to_string()])
            .current_dir(temporary)
            .env("TMPDIR", temporary)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        for _ in 0..ATTEMPTS {
            if let Some(status) = process.try_wait()? {
                return Err(format!("the mail server ended ({status})").into());
            }
            if answers(smtp).await && answers(inbox).await {
                return Ok(Self {
                    _process: process,
                    smtp,
                    inbox,
                });
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err("the mail server did not start".into())
    }

    /// Where it takes mails, without encryption or credentials: host and port.
    pub(crate) fn smtp(&self) -> String {
        format!("127.0.0.1:{}", self.smtp)
    }

    /// Where it shows them.
    pub(crate) fn inbox(&self) -> String {
        format!("http://127.0.0.1:{}", self.inbox)
    }
}

async fn answers(port: u16) -> bool {
    TcpStream::connect(("127.0.0.1", port)).await.is_ok()
}
