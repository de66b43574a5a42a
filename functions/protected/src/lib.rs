//! `GET /protected`: an endpoint that wants an access token of a session that is alive.

use std::sync::Arc;

use api::{Caller, ConfigError, Environment, SessionGuard, UserAnswer};
use axum::extract::FromRef;
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;

/// The tables, keys and settings of this function.
#[derive(Clone, FromRef)]
pub struct App {
    guard: Arc<SessionGuard>,
}

impl App {
    /// The app as the environment describes it.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the variable that is missing or wrong.
    pub fn new(environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            guard: Arc::new(SessionGuard::new(environment)?),
        })
    }

    /// Reads the keys, and so opens the connections, before the first request: Lambda starts a
    /// function at full speed and has it answer at the share that its memory buys. What fails is
    /// tried again by that request.
    pub async fn warm(&self) {
        self.guard.warm().await;
    }
}

/// The routes of this function.
pub fn router(app: App) -> Router {
    api::layered(
        Router::new()
            .route("/protected", get(protected))
            .with_state(app),
    )
}

#[derive(Serialize)]
struct Welcome {
    message: &'static str,
    user: UserAnswer,
}

async fn protected(caller: Caller) -> Json<Welcome> {
    Json(Welcome {
        message: "You have accessed a protected endpoint!",
        user: caller.user.into(),
    })
}
