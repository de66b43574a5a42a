//! `latchkey`: what the operator of a deployment does with its accounts, from outside the API.
//!
//! It talks to the tables, with the operator's own rights to them, and so needs no administrator to
//! begin with: it is how the first one comes to be.

mod arguments;
mod output;
mod password;
mod stack;
mod users;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};

/// Why a command was not carried out, as a sentence.
type Error = Box<dyn std::error::Error>;

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
    let Command::Users { command } = arguments.command;
    let stack = stack::Stack::open(&arguments.place).await?;
    users::run(&stack, command, arguments.json).await
}
