//! The ways in to an account, as accounts and their names have them.

use std::collections::BTreeSet;

use accounts::{SecondFactor, Way, WaysIn};
use serde::{Deserialize, Serialize};

/// The ways in as attributes of an item. Of a password alone nothing is written.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredWaysIn {
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    factors: BTreeSet<SecondFactor>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ways: Option<BTreeSet<Way>>,
}

impl From<&WaysIn> for StoredWaysIn {
    fn from(ways_in: &WaysIn) -> Self {
        let is_usual = ways_in.ways == WaysIn::default().ways;
        Self {
            factors: ways_in.factors.clone(),
            ways: (!is_usual).then(|| ways_in.ways.clone()),
        }
    }
}

impl From<StoredWaysIn> for WaysIn {
    fn from(stored: StoredWaysIn) -> Self {
        Self {
            factors: stored.factors,
            ways: stored.ways.unwrap_or_else(|| Self::default().ways),
        }
    }
}
