//! `POST /login`: from a name and a password to the tokens of a new session.

use std::sync::Arc;

use accounts::{
    Email, LoginName, Password, PasswordHasher, RefreshToken, Session, SessionLifetime,
    SessionSecret, Status, User, Username, Verdict,
};
use api::{
    ConfigError, Environment, Error, Fields, Gateway, Grant, JsonOrForm, TokenAnswer, TokenIssuer,
};
use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use tables::{Login, Logins, Sessions, Users};
use tracing::{info, warn};

/// What this function may touch.
pub struct App {
    hasher: PasswordHasher,
    tokens: TokenIssuer,
    logins: Logins,
    users: Users,
    sessions: Sessions,
    session_lifetime: SessionLifetime,
}

impl App {
    /// The app as the environment describes it.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the variable that is missing or wrong.
    pub fn new(environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            hasher: environment.password_hasher()?,
            tokens: TokenIssuer::new(environment)?,
            logins: environment.logins()?,
            users: environment.users()?,
            sessions: environment.sessions()?,
            session_lifetime: environment.session_lifetime()?,
        })
    }
}

/// The routes of this function.
pub fn router(app: App) -> Router {
    api::layered(
        Router::new()
            .route("/login", post(login))
            .with_state(Arc::new(app)),
    )
}

async fn login(
    State(app): State<Arc<App>>,
    gateway: Gateway,
    JsonOrForm(fields): JsonOrForm,
) -> Result<Json<TokenAnswer>, Error> {
    let (name, password) = parse(fields)?;

    let now = api::now();
    let keys = app.tokens.keys(now).await?;
    let login = app.logins.get(&name).await?;
    let verdict = app
        .hasher
        .verify(&password, login.as_ref().map(|login| &login.password_hash))
        .map_err(Error::internal)?;
    let (Some(login), Verdict::Right | Verdict::RightButOutdated) = (login, verdict) else {
        return Err(Error::InvalidCredentials);
    };

    let secret = SessionSecret::generate()?;
    let owner = (login.user_id, login.epoch);
    let device = gateway.device.clone();
    let session = Session::begin(owner, now, app.session_lifetime, &secret, device);
    let (stored, user) = tokio::join!(app.sessions.put(&session), app.users.get(login.user_id));
    stored?;
    // Gone or disabled: the session just stored is dead, for a session lives with its account alone.
    let user = user?
        .filter(|user| user.status == Status::Active)
        .ok_or(Error::InvalidCredentials)?;
    if verdict == Verdict::RightButOutdated {
        app.rehash(&user, &login, &password).await;
    }

    let refresh_token = RefreshToken::first(&session, secret);
    let grant = Grant {
        user: &user,
        session: &session,
        refresh_token,
        fresh: true,
    };
    let tokens = app.tokens.issue(&keys, &gateway, &grant, now)?;
    Ok(Json(tokens))
}

fn parse(mut fields: Fields) -> Result<(LoginName, Password), Error> {
    let username = fields.optional("username", Username::parse);
    let email = fields.optional("email", Email::parse);
    let name = match (&username, &email) {
        (Some(username), None) => Some(LoginName::from(username)),
        (None, Some(email)) => Some(LoginName::from(email)),
        (Some(_), Some(_)) => {
            fields.refuse(
                "email",
                "is one name too many: give either a username or an email",
            );
            None
        }
        (None, None) if fields.is_ok() => {
            fields.refuse("username", "is missing: give a username or an email");
            None
        }
        (None, None) => None,
    };
    let password = fields.required("password", Password::parse);
    fields.finish(name.zip(password))
}

impl App {
    /// Brings the stored hash up to the current cost. The password was right either way, so that
    /// whatever hinders it only puts it off to the next login.
    async fn rehash(&self, user: &User, login: &Login, password: &Password) {
        let Ok(new) = self.hasher.hash(password) else {
            return;
        };
        match self
            .logins
            .rehash(user.names.login_names(), &login.password_hash, &new)
            .await
        {
            Ok(()) => info!("password rehashed at the current cost"),
            Err(error) => warn!("password not rehashed: {error}"),
        }
    }
}
