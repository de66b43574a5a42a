//! At a small function's share of the processor, where this machine can give one.

use super::goals::Goal;
use super::measure;
use super::sample::{middle, ratio};
use super::share::Share;
use super::stage::Stage;
use super::subject::Subject;
use crate::Error;
use crate::terminal::heading;

/// Two that do the same work.
struct Pair {
    ours: &'static str,
    usual: &'static str,
    memory_mb: u64,
    /// How much of the usual's time ours may take.
    at_most: f64,
    rounds: usize,
    /// How often in a row ours and the usual start.
    in_a_row: [usize; 2],
}

const PAIRS: [Pair; 2] = [
    Pair {
        ours: "protected",
        usual: "usual-call",
        memory_mb: 128,
        at_most: 1.0 / 15.0,
        rounds: 41,
        // Ours ends within the first period of the quota or has to wait for the next, which takes many starts to even out.
        // The usual waits for dozens, which takes time and evens out by itself.
        in_a_row: [10, 1],
    },
    Pair {
        ours: "login",
        usual: "usual-login",
        memory_mb: 512,
        at_most: 1.0 / 8.0,
        rounds: 121,
        in_a_row: [1, 1],
    },
];

pub(super) async fn all(stage: &Stage, subjects: &mut [Subject]) -> Result<Vec<Goal>, Error> {
    let mut goals = Vec::new();
    for pair in PAIRS {
        let Pair {
            ours,
            usual,
            memory_mb,
            at_most,
            rounds,
            in_a_row,
        } = pair;
        heading(&format!("Cold starts at the share of {memory_mb} MB"));
        let share = match Share::of(memory_mb) {
            Ok(share) => share,
            Err(reason) => {
                println!("not measured: no such share can be had here: {reason}");
                continue;
            }
        };
        let find = |name| subjects.iter().position(|subject| subject.name == name);
        let pair = find(ours).zip(find(usual));
        let (one, other) = pair.ok_or("they are among the subjects")?;
        let pair = subjects.get_disjoint_mut([one, other])?;
        let firsts = measure::cold_at(&share, stage, pair, rounds, in_a_row).await?;
        let [one, other] = &firsts;
        println!(
            "start to first answer: {ours} {:.1} ms, {usual} {:.1} ms",
            middle(one) * 1e3,
            middle(other) * 1e3
        );
        let what =
            format!("start to first answer of {ours} ÷ {usual}'s, at {memory_mb} MB's share");
        let ratio = ratio(one, other, rounds);
        goals.push(Goal::ratio(what, ratio, at_most));
    }
    Ok(goals)
}
