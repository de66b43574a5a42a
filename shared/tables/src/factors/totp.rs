//! The codes of an authenticator app as an item.

use accounts::Timestamp;
use serde::Deserialize;
use serde_bytes::ByteBuf;

use super::item::TABLE;
use crate::Error;
use crate::item::{self, Item};

/// The codes of an authenticator app: those that are asked for, and those that wait for their first
/// code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totp {
    /// Those that are asked for.
    pub active: Option<ActiveTotp>,
    /// Those that wait for their first code.
    pub pending: Option<PendingTotp>,
}

/// Codes that are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActiveTotp {
    /// The secret, sealed under a factor key of the ring.
    pub secret: Vec<u8>,
    /// When the first code was shown.
    pub enrolled_at: Timestamp,
    /// The step of the last code that counted (RFC 6238 §5.2): a later code alone counts.
    pub last_step: u64,
    /// The wrong codes since then, over all networks.
    pub failures: u64,
}

/// Codes that wait for their first one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingTotp {
    /// The secret, sealed under a factor key of the ring.
    pub secret: Vec<u8>,
    /// The time from which they wait no longer.
    pub expires_at: Timestamp,
}

/// The status of codes that are asked for.
pub(super) const ACTIVE: &str = "active";
/// The status of codes none of which was ever shown.
pub(super) const PENDING: &str = "pending";

#[derive(Deserialize)]
struct TotpItem {
    status: String,
    #[serde(default)]
    secret: Option<ByteBuf>,
    #[serde(default)]
    enrolled_at: u64,
    #[serde(default)]
    last_step: u64,
    #[serde(default)]
    failures: u64,
    #[serde(default)]
    pending_secret: Option<ByteBuf>,
    #[serde(default)]
    pending_until: u64,
}

pub(crate) fn read(item: Item) -> Result<Totp, Error> {
    let stored: TotpItem = item::read(TABLE, item)?;
    let active = match (stored.status.as_str(), stored.secret) {
        (ACTIVE, Some(secret)) => Some(ActiveTotp {
            secret: secret.into_vec(),
            enrolled_at: stored.enrolled_at,
            last_step: stored.last_step,
            failures: stored.failures,
        }),
        (PENDING, None) => None,
        _ => return Err(Error::corrupt(TABLE, "status and secret do not agree")),
    };
    Ok(Totp {
        active,
        pending: stored.pending_secret.map(|secret| PendingTotp {
            secret: secret.into_vec(),
            expires_at: stored.pending_until,
        }),
    })
}
