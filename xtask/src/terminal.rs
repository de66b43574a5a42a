//! The terminal: headings, children whose output shows, and the signals that end a task.

use std::process::{ExitStatus, Stdio};

use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use tokio::signal::unix::{SignalKind, signal};

use crate::Error;

/// The outcome of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    ByItself,
    BySignal,
}

/// Runs a task until it ends or until Ctrl-C or SIGTERM asks it to. The task is dropped then; its children are not.
pub(crate) async fn until_interrupted(
    task: impl Future<Output = Result<(), Error>>,
) -> Result<Ended, Error> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    tokio::select! {
        ended = task => ended.map(|()| Ended::ByItself),
        _ = interrupt.recv() => Ok(Ended::BySignal),
        _ = terminate.recv() => Ok(Ended::BySignal),
        _ = hangup.recv() => Ok(Ended::BySignal),
    }
}

/// For a task that says something by running to its end.
pub(crate) fn completed(ended: Ended) -> Result<(), Error> {
    match ended {
        Ended::ByItself => Ok(()),
        Ended::BySignal => Err("interrupted".into()),
    }
}

/// Says what comes next.
pub(crate) fn heading(text: &str) {
    println!("\n==> {text}");
}

/// Runs a command with its output showing, and fails with it.
pub(crate) async fn execute(command: &mut Command) -> Result<(), Error> {
    let status = command
        .status()
        .await
        .map_err(|error| not_started(command, &error))?;
    succeeded(command, status)
}

fn succeeded(command: &Command, status: ExitStatus) -> Result<(), Error> {
    if status.success() {
        return Ok(());
    }
    Err(format!("{} failed ({status})", shown(command)).into())
}

/// Runs a command that reads a line, with its output showing, and fails with it.
pub(crate) async fn feed(command: &mut Command, line: &str) -> Result<(), Error> {
    let mut child = command
        .stdin(Stdio::piped())
        .spawn()
        .map_err(|error| not_started(command, &error))?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(format!("{line}\n").as_bytes()).await?;
    }
    succeeded(command, child.wait().await?)
}

/// Runs a command for what it prints.
pub(crate) async fn output(command: &mut Command) -> Result<String, Error> {
    let output = command
        .output()
        .await
        .map_err(|error| not_started(command, &error))?;
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr);
        return Err(format!(
            "{} failed ({}): {}",
            shown(command),
            output.status,
            reason.trim()
        )
        .into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn not_started(command: &Command, error: &std::io::Error) -> Error {
    format!("{} did not start: {error}", shown(command)).into()
}

fn shown(command: &Command) -> String {
    let command = command.as_std();
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}
