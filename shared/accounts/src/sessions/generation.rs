//! The generation of a session: the number of times it was refreshed.

use serde::{Deserialize, Serialize};

/// Counts the refreshes of a session. Of its refresh tokens, the one of its own generation counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Generation(u64);

impl Generation {
    /// That of a session that was never refreshed.
    pub const FIRST: Self = Self(0);

    /// The one after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl From<u64> for Generation {
    fn from(refreshes: u64) -> Self {
        Self(refreshes)
    }
}

impl From<Generation> for u64 {
    fn from(generation: Generation) -> Self {
        generation.0
    }
}
