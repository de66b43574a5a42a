//! Starts, taken in turn so that whatever else the machine does falls on all alike.

use std::time::Duration;

use super::lambda::Environment;
use super::measured::{BASE, Measured, STARTS_A_TURN, Starts};
use super::share::Share;
use super::stage::Stage;
use super::subject::Subject;
use crate::Error;

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
            again(base, stage, &mut subjects[BASE]).await?;
            again(&mut measured.starts, stage, &mut subjects[index]).await?;
        }
    }
    Ok(())
}

async fn again(starts: &mut Starts, stage: &Stage, subject: &mut Subject) -> Result<(), Error> {
    let (init, first) = start(stage, subject, None).await?;
    starts.init.push(init);
    starts.first.push(init + first);
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
    let mut environment =
        Environment::start(&subject.binary(), &stage.variables(subject.name)).await?;
    if let Some(share) = share {
        share.limit(environment.id()?)?;
    }
    let (first, answer) = environment.invoke(&subject.event()).await?;
    subject.take(&answer)?;
    let init = environment.init;
    environment.end().await?;
    Ok((init, first))
}
