//! The proof that an account has its e-mail address.

use crate::{Email, Timestamp};

/// An address that the owner of an account has proved to read.
///
/// It names the address, so that it is worth nothing once the account has another: also where a
/// version that does not know of proofs has changed the address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedEmail {
    /// The address.
    pub address: Email,
    /// When it was proved.
    pub at: Timestamp,
}
