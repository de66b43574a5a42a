//! `GET /me/sessions`, `DELETE /me/sessions` and `DELETE /me/sessions/{id}`.

use accounts::{Session, SessionId, ThrottleKey, Timestamp};
use api::{Caller, Error, Event, PathId, note};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use tables::By;

use crate::App;

/// The number of sessions that are listed.
const LIMIT: usize = 100;

#[derive(Serialize)]
pub(crate) struct List {
    sessions: Vec<SessionAnswer>,
}

/// Times are seconds since the Unix epoch.
#[derive(Serialize)]
struct SessionAnswer {
    id: String,
    /// Whether the request itself is of this session.
    current: bool,
    created_at: Timestamp,
    last_used_at: Timestamp,
    /// When it ends unless it is refreshed before.
    expires_at: Timestamp,
    address: Option<String>,
    agent: Option<String>,
}

pub(crate) async fn list(State(app): State<App>, caller: Caller) -> Result<Json<List>, Error> {
    let current = caller.session.id;
    let others = app
        .sessions
        .others(&caller.user, current, api::now(), LIMIT - 1)
        .await?;
    // The caller's own comes first, however many have begun since.
    let sessions = [caller.session].into_iter().chain(others);
    Ok(Json(List {
        sessions: sessions
            .map(|session| SessionAnswer::of(session, current))
            .collect(),
    }))
}

impl SessionAnswer {
    fn of(session: Session, current: SessionId) -> Self {
        Self {
            id: session.id.to_string(),
            current: session.id == current,
            created_at: session.began_at(),
            last_used_at: session.rotated_at.unwrap_or(session.began_at()),
            expires_at: session.ends_at(),
            address: session.device.address,
            agent: session.device.agent,
        }
    }
}

pub(crate) async fn end_others(
    State(app): State<App>,
    caller: Caller,
) -> Result<StatusCode, Error> {
    let (user, by) = (&caller.user, By::Owner(&caller.session));
    let (key, allowance) = (
        ThrottleKey::end_others(caller.session.id),
        app.settings.changes,
    );
    let wait = app.throttles.take(&key, allowance, api::now()).await?;
    Error::check_wait(wait)?;
    app.accounts
        .change(user, &user.without_sessions(), by, None)
        .await?;
    note(Event::SessionsEnded);
    Ok(StatusCode::NO_CONTENT)
}

/// A session that is over or unknown gets the same answer.
pub(crate) async fn end(
    State(app): State<App>,
    caller: Caller,
    PathId(id): PathId,
) -> Result<StatusCode, Error> {
    let id = SessionId::parse(&id).ok_or(Error::NotFound)?;
    if app.sessions.end(caller.user.id, id, None).await? {
        note(Event::SessionEnded);
    }
    Ok(StatusCode::NO_CONTENT)
}
