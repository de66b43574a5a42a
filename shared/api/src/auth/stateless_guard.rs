//! The guard of routes that trust an access token until it expires.

use std::sync::Arc;

use accounts::Timestamp;
use axum::extract::{FromRef, FromRequestParts};
use axum::http::{HeaderMap, header, request::Parts};
use claims::{Claims, Expected};

use crate::{ConfigError, Environment, Error, Gateway, Issuer, PublicKeys, note_caller, now};

/// Accepts an access token by its signature and claims alone. It learns of a logout, a disabled
/// account or a lost role when the token expires, not before.
#[derive(Debug)]
pub struct StatelessGuard {
    keys: PublicKeys,
    issuer: Issuer,
    audience: String,
}

/// The claims of a token that a [`StatelessGuard`] has accepted, as an extractor.
#[derive(Clone, Debug)]
pub struct Verified(pub Claims);

impl StatelessGuard {
    /// Builds a guard from the environment: from `KEYS_TABLE`, `ISSUER_URL` and `AUDIENCE`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the variable that is missing or wrong.
    pub fn new(environment: &Environment) -> Result<Self, ConfigError> {
        Self::with_issuer(environment, environment.issuer()?)
    }

    pub(super) fn with_issuer(
        environment: &Environment,
        issuer: Issuer,
    ) -> Result<Self, ConfigError> {
        Ok(Self {
            keys: PublicKeys::new(environment)?,
            issuer,
            audience: environment.required("AUDIENCE")?.to_owned(),
        })
    }

    /// Reads the keys, for [`Function::warm`](crate::Function::warm).
    pub async fn warm(&self) {
        self.keys.warm().await;
    }

    /// Verifies the bearer token of a request, and notes its caller for the log.
    pub(super) async fn verify_request(
        &self,
        headers: &HeaderMap,
        gateway: &Gateway,
        now: Timestamp,
    ) -> Result<Claims, Error> {
        let claims = self.verify(bearer_token(headers)?, gateway, now).await?;
        note_caller(&claims.sub, &claims.sid);
        Ok(claims)
    }

    /// Verifies a token that is not the bearer token of the request.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidToken`]; [`Error::Unavailable`] where the keys cannot be read;
    /// [`Error::Internal`] where one is malformed, or there is no issuer.
    pub async fn verify(
        &self,
        token: &str,
        gateway: &Gateway,
        now: Timestamp,
    ) -> Result<Claims, Error> {
        let issuer = self.issuer.of(gateway)?;
        let expected = Expected {
            issuer: &issuer,
            audience: &self.audience,
        };
        Ok(self.keys.at(now).await?.verify(token, &expected, now)?)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Verified
where
    Arc<StatelessGuard>: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        Arc::<StatelessGuard>::from_ref(state)
            .verify_request(&parts.headers, &Gateway::of(&parts.extensions), now())
            .await
            .map(Self)
    }
}

/// The token of the one `Authorization` header (RFC 6750 §2.1). API Gateway joins several with a
/// comma, which no token contains.
pub(super) fn bearer_token(headers: &HeaderMap) -> Result<&str, Error> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        return Err(Error::MissingToken);
    };
    if values.next().is_some() {
        return Err(Error::InvalidToken(
            "There is more than one Authorization header",
        ));
    }
    let malformed = Error::InvalidToken("The access token is malformed");
    let (scheme, token) = value
        .to_str()
        .map_err(|_| malformed.clone())?
        .split_once(' ')
        .unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("Bearer") {
        return Err(Error::MissingToken);
    }
    match token.trim_start_matches(' ') {
        "" => Err(malformed),
        token => Ok(token),
    }
}
