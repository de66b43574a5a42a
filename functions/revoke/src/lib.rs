//! `POST /oauth2/revoke`: the end of a token's session (RFC 7009).

use std::sync::Arc;

use accounts::{RefreshToken, Timestamp};
use api::{ConfigError, Environment, Error, Form, Gateway, Revocation, StatelessGuard};
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;

/// The tables, keys and settings of this function.
pub struct App {
    guard: StatelessGuard,
    revocation: Revocation,
}

impl api::Function for App {
    const NAME: &'static str = env!("CARGO_PKG_NAME");

    fn new(environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            guard: StatelessGuard::new(environment)?,
            revocation: Revocation::new(environment)?,
        })
    }

    async fn warm(&self) {
        self.revocation.warm().await;
    }

    fn router(self) -> Router {
        api::layered(
            Router::new()
                .route("/oauth2/revoke", post(revoke))
                .with_state(Arc::new(self)),
        )
    }
}

/// Possession of a token suffices to revoke it, and either kind takes the other with it (RFC 7009
/// §2.1). An unknown token gets the same answer (§2.2).
async fn revoke(
    State(app): State<Arc<App>>,
    gateway: Gateway,
    form: Form,
) -> Result<StatusCode, Error> {
    let token = form.token()?;
    app.end(&token, &gateway, api::now()).await?;
    Ok(StatusCode::OK)
}

impl App {
    /// Ends the session of a token of either kind; nothing where the text is none.
    async fn end(&self, token: &str, gateway: &Gateway, now: Timestamp) -> Result<(), Error> {
        if RefreshToken::looks_like(token) {
            return self.revocation.by_refresh_token(token, now).await.map(drop);
        }
        match self.guard.verify(token, gateway, now).await {
            Ok(claims) => self.revocation.by_claims(&claims).await,
            Err(Error::InvalidToken(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
