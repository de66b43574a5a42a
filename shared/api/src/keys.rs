use std::sync::Arc;

use accounts::{MacKey, MacKeys, Timestamp};
use claims::KeySet;
use tables::{Keys, SealedMacs};

use crate::cache::Cached;
use crate::{Error, Purpose, Sealer};

/// The public halves of the key ring, for whoever verifies.
#[derive(Debug)]
pub struct PublicKeys {
    table: Keys,
    cached: Cached<Arc<KeySet>>,
}

impl PublicKeys {
    /// The keys of that table, read when they are first asked for.
    pub fn new(table: Keys) -> Self {
        Self {
            table,
            cached: Cached::default(),
        }
    }

    /// The keys that verify now.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] where the ring cannot be read, or there is none yet.
    pub async fn at(&self, now: Timestamp) -> Result<Arc<KeySet>, Error> {
        if let Some(keys) = self.cached.get(now) {
            return Ok(keys);
        }
        let ring = self.table.public().await?.ok_or_else(no_ring)?;
        let keys = Arc::new(ring.verifying(now).map_err(Error::internal)?);
        self.cached.put(now, Arc::clone(&keys));
        Ok(keys)
    }
}

/// The MAC keys of the key ring, for whoever takes refresh tokens and issues nothing.
#[derive(Debug)]
pub struct RefreshKeys {
    table: Keys,
    sealer: Sealer,
    cached: Cached<Arc<MacKeys>>,
}

impl RefreshKeys {
    /// The keys of that table, read and unsealed when they are first asked for.
    pub fn new(table: Keys, sealer: Sealer) -> Self {
        Self {
            table,
            sealer,
            cached: Cached::default(),
        }
    }

    /// The keys that check tags now.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] where the ring cannot be read, or there is none yet;
    /// [`Error::Internal`] where a key cannot be unsealed.
    pub async fn at(&self, now: Timestamp) -> Result<Arc<MacKeys>, Error> {
        if let Some(keys) = self.cached.get(now) {
            return Ok(keys);
        }
        let macs = self.table.macs().await?.ok_or_else(no_ring)?;
        let keys = Arc::new(unseal_macs(&self.sealer, macs)?);
        self.cached.put(now, Arc::clone(&keys));
        Ok(keys)
    }
}

/// Unseals MAC keys; those that are gone too, for what they made is computed again.
pub(crate) fn unseal_macs(sealer: &Sealer, macs: SealedMacs) -> Result<MacKeys, Error> {
    let SealedMacs { times, sealed } = macs;
    let keys = times.into_iter().map(|times| {
        let id = times.id.clone();
        let sealed = sealed
            .get(&id)
            .ok_or_else(|| Error::internal("a MAC key is missing"))?;
        let key = sealer
            .unseal(Purpose::Mac, &id, sealed)
            .map_err(Error::internal)?;
        MacKey::new(times, &key).ok_or_else(|| Error::internal("a MAC key is malformed"))
    });
    keys.collect()
}

pub(crate) fn no_ring() -> Error {
    Error::Unavailable("there is no key ring yet".to_owned())
}
