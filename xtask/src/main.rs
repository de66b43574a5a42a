//! The tasks of this repository: `cargo xtask dev` runs the whole product on this machine, `cargo xtask deploy-test`
//! deploys it to an emulator of AWS, `cargo xtask package` makes what a deployment takes, `cargo xtask bench` measures it, `cargo xtask generate` writes what follows from other files,
//! `cargo xtask test` is all that CI runs. Each brings the tools that it needs.

mod bench;
mod browser;
mod chromium;
mod debian;
mod deploy_test;
mod dev;
mod error;
mod generate;
mod listeners;
mod mail;
mod maildev;
mod ministack;
mod node;
mod package;
mod pages;
mod passkeys;
mod processes;
mod sam;
mod stack;
mod start;
mod terminal;
mod test;
mod tools;
mod venv;

use std::process::ExitCode;

use clap::Parser;

use error::Error;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "The tasks of this repository")]
enum Task {
    /// Run the whole API on this machine, with its database
    Dev(dev::Options),
    /// Deploy the template to an emulator of AWS, with IAM enforced, and use it
    DeployTest(deploy_test::Options),
    /// Build what a deployment takes, so that whoever deploys it compiles nothing
    Package(package::Options),
    /// Measure the functions against what the platform itself costs
    Bench(bench::Options),
    /// Write the files that follow from others
    Generate,
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
        Task::Bench(options) => terminal::until_interrupted(bench::run(options))
            .await
            .and_then(terminal::completed),
        Task::DeployTest(options) => terminal::until_interrupted(deploy_test::run(options))
            .await
            .and_then(terminal::completed),
        Task::Package(options) => terminal::until_interrupted(package::run(options))
            .await
            .and_then(terminal::completed),
        Task::Generate => generate::run(),
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
