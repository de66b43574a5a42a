//! Sign-in: from an authentication to the tokens of a session.

use accounts::{
    Authentication, MacKeys, Owner, RefreshToken, Session, SessionLifetime, SessionSecret,
    Timestamp, User,
};

use super::tokens::{Bearer, Grant};
use crate::{AccessAnswer, Error, Gateway, IssuingKeys, TokenAnswer, TokenIssuer, note_caller};

/// A request that may be answered with tokens. It holds the keys that make them: they are read
/// before anything is written, so that nothing is written without them.
#[derive(Debug)]
pub struct SignIn<'a> {
    issuer: &'a TokenIssuer,
    keys: IssuingKeys,
    gateway: &'a Gateway,
    now: Timestamp,
}

impl TokenIssuer {
    /// Reads the keys for a request, whose tokens will be as of `now`.
    ///
    /// # Errors
    ///
    /// As [`SigningKeys::at`](crate::SigningKeys::at).
    pub async fn open<'a>(
        &'a self,
        gateway: &'a Gateway,
        now: Timestamp,
    ) -> Result<SignIn<'a>, Error> {
        Ok(SignIn {
            keys: self.keys(now).await?,
            issuer: self,
            gateway,
            now,
        })
    }
}

impl SignIn<'_> {
    /// The keys that check the tags of refresh tokens.
    pub fn macs(&self) -> &MacKeys {
        &self.keys.macs
    }

    /// Begins a session, and makes the secret of its refresh tokens. The session is valid once it
    /// is stored.
    ///
    /// # Errors
    ///
    /// [`Error::Internal`] where the random number generator fails.
    pub fn begin(
        &self,
        owner: Owner,
        proof: Authentication,
        lifetime: SessionLifetime,
    ) -> Result<(Session, SessionSecret), Error> {
        let secret = SessionSecret::generate()?;
        let device = self.gateway.device.clone();
        let session = Session::begin(owner, proof, lifetime, &secret, device);
        Ok((session, secret))
    }

    /// Returns whether a session may have tokens: where everybody must have shown a second factor,
    /// its owner has.
    pub fn permits(&self, session: &Session) -> bool {
        self.issuer.permits(session)
    }

    /// Issues the first tokens of a session, or of one that goes on with another secret, after an
    /// authentication. `user` is the account as it is now.
    ///
    /// # Errors
    ///
    /// [`Error::Internal`] if there is no issuer, signing fails, or the session may not have tokens.
    pub fn answer(
        &self,
        user: &User,
        session: &Session,
        secret: SessionSecret,
    ) -> Result<TokenAnswer, Error> {
        note_caller(user.id, session.id);
        self.issue(&Grant {
            bearer: Bearer {
                user,
                session,
                // Not where a new password leaves the authentication of a session as old as its factor.
                fresh: session.authentication.at == self.now,
            },
            refresh_token: RefreshToken::first(session, secret),
            changed_at: session.rotated_at.unwrap_or(self.now),
        })
    }

    /// Issues an access token of a session after a further authentication in it. Its refresh token
    /// stays as it is.
    ///
    /// # Errors
    ///
    /// [`Error::Internal`] if there is no issuer, or signing fails.
    pub fn raise(&self, user: &User, session: &Session) -> Result<AccessAnswer, Error> {
        let bearer = Bearer {
            user,
            session,
            fresh: true,
        };
        self.issuer
            .issue_access(&self.keys, self.gateway, bearer, self.now)
    }

    /// Issues the tokens that follow a refresh token. The next refresh token is the same however
    /// often it is asked for.
    ///
    /// # Errors
    ///
    /// [`Error::Internal`] if there is no issuer, signing fails, or the session may not have tokens.
    pub fn next(
        &self,
        user: &User,
        session: &Session,
        used: RefreshToken,
    ) -> Result<TokenAnswer, Error> {
        self.issue(&Grant {
            bearer: Bearer {
                user,
                session,
                fresh: false,
            },
            refresh_token: used.successor(),
            changed_at: session.rotated_at.unwrap_or(self.now),
        })
    }

    fn issue(&self, grant: &Grant<'_>) -> Result<TokenAnswer, Error> {
        self.issuer.issue(&self.keys, self.gateway, grant, self.now)
    }
}
