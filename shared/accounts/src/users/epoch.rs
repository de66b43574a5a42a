//! Which sessions of an account count.

use serde::{Deserialize, Serialize};

use crate::UserId;

/// Counts how often all sessions of an account were ended at once. A session lives while its
/// account is still at the epoch that the session was begun with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Epoch(u64);

impl Epoch {
    /// That of a new account.
    pub const FIRST: Self = Self(0);

    /// The one after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl From<u64> for Epoch {
    fn from(number: u64) -> Self {
        Self(number)
    }
}

impl From<Epoch> for u64 {
    fn from(epoch: Epoch) -> Self {
        epoch.0
    }
}

/// An account at an epoch: the owner of the sessions that are begun then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Owner {
    /// The account.
    pub user_id: UserId,
    /// Its epoch.
    pub epoch: Epoch,
}
