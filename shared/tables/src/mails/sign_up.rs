//! A new account by a ticket, as one transaction.

use accounts::{PasswordHash, Refused, Session, User};

use super::{Mails, Spend, item};
use crate::accounts::{Part, refused_registration};
use crate::transaction::Outcome;
use crate::{AccountError, Accounts, Error};

/// The reason why a ticket made no account, and was not spent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignUpError {
    /// The ticket permits nothing any more.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// A name is taken, or a table did not answer.
    #[error(transparent)]
    Account(#[from] AccountError),
}

impl From<Error> for SignUpError {
    fn from(error: Error) -> Self {
        Self::Account(error.into())
    }
}

impl Mails {
    /// Makes an account by a ticket: spends it, claims the names, and stores the account, and its
    /// first session if there is one, all or nothing. Of any number of attempts, one succeeds; where a name is
    /// taken, the ticket stays good for another one.
    ///
    /// `user` is what [`super::TicketRow::new_account`] has made of the ticket. A transaction whose
    /// answer was lost is recognised when it is sent again, by the attempt.
    ///
    /// # Errors
    ///
    /// [`SignUpError`].
    pub async fn sign_up(
        &self,
        accounts: &Accounts,
        spend: &Spend<'_>,
        user: &User,
        password_hash: &PasswordHash,
        session: Option<&Session>,
    ) -> Result<(), SignUpError> {
        let mut transaction = accounts.registration(user, password_hash, session)?;
        transaction.add(Part::Ticket, self.spend(spend)?);
        let refused = match transaction.write(&self.client).await? {
            Outcome::Written => return Ok(()),
            Outcome::Contended => {
                // To spend the ticket is to take the address too: the ticket says it better.
                let stored = self.stored(item::ticket_key(spend.row)).await?;
                return match stored.filter(|item| item.contains_key("spent_by")) {
                    Some(spent) => judged(spend.refused(Some(spent))),
                    None => Ok(accounts.look(user).await?),
                };
            }
            Outcome::Refused(refused) => refused,
        };
        let (ticket, names): (Vec<_>, Vec<_>) = refused
            .into_iter()
            .partition(|(part, _)| *part == Part::Ticket);
        match ticket.into_iter().next() {
            Some((_, stored)) => judged(spend.refused(stored)),
            None => Ok(refused_registration(user, names)?),
        }
    }
}

fn judged(refused: Option<Refused>) -> Result<(), SignUpError> {
    refused.map_or(Ok(()), |reason| Err(reason.into()))
}
