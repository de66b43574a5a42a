//! The issue of access and refresh tokens.

use std::sync::Arc;
use std::time::Duration;

use accounts::{PasswordHasher, RefreshToken, Session, Timestamp, User};
use claims::{Claims, Roles, TokenType};
use serde::{Serialize, Serializer};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::keys::prepared;
use crate::{
    ConfigError, Environment, Error, Gateway, Issuer, IssuingKeys, MfaRequired, SigningKeys,
};

/// Issues access tokens (RFC 9068) and refresh tokens.
#[derive(Debug)]
pub struct TokenIssuer {
    keys: SigningKeys,
    issuer: Issuer,
    audience: String,
    client_id: String,
    lifetime: Duration,
    roles: Arc<Roles>,
    mail_is_sent: bool,
    mfa_required: MfaRequired,
}

/// An answer with an access token alone (RFC 6749 §5.1).
#[derive(Serialize)]
pub struct AccessAnswer {
    access_token: String,
    token_type: &'static str,
    /// Seconds.
    expires_in: u64,
}

/// A token answer (RFC 6749 §5.1).
#[derive(Serialize)]
pub struct TokenAnswer {
    #[serde(flatten)]
    access: AccessAnswer,
    #[serde(serialize_with = "exposed")]
    refresh_token: Zeroizing<String>,
    /// Seconds: when the session ends unless it is refreshed before.
    refresh_expires_in: u64,
}

/// Serializes a secret, for the answer that shows it to whom it is for.
///
/// # Errors
///
/// Those of the serializer.
pub fn exposed<S: Serializer>(
    secret: &Zeroizing<String>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret)
}

/// Whose access token it is.
#[derive(Clone, Copy)]
pub(crate) struct Bearer<'a> {
    /// The account, as it is now.
    pub(crate) user: &'a User,
    /// The session.
    pub(crate) session: &'a Session,
    /// The claim `fresh`: true after an authentication, false after a refresh.
    pub(crate) fresh: bool,
}

/// The grant that tokens are issued for.
pub(crate) struct Grant<'a> {
    /// Whose tokens they are.
    pub(crate) bearer: Bearer<'a>,
    /// The next refresh token of the session.
    pub(crate) refresh_token: RefreshToken,
    /// When the session last changed. The refresh token is tagged with the key that was active
    /// then, so that it is the same however often it is asked for.
    pub(crate) changed_at: Timestamp,
}

impl TokenIssuer {
    /// Builds an issuer from the environment: from `KEYS_TABLE`, `KMS_KEY`, `LOCAL_SEALING_KEY`,
    /// `ISSUER_URL`, `AUDIENCE`, `CLIENT_ID`, `ROLES`, `ACCESS_TOKEN_LIFETIME`, `MAILS_TABLE` and
    /// `MFA_REQUIRED`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the variable that is missing or wrong.
    pub fn new(environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            keys: SigningKeys::new(environment)?,
            issuer: environment.issuer()?,
            audience: environment.required("AUDIENCE")?.to_owned(),
            client_id: environment.required("CLIENT_ID")?.to_owned(),
            lifetime: environment.seconds("ACCESS_TOKEN_LIFETIME", 60..=claims::LONGEST_LIFE)?,
            roles: environment.roles()?,
            mail_is_sent: environment.mail_is_sent()?,
            mfa_required: environment.mfa_required()?,
        })
    }

    /// Reads the keys, for [`Function::warm`](crate::Function::warm).
    pub async fn warm(&self) {
        self.keys.warm().await;
    }

    /// As [`warm`](Self::warm), and prepares the memory of a hash meanwhile on another thread.
    pub async fn warm_with(&self, hasher: &PasswordHasher) {
        prepared(hasher, self.warm()).await;
    }

    pub(crate) async fn keys(&self, now: Timestamp) -> Result<IssuingKeys, Error> {
        self.keys.at(now).await
    }

    /// As [`MfaRequired::permits_tokens`].
    pub(crate) fn permits(&self, session: &Session) -> bool {
        self.mfa_required.permits_tokens(session)
    }

    /// Issues the tokens of a grant.
    pub(crate) fn issue(
        &self,
        keys: &IssuingKeys,
        gateway: &Gateway,
        grant: &Grant<'_>,
        now: Timestamp,
    ) -> Result<TokenAnswer, Error> {
        let refresh_token = grant.refresh_token.to_text(&keys.macs, grant.changed_at);
        Ok(TokenAnswer {
            access: self.issue_access(keys, gateway, grant.bearer, now)?,
            refresh_token: refresh_token.map_err(Error::internal)?,
            refresh_expires_in: grant.bearer.session.ends_at().saturating_sub(now),
        })
    }

    /// Issues an access token.
    pub(crate) fn issue_access(
        &self,
        keys: &IssuingKeys,
        gateway: &Gateway,
        bearer: Bearer<'_>,
        now: Timestamp,
    ) -> Result<AccessAnswer, Error> {
        // Every way to tokens ends here, so that none forgets to ask.
        if !self.permits(bearer.session) {
            return Err(Error::internal(
                "the session has not reached the level of tokens",
            ));
        }
        let exp = now
            .saturating_add(self.lifetime.as_secs())
            .min(bearer.session.expires_at);
        let claims = self.claims(gateway, bearer, now, exp)?;
        Ok(AccessAnswer {
            access_token: keys.signer.sign(&claims).map_err(Error::internal)?,
            token_type: "Bearer",
            expires_in: exp.saturating_sub(now),
        })
    }

    fn claims(
        &self,
        gateway: &Gateway,
        bearer: Bearer<'_>,
        now: Timestamp,
        exp: Timestamp,
    ) -> Result<Claims, Error> {
        let (user, session) = (bearer.user, bearer.session);
        let acr = session.authentication.methods.acr();
        let username = user.names.username();
        Ok(Claims {
            iss: self.issuer.of(gateway)?,
            sub: user.id.to_string(),
            aud: self.audience.clone(),
            client_id: self.client_id.clone(),
            exp,
            iat: now,
            nbf: now,
            jti: Uuid::new_v4().to_string(),
            sid: session.id.to_string(),
            auth_time: session.authentication.at,
            acr: acr.map(|acr| acr.as_str().to_owned()),
            amr: session.authentication.methods.amr(),
            preferred_username: username.map(|username| username.as_str().to_owned()),
            email_verified: self.mail_is_sent.then(|| user.email_is_verified()),
            scope: self.roles.scope_of(&user.roles),
            roles: user.roles.clone(),
            token_type: TokenType::Access,
            fresh: bearer.fresh,
        })
    }
}
