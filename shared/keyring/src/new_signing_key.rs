//! A new signing key.

use claims::Jwk;

/// A new signing key: its public half, and its private half, sealed.
#[derive(Clone, Debug)]
pub struct NewSigningKey {
    /// The public half.
    pub jwk: Jwk,
    /// The private half.
    pub sealed: Vec<u8>,
}
