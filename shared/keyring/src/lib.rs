//! The life of the key ring: how its keys are made, sealed and unsealed, and when one follows
//! another.
//!
//! Functions that issue tokens unseal keys with it; the rotation makes keys with it. It knows AWS
//! KMS, which no other crate does, and nothing of HTTP.
//!
//! | Module | Knows |
//! |---|---|
//! | `sealer` | making, sealing and unsealing keys: KMS, or a key in a file |
//! | `kms` | AWS KMS, which makes keys and never shows them |
//! | `local` | a key in a file, for the local stack |
//! | `new_signing_key` | a key that was just made |
//! | `purpose` | the use of a sealed key, which it is bound to |
//! | `rotation` | the changes of a rotation to the stored ring |
//! | `schedule` | the time at which each key of the ring is active |
//! | `error` | the errors of sealing and of rotation |

mod error;
mod kms;
mod local;
mod new_signing_key;
mod purpose;
mod rotation;
mod schedule;
mod sealer;

pub use error::{RotationError, SealingError};
pub use kms::KmsSealer;
pub use local::LocalSealer;
pub use new_signing_key::NewSigningKey;
pub use purpose::Purpose;
pub use rotation::Rotation;
pub use schedule::{
    FACTOR_PERIOD, LEAST_MAC_LIFE, LONGEST_TOKEN, PUBLICATION_LEAD, RING_AGE, Schedule, idle_from,
};
pub use sealer::Sealer;
