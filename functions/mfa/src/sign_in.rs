//! `POST /login/mfa`.

use accounts::{Authentication, MfaPurpose, MfaToken};
use api::{Error, Event, Fields, Gateway, TokenAnswer, note, note_user};
use axum::Json;
use axum::extract::State;
use tables::SessionChange;

use crate::prove::Attempt;
use crate::shown::Shown;
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

    let now = api::now();
    let sign_in = app.tokens.open(&gateway, now).await?;
    let token = MfaToken::parse(&text, MfaPurpose::SignIn, sign_in.macs(), now);
    let token = token.ok_or(Error::InvalidMfaToken)?;
    note_user(token.owner.user_id);
    app.unseal_for(&shown, now).await?;
    let owner = token.owner;
    let (user, taken) = tokio::join!(
        app.users.get(owner.user_id),
        app.take(owner.user_id, token.device, &gateway, now),
    );
    taken?;
    let user = user?
        .filter(|user| token.counts_for(user))
        .ok_or(Error::InvalidMfaToken)?;

    let proof = Authentication::by(token.methods, now).then(shown.methods(), now);
    let (session, secret) = sign_in.begin(owner, proof, app.session_lifetime)?;
    check_level(&sign_in, &session)?;
    let begun = SessionChange::Begin {
        session: &session,
        replaced: token.device,
    };
    let attempt = Attempt::new(&user, &gateway, now);
    app.prove(&attempt, &shown, begun).await?;

    let tokens = sign_in.answer(&user, &session, secret)?;
    note(Event::LoginSucceeded);
    if token.device.is_some() {
        note(Event::SessionEnded);
    }
    Ok(Json(tokens))
}
