//! The way of a letter, within the time of an invocation.

use std::sync::Arc;

use accounts::MacKeys;
use api::{Deadline, Event, RefreshKeys, note, note_reason};
use letters::{GivenUp, Letter, Post, SendError};

use crate::ses::{self, Ses};

/// The keys and the service, for one batch. It notes what becomes of a letter, and not whose it is.
pub(crate) struct Desk<'a> {
    keys: &'a RefreshKeys,
    ses: &'a Ses,
    deadline: Deadline,
}

impl<'a> Desk<'a> {
    pub(crate) fn new(keys: &'a RefreshKeys, ses: &'a Ses, deadline: Deadline) -> Self {
        Self {
            keys,
            ses,
            deadline,
        }
    }
}

impl Post for Desk<'_> {
    async fn keys(&self, anew: bool) -> Option<Arc<MacKeys>> {
        let now = api::now();
        let keys = match anew {
            true => self.keys.anew(now).await,
            false => self.keys.at(now).await,
        };
        keys.inspect_err(api::Error::note).ok()
    }

    async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        // The answer of an invocation that is cut off is lost, and with it that of each letter of
        // its batch: all would be sent again.
        if self.deadline.left().is_some_and(|left| left < ses::LIMIT) {
            note_reason("the time of the invocation is over");
            return Err(SendError::Passing);
        }
        self.ses.send(letter).await?;
        note(Event::MailSent);
        Ok(())
    }

    fn give_up(&self, reason: GivenUp) {
        let (event, reason) = match reason {
            GivenUp::Refused => return note(Event::MailRefused),
            GivenUp::NoMacKey => (Event::MailUnwritten, "the MAC key of a row is gone"),
            GivenUp::Unreadable => (Event::MailUnwritten, "a row is of another version"),
            GivenUp::Unwritten => (Event::MailUnwritten, "a letter could not be written"),
        };
        note(event);
        note_reason(reason);
    }
}
