//! A list of keys as its attribute has it: JSON, for it is read and written whole, and a JWK's
//! shape is not this table's business.

use std::collections::BTreeMap;

use accounts::{FactorKeyTimes, MacKeyTimes};
use claims::{Algorithm, RingKey};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_bytes::ByteBuf;
use serde_json::{Map, Value};

use super::item::TABLE;
use super::sealed_ring::{SealedKey, UnknownKey, UnknownKeys};
use crate::Error;

#[cfg(test)]
mod tests;

/// Sealed keys by their ids, as they are stored.
pub(super) type Sealed = BTreeMap<String, ByteBuf>;

/// The member of a key that names the KMS key which sealed it.
const KMS_KEY: &str = "kms_key";

/// A key of a list.
pub(super) trait Listed: Serialize + DeserializeOwned {
    /// Returns whether this version knows the kind of the key. Another kind belongs to a later
    /// version, and is not a fault of the list.
    fn is_known(entry: &Value) -> bool;
    /// The id by which its sealed half is stored.
    fn id(&self) -> &str;
}

impl Listed for RingKey {
    fn is_known(entry: &Value) -> bool {
        let jwk = &entry["jwk"];
        let ours = |name: &str| name.parse::<Algorithm>().is_ok();
        jwk.is_object()
            && jwk["alg"].as_str().is_none_or(ours)
            && jwk["use"].as_str().is_none_or(|purpose| purpose == "sig")
    }

    fn id(&self) -> &str {
        // A key without a name is refused with the ring that it is in.
        self.kid().unwrap_or_default()
    }
}

impl Listed for MacKeyTimes {
    /// HMAC-SHA-256 need not be named.
    fn is_known(entry: &Value) -> bool {
        entry["id"].is_string()
            && entry["signs_from"].is_u64()
            && entry.get("kind").is_none()
            && entry["alg"].as_str().is_none_or(|name| name == "HS256")
    }

    fn id(&self) -> &str {
        &self.id
    }
}

impl Listed for FactorKeyTimes {
    /// AES-256-GCM need not be named.
    fn is_known(entry: &Value) -> bool {
        entry["id"].is_string()
            && entry["seals_from"].is_u64()
            && entry.get("kind").is_none()
            && entry["alg"].as_str().is_none_or(|name| name == "A256GCM")
    }

    fn id(&self) -> &str {
        &self.id
    }
}

/// A list as this version reads it.
pub(super) struct List<T> {
    pub(super) keys: Vec<T>,
    pub(super) sealed: BTreeMap<String, SealedKey>,
    pub(super) unknown: UnknownKeys,
}

/// Reads a list, and the sealed halves of its keys.
pub(super) fn read<T: Listed>(list: &str, sealed: Sealed) -> Result<List<T>, Error> {
    let corrupt = |error| Error::corrupt(TABLE, error);
    let entries: Vec<Value> = serde_json::from_str(list).map_err(corrupt)?;
    let mut keys = Vec::new();
    let mut unknown = UnknownKeys::default();
    let mut kms_keys = BTreeMap::new();
    for entry in entries {
        if !T::is_known(&entry) {
            let after = keys.iter().map(|key: &T| key.id().to_owned()).collect();
            unknown.keys.push(UnknownKey { entry, after });
            continue;
        }
        let key: T = serde_json::from_value(entry.clone()).map_err(corrupt)?;
        let (id, kms_key) = (key.id().to_owned(), entry[KMS_KEY].as_str());
        let mut members = beyond(entry.as_object(), &object(&key)?);
        kms_keys.insert(id.clone(), kms_key.map(str::to_owned));
        members.remove(KMS_KEY);
        if !members.is_empty() {
            unknown.members.insert(id, members);
        }
        keys.push(key);
    }
    let mut known = BTreeMap::new();
    for (id, bytes) in sealed {
        let bytes = bytes.into_vec();
        match kms_keys.remove(&id) {
            Some(kms_key) => drop(known.insert(id, SealedKey { bytes, kms_key })),
            None => drop(unknown.sealed.insert(id, bytes)),
        }
    }
    Ok(List {
        keys,
        sealed: known,
        unknown,
    })
}

/// Writes a list, and the sealed halves of its keys.
pub(super) fn write<T: Listed>(
    keys: &[T],
    sealed: &BTreeMap<String, SealedKey>,
    unknown: &UnknownKeys,
) -> Result<(String, Sealed), Error> {
    let mut entries = Vec::new();
    for key in keys {
        let mut entry = object(key)?;
        let kms_key = sealed.get(key.id()).and_then(|key| key.kms_key.clone());
        if let Some(kms_key) = kms_key {
            entry.insert(KMS_KEY.to_owned(), kms_key.into());
        }
        if let Some(members) = unknown.members.get(key.id()) {
            add(&mut entry, members);
        }
        entries.push(Value::Object(entry));
    }
    // From the last to the first, so that the places of the others stay.
    for other in unknown.keys.iter().rev() {
        let is_before = |key: &T| other.after.iter().any(|id| id == key.id());
        let place = keys.iter().rposition(is_before).map_or(0, |last| last + 1);
        entries.insert(place, other.entry.clone());
    }
    let list = serde_json::to_string(&entries).map_err(|error| Error::unbuilt(TABLE, error))?;
    let known = sealed.iter().map(|(id, key)| (id, &key.bytes));
    let all = known.chain(&unknown.sealed);
    let stored = all.map(|(id, sealed)| (id.clone(), ByteBuf::from(sealed.as_slice())));
    Ok((list, stored.collect()))
}

fn object(key: &impl Serialize) -> Result<Map<String, Value>, Error> {
    match serde_json::to_value(key) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(Error::unbuilt(TABLE, "a key is not an object")),
        Err(error) => Err(Error::unbuilt(TABLE, error)),
    }
}

/// The members of an object, at any depth, that a known one does not have.
fn beyond(stored: Option<&Map<String, Value>>, known: &Map<String, Value>) -> Map<String, Value> {
    let members = stored.into_iter().flatten();
    let members = members.filter_map(|(name, value)| match (value, known.get(name)) {
        (_, None) => Some((name.clone(), value.clone())),
        (Value::Object(_), Some(Value::Object(known))) => {
            let members = beyond(value.as_object(), known);
            (!members.is_empty()).then(|| (name.clone(), Value::Object(members)))
        }
        (_, Some(_)) => None,
    });
    members.collect()
}

/// Adds the members that [`beyond`] has found.
fn add(entry: &mut Map<String, Value>, members: &Map<String, Value>) {
    for (name, value) in members {
        match (entry.get_mut(name), value) {
            (None, _) => drop(entry.insert(name.clone(), value.clone())),
            (Some(Value::Object(entry)), Value::Object(members)) => add(entry, members),
            (Some(_), _) => {}
        }
    }
}
