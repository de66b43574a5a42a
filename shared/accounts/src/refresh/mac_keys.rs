//! The MAC keys of the ring.

use std::fmt;

use aws_lc_rs::{constant_time, hmac, rand};
use claims::lifecycle::{self, Lifecycle};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{NoRandomness, Timestamp};

/// The times of a MAC key. As with signing keys there is no state beside the times.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MacKeyTimes {
    /// The key's name, carried by the tokens: 16 hexadecimal digits.
    pub id: String,
    /// The time from which it makes tags, until a successor is active.
    pub signs_from: Timestamp,
    /// The time from which its tags are invalid, once it is decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone_at: Option<Timestamp>,
}

impl Lifecycle for MacKeyTimes {
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

/// A MAC key with its times, ready for use (HMAC-SHA-256, RFC 2104). `Debug` shows the times alone.
#[derive(Clone)]
pub struct MacKey {
    times: MacKeyTimes,
    id: [u8; MacKey::ID_LEN],
    key: hmac::Key,
    derived: [hmac::Key; KeyUse::ALL.len()],
}

/// A use of a MAC key other than the tags of refresh tokens. Each has a key of its own, HMAC of the
/// MAC key over `latchkey/v1/` and the use's name, so that no value made for one use means anything
/// to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyUse {
    /// The tags of tickets.
    Ticket,
    /// The secrets of mailed links.
    Secret,
    /// The codes of tickets.
    Code,
    /// The pseudonyms that stand for typed addresses, and the id of nobody.
    Name,
    /// The tags of [`MfaToken`](crate::MfaToken)s.
    Mfa,
    /// The tags of [`Challenge`](crate::Challenge)s.
    Challenge,
}

impl KeyUse {
    const ALL: [Self; 6] = [
        Self::Ticket,
        Self::Secret,
        Self::Code,
        Self::Name,
        Self::Mfa,
        Self::Challenge,
    ];

    const fn label(self) -> &'static [u8] {
        match self {
            Self::Ticket => b"latchkey/v1/ticket",
            Self::Secret => b"latchkey/v1/secret",
            Self::Code => b"latchkey/v1/code",
            Self::Name => b"latchkey/v1/name",
            Self::Mfa => b"latchkey/v1/mfa",
            Self::Challenge => b"latchkey/v1/challenge",
        }
    }

    fn key(self, of: &hmac::Key) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(of, self.label()).as_ref())
    }
}

impl Lifecycle for MacKey {
    fn active_from(&self) -> u64 {
        self.times.active_from()
    }

    fn retired_at(&self) -> Option<u64> {
        self.times.retired_at()
    }

    fn set_times(&mut self, active_from: u64, retired_at: Option<u64>) {
        self.times.set_times(active_from, retired_at);
    }
}

/// The MAC keys of the ring, which make and check the tags of refresh tokens.
#[derive(Clone, Debug, Default)]
pub struct MacKeys(Vec<MacKey>);

impl MacKey {
    pub(crate) const ID_LEN: usize = 8;

    /// The length of a key, in bytes: that of the hash (RFC 2104 §3).
    pub const LEN: usize = 32;

    /// The bytes of a fresh key.
    ///
    /// # Errors
    ///
    /// [`NoRandomness`].
    pub fn generate() -> Result<Zeroizing<[u8; Self::LEN]>, NoRandomness> {
        let mut key = Zeroizing::new([0; Self::LEN]);
        rand::fill(key.as_mut_slice()).map_err(|_| NoRandomness)?;
        Ok(key)
    }

    /// A key of the ring; nothing where the name is not 16 lower-case hexadecimal digits or the key
    /// not [`MacKey::LEN`] bytes.
    pub fn new(times: MacKeyTimes, key: &[u8]) -> Option<Self> {
        let number = u64::from_str_radix(&times.id, 16).ok()?;
        if key.len() != Self::LEN || format!("{number:016x}") != times.id {
            return None;
        }
        let key = hmac::Key::new(hmac::HMAC_SHA256, key);
        Some(Self {
            times,
            id: number.to_be_bytes(),
            derived: KeyUse::ALL.map(|by| by.key(&key)),
            key,
        })
    }

    pub(crate) fn id(&self) -> &[u8; Self::ID_LEN] {
        &self.id
    }

    pub(crate) fn number(&self) -> u64 {
        u64::from_be_bytes(self.id)
    }

    /// The tag of a message by the key of that use.
    pub(crate) fn tag_for(&self, by: KeyUse, message: &[u8]) -> hmac::Tag {
        hmac::sign(self.derived(by), message)
    }

    pub(crate) fn verifies_for(&self, by: KeyUse, message: &[u8], tag: &[u8]) -> bool {
        hmac::verify(self.derived(by), message, tag).is_ok()
    }

    /// As [`MacKey::verifies_for`], of the first half of a tag, which RFC 2104 §5 has enough.
    pub(crate) fn verifies_half(&self, by: KeyUse, message: &[u8], half: &[u8; 16]) -> bool {
        let tag = self.tag_for(by, message);
        constant_time::verify_slices_are_equal(&tag.as_ref()[..half.len()], half).is_ok()
    }

    fn derived(&self, by: KeyUse) -> &hmac::Key {
        let [ticket, secret, code, name, mfa, challenge] = &self.derived;
        match by {
            KeyUse::Ticket => ticket,
            KeyUse::Secret => secret,
            KeyUse::Code => code,
            KeyUse::Name => name,
            KeyUse::Mfa => mfa,
            KeyUse::Challenge => challenge,
        }
    }

    pub(crate) fn tag(&self, message: &[u8]) -> hmac::Tag {
        hmac::sign(&self.key, message)
    }

    pub(crate) fn verifies(&self, message: &[u8], tag: &[u8]) -> bool {
        hmac::verify(&self.key, message, tag).is_ok()
    }
}

impl fmt::Debug for MacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.times.fmt(f)
    }
}

impl MacKeys {
    /// Returns the key that was active at a time. It may be retired by now: the successor of a
    /// token is the same whenever it is computed.
    pub(crate) fn at(&self, time: Timestamp) -> Option<&MacKey> {
        lifecycle::active(&self.0, time)
    }

    /// The key that is named there, with these times instead of its own.
    pub fn retimed(&self, times: &MacKeyTimes) -> Option<MacKey> {
        let key = self.0.iter().find(|key| key.times.id == times.id)?;
        Some(MacKey {
            times: times.clone(),
            ..key.clone()
        })
    }

    /// The key of that name, if its tags count now.
    pub(crate) fn find(&self, id: &[u8], now: Timestamp) -> Option<&MacKey> {
        let counts = |key: &&MacKey| !key.times.is_retired(now);
        self.0.iter().filter(counts).find(|key| key.id == id)
    }
}

impl FromIterator<MacKey> for MacKeys {
    fn from_iter<T: IntoIterator<Item = MacKey>>(keys: T) -> Self {
        Self(keys.into_iter().collect())
    }
}
