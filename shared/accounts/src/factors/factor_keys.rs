//! The factor keys of the ring, which seal the secrets of TOTP factors.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use aws_lc_rs::rand;
use claims::lifecycle::{self, Lifecycle};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::TotpSecret;
use super::sealed_totp::{ID_LEN, SealedTotp};
use crate::{NoRandomness, Timestamp, UserId};

/// The times of a factor key.
///
/// It has no end: a sealed secret must open for as long as its factor exists, so that a key leaves
/// the ring only after every secret under it has been sealed with another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactorKeyTimes {
    /// The key's id, which the sealed secrets carry: 16 lower-case hexadecimal digits.
    pub id: String,
    /// The time from which it seals, until a successor is active.
    pub seals_from: Timestamp,
}

impl Lifecycle for FactorKeyTimes {
    fn active_from(&self) -> u64 {
        self.seals_from
    }

    fn retired_at(&self) -> Option<u64> {
        None
    }

    fn set_times(&mut self, active_from: u64, _: Option<u64>) {
        self.seals_from = active_from;
    }
}

/// A factor key with its times, ready for use (AES-256-GCM, NIST SP 800-38D). `Debug` shows the
/// times alone.
#[derive(Clone)]
pub struct FactorKey {
    times: FactorKeyTimes,
    id: [u8; ID_LEN],
    key: Arc<RandomizedNonceKey>,
}

/// Factor keys of the ring, which seal and open the secrets of TOTP factors.
#[derive(Clone, Debug, Default)]
pub struct FactorKeys(Vec<FactorKey>);

/// Why a secret was not sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealTotpError {
    /// No factor key is active.
    #[error("no factor key is active")]
    NoKey,
    /// The random number generator failed.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}

/// Why a sealed secret was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenTotpError {
    /// The key that sealed it is not among these. The ring may have it by now.
    #[error("the factor key that sealed the secret is unknown")]
    UnknownKey,
    /// It was changed, or it belongs to another account.
    #[error("the sealed secret was changed, or it belongs to another account")]
    Altered,
}

impl FactorKey {
    /// The length of a key, in bytes.
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

    /// A key of the ring; nothing where the id is not 16 lower-case hexadecimal digits or the key
    /// not [`FactorKey::LEN`] bytes.
    pub fn new(times: FactorKeyTimes, key: &[u8]) -> Option<Self> {
        let number = u64::from_str_radix(&times.id, 16).ok()?;
        if format!("{number:016x}") != times.id {
            return None;
        }
        Some(Self {
            times,
            id: number.to_be_bytes(),
            key: Arc::new(RandomizedNonceKey::new(&AES_256_GCM, key).ok()?),
        })
    }

    fn seal(&self, owner: UserId, secret: &TotpSecret) -> Result<SealedTotp, NoRandomness> {
        let mut text = Zeroizing::new(*secret.as_bytes());
        let sealing = self
            .key
            .seal_in_place_separate_tag(context(owner), text.as_mut_slice());
        let (nonce, tag) = sealing.map_err(|_| NoRandomness)?;
        let mut sealed = [0; _];
        let (text_part, tag_part) = sealed.split_at_mut(TotpSecret::LEN);
        text_part.copy_from_slice(text.as_slice());
        tag_part.copy_from_slice(tag.as_ref());
        Ok(SealedTotp {
            key_id: self.id,
            nonce: *nonce.as_ref(),
            sealed,
        })
    }

    fn open(&self, owner: UserId, sealed: &SealedTotp) -> Option<TotpSecret> {
        let mut text = Zeroizing::new(sealed.sealed);
        let nonce = Nonce::assume_unique_for_key(sealed.nonce);
        let opening = self
            .key
            .open_in_place(nonce, context(owner), text.as_mut_slice());
        TotpSecret::from_bytes(opening.ok()?)
    }
}

/// A sealed secret opens for its account alone, so that nobody who can write the table moves a
/// factor of his own to another account.
fn context(owner: UserId) -> Aad<String> {
    Aad::from(format!("totp|{owner}"))
}

impl fmt::Debug for FactorKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.times.fmt(f)
    }
}

impl FactorKeys {
    /// The key with that id, with these times instead of its own.
    pub fn retimed(&self, times: &FactorKeyTimes) -> Option<FactorKey> {
        let key = self.0.iter().find(|key| key.times.id == times.id)?;
        Some(FactorKey {
            times: times.clone(),
            ..key.clone()
        })
    }

    /// Seals the secret of an account's factor with the key that is active now.
    ///
    /// # Errors
    ///
    /// [`SealTotpError`].
    pub fn seal(
        &self,
        owner: UserId,
        secret: &TotpSecret,
        now: Timestamp,
    ) -> Result<SealedTotp, SealTotpError> {
        let key = self.active(now).ok_or(SealTotpError::NoKey)?;
        Ok(key.seal(owner, secret)?)
    }

    /// Opens the secret of an account's factor.
    ///
    /// # Errors
    ///
    /// [`OpenTotpError`].
    pub fn open(&self, owner: UserId, sealed: &SealedTotp) -> Result<TotpSecret, OpenTotpError> {
        let key = self.0.iter().find(|key| key.id == sealed.key_id);
        let key = key.ok_or(OpenTotpError::UnknownKey)?;
        key.open(owner, sealed).ok_or(OpenTotpError::Altered)
    }

    /// Returns whether the key that is active now has sealed it. If another one has, the secret is
    /// to be sealed anew.
    pub fn seals_with_newest(&self, sealed: &SealedTotp, now: Timestamp) -> bool {
        let active = self.active(now);
        active.is_some_and(|key| key.id == sealed.key_id)
    }

    fn active(&self, now: Timestamp) -> Option<&FactorKey> {
        lifecycle::active(&self.0, now)
    }
}

impl Lifecycle for FactorKey {
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

impl FromIterator<FactorKey> for FactorKeys {
    fn from_iter<T: IntoIterator<Item = FactorKey>>(keys: T) -> Self {
        Self(keys.into_iter().collect())
    }
}

#[cfg(test)]
mod tests;
