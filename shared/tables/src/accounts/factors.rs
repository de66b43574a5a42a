//! Second factors and passkeys that come or go, each as one transaction.

use accounts::{Session, User};

use super::{AccountError, Accounts, By, Part};
use crate::{FactorWrite, Factors, Order, PasswordChange};

/// A change of the factors of an account.
#[derive(Clone, Copy, Debug)]
pub struct FactorChange<'a> {
    /// The account as it was read.
    pub old: &'a User,
    /// The account afterwards, see [`User::with_factor`] and [`User::with_ways_in`].
    pub new: &'a User,
    /// On whose behalf.
    pub by: By<'a>,
    /// The calling session with the methods that the change has proved, see [`Session::raised`];
    /// `None` where it goes on as it is, or there is none.
    pub raised: Option<&'a Session>,
    /// The writes to the factors themselves.
    pub writes: &'a [FactorWrite<'a>],
    /// The notice of it, if there is one.
    pub notice: Option<Order<'a>>,
}

impl Accounts {
    /// Changes the factors of an account, and the account from the version that it was made from.
    /// Its names follow, and with its epoch the calling session; every other session ends then. All
    /// of it is written or nothing.
    ///
    /// # Errors
    ///
    /// [`AccountError`], but for `Taken`; [`Error::Conflict`](crate::Error::Conflict) also where a
    /// factor is not as its write expects it.
    pub async fn change_factors(
        &self,
        factors: &Factors,
        change: FactorChange<'_>,
    ) -> Result<(), AccountError> {
        let FactorChange { old, new, by, .. } = change;
        let mut transaction = self.begin(by)?;
        transaction.add(Part::Account, self.users.change(old, new)?);
        if new.epoch != old.epoch || new.ways_in != old.ways_in {
            self.names_follow(&mut transaction, (old, new), PasswordChange::Kept)?;
        }
        if let By::Owner(session) = by {
            let follow = match change.raised {
                Some(raised) => Some(self.sessions.raise(session, &raised.at(new.epoch))?),
                None if new.epoch != old.epoch => Some(self.sessions.follow(session, new.epoch)?),
                None => None,
            };
            if let Some(follow) = follow {
                transaction.add(Part::Session, follow);
            }
        }
        for write in change.writes {
            transaction.add(Part::Factor, factors.write(old.id, write)?);
        }
        self.write_telling(transaction, change.notice).await
    }

    /// Removes all second factors and passkeys of an account, of whatever kind, on behalf of somebody
    /// else than its owner. Every session ends. Returns the account as it is then; `None`, and
    /// nothing changes, where it has none and keeps its password. The notice of it, if there is one,
    /// is ordered with it.
    ///
    /// # Errors
    ///
    /// [`AccountError`], but for `Taken` and `SessionEnded`.
    pub async fn remove_factors(
        &self,
        factors: &Factors,
        old: &User,
        by: By<'_>,
        password: PasswordChange<'_>,
        notice: Option<Order<'_>>,
    ) -> Result<Option<User>, AccountError> {
        let ways_in = old.ways_in.clone().without_factors();
        let removals = factors.removals(old.id, &ways_in).await?;
        let is_nothing = removals.is_empty() && !old.ways_in.reach_aal2();
        if is_nothing && matches!(password, PasswordChange::Kept) {
            return Ok(None);
        }
        let new = old.with_ways_in(ways_in).without_sessions();
        let mut transaction = self.begin(by)?;
        transaction.add(Part::Account, self.users.change(old, &new)?);
        self.names_follow(&mut transaction, (old, &new), password)?;
        for removal in removals {
            transaction.add(Part::Factor, removal);
        }
        self.write_telling(transaction, notice).await?;
        Ok(Some(new))
    }
}
