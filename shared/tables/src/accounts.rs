//! Whole accounts, over the tables of names, accounts and sessions.

mod factors;
mod register;

use accounts::{LoginName, Names, PasswordHash, Session, SessionSecret, Timestamp, User, WaysIn};
use uuid::Uuid;

use crate::item::Item;
use crate::transaction::{Outcome, Transaction, contended};
use crate::{Error, Factors, Login, Logins, Order, PasswordChange, Sessions, Users};

pub use factors::FactorChange;
pub(crate) use register::refused_registration;

/// Accounts whole, over the three tables that hold them: every change is one transaction.
#[derive(Clone, Debug)]
pub struct Accounts {
    pub(crate) logins: Logins,
    pub(crate) users: Users,
    pub(crate) sessions: Sessions,
}

/// On whose behalf an account changes.
#[derive(Clone, Copy, Debug)]
pub enum By<'a> {
    /// Its own, in this session, which outlives the end of all others.
    Owner(&'a Session),
    /// An administrator's, whose account must not have changed since it was read: it decided what
    /// they may do.
    Administrator(&'a User),
    /// The operator's, who needs no permission of the API.
    Operator,
    /// Its owner's, who has no session yet: the second factor that the account must have is being
    /// enrolled.
    Enrolling,
}

/// Why an account did not change. Nothing was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// One of the names, or both, are taken.
    #[error("a name is taken")]
    Taken {
        /// The username is.
        username: bool,
        /// The e-mail address is.
        email: bool,
    },
    /// The administrator's own account has changed since it was read.
    #[error("the administrator's account has changed meanwhile")]
    ActorChanged,
    /// The session has ended meanwhile.
    #[error("the session has ended")]
    SessionEnded,
    /// A table did not answer; [`Error::Conflict`] where the account has changed meanwhile.
    #[error(transparent)]
    Table(#[from] Error),
}

/// The part of a transaction whose condition failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Username,
    Email,
    Administrator,
    Session,
    Account,
    Notice,
    Ticket,
    Factor,
}

impl Accounts {
    /// Accounts in these tables.
    pub fn new(logins: Logins, users: Users, sessions: Sessions) -> Self {
        Self {
            logins,
            users,
            sessions,
        }
    }

    /// Changes an account from the version that it was made from. Where its epoch or its ways in are
    /// others, its names follow, and with its epoch the calling session; every other session ends.
    /// The notice of the change, if there is one, is ordered with it.
    ///
    /// # Errors
    ///
    /// [`AccountError`], but for `Taken`.
    pub async fn change(
        &self,
        old: &User,
        new: &User,
        by: By<'_>,
        notice: Option<Order<'_>>,
    ) -> Result<(), AccountError> {
        let mut transaction = self.begin(by)?;
        transaction.add(Part::Account, self.users.change(old, new)?);
        if new.epoch != old.epoch || new.ways_in != old.ways_in {
            self.names_follow(&mut transaction, (old, new), PasswordChange::Kept)?;
        }
        if let By::Owner(session) = by
            && new.epoch != old.epoch
        {
            transaction.add(Part::Session, self.sessions.follow(session, new.epoch)?);
        }
        self.write_telling(transaction, notice).await
    }

    /// Gives an account a new password, which ends every session but the calling one; that one goes
    /// on with another secret. A session that begins with the old password is invalid from the
    /// start, for it has the old epoch. The notice of it, if there is one, is ordered with it. The
    /// account and the session are returned as they are then.
    ///
    /// # Errors
    ///
    /// [`AccountError`], but for `Taken`.
    pub async fn set_password(
        &self,
        old: &User,
        password_hash: &PasswordHash,
        session: &Session,
        (secret, now): (&SessionSecret, Timestamp),
        notice: Option<Order<'_>>,
    ) -> Result<(User, Session), AccountError> {
        let new = old.without_sessions();
        let renewed = session.renewed(new.epoch, secret, now);
        let mut transaction = self.begin(By::Owner(session))?;
        transaction.add(Part::Account, self.users.change(old, &new)?);
        let password = PasswordChange::Set(password_hash);
        self.names_follow(&mut transaction, (old, &new), password)?;
        transaction.add(Part::Session, self.sessions.renew(session, &renewed, now)?);
        self.write_telling(transaction, notice).await?;
        Ok((new, renewed))
    }

    /// Makes a change that gives an account other names, from the version that it was made from.
    /// `login` is that of one of the old names; the new names get the same, with all that a later
    /// version has added to it.
    ///
    /// # Errors
    ///
    /// [`AccountError`].
    pub async fn rename(&self, old: &User, new: &User, login: &Login) -> Result<(), AccountError> {
        let login = &Login {
            // Of the account, whose version is a condition: the login may have been read before a
            // factor was enrolled.
            owner: new.owner(),
            ways_in: new.ways_in.clone(),
            ..login.clone()
        };
        let before: Vec<_> = old.names.login_names().collect();
        let after: Vec<_> = new.names.login_names().collect();
        let mut transaction = Transaction::new(Uuid::new_v4().to_string());
        transaction.add(Part::Account, self.users.change(old, new)?);
        for name in &after {
            if before.contains(name) {
                transaction.add(Part::Account, self.logins.unchanged(name, login)?);
            } else {
                transaction.add(part(&new.names, name), self.logins.claim(name, login)?);
            }
        }
        for name in before.iter().filter(|name| !after.contains(name)) {
            let release = self.logins.release_seen(name, login)?;
            transaction.add(Part::Account, release);
        }
        self.write(&transaction).await
    }

    /// Deletes an account and its factors: its names are free, and no session of it counts, once
    /// this is written. [`Sessions::delete_newest`] deletes the stored sessions, which DynamoDB
    /// deletes in any case once they have expired. The notice of it, if there is one, is ordered
    /// with it.
    ///
    /// # Errors
    ///
    /// [`AccountError`], but for `Taken`.
    pub async fn delete(
        &self,
        factors: &Factors,
        user: &User,
        by: By<'_>,
        notice: Option<Order<'_>>,
    ) -> Result<(), AccountError> {
        let mut transaction = self.begin(by)?;
        transaction.add(Part::Account, self.users.remove(user)?);
        for name in user.names.login_names() {
            let release = self.logins.release(&name, user.id)?;
            transaction.add(Part::Account, release);
        }
        for removal in factors.removals(user.id, &WaysIn::default()).await? {
            transaction.add(Part::Factor, removal);
        }
        self.write_telling(transaction, notice).await
    }

    fn names_follow(
        &self,
        transaction: &mut Transaction<Part>,
        (old, new): (&User, &User),
        password: PasswordChange<'_>,
    ) -> Result<(), Error> {
        for name in old.names.login_names() {
            let follow = self.logins.follow(&name, (old, new), password)?;
            transaction.add(Part::Account, follow);
        }
        Ok(())
    }

    fn begin(&self, by: By<'_>) -> Result<Transaction<Part>, Error> {
        let mut transaction = Transaction::new(Uuid::new_v4().to_string());
        if let By::Administrator(actor) = by {
            transaction.add(Part::Administrator, self.users.unchanged(actor)?);
        }
        Ok(transaction)
    }

    async fn write(&self, transaction: &Transaction<Part>) -> Result<(), AccountError> {
        match transaction.write(self.logins.client()).await? {
            Outcome::Written => Ok(()),
            Outcome::Contended => Err(contended().into()),
            Outcome::Refused(refused) => Err(refused_by(&refused)),
        }
    }

    /// Writes a change together with its notice. By the notice a transaction knows itself that is
    /// sent again since its answer was lost.
    async fn write_telling(
        &self,
        mut transaction: Transaction<Part>,
        notice: Option<Order<'_>>,
    ) -> Result<(), AccountError> {
        let Some(notice) = notice else {
            return self.write(&transaction).await;
        };
        transaction.add(Part::Notice, notice.write()?);
        let refused = match transaction.write(self.logins.client()).await? {
            Outcome::Written => return Ok(()),
            Outcome::Contended => return Err(contended().into()),
            Outcome::Refused(refused) => refused,
        };
        let stored = refused.iter().find(|(part, _)| *part == Part::Notice);
        if notice.is_stored(stored.and_then(|(_, item)| item.as_ref()))? {
            return Ok(());
        }
        Err(refused_by(&refused))
    }
}

/// The error for a transaction whose parts were refused.
fn refused_by(refused: &[(Part, Option<Item>)]) -> AccountError {
    let has = |part| refused.iter().any(|(refused, _)| *refused == part);
    if has(Part::Administrator) {
        AccountError::ActorChanged
    } else if has(Part::Session) {
        AccountError::SessionEnded
    } else if has(Part::Account) || has(Part::Factor) || has(Part::Notice) {
        Error::Conflict.into()
    } else {
        AccountError::Taken {
            username: has(Part::Username),
            email: has(Part::Email),
        }
    }
}

/// Which of an account's names it is.
pub(crate) fn part(names: &Names, name: &LoginName) -> Part {
    match names.username().map(LoginName::from) {
        Some(username) if username == *name => Part::Username,
        _ => Part::Email,
    }
}
