//! `cargo xtask bench`: how fast the functions are, as ratios to what the platform itself costs, measured in one run.

mod against;
mod build;
mod cost;
mod flask;
mod goals;
mod hasher;
mod lambda;
mod measure;
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
mod tls;
mod usage;
mod versus;
mod warm;

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use crate::Error;
use crate::terminal::heading;
use goals::Goal;
use results::Results;
use sample::median;
use stage::Stage;

#[derive(Debug, Args)]
pub(crate) struct Options {
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

pub(crate) async fn run(options: Options) -> Result<(), Error> {
    if cfg!(debug_assertions) {
        return build::become_harness().await;
    }
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
    let all = told(&results, others, &flask)?;
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

    heading("Cold starts");
    let mut measured = measure::cold(&stage, &mut subjects).await?;
    let mut others = slow::all(&stage, &mut subjects).await?;
    heading("Warm requests");
    let hashes = warm::warm(&stage, &mut subjects, &mut measured).await?;
    let mut flask = Value::Null;
    if vs_flask {
        heading("The same work by Flask, one worker of gunicorn");
        let (shown, goals) = versus::flask(&stage, &mut subjects).await?;
        flask = shown;
        others.extend(goals);
    }
    let all = subjects.into_iter().zip(measured).collect();
    Ok((Results { all, hashes }, others, flask))
}

/// Prints what was measured, what it costs and how it stands to the goals; the same as JSON.
fn told(results: &Results, others: Vec<Goal>, flask: &Value) -> Result<Value, Error> {
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
