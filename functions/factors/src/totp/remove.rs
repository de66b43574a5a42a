//! `DELETE /me/totp`.

use accounts::SecondFactor;
use api::{AskedLanguage, Caller, Error, Event, Gateway, note};
use axum::extract::State;
use axum::http::StatusCode;
use tables::{By, FactorChange, FactorKind, FactorWrite, NoticeKind};

use crate::App;

/// Every other session ends. Recovery codes go with the last factor that they stand in for. Where
/// no codes are asked for, nothing changes.
pub(crate) async fn remove(
    State(app): State<App>,
    caller: Caller,
    gateway: Gateway,
    language: AskedLanguage,
) -> Result<StatusCode, Error> {
    let now = api::now();
    caller.requires_fresh(&app.settings.freshness, now)?;
    let user = &caller.user;
    if !user.ways_in.factors.contains(&SecondFactor::TOTP) {
        return Ok(StatusCode::NO_CONTENT);
    }
    let ways_in = user.ways_in.clone().without_totp();
    let mut writes = vec![FactorWrite::RemoveTotp];
    if !ways_in.reach_aal2() {
        writes.push(FactorWrite::RemoveRecoveryCodes);
    }
    let kind = NoticeKind::FactorRemoved(FactorKind::Totp);
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
