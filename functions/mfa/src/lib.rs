//! `POST /login/mfa`: from an `mfa_token` and a second factor to the tokens of a new session; and
//! `POST /step-up`: from a session and a second factor to an access token that names both.

mod limits;
mod passkey;
mod prove;
mod refusal;
mod shown;
mod sign_in;
mod step_up;
mod totp;

use std::sync::Arc;

use accounts::{Acr, Session, SessionLifetime};
use api::{
    ConfigError, Environment, Error, FactorKeys, Mailing, PasskeyVerifier, SessionGuard, SignIn,
    TokenIssuer,
};
use axum::Router;
use axum::extract::FromRef;
use axum::routing::post;
use tables::{Factors, Sessions, Throttles, Users};

use limits::Limits;

/// The tables, keys and settings of this function.
#[derive(Clone, FromRef)]
pub struct App {
    guard: Arc<SessionGuard>,
    tokens: Arc<TokenIssuer>,
    factor_keys: Arc<FactorKeys>,
    factors: Factors,
    users: Users,
    sessions: Sessions,
    throttles: Throttles,
    /// Nothing where there are no passkeys.
    passkeys: Option<Arc<PasskeyVerifier>>,
    /// Nothing where no mail is sent.
    mailing: Option<Mailing>,
    limits: Limits,
    session_lifetime: SessionLifetime,
}

impl api::Function for App {
    const NAME: &'static str = env!("CARGO_PKG_NAME");

    fn new(environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            guard: Arc::new(SessionGuard::new(environment)?),
            tokens: Arc::new(TokenIssuer::new(environment)?),
            factor_keys: Arc::new(FactorKeys::new(environment)?),
            factors: environment.factors()?,
            users: environment.users()?,
            sessions: environment.sessions()?,
            throttles: environment.throttles()?,
            passkeys: PasskeyVerifier::new(environment)?.map(Arc::new),
            mailing: environment.mailing()?,
            limits: Limits::new(environment)?,
            session_lifetime: environment.session_lifetime()?,
        })
    }

    async fn warm(&self) {
        tokio::join!(self.tokens.warm(), self.factor_keys.warm());
    }

    fn router(self) -> Router {
        api::layered(
            Router::new()
                .route("/login/mfa", post(sign_in::sign_in))
                .route("/step-up", post(step_up::step_up))
                .with_state(self),
        )
    }
}

/// Checks, before anything is used up, that a session may have tokens: where everybody must have
/// shown two factors, a mailed code and a code of an app are not enough.
fn check_level(sign_in: &SignIn<'_>, session: &Session) -> Result<(), Error> {
    if sign_in.permits(session) {
        return Ok(());
    }
    Err(Error::StepUp {
        acr: Some(Acr::Aal2),
        max_age: None,
    })
}
