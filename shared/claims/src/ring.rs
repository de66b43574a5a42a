//! The key ring: which key signs and which keys verify, by their times alone.

use jsonwebtoken::jwk::Jwk;
use serde::{Deserialize, Serialize};

use crate::lifecycle::{self, Lifecycle};
use crate::{Algorithm, KeyError, KeySet, LEEWAY, public_key};

/// A public key of the ring and its times, in seconds since the epoch.
///
/// There is no state beside the times, so a schedule that fails to run can delay a rotation but
/// never stop a login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RingKey {
    /// The public key.
    pub jwk: Jwk,
    /// From when verifiers know it. Long before `signs_from`, because others cache the published
    /// set for hours.
    pub published_at: u64,
    /// The time from which it may sign. It does so until a successor is active.
    pub signs_from: u64,
    /// From when it neither signs nor verifies, once that is decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone_at: Option<u64>,
}

impl RingKey {
    /// The name of the key.
    ///
    /// # Errors
    ///
    /// [`KeyError::MissingKid`] if it has none.
    pub fn kid(&self) -> Result<&str, KeyError> {
        public_key::kid(&self.jwk)
    }

    /// The only algorithm of the key.
    ///
    /// # Errors
    ///
    /// [`KeyError::Algorithm`] if it names none that is supported.
    pub fn algorithm(&self) -> Result<Algorithm, KeyError> {
        public_key::algorithm(&self.jwk)
    }
}

impl Lifecycle for RingKey {
    fn active_from(&self) -> u64 {
        self.signs_from
    }

    fn retired_at(&self) -> Option<u64> {
        self.gone_at
    }

    fn set_times(&mut self, active_from: u64, retired_at: Option<u64>) {
        self.signs_from = active_from;
        self.gone_at = retired_at;
    }
}

/// All keys, and a version on which every write is conditional.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ring {
    /// Grows by one with every change.
    pub version: u64,
    /// The keys, the latest addition last.
    pub keys: Vec<RingKey>,
}

impl Ring {
    /// A ring of one key, which is active at once: no verifier can have cached a set without it.
    #[must_use]
    pub fn first(key: Jwk, now: u64) -> Self {
        let key = RingKey {
            jwk: key,
            published_at: now,
            signs_from: now,
            gone_at: None,
        };
        Self {
            version: 1,
            keys: vec![key],
        }
    }

    /// The active key: of those that may sign and are not retired, the newest by `signs_from`; the
    /// latest addition among equals.
    #[must_use]
    pub fn signer(&self, now: u64) -> Option<&RingKey> {
        lifecycle::active(&self.keys, now)
    }

    /// The key that signs next, published already.
    #[must_use]
    pub fn successor(&self, now: u64) -> Option<&RingKey> {
        lifecycle::next(&self.keys, now)
    }

    /// The keys that verify: those that are published and not retired, also before they are active,
    /// in the order of the ring.
    ///
    /// # Errors
    ///
    /// Those of [`KeySet::new`].
    pub fn verifying(&self, now: u64) -> Result<KeySet, KeyError> {
        let verifies = |key: &&RingKey| key.published_at <= now && !key.is_retired(now);
        KeySet::new(self.keys.iter().filter(verifies).map(|key| key.jwk.clone()))
    }

    /// Makes `key` sign from now on.
    ///
    /// The keys that signed before it verify until the last token they can have signed has expired.
    /// `longest_token_lifetime` must therefore include the time for which a function may still sign
    /// from a ring that it read earlier. Retired keys are removed from the ring. If `key` is the
    /// signer already, nothing changes; if it is in the ring as anything else, it moves, since no
    /// two keys may share a name.
    pub fn succeed_at_once(&mut self, key: Jwk, now: u64, longest_token_lifetime: u64) {
        let same = |other: &RingKey| other.jwk.common.key_id == key.common.key_id;
        if self.signer(now).is_some_and(same) {
            return;
        }
        let known_since = self
            .keys
            .iter()
            .find(|other| same(other))
            .map(|other| other.published_at);
        self.keys
            .retain(|other| !other.is_retired(now) && !same(other));
        let published_at = known_since.map_or(now, |since| since.min(now));
        self.keys.push(RingKey {
            jwk: key,
            published_at,
            signs_from: now,
            gone_at: None,
        });
        self.schedule_retirement(now, longest_token_lifetime);
    }

    /// Publishes `key`, which is in no ring yet, to sign from `signs_from` on.
    ///
    /// Retired keys are removed from the ring, and so are those that would have become active at
    /// that time or later, which have signed nothing.
    pub fn publish(&mut self, key: Jwk, now: u64, signs_from: u64, longest_token_lifetime: u64) {
        self.keys
            .retain(|other| !other.is_retired(now) && other.signs_from < signs_from);
        self.keys.push(RingKey {
            jwk: key,
            published_at: now,
            signs_from,
            gone_at: None,
        });
        self.schedule_retirement(now, longest_token_lifetime);
    }

    /// Activates the successor at `signs_from`. Without a successor nothing changes.
    pub fn activate_successor(&mut self, now: u64, signs_from: u64, longest_token_lifetime: u64) {
        lifecycle::activate_next(&mut self.keys, now, signs_from);
        self.schedule_retirement(now, longest_token_lifetime);
    }

    /// Retires the key of that name at once: its tokens are invalid. If it was the signer, its
    /// successor signs from now on; without one, the key before it that is not retired yet, if
    /// there is any.
    pub fn retire(&mut self, kid: &str, now: u64, longest_token_lifetime: u64) {
        let signed = self.signer(now).is_some_and(|key| key.kid() == Ok(kid));
        for key in &mut self.keys {
            if key.kid() == Ok(kid) && !key.is_retired(now) {
                key.gone_at = Some(now);
            }
        }
        if signed {
            lifecycle::activate_next(&mut self.keys, now, now);
        }
        self.schedule_retirement(now, longest_token_lifetime);
    }

    /// Sets the end of every key, and makes this the next version.
    fn schedule_retirement(&mut self, now: u64, longest_token_lifetime: u64) {
        let tail = longest_token_lifetime.saturating_add(LEEWAY);
        lifecycle::schedule_retirement(&mut self.keys, now, tail);
        self.version = self.version.saturating_add(1);
    }
}
