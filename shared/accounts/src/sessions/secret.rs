//! The secret of a session, and its hash.

use std::fmt;

use aws_lc_rs::{constant_time, digest, rand};
use zeroize::Zeroizing;

/// The secret in a session's refresh tokens: 128 bits of the system's random number generator. The
/// table has its hash alone. `Debug` shows nothing.
#[derive(Clone)]
pub struct SessionSecret(Zeroizing<[u8; Self::LEN]>);

/// SHA-256 of a [`SessionSecret`], for storage. The secret is random, so that one fast hash keeps
/// it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretHash([u8; 32]);

/// The system's random number generator did not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the random number generator failed")]
pub struct NoRandomness;

impl SessionSecret {
    pub(crate) const LEN: usize = 16;

    /// A fresh secret.
    ///
    /// # Errors
    ///
    /// [`NoRandomness`].
    pub fn generate() -> Result<Self, NoRandomness> {
        let mut bytes = Zeroizing::new([0; Self::LEN]);
        rand::fill(bytes.as_mut_slice()).map_err(|_| NoRandomness)?;
        Ok(Self(bytes))
    }

    /// Returns its hash, which is what is stored.
    pub fn hash(&self) -> SecretHash {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest::digest(&digest::SHA256, self.0.as_slice()).as_ref());
        SecretHash(hash)
    }

    pub(crate) fn from_bytes(bytes: [u8; Self::LEN]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(crate) fn as_bytes(&self) -> &[u8; Self::LEN] {
        &self.0
    }
}

impl fmt::Debug for SessionSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionSecret(…)")
    }
}

impl SecretHash {
    /// Takes stored bytes; nothing where they are not 32.
    pub fn from_stored(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The bytes, for storage.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Returns whether it is this secret's hash, in a time that does not tell how much of it fits.
    pub fn is_of(&self, secret: &SessionSecret) -> bool {
        constant_time::verify_slices_are_equal(&self.0, secret.hash().as_bytes()).is_ok()
    }
}
