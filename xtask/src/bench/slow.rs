//! At a small function's share of the processor, where this machine can give one.

use super::goals::Goal;
use super::measure;
use super::sample::{middle, ratio};
use super::share::Share;
use super::stage::Stage;
use super::subject::Subject;
use crate::Error;
use crate::terminal::heading;

/// Two that do the same work: ours and the usual, at the share of so many MB, how much of the usual's time ours may take, and
/// how often both start.
const PAIRS: [(&str, &str, u64, f64, usize); 2] = [
    ("protected", "usual-call", 128, 1.0 / 15.0, 41),
    ("login", "usual-login", 512, 1.0 / 8.0, 121),
];

pub(super) async fn all(stage: &Stage, subjects: &mut [Subject]) -> Result<Vec<Goal>, Error> {
    let mut goals = Vec::new();
    for (ours, usual, memory_mb, at_most, starts) in PAIRS {
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
        let firsts = measure::cold_at(&share, stage, pair, starts).await?;
        let [one, other] = &firsts;
        println!(
            "start to first answer: {ours} {:.1} ms, {usual} {:.1} ms",
            middle(one) * 1e3,
            middle(other) * 1e3
        );
        let what =
            format!("start to first answer of {ours} ÷ {usual}'s, at {memory_mb} MB's share");
        let ratio = ratio(one, other, starts);
        goals.push(Goal::ratio(what, ratio, at_most));
    }
    Ok(goals)
}
