use accounts::{Session, Timestamp, User};
use claims::{Claims, PrivateKey, TokenType};
use serde::Serialize;
use uuid::Uuid;

use crate::{ConfigError, Environment, Error, Gateway, Issuer, SigningKeys};

/// Issues access tokens (RFC 9068).
#[derive(Debug)]
pub struct TokenIssuer {
    keys: SigningKeys,
    issuer: Issuer,
    audience: String,
    client_id: String,
    lifetime: u32,
}

/// A token answer (RFC 6749 §5.1).
#[derive(Serialize)]
pub struct TokenAnswer {
    access_token: String,
    token_type: &'static str,
    /// Seconds.
    expires_in: u64,
}

impl TokenIssuer {
    /// An issuer as the environment describes it: `KEYS_TABLE`, `LOCAL_SEALING_KEY`, `ISSUER_URL`,
    /// `AUDIENCE`, `CLIENT_ID` and `ACCESS_TOKEN_LIFETIME`, in seconds.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the variable that is missing or wrong.
    pub fn new(environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            keys: SigningKeys::new(environment.keys()?, environment.sealer()?),
            issuer: environment.issuer()?,
            audience: environment.required("AUDIENCE")?.to_owned(),
            client_id: environment.required("CLIENT_ID")?.to_owned(),
            lifetime: environment.number("ACCESS_TOKEN_LIFETIME", 60..=3_600)?,
        })
    }

    /// The key that signs now. It is asked for before anything is written, so that without one
    /// nothing is.
    ///
    /// # Errors
    ///
    /// As [`SigningKeys::at`].
    pub async fn key(&self, now: Timestamp) -> Result<std::sync::Arc<PrivateKey>, Error> {
        self.keys.at(now).await
    }

    /// Issues the access token of a session that a password has just begun.
    ///
    /// # Errors
    ///
    /// [`Error::Internal`] where there is no issuer, or signing fails.
    pub fn issue(
        &self,
        key: &PrivateKey,
        gateway: &Gateway,
        user: &User,
        session: &Session,
        now: Timestamp,
    ) -> Result<TokenAnswer, Error> {
        let exp = now
            .saturating_add(self.lifetime.into())
            .min(session.expires_at);
        let claims = Claims {
            iss: self.issuer.of(gateway)?,
            sub: user.id.to_string(),
            aud: self.audience.clone(),
            client_id: self.client_id.clone(),
            exp,
            iat: now,
            nbf: now,
            jti: Uuid::new_v4().to_string(),
            sid: session.id.to_string(),
            auth_time: session.auth_time,
            amr: vec!["pwd".to_owned()],
            preferred_username: user
                .names
                .username()
                .map(|username| username.as_str().to_owned()),
            scope: claims::scope_of(&user.roles),
            roles: user.roles.clone(),
            token_type: TokenType::Access,
            fresh: true,
        };
        let access_token = key.sign(&claims).map_err(Error::internal)?;
        Ok(TokenAnswer {
            access_token,
            token_type: "Bearer",
            expires_in: exp.saturating_sub(now),
        })
    }
}
