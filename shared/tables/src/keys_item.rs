use std::collections::BTreeMap;

use accounts::MacKeyTimes;
use claims::{Ring, RingKey};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use crate::item::{self, Item};
use crate::{Error, SealedMacs, SealedRing};

pub(crate) const TABLE: &str = "Keys";
pub(crate) const RING: &str = "ring";

/// Sealed keys by their ids.
type Sealed = BTreeMap<String, ByteBuf>;

/// What verifies. Lists are JSON, for they are read and written whole, and a JWK's shape is not this
/// table's business.
#[derive(Serialize, Deserialize)]
pub(crate) struct Public {
    version: u64,
    keys: String,
}

/// What refresh tokens are checked with.
#[derive(Serialize, Deserialize)]
pub(crate) struct Macs {
    mac_keys: String,
    sealed_mac_keys: Sealed,
}

/// The whole item.
#[derive(Serialize, Deserialize)]
struct Whole {
    id: String,
    version: u64,
    keys: String,
    sealed_keys: Sealed,
    mac_keys: String,
    sealed_mac_keys: Sealed,
}

/// The attributes of [`Public`] and of [`Macs`], for projections.
pub(crate) const PUBLIC: &[&str] = &["version", "keys"];
pub(crate) const MACS: &[&str] = &["mac_keys", "sealed_mac_keys"];

pub(crate) fn write(ring: &SealedRing) -> Result<Item, Error> {
    let whole = Whole {
        id: RING.to_owned(),
        version: ring.ring.version,
        keys: json(&ring.ring.keys)?,
        sealed_keys: stored(&ring.sealed),
        mac_keys: json(&ring.macs.times)?,
        sealed_mac_keys: stored(&ring.macs.sealed),
    };
    item::write(TABLE, whole)
}

pub(crate) fn read(item: Item) -> Result<SealedRing, Error> {
    let whole: Whole = item::read(TABLE, item)?;
    Ok(SealedRing {
        ring: Ring {
            version: whole.version,
            keys: parse::<Vec<RingKey>>(&whole.keys)?,
        },
        sealed: sealed(whole.sealed_keys),
        macs: macs(&whole.mac_keys, whole.sealed_mac_keys)?,
    })
}

pub(crate) fn read_public(item: Item) -> Result<Ring, Error> {
    let public: Public = item::read(TABLE, item)?;
    Ok(Ring {
        version: public.version,
        keys: parse(&public.keys)?,
    })
}

pub(crate) fn read_macs(item: Item) -> Result<SealedMacs, Error> {
    let stored: Macs = item::read(TABLE, item)?;
    macs(&stored.mac_keys, stored.sealed_mac_keys)
}

fn macs(times: &str, keys: Sealed) -> Result<SealedMacs, Error> {
    Ok(SealedMacs {
        times: parse::<Vec<MacKeyTimes>>(times)?,
        sealed: sealed(keys),
    })
}

fn sealed(stored: Sealed) -> BTreeMap<String, Vec<u8>> {
    let sealed = stored.into_iter();
    sealed.map(|(id, bytes)| (id, bytes.into_vec())).collect()
}

fn stored(sealed: &BTreeMap<String, Vec<u8>>) -> Sealed {
    let sealed = sealed.iter();
    sealed
        .map(|(id, bytes)| (id.clone(), ByteBuf::from(bytes.as_slice())))
        .collect()
}

fn json(list: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(list).map_err(|error| Error::corrupt(TABLE, error))
}

fn parse<T: DeserializeOwned>(list: &str) -> Result<T, Error> {
    serde_json::from_str(list).map_err(|error| Error::corrupt(TABLE, error))
}
