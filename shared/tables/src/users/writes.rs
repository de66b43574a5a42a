//! The writes to accounts that are parts of transactions.

use accounts::User;
use aws_sdk_dynamodb::types::TransactWriteItem;

use super::{Users, item};
use crate::Error;
use crate::conditional_write::ConditionalWrite;
use crate::item::number;

impl Users {
    /// Puts a new account. Its id is new; the write is conditional all the same, for an account
    /// must never be overwritten.
    pub(crate) fn create(&self, user: &User) -> Result<TransactWriteItem, Error> {
        ConditionalWrite::to(self.table())
            .when("attribute_not_exists(id)")
            .put(item::write(user)?)
    }

    /// Changes an account from the version that it was made from.
    pub(crate) fn change(&self, old: &User, new: &User) -> Result<TransactWriteItem, Error> {
        let (before, after) = (item::write(old)?, item::write(new)?);
        self.as_seen(old).change(Self::key(old.id), &before, &after)
    }

    /// Deletes an account as it was seen.
    pub(crate) fn remove(&self, user: &User) -> Result<TransactWriteItem, Error> {
        self.as_seen(user).delete(Self::key(user.id))
    }

    /// Insists that an account is still as it was seen.
    pub(crate) fn unchanged(&self, user: &User) -> Result<TransactWriteItem, Error> {
        self.as_seen(user).check(Self::key(user.id))
    }

    fn as_seen(&self, user: &User) -> ConditionalWrite<'_> {
        ConditionalWrite::to(self.table())
            .when("version = :seen")
            .value(":seen", number(user.version))
    }
}
