//! The keys that verify.

use std::collections::HashMap;

use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::{Jwk, JwkSet};

use crate::{Algorithm, KeyError, public_key};

/// Public keys by name, each bound to its one algorithm (RFC 8725 §3.1).
///
/// It is complete in memory: a token that names another key is refused without looking anywhere
/// else, so a stranger cannot make a verifier fetch anything.
#[derive(Clone, Debug)]
pub struct KeySet {
    jwks: Vec<Jwk>,
    by_kid: HashMap<String, VerifyingKey>,
}

/// A public key and the only algorithm it verifies.
#[derive(Clone, Debug)]
pub(crate) struct VerifyingKey {
    pub(crate) algorithm: Algorithm,
    pub(crate) key: DecodingKey,
}

impl KeySet {
    /// Takes the keys, in the order in which they are to be published.
    ///
    /// # Errors
    ///
    /// One bad key refuses the whole set; leaving it out would turn good tokens into forged ones in
    /// silence.
    ///
    /// - [`KeyError::MissingKid`], [`KeyError::DuplicateKid`] (RFC 7517 §4.5).
    /// - [`KeyError::Use`] unless `use` is `sig` (RFC 7517 §4.2).
    /// - [`KeyError::Algorithm`] without a supported `alg`, such as a symmetric one.
    /// - [`KeyError::Mismatch`] if the key type or curve is not that of `alg`.
    /// - [`KeyError::PublicKey`] for a malformed key, a point off its curve, an RSA key that is not
    ///   of 2048 to 4096 bits, or another RSA exponent than 65537.
    pub fn new(keys: impl IntoIterator<Item = Jwk>) -> Result<Self, KeyError> {
        let mut set = Self {
            jwks: Vec::new(),
            by_kid: HashMap::new(),
        };
        for jwk in keys {
            let kid = public_key::kid(&jwk)?.to_owned();
            let algorithm = public_key::algorithm(&jwk)?;
            let key = public_key::acceptable(&jwk)?;
            if set
                .by_kid
                .insert(kid, VerifyingKey { algorithm, key })
                .is_some()
            {
                return Err(KeyError::DuplicateKid);
            }
            set.jwks.push(jwk);
        }
        Ok(set)
    }

    /// The key set to publish (RFC 7517 §5): public members alone, since a [`Jwk`] has room for no
    /// other.
    #[must_use]
    pub fn jwks(&self) -> JwkSet {
        JwkSet {
            keys: self.jwks.clone(),
        }
    }

    pub(crate) fn get(&self, kid: &str) -> Option<&VerifyingKey> {
        self.by_kid.get(kid)
    }
}
