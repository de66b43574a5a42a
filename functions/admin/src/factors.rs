//! `DELETE /admin/users/{id}/factors`: the way back for somebody who has lost every second factor.

use api::{AskedLanguage, Caller, Error, Event, Gateway, PathId, note_target};
use axum::extract::State;
use axum::http::StatusCode;
use tables::{By, NoticeKind, PasswordChange};

use crate::App;

/// Removes all second factors and passkeys, and ends every session. The password stays.
pub(crate) async fn remove(
    State(app): State<App>,
    caller: Caller,
    gateway: Gateway,
    language: AskedLanguage,
    PathId(id): PathId,
) -> Result<StatusCode, Error> {
    app.admit(&caller)?;
    let user = app.target(&caller, &id).await?;
    let notice = app.notice((&gateway, language), &user, NoticeKind::FactorsRemoved)?;
    let removed = app.accounts.remove_factors(
        &app.factors,
        &user,
        By::Administrator(&caller.user),
        PasswordChange::Kept,
        app.in_its_transaction(notice.as_ref()),
    );
    if removed.await?.is_some() {
        note_target(Event::FactorRemoved, user.id);
    }
    Ok(StatusCode::NO_CONTENT)
}
