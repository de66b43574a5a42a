//! `/me/factors` and below: the second factors and passkeys of an account, by its owner.

pub mod otpauth;
mod show;

use std::sync::Arc;

use api::{ConfigError, Environment, SessionGuard};
use axum::Router;
use axum::extract::FromRef;
use axum::routing::get;

/// The tables, keys and settings of this function.
#[derive(Clone, FromRef)]
pub struct App {
    guard: Arc<SessionGuard>,
}

impl api::Function for App {
    const NAME: &'static str = env!("CARGO_PKG_NAME");

    fn new(environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            guard: Arc::new(SessionGuard::new(environment)?),
        })
    }

    async fn warm(&self) {
        self.guard.warm().await;
    }

    fn router(self) -> Router {
        let routes = Router::new().route("/me/factors", get(show::show));
        api::layered(routes.with_state(self))
    }
}
