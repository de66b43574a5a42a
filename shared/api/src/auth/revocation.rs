//! The revocation of tokens.

use accounts::{RefreshToken, SessionId, SessionSecret, Timestamp, UserId};
use claims::Claims;
use tables::Sessions;

use crate::{ConfigError, Environment, Error, Event, RefreshKeys, note, note_caller};

/// Ends the session of a token, for every request that starts afterwards. Possession of the token
/// suffices.
#[derive(Debug)]
pub struct Revocation {
    keys: RefreshKeys,
    sessions: Sessions,
}

impl Revocation {
    /// Builds it from the environment: from the variables of [`RefreshKeys`], and `SESSIONS_TABLE`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the variable that is missing or wrong.
    pub fn new(environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            keys: RefreshKeys::new(environment)?,
            sessions: environment.sessions()?,
        })
    }

    /// Reads the keys, for [`Function::warm`](crate::Function::warm).
    pub async fn warm(&self) {
        self.keys.warm().await;
    }

    /// Ends the session of an access token that has been accepted.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidToken`] where it names no session; [`Error::Unavailable`].
    pub async fn by_claims(&self, claims: &Claims) -> Result<(), Error> {
        let ids = UserId::parse(&claims.sub).zip(SessionId::parse(&claims.sid));
        let (user_id, id) = ids.ok_or(Error::InvalidToken("The access token is malformed"))?;
        self.end(user_id, id, None).await
    }

    /// Ends the session of a refresh token, also of one that was used before. Returns `false`, and
    /// does nothing, if the text is not a refresh token.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`]; [`Error::Internal`] where a key cannot be unsealed.
    pub async fn by_refresh_token(&self, text: &str, now: Timestamp) -> Result<bool, Error> {
        let keys = self.keys.at(now).await?;
        let Some(token) = RefreshToken::parse(text, &keys, now) else {
            return Ok(false);
        };
        self.end(token.user_id, token.session_id, Some(&token.secret))
            .await?;
        Ok(true)
    }

    async fn end(
        &self,
        user_id: UserId,
        id: SessionId,
        secret: Option<&SessionSecret>,
    ) -> Result<(), Error> {
        note_caller(user_id, id);
        if self.sessions.end(user_id, id, secret).await? {
            note(Event::SessionEnded);
        }
        Ok(())
    }
}
