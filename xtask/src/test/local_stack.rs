//! The product as a user meets it: `cargo xtask dev` in a process of its own, and callers that know nothing but its URL.

mod second_factor;

use std::process::Stdio;
use std::time::Duration;

use claims::Algorithm;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout};

use super::clients::Clients;
use super::totp::Authenticators;
use super::{events, gateway, smoke, walkthrough};
use crate::browser::{self, Origins};
use crate::pages;
use crate::terminal::{execute, feed, heading};
use crate::{Error, listeners, processes, tools};

/// More than a stack takes to end, also when it has to be forceful.
const PATIENCE: Duration = Duration::from_secs(15);

/// The made-up requests sign in more often than people do.
const WITHOUT_LIMITS: [&str; 12] = [
    "--env",
    "ADDRESS_FAILURES=0",
    "--env",
    "LOGIN_BURST=0",
    "--env",
    "MAIL_BURST=0",
    "--env",
    "MFA_BURST=0",
    "--env",
    "NAME_FAILURES=0",
    "--env",
    "REGISTRATION_BURST=0",
];

const ADMINISTRATOR: &str = "root";

/// Of the administrator.
const PASSWORD: &str = "nine purple elephants dance";

/// Of refresh tokens, in seconds: a thousand uses at once must be answered within it, also on a slow machine.
const GRACE: &str = "30";

/// Of pages that may call the API.
const ORIGIN: &str = "https://app.example.com";

/// Not that of the stack that somebody may be working with.
const DATA: &str = "target/test/data";

pub(super) async fn check() -> Result<(), Error> {
    let cargo_lambda = tools::cargo_lambda().await?;
    let clients = Clients::install().await?;
    let authenticators = Authenticators::install().await?;

    let stack = Dev::start(&WITHOUT_LIMITS).await?;
    events::run(&cargo_lambda, DATA).await?;
    clients.read_document(&stack.url()).await?;
    appoint().await?;
    clients.explore(&stack.url(), &administrator()).await?;
    stack.end().await?;

    races().await?;
    authenticators.check().await?;
    pages::judge().await?;
    walk().await?;

    // Afresh: the events have taken the name that the walk-through registers.
    let origins = Origins::free()?;
    let stack = Dev::start(&["--cors", &origins.allowed]).await?;
    walkthrough::run(&stack.url(), &stack.inbox(), DATA).await?;
    smoke::run(&stack.url(), &origins.allowed).await?;
    authenticators.sign_in(&stack.url()).await?;
    browser::check(&stack.url(), &origins).await?;
    stack.end().await?;

    second_factor::check().await?;

    for algorithm in Algorithm::ALL.map(Algorithm::as_str) {
        let variable = format!("SIGNING_ALGORITHM={algorithm}");
        let stack = Dev::start(&["--env", &variable, "--cors", ORIGIN]).await?;
        appoint().await?;
        journey(&stack.url(), algorithm).await?;
        clients.run(&stack.url(), algorithm).await?;
        // The gateway's own authorizer takes RSA alone.
        if algorithm == "RS256" {
            gateway::check(&stack.url(), DATA).await?;
        }
        stack.end().await?;
    }
    Ok(())
}

async fn journey(url: &str, algorithm: &str) -> Result<(), Error> {
    heading(&format!("The journey of one user by {algorithm}"));
    let mut journey = tools::cargo();
    // By --workspace it has the features, and so the build, of the step before.
    journey
        .args(["test", "--locked", "--workspace", "--test", "journey", "--"])
        .args([
            "--exact",
            "a_person_registers_signs_in_and_reaches_what_is_protected",
        ])
        .env("LATCHKEY_URL", url)
        .env("LATCHKEY_ORIGIN", ORIGIN)
        .env("LATCHKEY_ADMINISTRATOR", administrator());
    execute(&mut journey).await
}

fn administrator() -> String {
    format!("{ADMINISTRATOR}:{PASSWORD}")
}

/// Makes the administrator of whom the journey needs one.
async fn appoint() -> Result<(), Error> {
    heading("The administrator");
    let mut create = tools::cargo();
    create.args(["latchkey", "--local", DATA, "users", "create"]);
    create.args([
        "--username",
        ADMINISTRATOR,
        "--role",
        "admin",
        "--password-stdin",
    ]);
    feed(&mut create, PASSWORD).await
}

/// A stranger's way to an account and back to it, where an address must be proven first.
async fn walk() -> Result<(), Error> {
    let confirmed = ["--env", "REGISTRATION_MODE=confirmed"];
    let stack = Dev::start(&[&WITHOUT_LIMITS[..], &confirmed].concat()).await?;
    pages::walk(&stack.url(), &stack.inbox()).await?;
    stack.end().await
}

/// One refresh token used by many at once, over many environments of each function.
async fn races() -> Result<(), Error> {
    let grace = format!("REFRESH_GRACE={GRACE}");
    let stack = Dev::start(&["--concurrency", "8", "--env", &grace]).await?;
    heading("Many uses of one refresh token");
    let mut races = tools::cargo();
    races
        .args(["test", "--locked", "--workspace"])
        .args(["--test", "refresh_races", "--", "--nocapture"])
        .env("LATCHKEY_GRACE", GRACE)
        .env("LATCHKEY_URL", stack.url());
    execute(&mut races).await?;
    stack.end().await
}

/// A running `cargo xtask dev`.
struct Dev {
    process: Child,
    port: u16,
}

impl Dev {
    /// Starts an empty stack on a free port, with more options, and waits for it to listen.
    async fn start(options: &[&str]) -> Result<Self, Error> {
        let port = listeners::free_pair().await?;
        heading(&format!("A local stack on port {port}"));
        let mut dev = tools::cargo();
        // By cargo and not by its own file, which a test of the workspace may just have replaced.
        dev.args([
            "xtask",
            "dev",
            "--fresh",
            "--no-reload",
            "--data",
            DATA,
            "--port",
        ]);
        let dev = dev.arg(port.to_string()).args(options);
        let mut process = dev.stdout(Stdio::piped()).spawn()?;
        let output = process
            .stdout
            .take()
            .ok_or("the output of the stack is piped")?;
        let mut output = BufReader::new(output).lines();
        let listening = format!("Latchkey is listening on http://localhost:{port}");
        while let Some(line) = output.next_line().await? {
            println!("{line}");
            if line == listening {
                tokio::spawn(show(output));
                return Ok(Self { process, port });
            }
        }
        Err("the local stack did not start".into())
    }

    fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    fn inbox(&self) -> String {
        format!("http://localhost:{}", self.port + 1)
    }

    /// Ends the stack as Ctrl-C does, and sees to it that nothing of it remains.
    async fn end(mut self) -> Result<(), Error> {
        heading("The end of the local stack");
        let id = self
            .process
            .id()
            .ok_or("the local stack has ended by itself")?;
        kill(Pid::from_raw(i32::try_from(id)?), Signal::SIGTERM)?;
        let status = tokio::time::timeout(PATIENCE, self.process.wait())
            .await
            .map_err(|_| "the local stack did not end")??;
        let remaining = processes::count_below(std::process::id())?;
        if !status.success() || remaining > 0 {
            return Err(format!(
                "the local stack ended with {status} and left {remaining} processes"
            )
            .into());
        }
        for port in [self.port, self.port + 1] {
            std::net::TcpListener::bind(("127.0.0.1", port))?;
        }
        println!("nothing remains");
        Ok(())
    }
}

/// Reads on: a function whose log nobody reads stops at its next line once the pipe is full.
async fn show(mut output: Lines<BufReader<ChildStdout>>) {
    while let Ok(Some(line)) = output.next_line().await {
        println!("{line}");
    }
}
