//! The key ring with its private keys sealed.

use std::collections::BTreeMap;

use accounts::MacKeyTimes;
use claims::Ring;

/// The whole ring: the public halves of its keys, and the private halves, sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SealedRing {
    /// The public halves of the signing keys and their times.
    pub ring: Ring,
    /// The sealed private half of a signing key, by its `kid`.
    pub sealed: BTreeMap<String, Vec<u8>>,
    /// The MAC keys.
    pub macs: SealedMacs,
}

/// A part of the ring. Each part includes the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RingPart {
    /// The public halves of the signing keys and their times.
    Public,
    /// The MAC keys too.
    Macs,
    /// All of it.
    Whole,
}

/// The MAC keys, sealed: refresh tokens are tagged and checked with them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SealedMacs {
    /// The times of the MAC keys.
    pub times: Vec<MacKeyTimes>,
    /// The sealed MAC key, by its id.
    pub sealed: BTreeMap<String, Vec<u8>>,
}
