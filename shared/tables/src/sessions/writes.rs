//! The writes to sessions that are parts of transactions.

use accounts::{Epoch, Session, SessionId, Timestamp};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};

use super::{Sessions, item};
use crate::Error;
use crate::conditional_write::ConditionalWrite;
use crate::item::{attribute, number};

/// The effect that the proof of a second factor has on the sessions of its account.
#[derive(Clone, Copy, Debug)]
pub enum SessionChange<'a> {
    /// A session begins.
    Begin {
        /// The new session.
        session: &'a Session,
        /// The session that the device had until now, if it had one. It ends.
        replaced: Option<SessionId>,
    },
    /// A session goes on as [`Session::raised`] makes it, unless it has ended.
    Raise {
        /// The session as it was read.
        before: &'a Session,
        /// The session afterwards.
        after: &'a Session,
    },
}

impl Sessions {
    /// Returns the writes of a change.
    pub(crate) fn change(
        &self,
        change: SessionChange<'_>,
    ) -> Result<Vec<TransactWriteItem>, Error> {
        match change {
            SessionChange::Begin { session, replaced } => {
                let key = |id| Self::key(session.owner.user_id, id);
                let end = |id| ConditionalWrite::to(self.table()).delete(key(id));
                let begin = self.create(session);
                begin.into_iter().map(Ok).chain(replaced.map(end)).collect()
            }
            SessionChange::Raise { before, after } => Ok(vec![self.raise(before, after)?]),
        }
    }

    /// Stores a new session.
    pub(crate) fn create(&self, session: &Session) -> Result<TransactWriteItem, Error> {
        ConditionalWrite::to(self.table()).put(item::write(session)?)
    }

    /// Writes a session as [`Session::renewed`] makes it of now, unless it has ended.
    pub(crate) fn renew(
        &self,
        before: &Session,
        after: &Session,
        now: Timestamp,
    ) -> Result<TransactWriteItem, Error> {
        let hash = Blob::new(after.secret_hash.as_bytes());
        let methods = attribute(item::TABLE, &after.authentication.methods)?;
        self.at_epoch_of(before, after.owner.epoch)
            .value(":hash", AttributeValue::B(hash))
            .value(":generation", number(after.generation))
            .value(":shown", number(after.authentication.at))
            .value(":now", number(now))
            .value(":methods", methods)
            .update(
                Self::key(before.owner.user_id, before.id),
                "SET epoch = :new, secret_hash = :hash, generation = :generation, \
                 rotated_at = :now, auth_time = :shown, methods = :methods",
            )
    }

    /// Writes a session as [`Session::raised`] makes it, at whatever epoch, unless it has ended.
    pub(crate) fn raise(
        &self,
        before: &Session,
        after: &Session,
    ) -> Result<TransactWriteItem, Error> {
        let methods = attribute(item::TABLE, &after.authentication.methods)?;
        self.at_epoch_of(before, after.owner.epoch)
            .value(":at", number(after.authentication.at))
            .value(":methods", methods)
            .update(
                Self::key(before.owner.user_id, before.id),
                "SET epoch = :new, auth_time = :at, methods = :methods",
            )
    }

    /// Moves a session to another epoch of its account, unless it has ended.
    pub(crate) fn follow(
        &self,
        session: &Session,
        epoch: Epoch,
    ) -> Result<TransactWriteItem, Error> {
        let key = Self::key(session.owner.user_id, session.id);
        self.at_epoch_of(session, epoch)
            .update(key, "SET epoch = :new")
    }

    fn at_epoch_of(&self, session: &Session, new: Epoch) -> ConditionalWrite<'_> {
        ConditionalWrite::to(self.table())
            .when("epoch = :old")
            .value(":old", number(session.owner.epoch))
            .value(":new", number(new))
    }
}
