use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use accounts::Timestamp;
use claims::{KeySet, PrivateKey, Ring};
use tables::{Keys, SealedRing};

use crate::{Error, Sealer};

/// How long a key ring counts before it is read again, in seconds. Nothing in a token shortens it:
/// a key id that is not known costs no read.
const MAX_AGE: u64 = 60;

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

/// The key ring with its private halves, for whoever signs. Each is unsealed once and kept in memory.
#[derive(Debug)]
pub struct SigningKeys {
    table: Keys,
    sealer: Sealer,
    cached: Cached<Arc<Unsealed>>,
}

#[derive(Debug)]
struct Unsealed {
    ring: Ring,
    private: HashMap<String, Arc<PrivateKey>>,
}

impl SigningKeys {
    /// The keys of that table, read and unsealed when they are first asked for.
    pub fn new(table: Keys, sealer: Sealer) -> Self {
        Self {
            table,
            sealer,
            cached: Cached::default(),
        }
    }

    /// The key that signs now.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] where the ring cannot be read, or no key signs now;
    /// [`Error::Internal`] where its private half cannot be unsealed.
    pub async fn at(&self, now: Timestamp) -> Result<Arc<PrivateKey>, Error> {
        let unsealed = match self.cached.get(now) {
            Some(unsealed) => unsealed,
            None => {
                let ring = self.table.sealed().await?.ok_or_else(no_ring)?;
                let unsealed = Arc::new(self.unseal(ring, now)?);
                self.cached.put(now, Arc::clone(&unsealed));
                unsealed
            }
        };
        let signer = unsealed.ring.signer(now).and_then(|key| key.kid().ok());
        signer
            .and_then(|kid| unsealed.private.get(kid))
            .cloned()
            .ok_or_else(|| Error::Unavailable("no key of the ring signs now".to_owned()))
    }

    /// Every key that may yet sign, so that a new one takes over without another read.
    fn unseal(
        &self,
        SealedRing { ring, sealed }: SealedRing,
        now: Timestamp,
    ) -> Result<Unsealed, Error> {
        let known = self.cached.last();
        let mut private = HashMap::new();
        for key in ring
            .keys
            .iter()
            .filter(|key| key.gone_at.is_none_or(|gone| now < gone))
        {
            let kid = key.kid().map_err(Error::internal)?;
            let kept = known
                .as_ref()
                .and_then(|known| known.private.get(kid))
                .cloned();
            let (Some(bytes), None) = (sealed.get(kid), &kept) else {
                private.extend(kept.map(|kept| (kid.to_owned(), kept)));
                continue;
            };
            let algorithm = key.algorithm().map_err(Error::internal)?;
            let pkcs8 = self.sealer.unseal(kid, bytes).map_err(Error::internal)?;
            let key = PrivateKey::from_pkcs8(algorithm, &pkcs8).map_err(Error::internal)?;
            private.insert(kid.to_owned(), Arc::new(key));
        }
        Ok(Unsealed { ring, private })
    }
}

fn no_ring() -> Error {
    Error::Unavailable("there is no key ring yet".to_owned())
}

/// One value and when it was read, by the clock on the wall: Lambda freezes an environment between
/// requests, and a monotonic clock may stand still meanwhile.
#[derive(Debug)]
struct Cached<T>(RwLock<Option<(Timestamp, T)>>);

impl<T> Default for Cached<T> {
    fn default() -> Self {
        Self(RwLock::new(None))
    }
}

impl<T: Clone> Cached<T> {
    fn last(&self) -> Option<T> {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .as_ref()
            .map(|(_, value)| value.clone())
    }

    fn get(&self, now: Timestamp) -> Option<T> {
        let cached = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (read_at, value) = cached.as_ref()?;
        now.checked_sub(*read_at)
            .is_some_and(|age| age < MAX_AGE)
            .then(|| value.clone())
    }

    fn put(&self, now: Timestamp, value: T) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some((now, value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_counts_for_a_minute_and_not_after_the_clock_was_set_back() {
        let cached = Cached::default();
        assert_eq!(cached.get(1_000), None);
        cached.put(1_000, "keys");
        assert_eq!(cached.get(1_000), Some("keys"));
        assert_eq!(cached.get(1_059), Some("keys"));
        assert_eq!(cached.get(1_060), None);
        assert_eq!(cached.get(999), None);
    }
}
