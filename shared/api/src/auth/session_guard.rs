//! The guard of routes that look at the session and the account of an access token.

use std::sync::Arc;

use accounts::{SessionId, Timestamp, UserId};
use axum::extract::{FromRef, FromRequestParts};
use axum::http::{HeaderMap, request::Parts};
use claims::{Claims, Roles};
use tables::{Sessions, Users};

use super::stateless_guard::StatelessGuard;
use crate::{Caller, ConfigError, Environment, Error, Gateway, Issuer, now};

/// Accepts an access token whose session is alive: a logout, a disabled account and a lost role
/// count for every request that starts after them. One consistent read a request.
#[derive(Debug)]
pub struct SessionGuard {
    token: StatelessGuard,
    sessions: Sessions,
    users: Users,
    roles: Option<Arc<Roles>>,
}

impl SessionGuard {
    /// A guard as the environment describes it: what a [`StatelessGuard`] needs, `SESSIONS_TABLE`,
    /// `USERS_TABLE` and `ROLES`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the variable that is missing or wrong.
    pub fn new(environment: &Environment) -> Result<Self, ConfigError> {
        Self::of(
            environment,
            environment.issuer()?,
            Some(environment.roles()?),
        )
    }

    /// A guard of an API that is another than the issuer's, whose domain name therefore says nothing:
    /// the issuer is at `API_URL` unless `ISSUER_URL` pins it. Where `ROLES` is empty it has no table of
    /// roles, see [`Caller::scopes`].
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the variable that is missing or wrong.
    pub fn for_another_api(environment: &Environment) -> Result<Self, ConfigError> {
        let (issuer, roles) = (
            environment.issuer_elsewhere()?,
            environment.roles_elsewhere()?,
        );
        Self::of(environment, issuer, roles)
    }

    fn of(
        environment: &Environment,
        issuer: Issuer,
        roles: Option<Roles>,
    ) -> Result<Self, ConfigError> {
        Ok(Self {
            roles: roles.map(Arc::new),
            token: StatelessGuard::of(environment, issuer)?,
            sessions: environment.sessions()?,
            users: environment.users()?,
        })
    }

    /// Reads the keys before the first request, which reads them where that fails.
    pub async fn warm(&self) {
        self.token.warm().await;
    }

    /// Finds out who makes a request, from its headers.
    ///
    /// # Errors
    ///
    /// [`Error::MissingToken`], [`Error::InvalidToken`]; [`Error::Unavailable`] where the keys or the
    /// session cannot be read.
    pub async fn admit(
        &self,
        headers: &HeaderMap,
        gateway: &Gateway,
        now: Timestamp,
    ) -> Result<Caller, Error> {
        let claims = self.token.bearer(headers, gateway, now).await?;
        self.caller(claims, now).await
    }

    /// Finds out whose a token is that was not brought as a bearer's own.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidToken`], also where its session has ended; [`Error::Unavailable`] where the
    /// keys or the session cannot be read.
    pub async fn verify(
        &self,
        token: &str,
        gateway: &Gateway,
        now: Timestamp,
    ) -> Result<Caller, Error> {
        let claims = self.token.verify(token, gateway, now).await?;
        self.caller(claims, now).await
    }

    async fn caller(&self, claims: Claims, now: Timestamp) -> Result<Caller, Error> {
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
                table: self.roles.clone(),
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
            .admit(&parts.headers, &Gateway::of(&parts.extensions), now())
            .await
    }
}
