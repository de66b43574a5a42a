//! The order of checks between a string and its claims.

use jsonwebtoken::crypto;
use serde::de::DeserializeOwned;

use crate::compact::Compact;
use crate::{Claims, KeySet, Rejected, Typ};

/// The difference that is allowed between the clocks of two machines, in seconds.
pub const LEEWAY: u64 = 5;

/// The issuer and the audience that a verifier expects.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The only issuer.
    pub issuer: &'a str,
    /// The only audience.
    pub audience: &'a str,
}

impl KeySet {
    /// Reads an access token and returns its claims if all of it is in order at `now` (RFC 9068
    /// §4).
    ///
    /// Cheap checks that need no trust come first; the payload is not read before the signature is
    /// known to be good.
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

    /// Reads the payload of a token of the expected kind whose signature is good. It does not check
    /// the claims: issuer, audience and expiry are the caller's to check.
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
