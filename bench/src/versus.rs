//! The same work by functions and by Flask, in turn.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::goals::Goal;
use super::pair::Pair;
use super::stage::Stage;
use super::subject::{Subject, named};
use super::work::WORK;
use crate::Error;
use crate::terminal::heading;

/// All of that work, and what both sides showed of it.
pub(super) struct Versus {
    /// Where gunicorn is.
    bin: PathBuf,
    pairs: Vec<Pair>,
}

impl Versus {
    /// Has Flask know the account.
    pub(super) async fn new(stage: &Stage) -> Result<Self, Error> {
        let bin = std::env::var_os("LATCHKEY_FLASK");
        let bin = bin.ok_or("Flask is installed by `cargo xtask bench --vs-flask`")?;
        let bin = PathBuf::from(bin);
        let mut pairs = Vec::new();
        for work in &WORK {
            pairs.push(Pair::new(&bin, stage, work).await?);
        }
        Ok(Self { bin, pairs })
    }

    /// Has both sides do all of it.
    pub(super) async fn turn(
        &mut self,
        stage: &Stage,
        subjects: &mut [Subject],
    ) -> Result<(), Error> {
        for pair in &mut self.pairs {
            let subject = named(subjects, pair.work.function)?;
            pair.turn(&self.bin, stage, subject).await?;
        }
        Ok(())
    }

    /// Prints both sides, and holds the one to the other.
    pub(super) fn report(&self) -> (Value, Vec<Goal>) {
        heading("The same work by Flask, one worker of gunicorn");
        println!(
            "{:30} {:>10} {:>14} {:>12} {:>16} {:>10}",
            "", "", "first answer", "a second", "a CPU second", "memory"
        );
        let mut rows = Vec::new();
        let mut goals = Vec::new();
        for pair in &self.pairs {
            let (work, ratios) = (pair.work, pair.ratios());
            let (ours, theirs) = (pair.ours.figures(), pair.theirs.figures());
            tell(work.what, &ours, &theirs, &ratios);
            rows.push(json!({
                "work": work.what,
                "first_ms": [ours[0], theirs[0]],
                "per_second": [ours[1], theirs[1]],
                "per_cpu_second": [ours[2], theirs[2]],
                "memory_mb": [ours[3], theirs[3]],
            }));
            let names = ["start to first answer", "computing", "memory"];
            for ((name, ratio), at_most) in names.iter().zip(ratios).zip(work.at_most) {
                let what = format!("{}: {name} ÷ Flask's", work.what);
                goals.push(match at_most {
                    Some(at_most) => Goal::ratio(what, ratio, at_most),
                    None => Goal::compared(what, ratio),
                });
            }
        }
        (rows.into(), goals)
    }
}

/// Both sides' figures, and by how many times ours are better.
fn tell(what: &str, ours: &[f64; 4], theirs: &[f64; 4], ratios: &[f64; 3]) {
    for (side, [first, rate, computing, memory]) in [("Latchkey", ours), ("Flask", theirs)] {
        println!(
            "{:30} {side:>10} {first:11.1} ms {rate:12.0} {computing:16.0} {memory:7.1} MB",
            what
        );
    }
    println!(
        "{:30} {:>10} {:11.1} x  {:11.1}x {:15.1}x {:7.1} x",
        "",
        "",
        1.0 / ratios[0],
        ours[1] / theirs[1],
        1.0 / ratios[1],
        1.0 / ratios[2]
    );
}
