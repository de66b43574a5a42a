//! The order of checks between a string and its claims.

use jsonwebtoken::crypto;
use serde::de::DeserializeOwned;

use crate::compact::Compact;
use crate::{Claims, KeySet, Typ};

/// How many seconds the clocks of two machines may differ.
pub const LEEWAY: u64 = 5;

/// What a verifier expects of every token.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The only issuer.
    pub issuer: &'a str,
    /// The only audience.
    pub audience: &'a str,
}

/// Why a token is refused.
///
/// The messages are fit for a client: they say nothing of the token but what its bearer knows
/// already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Rejected {
    /// It is longer than [`MAX_TOKEN_LENGTH`](crate::MAX_TOKEN_LENGTH).
    #[error("the token is too long")]
    TooLong,
    /// It is not three parts of canonical base64url (RFC 7515 §7.1).
    #[error("the token is malformed")]
    Malformed,
    /// The header is not exactly `alg`, `kid` and `typ`, each a string and each once.
    #[error("the token's header is not acceptable")]
    Header,
    /// It is a token of another kind (RFC 9068 §4).
    #[error("the token is of another kind")]
    Type,
    /// No key has the name in `kid`.
    #[error("the token's key is unknown")]
    UnknownKey,
    /// `alg` is not the algorithm of the key (RFC 8725 §3.1).
    #[error("the token's algorithm is not that of its key")]
    Algorithm,
    /// The signature is not that of the key.
    #[error("the token's signature is invalid")]
    Signature,
    /// A claim is missing, empty, of a wrong type or given twice (RFC 9068 §2.2).
    #[error("the token's claims are not acceptable")]
    Claims,
    /// It comes from another issuer (RFC 9068 §4).
    #[error("the token is from another issuer")]
    Issuer,
    /// It is meant for another audience (RFC 9068 §4).
    #[error("the token is for another audience")]
    Audience,
    /// It has expired (RFC 7519 §4.1.4).
    #[error("the token has expired")]
    Expired,
    /// It was issued in the future, or counts only from then (RFC 7519 §4.1.5, §4.1.6).
    #[error("the token is not valid yet")]
    NotYetValid,
}

impl KeySet {
    /// Reads an access token and returns its claims if all of it is in order at `now` (RFC 9068
    /// §4).
    ///
    /// What is cheap and needs no trust comes first; nothing in the payload is looked at before the
    /// signature is known to be good.
    ///
    /// # Errors
    ///
    /// [`Rejected`] names the first check that failed.
    pub fn verify(
        &self,
        token: &str,
        expected: &Expected<'_>,
        now: u64,
    ) -> Result<Claims, Rejected> {
        accept(self.verify_as(Typ::ACCESS_TOKEN, token)?, expected, now)
    }

    /// Reads the payload of a token of the expected kind whose signature is good. Of the claims nothing
    /// is checked: neither whose they are nor until when they count.
    ///
    /// # Errors
    ///
    /// [`Rejected`] names the first check that failed; [`Rejected::Claims`] where the payload is no
    /// such object.
    pub fn verify_as<T: DeserializeOwned>(&self, typ: Typ, token: &str) -> Result<T, Rejected> {
        let token = Compact::split(token)?;
        let header = token.header(typ)?;
        let key = self.get(&header.kid).ok_or(Rejected::UnknownKey)?;
        if header.alg.parse() != Ok(key.algorithm) {
            return Err(Rejected::Algorithm);
        }
        // The algorithm given is the key's own, so nothing that the token says can select another.
        match crypto::verify(
            token.signature,
            token.message,
            &key.key,
            key.algorithm.into(),
        ) {
            Ok(true) => token.payload(),
            Ok(false) | Err(_) => Err(Rejected::Signature),
        }
    }
}

fn accept(claims: Claims, expected: &Expected<'_>, now: u64) -> Result<Claims, Rejected> {
    let latest = now.saturating_add(LEEWAY);
    if claims.iss != expected.issuer {
        Err(Rejected::Issuer)
    } else if claims.aud != expected.audience {
        Err(Rejected::Audience)
    } else if claims.exp.saturating_add(LEEWAY) <= now {
        Err(Rejected::Expired)
    } else if claims.nbf > latest || claims.iat > latest {
        Err(Rejected::NotYetValid)
    } else if [&claims.sub, &claims.jti, &claims.sid]
        .iter()
        .any(|id| id.is_empty())
    {
        Err(Rejected::Claims)
    } else {
        Ok(claims)
    }
}
