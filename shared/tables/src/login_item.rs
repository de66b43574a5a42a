use accounts::{Epoch, LoginName, Owner, PasswordHash, UserId};
use aws_sdk_dynamodb::types::{
    ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use serde::{Deserialize, Serialize};

use crate::item::{self, Item, number, text};
use crate::{Error, Login, Logins};

/// A name as the table has it.
#[derive(Serialize, Deserialize)]
struct LoginItem {
    name: String,
    user_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    password_hash: Option<String>,
    epoch: Epoch,
}

pub(crate) const TABLE: &str = "Logins";

/// The conditions that a name is its owner's and signs in with the same as it did.
const WITH_PASSWORD: &str = "user_id = :owner AND password_hash = :seen";
const WITHOUT_PASSWORD: &str = "user_id = :owner AND attribute_not_exists(password_hash)";

fn stored_hash(hash: &PasswordHash) -> String {
    hash.as_str().to_owned()
}

/// Reads an item of this table.
pub(crate) fn read(item: Item) -> Result<Login, Error> {
    let stored: LoginItem = item::read(TABLE, item)?;
    Ok(Login {
        owner: Owner {
            user_id: UserId::parse(&stored.user_id)
                .ok_or_else(|| Error::corrupt(TABLE, "user_id is not an id"))?,
            epoch: stored.epoch,
        },
        password_hash: stored.password_hash.map(PasswordHash::from_stored),
    })
}

/// The parts of transactions that concern names.
impl Logins {
    /// Claims a name, if nobody has it.
    pub(crate) fn claim(
        &self,
        name: &LoginName,
        login: &Login,
    ) -> Result<TransactWriteItem, Error> {
        let stored = LoginItem {
            name: name.as_str().to_owned(),
            user_id: login.owner.user_id.to_string(),
            password_hash: login.password_hash.as_ref().map(stored_hash),
            epoch: login.owner.epoch,
        };
        let put = Put::builder()
            .table_name(self.table())
            .set_item(Some(item::write(TABLE, stored)?))
            .condition_expression("attribute_not_exists(#name)")
            .expression_attribute_names("#name", "name")
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(|error| Error::corrupt(TABLE, error))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    /// Puts a new hash of the same password in place of the old one.
    pub(crate) fn rehash_one(
        &self,
        name: &LoginName,
        old: &PasswordHash,
        new: &PasswordHash,
    ) -> Result<TransactWriteItem, Error> {
        let update = Update::builder()
            .table_name(self.table())
            .key("name", text(name.as_str()))
            .update_expression("SET password_hash = :new")
            .condition_expression("password_hash = :old")
            .expression_attribute_values(":new", text(new.as_str()))
            .expression_attribute_values(":old", text(old.as_str()))
            .build()
            .map_err(|error| Error::corrupt(TABLE, error))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    /// Has a name follow its account from one epoch to another, with a new password if there is one.
    pub(crate) fn follow(
        &self,
        name: &LoginName,
        (old, new): (Owner, Epoch),
        password_hash: Option<&PasswordHash>,
    ) -> Result<TransactWriteItem, Error> {
        let update = Update::builder()
            .table_name(self.table())
            .key("name", text(name.as_str()))
            .condition_expression("user_id = :owner AND epoch = :old")
            .expression_attribute_values(":owner", text(old.user_id))
            .expression_attribute_values(":old", number(old.epoch))
            .expression_attribute_values(":new", number(new));
        let update = match password_hash {
            None => update.update_expression("SET epoch = :new"),
            Some(hash) => update
                .update_expression("SET epoch = :new, password_hash = :hash")
                .expression_attribute_values(":hash", text(hash.as_str())),
        };
        let update = update
            .build()
            .map_err(|error| Error::corrupt(TABLE, error))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    /// Insists that a name still signs in with what was seen.
    pub(crate) fn unchanged(
        &self,
        name: &LoginName,
        seen: &Login,
    ) -> Result<TransactWriteItem, Error> {
        let check = ConditionCheck::builder()
            .table_name(self.table())
            .key("name", text(name.as_str()))
            .expression_attribute_values(":owner", text(seen.owner.user_id));
        let check = match &seen.password_hash {
            None => check.condition_expression(WITHOUT_PASSWORD),
            Some(hash) => check
                .condition_expression(WITH_PASSWORD)
                .expression_attribute_values(":seen", text(hash.as_str())),
        };
        let check = check
            .build()
            .map_err(|error| Error::corrupt(TABLE, error))?;
        Ok(TransactWriteItem::builder().condition_check(check).build())
    }

    /// Frees a name, as long as it is its owner's and, where `seen` is given, still signs in with that.
    pub(crate) fn release(
        &self,
        name: &LoginName,
        owner: UserId,
        seen: Option<&Login>,
    ) -> Result<TransactWriteItem, Error> {
        let delete = Delete::builder()
            .table_name(self.table())
            .key("name", text(name.as_str()))
            .expression_attribute_values(":owner", text(owner));
        let delete = match seen.map(|login| &login.password_hash) {
            None => delete.condition_expression("user_id = :owner"),
            Some(None) => delete.condition_expression(WITHOUT_PASSWORD),
            Some(Some(hash)) => delete
                .condition_expression(WITH_PASSWORD)
                .expression_attribute_values(":seen", text(hash.as_str())),
        };
        let delete = delete
            .build()
            .map_err(|error| Error::corrupt(TABLE, error))?;
        Ok(TransactWriteItem::builder().delete(delete).build())
    }
}
