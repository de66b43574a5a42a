//! What each function shows, and its starts: taken in turn so that whatever else the machine does falls on all alike.

use std::time::Duration;

use super::lambda::Environment;
use super::sample::ratio;
use super::share::Share;
use super::stage::Stage;
use super::subject::Subject;
use super::warm::{ROUNDS, Warm};
use crate::Error;

/// Which of the subjects the others are compared with: the function that does nothing.
pub(super) const BASE: usize = 0;
/// How often each function starts.
pub(super) const STARTS: usize = 121;

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
pub(super) async fn cold(stage: &Stage, subjects: &mut [Subject]) -> Result<Vec<Measured>, Error> {
    let mut measured: Vec<_> = subjects.iter().map(|_| Measured::default()).collect();
    for _ in 0..STARTS {
        for (index, measured) in measured.iter_mut().enumerate() {
            let base = &mut measured.base_starts;
            base.again(stage, &mut subjects[BASE]).await?;
            measured.starts.again(stage, &mut subjects[index]).await?;
        }
    }
    Ok(measured)
}

/// From start to first answer of functions that have a share of the processor from the moment that they are ready: Lambda
/// starts functions at full speed. In each round both start as often in a row as is said for each.
pub(super) async fn cold_at(
    share: &Share,
    stage: &Stage,
    subjects: [&mut Subject; 2],
    rounds: usize,
    in_a_row: [usize; 2],
) -> Result<[Vec<Duration>; 2], Error> {
    let mut firsts = [Vec::new(), Vec::new()];
    let mut turns: Vec<_> = subjects.into_iter().zip(&mut firsts).collect();
    for _ in 0..rounds {
        for ((subject, firsts), in_a_row) in turns.iter_mut().zip(in_a_row) {
            for _ in 0..in_a_row {
                let (init, first) = start(stage, subject, Some(share)).await?;
                firsts.push(init + first);
            }
        }
    }
    Ok(firsts)
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
