//! `POST /register`: a new account, and the tokens of its first session.

use std::sync::Arc;

use accounts::{
    Allowance, AuthMethod, Authentication, Email, Names, Password, PasswordHasher, PasswordPolicy,
    SessionLifetime, ThrottleKey, User, Username,
};
use api::{
    ConfigError, Environment, Error, Event, Fields, Gateway, JsonOrForm, TokenAnswer, TokenIssuer,
    UserAnswer, UserAnswers, note,
};
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use serde::Serialize;
use tables::{Accounts, Throttles};

/// The tables, keys and settings of this function.
pub struct App {
    open: bool,
    policy: PasswordPolicy,
    hasher: PasswordHasher,
    tokens: TokenIssuer,
    accounts: Accounts,
    throttles: Throttles,
    allowance: Allowance,
    session_lifetime: SessionLifetime,
    answers: UserAnswers,
}

impl api::Function for App {
    const NAME: &'static str = env!("CARGO_PKG_NAME");

    fn new(environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            open: environment.choice("REGISTRATION_MODE", &[("open", true), ("closed", false)])?,
            policy: environment.password_policy()?,
            hasher: environment.password_hasher()?,
            tokens: TokenIssuer::new(environment)?,
            accounts: environment.accounts()?,
            throttles: environment.throttles()?,
            allowance: environment.allowance("REGISTRATION_BURST")?,
            session_lifetime: environment.session_lifetime()?,
            answers: UserAnswers::new(environment)?,
        })
    }

    async fn warm(&self) {
        self.tokens.warm_with(&self.hasher).await;
    }

    fn router(self) -> Router {
        api::layered(
            Router::new()
                .route("/register", post(register))
                .with_state(Arc::new(self)),
        )
    }
}

#[derive(Serialize)]
struct Registered {
    user: UserAnswer,
    #[serde(flatten)]
    tokens: TokenAnswer,
}

async fn register(
    State(app): State<Arc<App>>,
    gateway: Gateway,
    JsonOrForm(fields): JsonOrForm,
) -> Result<(StatusCode, Json<Registered>), Error> {
    if !app.open {
        return Err(Error::RegistrationClosed);
    }
    let (names, password) = parse(fields, &app.policy)?;

    let now = api::now();
    let sign_in = app.tokens.open(&gateway, now).await?;
    let from = ThrottleKey::registration(&gateway.device);
    Error::check_wait(app.throttles.take(&from, app.allowance, now).await?)?;
    app.policy
        .check_guessing(&password, &names)
        .map_err(|reason| Error::field("password", reason))?;
    let password_hash = app.hasher.hash(&password).map_err(Error::internal)?;
    let user = User::register(names, now);
    let proof = Authentication::by(AuthMethod::PASSWORD, now);
    let (session, secret) = sign_in.begin(user.owner(), proof, app.session_lifetime)?;
    app.accounts
        .register(&user, &password_hash, Some(&session))
        .await?;
    note(Event::AccountRegistered);

    let tokens = sign_in.answer(&user, &session, secret)?;
    Ok((
        StatusCode::CREATED,
        Json(Registered {
            user: app.answers.of(user),
            tokens,
        }),
    ))
}

fn parse(mut fields: Fields, policy: &PasswordPolicy) -> Result<(Names, Password), Error> {
    let username = fields.optional("username", Username::parse);
    let email = fields.optional("email", Email::parse);
    let names = Names::new(username, email);
    if names.is_none() && fields.is_ok() {
        fields.refuse("username", "is missing: give a username, an email or both");
    }
    let password = fields.required("password", Password::parse);
    if let Some(password) = &password
        && let Err(error) = policy.check_form(password)
    {
        fields.refuse("password", error);
    }
    fields.finish(names.zip(password))
}
