use std::collections::HashMap;
use std::sync::Arc;

use accounts::{MacKeys, Timestamp};
use claims::{PrivateKey, Ring};
use tables::{Keys, SealedRing};

use crate::cache::Cached;
use crate::keys::{no_ring, unseal_macs};
use crate::{Error, Purpose, Sealer};

/// The whole key ring, for whoever issues tokens. Each private half is unsealed once and kept in
/// memory.
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
    macs: Arc<MacKeys>,
}

/// What tokens are issued with now.
#[derive(Clone, Debug)]
pub struct IssuingKeys {
    /// The key that signs access tokens.
    pub signer: Arc<PrivateKey>,
    /// The keys that tag refresh tokens.
    pub macs: Arc<MacKeys>,
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

    /// The keys that issue tokens now.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] where the ring cannot be read, or no key signs now;
    /// [`Error::Internal`] where a key cannot be unsealed.
    pub async fn at(&self, now: Timestamp) -> Result<IssuingKeys, Error> {
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
        let signer = signer.and_then(|kid| unsealed.private.get(kid)).cloned();
        let none = || Error::Unavailable("no key of the ring signs now".to_owned());
        Ok(IssuingKeys {
            signer: signer.ok_or_else(none)?,
            macs: Arc::clone(&unsealed.macs),
        })
    }

    /// Every key that may yet sign, so that a new one takes over without another read.
    fn unseal(&self, ring: SealedRing, now: Timestamp) -> Result<Unsealed, Error> {
        let SealedRing { ring, sealed, macs } = ring;
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
            let key = match (kept, sealed.get(kid)) {
                (Some(kept), _) => kept,
                (None, Some(sealed)) => {
                    let algorithm = key.algorithm().map_err(Error::internal)?;
                    let pkcs8 = self.sealer.unseal(Purpose::Sign, kid, sealed);
                    let pkcs8 = pkcs8.map_err(Error::internal)?;
                    let key = PrivateKey::from_pkcs8(algorithm, &pkcs8);
                    Arc::new(key.map_err(Error::internal)?)
                }
                (None, None) => continue,
            };
            private.insert(kid.to_owned(), key);
        }
        let macs = Arc::new(unseal_macs(&self.sealer, macs)?);
        Ok(Unsealed {
            ring,
            private,
            macs,
        })
    }
}
