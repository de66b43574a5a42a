//! Notes about a request, taken while it is handled, for its log line.

use std::cell::RefCell;
use std::fmt::Display;

use super::account_event::Event;

tokio::task_local! {
    static NOTES: RefCell<Notes>;
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Notes {
    pub(crate) events: Vec<Event>,
    /// The account that made the request, by a valid token or password.
    pub(crate) user_id: Option<String>,
    pub(crate) session_id: Option<String>,
    /// The account that an administrator has changed.
    pub(crate) target_id: Option<String>,
    /// The reason of a refusal or a failure. It has no secret, and no text of the client's.
    pub(crate) reason: Option<String>,
}

/// Notes an event for the log line of this request. Outside of a request it does nothing.
pub fn note(event: Event) {
    change(|notes| notes.events.push(event));
}

/// Notes the account and the session that made the request.
pub fn note_caller(user_id: impl Display, session_id: impl Display) {
    change(|notes| {
        notes.user_id = Some(user_id.to_string());
        notes.session_id = Some(session_id.to_string());
    });
}

/// Notes the account that made the request, where it has no session yet.
pub fn note_user(user_id: impl Display) {
    change(|notes| notes.user_id = Some(user_id.to_string()));
}

/// Notes an event that concerns the account of another.
pub fn note_target(event: Event, user_id: impl Display) {
    change(|notes| {
        notes.events.push(event);
        notes.target_id = Some(user_id.to_string());
    });
}

/// Notes the reason of a refusal or a failure: a fixed text or one of a dependency, never a text of
/// the client's.
pub fn note_reason(reason: impl Display) {
    change(|notes| notes.reason = Some(reason.to_string()));
}

fn change(how: impl FnOnce(&mut Notes)) {
    // Outside of a request there are no notes.
    let _ = NOTES.try_with(|notes| how(&mut notes.borrow_mut()));
}

/// Does some work, and returns its outcome with the notes taken meanwhile.
pub(crate) async fn with_notes<T>(work: impl Future<Output = T>) -> (T, Notes) {
    let work = async {
        let outcome = work.await;
        (outcome, NOTES.with(RefCell::take))
    };
    NOTES.scope(RefCell::default(), work).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn requests_that_are_handled_at_once_have_notes_each() {
        let request = async |event| {
            tokio::task::yield_now().await;
            note(event);
            tokio::task::yield_now().await;
        };
        let ((_, first), (_, second)) = tokio::join!(
            with_notes(request(Event::LoginFailed)),
            with_notes(request(Event::LoginSucceeded)),
        );
        assert_eq!(first.events, [Event::LoginFailed]);
        assert_eq!(second.events, [Event::LoginSucceeded]);
    }

    #[tokio::test]
    async fn a_note_outside_of_a_request_is_dropped() {
        note(Event::LoginFailed);
        let ((), next) = with_notes(async {}).await;
        assert!(next.events.is_empty());
    }
}
