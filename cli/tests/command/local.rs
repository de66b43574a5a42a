//! The command as a process of its own.

use std::process::Stdio;

use local::inbox::Inbox;
use serde_json::{Value, json};
use tempfile::TempDir;
use testing::stack::MAIL_FROM;
use testing::{PASSWORD, Stack};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::process::Command;

/// The version of the command.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The issuer of the stack.
pub(crate) const ISSUER: &str = "http://localhost:9000";

/// A stack as `cargo xtask dev` leaves word of it.
pub(crate) struct Local {
    pub(crate) stack: Stack,
    pub(crate) directory: TempDir,
    /// The mails that it sends; nothing where it sends none.
    pub(crate) inbox: Option<(Inbox, String)>,
}

pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Done {
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.code, 0, "{}", self.err);
        serde_json::from_str(&self.out).unwrap()
    }
}

impl Local {
    pub(crate) async fn start() -> Self {
        Self::of(Stack::start().await, None)
    }

    /// A stack that sends mail, into an inbox.
    pub(crate) async fn with_mail() -> Self {
        let inbox = Inbox::new(|_| {});
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = inbox.router();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self::of(Stack::with_mail(&[]).await, Some((inbox, url)))
    }

    fn of(stack: Stack, inbox: Option<(Inbox, String)>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let local = Self {
            stack,
            directory,
            inbox,
        };
        local.leave_word(local.stack.variable("ROLES"), Some(VERSION));
        local.take_sealing_key();
        local
    }

    /// Copies the key that seals the ring of the stack.
    pub(crate) fn take_sealing_key(&self) {
        let sealing_key = self.stack.variable("LOCAL_SEALING_KEY");
        std::fs::copy(sealing_key, self.directory.path().join("sealing.key")).unwrap();
    }

    /// Leaves word of the stack, with these roles and of this version.
    pub(crate) fn leave_word(&self, roles: &str, version: Option<&str>) {
        self.leave_word_of(roles, version, "off");
    }

    /// The same with this value of `MfaRequired`.
    pub(crate) fn leave_word_of(&self, roles: &str, version: Option<&str>, mfa_required: &str) {
        let inbox = self.inbox.as_ref().map(|(_, url)| url);
        let word = json!({
            "dynamodb": self.stack.engine.url(),
            "ses": inbox,
            "version": version,
            "parameters": {
                "SigningAlgorithm": "EdDSA",
                "KeyRotationDays": "30",
                "SessionLifetime": "2592000",
                "MinPasswordLength": "20",
                "Roles": roles,
                "MfaRequired": mfa_required,
                "PasswordWords": "roadrunner-logistics,acme",
                "MailFrom": inbox.map_or("", |_| MAIL_FROM),
                "IssuerUrl": ISSUER,
            },
        });
        let file = self.directory.path().join("stack.json");
        std::fs::write(file, word.to_string()).unwrap();
    }

    pub(crate) async fn run(&self, arguments: &[&str]) -> Done {
        self.run_with(arguments, "").await
    }

    /// Runs until a line of the standard error has this text, and ends the command there.
    pub(crate) async fn run_until(&self, arguments: &[&str], text: &str) {
        let mut process = self.command(arguments);
        let mut process = process.kill_on_drop(true).spawn().unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        while let Some(line) = lines.next_line().await.unwrap() {
            if line.contains(text) {
                return process.kill().await.unwrap();
            }
        }
        panic!("the command has ended without {text:?}");
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_latchkey"));
        command
            .args(arguments)
            .env_remove("LATCHKEY_STACK")
            .env("LATCHKEY_LOCAL", self.directory.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub(crate) async fn run_with(&self, arguments: &[&str], input: &str) -> Done {
        let mut process = self.command(arguments).spawn().unwrap();
        let mut stdin = process.stdin.take().unwrap();
        // A command that reads nothing may have ended by now.
        let _ = stdin.write_all(input.as_bytes()).await;
        drop(stdin);
        let output = process.wait_with_output().await.unwrap();
        let done = Done {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        };
        assert!(!done.out.contains(PASSWORD) && !done.err.contains(PASSWORD));
        done
    }
}
