use std::sync::Arc;
use std::time::Duration;

use accounts::{MacKey, MacKeys, Timestamp};
use claims::KeySet;
use futures_util::future::try_join_all;
use keyring::{Purpose, Sealer, SealingError};
use tables::{Keys, SealedMacs};

use crate::cache::Cached;
use crate::{Error, now};

/// How long a function waits for keys before its first request: within Lambda's ten seconds for a start, whatever else it does.
const WARMING: Duration = Duration::from_secs(4);

/// Does some of the first request's work before it. What fails, or takes too long, is tried again by that request.
pub(crate) async fn warmed<T>(work: impl Future<Output = Result<T, Error>>) {
    let _ = tokio::time::timeout(WARMING, work).await;
}

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

    /// Reads the keys before the first request, which reads them where that fails.
    pub async fn warm(&self) {
        warmed(self.at(now())).await;
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

    /// Reads the keys before the first request, which reads them where that fails.
    pub async fn warm(&self) {
        warmed(self.at(now())).await;
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
        let known = self.cached.last();
        let keys = Arc::new(unseal_macs(&self.sealer, macs, known).await?);
        self.cached.put(now, Arc::clone(&keys));
        Ok(keys)
    }
}

/// Unseals the MAC keys that are not known yet; those that are gone too, for what they made is
/// computed again.
pub(crate) async fn unseal_macs(
    sealer: &Sealer,
    macs: SealedMacs,
    known: Option<Arc<MacKeys>>,
) -> Result<MacKeys, Error> {
    let SealedMacs { times, sealed } = macs;
    let unsealed = times.into_iter().map(|times| async {
        if let Some(key) = known.as_ref().and_then(|known| known.retimed(&times)) {
            return Ok(key);
        }
        let id = times.id.clone();
        let sealed = sealed
            .get(&id)
            .ok_or_else(|| Error::internal("a MAC key is missing"))?;
        let key = sealer.unseal(Purpose::Mac, &id, sealed).await;
        let key = key.map_err(unsealing)?;
        MacKey::new(times, &key).ok_or_else(|| Error::internal("a MAC key is malformed"))
    });
    Ok(try_join_all(unsealed).await?.into_iter().collect())
}

/// That KMS cannot be reached is no fault of what is sealed.
pub(crate) fn unsealing(error: SealingError) -> Error {
    match error {
        SealingError::Kms { .. } => Error::Unavailable(error.to_string()),
        _ => Error::internal(error),
    }
}

pub(crate) fn no_ring() -> Error {
    Error::Unavailable("there is no key ring yet".to_owned())
}
