//! The speed of the functions, as ratios to the cost of the platform itself, measured in one run. `cargo xtask bench` runs it.

mod against;
mod build;
mod cold;
mod cost;
mod error;
mod event;
mod flask;
mod goals;
mod hasher;
mod lambda;
mod measured;
mod pair;
mod plots;
mod prices;
mod report;
mod results;
mod sample;
mod share;
mod slow;
mod stage;
mod subject;
mod terminal;
mod tls;
mod usage;
mod versus;
mod warm;
mod work;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use serde_json::{Value, json};

use error::Error;
use goals::Goal;
use measured::{Measured, TURNS};
use results::Results;
use sample::median;
use slow::Slow;
use stage::Stage;
use terminal::heading;
use versus::Versus;

/// Measures the functions against what the platform itself costs
#[derive(Debug, Parser)]
#[command(name = "cargo xtask bench")]
struct Options {
    /// Also write what was measured to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Also hold it to what an earlier run wrote to this file
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// Also draw it into SVG files of this directory
    #[arg(long, value_name = "DIRECTORY")]
    plots: Option<PathBuf>,
    /// Also have Flask and Flask-JWT-Extended do the same work
    #[arg(long)]
    vs_flask: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> Result<(), Error> {
    let before = options
        .against
        .map(|file| against::read(&file))
        .transpose()?;
    if let Some(directory) = &options.plots {
        std::fs::create_dir_all(directory)?;
    }
    heading("Building the functions as they are deployed, and what they are measured against");
    build::run().await?;
    let (results, others, flask) = measured(options.vs_flask).await?;
    let all = print_report(&results, others, &flask)?;
    if let Some(file) = options.json {
        std::fs::write(file, format!("{all:#}\n"))?;
    }
    if let Some(directory) = options.plots {
        plots::draw(&all, &directory)?;
    }
    before.map_or(Ok(()), |before| against::compare(&before, &all))
}

/// At full speed; what is to be reached otherwise, and beside Flask; what Flask itself showed.
async fn measured(vs_flask: bool) -> Result<(Results, Vec<Goal>, Value), Error> {
    heading("A DynamoDB behind TLS");
    let stage = Stage::set().await?;
    stage.account().await?;
    println!("it listens on {}", stage.url());
    let mut subjects = subject::all(&stage).await?;

    let mut versus = None;
    if vs_flask {
        versus = Some(Versus::new(&stage).await?);
    }

    heading("Cold starts, those at a small share, and warm requests, in turns");
    let mut measured: Vec<_> = subjects.iter().map(|_| Measured::default()).collect();
    let mut slow = slow::all();
    let mut hashes = Vec::new();
    for turn in 1..=TURNS {
        println!("turn {turn} of {TURNS}");
        cold::cold(&stage, &mut subjects, &mut measured).await?;
        for slow in &mut slow {
            slow.turn(&stage, &mut subjects).await?;
        }
        hashes.extend(warm::warm(&stage, &mut subjects, &mut measured).await?);
        if let Some(versus) = &mut versus {
            versus.turn(&stage, &mut subjects).await?;
        }
    }
    let mut others: Vec<_> = slow.iter().map(Slow::goal).collect();
    let mut flask = Value::Null;
    if let Some(versus) = versus {
        let (shown, goals) = versus.report();
        flask = shown;
        others.extend(goals);
    }
    let all = subjects.into_iter().zip(measured).collect();
    Ok((Results { all, hashes }, others, flask))
}

/// Prints what was measured, what it costs and how it stands to the goals; the same as JSON.
fn print_report(results: &Results, others: Vec<Goal>, flask: &Value) -> Result<Value, Error> {
    heading("Medians; base is the function that does nothing");
    let functions = report::functions(results)?;
    let (costs, login) = cost::tell(results)?;
    let goals = [goals::all(results)?, others, vec![login]].concat();
    Ok(json!({
        "functions": functions,
        "hash_p50_us": median(&results.hashes) * 1e6,
        "costs": costs,
        "flask": flask,
        "goals": report::goals(&goals),
    }))
}
