//! `GET /me`, `PATCH /me` and `DELETE /me`.

use accounts::{LoginName, Names, Session, ThrottleKey, Timestamp, User};
use api::{AskedLanguage, Caller, Error, Event, Fields, Gateway, UserAnswer, UserAnswers, note};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use claims::Scope;
use tables::{By, Login, NoticeKind};
use tracing::warn;

use crate::App;
use crate::patch::{Wanted, wanted};
use crate::second_factor::Change;

pub(crate) async fn show(State(answers): State<UserAnswers>, caller: Caller) -> Json<UserAnswer> {
    Json(answers.of(caller.user))
}

pub(crate) async fn change(
    State(app): State<App>,
    caller: Caller,
    gateway: Gateway,
    language: AskedLanguage,
    fields: Fields,
) -> Result<Json<UserAnswer>, Error> {
    let now = api::now();
    caller.requires_fresh(&app.settings.freshness, now)?;
    match wanted(fields, &caller.user, app.mailing.is_some())? {
        Wanted::SecondFactor(rule) => {
            let change = Change {
                caller: &caller,
                gateway: &gateway,
                language,
                now,
            };
            app.set_second_factor(&change, rule).await
        }
        Wanted::Profile(changed) if changed.names == caller.user.names => {
            app.set_locale(caller.user, *changed, &caller.session).await
        }
        Wanted::Profile(changed) => app.set_names(&caller, *changed, (&gateway, now)).await,
    }
}

pub(crate) async fn delete(
    State(app): State<App>,
    caller: Caller,
    gateway: Gateway,
    language: AskedLanguage,
) -> Result<StatusCode, Error> {
    let now = api::now();
    caller.requires_fresh(&app.settings.freshness, now)?;
    let user = &caller.user;
    // The last one must not vanish, and who is the last one is not for a single account to know.
    if app.settings.roles.confer(&user.roles, Scope::USERS_WRITE) {
        return Err(Error::Forbidden(
            "Only another administrator can delete an account with users:write",
        ));
    }
    let notice = app.notice((&gateway, language), user, NoticeKind::Deleted, now)?;
    let (by, notice) = (By::Owner(&caller.session), app.ordered(notice.as_ref()));
    app.accounts.delete(&app.factors, user, by, notice).await?;
    note(Event::AccountDeleted);
    if let Err(error) = app.sessions.delete_newest(user.id).await {
        warn!("sessions of a deleted account remain until they expire: {error}");
    }
    Ok(StatusCode::NO_CONTENT)
}

impl App {
    async fn set_names(
        &self,
        caller: &Caller,
        changed: User,
        (gateway, now): (&Gateway, Timestamp),
    ) -> Result<Json<UserAnswer>, Error> {
        let user = &caller.user;
        let name = any_name(&user.names)?;
        let (login, taken) = tokio::join!(
            self.logins.get(&name),
            self.take_rename(&caller.session, gateway, now),
        );
        taken?;
        let login = own(login?, user)?;
        self.accounts.rename(user, &changed, &login).await?;
        note(Event::AccountRenamed);
        Ok(Json(self.answers.of(changed)))
    }

    /// Takes from the changes of the session, as a new name does.
    async fn set_locale(
        &self,
        user: User,
        changed: User,
        session: &Session,
    ) -> Result<Json<UserAnswer>, Error> {
        if changed.locale == user.locale {
            return Ok(Json(self.answers.of(user)));
        }
        self.take_change(session).await?;
        let by = By::Owner(session);
        self.accounts.change(&user, &changed, by, None).await?;
        Ok(Json(self.answers.of(changed)))
    }

    /// Takes from the changes of the session.
    pub(crate) async fn take_change(&self, session: &Session) -> Result<(), Error> {
        let (key, allowance) = (ThrottleKey::rename(session.id), self.settings.changes);
        let wait = self.throttles.take(&key, allowance, api::now()).await?;
        Error::check_wait(wait)
    }

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
