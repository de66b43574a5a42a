//! `POST /oauth2/introspect`: whether a token counts, and for what (RFC 7662).

mod answer;

use std::sync::Arc;

use accounts::{RefreshToken, Timestamp};
use api::{
    Caller, ConfigError, Environment, Error, Form, Gateway, MfaRequired, RefreshKeys, SessionGuard,
};
use axum::extract::{FromRef, State};
use axum::routing::post;
use axum::{Json, Router};
use claims::{Roles, Scope};
use tables::{Sessions, Users};

use answer::Answer;

/// The tables, keys and settings of this function.
#[derive(Clone, FromRef)]
pub struct App {
    guard: Arc<SessionGuard>,
    keys: Arc<RefreshKeys>,
    sessions: Sessions,
    users: Users,
    roles: Arc<Roles>,
    mfa_required: MfaRequired,
}

impl api::Function for App {
    const NAME: &'static str = env!("CARGO_PKG_NAME");

    fn new(environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            guard: Arc::new(SessionGuard::new(environment)?),
            keys: Arc::new(RefreshKeys::new(environment)?),
            sessions: environment.sessions()?,
            users: environment.users()?,
            roles: environment.roles()?,
            mfa_required: environment.mfa_required()?,
        })
    }

    async fn warm(&self) {
        tokio::join!(self.guard.warm(), self.keys.warm());
    }

    fn router(self) -> Router {
        api::layered(
            Router::new()
                .route("/oauth2/introspect", post(introspect))
                .with_state(self),
        )
    }
}

async fn introspect(
    State(app): State<App>,
    gateway: Gateway,
    caller: Caller,
    form: Form,
) -> Result<Json<Answer>, Error> {
    caller.requires(Scope::TOKENS_INTROSPECT)?;
    let token = form.token()?;
    let now = api::now();
    let answer = if RefreshToken::looks_like(&token) {
        app.refresh_token(&token, now).await?
    } else {
        app.access_token(&token, &gateway, now).await?
    };
    Ok(Json(answer.unwrap_or_else(Answer::inactive)))
}

impl App {
    /// The answer about a valid access token.
    async fn access_token(
        &self,
        text: &str,
        gateway: &Gateway,
        now: Timestamp,
    ) -> Result<Option<Answer>, Error> {
        match self.guard.verify(text, gateway, now).await {
            Ok(bearer) => Ok(Some(Answer::of_access_token(bearer))),
            Err(Error::InvalidToken(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The answer about a valid refresh token.
    async fn refresh_token(&self, text: &str, now: Timestamp) -> Result<Option<Answer>, Error> {
        let keys = self.keys.at(now).await?;
        let Some(token) = RefreshToken::parse(text, &keys, now) else {
            return Ok(None);
        };
        let found = self
            .sessions
            .get_with_user(&self.users, token.user_id, token.session_id)
            .await?;
        let counts = found.filter(|(session, user)| {
            session.is_alive(user, now)
                && session.secret_hash.is_of(&token.secret)
                && session.generation == token.generation
                && self.mfa_required.permits_tokens(session)
        });
        Ok(counts.map(|(session, user)| {
            Answer::of_refresh_token(&session, &user, &self.roles, self.mfa_required)
        }))
    }
}
