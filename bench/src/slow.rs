//! At a small function's share of the processor, where this machine can give one.

use std::time::Duration;

use super::cold::first_at;
use super::goals::Goal;
use super::measured::TURNS;
use super::sample::{middle, ratio};
use super::share::Share;
use super::stage::Stage;
use super::subject::{Subject, named};
use crate::Error;

/// Two that do the same work.
struct Pair {
    ours: &'static str,
    usual: &'static str,
    memory_mb: u64,
    rounds_a_turn: usize,
    /// The number of starts in a row of ours and the usual in a round.
    in_a_row: [usize; 2],
}

const PAIRS: [Pair; 2] = [
    Pair {
        ours: "protected",
        usual: "usual-call",
        memory_mb: 128,
        rounds_a_turn: 4,
        // Ours ends within the first period of the quota or has to wait for the next, which takes many starts to even out.
        // The usual waits for dozens, which takes time and evens out by itself.
        in_a_row: [10, 1],
    },
    Pair {
        ours: "login",
        usual: "usual-login",
        memory_mb: 512,
        rounds_a_turn: 10,
        in_a_row: [1, 1],
    },
];

/// The measurements of such a pair.
pub(super) struct Slow {
    pair: Pair,
    /// The times of ours and the usual from start to first answer.
    firsts: [Vec<Duration>; 2],
}

/// Those whose share can be had here; of the others, why not.
pub(super) fn all() -> Vec<Slow> {
    let mut all = Vec::new();
    for pair in PAIRS {
        match Share::of(pair.memory_mb) {
            Ok(_) => all.push(Slow {
                pair,
                firsts: [Vec::new(), Vec::new()],
            }),
            Err(reason) => println!(
                "the share of {} MB is not measured, since it cannot be had here: {reason}",
                pair.memory_mb
            ),
        }
    }
    all
}

impl Slow {
    /// Starts both, again and again.
    pub(super) async fn turn(
        &mut self,
        stage: &Stage,
        subjects: &mut [Subject],
    ) -> Result<(), Error> {
        let Pair {
            ours,
            usual,
            memory_mb,
            in_a_row,
            ..
        } = self.pair;
        for _ in 0..self.pair.rounds_a_turn {
            for ((name, in_a_row), firsts) in [ours, usual]
                .into_iter()
                .zip(in_a_row)
                .zip(&mut self.firsts)
            {
                let subject = named(subjects, name)?;
                for _ in 0..in_a_row {
                    firsts.push(first_at(memory_mb, stage, subject).await?);
                }
            }
        }
        Ok(())
    }

    /// Prints what both took, and compares them.
    pub(super) fn goal(&self) -> Goal {
        let Pair {
            ours,
            usual,
            memory_mb,
            ..
        } = self.pair;
        let [one, other] = &self.firsts;
        println!(
            "start to first answer at the share of {memory_mb} MB: {ours} {:.1} ms, {usual} {:.1} ms",
            middle(one) * 1e3,
            middle(other) * 1e3
        );
        let what =
            format!("start to first answer of {ours} ÷ {usual}'s, at {memory_mb} MB's share");
        let ratio = ratio(one, other, TURNS * self.pair.rounds_a_turn);
        Goal::compared(what, ratio)
    }
}
