//! The key ring as the one item of its table.

use std::collections::BTreeMap;

use accounts::MacKeyTimes;
use claims::{Ring, RingKey};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use super::sealed_ring::{RingPart, SealedMacs, SealedRing};
use crate::Error;
use crate::item::{self, Item};

pub(super) const TABLE: &str = "Keys";
pub(super) const RING: &str = "ring";

/// Sealed keys by their ids.
type Sealed = BTreeMap<String, ByteBuf>;

/// [`RingPart::Public`]. Lists are JSON, for they are read and written whole, and a JWK's shape is
/// not this table's business.
#[derive(Deserialize)]
struct Public {
    version: u64,
    keys: String,
}

/// [`RingPart::Macs`].
#[derive(Deserialize)]
struct Macs {
    version: u64,
    keys: String,
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

/// The attributes of a part, for a projection; none for all of them.
pub(super) fn attributes(part: RingPart) -> &'static [&'static str] {
    match part {
        RingPart::Public => &["version", "keys"],
        RingPart::Macs => &["version", "keys", "mac_keys", "sealed_mac_keys"],
        RingPart::Whole => &[],
    }
}

pub(super) fn write(ring: &SealedRing) -> Result<Item, Error> {
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

pub(super) fn read(part: RingPart, item: Item) -> Result<SealedRing, Error> {
    let (version, keys, sealed_keys, macs) = match part {
        RingPart::Public => {
            let Public { version, keys } = item::read(TABLE, item)?;
            (version, keys, Sealed::new(), SealedMacs::default())
        }
        RingPart::Macs => {
            let read: Macs = item::read(TABLE, item)?;
            let macs = macs(&read.mac_keys, read.sealed_mac_keys)?;
            (read.version, read.keys, Sealed::new(), macs)
        }
        RingPart::Whole => {
            let read: Whole = item::read(TABLE, item)?;
            let macs = macs(&read.mac_keys, read.sealed_mac_keys)?;
            (read.version, read.keys, read.sealed_keys, macs)
        }
    };
    Ok(SealedRing {
        ring: Ring {
            version,
            keys: parse::<Vec<RingKey>>(&keys)?,
        },
        sealed: sealed(sealed_keys),
        macs,
    })
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
    serde_json::to_string(list).map_err(|error| Error::unbuilt(TABLE, error))
}

fn parse<T: DeserializeOwned>(list: &str) -> Result<T, Error> {
    serde_json::from_str(list).map_err(|error| Error::corrupt(TABLE, error))
}
