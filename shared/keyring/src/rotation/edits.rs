//! The changes of a rotation to the ring that it has read.

use accounts::{FactorKeyTimes, Timestamp};
use claims::RingKey;
use claims::lifecycle::{self, Lifecycle};
use tables::{SealedKey, SealedRing};

use crate::schedule::{LONGEST_TOKEN, earliest_activation, soon};
use crate::{RING_AGE, RotationError, idle_from};

pub(super) fn insert(ring: &mut SealedRing, key: &claims::Jwk, sealed: SealedKey) {
    // A key without a name is refused with the ring it would be in.
    let kid = key.common.key_id.clone().unwrap_or_default();
    ring.sealed.insert(kid, sealed);
}

pub(super) fn activate_successors(new: &mut SealedRing, now: Timestamp) {
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

pub(super) fn retire(new: &mut SealedRing, id: &str, now: Timestamp) -> Result<(), RotationError> {
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

/// Ends the time in which a factor key seals.
pub(super) fn end_turn(
    keys: &mut Vec<FactorKeyTimes>,
    id: &str,
    now: Timestamp,
) -> Result<(), RotationError> {
    let is_active = lifecycle::active(keys, now).is_some_and(|key| key.id == id);
    let position = keys.iter().position(|key| key.id == id);
    let position = position.ok_or(RotationError::Unknown)?;
    if keys[position].seals_from > now {
        // It has sealed nothing.
        keys.remove(position);
    } else if is_active {
        lifecycle::activate_next(keys, now, now);
    }
    Ok(())
}

/// Removes a factor key that no function seals with any more.
pub(super) fn remove_factor_key(
    keys: &mut Vec<FactorKeyTimes>,
    id: &str,
    now: Timestamp,
) -> Result<(), RotationError> {
    let position = keys.iter().position(|key| key.id == id);
    let position = position.ok_or(RotationError::Unknown)?;
    if idle_from(keys, id).is_none_or(|idle| now < idle) {
        return Err(RotationError::InUse);
    }
    keys.remove(position);
    Ok(())
}

/// A MAC key stays for as long as a successor of a token may have to be computed with it again.
pub(super) fn drop_retired(new: &mut SealedRing, now: Timestamp) {
    let times = &mut new.macs.times;
    times.retain(|key| !key.is_retired(now.saturating_sub(2 * RING_AGE)));
    let kept = |id: &String| times.iter().any(|key| key.id == *id);
    new.macs.sealed.retain(|id, _| kept(id));
    let factors = &new.factors.times;
    let kept = |id: &String| factors.iter().any(|key| key.id == *id);
    new.factors.sealed.retain(|id, _| kept(id));
    new.ring.keys.retain(|key| !key.is_retired(now));
    let keys = &new.ring.keys;
    let kept = |kid: &String| keys.iter().any(|key| key.kid() == Ok(kid));
    new.sealed.retain(|kid, _| kept(kid));
}

/// The next version if something has changed, and the same if nothing has.
pub(super) fn with_version(old: Option<SealedRing>, mut new: SealedRing) -> SealedRing {
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
