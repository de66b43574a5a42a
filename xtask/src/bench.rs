//! `cargo xtask bench`: brings what the benchmark needs and runs it.

use std::ffi::OsString;

use clap::Args;

use crate::terminal::execute;
use crate::{Error, tools};

/// The benchmark's own options: `cargo xtask bench --help` has the benchmark say them.
#[derive(Debug, Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Options {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

pub(crate) async fn run(options: Options) -> Result<(), Error> {
    let mut bench = tools::cargo();
    // A slow bench would measure itself.
    bench
        .args(["run", "--release", "--locked"])
        .args(["--package", "bench", "--"])
        .args(&options.arguments);
    if options.arguments.iter().any(|word| word == "--vs-flask") {
        tools::flask().await?.share(&mut bench, "LATCHKEY_FLASK");
    }
    execute(&mut bench).await
}
