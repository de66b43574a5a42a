//! The key ring of a deployment, and what time it is there.

use std::time::UNIX_EPOCH;

use accounts::Timestamp;
use keyring::{Rotation, RotationError};
use tables::{AnswerTime, SealedRing};

use crate::Error;

/// The difference that is allowed between this machine's clock and that of the tables, in seconds.
const TOLERANCE: u64 = 5;

pub(crate) struct KeyRing {
    rotation: Rotation,
    time: AnswerTime,
}

impl KeyRing {
    /// The ring that this rotation changes, through a client whose answers have this time.
    pub(crate) fn new(rotation: Rotation, time: AnswerTime) -> Self {
        Self { rotation, time }
    }

    /// The ring as it is stored, and the time by the answer.
    pub(crate) async fn read(&self) -> Result<(SealedRing, Timestamp), Error> {
        let ring = self.rotation.ring().await?.ok_or(RotationError::NoRing)?;
        let time = self.time.last();
        Ok((ring, time.ok_or("the answer of DynamoDB has no date")?))
    }

    /// Activates the next keys.
    pub(crate) async fn rotate(&self) -> Result<(SealedRing, Timestamp), Error> {
        let now = self.now().await?;
        Ok((self.rotation.rotate(now).await?, now))
    }

    /// Ends these signing keys and MAC keys.
    pub(crate) async fn retire(&self, ids: &[String]) -> Result<(), Error> {
        let now = self.now().await?;
        for id in ids {
            changed(id, self.rotation.retire(id, now).await)?;
        }
        Ok(())
    }

    /// Has the successors of these factor keys seal.
    pub(crate) async fn end_turns(&self, ids: &[String]) -> Result<(), Error> {
        let now = self.now().await?;
        for id in ids {
            changed(id, self.rotation.end_turn(id, now).await)?;
        }
        Ok(())
    }

    /// Removes these factor keys from the ring.
    pub(crate) async fn remove_factor_keys(&self, ids: &[String]) -> Result<(), Error> {
        let now = self.now().await?;
        for id in ids {
            changed(id, self.rotation.remove_factor_key(id, now).await)?;
        }
        Ok(())
    }

    /// The time of a change of the ring: DynamoDB's, since functions go by clocks that AWS keeps. A
    /// key that was retired by a slow clock would stay valid, and one that was activated by a fast
    /// clock would sign before all functions know it. If the clock of this machine differs, nothing
    /// is changed: one of the two cannot be trusted.
    async fn now(&self) -> Result<Timestamp, Error> {
        let (_, now) = self.read().await?;
        let own = UNIX_EPOCH.elapsed()?.as_secs();
        let off = own.abs_diff(now);
        if off <= TOLERANCE {
            return Ok(now);
        }
        let direction = if own > now { "ahead of" } else { "behind" };
        Err(format!("nothing was changed: the clock of this machine is {off} seconds {direction} DynamoDB's; set it and try again").into())
    }
}

fn changed(id: &str, change: Result<SealedRing, RotationError>) -> Result<(), Error> {
    match change {
        // Named twice, or retired by somebody else meanwhile: it is as it should be.
        Ok(_) | Err(RotationError::Unknown) => Ok(()),
        Err(error) => Err(format!("{id} is not retired: {error}").into()),
    }
}
