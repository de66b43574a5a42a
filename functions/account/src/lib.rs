//! `/me`: what the owner of an account may do with it, from its names to its sessions; and the page
//! that the mailed links of its addresses lead to.

mod address;
mod notices;
mod page;
mod password;
mod patch;
mod profile;
mod proof;
mod second_factor;
mod sessions;

use std::sync::Arc;
use std::time::Duration;

use accounts::{Allowance, PasswordHasher, PasswordPolicy};
use api::{
    ConfigError, Environment, Freshness, MailLimits, Mailing, Pages, RefreshKeys, SessionGuard,
    StatelessGuard, TicketGuard, TokenIssuer, UserAnswers,
};
use axum::Router;
use axum::extract::FromRef;
use axum::routing::{delete, get, post, put};
use claims::Roles;
use tables::{Accounts, Factors, Logins, Sessions, Throttles, Users};

/// The tables, keys and settings of this function.
#[derive(Clone, FromRef)]
pub struct App {
    guard: Arc<SessionGuard>,
    stateless: Arc<StatelessGuard>,
    tokens: Arc<TokenIssuer>,
    keys: Arc<RefreshKeys>,
    accounts: Accounts,
    logins: Logins,
    users: Users,
    factors: Factors,
    sessions: Sessions,
    throttles: Throttles,
    /// Nothing where no mail is sent.
    mailing: Option<Mailing>,
    answers: UserAnswers,
    pages: Pages,
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
    /// The definition of a fresh session.
    freshness: Freshness,
    roles: Arc<Roles>,
    mail_limits: MailLimits,
    tickets: TicketGuard,
    /// The time for which another address waits, unless the present one agrees.
    email_change_delay: Duration,
}

/// The page that mailed links lead to.
const PAGE: &str = "/account/email";

/// The longest time for which another address can wait, in hours.
const LONGEST_DELAY: u32 = 168;

impl api::Function for App {
    const NAME: &'static str = env!("CARGO_PKG_NAME");

    fn new(environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            guard: Arc::new(SessionGuard::new(environment)?),
            stateless: Arc::new(StatelessGuard::new(environment)?),
            tokens: Arc::new(TokenIssuer::new(environment)?),
            keys: Arc::new(RefreshKeys::new(environment)?),
            accounts: environment.accounts()?,
            logins: environment.logins()?,
            users: environment.users()?,
            factors: environment.factors()?,
            sessions: environment.sessions()?,
            throttles: environment.throttles()?,
            mailing: environment.mailing()?,
            answers: UserAnswers::new(environment)?,
            pages: environment.pages()?,
            settings: Arc::new(Settings {
                hasher: environment.password_hasher()?,
                policy: environment.password_policy()?,
                changes: environment.allowance("LOGIN_BURST")?,
                registrations: environment.allowance("REGISTRATION_BURST")?,
                freshness: environment.freshness()?,
                roles: environment.roles()?,
                mail_limits: environment.mail_limits()?,
                tickets: environment.ticket_guard()?,
                email_change_delay: email_change_delay(environment)?,
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
            .patch(profile::change)
            .delete(profile::delete);
        let sessions = get(sessions::list).delete(sessions::end_others);
        let pages = self.pages.clone();
        let routes = Router::new()
            .route(PAGE, get(page::show))
            .route("/me", profile)
            .route("/me/email", put(address::ask))
            .route("/me/email/confirm", post(proof::confirm))
            .route("/me/password", put(password::change))
            .route("/me/sessions", sessions)
            .route("/me/sessions/{id}", delete(sessions::end))
            .with_state(self);
        pages.layered(routes, &[PAGE])
    }
}

fn email_change_delay(environment: &Environment) -> Result<Duration, ConfigError> {
    let hours = environment.number("EMAIL_CHANGE_DELAY", 0..=LONGEST_DELAY)?;
    Ok(Duration::from_secs(u64::from(hours) * 60 * 60))
}
