//! `cargo xtask bench`: how fast the functions are, as ratios to what the platform itself costs, measured in one run.

mod cost;
mod lambda;
mod measure;
mod prices;
mod report;
mod share;
mod stage;
mod subject;
mod tls;

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use testing::template::Template;

use crate::terminal::{execute, heading};
use crate::{Error, tools};
use measure::{Measured, median};
use report::{Goal, first, init, size, warm};
use share::Share;
use stage::Stage;
use subject::Subject;

/// What functions are measured against, beside one that is built as the SDK comes.
const FLOORS: [&str; 5] = [
    "floor-nothing",
    "floor-call",
    "floor-issue",
    "floor-stateless",
    "floor-hash",
];

/// Memory of the smallest function that Lambda has.
const SMALLEST_MB: u64 = 128;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Also write what was measured to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

pub(crate) async fn run(options: Options) -> Result<(), Error> {
    heading("Building the functions as they are deployed, and what they are measured against");
    build().await?;
    heading("A DynamoDB behind TLS");
    let stage = Stage::set().await?;
    stage.account().await?;
    println!("it listens on {}", stage.url());
    let mut subjects = subject::all(&stage).await?;

    heading("Cold starts");
    let mut measured = measure::cold(&stage, &mut subjects).await?;
    let slow = slow(&stage, &mut subjects).await?;
    heading("Warm requests");
    let hashes = measure::warm(&stage, &mut subjects, &mut measured).await?;

    heading("Medians; base is the function that does nothing");
    let functions = report::functions(&subjects, &measured)?;
    let computing = |name: &str| {
        let index = subjects.iter().position(|subject| subject.name == name)?;
        Some(warm(&measured[index]))
    };
    let (costs, login) = cost::tell(computing);
    let mut goals = goals(&subjects, &measured, median(&hashes).as_secs_f64())?;
    goals.extend(slow);
    goals.push(Goal {
        what: "cost of a million logins, HTTP API and DynamoDB included",
        measured: login,
        at_most: 3.5,
        unit: "$",
    });
    let goals = report::goals(&goals);
    if let Some(file) = options.json {
        let hash_us = median(&hashes).as_secs_f64() * 1e6;
        let all = json!({ "functions": functions, "hash_p50_us": hash_us, "costs": costs, "goals": goals });
        std::fs::write(file, format!("{all:#}\n"))?;
    }
    Ok(())
}

async fn build() -> Result<(), Error> {
    let mut build = tools::cargo();
    build.args(["build", "--release", "--locked"]);
    for function in Template::load().functions() {
        build.args(["--bin", &function.name]);
    }
    execute(&mut build).await?;
    let mut floors = tools::cargo();
    floors.args(["build", "--release", "--locked", "--package", "floors"]);
    for floor in FLOORS {
        floors.args(["--bin", floor]);
    }
    execute(&mut floors).await?;
    let mut usual = tools::cargo();
    usual
        .args(["build", "--release", "--locked", "--package", "floors"])
        .args(["--bin", "floor-usual"])
        .args(["--target-dir", "target/bench/usual"])
        // What is in the environment already wins over the workspace's own setting.
        .env("AWS_LC_SYS_NO_JITTER_ENTROPY", "0");
    execute(&mut usual).await
}

/// At a small function's share of the processor, where this machine can give one.
async fn slow(stage: &Stage, subjects: &mut [Subject]) -> Result<Option<Goal>, Error> {
    let share = match Share::of(SMALLEST_MB) {
        Ok(share) => share,
        Err(reason) => {
            println!("no share of {SMALLEST_MB} MB can be had here: {reason}");
            return Ok(None);
        }
    };
    let find = |name| subjects.iter().position(|subject| subject.name == name);
    let measured = find("protected").zip(find("floor-usual"));
    let (protected, usual) = measured.ok_or("they are among the subjects")?;
    let pair = subjects.get_disjoint_mut([protected, usual])?;
    let firsts = measure::cold_at(&share, stage, pair).await?;
    let firsts = firsts.map(|sample| median(&sample));
    println!(
        "at {SMALLEST_MB} MB the first answers come after {firsts:?}: protected, and the usual build"
    );
    let firsts = firsts.map(|first| first.as_secs_f64());
    Ok(Some(Goal {
        what: "start to first answer of protected ÷ the usual build's, at 128 MB's share",
        measured: firsts[0] / firsts[1],
        at_most: 1.0 / 15.0,
        unit: "",
    }))
}

fn goals(subjects: &[Subject], measured: &[Measured], hash: f64) -> Result<Vec<Goal>, Error> {
    let of = |name: &str| {
        let index = subjects.iter().position(|subject| subject.name == name);
        index
            .map(|index| &measured[index])
            .ok_or_else(|| format!("{name} was not measured"))
    };
    let base = of("floor-nothing")?;
    let is_function = |subject: &Subject| !subject.name.starts_with("floor-");
    let functions = || {
        subjects
            .iter()
            .zip(measured)
            .filter(|(subject, _)| is_function(subject))
    };
    let slowest = functions()
        .map(|(_, measured)| init(measured) / init(base))
        .fold(0.0, f64::max);
    let mut largest = 0.0_f64;
    for (subject, _) in functions() {
        largest = largest.max(size(subject)? / size(&subjects[0])?);
    }
    let guards = ["protected", "discovery", "authorizer"];
    let mut guarding = 0;
    for guard in guards {
        guarding = guarding.max(of(guard)?.memory);
    }
    let ratio = |what, measured, at_most| Goal {
        what,
        measured,
        at_most,
        unit: "",
    };
    let memory = |what, bytes: u64, at_most| Goal {
        what,
        measured: bytes as f64 / 1e6,
        at_most,
        unit: "MB",
    };
    Ok(vec![
        ratio("init of the slowest function ÷ base", slowest, 3.5),
        ratio(
            "start to first answer of protected ÷ the usual build's",
            first(of("protected")?) / first(of("floor-usual")?),
            1.0 / 7.0,
        ),
        ratio("login ÷ one bare hash", warm(of("login")?) / hash, 1.12),
        ratio(
            "stateless guard ÷ base",
            warm(of("floor-stateless")?) / warm(base),
            1.8,
        ),
        ratio(
            "protected ÷ (base + one call)",
            warm(of("protected")?) / warm(of("floor-call")?),
            1.3,
        ),
        ratio(
            "refresh ÷ (base + two calls at once + one signature)",
            warm(of("refresh")?) / warm(of("floor-issue")?),
            1.2,
        ),
        ratio("largest binary ÷ base", largest, 3.2),
        memory(
            "peak memory of a function that guards alone",
            guarding,
            12.0,
        ),
        memory("peak memory of login", of("login")?.memory, 36.0),
    ])
}
