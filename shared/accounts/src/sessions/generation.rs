//! The generation of a session: the number of refreshes since its secret was made.

use serde::{Deserialize, Serialize};

/// Counts the refreshes of a session since its secret was made. Of its refresh tokens, the one of its own generation counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Generation(u64);

impl Generation {
    /// That of a session whose secret is new.
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
