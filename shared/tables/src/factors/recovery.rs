//! The recovery codes as an item.

use std::collections::BTreeSet;

use accounts::{RecoveryHash, Timestamp};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;

use super::item::TABLE;
use crate::Error;
use crate::item::{Item, number};

/// The attribute with the hashes.
pub(super) const CODES: &str = "codes";

/// The recovery codes that were not used yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecoveryCodes {
    /// Their hashes.
    pub hashes: BTreeSet<RecoveryHash>,
    /// When they were made.
    pub added_at: Timestamp,
}

/// The attributes beside the key. A set is never empty in DynamoDB, so that it is missing once
/// every code is used.
pub(super) fn write(codes: &RecoveryCodes) -> Item {
    let hashes = codes.hashes.iter().map(|hash| Blob::new(hash.as_bytes()));
    let set = AttributeValue::Bs(hashes.collect());
    let mut item = Item::from([("added_at".to_owned(), number(codes.added_at))]);
    if !codes.hashes.is_empty() {
        item.insert(CODES.to_owned(), set);
    }
    item
}

pub(crate) fn read(item: &Item) -> Result<RecoveryCodes, Error> {
    let corrupt = |reason: &'static str| Error::corrupt(TABLE, reason);
    let added_at = item.get("added_at").and_then(|at| at.as_n().ok());
    let added_at = added_at.and_then(|at| at.parse().ok());
    let codes = item.get(CODES).map(AttributeValue::as_bs).transpose();
    let codes = codes.map_err(|_| corrupt("codes is not a set of bytes"))?;
    let hashes = codes.into_iter().flatten();
    let hashes = hashes.map(|hash| RecoveryHash::from_stored(hash.as_ref()));
    Ok(RecoveryCodes {
        hashes: hashes
            .collect::<Option<_>>()
            .ok_or_else(|| corrupt("a recovery code is not 16 bytes"))?,
        added_at: added_at.ok_or_else(|| corrupt("added_at is no time"))?,
    })
}
