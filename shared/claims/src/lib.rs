//! Latchkey's access tokens: how they are signed, read and refused, and which keys may do so.
//!
//! Every function that issues a token and every function that accepts one must agree to the byte on
//! what a token is. That agreement lives here alone, so that it can be tested without a network and
//! read in one sitting.
//!
//! This crate must not know AWS, HTTP, storage or the clock: callers hand in keys, text and `now`
//! (seconds since the Unix epoch). It holds no symmetric algorithm, so a public key can never be
//! mistaken for a shared secret.
//!
//! | Module | Knows |
//! |---|---|
//! | `algorithm` | the three signature algorithms |
//! | `role` | the names of roles and scopes |
//! | `roles` | which scopes each role confers: the owner's table |
//! | `claims` | the payload of an access token (RFC 9068) |
//! | `compact` | the text form of a token (RFC 7515 §7.1), its header and its kind |
//! | `key_pair` | the private keys of the cryptographic library |
//! | `public_key` | public keys as JWK (RFC 7517) and which of them are acceptable |
//! | `private_key` | one signing key with its name, its public half and what it signs |
//! | `key_set` | the keys that verify |
//! | `rejected` | why a token is refused |
//! | `verify` | the order of checks between a string and its [`Claims`] |
//! | [`lifecycle`] | the lifecycle of keys that replace each other |
//! | `ring` | which key signs and which keys verify at a given time |

mod algorithm;
mod claims;
mod compact;
mod error;
mod key_pair;
mod key_set;
pub mod lifecycle;
mod private_key;
mod public_key;
mod rejected;
mod ring;
mod role;
mod roles;
mod verify;

pub use crate::algorithm::{Algorithm, UnknownAlgorithm};
pub use crate::claims::{Claims, TokenType};
pub use crate::compact::{MAX_TOKEN_LENGTH, Typ};
pub use crate::error::KeyError;
pub use crate::key_set::KeySet;
pub use crate::private_key::PrivateKey;
pub use crate::public_key::jwk_of_spki;
pub use crate::rejected::Rejected;
pub use crate::ring::{Ring, RingKey};
pub use crate::role::{NotAName, Role, Scope};
pub use crate::roles::{Roles, RolesError};
pub use crate::verify::{Expected, LEEWAY};

pub use jsonwebtoken::jwk::{Jwk, JwkSet};

/// The longest life that an access token may be given, in seconds. A key verifies for so long after
/// it was active, so that nothing may issue a longer one.
pub const LONGEST_LIFE: u32 = 3_600;
