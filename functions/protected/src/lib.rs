//! `GET /protected`: an endpoint that wants an access token of a session that is alive.

use std::sync::Arc;

use api::{Caller, ConfigError, Environment, SessionGuard, UserAnswer, UserAnswers};
use axum::extract::{FromRef, State};
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;

/// The tables, keys and settings of this function.
#[derive(Clone, FromRef)]
pub struct App {
    guard: Arc<SessionGuard>,
    answers: UserAnswers,
}

impl api::Function for App {
    const NAME: &'static str = env!("CARGO_PKG_NAME");

    fn new(environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            guard: Arc::new(SessionGuard::new(environment)?),
            answers: UserAnswers::new(environment)?,
        })
    }

    async fn warm(&self) {
        self.guard.warm().await;
    }

    fn router(self) -> Router {
        api::layered(
            Router::new()
                .route("/protected", get(protected))
                .with_state(self),
        )
    }
}

#[derive(Serialize)]
struct Welcome {
    message: &'static str,
    user: UserAnswer,
}

async fn protected(State(answers): State<UserAnswers>, caller: Caller) -> Json<Welcome> {
    Json(Welcome {
        message: "You have accessed a protected endpoint!",
        user: answers.of(caller.user),
    })
}
