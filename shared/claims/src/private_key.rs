//! One signing key.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::Jwk;
use serde::Serialize;
use zeroize::Zeroizing;

use crate::compact::{self, MAX_TOKEN_LENGTH};
use crate::key_pair::KeyPair;
use crate::{Algorithm, Claims, KeyError, Typ, public_key};

/// A private key, parsed once, with its public half and its name.
///
/// It cannot be serialised, and its `Debug` shows the algorithm and the name alone.
pub struct PrivateKey {
    pair: KeyPair,
    jwk: Jwk,
    kid: String,
}

impl PrivateKey {
    /// Makes a new key and the PKCS#8 that [`from_pkcs8`](Self::from_pkcs8) takes. An RSA key has
    /// 2048 bits.
    ///
    /// # Errors
    ///
    /// [`KeyError::Library`] if the library cannot make one.
    pub fn generate(algorithm: Algorithm) -> Result<(Self, Zeroizing<Vec<u8>>), KeyError> {
        let (pair, der) = KeyPair::generate(algorithm)?;
        Ok((Self::new(pair)?, der))
    }

    /// Reads PKCS#8 in DER (RFC 5958; version 1 is that of RFC 5208).
    ///
    /// # Errors
    ///
    /// [`KeyError::PrivateKey`] unless it is an acceptable key of that algorithm.
    pub fn from_pkcs8(algorithm: Algorithm, der: &[u8]) -> Result<Self, KeyError> {
        Self::new(KeyPair::from_pkcs8(algorithm, der)?)
    }

    /// Reads PKCS#8 in PEM (RFC 7468 §10), finds out its algorithm, and returns its DER too.
    ///
    /// # Errors
    ///
    /// - [`KeyError::Pem`] unless there is exactly one block `PRIVATE KEY`.
    /// - [`KeyError::NotPkcs8`] for an encrypted key, `RSA PRIVATE KEY` or `EC PRIVATE KEY`.
    /// - [`KeyError::PrivateKey`] for a key of another kind or size.
    pub fn from_pem(pem: &[u8]) -> Result<(Self, Zeroizing<Vec<u8>>), KeyError> {
        let blocks = pem::parse_many(pem).map_err(|_| KeyError::Pem)?;
        let mut pkcs8 = None;
        let mut legacy = false;
        for block in blocks {
            let tag = block.tag().to_owned();
            let contents = Zeroizing::new(block.into_contents());
            match tag.as_str() {
                "PRIVATE KEY" if pkcs8.is_some() => return Err(KeyError::Pem),
                "PRIVATE KEY" => pkcs8 = Some(contents),
                other => legacy |= other.ends_with(" PRIVATE KEY"),
            }
        }
        let der = pkcs8.ok_or(if legacy {
            KeyError::NotPkcs8
        } else {
            KeyError::Pem
        })?;
        let key = Algorithm::ALL
            .into_iter()
            .find_map(|algorithm| Self::from_pkcs8(algorithm, &der).ok())
            .ok_or(KeyError::PrivateKey)?;
        Ok((key, der))
    }

    /// Checks the public half as a verifier does, so that no key signs tokens that verifiers
    /// refuse.
    fn new(pair: KeyPair) -> Result<Self, KeyError> {
        let algorithm = pair.algorithm();
        let jwk = public_key::publish(&pair.public(), algorithm)?;
        public_key::acceptable(&jwk).map_err(|_| KeyError::PrivateKey)?;
        let kid = public_key::kid(&jwk)?.to_owned();
        Ok(Self { pair, jwk, kid })
    }

    /// The only algorithm of this key.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.pair.algorithm()
    }

    /// The name of this key: the SHA-256 thumbprint of its public half (RFC 7638 §3) in base64url.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public half, to be published: with `kid`, `alg` and `use`.
    #[must_use]
    pub fn jwk(&self) -> &Jwk {
        &self.jwk
    }

    /// Signs an access token (RFC 9068 §2.1).
    ///
    /// # Errors
    ///
    /// Those of [`sign_as`](Self::sign_as).
    pub fn sign(&self, claims: &Claims) -> Result<String, KeyError> {
        self.sign_as(Typ::ACCESS_TOKEN, claims)
    }

    /// Signs a token of any kind, whose payload is a JSON object and whose header has exactly
    /// `alg`, `kid` and `typ`.
    ///
    /// # Errors
    ///
    /// - [`KeyError::Library`] if the library cannot sign, or the payload is no JSON.
    /// - [`KeyError::TokenTooLong`] if the token would exceed [`MAX_TOKEN_LENGTH`].
    pub fn sign_as(&self, typ: Typ, payload: &impl Serialize) -> Result<String, KeyError> {
        let header = compact::encode_header(self.algorithm(), &self.kid, typ);
        let header = header.map_err(|_| KeyError::Library)?;
        let payload = serde_json::to_vec(payload).map_err(|_| KeyError::Library)?;
        let mut token = format!("{header}.{}", URL_SAFE_NO_PAD.encode(payload));
        let signature = self.pair.sign(token.as_bytes())?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        if token.len() > MAX_TOKEN_LENGTH {
            return Err(KeyError::TokenTooLong);
        }
        Ok(token)
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKey")
            .field("algorithm", &self.algorithm())
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}
