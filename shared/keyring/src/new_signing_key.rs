//! A new signing key.

use claims::Jwk;
use tables::SealedKey;

/// A new signing key: its public half, and its private half, sealed.
#[derive(Clone, Debug)]
pub struct NewSigningKey {
    /// The public half.
    pub jwk: Jwk,
    /// The private half.
    pub sealed: SealedKey,
}
