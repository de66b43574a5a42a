//! `POST /login`: from a name and a password to the tokens of a new session, or to the challenge for
//! a second factor.

mod attempt;
mod credentials;
mod verify;

use std::sync::Arc;

use accounts::{
    AuthMethod, Authentication, PasswordHasher, RefreshToken, SessionLifetime, Verdict,
};
use api::{
    ConfigError, Environment, Error, Event, FirstFactor, Gateway, JsonOrForm, MfaChallenges,
    TokenAnswer, TokenIssuer, note, note_user,
};
use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use tables::{Logins, Sessions, Throttles, Users};

use attempt::Limits;
use credentials::Credentials;
use verify::Verified;

/// The tables, keys and settings of this function.
pub struct App {
    hasher: PasswordHasher,
    tokens: TokenIssuer,
    logins: Logins,
    users: Users,
    sessions: Sessions,
    throttles: Throttles,
    limits: Limits,
    challenges: MfaChallenges,
    session_lifetime: SessionLifetime,
}

impl api::Function for App {
    const NAME: &'static str = env!("CARGO_PKG_NAME");

    fn new(environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            hasher: environment.password_hasher()?,
            tokens: TokenIssuer::new(environment)?,
            logins: environment.logins()?,
            users: environment.users()?,
            sessions: environment.sessions()?,
            throttles: environment.throttles()?,
            limits: Limits::new(environment)?,
            challenges: environment.mfa_challenges()?,
            session_lifetime: environment.session_lifetime()?,
        })
    }

    async fn warm(&self) {
        self.tokens.warm_with(&self.hasher).await;
    }

    fn router(self) -> Router {
        api::layered(
            Router::new()
                .route("/login", post(login))
                .with_state(Arc::new(self)),
        )
    }
}

impl App {
    /// Ends the session that a device had until now: one that signs in again and again has one.
    async fn end_session_of(&self, device: Option<&RefreshToken>) -> Result<(), Error> {
        if let Some(device) = device {
            let (owner, id) = (device.user_id, device.session_id);
            if self.sessions.end(owner, id, None).await? {
                note(Event::SessionEnded);
            }
        }
        Ok(())
    }
}

async fn login(
    State(app): State<Arc<App>>,
    gateway: Gateway,
    JsonOrForm(fields): JsonOrForm,
) -> Result<Json<TokenAnswer>, Error> {
    let credentials = Credentials::parse(fields)?;

    let now = api::now();
    let sign_in = app.tokens.open(&gateway, now).await?;
    let Verified {
        login,
        verdict,
        device,
    } = app
        .verify(&credentials, sign_in.macs(), &gateway, now)
        .await?;

    let first = FirstFactor {
        owner: login.owner,
        methods: AuthMethod::PASSWORD.into(),
        device: device.as_ref().map(|device| device.session_id),
    };
    let challenge = app
        .challenges
        .after(&first, &login.ways_in, sign_in.macs(), now)?;
    if let Some(challenge) = challenge {
        note_user(login.owner.user_id);
        if verdict == Verdict::RightButOutdated {
            app.rehash_unseen(&login, &credentials.password).await;
        }
        return Err(Error::MfaRequired(Box::new(challenge)));
    }

    let proof = Authentication::by(AuthMethod::PASSWORD, now);
    let (session, secret) = sign_in.begin(login.owner, proof, app.session_lifetime)?;
    let (stored, user, ended) = tokio::join!(
        app.sessions.put(&session),
        app.users.get(login.owner.user_id),
        app.end_session_of(device.as_ref()),
    );
    stored?;
    ended?;
    // The account may be gone or disabled, or have another password by now: then the session that
    // was just stored is dead.
    let user = user?
        .filter(|user| session.is_alive(user, now))
        .ok_or(Error::InvalidCredentials)?;
    if verdict == Verdict::RightButOutdated {
        app.rehash(&user, &login, &credentials.password).await;
    }

    let tokens = sign_in.answer(&user, &session, secret)?;
    note(Event::LoginSucceeded);
    Ok(Json(tokens))
}
