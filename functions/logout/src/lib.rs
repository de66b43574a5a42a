//! `POST /logout`: the end of a session, for every request that starts after the answer.

use std::sync::Arc;

use api::{AnyBody, ConfigError, Environment, Error, Revocation, StatelessGuard, Verified};
use axum::Router;
use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use axum::routing::post;

/// The tables, keys and settings of this function.
#[derive(Clone, FromRef)]
pub struct App {
    guard: Arc<StatelessGuard>,
    revocation: Arc<Revocation>,
}

impl api::Function for App {
    const NAME: &'static str = env!("CARGO_PKG_NAME");

    fn new(environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            guard: Arc::new(StatelessGuard::new(environment)?),
            revocation: Arc::new(Revocation::new(environment)?),
        })
    }

    async fn warm(&self) {
        self.revocation.warm().await;
    }

    fn router(self) -> Router {
        api::layered(
            Router::new()
                .route("/logout", post(logout))
                .with_state(self),
        )
    }
}

/// A refresh token in the body wins over an access token in the header. A body that names none says
/// nothing against the header: clients do not look at the answer to a logout, and what they meant
/// to end must not live on.
///
/// A session that has ended and a text that is no token get the same answer: there is nothing left
/// to end, and nothing to learn (RFC 7009 §2.2).
async fn logout(
    State(app): State<App>,
    verified: Result<Verified, Error>,
    AnyBody(mut fields): AnyBody,
) -> Result<StatusCode, Error> {
    let named = fields.optional_secret("refresh_token");
    let named = named.as_ref().map(|text| text.trim());
    // An empty member names no token.
    let named = named.filter(|text| !text.is_empty());
    if let Some(text) = named
        && app.revocation.by_refresh_token(text, api::now()).await?
    {
        return Ok(StatusCode::NO_CONTENT);
    }
    match verified {
        Ok(Verified(claims)) => app.revocation.by_claims(&claims).await?,
        Err(Error::MissingToken | Error::InvalidToken(_)) if named.is_some() => {}
        Err(error) => return Err(error),
    }
    Ok(StatusCode::NO_CONTENT)
}
