//! The guard of routes that add a second factor or a passkey.

use std::sync::Arc;

use accounts::{MacKeys, MfaPurpose, MfaToken, Session, Timestamp, User};
use axum::extract::{FromRef, FromRequestParts};
use axum::http::{HeaderMap, request::Parts};
use tables::{By, Users};

use super::mfa_challenge::FirstFactor;
use super::stateless_guard::bearer_token;
use crate::{
    ConfigError, Environment, Error, Freshness, Gateway, MfaChallenge, MfaChallenges, MfaRequired,
    RefreshKeys, SessionGuard, note_user, now,
};

/// Somebody who may add a second factor or a passkey to an account, whom an [`EnrollingGuard`] has
/// verified. It is an extractor.
#[derive(Clone, Debug)]
pub struct Enroller {
    /// The account as it is now.
    pub user: User,
    /// The fresh session that the access token is of; `None` where an `mfa_token` came in its place,
    /// since the account must have a second factor before it has a session.
    pub session: Option<Session>,
    /// The first factor, where there is no session.
    first: Option<FirstFactor>,
}

/// Accepts an access token of a fresh session, or an `mfa_token` for enrolling. One consistent read
/// a request.
#[derive(Debug)]
pub struct EnrollingGuard {
    guard: Arc<SessionGuard>,
    keys: RefreshKeys,
    users: Users,
    freshness: Freshness,
}

impl EnrollingGuard {
    /// Builds a guard from the environment: with the guard of access tokens, and from the variables
    /// of [`RefreshKeys`], `USERS_TABLE`, `FRESH_FOR` and `MFA_REQUIRED`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the variable that is missing or wrong.
    pub fn new(environment: &Environment, guard: Arc<SessionGuard>) -> Result<Self, ConfigError> {
        Ok(Self {
            guard,
            keys: RefreshKeys::new(environment)?,
            users: environment.users()?,
            freshness: environment.freshness()?,
        })
    }

    /// Verifies the bearer token of a request.
    ///
    /// # Errors
    ///
    /// Those of [`SessionGuard::verify_request`]; [`Error::StepUp`] where the session is not fresh;
    /// [`Error::InvalidMfaToken`] for an `mfa_token` that is not for enrolling, or whose account has
    /// a second factor or a passkey by now, or has ended its sessions, and for any under another rule
    /// than [`MfaRequired::All`].
    pub async fn verify_request(
        &self,
        headers: &HeaderMap,
        gateway: &Gateway,
        now: Timestamp,
    ) -> Result<Enroller, Error> {
        let text = bearer_token(headers)?;
        if MfaToken::looks_like(text) {
            return self.verify_mfa_token(text, now).await;
        }
        let caller = self.guard.verify_request(headers, gateway, now).await?;
        caller.requires_fresh(&self.freshness, now)?;
        Ok(Enroller {
            user: caller.user,
            session: Some(caller.session),
            first: None,
        })
    }

    async fn verify_mfa_token(&self, text: &str, now: Timestamp) -> Result<Enroller, Error> {
        // We issue no such token under another rule, but a stolen MAC key could tag one.
        if self.freshness.mfa_required != MfaRequired::All {
            return Err(Error::InvalidMfaToken);
        }
        let keys = self.keys.at(now).await?;
        let token = MfaToken::parse(text, MfaPurpose::Enrol, &keys, now);
        let token = token.ok_or(Error::InvalidMfaToken)?;
        note_user(token.owner.user_id);
        let user = self.users.get(token.owner.user_id).await?;
        let user = user
            .filter(|user| token.counts_for(user) && !user.ways_in.reach_aal2())
            .ok_or(Error::InvalidMfaToken)?;
        Ok(Enroller {
            user,
            session: None,
            first: Some(FirstFactor {
                owner: token.owner,
                methods: token.methods,
                device: token.device,
            }),
        })
    }
}

impl Enroller {
    /// On whose behalf the account changes.
    pub fn by(&self) -> By<'_> {
        self.session.as_ref().map_or(By::Enrolling, By::Owner)
    }

    /// Returns the challenge that goes on with the sign-in after a factor was enrolled, where there
    /// is no session yet. `user` is the account with the factor.
    ///
    /// # Errors
    ///
    /// As [`MfaChallenges::after`].
    pub fn next_challenge(
        &self,
        challenges: &MfaChallenges,
        user: &User,
        macs: &MacKeys,
        now: Timestamp,
    ) -> Result<Option<MfaChallenge>, Error> {
        let Some(first) = &self.first else {
            return Ok(None);
        };
        let first = FirstFactor {
            owner: user.owner(),
            ..first.clone()
        };
        challenges.after(&first, &user.ways_in, macs, now)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Enroller
where
    Arc<EnrollingGuard>: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        Arc::<EnrollingGuard>::from_ref(state)
            .verify_request(&parts.headers, &Gateway::of(&parts.extensions), now())
            .await
    }
}
