//! `PUT /me/password`.

use accounts::{Names, Password, PasswordPolicy, ThrottleKey, Verdict};
use api::{Caller, Error, Event, FieldError, Fields, note};
use axum::extract::State;
use axum::http::StatusCode;
use tables::By;

use crate::App;
use crate::profile::any_name;

/// Wants the current password, whatever the token says: who has found a telephone has a token.
pub(crate) async fn change(
    State(app): State<App>,
    caller: Caller,
    fields: Fields,
) -> Result<StatusCode, Error> {
    let (user, settings) = (&caller.user, &app.settings);
    let (current, new) = parse(fields, settings.policy, &user.names)?;

    let name = any_name(&user.names)?;
    let key = ThrottleKey::password(user.id);
    let (login, wait) = tokio::join!(
        app.logins.get(&name),
        app.throttles.take(&key, settings.allowance, api::now()),
    );
    if let Some(wait) = wait? {
        return Err(Error::TooManyRequests(wait));
    }
    let login = login?
        .filter(|login| login.user_id == user.id)
        .ok_or(Error::Changed)?;
    let verdict = settings
        .hasher
        .verify(&current, Some(&login.password_hash))
        .map_err(Error::internal)?;
    if verdict == Verdict::Wrong {
        note(Event::PasswordRefused);
        return Err(Error::BadRequest(
            "The request has members that are wrong or missing",
            vec![FieldError::new(
                "current_password",
                "is not the password of this account",
            )],
        ));
    }

    let hash = settings.hasher.hash(&new).map_err(Error::internal)?;
    app.accounts
        .set_password(user, &hash, By::Owner(&caller.session))
        .await?;
    note(Event::PasswordChanged);
    note(Event::SessionsEnded);
    Ok(StatusCode::NO_CONTENT)
}

fn parse(
    mut fields: Fields,
    policy: PasswordPolicy,
    names: &Names,
) -> Result<(Password, Password), Error> {
    let current = fields.required("current_password", Password::parse);
    let new = fields.required("password", Password::parse);
    if let Some(new) = &new
        && let Err(error) = policy.check(new, names)
    {
        fields.refuse("password", error);
    }
    fields.finish(current.zip(new))
}
