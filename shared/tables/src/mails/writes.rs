//! The writes to mails that are parts of transactions.

use accounts::{Refused, Timestamp};
use aws_sdk_dynamodb::types::TransactWriteItem;

use super::{MailedRow, Mails, Notice, TicketRow, item};
use crate::conditional_write::ConditionalWrite;
use crate::item::{Item, number, text};
use crate::{AccountError, Error};

/// A ticket that is there, unspent and in time.
pub(super) const IS_VALID: &str =
    "attribute_exists(id) AND attribute_not_exists(spent_at) AND expires_at > :now";

/// A notice that is ordered in the transaction of the change that it tells of: neither is there
/// without the other.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// The table.
    pub mails: &'a Mails,
    /// The notice.
    pub notice: &'a Notice,
}

/// One attempt to spend a ticket.
#[derive(Clone, Copy, Debug)]
pub struct Spend<'a> {
    /// The ticket, as it was read.
    pub row: &'a TicketRow,
    /// The attempt's own random id, by which its write is recognised when its answer was lost.
    pub attempt: &'a str,
    /// When.
    pub now: Timestamp,
}

/// The reason why the effect of a ticket was not written, and the ticket not spent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpendError {
    /// The ticket permits nothing any more.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The address is taken, or the session of the request has ended.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// A table did not answer; [`Error::Conflict`] where the account has changed since it was read.
    #[error(transparent)]
    Table(#[from] Error),
}

impl Mails {
    /// Stores a new row, and with it orders its mail. Where it is refused, [`Mails::is_stored`]
    /// says whether an earlier attempt of the same transaction has stored it.
    pub(crate) fn order(&self, row: &MailedRow) -> Result<TransactWriteItem, Error> {
        ConditionalWrite::to(self.table())
            .when("attribute_not_exists(id)")
            .returning_old()
            .put(item::write(row)?)
    }

    /// Returns whether the item in the way of a new row is that very row: the transaction is
    /// written, and its answer was lost.
    pub(crate) fn is_stored(row: &MailedRow, stored: Option<&Item>) -> Result<bool, Error> {
        let written = item::write(row)?;
        Ok(stored.is_some_and(|stored| item::is_same(&written, stored)))
    }

    /// Marks a ticket as spent. The row stays, so that a second use is told from a wrong one.
    pub(crate) fn spend(&self, spend: &Spend<'_>) -> Result<TransactWriteItem, Error> {
        let key = Item::from([("id".to_owned(), text(item::ticket_key(spend.row)))]);
        ConditionalWrite::to(self.table())
            .when(IS_VALID)
            .value(":now", number(spend.now))
            .value(":attempt", text(spend.attempt))
            .returning_old()
            .update(key, "SET spent_at = :now, spent_by = :attempt")
    }
}

impl Order<'_> {
    pub(crate) fn write(&self) -> Result<TransactWriteItem, Error> {
        self.mails.order(&self.row())
    }

    /// Returns whether the item in the way of the notice is that very notice.
    pub(crate) fn is_stored(&self, stored: Option<&Item>) -> Result<bool, Error> {
        Mails::is_stored(&self.row(), stored)
    }

    fn row(&self) -> MailedRow {
        MailedRow::Notice(self.notice.clone())
    }
}

impl Spend<'_> {
    /// Judges the item that was in the way of this attempt; nothing where it is spent by this very
    /// attempt, whose transaction is then written.
    pub(crate) fn refused(&self, stored: Option<Item>) -> Option<Refused> {
        let stored = stored.unwrap_or_default();
        match stored.get("spent_by").and_then(|by| by.as_s().ok()) {
            Some(by) if by == self.attempt => None,
            Some(_) => Some(Refused::Used),
            None => Some(Refused::Expired),
        }
    }
}
