//! A ticket that an administrator has issued, as one transaction.

use accounts::User;
use uuid::Uuid;

use super::{MailedRow, Mails, TicketRow};
use crate::transaction::{Outcome, Transaction, contended};
use crate::{AccountError, Error, Users};

/// The part of the transaction whose condition failed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Administrator,
    Account,
    Ticket,
}

impl Mails {
    /// Issues a ticket that an administrator has asked for, all or nothing: her account is as it
    /// was read, and so is `user`, the account that the ticket is for, if it is for one.
    ///
    /// # Errors
    ///
    /// [`AccountError::ActorChanged`]; [`Error::Conflict`] where `user` has changed since it was
    /// read; else [`Error::Unavailable`].
    pub async fn issue_by(
        &self,
        users: &Users,
        administrator: &User,
        user: Option<&User>,
        row: &TicketRow,
    ) -> Result<(), AccountError> {
        let row = MailedRow::Ticket(row.clone());
        let mut transaction = Transaction::new(Uuid::new_v4().to_string());
        transaction.add(Part::Administrator, users.unchanged(administrator)?);
        if let Some(user) = user {
            transaction.add(Part::Account, users.unchanged(user)?);
        }
        transaction.add(Part::Ticket, self.order(&row)?);
        let refused = match transaction.write(&self.client).await? {
            Outcome::Written => return Ok(()),
            Outcome::Contended => return Err(contended().into()),
            Outcome::Refused(refused) => refused,
        };
        let part = |wanted| refused.iter().find(|(part, _)| *part == wanted);
        let ticket = part(Part::Ticket);
        if ticket.is_some() && Self::is_stored(&row, ticket.and_then(|(_, item)| item.as_ref()))? {
            return Ok(());
        }
        match part(Part::Administrator) {
            Some(_) => Err(AccountError::ActorChanged),
            None => Err(Error::Conflict.into()),
        }
    }
}
