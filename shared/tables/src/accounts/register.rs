//! Registration, as one transaction.

use accounts::{PasswordHash, Session, User};
use uuid::Uuid;

use super::{AccountError, Accounts, Part, part};
use crate::item::Item;
use crate::logins::read_login;
use crate::transaction::{Outcome, Transaction, contended};
use crate::{Error, Login, MailedRow, Mails, TicketRow, UnknownAttributes};

impl Accounts {
    /// Registers an account: claims its names and stores it, and its first session if there is one,
    /// all or nothing.
    ///
    /// Of any number of registrations of one name, one succeeds. A transaction whose answer was
    /// lost is recognised when it is sent again: by DynamoDB, from the token it carries, for ten
    /// minutes, and here, from the account's own id under the name.
    ///
    /// # Errors
    ///
    /// [`AccountError::Taken`], or [`AccountError::Table`] where the tables did not answer in time.
    pub async fn register(
        &self,
        user: &User,
        password_hash: &PasswordHash,
        session: Option<&Session>,
    ) -> Result<(), AccountError> {
        let registration = self.registration(user, password_hash, session)?;
        self.write_registration(user, &registration).await
    }

    /// The same, and orders the mail of a ticket in the same transaction.
    ///
    /// # Errors
    ///
    /// As for [`Accounts::register`].
    pub async fn register_and_mail(
        &self,
        user: &User,
        password_hash: &PasswordHash,
        session: Option<&Session>,
        (mails, ticket): (&Mails, &TicketRow),
    ) -> Result<(), AccountError> {
        let mut registration = self.registration(user, password_hash, session)?;
        let row = MailedRow::Ticket(ticket.clone());
        registration.add(Part::Ticket, mails.order(&row)?);
        self.write_registration(user, &registration).await
    }

    /// Returns the parts that make an account, as a transaction.
    pub(crate) fn registration(
        &self,
        user: &User,
        password_hash: &PasswordHash,
        session: Option<&Session>,
    ) -> Result<Transaction<Part>, Error> {
        let login = Login {
            owner: user.owner(),
            password_hash: Some(password_hash.clone()),
            ways_in: user.ways_in.clone(),
            unknown: UnknownAttributes::default(),
        };
        let mut transaction = Transaction::new(Uuid::new_v4().to_string());
        for name in user.names.login_names() {
            transaction.add(part(&user.names, &name), self.logins.claim(&name, &login)?);
        }
        transaction.add(Part::Account, self.users.create(user)?);
        if let Some(session) = session {
            transaction.add(Part::Session, self.sessions.create(session)?);
        }
        Ok(transaction)
    }

    async fn write_registration(
        &self,
        user: &User,
        registration: &Transaction<Part>,
    ) -> Result<(), AccountError> {
        match registration.write(self.logins.client()).await? {
            Outcome::Written => Ok(()),
            Outcome::Refused(refused) => refused_registration(user, refused),
            Outcome::Contended => self.look(user).await,
        }
    }

    /// The transaction kept conflicting: reads who owns the names now.
    pub(crate) async fn look(&self, user: &User) -> Result<(), AccountError> {
        let (mut own, mut taken) = (true, Vec::new());
        for name in user.names.login_names() {
            let owner = self
                .logins
                .get(&name)
                .await?
                .map(|login| login.owner.user_id);
            own &= owner == Some(user.id);
            if owner.is_some_and(|owner| owner != user.id) {
                taken.push(part(&user.names, &name));
            }
        }
        if own {
            return Ok(());
        }
        Err(taken_by_others(&taken))
    }
}

/// Decides from the names in the way of a registration.
pub(crate) fn refused_registration(
    user: &User,
    refused: Vec<(Part, Option<Item>)>,
) -> Result<(), AccountError> {
    let (mut own, mut taken) = (0, Vec::new());
    for (part, item) in refused {
        if ![Part::Username, Part::Email].contains(&part) {
            continue;
        }
        let owner = item.map(read_login).transpose()?;
        if owner.is_some_and(|login| login.owner.user_id == user.id) {
            own += 1;
        } else {
            taken.push(part);
        }
    }
    if own == user.names.login_names().count() {
        return Ok(());
    }
    Err(taken_by_others(&taken))
}

fn taken_by_others(taken: &[Part]) -> AccountError {
    if taken.is_empty() {
        return contended().into();
    }
    AccountError::Taken {
        username: taken.contains(&Part::Username),
        email: taken.contains(&Part::Email),
    }
}
