//! One reading of the key ring, with its unsealed keys.

use std::collections::HashMap;
use std::sync::Arc;

use accounts::{FactorKey, FactorKeyTimes, FactorKeys, MacKey, MacKeyTimes, MacKeys, Timestamp};
use claims::{KeySet, PrivateKey, RingKey};
use futures_util::future::try_join_all;
use keyring::{Purpose, RING_AGE, Sealer, SealingError};
use tables::{RingParts, SealedRing};
use tokio::sync::OnceCell;

use crate::Error;

/// Private keys by their `kid`.
type PrivateKeys = HashMap<String, Arc<PrivateKey>>;

/// The ring as it was read. A key is unsealed when it is first asked for, once for each
/// environment: the next reading takes over those that are still in the ring.
#[derive(Debug)]
pub(crate) struct Reading {
    stored: SealedRing,
    parts: RingParts,
    verifying: Arc<KeySet>,
    macs: OnceCell<Arc<MacKeys>>,
    private: OnceCell<PrivateKeys>,
    factors: OnceCell<Arc<FactorKeys>>,
    known_macs: MacKeys,
    known_private: PrivateKeys,
    known_factors: FactorKeys,
}

impl Reading {
    /// Returns a reading of the ring as it is stored now. It takes over keys that the reading
    /// before it has unsealed.
    ///
    /// # Errors
    ///
    /// [`Error::Internal`] if a public key is malformed.
    pub(crate) fn new(
        stored: SealedRing,
        parts: RingParts,
        now: Timestamp,
        before: Option<&Self>,
    ) -> Result<Self, Error> {
        let before = before.map(Self::unsealed).unwrap_or_default();
        let (known_macs, mut known_private, known_factors) = before;
        let times = stored.macs.times.iter();
        let known_macs = times
            .filter_map(|times| known_macs.retimed(times))
            .collect();
        known_private.retain(|kid, _| stored.sealed.contains_key(kid));
        let times = stored.factors.times.iter();
        let known_factors = times
            .filter_map(|times| known_factors.retimed(times))
            .collect();
        Ok(Self {
            verifying: Arc::new(stored.ring.verifying(now).map_err(Error::internal)?),
            stored,
            parts,
            macs: OnceCell::new(),
            private: OnceCell::new(),
            factors: OnceCell::new(),
            known_macs,
            known_private,
            known_factors,
        })
    }

    fn unsealed(&self) -> (MacKeys, PrivateKeys, FactorKeys) {
        let macs = self.macs.get().map_or(&self.known_macs, |macs| &**macs);
        let private = self.private.get().unwrap_or(&self.known_private);
        let factors = self.factors.get();
        let factors = factors.map_or(&self.known_factors, |factors| &**factors);
        (macs.clone(), private.clone(), factors.clone())
    }

    /// Returns whether these parts of the ring were read.
    pub(crate) fn has(&self, parts: RingParts) -> bool {
        self.parts.include(parts)
    }

    /// The public keys that verify.
    pub(crate) fn verifying(&self) -> Arc<KeySet> {
        Arc::clone(&self.verifying)
    }

    /// The times of the MAC keys.
    pub(crate) fn mac_times(&self) -> &[MacKeyTimes] {
        &self.stored.macs.times
    }

    /// Returns the MAC keys, retired ones too, for their tags are computed again.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] where KMS does not answer; [`Error::Internal`] where a key cannot be
    /// unsealed.
    pub(crate) async fn macs(&self, sealer: &Sealer) -> Result<Arc<MacKeys>, Error> {
        let unseal = || async {
            let times = self.stored.macs.times.iter();
            let keys = try_join_all(times.map(|times| self.mac(times, sealer))).await?;
            Ok(Arc::new(keys.into_iter().collect()))
        };
        self.macs.get_or_try_init(unseal).await.cloned()
    }

    async fn mac(&self, times: &MacKeyTimes, sealer: &Sealer) -> Result<MacKey, Error> {
        if let Some(key) = self.known_macs.retimed(times) {
            return Ok(key);
        }
        let sealed = self.stored.macs.sealed.get(&times.id);
        let sealed = sealed.ok_or_else(|| Error::internal("a MAC key is missing"))?;
        let key = sealer.unseal(Purpose::Mac, &times.id, sealed).await;
        let key = MacKey::new(times.clone(), &key.map_err(unsealing)?);
        key.ok_or_else(|| Error::internal("a MAC key is malformed"))
    }

    /// Returns the factor keys: those that seal or have sealed, and one that may take over before
    /// the ring is read again.
    ///
    /// # Errors
    ///
    /// As [`Reading::macs`].
    pub(crate) async fn factors(
        &self,
        now: Timestamp,
        sealer: &Sealer,
    ) -> Result<Arc<FactorKeys>, Error> {
        let soon = now.saturating_add(RING_AGE);
        let unseal = || async {
            let times = self.stored.factors.times.iter();
            let times = times.filter(|times| times.seals_from <= soon);
            let keys = try_join_all(times.map(|times| self.factor(times, sealer))).await?;
            Ok(Arc::new(keys.into_iter().collect()))
        };
        self.factors.get_or_try_init(unseal).await.cloned()
    }

    async fn factor(&self, times: &FactorKeyTimes, sealer: &Sealer) -> Result<FactorKey, Error> {
        if let Some(key) = self.known_factors.retimed(times) {
            return Ok(key);
        }
        let sealed = self.stored.factors.sealed.get(&times.id);
        let sealed = sealed.ok_or_else(|| Error::internal("a factor key is missing"))?;
        let key = sealer.unseal(Purpose::Factor, &times.id, sealed).await;
        let key = FactorKey::new(times.clone(), &key.map_err(unsealing)?);
        key.ok_or_else(|| Error::internal("a factor key is malformed"))
    }

    /// The key that signs now.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] where none does, or KMS does not answer; [`Error::Internal`] where a
    /// key cannot be unsealed.
    pub(crate) async fn signer(
        &self,
        now: Timestamp,
        sealer: &Sealer,
    ) -> Result<Arc<PrivateKey>, Error> {
        let private = self.private.get_or_try_init(|| self.signers(now, sealer));
        let private = private.await?;
        let signer = self.stored.ring.signer(now).and_then(|key| key.kid().ok());
        let signer = signer.and_then(|kid| private.get(kid)).cloned();
        signer.ok_or_else(|| Error::Unavailable("no signing key of the ring is active".to_owned()))
    }

    /// The key that signs and the one that may take over before the ring is read again.
    async fn signers(&self, now: Timestamp, sealer: &Sealer) -> Result<PrivateKeys, Error> {
        let soon = [now, now.saturating_add(RING_AGE)];
        let signers = soon.iter();
        let signers = signers.filter_map(|&time| self.stored.ring.signer(time));
        let mut signers: Vec<_> = signers.collect();
        signers.dedup_by_key(|key| key.signs_from);
        let private = signers.into_iter().map(|key| self.private(key, sealer));
        Ok(try_join_all(private).await?.into_iter().collect())
    }

    async fn private(
        &self,
        key: &RingKey,
        sealer: &Sealer,
    ) -> Result<(String, Arc<PrivateKey>), Error> {
        let kid = key.kid().map_err(Error::internal)?;
        if let Some(known) = self.known_private.get(kid) {
            return Ok((kid.to_owned(), Arc::clone(known)));
        }
        let algorithm = key.algorithm().map_err(Error::internal)?;
        let sealed = self.stored.sealed.get(kid);
        let sealed = sealed.ok_or_else(|| Error::internal("a private key is missing"))?;
        let pkcs8 = sealer.unseal(Purpose::Sign, kid, sealed).await;
        let pkcs8 = pkcs8.map_err(unsealing)?;
        let private = PrivateKey::from_pkcs8(algorithm, &pkcs8).map_err(Error::internal)?;
        // Its name is made of its public half, so that this is the key that verifiers know.
        if private.kid() == kid {
            Ok((kid.to_owned(), Arc::new(private)))
        } else {
            Err(Error::internal("a private key does not match its kid"))
        }
    }
}

/// If KMS cannot be reached, the sealed key is not at fault.
fn unsealing(error: SealingError) -> Error {
    match error {
        SealingError::Kms { .. } => Error::Unavailable(error.to_string()),
        _ => Error::internal(error),
    }
}
