//! `POST /logout`: the end of a session, for every request that starts after the answer.

use std::sync::Arc;

use accounts::{RefreshToken, SessionId, UserId};
use api::{ConfigError, Environment, Error, Fields, RefreshKeys, StatelessGuard, Verified};
use axum::Router;
use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use axum::routing::post;
use tables::Sessions;

/// What this function may touch.
#[derive(Clone, FromRef)]
pub struct App {
    guard: Arc<StatelessGuard>,
    keys: Arc<RefreshKeys>,
    sessions: Sessions,
}

impl App {
    /// The app as the environment describes it.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the variable that is missing or wrong.
    pub fn new(environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            guard: Arc::new(StatelessGuard::new(environment)?),
            keys: Arc::new(RefreshKeys::new(environment.keys()?, environment.sealer()?)),
            sessions: environment.sessions()?,
        })
    }
}

/// The routes of this function.
pub fn router(app: App) -> Router {
    api::layered(Router::new().route("/logout", post(logout)).with_state(app))
}

/// A refresh token in the body wins over an access token in the header. That a session has ended
/// already, or that a refresh token is none, is answered like success: there is nothing left to end,
/// and nothing to learn (RFC 7009 §2.2).
async fn logout(
    State(app): State<App>,
    verified: Result<Verified, Error>,
    fields: Option<Fields>,
) -> Result<StatusCode, Error> {
    match fields {
        Some(fields) => app.by_refresh_token(fields).await?,
        None => app.by_access_token(&verified?).await?,
    }
    Ok(StatusCode::NO_CONTENT)
}

impl App {
    async fn by_access_token(&self, Verified(claims): &Verified) -> Result<(), Error> {
        let ids = UserId::parse(&claims.sub).zip(SessionId::parse(&claims.sid));
        let (user_id, id) = ids.ok_or(Error::InvalidToken("The access token is malformed"))?;
        Ok(self.sessions.end(user_id, id, None).await?)
    }

    /// Any genuine refresh token of a session proves that it is its bearer's to end, also one that
    /// was used before.
    async fn by_refresh_token(&self, mut fields: Fields) -> Result<(), Error> {
        let text = fields.secret("refresh_token");
        let text = fields.finish(text)?;
        let now = api::now();
        let keys = self.keys.at(now).await?;
        if let Some(token) = RefreshToken::parse(&text, &keys, now) {
            self.sessions
                .end(token.user_id, token.session_id, Some(&token.secret))
                .await?;
        }
        Ok(())
    }
}
