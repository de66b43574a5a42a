//! The sealed secret of a TOTP factor.

use std::fmt;

use super::TotpSecret;

pub(super) const ID_LEN: usize = 8;
const NONCE_LEN: usize = 12;
const TAG_LEN: usize = 16;

/// The secret of a TOTP factor, sealed with a factor key. `Debug` shows the key's id alone.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SealedTotp {
    pub(super) key_id: [u8; ID_LEN],
    pub(super) nonce: [u8; NONCE_LEN],
    /// The secret by AES-256-GCM, and the tag.
    pub(super) sealed: [u8; TotpSecret::LEN + TAG_LEN],
}

impl SealedTotp {
    /// The length as it is stored, in bytes.
    pub const LEN: usize = ID_LEN + NONCE_LEN + TotpSecret::LEN + TAG_LEN;

    /// Takes stored bytes: the id of the factor key, the nonce, the sealed secret with its tag.
    /// Nothing where they are not [`SealedTotp::LEN`].
    pub fn from_stored(bytes: &[u8]) -> Option<Self> {
        let (key_id, rest) = bytes.split_first_chunk()?;
        let (nonce, rest) = rest.split_first_chunk()?;
        Some(Self {
            key_id: *key_id,
            nonce: *nonce,
            sealed: rest.try_into().ok()?,
        })
    }

    /// The bytes, for storage.
    pub fn to_bytes(&self) -> Vec<u8> {
        [&self.key_id[..], &self.nonce, &self.sealed].concat()
    }

    /// The id of the factor key: 16 lower-case hexadecimal digits.
    pub fn key_id(&self) -> String {
        format!("{:016x}", u64::from_be_bytes(self.key_id))
    }
}

impl fmt::Debug for SealedTotp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealedTotp({}, …)", self.key_id())
    }
}
