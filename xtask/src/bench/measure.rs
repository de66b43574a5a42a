//! The measurements, taken in turn so that whatever else the machine does falls on all alike.

use std::time::Duration;

use super::hasher::Hasher;
use super::lambda::Environment;
use super::sample::ratio;
use super::share::Share;
use super::stage::Stage;
use super::subject::Subject;
use super::usage;
use crate::Error;

/// Which of the subjects the others are compared with: the function that does nothing.
pub(super) const BASE: usize = 0;
/// How often each function starts.
pub(super) const STARTS: usize = 121;
/// How often it is asked in turn.
pub(super) const ROUNDS: usize = 100;
/// How often in a row, and where each request hashes, which is slow.
const IN_A_ROW: u32 = 10;
const HASHES_IN_A_ROW: u32 = 3;

/// What one function showed.
#[derive(Debug, Default)]
pub(super) struct Measured {
    pub(super) starts: Starts,
    pub(super) warm: Warm,
    /// What base showed, each time just before.
    base: (Starts, Warm),
    /// Bytes.
    pub(super) memory: u64,
}

impl Measured {
    /// How many times the first poll of base its first poll is.
    pub(super) fn init_to_base(&self) -> f64 {
        ratio(&self.starts.init, &self.base.0.init, STARTS)
    }

    /// How many times the first answer of base its first answer is.
    pub(super) fn first_to_base(&self) -> f64 {
        ratio(&self.starts.first, &self.base.0.first, STARTS)
    }

    /// How many times a warm answer of base its warm answer is.
    pub(super) fn warm_to_base(&self) -> f64 {
        ratio(&self.warm.took, &self.base.1.took, ROUNDS)
    }

    /// How many times as long as base it computes for a warm answer.
    pub(super) fn computing_to_base(&self) -> f64 {
        ratio(&self.warm.computing, &self.base.1.computing, ROUNDS)
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

/// What warm answers took.
#[derive(Debug, Default)]
pub(super) struct Warm {
    pub(super) took: Vec<Duration>,
    /// What one of these took of a processor, the mean of each row.
    pub(super) computing: Vec<Duration>,
}

impl Warm {
    async fn row(
        &mut self,
        subject: &mut Subject,
        environment: &mut Environment,
    ) -> Result<(), Error> {
        let process = [environment.id()?];
        let before = usage::computing(&process)?;
        for _ in 0..in_a_row(subject) {
            let (took, answer) = environment.invoke(&subject.event()).await?;
            subject.take(&answer)?;
            self.took.push(took);
        }
        let computing = usage::computing(&process)? - before;
        self.computing.push(computing / in_a_row(subject));
        Ok(())
    }
}

fn in_a_row(subject: &Subject) -> u32 {
    if subject.hashes() {
        HASHES_IN_A_ROW
    } else {
        IN_A_ROW
    }
}

/// Starts each function, again and again, and base before it: base is so short that whatever the machine does at that moment
/// shows in it.
pub(super) async fn cold(stage: &Stage, subjects: &mut [Subject]) -> Result<Vec<Measured>, Error> {
    let mut measured: Vec<_> = subjects.iter().map(|_| Measured::default()).collect();
    for _ in 0..STARTS {
        for (index, measured) in measured.iter_mut().enumerate() {
            measured.base.0.again(stage, &mut subjects[BASE]).await?;
            measured.starts.again(stage, &mut subjects[index]).await?;
        }
    }
    Ok(measured)
}

/// From start to first answer of functions that have a share of the processor from the moment that they are ready: Lambda
/// starts functions at full speed.
pub(super) async fn cold_at(
    share: &Share,
    stage: &Stage,
    subjects: [&mut Subject; 2],
    starts: usize,
) -> Result<[Vec<Duration>; 2], Error> {
    let mut firsts = [Vec::new(), Vec::new()];
    let [one, other] = subjects;
    for _ in 0..starts {
        for (subject, firsts) in [&mut *one, &mut *other].into_iter().zip(&mut firsts) {
            let (init, first) = start(stage, subject, Some(share)).await?;
            firsts.push(init + first);
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

/// Asks each function, again and again, and base before it, and has a password hashed after each that hashes; how long these
/// hashes took.
pub(super) async fn warm(
    stage: &Stage,
    subjects: &mut [Subject],
    measured: &mut [Measured],
) -> Result<Vec<Duration>, Error> {
    let mut environments = Vec::new();
    for subject in subjects.iter_mut() {
        let mut environment = Environment::start(&subject.binary(), &stage.variables()).await?;
        let (_, answer) = environment.invoke(&subject.event()).await?;
        subject.take(&answer)?;
        environments.push(environment);
    }
    let mut hasher = Hasher::start()?;
    let mut hashes = Vec::new();
    for _ in 0..ROUNDS {
        for (index, measured) in measured.iter_mut().enumerate() {
            for (at, shown) in [(BASE, &mut measured.base.1), (index, &mut measured.warm)] {
                shown.row(&mut subjects[at], &mut environments[at]).await?;
            }
            if subjects[index].hashes() {
                for _ in 0..HASHES_IN_A_ROW {
                    hashes.push(hasher.hash().await?);
                }
            }
        }
    }
    for (environment, measured) in environments.into_iter().zip(measured) {
        measured.memory = usage::peak_memory(environment.id()?)?;
        environment.end().await?;
    }
    Ok(hashes)
}
