//! The key ring with its private keys sealed.

use std::collections::BTreeMap;

use accounts::MacKeyTimes;
use claims::Ring;

/// The whole ring: what everybody may see of its keys, and what nobody may, sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SealedRing {
    /// The public halves of the signing keys and their times.
    pub ring: Ring,
    /// The sealed private half of a signing key, by its `kid`.
    pub sealed: BTreeMap<String, Vec<u8>>,
    /// The MAC keys.
    pub macs: SealedMacs,
}

/// As much of the ring as somebody needs: each part includes the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RingPart {
    /// The public halves of the signing keys and their times.
    Public,
    /// The MAC keys too.
    Macs,
    /// All of it.
    Whole,
}

/// What refresh tokens are tagged and checked with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SealedMacs {
    /// The times of the MAC keys.
    pub times: Vec<MacKeyTimes>,
    /// The sealed MAC key, by its id.
    pub sealed: BTreeMap<String, Vec<u8>>,
}
