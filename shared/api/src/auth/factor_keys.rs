//! The factor keys of the key ring, for the functions that may open them.

use std::sync::Arc;

use accounts::{
    FactorKeys as Unsealed, OpenTotpError, SealTotpError, SealedTotp, Timestamp, TotpSecret, UserId,
};
use keyring::Sealer;
use tables::RingParts;

use super::key_ring::KeyRing;
use super::keys::warmed;
use crate::{ConfigError, Environment, Error, now};

/// The factor keys of the key ring, to seal and open the secrets of TOTP factors.
#[derive(Debug)]
pub struct FactorKeys {
    ring: Arc<KeyRing>,
    sealer: Sealer,
}

impl FactorKeys {
    /// The ring of an environment: `KEYS_TABLE`, `KMS_KEY` and `LOCAL_SEALING_KEY`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where `KEYS_TABLE` is not set, or empty; those of [`Environment::sealer`].
    pub fn new(environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            ring: environment.key_ring(RingParts::FACTORS)?,
            sealer: environment.sealer()?,
        })
    }

    /// Reads and unseals the keys, for [`Function::warm`](crate::Function::warm).
    pub async fn warm(&self) {
        warmed(self.at(now())).await;
    }

    /// The keys that seal and open now, to see whether a secret is to be sealed anew.
    /// [`FactorKeys::open`] knows of later keys too.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] where the ring cannot be read, or there is none yet;
    /// [`Error::Internal`] where a key cannot be unsealed.
    pub async fn at(&self, now: Timestamp) -> Result<Arc<Unsealed>, Error> {
        let reading = self.ring.at(now, RingParts::FACTORS).await?;
        reading.factors(now, &self.sealer).await
    }

    /// Seals the secret of an account's factor with the key that is active now.
    ///
    /// # Errors
    ///
    /// As [`FactorKeys::at`]. [`Error::Unavailable`] where the ring has no factor key yet, which is
    /// so until the deployment that brings them has maintained it.
    pub async fn seal(
        &self,
        owner: UserId,
        secret: &TotpSecret,
        now: Timestamp,
    ) -> Result<SealedTotp, Error> {
        let sealed = self.at(now).await?.seal(owner, secret, now);
        sealed.map_err(|error| match error {
            SealTotpError::NoKey => Error::Unavailable(error.to_string()),
            SealTotpError::Randomness(_) => Error::internal(error),
        })
    }

    /// Opens the secret of an account's factor. If the key that sealed it is not in the ring at
    /// hand, another environment has sealed it with a key that is younger: the ring is read anew.
    /// The id of the key is from the account's item, which no client writes.
    ///
    /// # Errors
    ///
    /// As [`FactorKeys::at`], and [`Error::Internal`] where no key opens it.
    pub async fn open(
        &self,
        owner: UserId,
        sealed: &SealedTotp,
        now: Timestamp,
    ) -> Result<TotpSecret, Error> {
        let opened = self.at(now).await?.open(owner, sealed);
        let opened = match opened {
            Err(OpenTotpError::UnknownKey) => {
                let reading = self.ring.anew(now).await?;
                let keys = reading.factors(now, &self.sealer).await?;
                keys.open(owner, sealed)
            }
            known => known,
        };
        opened.map_err(Error::internal)
    }
}
