//! `cargo xtask bench`: how fast the functions are, as ratios to what the platform itself costs, measured in one run.

mod against;
mod build;
mod cost;
mod flask;
mod goals;
mod lambda;
mod measure;
mod plots;
mod prices;
mod report;
mod share;
mod slow;
mod stage;
mod subject;
mod tls;
mod usage;
mod versus;

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use crate::Error;
use crate::terminal::heading;
use goals::Goal;
use measure::median;
use report::computing;
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
    heading("A DynamoDB behind TLS");
    let stage = Stage::set().await?;
    stage.account().await?;
    println!("it listens on {}", stage.url());
    let mut subjects = subject::all(&stage).await?;

    heading("Cold starts");
    let mut measured = measure::cold(&stage, &mut subjects).await?;
    let slow = slow::all(&stage, &mut subjects).await?;
    heading("Warm requests");
    let hashes = measure::warm(&stage, &mut subjects, &mut measured).await?;
    let (flask, versus) = if options.vs_flask {
        heading("The same work by Flask, one worker of gunicorn");
        versus::flask(&stage, &mut subjects).await?
    } else {
        (Value::Null, Vec::new())
    };

    heading("Medians; base is the function that does nothing");
    let functions = report::functions(&subjects, &measured)?;
    let of = |name: &str| {
        let index = subjects.iter().position(|subject| subject.name == name)?;
        Some(computing(&measured[index]))
    };
    let (costs, login) = cost::tell(of);
    let mut goals = goals::all(&subjects, &measured, median(&hashes).as_secs_f64())?;
    goals.extend(slow);
    goals.extend(versus);
    goals.push(Goal::dollars(
        "cost of a million logins, HTTP API and DynamoDB included",
        login,
        3.5,
    ));
    let goals = report::goals(&goals);
    let hash_us = median(&hashes).as_secs_f64() * 1e6;
    let all = json!({
        "functions": functions,
        "hash_p50_us": hash_us,
        "costs": costs,
        "flask": flask,
        "goals": goals,
    });
    if let Some(file) = options.json {
        std::fs::write(file, format!("{all:#}\n"))?;
    }
    if let Some(directory) = options.plots {
        plots::draw(&all, &directory)?;
    }
    before.map_or(Ok(()), |before| against::compare(&before, &all))
}
