//! The tasks of this repository: `cargo xtask dev` runs the whole product on this machine, `cargo xtask test` is all
//! that CI runs. Both bring the tools that they need.

mod dev;
mod environment;
mod node;
mod processes;
mod stack;
mod terminal;
mod test;
mod tools;
mod venv;

use std::process::ExitCode;

use clap::Parser;

/// Errors go to the terminal and nowhere else, so their text is all that matters.
type Error = Box<dyn std::error::Error + Send + Sync>;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The tasks of this repository")]
enum Task {
    /// Run the whole API on this machine, with its database
    Dev(dev::Options),
    /// Run everything that CI runs
    Test,
}

#[tokio::main]
async fn main() -> ExitCode {
    if let Err(error) = processes::adopt_orphans() {
        eprintln!("warning: orphans may remain: {error}");
    }
    let ended = match Task::parse() {
        Task::Dev(options) => terminal::until_interrupted(dev::run(options))
            .await
            .map(|_| ()),
        Task::Test => terminal::until_interrupted(test::run())
            .await
            .and_then(terminal::completed),
    };
    // Also after an error: a build or a function may be running still.
    let ended = ended.and(processes::end_all().await);
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error}");
            ExitCode::FAILURE
        }
    }
}
