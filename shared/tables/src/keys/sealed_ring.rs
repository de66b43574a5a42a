//! The key ring with its private keys sealed.

use std::collections::BTreeMap;
use std::fmt;

use accounts::{FactorKeyTimes, MacKeyTimes};
use claims::Ring;
use serde_json::{Map, Value};

/// The whole ring: the public halves of its keys, and the private halves, sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SealedRing {
    /// The public halves of the signing keys and their times.
    pub ring: Ring,
    /// The sealed private half of a signing key, by its `kid`.
    pub sealed: BTreeMap<String, SealedKey>,
    /// The MAC keys.
    pub macs: SealedMacs,
    /// The factor keys.
    pub factors: SealedFactors,
    /// Parts of the signing keys that this version does not know.
    pub unknown: UnknownKeys,
}

/// The symmetric keys of one kind, sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedKeys<T> {
    /// The times of the keys.
    pub times: Vec<T>,
    /// The sealed key, by its id.
    pub sealed: BTreeMap<String, SealedKey>,
    /// Parts of the keys that this version does not know.
    pub unknown: UnknownKeys,
}

/// The MAC keys, sealed: refresh tokens are tagged and checked with them.
pub type SealedMacs = SealedKeys<MacKeyTimes>;

/// The factor keys, sealed: the secrets of TOTP factors are sealed and opened with them.
pub type SealedFactors = SealedKeys<FactorKeyTimes>;

impl<T> Default for SealedKeys<T> {
    fn default() -> Self {
        Self {
            times: Vec::new(),
            sealed: BTreeMap::new(),
            unknown: UnknownKeys::default(),
        }
    }
}

/// A sealed key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedKey {
    /// The key, sealed.
    pub bytes: Vec<u8>,
    /// The ARN of the KMS key that sealed it, and alone opens it; `None` where KMS did not.
    pub kms_key: Option<String>,
}

/// The part of a list of keys that this version does not know, to be written back: keys of other
/// kinds, and members that a later version has added to keys of a known kind. `Debug` shows how
/// many there are.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct UnknownKeys {
    /// The keys of other kinds.
    pub(super) keys: Vec<UnknownKey>,
    /// The sealed halves of keys of other kinds.
    pub(super) sealed: BTreeMap<String, Vec<u8>>,
    /// Members of keys of a known kind, by the key's id.
    pub(super) members: BTreeMap<String, Map<String, Value>>,
}

/// A key of another kind.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct UnknownKey {
    pub(super) entry: Value,
    /// The ids of the known keys before it. The order of a list says which of two keys is later.
    pub(super) after: Vec<String>,
}

impl fmt::Debug for UnknownKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (keys, members) = (self.keys.len(), self.members.len());
        write!(f, "UnknownKeys({keys} keys, members of {members} others)")
    }
}
