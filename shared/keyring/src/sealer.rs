//! The sealer of a key ring: AWS KMS, or a key in a file.

use accounts::{FactorKey, MacKey};
use claims::{Algorithm, PrivateKey};
use tables::SealedKey;
use zeroize::Zeroizing;

use crate::{KmsSealer, LocalSealer, NewSigningKey, Purpose, SealingError};

/// Makes, seals and unseals the keys of the ring.
#[derive(Debug)]
pub enum Sealer {
    /// AWS KMS.
    Kms(KmsSealer),
    /// A key in a file, for the local stack.
    Local(LocalSealer),
}

impl Sealer {
    /// Makes a signing key.
    ///
    /// # Errors
    ///
    /// Any [`SealingError`] but [`SealingError::Unsealable`].
    pub async fn signing_key(&self, algorithm: Algorithm) -> Result<NewSigningKey, SealingError> {
        match self {
            Self::Kms(kms) => kms.signing_key(algorithm).await,
            Self::Local(local) => {
                let (key, pkcs8) = PrivateKey::generate(algorithm)?;
                Ok(NewSigningKey {
                    sealed: without_kms(local.seal(Purpose::Sign, key.kid(), &pkcs8)?),
                    jwk: key.jwk().clone(),
                })
            }
        }
    }

    /// Makes the MAC key of that id, sealed.
    ///
    /// # Errors
    ///
    /// Any [`SealingError`] but [`SealingError::Unsealable`].
    pub async fn mac_key(&self, id: &str) -> Result<SealedKey, SealingError> {
        match self {
            Self::Kms(kms) => kms.data_key(Purpose::Mac, MacKey::LEN).await,
            Self::Local(local) => {
                let key = MacKey::generate().map_err(|_| SealingError::Randomness)?;
                Ok(without_kms(local.seal(Purpose::Mac, id, key.as_slice())?))
            }
        }
    }

    /// Makes the factor key of that id, sealed.
    ///
    /// # Errors
    ///
    /// Any [`SealingError`] but [`SealingError::Unsealable`].
    pub async fn factor_key(&self, id: &str) -> Result<SealedKey, SealingError> {
        match self {
            Self::Kms(kms) => kms.data_key(Purpose::Factor, FactorKey::LEN).await,
            Self::Local(local) => {
                let key = FactorKey::generate().map_err(|_| SealingError::Randomness)?;
                let sealed = local.seal(Purpose::Factor, id, key.as_slice())?;
                Ok(without_kms(sealed))
            }
        }
    }

    /// Unseals the key of that purpose and id: PKCS#8 in DER for a signing key, the bytes of a MAC
    /// key or a factor key.
    ///
    /// # Errors
    ///
    /// [`SealingError::Unsealable`], [`SealingError::Kms`].
    pub async fn unseal(
        &self,
        purpose: Purpose,
        id: &str,
        sealed: &SealedKey,
    ) -> Result<Zeroizing<Vec<u8>>, SealingError> {
        match self {
            Self::Kms(kms) => kms.unseal(purpose, sealed).await,
            Self::Local(local) => local.unseal(purpose, id, &sealed.bytes),
        }
    }
}

fn without_kms(bytes: Vec<u8>) -> SealedKey {
    let kms_key = None;
    SealedKey { bytes, kms_key }
}
