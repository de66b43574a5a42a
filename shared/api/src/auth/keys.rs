//! The parts of the key ring that most functions use: public keys, MAC keys, signing keys.

use std::sync::Arc;
use std::time::Duration;

use accounts::{MacKeys, PasswordHasher, Timestamp};
use claims::{KeySet, PrivateKey};
use keyring::Sealer;
use tables::RingParts;
use tokio::task::spawn_blocking;

use super::key_ring::KeyRing;
use crate::{ConfigError, Environment, Error, now};

/// The time that a function waits for keys before its first request, well within the ten seconds
/// that Lambda gives a start.
const WARMING: Duration = Duration::from_secs(4);

/// Does some of the first request's work before it. That request tries again if it fails, or takes
/// too long.
pub(super) async fn warmed<T>(work: impl Future<Output = Result<T, Error>>) {
    let _ = tokio::time::timeout(WARMING, work).await;
}

/// Does some of the first request's work, and prepares the memory of a hash meanwhile on another
/// thread.
pub(super) async fn prepared(hasher: &PasswordHasher, work: impl Future<Output = ()>) {
    let hasher = hasher.clone();
    let preparing = spawn_blocking(move || hasher.prepare());
    // Or the future of `main` would be deeper than the compiler looks.
    Box::pin(work).await;
    let _ = preparing.await;
}

/// The public halves of the key ring, to verify access tokens.
#[derive(Debug)]
pub struct PublicKeys(Arc<KeyRing>);

impl PublicKeys {
    /// The ring of an environment: `KEYS_TABLE`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where the variable is not set, or empty.
    pub fn new(environment: &Environment) -> Result<Self, ConfigError> {
        environment.key_ring(RingParts::PUBLIC).map(Self)
    }

    /// Reads the keys, for [`Function::warm`](crate::Function::warm).
    pub async fn warm(&self) {
        warmed(self.at(now())).await;
    }

    /// The keys that verify now.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] where the ring cannot be read, or there is none yet;
    /// [`Error::Internal`] where a key is malformed.
    pub async fn at(&self, now: Timestamp) -> Result<Arc<KeySet>, Error> {
        let reading = self.0.at(now, RingParts::PUBLIC).await?;
        Ok(reading.verifying())
    }
}

/// The MAC keys of the key ring, to check refresh tokens and tickets.
#[derive(Debug)]
pub struct RefreshKeys {
    ring: Arc<KeyRing>,
    sealer: Sealer,
}

impl RefreshKeys {
    /// The ring of an environment: `KEYS_TABLE`, `KMS_KEY` and `LOCAL_SEALING_KEY`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where `KEYS_TABLE` is not set, or empty; those of [`Environment::sealer`].
    pub fn new(environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            ring: environment.key_ring(RingParts::MACS)?,
            sealer: environment.sealer()?,
        })
    }

    /// Reads and unseals the keys, for [`Function::warm`](crate::Function::warm).
    pub async fn warm(&self) {
        warmed(self.at(now())).await;
    }

    /// As [`warm`](Self::warm), and prepares the memory of a hash meanwhile on another thread.
    pub async fn warm_with(&self, hasher: &PasswordHasher) {
        prepared(hasher, self.warm()).await;
    }

    /// The keys that check tags now.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] where the ring cannot be read, or there is none yet;
    /// [`Error::Internal`] where a key cannot be unsealed.
    pub async fn at(&self, now: Timestamp) -> Result<Arc<MacKeys>, Error> {
        let reading = self.ring.at(now, RingParts::MACS).await?;
        reading.macs(&self.sealer).await
    }

    /// As [`RefreshKeys::at`], from a ring that is read now: for a key that is not in the one at
    /// hand. Only who is sure that such a key exists asks for it; an id in a token is the client's
    /// to write.
    ///
    /// # Errors
    ///
    /// As [`RefreshKeys::at`].
    pub async fn anew(&self, now: Timestamp) -> Result<Arc<MacKeys>, Error> {
        self.ring.anew(now).await?.macs(&self.sealer).await
    }
}

/// The parts of the ring that issue tokens.
const ISSUING: RingParts = RingParts::MACS.and(RingParts::SIGNING);

/// The signing keys and the MAC keys of the key ring, to issue tokens.
#[derive(Debug)]
pub struct SigningKeys {
    ring: Arc<KeyRing>,
    sealer: Sealer,
}

/// The keys that issue tokens now.
#[derive(Clone, Debug)]
pub struct IssuingKeys {
    /// The key that signs access tokens.
    pub signer: Arc<PrivateKey>,
    /// The keys that tag refresh tokens.
    pub macs: Arc<MacKeys>,
}

impl SigningKeys {
    /// The ring of an environment: `KEYS_TABLE`, `KMS_KEY` and `LOCAL_SEALING_KEY`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where `KEYS_TABLE` is not set, or empty; those of [`Environment::sealer`].
    pub fn new(environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            ring: environment.key_ring(ISSUING)?,
            sealer: environment.sealer()?,
        })
    }

    /// Reads and unseals the keys, for [`Function::warm`](crate::Function::warm).
    pub async fn warm(&self) {
        warmed(self.at(now())).await;
    }

    /// The keys that issue tokens now.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] where the ring cannot be read, or no key signs now;
    /// [`Error::Internal`] where a key cannot be unsealed.
    pub async fn at(&self, now: Timestamp) -> Result<IssuingKeys, Error> {
        let reading = self.ring.at(now, ISSUING).await?;
        let sealer = &self.sealer;
        let (signer, macs) = tokio::try_join!(reading.signer(now, sealer), reading.macs(sealer))?;
        Ok(IssuingKeys { signer, macs })
    }
}
