//! The address of an account, proven by a ticket: each effect as one transaction.

use accounts::{Email, Session, User};
use uuid::Uuid;

use super::{MailedRow, Mails, Notice, Spend, SpendError, TicketRow};
use crate::accounts::{AccountError, Accounts};
use crate::transaction::{Outcome, Transaction, contended};
use crate::{Error, Login, Users};

/// The part of the transaction whose condition failed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Ticket,
    Session,
    Account,
    NewName,
    Notice,
}

/// An account before it has another address, as it was read.
#[derive(Clone, Copy, Debug)]
pub struct Moving<'a> {
    /// The account.
    pub user: &'a User,
    /// The login of one of its names.
    pub login: &'a Login,
    /// The session of the request, which outlives the end of all others.
    pub session: &'a Session,
}

impl Mails {
    /// Stores a ticket, and the notice that it was asked for, if there is one: all or nothing, and
    /// with them orders their mails.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] if another row has the id of one; else [`Error::Unavailable`].
    pub async fn issue_with(&self, ticket: TicketRow, notice: Option<Notice>) -> Result<(), Error> {
        let ticket = MailedRow::Ticket(ticket);
        let Some(notice) = notice.map(MailedRow::Notice) else {
            return self.issue(&ticket).await;
        };
        let mut transaction = Transaction::new(Uuid::new_v4().to_string());
        transaction.add(Part::Ticket, self.order(&ticket)?);
        transaction.add(Part::Notice, self.order(&notice)?);
        let refused = match transaction.write(&self.client).await? {
            Outcome::Written => return Ok(()),
            Outcome::Contended => return Err(contended()),
            Outcome::Refused(refused) => refused,
        };
        let stored = refused.iter().find(|(part, _)| *part == Part::Ticket);
        if Self::is_stored(&ticket, stored.and_then(|(_, item)| item.as_ref()))? {
            Ok(())
        } else {
            Err(Error::Conflict)
        }
    }

    /// Stores that the owner of an account has proved to read its address, and spends the ticket of
    /// the proof, all or nothing. Returns the account as it is then.
    ///
    /// `user` is the account as it was read; [`TicketRow::judge`] has been asked about it.
    ///
    /// # Errors
    ///
    /// [`SpendError`].
    pub async fn verify_address(
        &self,
        users: &Users,
        spend: &Spend<'_>,
        user: &User,
    ) -> Result<User, SpendError> {
        let new = user.with_verified_email(spend.now);
        let mut transaction = Transaction::new(Uuid::new_v4().to_string());
        transaction.add(Part::Ticket, self.spend(spend)?);
        transaction.add(Part::Account, users.change(user, &new)?);
        self.spent(spend, transaction).await.map(|()| new)
    }

    /// Gives an account another address by the ticket of its proof: spends it, claims the new name
    /// and frees the old one, moves the account to its next epoch, which ends every session but the
    /// calling one and every other ticket, and orders the notice, all or nothing. Returns the
    /// account as it is then. Of any number of attempts, one succeeds; where the address is taken,
    /// the ticket is not spent.
    ///
    /// [`TicketRow::judge`] has been asked about the account.
    ///
    /// # Errors
    ///
    /// [`SpendError`].
    pub async fn change_address(
        &self,
        accounts: &Accounts,
        spend: &Spend<'_>,
        Moving {
            user,
            login,
            session,
        }: Moving<'_>,
        address: &Email,
        notice: Option<&Notice>,
    ) -> Result<User, SpendError> {
        let Accounts {
            logins,
            users,
            sessions,
        } = accounts;
        let new = user.with_names(user.names.with_email(address.clone()));
        let new = new.with_verified_email(spend.now).without_sessions();
        let login_of_new = Login {
            owner: new.owner(),
            // Of the account, whose version is a condition: the login may have been read before a
            // factor was enrolled.
            ways_in: new.ways_in.clone(),
            ..login.clone()
        };
        let mut transaction = Transaction::new(Uuid::new_v4().to_string());
        transaction.add(Part::Ticket, self.spend(spend)?);
        transaction.add(Part::Account, users.change(user, &new)?);
        transaction.add(Part::Session, sessions.follow(session, new.epoch)?);
        let (before, after) = (&user.names, &new.names);
        for name in after.login_names() {
            if before.login_names().any(|before| before == name) {
                let follow = logins.follow_seen(&name, login, new.epoch)?;
                transaction.add(Part::Account, follow);
            } else {
                transaction.add(Part::NewName, logins.claim(&name, &login_of_new)?);
            }
        }
        for name in before.login_names() {
            if after.login_names().all(|after| after != name) {
                transaction.add(Part::Account, logins.release_seen(&name, login)?);
            }
        }
        if let Some(notice) = notice {
            let notice = MailedRow::Notice(notice.clone());
            transaction.add(Part::Notice, self.order(&notice)?);
        }
        self.spent(spend, transaction).await.map(|()| new)
    }

    /// Writes a transaction that spends a ticket. One that was written, and is sent again since its
    /// answer was lost, fails by its ticket among others.
    async fn spent(
        &self,
        spend: &Spend<'_>,
        transaction: Transaction<Part>,
    ) -> Result<(), SpendError> {
        let refused = match transaction.write(&self.client).await? {
            Outcome::Written => return Ok(()),
            Outcome::Contended => return Err(contended().into()),
            Outcome::Refused(refused) => refused,
        };
        let has = |wanted| refused.iter().any(|(part, _)| *part == wanted);
        let (is_session, is_account) = (has(Part::Session), has(Part::Account));
        let is_notice = has(Part::Notice);
        let mut parts = refused.into_iter();
        match parts.find(|(part, _)| *part == Part::Ticket) {
            Some((_, stored)) => spend.refused(stored).map_or(Ok(()), |it| Err(it.into())),
            None if is_session => Err(AccountError::SessionEnded.into()),
            None if is_account || is_notice => Err(Error::Conflict.into()),
            None => Err(AccountError::Taken {
                username: false,
                email: true,
            }
            .into()),
        }
    }
}
