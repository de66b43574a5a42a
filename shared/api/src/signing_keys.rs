use std::collections::HashMap;
use std::sync::Arc;

use accounts::{MacKeys, Timestamp};
use claims::{PrivateKey, Ring, RingKey};
use futures_util::future::try_join_all;
use keyring::{Purpose, RING_AGE, Sealer};
use tables::{Keys, SealedRing};

use crate::Error;
use crate::cache::Cached;
use crate::keys::{no_ring, unseal_macs, unsealing};

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
                let unsealed = Arc::new(self.unseal(ring, now).await?);
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

    /// Unseals the key that signs and the one that may take over before the ring is read again; of
    /// those, what is not known yet.
    async fn unseal(&self, ring: SealedRing, now: Timestamp) -> Result<Unsealed, Error> {
        let SealedRing { ring, sealed, macs } = ring;
        let known = self.cached.last();
        let soon = [now, now.saturating_add(RING_AGE)];
        let mut signers: Vec<_> = soon.iter().filter_map(|&time| ring.signer(time)).collect();
        signers.dedup_by_key(|key| key.signs_from);
        let private = signers.into_iter().map(|key| async {
            let kid = key.kid().map_err(Error::internal)?;
            let kept = known.as_ref().and_then(|known| known.private.get(kid));
            let private = match kept {
                Some(kept) => Arc::clone(kept),
                None => Arc::new(self.unseal_one(key, kid, sealed.get(kid)).await?),
            };
            Ok::<_, Error>((kid.to_owned(), private))
        });
        let known_macs = known.as_ref().map(|known| Arc::clone(&known.macs));
        let (private, macs) = tokio::try_join!(
            try_join_all(private),
            unseal_macs(&self.sealer, macs, known_macs)
        )?;
        let (private, macs) = (private.into_iter().collect(), Arc::new(macs));
        Ok(Unsealed {
            ring,
            private,
            macs,
        })
    }

    async fn unseal_one(
        &self,
        key: &RingKey,
        kid: &str,
        sealed: Option<&Vec<u8>>,
    ) -> Result<PrivateKey, Error> {
        let algorithm = key.algorithm().map_err(Error::internal)?;
        let sealed = sealed.ok_or_else(|| Error::internal("a private key is missing"))?;
        let pkcs8 = self.sealer.unseal(Purpose::Sign, kid, sealed).await;
        let pkcs8 = pkcs8.map_err(unsealing)?;
        let private = PrivateKey::from_pkcs8(algorithm, &pkcs8).map_err(Error::internal)?;
        // Its name is made of its public half, so that this is the key that verifiers know.
        if private.kid() == kid {
            Ok(private)
        } else {
            Err(Error::internal("a private key is not that of its name"))
        }
    }
}
