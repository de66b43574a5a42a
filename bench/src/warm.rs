//! Warm answers, asked for in turn so that whatever else the machine does falls on all alike.

use std::time::Duration;

use super::hasher::Hasher;
use super::lambda::Environment;
use super::measured::{BASE, Measured, ROUNDS_A_TURN, Warm};
use super::stage::Stage;
use super::subject::Subject;
use super::usage;
use crate::Error;

/// The number of requests in a row, and where each request hashes, which is slow.
const IN_A_ROW: u32 = 20;
const HASHES_IN_A_ROW: u32 = 3;

async fn row(
    warm: &mut Warm,
    subject: &mut Subject,
    environment: &mut Environment,
) -> Result<(), Error> {
    let process = [environment.id()?];
    let before = usage::computing(&process)?;
    for _ in 0..in_a_row(subject) {
        let (took, answer) = environment.invoke(&subject.event()).await?;
        subject.take(&answer)?;
        warm.took.push(took);
    }
    let computing = usage::computing(&process)? - before;
    warm.computing.push(computing / in_a_row(subject));
    Ok(())
}

fn in_a_row(subject: &Subject) -> u32 {
    if subject.hashes() {
        HASHES_IN_A_ROW
    } else {
        IN_A_ROW
    }
}

/// Asks each function, again and again, and base before it, and has a password hashed after each that hashes; how long these
/// hashes took. Each turn asks other environments, since one process is not as fast as the next.
pub(super) async fn warm(
    stage: &Stage,
    subjects: &mut [Subject],
    measured: &mut [Measured],
) -> Result<Vec<Duration>, Error> {
    let mut hashes = Vec::new();
    let mut hasher = Hasher::start()?;
    hasher.hashes(1).await?;
    let mut environments = Vec::new();
    for subject in subjects.iter_mut() {
        environments.push(answering(stage, subject).await?);
    }
    for _ in 0..ROUNDS_A_TURN {
        for (index, measured) in measured.iter_mut().enumerate() {
            for (at, shown) in [(BASE, &mut measured.base_warm), (index, &mut measured.warm)] {
                row(shown, &mut subjects[at], &mut environments[at]).await?;
            }
            if subjects[index].hashes() {
                hashes.extend(hasher.hashes(HASHES_IN_A_ROW).await?);
            }
        }
    }
    for (environment, measured) in environments.into_iter().zip(measured) {
        measured.memory = measured.memory.max(usage::peak_memory(environment.id()?)?);
        environment.end().await?;
    }
    Ok(hashes)
}

/// One that has answered.
async fn answering(stage: &Stage, subject: &mut Subject) -> Result<Environment, Error> {
    let mut environment =
        Environment::start(&subject.binary(), &stage.variables(subject.name)).await?;
    let (_, answer) = environment.invoke(&subject.event()).await?;
    subject.take(&answer)?;
    Ok(environment)
}
