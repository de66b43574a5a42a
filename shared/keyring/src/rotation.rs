//! The rotation of the key ring.

mod edits;

use accounts::{FactorKeyTimes, MacKeyTimes, Timestamp};
use claims::lifecycle;
use tables::{Keys, SealedFactors, SealedMacs, SealedRing};

use crate::schedule::LONGEST_TOKEN;
use crate::{RotationError, Schedule, Sealer};
use edits::{
    activate_successors, drop_retired, end_turn, insert, remove_factor_key, retire, with_version,
};

/// The number of attempts at a change of the ring while others change it.
const ATTEMPTS: usize = 5;

/// Changes the stored ring, always on the condition of the version that it has read.
#[derive(Debug)]
pub struct Rotation {
    table: Keys,
    sealer: Sealer,
    schedule: Schedule,
}

/// A change of the ring.
#[derive(Clone, Copy)]
enum Change<'a> {
    /// The change that the schedule asks for.
    Scheduled,
    /// The successors become active as soon as possible.
    Rotate,
    /// The key with this id is retired.
    Retire(&'a str),
    /// The factor key with this id seals no more.
    EndTurn(&'a str),
    /// The factor key with this id leaves the ring.
    Remove(&'a str),
}

impl Rotation {
    /// The ring of that table, whose keys that sealer makes.
    pub fn new(table: Keys, sealer: Sealer, schedule: Schedule) -> Self {
        Self {
            table,
            sealer,
            schedule,
        }
    }

    /// Returns the ring as it is stored; `None` if there is none yet.
    ///
    /// # Errors
    ///
    /// [`RotationError::Table`].
    pub async fn ring(&self) -> Result<Option<SealedRing>, RotationError> {
        Ok(self.table.sealed().await?)
    }

    /// Makes sure that a key is active, that its successor is published in time, and that retired
    /// keys are removed. If nothing is to be done, nothing is written. The first key of a ring is
    /// active at once.
    ///
    /// # Errors
    ///
    /// [`RotationError::Table`], [`RotationError::Sealing`].
    pub async fn maintain(&self, now: Timestamp) -> Result<SealedRing, RotationError> {
        self.change(Change::Scheduled, now).await
    }

    /// Activates the successors as soon as every verifier can know them: at once, or as long after
    /// their publication as caches may last.
    ///
    /// # Errors
    ///
    /// [`RotationError::Table`], [`RotationError::Sealing`].
    pub async fn rotate(&self, now: Timestamp) -> Result<SealedRing, RotationError> {
        self.change(Change::Rotate, now).await
    }

    /// Retires a key, signing key or MAC key, at once, and activates its successor. A key that was
    /// never active is removed from the ring. A factor key is none that this knows: see
    /// [`Rotation::end_turn`].
    ///
    /// # Errors
    ///
    /// [`RotationError::Unknown`], [`RotationError::NoRing`], [`RotationError::Table`],
    /// [`RotationError::Sealing`].
    pub async fn retire(&self, id: &str, now: Timestamp) -> Result<SealedRing, RotationError> {
        self.change(Change::Retire(id), now).await
    }

    /// Ends the time in which a factor key seals: its successor is active at once. The key stays in
    /// the ring and opens what it sealed. A key that was never active is removed from the ring.
    ///
    /// # Errors
    ///
    /// As [`Rotation::retire`].
    pub async fn end_turn(&self, id: &str, now: Timestamp) -> Result<SealedRing, RotationError> {
        self.change(Change::EndTurn(id), now).await
    }

    /// Removes a factor key from the ring. Nothing that it sealed opens afterwards: whoever calls
    /// this has sealed all of it anew, after the time of [`idle_from`](crate::idle_from).
    ///
    /// # Errors
    ///
    /// As [`Rotation::retire`]; [`RotationError::InUse`] where a function may still seal with it.
    pub async fn remove_factor_key(
        &self,
        id: &str,
        now: Timestamp,
    ) -> Result<SealedRing, RotationError> {
        self.change(Change::Remove(id), now).await
    }

    async fn change(
        &self,
        change: Change<'_>,
        now: Timestamp,
    ) -> Result<SealedRing, RotationError> {
        let mut attempts = 0;
        loop {
            attempts += 1;
            let stored = self.table.sealed().await?;
            let old_version = stored.as_ref().map(|stored| stored.ring.version);
            let new = self.changed(stored, change, now).await?;
            if old_version == Some(new.ring.version) {
                return Ok(new);
            }
            match self.table.replace(&new, old_version).await {
                Ok(()) => return Ok(new),
                Err(tables::Error::Conflict) if attempts < ATTEMPTS => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn changed(
        &self,
        stored: Option<SealedRing>,
        change: Change<'_>,
        now: Timestamp,
    ) -> Result<SealedRing, RotationError> {
        let old = stored.clone();
        let mut new = match (stored, change) {
            (Some(stored), _) => stored,
            (None, Change::Scheduled | Change::Rotate) => SealedRing::default(),
            (None, _) => return Err(RotationError::NoRing),
        };
        match change {
            Change::Scheduled | Change::Rotate => {}
            Change::Retire(id) => retire(&mut new, id, now)?,
            Change::EndTurn(id) => {
                // Or there would be none to take over.
                self.add_missing_factor_keys(&mut new.factors, now).await?;
                end_turn(&mut new.factors.times, id, now)?;
            }
            Change::Remove(id) => remove_factor_key(&mut new.factors.times, id, now)?,
        }
        self.add_missing_signing_keys(&mut new, now).await?;
        self.add_missing_mac_keys(&mut new.macs, now).await?;
        self.add_missing_factor_keys(&mut new.factors, now).await?;
        if let Change::Rotate = change {
            activate_successors(&mut new, now);
        }
        lifecycle::schedule_retirement(&mut new.macs.times, now, self.schedule.mac_tail());
        drop_retired(&mut new, now);
        Ok(with_version(old, new))
    }

    /// Makes the signing keys that are missing, and activates a successor earlier if it is due.
    async fn add_missing_signing_keys(
        &self,
        new: &mut SealedRing,
        now: Timestamp,
    ) -> Result<(), RotationError> {
        if new.ring.signer(now).is_none() {
            let key = self.sealer.signing_key(self.schedule.algorithm).await?;
            insert(new, &key.jwk, key.sealed);
            new.ring.succeed_at_once(key.jwk, now, LONGEST_TOKEN);
        }
        if let Some(signs_from) = self.schedule.next_signs_from(&new.ring, now) {
            let key = self.sealer.signing_key(self.schedule.algorithm).await?;
            insert(new, &key.jwk, key.sealed);
            new.ring.publish(key.jwk, now, signs_from, LONGEST_TOKEN);
        }
        if let Some(signs_from) = self.schedule.brought_forward(&new.ring, now) {
            new.ring.activate_successor(now, signs_from, LONGEST_TOKEN);
        }
        Ok(())
    }

    /// Makes the MAC keys that are missing.
    async fn add_missing_mac_keys(
        &self,
        macs: &mut SealedMacs,
        now: Timestamp,
    ) -> Result<(), RotationError> {
        while let Some(signs_from) = self.schedule.next_mac_from(&macs.times, now) {
            let id = new_id();
            let sealed = self.sealer.mac_key(&id).await?;
            macs.sealed.insert(id.clone(), sealed);
            macs.times.push(MacKeyTimes {
                id,
                signs_from,
                gone_at: None,
            });
        }
        Ok(())
    }

    /// Makes the factor keys that are missing.
    async fn add_missing_factor_keys(
        &self,
        factors: &mut SealedFactors,
        now: Timestamp,
    ) -> Result<(), RotationError> {
        while let Some(seals_from) = Schedule::next_factor_from(&factors.times, now) {
            let id = new_id();
            let sealed = self.sealer.factor_key(&id).await?;
            factors.sealed.insert(id.clone(), sealed);
            factors.times.push(FactorKeyTimes { id, seals_from });
        }
        Ok(())
    }
}

/// A fresh id of a symmetric key: 16 hexadecimal digits.
fn new_id() -> String {
    format!("{:016x}", uuid::Uuid::new_v4().as_u64_pair().0)
}
