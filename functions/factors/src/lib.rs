//! `/me/factors`, `/me/totp`, `/me/passkeys` and `/me/recovery-codes`: the second factors and the
//! passkeys of an account, by its owner.

mod enrol;
pub mod otpauth;
mod passkeys;
mod recovery_codes;
mod show;
mod totp;

use std::sync::Arc;

use ::passkeys::RelyingParty;
use accounts::Allowance;
use api::{
    ConfigError, EnrollingGuard, Environment, FactorKeys, Freshness, Issuer, Mailing,
    MfaChallenges, RefreshKeys, SessionGuard,
};
use axum::Router;
use axum::extract::FromRef;
use axum::routing::{get, patch, post};
use tables::{Accounts, Factors, Throttles};

/// The tables, keys and settings of this function.
#[derive(Clone, FromRef)]
pub struct App {
    guard: Arc<SessionGuard>,
    enrolling: Arc<EnrollingGuard>,
    keys: Arc<RefreshKeys>,
    factor_keys: Arc<FactorKeys>,
    /// Nothing where there are no passkeys.
    party: Option<Arc<RelyingParty>>,
    accounts: Accounts,
    factors: Factors,
    throttles: Throttles,
    /// Nothing where no mail is sent.
    mailing: Option<Mailing>,
    settings: Arc<Settings>,
}

/// The settings of the deployment's owner.
struct Settings {
    /// The definition of a fresh session.
    freshness: Freshness,
    issuer: Issuer,
    /// The rule which sign-ins need a second factor.
    challenges: MfaChallenges,
    /// Codes that are shown for an account from one network.
    codes: Allowance,
}

impl api::Function for App {
    const NAME: &'static str = env!("CARGO_PKG_NAME");

    fn new(environment: &Environment) -> Result<Self, ConfigError> {
        let guard = Arc::new(SessionGuard::new(environment)?);
        Ok(Self {
            enrolling: Arc::new(EnrollingGuard::new(environment, Arc::clone(&guard))?),
            guard,
            keys: Arc::new(RefreshKeys::new(environment)?),
            factor_keys: Arc::new(FactorKeys::new(environment)?),
            party: environment.relying_party()?.map(Arc::new),
            accounts: environment.accounts()?,
            factors: environment.factors()?,
            throttles: environment.throttles()?,
            mailing: environment.mailing()?,
            settings: Arc::new(Settings {
                freshness: environment.freshness()?,
                issuer: environment.issuer()?,
                challenges: environment.mfa_challenges()?,
                codes: environment.allowance("MFA_BURST")?,
            }),
        })
    }

    /// Keys are unsealed when they are first needed: to list the factors takes none.
    async fn warm(&self) {
        self.guard.warm().await;
    }

    fn router(self) -> Router {
        let totp = post(totp::offer).put(totp::confirm).delete(totp::remove);
        let passkey = patch(passkeys::rename).delete(passkeys::remove);
        let routes = Router::new()
            .route("/me/factors", get(show::show))
            .route("/me/passkeys", post(passkeys::add))
            .route("/me/passkeys/options", post(passkeys::offer))
            .route("/me/passkeys/{id}", passkey)
            .route("/me/recovery-codes", post(recovery_codes::replace))
            .route("/me/totp", totp);
        api::layered(routes.with_state(self))
    }
}
