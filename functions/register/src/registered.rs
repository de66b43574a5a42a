//! The answer with a new account.

use accounts::{AuthMethod, Authentication, Session, SessionSecret, Timestamp, User};
use api::{Error, FirstFactor, MfaChallenge, SignIn, TokenAnswer, UserAnswer};
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::App;

/// A new account, and how its owner goes on.
#[derive(Serialize)]
pub(crate) struct Registered {
    pub(crate) user: UserAnswer,
    #[serde(flatten)]
    pub(crate) next: Next,
    /// The handle of the ticket that proves the account's address, where a mail with it goes out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) email_ticket: Option<String>,
}

/// The next step of the owner of a new account.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum Next {
    /// With the tokens of the first session.
    Tokens(TokenAnswer),
    /// By enrolling a second factor, which everybody must have.
    Enrolling(MfaChallenge),
}

/// The sign-in that a registration begins.
pub(crate) enum Begun {
    /// A session, valid once it is stored.
    Session(Box<Session>, SessionSecret),
    /// A challenge. There is no session yet.
    Challenge(MfaChallenge),
}

impl App {
    /// Begins the sign-in of an account that is about to be made.
    pub(crate) fn begin(
        &self,
        sign_in: &SignIn<'_>,
        user: &User,
        now: Timestamp,
    ) -> Result<Begun, Error> {
        let first = FirstFactor {
            owner: user.owner(),
            methods: AuthMethod::PASSWORD.into(),
            device: None,
        };
        let challenge = self
            .challenges
            .after(&first, &user.ways_in, sign_in.macs(), now)?;
        if let Some(challenge) = challenge {
            return Ok(Begun::Challenge(challenge));
        }
        let proof = Authentication::by(first.methods, now);
        let (session, secret) = sign_in.begin(first.owner, proof, self.session_lifetime)?;
        Ok(Begun::Session(Box::new(session), secret))
    }
}

impl Begun {
    pub(crate) fn session(&self) -> Option<&Session> {
        match self {
            Self::Session(session, _) => Some(session),
            Self::Challenge(_) => None,
        }
    }

    /// Finishes it, once account and session are stored.
    pub(crate) fn answer(self, sign_in: &SignIn<'_>, user: &User) -> Result<Next, Error> {
        match self {
            Self::Session(session, secret) => {
                sign_in.answer(user, &session, secret).map(Next::Tokens)
            }
            Self::Challenge(challenge) => Ok(Next::Enrolling(challenge)),
        }
    }
}

impl IntoResponse for Registered {
    fn into_response(self) -> Response {
        (StatusCode::CREATED, Json(self)).into_response()
    }
}
