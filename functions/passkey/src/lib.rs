//! `POST /login/passkey/options` and `POST /login/passkey`: from a passkey to the tokens of a new
//! session.

use std::sync::Arc;

use accounts::{Authentication, Methods, SessionLifetime};
use api::{
    ConfigError, Environment, Error, Event, Feature, Fields, Gateway, PasskeyVerifier, TokenAnswer,
    TokenIssuer, note, passkey_request,
};
use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use passkeys::RequestOptions;
use tables::SessionChange;

/// The tables, keys and settings of this function.
pub struct App {
    tokens: TokenIssuer,
    /// Nothing where there are no passkeys.
    passkeys: Option<PasskeyVerifier>,
    session_lifetime: SessionLifetime,
}

impl api::Function for App {
    const NAME: &'static str = env!("CARGO_PKG_NAME");

    fn new(environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            tokens: TokenIssuer::new(environment)?,
            passkeys: PasskeyVerifier::new(environment)?,
            session_lifetime: environment.session_lifetime()?,
        })
    }

    async fn warm(&self) {
        if self.passkeys.is_some() {
            self.tokens.warm().await;
        }
    }

    fn router(self) -> Router {
        api::layered(
            Router::new()
                .route("/login/passkey/options", post(options))
                .route("/login/passkey", post(sign_in))
                .with_state(Arc::new(self)),
        )
    }
}

impl App {
    fn passkeys(&self) -> Result<&PasskeyVerifier, Error> {
        let passkeys = self.passkeys.as_ref();
        passkeys.ok_or(Error::FeatureDisabled(Feature::Passkeys))
    }
}

/// A page that offers passkeys asks for these at every view, so that they cost no call and leave
/// nothing behind.
async fn options(
    State(app): State<Arc<App>>,
    gateway: Gateway,
) -> Result<Json<RequestOptions>, Error> {
    let passkeys = app.passkeys()?;
    let now = api::now();
    let sign_in = app.tokens.open(&gateway, now).await?;
    let options = passkey_request(passkeys.party(), sign_in.macs(), now)?;
    Ok(Json(options))
}

async fn sign_in(
    State(app): State<Arc<App>>,
    gateway: Gateway,
    fields: Result<Fields, Error>,
) -> Result<Json<TokenAnswer>, Error> {
    let passkeys = app.passkeys()?;
    let mut fields = fields?;
    let credential = fields.object("credential");
    let credential = fields.finish(credential)?;

    let now = api::now();
    let sign_in = app.tokens.open(&gateway, now).await?;
    let shown = passkeys.read(&credential, sign_in.macs(), now)?;
    let proven = passkeys.verify(shown, &gateway, now).await?;
    let user = proven.user.clone();

    let proof = Authentication::by(Methods::passkey(), now);
    let (session, secret) = sign_in.begin(user.owner(), proof, app.session_lifetime)?;
    let begun = SessionChange::Begin {
        session: &session,
        replaced: None,
    };
    passkeys.spend(proven, begun).await?;

    let tokens = sign_in.answer(&user, &session, secret)?;
    note(Event::LoginSucceeded);
    Ok(Json(tokens))
}
