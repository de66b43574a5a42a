//! The guard of routes that look at the session and the account of an access token.

use std::sync::Arc;

use accounts::{SessionId, Timestamp, UserId};
use axum::extract::{FromRef, FromRequestParts};
use axum::http::{HeaderMap, request::Parts};
use claims::Roles;
use tables::{Sessions, Users};

use super::stateless_guard::{StatelessGuard, Verified};
use crate::{Caller, ConfigError, Environment, Error, Gateway, Issuer, MfaRequired, now};

/// Accepts an access token whose session is alive: a logout, a disabled account and a lost role
/// count for every request that starts after them. One consistent read a request.
#[derive(Debug)]
pub struct SessionGuard {
    stateless: StatelessGuard,
    sessions: Sessions,
    users: Users,
    roles_table: Option<Arc<Roles>>,
    mfa_required: MfaRequired,
}

impl SessionGuard {
    /// Builds a guard from the environment: from the variables of a [`StatelessGuard`],
    /// `SESSIONS_TABLE`, `USERS_TABLE`, `ROLES` and `MFA_REQUIRED`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the variable that is missing or wrong.
    pub fn new(environment: &Environment) -> Result<Self, ConfigError> {
        Self::with_issuer(
            environment,
            environment.issuer()?,
            Some(environment.roles()?),
        )
    }

    /// Builds a guard for an API other than the issuer's. The domain name of that API says nothing
    /// about the issuer, which is at `API_URL` unless `ISSUER_URL` pins it. If `ROLES` is empty the
    /// guard has no table of roles, see [`Caller::scopes`].
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the variable that is missing or wrong.
    pub fn for_another_api(environment: &Environment) -> Result<Self, ConfigError> {
        let (issuer, roles_table) = (
            environment.issuer_elsewhere()?,
            environment.roles_elsewhere()?,
        );
        Self::with_issuer(environment, issuer, roles_table)
    }

    fn with_issuer(
        environment: &Environment,
        issuer: Issuer,
        roles_table: Option<Arc<Roles>>,
    ) -> Result<Self, ConfigError> {
        Ok(Self {
            roles_table,
            stateless: StatelessGuard::with_issuer(environment, issuer)?,
            sessions: environment.sessions()?,
            users: environment.users()?,
            mfa_required: environment.mfa_required()?,
        })
    }

    /// Reads the keys, for [`Function::warm`](crate::Function::warm).
    pub async fn warm(&self) {
        self.stateless.warm().await;
    }

    /// Verifies the bearer token of a request, and returns its caller.
    ///
    /// # Errors
    ///
    /// [`Error::MissingToken`], [`Error::InvalidToken`]; [`Error::Unavailable`] where the keys or
    /// the session cannot be read; [`Error::Internal`] where one is malformed, or there is no
    /// issuer.
    pub async fn verify_request(
        &self,
        headers: &HeaderMap,
        gateway: &Gateway,
        now: Timestamp,
    ) -> Result<Caller, Error> {
        let claims = self.stateless.verify_request(headers, gateway, now).await?;
        self.look_up(Verified(claims), now).await
    }

    /// Verifies a token that is not the bearer token of the request, and returns its caller.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidToken`], also where its session has ended; [`Error::Unavailable`] where the
    /// keys or the session cannot be read; [`Error::Internal`] where one is malformed, or there is
    /// no issuer.
    pub async fn verify(
        &self,
        token: &str,
        gateway: &Gateway,
        now: Timestamp,
    ) -> Result<Caller, Error> {
        let claims = self.stateless.verify(token, gateway, now).await?;
        self.look_up(Verified(claims), now).await
    }

    /// Looks up the session of a token whose signature and claims are right, for a handler that has
    /// something to read beside it.
    ///
    /// # Errors
    ///
    /// As for [`SessionGuard::verify`].
    pub async fn look_up(
        &self,
        Verified(claims): Verified,
        now: Timestamp,
    ) -> Result<Caller, Error> {
        let (Some(user_id), Some(session_id)) =
            (UserId::parse(&claims.sub), SessionId::parse(&claims.sid))
        else {
            return Err(Error::InvalidToken("The access token is malformed"));
        };
        let found = self
            .sessions
            .get_with_user(&self.users, user_id, session_id)
            .await?;
        match found {
            Some((session, user)) if session.is_alive(&user, now) => Ok(Caller {
                user,
                session,
                claims,
                roles_table: self.roles_table.clone(),
                mfa_required: self.mfa_required,
            }),
            _ => Err(Error::SESSION_ENDED),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller
where
    Arc<SessionGuard>: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        Arc::<SessionGuard>::from_ref(state)
            .verify_request(&parts.headers, &Gateway::of(&parts.extensions), now())
            .await
    }
}
