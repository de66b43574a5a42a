//! The life of the key ring: how its keys are made, sealed and unsealed, and when one follows another.
//!
//! Whoever issues tokens unseals keys with it, and whoever rotates them makes them with it. It knows
//! AWS KMS, which no other crate does, and nothing of HTTP.
//!
//! | Module | Knows |
//! |---|---|
//! | `sealer` | who makes, seals and unseals keys: KMS, or a key in a file |
//! | `kms` | AWS KMS, which makes keys that nobody sees |
//! | `local` | a key in a file, for the local stack |
//! | `rotation` | what a rotation does to the stored ring |
//! | `plan` | when each key of the ring has its turn |

mod error;
mod kms;
mod local;
mod new_signing_key;
mod plan;
mod purpose;
mod rotation;
mod sealer;

pub use error::{RotationError, SealingError};
pub use kms::KmsSealer;
pub use local::LocalSealer;
pub use new_signing_key::NewSigningKey;
pub use plan::{LEAST_MAC_LIFE, LONGEST_TOKEN, PUBLICATION_LEAD, RING_AGE, Schedule};
pub use purpose::Purpose;
pub use rotation::Rotation;
pub use sealer::Sealer;
