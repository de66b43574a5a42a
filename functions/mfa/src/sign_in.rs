//! `POST /login/mfa`.

use accounts::{Authentication, MfaPurpose, MfaToken, Timestamp, User};
use api::{Error, Event, Fields, Gateway, TokenAnswer, note, note_user};
use axum::Json;
use axum::extract::State;
use tables::SessionChange;

use crate::passkey::PasskeyAttempt;
use crate::prove::Attempt;
use crate::shown::{Code, Shown};
use crate::{App, check_level};

/// The session has the epoch of the token, which is that of the password that was verified: where
/// the password was changed meanwhile, it is dead from the start.
pub(crate) async fn sign_in(
    State(app): State<App>,
    gateway: Gateway,
    mut fields: Fields,
) -> Result<Json<TokenAnswer>, Error> {
    let text = fields.secret("mfa_token");
    let shown = Shown::of(&mut fields);
    let (text, shown) = fields.finish(text.zip(shown))?;
    app.check_feature(&shown)?;

    let now = api::now();
    let sign_in = app.tokens.open(&gateway, now).await?;
    let token = MfaToken::parse(&text, MfaPurpose::SignIn, sign_in.macs(), now);
    let token = token.ok_or(Error::InvalidMfaToken)?;
    note_user(token.owner.user_id);

    let proof = Authentication::by(token.methods.clone(), now).then(shown.methods(), now);
    let (session, secret) = sign_in.begin(token.owner, proof, app.session_lifetime)?;
    check_level(&sign_in, &session)?;
    let begun = SessionChange::Begin {
        session: &session,
        replaced: token.device,
    };
    let user = match &shown {
        Shown::Code(code) => {
            app.unseal_for(code, now).await?;
            app.sign_in_by_code(&token, code, &gateway, begun, now)
                .await?
        }
        Shown::Passkey(answer) => {
            let attempt = PasskeyAttempt {
                user_id: token.owner.user_id,
                answer,
                gateway: &gateway,
                macs: sign_in.macs(),
                now,
            };
            app.sign_in_by_passkey(&token, &attempt, begun).await?
        }
    };

    let tokens = sign_in.answer(&user, &session, secret)?;
    note(Event::LoginSucceeded);
    if token.device.is_some() {
        note(Event::SessionEnded);
    }
    Ok(Json(tokens))
}

impl App {
    async fn sign_in_by_code(
        &self,
        token: &MfaToken,
        code: &Code,
        gateway: &Gateway,
        begun: SessionChange<'_>,
        now: Timestamp,
    ) -> Result<User, Error> {
        let user_id = token.owner.user_id;
        let (user, taken) = tokio::join!(
            self.users.get(user_id),
            self.take(user_id, token.device, gateway, now),
        );
        taken?;
        let user = user?
            .filter(|user| token.counts_for(user))
            .ok_or(Error::InvalidMfaToken)?;
        let attempt = Attempt::new(&user, gateway, now);
        self.prove(&attempt, code, begun).await?;
        Ok(user)
    }

    /// The account comes with its passkey, in one call.
    async fn sign_in_by_passkey(
        &self,
        token: &MfaToken,
        attempt: &PasskeyAttempt<'_>,
        begun: SessionChange<'_>,
    ) -> Result<User, Error> {
        let proven = self.verify(attempt).await?;
        if !token.counts_for(&proven.user) {
            return Err(Error::InvalidMfaToken);
        }
        let user = proven.user.clone();
        self.spend(proven, begun).await?;
        Ok(user)
    }
}
