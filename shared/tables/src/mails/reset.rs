//! A new password by a ticket, as one transaction.

use accounts::{PasswordHash, User, Way};
use uuid::Uuid;

use super::{MailedRow, Mails, Notice, Spend, SpendError};
use crate::transaction::{Outcome, Transaction, contended};
use crate::{Error, Factors, Logins, PasswordChange, Users};

/// The part of the transaction whose condition failed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Ticket,
    Account,
    Factor,
    Notice,
}

impl Mails {
    /// Sets a new password by a ticket: spends it, gives each name the new hash, moves the account
    /// to its next epoch, which ends every session and every other ticket of it, marks its address as
    /// verified, and orders the notice, all or nothing. Returns the account as it is then.
    ///
    /// Where nobody has verified the address before, the passkeys go: somebody who does not read its
    /// mail may have left them, and signs in by them. Codes of an app are still asked for.
    ///
    /// `user` is the account as it was read; [`super::TicketRow::judge`] has been asked about it.
    /// Of any number of attempts, one succeeds.
    ///
    /// # Errors
    ///
    /// [`SpendError`].
    pub async fn reset_password(
        &self,
        (logins, users, factors): (&Logins, &Users, &Factors),
        spend: &Spend<'_>,
        user: &User,
        password_hash: &PasswordHash,
        notice: Option<&Notice>,
    ) -> Result<User, SpendError> {
        let mut new = user.without_sessions().with_verified_email(spend.now);
        let mut removals = Vec::new();
        if !user.email_is_verified() && user.ways_in.ways.contains(&Way::PASSKEY) {
            new = new.with_ways_in(user.ways_in.clone().without_passkey());
            removals = factors.removals(user.id, &new.ways_in).await?;
        }
        let mut transaction = Transaction::new(Uuid::new_v4().to_string());
        transaction.add(Part::Ticket, self.spend(spend)?);
        transaction.add(Part::Account, users.change(user, &new)?);
        for name in user.names.login_names() {
            let password = PasswordChange::Set(password_hash);
            let follow = logins.follow(&name, (user, &new), password)?;
            transaction.add(Part::Account, follow);
        }
        for removal in removals {
            transaction.add(Part::Factor, removal);
        }
        if let Some(notice) = notice {
            let notice = MailedRow::Notice(notice.clone());
            transaction.add(Part::Notice, self.order(&notice)?);
        }
        let refused = match transaction.write(&self.client).await? {
            Outcome::Written => return Ok(new),
            Outcome::Contended => return Err(contended().into()),
            Outcome::Refused(refused) => refused,
        };
        // A transaction that was written, and is sent again, fails by its ticket among others.
        let ticket = refused.into_iter().find(|(part, _)| *part == Part::Ticket);
        match ticket.map(|(_, stored)| spend.refused(stored)) {
            Some(None) => Ok(new),
            Some(Some(reason)) => Err(reason.into()),
            None => Err(Error::Conflict.into()),
        }
    }
}
