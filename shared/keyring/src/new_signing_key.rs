//! A new signing key.

use claims::Jwk;

/// A signing key that was made: what everybody may see of it, and what nobody may, sealed.
#[derive(Clone, Debug)]
pub struct NewSigningKey {
    /// The public half.
    pub jwk: Jwk,
    /// The private half.
    pub sealed: Vec<u8>,
}
