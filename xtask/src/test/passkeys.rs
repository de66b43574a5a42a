//! Passkeys, judged by another implementation.

use std::process::Stdio;

use crate::Error;
use crate::terminal::{execute, heading};
use crate::tools;

/// The number of answers, of which one in twenty is as it should be.
const ANSWERS: u32 = 10_000;

/// Has `@simplewebauthn/server` judge what the crate `passkeys` has judged: what is accepted here it must accept, and what it alone
/// accepts is refused here by a rule that the script names.
pub(super) async fn check() -> Result<(), Error> {
    heading("Answers of passkeys, judged by another implementation");
    let script = tools::passkey_clients().await?;
    let seed = std::process::id();
    println!("mutated_answers {ANSWERS} {seed}");
    let mut answers = std::process::Command::new(tools::examples()?.join("mutated_answers"))
        .args([ANSWERS, seed].map(|number| number.to_string()))
        .stdout(Stdio::piped())
        .spawn()?;
    let piped = answers.stdout.take().ok_or("a pipe was asked for")?;
    let compared = execute(script.command("compare.mjs").stdin(piped)).await;
    let made = answers.wait()?;
    compared?;
    if made.success() {
        Ok(())
    } else {
        Err(format!("mutated_answers: {made}").into())
    }
}
