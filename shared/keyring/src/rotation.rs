//! The rotation of the key ring.

use accounts::{FactorKeyTimes, MacKeyTimes, Timestamp};
use claims::RingKey;
use claims::lifecycle::{self, Lifecycle};
use tables::{Keys, SealedFactors, SealedKey, SealedMacs, SealedRing};

use crate::schedule::{LONGEST_TOKEN, earliest_activation, soon};
use crate::{RING_AGE, RotationError, Schedule, Sealer};

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
    /// never active is removed from the ring.
    ///
    /// # Errors
    ///
    /// [`RotationError::Unknown`], [`RotationError::NoRing`], [`RotationError::Table`],
    /// [`RotationError::Sealing`].
    pub async fn retire(&self, id: &str, now: Timestamp) -> Result<SealedRing, RotationError> {
        self.change(Change::Retire(id), now).await
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
            (None, Change::Retire(_)) => return Err(RotationError::NoRing),
            (None, _) => SealedRing::default(),
        };
        if let Change::Retire(id) = change {
            retire(&mut new, id, now)?;
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

fn insert(ring: &mut SealedRing, key: &claims::Jwk, sealed: SealedKey) {
    // A key without a name is refused with the ring it would be in.
    let kid = key.common.key_id.clone().unwrap_or_default();
    ring.sealed.insert(kid, sealed);
}

fn activate_successors(new: &mut SealedRing, now: Timestamp) {
    if let Some(next) = new.ring.successor(now) {
        let signs_from = earliest_activation(next.published_at, now).min(next.signs_from);
        new.ring.activate_successor(now, signs_from, LONGEST_TOKEN);
    }
    if let Some(next) = lifecycle::next(&new.macs.times, now) {
        let signs_from = soon(now).min(next.signs_from);
        lifecycle::activate_next(&mut new.macs.times, now, signs_from);
    }
    if let Some(next) = lifecycle::next(&new.factors.times, now) {
        let seals_from = soon(now).min(next.seals_from);
        lifecycle::activate_next(&mut new.factors.times, now, seals_from);
    }
}

fn retire(new: &mut SealedRing, id: &str, now: Timestamp) -> Result<(), RotationError> {
    let is = |key: &&RingKey| key.kid() == Ok(id) && !key.is_retired(now);
    if new.ring.keys.iter().any(|key| is(&key)) {
        new.ring.retire(id, now, LONGEST_TOKEN);
        return Ok(());
    }
    let times = &mut new.macs.times;
    let in_force = lifecycle::active(times, now).is_some_and(|key| key.id == id);
    let position = times
        .iter()
        .position(|key| key.id == id && !key.is_retired(now))
        .ok_or(RotationError::Unknown)?;
    if times[position].active_from() > now {
        // It has tagged nothing, so that nothing has to be computed with it again.
        times.remove(position);
    } else {
        times[position].gone_at = Some(now);
    }
    if in_force {
        lifecycle::activate_next(times, now, now);
    }
    Ok(())
}

/// A MAC key stays for as long as a successor of a token may have to be computed with it again.
fn drop_retired(new: &mut SealedRing, now: Timestamp) {
    let times = &mut new.macs.times;
    times.retain(|key| !key.is_retired(now.saturating_sub(2 * RING_AGE)));
    let kept = |id: &String| times.iter().any(|key| key.id == *id);
    new.macs.sealed.retain(|id, _| kept(id));
    new.ring.keys.retain(|key| !key.is_retired(now));
    let keys = &new.ring.keys;
    let kept = |kid: &String| keys.iter().any(|key| key.kid() == Ok(kid));
    new.sealed.retain(|kid, _| kept(kid));
}

/// The next version if something has changed, and the same if nothing has.
fn with_version(old: Option<SealedRing>, mut new: SealedRing) -> SealedRing {
    let version = old.as_ref().map_or(0, |old| old.ring.version);
    new.ring.version = version;
    let same = old.is_some_and(|old| {
        old.ring == new.ring
            && old.macs.times == new.macs.times
            && old.factors.times == new.factors.times
    });
    if !same {
        new.ring.version = version.saturating_add(1);
    }
    new
}
