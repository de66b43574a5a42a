//! A ticket as its row has it, and what its bearer is told.

use super::{Purpose, TicketCode, TicketSeed, TicketText};
use crate::refresh::MacKeys;
use crate::{NoMacKey, Owner, Timestamp, User};

/// The number of codes that may be tried at one ticket.
pub const MAX_GUESSES: u32 = 5;

/// A ticket, as its row has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// The members from which its texts are computed.
    pub seed: TicketSeed,
    /// The account and the epoch that it is bound to. A later epoch ends it.
    pub owner: Option<Owner>,
    /// Whether its texts were mailed. Those of a ticket that was asked for nobody never are, and so
    /// nothing proves it. The texts of [`Purpose::Agree`] are mailed by a row of their own.
    pub mailed: bool,
    /// The number of codes that were tried.
    pub guesses: u32,
    /// The time from which it permits nothing.
    pub expires_at: Timestamp,
    /// The time at which it was spent, if it was, and by which attempt.
    pub spent: Option<Spending>,
}

/// The use that a ticket was spent by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spending {
    /// When.
    pub at: Timestamp,
    /// The attempt: a random name that the spender chose, by which a write that was sent twice
    /// knows itself.
    pub by: String,
}

/// The reason why a ticket permits nothing, for a bearer who has proved to read its mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It was used.
    #[error("the ticket was used")]
    Used,
    /// Its time is over.
    #[error("the ticket has expired")]
    Expired,
    /// The account has changed since: a new password, a sign-out everywhere, another ticket.
    #[error("the account has changed since the ticket was issued")]
    Superseded,
}

impl Ticket {
    /// Returns whether the text, or the code beside it, proves that its bearer reads the mail. Nothing
    /// else may be told of a ticket to anybody who has not proved that.
    ///
    /// # Errors
    ///
    /// [`NoMacKey`] if the key of the ticket does not count any more.
    pub fn is_proved_by(
        &self,
        text: &TicketText,
        code: Option<&TicketCode>,
        keys: &MacKeys,
        now: Timestamp,
    ) -> Result<bool, NoMacKey> {
        let purpose = text.handle().purpose();
        let is_equal = match (text, code) {
            (TicketText::Link(link), _) => self.seed.link(purpose, keys, now)?.is(link),
            (TicketText::Handle(_), Some(code)) => self.seed.code(purpose, keys, now)?.is(code),
            (TicketText::Handle(_), None) => false,
        };
        Ok(is_equal & (self.mailed | (purpose == Purpose::Agree)))
    }

    /// Decides whether it still permits its purpose. `user` is the account that it is bound to, as
    /// it is now.
    ///
    /// # Errors
    ///
    /// The first reason that fits.
    pub fn judge(&self, user: Option<&User>, now: Timestamp) -> Result<(), Refused> {
        if self.spent.is_some() {
            return Err(Refused::Used);
        }
        if now >= self.expires_at {
            return Err(Refused::Expired);
        }
        match (&self.owner, user.map(User::owner)) {
            (Some(bound), current) if current.as_ref() != Some(bound) => Err(Refused::Superseded),
            _ => Ok(()),
        }
    }
}
