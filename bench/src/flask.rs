//! The service with Flask and Flask-JWT-Extended that functions are compared to, behind gunicorn.

use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use local::workspace;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use super::stage::{PASSWORD, Stage, USERNAME};
use super::usage;
use crate::Error;
use local::environment::FOREIGN;

/// It has never taken a tenth of this.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where its one account is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Accounts {
    /// Among the accounts of the functions.
    DynamoDb,
    /// In memory, so that it calls nobody.
    Memory,
}

/// A running service.
pub(super) struct Flask {
    process: Child,
    started: Instant,
    http: Client,
    url: String,
}

impl Flask {
    /// Starts it, and waits until it listens: with one worker, as a function serves one request at a time.
    pub(super) async fn start(
        bin: &Path,
        stage: &Stage,
        accounts: Accounts,
    ) -> Result<Self, Error> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let address = format!("127.0.0.1:{port}");
        let mut gunicorn = Command::new(bin.join("gunicorn"));
        gunicorn
            .args(["--workers", "1", "--no-control-socket", "--bind", &address])
            .args(["--log-level", "warning", "app:app"])
            .current_dir(workspace().join("bench"))
            // As in a deployment: compiled once, and not at each start.
            .env_remove("PYTHONDONTWRITEBYTECODE")
            .env("NO_PROXY", "localhost")
            .env("JWT_SECRET_KEY", "of no use to anybody beyond this machine")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true);
        for name in FOREIGN {
            gunicorn.env_remove(name);
        }
        match accounts {
            Accounts::DynamoDb => gunicorn
                .envs(stage.variables("flask"))
                .env("AWS_DEFAULT_REGION", "us-east-1"),
            Accounts::Memory => gunicorn
                .env_remove("AWS_ENDPOINT_URL_DYNAMODB")
                .env("USERNAME", USERNAME)
                .env("PASSWORD_HASH", stage.password_hash().await?),
        };
        let http = Client::builder().no_proxy().build()?;
        let started = Instant::now();
        let process = gunicorn.spawn()?;
        while TcpStream::connect(&address).await.is_err() {
            if started.elapsed() > PATIENCE {
                return Err("gunicorn does not listen".into());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(Self {
            process,
            started,
            http,
            url: format!("http://{address}"),
        })
    }

    /// Since its process was started.
    pub(super) fn age(&self) -> Duration {
        self.started.elapsed()
    }

    /// Signs in: an access token.
    pub(super) async fn login(&self) -> Result<String, Error> {
        let credentials = json!({ "username": USERNAME, "password": PASSWORD });
        let request = self.http.post(format!("{}/login", self.url));
        let answer = request
            .header("content-type", "application/json")
            .body(credentials.to_string());
        let token = ok(answer).await?["access_token"].take();
        Ok(token.as_str().ok_or("no token")?.to_owned())
    }

    /// Goes where only a token leads.
    pub(super) async fn protected(&self, token: &str) -> Result<(), Error> {
        let request = self.http.get(format!("{}/protected", self.url));
        let answer = ok(request.bearer_auth(token)).await?;
        if answer["logged_in_as"].is_string() {
            return Ok(());
        }
        Err(format!("it answered {answer}").into())
    }

    /// Its processes: that of gunicorn and that of its worker.
    pub(super) fn processes(&self) -> Result<Vec<u32>, Error> {
        let gunicorn = self.process.id().ok_or("gunicorn has ended")?;
        let mut processes = usage::children(gunicorn)?;
        processes.push(gunicorn);
        Ok(processes)
    }

    pub(super) async fn end(mut self) -> Result<(), Error> {
        if let Some(id) = self.process.id() {
            kill(Pid::from_raw(id.try_into()?), Signal::SIGTERM)?;
        }
        tokio::time::timeout(PATIENCE, self.process.wait()).await??;
        Ok(())
    }
}

async fn ok(request: RequestBuilder) -> Result<Value, Error> {
    let answer = request.timeout(PATIENCE).send().await?;
    let status = answer.status();
    let body = answer.bytes().await?;
    if status != StatusCode::OK {
        return Err(format!(
            "Flask answered {status}: {}",
            String::from_utf8_lossy(&body)
        )
        .into());
    }
    Ok(serde_json::from_slice(&body)?)
}
