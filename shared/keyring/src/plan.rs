use accounts::{MacKeyTimes, Timestamp};
use claims::{Algorithm, LEEWAY, LONGEST_LIFE, Ring, lifecycle};

/// How long a function may act on a ring that it read earlier, in seconds. A key that is to tag or
/// sign must have been in the ring for longer than that, or two environments would disagree on whose
/// turn it is.
pub const RING_AGE: u64 = 60;

/// How long the longest token may verify after its key's turn, in seconds: the longest life that an
/// access token may be given, and the time for which an environment may still sign by an older ring.
pub const LONGEST_TOKEN: u64 = LONGEST_LIFE as u64 + RING_AGE;

/// How long a MAC key verifies after its turn at least, in seconds: nine days. A refresh token names a
/// device that was signed in before long after its session is over, and who signs in once a week
/// shall not be a stranger after a long weekend.
pub const LEAST_MAC_LIFE: u64 = 9 * 86_400;

/// How long before its turn a signing key is published, in seconds. API Gateway may cache a key set
/// for two hours.
pub const PUBLICATION_LEAD: u64 = 9_000;

/// By what keys follow each other.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    /// The algorithm of signing keys to be made.
    pub algorithm: Algorithm,
    /// How long a signing key has its turn, in seconds.
    pub period: u64,
    /// How long a session may live, and with it what its MAC key tagged last, in seconds.
    pub session_lifetime: u64,
}

impl Schedule {
    /// When the signing key that is to be made now shall sign; nothing where none need be made.
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

    /// When the successor shall sign, where that is before its turn as it stands: the period has become
    /// shorter.
    pub(crate) fn brought_forward(&self, ring: &Ring, now: Timestamp) -> Option<Timestamp> {
        let (next, signer) = (ring.successor(now)?, ring.signer(now)?);
        let due = signer.signs_from.saturating_add(self.period);
        let due = due.max(earliest_turn(next.published_at, now));
        (due < next.signs_from).then_some(due)
    }

    /// When the MAC key that is to be made now shall tag; nothing where none need be made. A MAC key
    /// has its turn for as long as it verifies afterwards, so that there are never many.
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

    /// How long what a MAC key tagged may be of use, in seconds.
    fn mac_life(&self) -> u64 {
        self.session_lifetime.max(LEAST_MAC_LIFE)
    }

    /// How long a MAC key verifies after its turn, in seconds.
    pub(crate) fn mac_tail(&self) -> u64 {
        self.mac_life()
            .saturating_add(RING_AGE)
            .saturating_add(LEEWAY)
    }
}

/// The earliest turn of a signing key that was published then.
pub(crate) fn earliest_turn(published_at: Timestamp, now: Timestamp) -> Timestamp {
    published_at
        .saturating_add(PUBLICATION_LEAD)
        .max(now.saturating_add(RING_AGE))
}

/// When every environment knows what the ring says now.
pub(crate) fn soon(now: Timestamp) -> Timestamp {
    now.saturating_add(2 * RING_AGE)
}
