//! The tests that need a KMS, against MiniStack's.

use std::net::TcpListener;
use std::process::Stdio;
use std::time::Duration;

use testing::template::workspace;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::terminal::{execute, heading};
use crate::{Error, environment, tools};

/// Half a minute for it to start.
const ATTEMPTS: usize = 300;
const PAUSE: Duration = Duration::from_millis(100);

pub(super) async fn check() -> Result<(), Error> {
    let ministack = tools::ministack().await?;
    heading("KMS");
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let mut kms = start(ministack.command("ministack"), port)?;
    let outcome = run(&mut kms, port).await;
    kms.kill().await?;
    outcome
}

fn start(mut ministack: Command, port: u16) -> Result<Child, Error> {
    for name in environment::FOREIGN {
        ministack.env_remove(name);
    }
    Ok(ministack
        .env("BIND_HOST", "127.0.0.1")
        .env("GATEWAY_PORT", port.to_string())
        .current_dir(workspace().join("target"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()?)
}

async fn run(kms: &mut Child, port: u16) -> Result<(), Error> {
    for _ in 0..ATTEMPTS {
        if let Some(status) = kms.try_wait()? {
            return Err(format!("MiniStack ended ({status})").into());
        }
        if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
            let mut test = tools::cargo();
            test.args(["test", "--locked", "--workspace", "--test", "kms"])
                .args(["--", "--ignored"])
                .env("LATCHKEY_KMS", format!("http://127.0.0.1:{port}"));
            return execute(&mut test).await;
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err("MiniStack did not start".into())
}
