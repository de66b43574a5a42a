//! `DELETE /me/passkeys/{id}`.

use api::{AskedLanguage, Caller, Error, Event, Gateway, note};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use tables::{By, FactorChange, FactorKind, FactorWrite, NoticeKind};

use super::parse_id;
use crate::App;

/// Every other session ends: one of them may be of the device that was lost. Recovery codes go with
/// the last factor that they stand in for.
pub(crate) async fn remove(
    State(app): State<App>,
    caller: Caller,
    gateway: Gateway,
    language: AskedLanguage,
    Path(id): Path<String>,
) -> Result<StatusCode, Error> {
    app.party()?;
    let now = api::now();
    caller.requires_fresh(&app.settings.freshness, now)?;
    let id = parse_id(&id)?;
    let user = &caller.user;
    let held = app.factors.of(user.id).await?.passkeys;
    let (removed, left): (Vec<_>, Vec<_>) =
        held.into_iter().partition(|row| row.credential_id == id);
    if removed.is_empty() {
        return Err(Error::NotFound);
    }
    let mut ways_in = user.ways_in.clone();
    if left.is_empty() {
        ways_in = ways_in.without_passkey();
    }
    // Somebody who has proved to read the mail of the account may set a password.
    let is_recoverable = app.mailing.is_some() && user.email_is_verified();
    if ways_in.ways.is_empty() && !is_recoverable {
        return Err(Error::LastWayIn);
    }
    let mut writes = vec![FactorWrite::RemovePasskey(&id)];
    if !ways_in.reach_aal2() {
        writes.push(FactorWrite::RemoveRecoveryCodes);
    }
    let kind = NoticeKind::FactorRemoved(FactorKind::Passkey);
    let notice = app.notice((&gateway, language), user, kind, now)?;
    let change = FactorChange {
        old: user,
        new: &user.with_ways_in(ways_in).without_sessions(),
        by: By::Owner(&caller.session),
        raised: None,
        writes: &writes,
        notice: app.ordered(notice.as_ref()),
    };
    app.accounts.change_factors(&app.factors, change).await?;
    note(Event::FactorRemoved);
    note(Event::SessionsEnded);
    Ok(StatusCode::NO_CONTENT)
}
