//! The schedule of keys: when each is published, active and retired.

use accounts::{FactorKeyTimes, MacKeyTimes, Timestamp};
use claims::{Algorithm, LEEWAY, LONGEST_LIFE, Ring, lifecycle};

/// The time for which a function may use a ring that it has read, in seconds. A key that is to tag
/// or sign must have been in the ring for longer than that, or two environments would disagree on
/// which key is active.
pub const RING_AGE: u64 = 60;

/// The time for which the longest token may verify after its key was active, in seconds: the
/// longest life that an access token may be given, and the time for which an environment may still
/// sign by an older ring.
pub const LONGEST_TOKEN: u64 = LONGEST_LIFE as u64 + RING_AGE;

/// The least time for which a MAC key verifies after it was active, in seconds: nine days. A
/// refresh token also serves as a `device_token` after its session has ended: a user who signs in
/// weekly should still be recognised.
pub const LEAST_MAC_LIFE: u64 = 9 * 86_400;

/// The time for which a factor key seals, in seconds: a year. It stays in the ring until an operator
/// retires it, so that there must never be many.
pub const FACTOR_PERIOD: u64 = 365 * 86_400;

/// The time for which a signing key is published before it is active, in seconds. API Gateway may
/// cache a key set for two hours.
pub const PUBLICATION_LEAD: u64 = 9_000;

/// The schedule by which keys follow each other.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    /// The algorithm of signing keys to be made.
    pub algorithm: Algorithm,
    /// The time for which a signing key is active, in seconds.
    pub period: u64,
    /// The longest life of a session, and so of the last token that its MAC key tags, in seconds.
    pub session_lifetime: u64,
}

impl Schedule {
    /// Returns the time from which a signing key that is made now is active; `None` if none is
    /// needed.
    pub(crate) fn next_signs_from(&self, ring: &Ring, now: Timestamp) -> Option<Timestamp> {
        let algorithm_of = |key: &claims::RingKey| key.algorithm().ok();
        let earliest = now.saturating_add(PUBLICATION_LEAD);
        match (ring.successor(now), ring.signer(now)) {
            (Some(next), _) if algorithm_of(next) == Some(self.algorithm) => None,
            (None, Some(signer)) if algorithm_of(signer) == Some(self.algorithm) => {
                Some(earliest.max(signer.signs_from.saturating_add(self.period)))
            }
            _ => Some(earliest),
        }
    }

    /// Returns an earlier time from which the successor shall sign, if there is one: the period has
    /// become shorter.
    pub(crate) fn brought_forward(&self, ring: &Ring, now: Timestamp) -> Option<Timestamp> {
        let (next, signer) = (ring.successor(now)?, ring.signer(now)?);
        let due = signer.signs_from.saturating_add(self.period);
        let due = due.max(earliest_activation(next.published_at, now));
        (due < next.signs_from).then_some(due)
    }

    /// Returns the time from which a MAC key that is made now is active; `None` if none is needed.
    /// A MAC key is active for as long as it verifies afterwards, so that there are never many.
    pub(crate) fn next_mac_from(&self, macs: &[MacKeyTimes], now: Timestamp) -> Option<Timestamp> {
        if lifecycle::next(macs, now).is_some() {
            return None;
        }
        Some(match lifecycle::active(macs, now) {
            None => now,
            Some(current) => current
                .signs_from
                .saturating_add(self.period.max(self.mac_life()))
                .max(soon(now)),
        })
    }

    /// Returns the time from which a factor key that is made now is active; `None` if none is
    /// needed.
    pub(crate) fn next_factor_from(keys: &[FactorKeyTimes], now: Timestamp) -> Option<Timestamp> {
        if lifecycle::next(keys, now).is_some() {
            return None;
        }
        Some(match lifecycle::active(keys, now) {
            None => now,
            Some(current) => current
                .seals_from
                .saturating_add(FACTOR_PERIOD)
                .max(soon(now)),
        })
    }

    /// Returns the longest life of the tokens that a MAC key tags, in seconds.
    fn mac_life(&self) -> u64 {
        self.session_lifetime.max(LEAST_MAC_LIFE)
    }

    /// Returns the time for which a MAC key verifies after it was active, in seconds.
    pub(crate) fn mac_tail(&self) -> u64 {
        self.mac_life()
            .saturating_add(RING_AGE)
            .saturating_add(LEEWAY)
    }
}

/// The earliest time at which a signing key that was published then may be active.
pub(crate) fn earliest_activation(published_at: Timestamp, now: Timestamp) -> Timestamp {
    published_at
        .saturating_add(PUBLICATION_LEAD)
        .max(now.saturating_add(RING_AGE))
}

/// Returns the time from which no function seals with a factor key: every environment has read the
/// ring in which its successor is active, and the requests of before are over. `None` where there is
/// no such key, or it has no successor.
pub fn idle_from(keys: &[FactorKeyTimes], id: &str) -> Option<Timestamp> {
    let mut order: Vec<_> = keys.iter().collect();
    order.sort_by_key(|key| key.seals_from);
    let position = order.iter().position(|key| key.id == id)?;
    order.get(position + 1).map(|next| soon(next.seals_from))
}

/// Returns the time at which every environment has read the ring as it is now.
pub(crate) fn soon(now: Timestamp) -> Timestamp {
    now.saturating_add(2 * RING_AGE)
}
