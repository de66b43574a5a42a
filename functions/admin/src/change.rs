//! `PATCH /admin/users/{id}`, `DELETE /admin/users/{id}`, `PUT /admin/users/{id}/roles` and
//! `DELETE /admin/users/{id}/sessions`.

use accounts::{Status, User, UserId};
use api::{Caller, Error, Event, Fields, PathId, note_target};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use claims::{Role, Scope};
use tables::By;
use tracing::warn;

use crate::{AccountAnswer, App};

pub(crate) async fn set_status(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId,
    mut fields: Fields,
) -> Result<Json<AccountAnswer>, Error> {
    caller.requires(Scope::UsersWrite)?;
    let status = fields.required("status", |text| match text {
        "active" => Ok(Status::Active),
        "disabled" => Ok(Status::Disabled),
        _ => Err("must be active or disabled"),
    });
    let status = fields.finish(status)?;
    let user = app.target(&caller, &id).await?;
    if user.status == status {
        return Ok(Json(user.into()));
    }
    let changed = user.with_status(status);
    app.change(&caller, &user, &changed).await?;
    let event = match status {
        Status::Active => Event::AccountEnabled,
        Status::Disabled => Event::AccountDisabled,
    };
    note_target(event, user.id);
    Ok(Json(changed.into()))
}

pub(crate) async fn set_roles(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId,
    mut fields: Fields,
) -> Result<Json<AccountAnswer>, Error> {
    caller.requires(Scope::UsersWrite)?;
    let roles = fields.list("roles", str::parse::<Role>);
    let mut roles = fields.finish(roles)?;
    roles.sort();
    roles.dedup();
    let user = app.target(&caller, &id).await?;
    if user.roles == roles {
        return Ok(Json(user.into()));
    }
    let changed = user.with_roles(roles);
    app.change(&caller, &user, &changed).await?;
    note_target(Event::AccountRolesChanged, user.id);
    Ok(Json(changed.into()))
}

pub(crate) async fn end_sessions(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId,
) -> Result<StatusCode, Error> {
    caller.requires(Scope::UsersWrite)?;
    let user = app.target(&caller, &id).await?;
    app.change(&caller, &user, &user.without_sessions()).await?;
    note_target(Event::SessionsEnded, user.id);
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn delete(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId,
) -> Result<StatusCode, Error> {
    caller.requires(Scope::UsersWrite)?;
    let user = app.target(&caller, &id).await?;
    let by = By::Administrator(caller.user.id);
    app.accounts.delete(&user, by).await?;
    note_target(Event::AccountDeleted, user.id);
    if let Err(error) = app.sessions.delete_all(user.id).await {
        warn!("sessions of a deleted account remain until they expire: {error}");
    }
    Ok(StatusCode::NO_CONTENT)
}

impl App {
    /// The account to change, which is never the caller's own.
    async fn target(&self, caller: &Caller, id: &str) -> Result<User, Error> {
        if UserId::parse(id) == Some(caller.user.id) {
            return Err(Error::Forbidden(
                "An administrator's account is changed by another administrator",
            ));
        }
        self.account(id).await
    }

    async fn change(&self, caller: &Caller, old: &User, new: &User) -> Result<(), Error> {
        let by = By::Administrator(caller.user.id);
        Ok(self.accounts.change(old, new, by).await?)
    }
}
