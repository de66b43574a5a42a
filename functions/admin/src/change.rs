//! `PATCH /admin/users/{id}`, `DELETE /admin/users/{id}`, `PUT /admin/users/{id}/roles` and
//! `DELETE /admin/users/{id}/sessions`.

use accounts::{Status, User, UserId};
use api::{AskedLanguage, Caller, Error, Event, Fields, Gateway, PathId, note_target};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use claims::{Role, Scope};
use tables::{By, Notice, NoticeKind};
use tracing::warn;

use crate::App;
use crate::account_answer::AccountAnswer;

pub(crate) async fn set_status(
    State(app): State<App>,
    caller: Caller,
    gateway: Gateway,
    language: AskedLanguage,
    PathId(id): PathId,
    mut fields: Fields,
) -> Result<Json<AccountAnswer>, Error> {
    app.admit(&caller)?;
    let status = fields.required("status", |text| {
        Status::parse(text).ok_or("must be active or disabled")
    });
    let status = fields.finish(status)?;
    let user = app.target(&caller, &id).await?;
    if user.status == status {
        return Ok(Json(AccountAnswer::of(app.answers, user)));
    }
    let changed = user.with_status(status);
    let (event, notice) = match status {
        Status::Active => (Event::AccountEnabled, None),
        Status::Disabled | Status::Unknown => {
            let notice = app.notice((&gateway, language), &user, NoticeKind::Disabled)?;
            (Event::AccountDisabled, notice)
        }
    };
    app.change(&caller, &user, &changed, notice.as_ref())
        .await?;
    note_target(event, user.id);
    Ok(Json(AccountAnswer::of(app.answers, changed)))
}

pub(crate) async fn set_roles(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId,
    mut fields: Fields,
) -> Result<Json<AccountAnswer>, Error> {
    app.admit(&caller)?;
    let roles = fields.list("roles", str::parse::<Role>);
    let mut roles = fields.finish(roles)?;
    roles.sort();
    roles.dedup();
    let user = app.target(&caller, &id).await?;
    app.are_known(&roles, &user.roles)?;
    app.within(&caller, &roles, MORE_THAN_ONES_OWN)?;
    if user.roles == roles {
        return Ok(Json(AccountAnswer::of(app.answers, user)));
    }
    let changed = user.with_roles(roles);
    app.change(&caller, &user, &changed, None).await?;
    note_target(Event::AccountRolesChanged, user.id);
    Ok(Json(AccountAnswer::of(app.answers, changed)))
}

pub(crate) async fn end_sessions(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId,
) -> Result<StatusCode, Error> {
    app.admit(&caller)?;
    let user = app.target(&caller, &id).await?;
    let changed = user.without_sessions();
    app.change(&caller, &user, &changed, None).await?;
    note_target(Event::SessionsEnded, user.id);
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn delete(
    State(app): State<App>,
    caller: Caller,
    gateway: Gateway,
    language: AskedLanguage,
    PathId(id): PathId,
) -> Result<StatusCode, Error> {
    app.admit(&caller)?;
    let user = app.target(&caller, &id).await?;
    let by = By::Administrator(&caller.user);
    let notice = app.notice((&gateway, language), &user, NoticeKind::Deleted)?;
    let notice = app.in_its_transaction(notice.as_ref());
    app.accounts.delete(&app.factors, &user, by, notice).await?;
    note_target(Event::AccountDeleted, user.id);
    if let Err(error) = app.sessions.delete_newest(user.id).await {
        warn!("sessions of a deleted account remain until they expire: {error}");
    }
    Ok(StatusCode::NO_CONTENT)
}

const ABOVE_ONES_OWN: &str =
    "The account has a scope that you lack; an administrator who has it can change the account";
pub(crate) const MORE_THAN_ONES_OWN: &str =
    "The roles confer a scope that you lack; an administrator who has it can give them";

impl App {
    /// Changing accounts takes the scope, and a recent login besides: an access token that somebody
    /// finds does not hand over the deployment.
    pub(crate) fn admit(&self, caller: &Caller) -> Result<(), Error> {
        caller.requires(Scope::USERS_WRITE)?;
        caller.requires_fresh(&self.settings.freshness, api::now())
    }

    /// Insists that the deployment has these roles. One that it has no more may be kept.
    pub(crate) fn are_known(&self, roles: &[Role], kept: &[Role]) -> Result<(), Error> {
        let table = &self.settings.roles;
        let is_known = |role: &Role| table.role(role.as_str()).is_some() || kept.contains(role);
        if roles.iter().all(is_known) {
            return Ok(());
        }
        let names: Vec<_> = table.names().map(Role::as_str).collect();
        let message = format!("may contain only these: {}", names.join(", "));
        Err(Error::field("roles", message))
    }

    /// The account to change: never the caller's own, and none that has a scope which the caller
    /// lacks.
    pub(crate) async fn target(&self, caller: &Caller, id: &str) -> Result<User, Error> {
        if UserId::parse(id) == Some(caller.user.id) {
            return Err(Error::Forbidden(
                "You cannot change your own account here; use /me or ask another administrator",
            ));
        }
        let user = self.account(id).await?;
        self.within(caller, &user.roles, ABOVE_ONES_OWN)?;
        Ok(user)
    }

    /// Insists that the caller has every scope that these roles confer.
    pub(crate) fn within(
        &self,
        caller: &Caller,
        roles: &[Role],
        otherwise: &'static str,
    ) -> Result<(), Error> {
        if self
            .settings
            .roles
            .scopes(roles)
            .is_subset(&caller.scopes())
        {
            Ok(())
        } else {
            Err(Error::Forbidden(otherwise))
        }
    }

    async fn change(
        &self,
        caller: &Caller,
        old: &User,
        new: &User,
        notice: Option<&Notice>,
    ) -> Result<(), Error> {
        let by = By::Administrator(&caller.user);
        let notice = self.in_its_transaction(notice);
        Ok(self.accounts.change(old, new, by, notice).await?)
    }
}
