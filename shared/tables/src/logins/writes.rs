//! The writes to names that are parts of transactions.

use accounts::{Epoch, LoginName, PasswordHash, User, UserId};
use aws_sdk_dynamodb::types::TransactWriteItem;

use super::{Login, Logins, PasswordChange, item};
use crate::Error;
use crate::conditional_write::ConditionalWrite;
use crate::item::{number, text};

impl Logins {
    /// Claims a name, unless it is taken.
    pub(crate) fn claim(
        &self,
        name: &LoginName,
        login: &Login,
    ) -> Result<TransactWriteItem, Error> {
        ConditionalWrite::to(self.table())
            .when("attribute_not_exists(#name)")
            .name("#name", "name")
            .returning_old()
            .put(item::write(name, login)?)
    }

    /// Replaces a hash by a new hash of the same password.
    pub(crate) fn rehash_one(
        &self,
        name: &LoginName,
        old: &PasswordHash,
        new: &PasswordHash,
    ) -> Result<TransactWriteItem, Error> {
        ConditionalWrite::to(self.table())
            .when("password_hash = :old")
            .value(":old", text(old.as_str()))
            .value(":new", text(new.as_str()))
            .update(Self::key(name), "SET password_hash = :new")
    }

    /// Has a name follow a change of its account: its epoch, its ways in and its password.
    pub(crate) fn follow(
        &self,
        name: &LoginName,
        (old, new): (&User, &User),
        password: PasswordChange<'_>,
    ) -> Result<TransactWriteItem, Error> {
        let (before, after) = match password {
            PasswordChange::Kept => (None, None),
            PasswordChange::Set(hash) => (None, Some(hash.as_str())),
            // To remove a hash, nobody need know it.
            PasswordChange::Voided => (Some(""), None),
        };
        let before = item::following(old.epoch, &old.ways_in, before)?;
        let after = item::following(new.epoch, &new.ways_in, after)?;
        ConditionalWrite::to(self.table())
            .when("user_id = :owner AND epoch = :old")
            .value(":owner", text(old.id))
            .value(":old", number(old.epoch))
            .change(Self::key(name), &before, &after)
    }

    /// Moves a name whose login is unchanged to another epoch of its account.
    pub(crate) fn follow_seen(
        &self,
        name: &LoginName,
        seen: &Login,
        epoch: Epoch,
    ) -> Result<TransactWriteItem, Error> {
        let write = self.as_seen(seen).value(":new", number(epoch));
        write.update(Self::key(name), "SET epoch = :new")
    }

    /// Checks that a login is unchanged.
    pub(crate) fn unchanged(
        &self,
        name: &LoginName,
        seen: &Login,
    ) -> Result<TransactWriteItem, Error> {
        self.as_seen(seen).check(Self::key(name))
    }

    /// Frees a name whose login is unchanged.
    pub(crate) fn release_seen(
        &self,
        name: &LoginName,
        seen: &Login,
    ) -> Result<TransactWriteItem, Error> {
        self.as_seen(seen).delete(Self::key(name))
    }

    /// Frees a name of this owner.
    pub(crate) fn release(
        &self,
        name: &LoginName,
        owner: UserId,
    ) -> Result<TransactWriteItem, Error> {
        ConditionalWrite::to(self.table())
            .when("user_id = :owner")
            .value(":owner", text(owner))
            .delete(Self::key(name))
    }

    fn as_seen(&self, seen: &Login) -> ConditionalWrite<'_> {
        let write = ConditionalWrite::to(self.table()).value(":owner", text(seen.owner.user_id));
        match &seen.password_hash {
            None => write.when("user_id = :owner AND attribute_not_exists(password_hash)"),
            Some(hash) => write
                .when("user_id = :owner AND password_hash = :seen")
                .value(":seen", text(hash.as_str())),
        }
    }
}
