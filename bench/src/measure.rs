//! What each function shows, and its starts: taken in turn so that whatever else the machine does falls on all alike.

use std::time::Duration;

use super::TURNS;
use super::lambda::Environment;
use super::sample::ratio;
use super::share::Share;
use super::stage::Stage;
use super::subject::Subject;
use super::warm::{ROUNDS, Warm};
use crate::Error;

/// Which of the subjects the others are compared with: the function that does nothing.
pub(super) const BASE: usize = 0;
/// How often each function starts in a turn, and in all.
const STARTS_A_TURN: usize = 12;
pub(super) const STARTS: usize = TURNS * STARTS_A_TURN;

/// What one function showed.
#[derive(Debug, Default)]
pub(super) struct Measured {
    pub(super) starts: Starts,
    pub(super) warm: Warm,
    /// What base showed, each time just before.
    base_starts: Starts,
    pub(super) base_warm: Warm,
    /// The most that one environment had, in bytes.
    pub(super) memory: u64,
}

impl Measured {
    /// How many times the first poll of base its first poll is.
    pub(super) fn init_to_base(&self) -> f64 {
        ratio(&self.starts.init, &self.base_starts.init, STARTS)
    }

    /// How many times the first answer of base its first answer is.
    pub(super) fn first_to_base(&self) -> f64 {
        ratio(&self.starts.first, &self.base_starts.first, STARTS)
    }

    /// How many times a warm answer of base its warm answer is.
    pub(super) fn warm_to_base(&self) -> f64 {
        ratio(&self.warm.took, &self.base_warm.took, ROUNDS)
    }

    /// How many times as long as base it computes for a warm answer.
    pub(super) fn computing_to_base(&self) -> f64 {
        ratio(&self.warm.computing, &self.base_warm.computing, ROUNDS)
    }
}

/// What starts took.
#[derive(Debug, Default)]
pub(super) struct Starts {
    /// From the start of the process until it asked for its first event.
    pub(super) init: Vec<Duration>,
    /// From the start of the process to its first answer.
    pub(super) first: Vec<Duration>,
}

impl Starts {
    async fn again(&mut self, stage: &Stage, subject: &mut Subject) -> Result<(), Error> {
        let (init, first) = start(stage, subject, None).await?;
        self.init.push(init);
        self.first.push(init + first);
        Ok(())
    }
}

/// Starts each function, again and again, and base before it: base is so short that whatever the machine does at that moment
/// shows in it.
pub(super) async fn cold(
    stage: &Stage,
    subjects: &mut [Subject],
    measured: &mut [Measured],
) -> Result<(), Error> {
    for _ in 0..STARTS_A_TURN {
        for (index, measured) in measured.iter_mut().enumerate() {
            let base = &mut measured.base_starts;
            base.again(stage, &mut subjects[BASE]).await?;
            measured.starts.again(stage, &mut subjects[index]).await?;
        }
    }
    Ok(())
}

/// From start to first answer of a function that has a share of the processor, of its own, from the moment that it is ready:
/// Lambda starts functions at full speed.
pub(super) async fn first_at(
    memory_mb: u64,
    stage: &Stage,
    subject: &mut Subject,
) -> Result<Duration, Error> {
    let share = Share::of(memory_mb)?;
    let (init, first) = start(stage, subject, Some(&share)).await?;
    Ok(init + first)
}

async fn start(
    stage: &Stage,
    subject: &mut Subject,
    share: Option<&Share>,
) -> Result<(Duration, Duration), Error> {
    let mut environment = Environment::start(&subject.binary(), &stage.variables()).await?;
    if let Some(share) = share {
        share.limit(environment.id()?)?;
    }
    let (first, answer) = environment.invoke(&subject.event()).await?;
    subject.take(&answer)?;
    let init = environment.init;
    environment.end().await?;
    Ok((init, first))
}
