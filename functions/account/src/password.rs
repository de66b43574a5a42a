//! `PUT /me/password`.

use accounts::{Password, PasswordPolicy, SessionSecret, ThrottleKey, Verdict};
use api::{AskedLanguage, Caller, Error, Event, Fields, Gateway, TokenAnswer, note};
use axum::Json;
use axum::extract::State;
use tables::NoticeKind;

use crate::App;
use crate::profile::{any_name, own};

/// Wants the current password, whatever the token says: someone with an unlocked phone holds a
/// valid token. The session goes on with the tokens of the answer, and its earlier refresh token is
/// dead.
pub(crate) async fn change(
    State(app): State<App>,
    caller: Caller,
    gateway: Gateway,
    language: AskedLanguage,
    fields: Fields,
) -> Result<Json<TokenAnswer>, Error> {
    let (user, settings) = (&caller.user, &app.settings);
    caller.requires_own_acr(&settings.freshness)?;
    let (current, new) = parse(fields, &settings.policy)?;

    let now = api::now();
    let sign_in = app.tokens.open(&gateway, now).await?;
    let name = any_name(&user.names)?;
    let key = ThrottleKey::password(caller.session.id);
    let (login, wait) = tokio::join!(
        app.logins.get(&name),
        app.throttles.take(&key, settings.changes, now),
    );
    Error::check_wait(wait?)?;
    settings
        .policy
        .check_guessing(&new, &user.names)
        .map_err(|reason| Error::field("password", reason))?;
    let login = own(login?, user)?;
    let verdict = settings
        .hasher
        .verify(&current, login.password_hash.as_ref())
        .map_err(Error::internal)?;
    if verdict == Verdict::Wrong {
        note(Event::PasswordRefused);
        return Err(Error::field(
            "current_password",
            "is not the password of this account",
        ));
    }

    let hash = settings.hasher.hash(&new).map_err(Error::internal)?;
    let secret = SessionSecret::generate()?;
    let notice = app.notice((&gateway, language), user, NoticeKind::PasswordSet, now)?;
    let changed = app.accounts.set_password(
        user,
        &hash,
        &caller.session,
        (&secret, now),
        app.ordered(notice.as_ref()),
    );
    let (user, session) = changed.await?;
    note(Event::PasswordChanged);
    note(Event::SessionsEnded);

    Ok(Json(sign_in.answer(&user, &session, secret)?))
}

fn parse(mut fields: Fields, policy: &PasswordPolicy) -> Result<(Password, Password), Error> {
    let current = fields.required("current_password", Password::parse);
    let new = fields.required("password", Password::parse);
    if let Some(new) = &new
        && let Err(error) = policy.check_form(new)
    {
        fields.refuse("password", error);
    }
    fields.finish(current.zip(new))
}
