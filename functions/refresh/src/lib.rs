//! `POST /refresh`: from a refresh token, once, to the next tokens of its session.

use std::sync::Arc;
use std::time::Duration;

use accounts::{Refresh, RefreshToken, Session, Timestamp, TokenUse, User, judge_refresh};
use api::{
    ConfigError, Environment, Error, Event, Fields, Gateway, TokenAnswer, TokenIssuer, note,
    note_caller,
};
use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use tables::{Attempt, Sessions, Users};
use uuid::Uuid;

/// The tables, keys and settings of this function.
pub struct App {
    tokens: TokenIssuer,
    users: Users,
    sessions: Sessions,
    idle: Duration,
    grace: Duration,
}

impl api::Function for App {
    const NAME: &'static str = env!("CARGO_PKG_NAME");

    fn new(environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            tokens: TokenIssuer::new(environment)?,
            users: environment.users()?,
            sessions: environment.sessions()?,
            idle: environment.session_idle_lifetime()?,
            grace: environment.seconds("REFRESH_GRACE", accounts::REFRESH_GRACE)?,
        })
    }

    async fn warm(&self) {
        self.tokens.warm().await;
    }

    fn router(self) -> Router {
        api::layered(
            Router::new()
                .route("/refresh", post(refresh))
                .with_state(Arc::new(self)),
        )
    }
}

async fn refresh(
    State(app): State<Arc<App>>,
    gateway: Gateway,
    mut fields: Fields,
) -> Result<Json<TokenAnswer>, Error> {
    let text = fields.secret("refresh_token");
    let text = fields.finish(text)?;
    let now = api::now();
    let sign_in = app.tokens.open(&gateway, now).await?;
    let token =
        RefreshToken::parse(&text, sign_in.macs(), now).ok_or(Error::InvalidRefreshToken)?;
    note_caller(token.user_id, token.session_id);

    let attempt = Attempt {
        token: &token,
        now,
        idle: app.idle,
        device: &gateway.device,
        id: &Uuid::new_v4().to_string(),
    };
    let (used, user) = tokio::join!(app.sessions.advance(&attempt), app.users.get(token.user_id));
    let (used, user) = (used?, user?);
    let decided = app.decide(&token, &used, user.as_ref(), &gateway, now);
    let (session, user) = decided.await?;
    // It began before everybody had to show a second factor.
    if !sign_in.permits(session) {
        return Err(Error::InvalidRefreshToken);
    }

    let tokens = sign_in.next(user, session, token)?;
    note(Event::SessionRefreshed);
    Ok(Json(tokens))
}

impl App {
    /// The session and the account that the next tokens are for, if there are to be any.
    async fn decide<'a>(
        &self,
        token: &RefreshToken,
        used: &'a TokenUse,
        user: Option<&'a User>,
        gateway: &Gateway,
        now: Timestamp,
    ) -> Result<(&'a Session, &'a User), Error> {
        let from = &gateway.device;
        match judge_refresh(token, used, user, from, now, self.grace) {
            Refresh::Next(session, user) => Ok((session, user)),
            Refresh::Replay(session, user) => {
                if session.device != gateway.device {
                    note(Event::RefreshTokenReplayed);
                }
                Ok((session, user))
            }
            Refresh::Dead => Err(Error::InvalidRefreshToken),
            Refresh::Shared => Err(self.end(token, Event::RefreshTokenShared).await),
            Refresh::Reuse => Err(self.end(token, Event::RefreshTokenReused).await),
        }
    }

    /// Ends the session of a token that has two bearers, and says what both are answered with.
    async fn end(&self, token: &RefreshToken, event: Event) -> Error {
        // Before the deletion: one that fails, or is not answered in time, must not hide a theft.
        note(event);
        let secret = Some(&token.secret);
        let ended = self.sessions.end(token.user_id, token.session_id, secret);
        match ended.await {
            Ok(_) => Error::InvalidRefreshToken,
            Err(error) => error.into(),
        }
    }
}
