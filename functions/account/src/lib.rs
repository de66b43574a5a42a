//! `/me`: what the owner of an account may do with it, from its names to its sessions.

mod password;
mod profile;
mod sessions;

use std::sync::Arc;
use std::time::Duration;

use accounts::{Allowance, PasswordHasher, PasswordPolicy};
use api::{ConfigError, Environment, SessionGuard, TokenIssuer, UserAnswers};
use axum::Router;
use axum::extract::FromRef;
use axum::routing::{delete, get, put};
use claims::Roles;
use tables::{Accounts, Logins, Sessions, Throttles};

/// The tables, keys and settings of this function.
#[derive(Clone, FromRef)]
pub struct App {
    guard: Arc<SessionGuard>,
    tokens: Arc<TokenIssuer>,
    accounts: Accounts,
    logins: Logins,
    sessions: Sessions,
    throttles: Throttles,
    answers: UserAnswers,
    settings: Arc<Settings>,
}

/// The settings of the deployment's owner.
struct Settings {
    hasher: PasswordHasher,
    policy: PasswordPolicy,
    /// Changes of one kind in a session.
    changes: Allowance,
    /// Registrations from a network, for which a new name counts too.
    registrations: Allowance,
    /// The time for which a login counts as recent.
    fresh_for: Duration,
    roles: Arc<Roles>,
}

impl api::Function for App {
    const NAME: &'static str = env!("CARGO_PKG_NAME");

    fn new(environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            guard: Arc::new(SessionGuard::new(environment)?),
            tokens: Arc::new(TokenIssuer::new(environment)?),
            accounts: environment.accounts()?,
            logins: environment.logins()?,
            sessions: environment.sessions()?,
            throttles: environment.throttles()?,
            answers: UserAnswers::new(environment)?,
            settings: Arc::new(Settings {
                hasher: environment.password_hasher()?,
                policy: environment.password_policy()?,
                changes: environment.allowance("LOGIN_BURST")?,
                registrations: environment.allowance("REGISTRATION_BURST")?,
                fresh_for: environment.fresh_for()?,
                roles: environment.roles()?,
            }),
        })
    }

    /// Private keys are unsealed when a password is first changed: most environments never need
    /// one.
    async fn warm(&self) {
        self.guard.warm().await;
    }

    fn router(self) -> Router {
        let profile = get(profile::show)
            .patch(profile::rename)
            .delete(profile::delete);
        let sessions = get(sessions::list).delete(sessions::end_others);
        let routes = Router::new()
            .route("/me", profile)
            .route("/me/password", put(password::change))
            .route("/me/sessions", sessions)
            .route("/me/sessions/{id}", delete(sessions::end))
            .with_state(self);
        api::layered(routes)
    }
}
