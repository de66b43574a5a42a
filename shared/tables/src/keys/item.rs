//! The key ring as the one item of its table.

use claims::Ring;
use serde::{Deserialize, Serialize};

use super::list::{self, Sealed};
use super::sealed_ring::{RingPart, SealedMacs, SealedRing};
use crate::Error;
use crate::item::{self, Item};

pub(super) const TABLE: &str = "Keys";
pub(super) const RING: &str = "ring";

/// [`RingPart::Public`].
#[derive(Deserialize)]
struct Public {
    version: u64,
    keys: String,
}

/// [`RingPart::MacTimes`].
#[derive(Deserialize)]
struct MacTimes {
    version: u64,
    keys: String,
    mac_keys: String,
}

/// [`RingPart::Macs`].
#[derive(Deserialize)]
struct Macs {
    version: u64,
    keys: String,
    mac_keys: String,
    sealed_mac_keys: Sealed,
}

/// The whole item, but for its key.
#[derive(Serialize, Deserialize)]
struct Whole {
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
        RingPart::MacTimes => &["version", "keys", "mac_keys"],
        RingPart::Macs => &["version", "keys", "mac_keys", "sealed_mac_keys"],
        RingPart::Whole => &[],
    }
}

/// The attributes of the item, but for its key.
pub(super) fn write(ring: &SealedRing) -> Result<Item, Error> {
    let macs = &ring.macs;
    let (keys, sealed_keys) = list::write(&ring.ring.keys, &ring.sealed, &ring.unknown)?;
    let (mac_keys, sealed_mac_keys) = list::write(&macs.times, &macs.sealed, &macs.unknown)?;
    let whole = Whole {
        version: ring.ring.version,
        keys,
        sealed_keys,
        mac_keys,
        sealed_mac_keys,
    };
    item::write(TABLE, whole)
}

pub(super) fn read(part: RingPart, item: Item) -> Result<SealedRing, Error> {
    let (version, keys, sealed_keys, macs) = match part {
        RingPart::Public => {
            let Public { version, keys } = item::read(TABLE, item)?;
            (version, keys, Sealed::new(), SealedMacs::default())
        }
        RingPart::MacTimes => {
            let read: MacTimes = item::read(TABLE, item)?;
            let macs = macs(&read.mac_keys, Sealed::new())?;
            (read.version, read.keys, Sealed::new(), macs)
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
    let list = list::read(&keys, sealed_keys)?;
    Ok(SealedRing {
        ring: Ring {
            version,
            keys: list.keys,
        },
        sealed: list.sealed,
        macs,
        unknown: list.unknown,
    })
}

fn macs(times: &str, keys: Sealed) -> Result<SealedMacs, Error> {
    let list = list::read(times, keys)?;
    Ok(SealedMacs {
        times: list.keys,
        sealed: list.sealed,
        unknown: list.unknown,
    })
}
