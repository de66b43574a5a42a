//! `latchkey`: the operator's command for the accounts, keys and mails of a deployment.
//!
//! It talks to the tables, with the operator's own rights to them, and so needs no administrator to
//! begin with: it is how the first one comes to be.

mod arguments;
mod directory;
mod error;
mod key_ring;
mod keys;
mod mail;
mod mailing;
mod output;
mod password;
mod resealing;
mod schedule;
mod stack;
mod terminal;
mod users;
mod version;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};
use directory::Directory;
use error::Error;
use output::Output;
use stack::Stack;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Error> {
    let stack = Stack::open(&arguments.place).await?;
    let output = Output {
        json: arguments.json,
    };
    let refuses_writes = arguments.command.writes() && !arguments.newer_stack;
    version::check(stack.version().await?.as_deref(), refuses_writes)?;
    match arguments.command {
        Command::Users { command } => {
            users::run(&stack, &Directory::of(&stack).await?, command, &output).await
        }
        Command::Keys { command } => keys::run(&stack, command, &output).await,
        Command::Mail { command } => mail::run(&stack, command, &output).await,
    }
}
