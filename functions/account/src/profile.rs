//! `GET /me`, `PATCH /me` and `DELETE /me`.

use accounts::{Email, LoginName, Names, Session, ThrottleKey, Timestamp, User, Username};
use api::{Caller, Error, Event, Fields, Gateway, Patch, UserAnswer, UserAnswers, note};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use claims::Scope;
use tables::{By, Login};
use tracing::warn;

use crate::App;

pub(crate) async fn show(State(answers): State<UserAnswers>, caller: Caller) -> Json<UserAnswer> {
    Json(answers.of(caller.user))
}

/// A member that is not there leaves its name as it is, and `null` takes it away (RFC 7396).
pub(crate) async fn rename(
    State(app): State<App>,
    caller: Caller,
    gateway: Gateway,
    fields: Fields,
) -> Result<Json<UserAnswer>, Error> {
    let now = api::now();
    caller.requires_recent_login(app.settings.fresh_for, now)?;
    let user = caller.user;
    let names = parse(fields, &user.names)?;
    if names == user.names {
        return Ok(Json(app.answers.of(user)));
    }
    let name = any_name(&user.names)?;
    let (login, taken) = tokio::join!(
        app.logins.get(&name),
        app.take_rename(&caller.session, &gateway, now),
    );
    taken?;
    let login = own(login?, &user)?;
    let renamed = app.accounts.rename(&user, names, &login).await?;
    note(Event::AccountRenamed);
    Ok(Json(app.answers.of(renamed)))
}

pub(crate) async fn delete(State(app): State<App>, caller: Caller) -> Result<StatusCode, Error> {
    caller.requires_recent_login(app.settings.fresh_for, api::now())?;
    let user = &caller.user;
    // The last one must not vanish, and who is the last one is not for a single account to know.
    if app.settings.roles.confer(&user.roles, Scope::USERS_WRITE) {
        return Err(Error::Forbidden(
            "Only another administrator can delete an account with users:write",
        ));
    }
    app.accounts
        .delete(user, By::Owner(&caller.session), None)
        .await?;
    note(Event::AccountDeleted);
    if let Err(error) = app.sessions.delete_newest(user.id).await {
        warn!("sessions of a deleted account remain until they expire: {error}");
    }
    Ok(StatusCode::NO_CONTENT)
}

impl App {
    /// A new name tells whether somebody has it, as a registration does. So it takes from the
    /// registrations of its network too.
    async fn take_rename(
        &self,
        session: &Session,
        gateway: &Gateway,
        now: Timestamp,
    ) -> Result<(), Error> {
        let session = ThrottleKey::rename(session.id);
        let network = ThrottleKey::registration(&gateway.device);
        let settings = &self.settings;
        let (session, network) = tokio::join!(
            self.throttles.take(&session, settings.changes, now),
            self.throttles.take(&network, settings.registrations, now),
        );
        Error::check_wait(session?.max(network?))
    }
}

fn parse(mut fields: Fields, names: &Names) -> Result<Names, Error> {
    let username = fields.patch("username", Username::parse);
    let email = fields.patch("email", Email::parse);
    if (&username, &email) == (&Patch::Keep, &Patch::Keep) && fields.is_ok() {
        fields.refuse("username", "is missing: give a username, an email or both");
    }
    let removed = match &username {
        Patch::Remove if names.username().is_some() => "username",
        _ => "email",
    };
    let username = username.apply(names.username().cloned());
    let email = email.apply(names.email().cloned());
    let names = Names::new(username, email);
    if names.is_none() && fields.is_ok() {
        let detail = "must not be removed: the account would have no name";
        fields.refuse(removed, detail);
    }
    fields.finish(names)
}

/// The login of an account. Another request may have taken its name away since the account was
/// read.
pub(crate) fn own(login: Option<Login>, user: &User) -> Result<Login, Error> {
    login
        .filter(|login| login.owner.user_id == user.id)
        .ok_or(Error::Changed)
}

/// All names of an account sign in with the same password.
pub(crate) fn any_name(names: &Names) -> Result<LoginName, Error> {
    let mut names = names.login_names();
    names
        .next()
        .ok_or_else(|| Error::internal("the account has no name"))
}
