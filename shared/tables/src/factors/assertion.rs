//! The use of a passkey: of any number of uses of one answer, one has an effect.

use accounts::{Challenge, User, UserId};
use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use uuid::Uuid;

use super::item::{is_used_by, of_passkey};
use super::{Factors, PasskeyRow, passkey};
use crate::conditional_write::ConditionalWrite;
use crate::item::{Item, number};
use crate::sessions::one;
use crate::transaction::{Outcome, Transaction, contended};
use crate::users::read_user;
use crate::{Error, SessionChange, Sessions, Throttles, Users};

/// One use of a passkey whose answer was verified, and its effect.
#[derive(Clone, Copy, Debug)]
pub struct PasskeyUse<'a> {
    /// Whose passkey it is.
    pub user_id: UserId,
    /// The passkey as it was read.
    pub before: &'a PasskeyRow,
    /// The passkey afterwards: with another count, other flags and the time.
    pub after: &'a PasskeyRow,
    /// The challenge that was answered. It is not answered again.
    pub challenge: &'a Challenge,
    /// Whether the account has codes of an app. They are unlocked with it.
    pub has_totp: bool,
    /// The request's own random id, by which its write is recognised when its answer was lost.
    pub attempt: &'a str,
    /// The effect.
    pub change: SessionChange<'a>,
}

/// Why a passkey had no effect. Nothing was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyUseError {
    /// The challenge was answered before.
    #[error("the challenge was answered before")]
    Answered,
    /// The passkey was used or removed since it was read: as it is now.
    #[error("the passkey has changed meanwhile")]
    Changed(Option<Box<PasskeyRow>>),
    /// The session to raise has ended.
    #[error("the session has ended")]
    SessionEnded,
    /// A table did not answer.
    #[error(transparent)]
    Table(#[from] Error),
}

/// The part of the transaction whose condition failed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Challenge,
    Passkey,
    Lock,
    Session,
}

impl Factors {
    /// Reads a passkey and the account that it is said to be of, in one consistent call.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], also where DynamoDB answers for one of the two alone;
    /// [`Error::Corrupt`].
    pub async fn passkey_with_user(
        &self,
        users: &Users,
        user_id: UserId,
        credential_id: &str,
    ) -> Result<Option<(PasskeyRow, User)>, Error> {
        let key = Self::key(user_id, &of_passkey(credential_id));
        let answer = self
            .client
            .batch_get_item()
            .request_items(&self.table, one(key)?)
            .request_items(users.table(), one(Users::key(user_id))?)
            .send()
            .await
            .map_err(|error| Error::unavailable("BatchGetItem", &error))?;
        if answer.unprocessed_keys.is_some_and(|keys| !keys.is_empty()) {
            return Err(Error::incomplete("BatchGetItem"));
        }
        let mut found = answer.responses.unwrap_or_default();
        let mut take = |table: &str| found.remove(table).and_then(|mut items| items.pop());
        let (Some(passkey), Some(user)) = (take(&self.table), take(users.table())) else {
            return Ok(None);
        };
        Ok(Some((passkey::read(passkey)?, read_user(user)?)))
    }

    /// Uses a passkey: consumes the challenge, stores what the passkey says of itself, and writes
    /// the effect, all or nothing.
    ///
    /// # Errors
    ///
    /// [`PasskeyUseError`].
    pub async fn use_passkey(
        &self,
        throttles: &Throttles,
        sessions: &Sessions,
        used: &PasskeyUse<'_>,
    ) -> Result<(), PasskeyUseError> {
        let mut refused = self
            .write_assertion(throttles, sessions, used, used.has_totp)
            .await?;
        // A restored table may lack the codes of an app that the account is said to have.
        if !refused.is_empty() && refused.iter().all(|(part, _)| *part == Part::Lock) {
            refused = self
                .write_assertion(throttles, sessions, used, false)
                .await?;
        }
        let has = |wanted| refused.iter().any(|(part, _)| *part == wanted);
        let stored = |wanted| {
            let part = refused.iter().find(|(part, _)| *part == wanted);
            part.and_then(|(_, item)| item.clone())
        };
        if refused.is_empty()
            || stored(Part::Challenge).is_some_and(|item| is_used_by(&item, used.attempt))
        {
            Ok(())
        } else if has(Part::Challenge) {
            Err(PasskeyUseError::Answered)
        } else if has(Part::Session) {
            Err(PasskeyUseError::SessionEnded)
        } else if has(Part::Passkey) {
            let now = stored(Part::Passkey).map(passkey::read).transpose()?;
            Err(PasskeyUseError::Changed(now.map(Box::new)))
        } else {
            Err(Error::Conflict.into())
        }
    }

    /// Returns the parts that were refused, none where all is written.
    async fn write_assertion(
        &self,
        throttles: &Throttles,
        sessions: &Sessions,
        used: &PasskeyUse<'_>,
        unlocks: bool,
    ) -> Result<Vec<(Part, Option<Item>)>, Error> {
        let mut transaction = Transaction::new(Uuid::new_v4().to_string());
        transaction.add(
            Part::Challenge,
            throttles.consume(used.challenge, used.attempt)?,
        );
        transaction.add(Part::Passkey, self.advance(used)?);
        if unlocks {
            transaction.add(Part::Lock, self.unlock(used.user_id)?);
        }
        for write in sessions.change(used.change)? {
            transaction.add(Part::Session, write);
        }
        match transaction.write(&self.client).await? {
            Outcome::Written => Ok(Vec::new()),
            Outcome::Refused(refused) => Ok(refused),
            Outcome::Contended => Err(contended()),
        }
    }

    /// Stores what the passkey says of itself, unless it was used or removed meanwhile: of two
    /// copies of a key that are used at once, one is found out.
    fn advance(&self, used: &PasskeyUse<'_>) -> Result<TransactWriteItem, Error> {
        let PasskeyUse { before, after, .. } = used;
        ConditionalWrite::to(self.table())
            .when("sign_count = :seen")
            .value(":seen", number(before.sign_count))
            .value(":count", number(after.sign_count))
            .value(":eligible", AttributeValue::Bool(after.backup_eligible))
            .value(":backed_up", AttributeValue::Bool(after.backed_up))
            .value(":now", number(after.last_used_at.unwrap_or_default()))
            .returning_old()
            .update(
                Self::key(used.user_id, &of_passkey(&before.credential_id)),
                "SET sign_count = :count, backup_eligible = :eligible, backed_up = :backed_up, \
                 last_used_at = :now",
            )
    }
}
