//! New accounts: at once, or by a mailed link or code.
//!
//! `POST /register` makes an account, or asks for the mail that lets its reader make one;
//! `POST /register/confirm` makes that one. `/signup` and `/signup/confirm` are their pages.

mod ask;
mod confirm;
mod mode;
mod open;
mod page;
mod registered;

use std::sync::Arc;

use accounts::{Allowance, PasswordHasher, PasswordPolicy, SessionLifetime};
use api::{
    AskedLanguage, ConfigError, Environment, Error, Feature, Gateway, JsonOrForm, MailLimits,
    Mailing, MfaChallenges, Pages, TicketGuard, TokenIssuer, UserAnswers,
};
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tables::{Accounts, Logins, Throttles};

use mode::Mode;

/// The tables, keys and settings of this function.
pub struct App {
    mode: Mode,
    policy: PasswordPolicy,
    hasher: PasswordHasher,
    tokens: TokenIssuer,
    accounts: Accounts,
    logins: Logins,
    throttles: Throttles,
    mailing: Option<Mailing>,
    allowance: Allowance,
    mail_limits: MailLimits,
    guard: TicketGuard,
    challenges: MfaChallenges,
    session_lifetime: SessionLifetime,
    answers: UserAnswers,
    pages: Pages,
    min_password_length: usize,
}

impl api::Function for App {
    const NAME: &'static str = env!("CARGO_PKG_NAME");

    fn new(environment: &Environment) -> Result<Self, ConfigError> {
        let mailing = environment.mailing()?;
        Ok(Self {
            mode: Mode::new(environment, mailing.is_some())?,
            policy: environment.password_policy()?,
            hasher: environment.password_hasher()?,
            tokens: TokenIssuer::new(environment)?,
            accounts: environment.accounts()?,
            logins: environment.logins()?,
            throttles: environment.throttles()?,
            mailing,
            allowance: environment.allowance("REGISTRATION_BURST")?,
            mail_limits: environment.mail_limits()?,
            guard: environment.ticket_guard()?,
            challenges: environment.first_mfa_challenges()?,
            session_lifetime: environment.session_lifetime()?,
            answers: UserAnswers::new(environment)?,
            pages: environment.pages()?,
            min_password_length: environment.min_password_length()? as usize,
        })
    }

    async fn warm(&self) {
        self.tokens.warm_with(&self.hasher).await;
    }

    fn router(self) -> Router {
        let pages = self.pages.clone();
        let router = Router::new()
            .route("/register", post(register))
            .route("/register/confirm", post(confirm::confirm))
            .route("/signup", get(page::form).post(page::ask))
            .route("/signup/confirm", get(page::look).post(page::confirm))
            .with_state(Arc::new(self));
        pages.layered(router, &["/signup", "/signup/confirm"])
    }
}

impl App {
    /// Where no mail is sent, there are no tickets.
    fn mailing(&self) -> Result<&Mailing, Error> {
        let mailing = self.mailing.as_ref();
        mailing.ok_or(Error::FeatureDisabled(Feature::Mail))
    }
}

async fn register(
    State(app): State<Arc<App>>,
    gateway: Gateway,
    AskedLanguage(language): AskedLanguage,
    JsonOrForm(fields): JsonOrForm,
) -> Result<Response, Error> {
    match app.mode {
        Mode::Closed => Err(Error::RegistrationClosed),
        Mode::Open => {
            let registered = app.register(&gateway, language, fields).await?;
            Ok(registered.into_response())
        }
        Mode::Confirmed => {
            let email = ask::parse(fields)?;
            let asked = app.ask(&gateway, language, email).await?;
            Ok(asked.into_response())
        }
    }
}
