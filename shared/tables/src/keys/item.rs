//! The key ring as the one item of its table.

use accounts::FactorKeyTimes;
use claims::Ring;
use serde::{Deserialize, Serialize};

use super::list::{self, List, Listed, Sealed};
use super::parts::RingParts;
use super::sealed_ring::{SealedKeys, SealedRing};
use crate::Error;
use crate::item::{self, Item};

pub(super) const TABLE: &str = "Keys";
pub(super) const RING: &str = "ring";

/// The item, but for its key. Attributes of parts that were not asked for are absent.
#[derive(Serialize, Deserialize)]
struct Stored {
    version: u64,
    keys: String,
    sealed_keys: Option<Sealed>,
    mac_keys: Option<String>,
    sealed_mac_keys: Option<Sealed>,
    /// Both are absent from a ring that no version with factor keys has maintained yet.
    factor_keys: Option<String>,
    sealed_factor_keys: Option<Sealed>,
}

/// The attributes of these parts, for a projection.
pub(super) fn attributes(parts: RingParts) -> Vec<&'static str> {
    let all = [
        (RingParts::PUBLIC, "version"),
        (RingParts::PUBLIC, "keys"),
        (RingParts::SIGNING, "sealed_keys"),
        (RingParts::MAC_TIMES, "mac_keys"),
        (RingParts::MACS, "sealed_mac_keys"),
        (RingParts::FACTORS, "factor_keys"),
        (RingParts::FACTORS, "sealed_factor_keys"),
    ];
    let asked = all.into_iter().filter(|(part, _)| parts.include(*part));
    asked.map(|(_, name)| name).collect()
}

/// The attributes of the item, but for its key.
pub(super) fn write(ring: &SealedRing) -> Result<Item, Error> {
    let (keys, sealed_keys) = list::write(&ring.ring.keys, &ring.sealed, &ring.unknown)?;
    let (mac_keys, sealed_mac_keys) = write_list(&ring.macs)?;
    let (factor_keys, sealed_factor_keys) = write_list(&ring.factors)?;
    let stored = Stored {
        version: ring.ring.version,
        keys,
        sealed_keys: Some(sealed_keys),
        mac_keys: Some(mac_keys),
        sealed_mac_keys: Some(sealed_mac_keys),
        factor_keys: Some(factor_keys),
        sealed_factor_keys: Some(sealed_factor_keys),
    };
    item::write(TABLE, stored)
}

/// Reads these parts of the item, and leaves the others empty.
pub(super) fn read(parts: RingParts, item: Item) -> Result<SealedRing, Error> {
    let stored: Stored = item::read(TABLE, item)?;
    let sealed_keys = part(parts, RingParts::SIGNING, stored.sealed_keys, "sealed_keys")?;
    let mac_keys = part(parts, RingParts::MAC_TIMES, stored.mac_keys, "mac_keys")?;
    let sealed = stored.sealed_mac_keys;
    let sealed_mac_keys = part(parts, RingParts::MACS, sealed, "sealed_mac_keys")?;
    let list = list::read(&stored.keys, sealed_keys.unwrap_or_default())?;
    Ok(SealedRing {
        ring: Ring {
            version: stored.version,
            keys: list.keys,
        },
        sealed: list.sealed,
        macs: read_list(mac_keys, sealed_mac_keys)?,
        factors: read_list::<FactorKeyTimes>(stored.factor_keys, stored.sealed_factor_keys)?,
        unknown: list.unknown,
    })
}

/// The value of an attribute, which must be there if its part was asked for.
fn part<T>(
    asked: RingParts,
    part: RingParts,
    value: Option<T>,
    name: &str,
) -> Result<Option<T>, Error> {
    match value {
        None if asked.include(part) => Err(Error::corrupt(TABLE, format!("no {name}"))),
        value => Ok(value),
    }
}

fn write_list<T: Listed>(keys: &SealedKeys<T>) -> Result<(String, Sealed), Error> {
    list::write(&keys.times, &keys.sealed, &keys.unknown)
}

fn read_list<T: Listed>(
    times: Option<String>,
    sealed: Option<Sealed>,
) -> Result<SealedKeys<T>, Error> {
    let Some(times) = times else {
        return Ok(SealedKeys::default());
    };
    let List {
        keys,
        sealed,
        unknown,
    } = list::read(&times, sealed.unwrap_or_default())?;
    Ok(SealedKeys {
        times: keys,
        sealed,
        unknown,
    })
}
