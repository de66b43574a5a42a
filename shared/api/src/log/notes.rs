//! What becomes known of a request while it is handled, for the one line that the log has of it.

use std::cell::RefCell;
use std::fmt::Display;

use super::account_event::Event;

tokio::task_local! {
    static NOTES: RefCell<Notes>;
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Notes {
    pub(crate) events: Vec<Event>,
    /// Who made the request, by a token or a password that counts.
    pub(crate) user_id: Option<String>,
    pub(crate) session_id: Option<String>,
    /// Whose account an administrator has changed.
    pub(crate) target_id: Option<String>,
    /// Why it was refused, or what failed. Nothing secret, and nothing of the caller's own words.
    pub(crate) reason: Option<String>,
}

/// Notes that something happened, for the line that the log has of this request. Outside of a
/// request, nothing is noted.
pub fn note(event: Event) {
    change(|notes| notes.events.push(event));
}

/// Notes whose request this is, and of which session.
pub fn note_caller(user_id: impl Display, session_id: impl Display) {
    change(|notes| {
        notes.user_id = Some(user_id.to_string());
        notes.session_id = Some(session_id.to_string());
    });
}

/// Notes that something was done to another's account.
pub fn note_target(event: Event, user_id: impl Display) {
    change(|notes| {
        notes.events.push(event);
        notes.target_id = Some(user_id.to_string());
    });
}

/// Notes why a request was refused, or what failed: a fixed text or one of a dependency, and never
/// the caller's own words.
pub fn note_reason(reason: impl Display) {
    change(|notes| notes.reason = Some(reason.to_string()));
}

fn change(how: impl FnOnce(&mut Notes)) {
    // Outside of a request there is nobody to tell.
    let _ = NOTES.try_with(|notes| how(&mut notes.borrow_mut()));
}

/// Does some work and says what was noted meanwhile.
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
    async fn requests_that_are_handled_at_once_have_a_record_each() {
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

    #[test]
    fn outside_of_a_request_nothing_is_noted() {
        note(Event::LoginFailed);
    }
}
