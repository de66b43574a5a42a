//! An account as an item of its table.

use accounts::{Email, Epoch, Locale, Names, Status, User, UserId, Username, VerifiedEmail};
use claims::Role;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::item::{self, Item};
use crate::ways_in::StoredWaysIn;

/// An account as the table has it.
#[derive(Serialize, Deserialize)]
struct UserItem {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email_verified: Option<StoredProof>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<String>,
    #[serde(flatten)]
    ways_in: StoredWaysIn,
    #[serde(skip_serializing_if = "Option::is_none")]
    factor_added_at: Option<u64>,
    roles: Vec<Role>,
    status: String,
    epoch: Epoch,
    version: u64,
    created_at: u64,
}

#[derive(Serialize, Deserialize)]
struct StoredProof {
    address: String,
    at: u64,
}

pub(super) const TABLE: &str = "Users";

impl From<&User> for UserItem {
    fn from(user: &User) -> Self {
        Self {
            id: user.id.to_string(),
            username: user
                .names
                .username()
                .map(|username| username.as_str().to_owned()),
            email: user.names.email().map(|email| email.as_str().to_owned()),
            email_verified: user.verified_email.as_ref().map(StoredProof::from),
            locale: user.locale.as_ref().map(ToString::to_string),
            ways_in: StoredWaysIn::from(&user.ways_in),
            factor_added_at: user.factor_added_at,
            roles: user.roles.clone(),
            // Of an unknown one nothing is written: it is the same before and after a change.
            status: user.status.as_str().to_owned(),
            epoch: user.epoch,
            version: user.version,
            created_at: user.created_at,
        }
    }
}

impl From<&VerifiedEmail> for StoredProof {
    fn from(verified: &VerifiedEmail) -> Self {
        Self {
            address: verified.address.as_str().to_owned(),
            at: verified.at,
        }
    }
}

impl StoredProof {
    fn read(&self) -> Result<VerifiedEmail, Error> {
        let address = Email::parse(&self.address);
        Ok(VerifiedEmail {
            address: address
                .map_err(|_| Error::corrupt(TABLE, "email_verified has no valid address"))?,
            at: self.at,
        })
    }
}

/// Writes an account as an item.
pub(super) fn write(user: &User) -> Result<Item, Error> {
    item::write(TABLE, UserItem::from(user))
}

/// Reads an account from an item.
pub(crate) fn read(item: Item) -> Result<User, Error> {
    let stored: UserItem = item::read(TABLE, item)?;
    let username = stored.username.as_deref().map(Username::parse).transpose();
    let email = stored.email.as_deref().map(Email::parse).transpose();
    let names = Names::new(
        username.map_err(|_| Error::corrupt(TABLE, "username is invalid"))?,
        email.map_err(|_| Error::corrupt(TABLE, "email is invalid"))?,
    );
    Ok(User {
        id: UserId::parse(&stored.id).ok_or_else(|| Error::corrupt(TABLE, "id is not an id"))?,
        names: names.ok_or_else(|| Error::corrupt(TABLE, "username and email are missing"))?,
        verified_email: stored
            .email_verified
            .as_ref()
            .map(StoredProof::read)
            .transpose()?,
        // Of a form that this version does not know it is none, and stays as it is.
        locale: stored.locale.and_then(|locale| Locale::parse(&locale).ok()),
        ways_in: stored.ways_in.into(),
        factor_added_at: stored.factor_added_at,
        roles: stored.roles,
        status: Status::parse(&stored.status).unwrap_or(Status::Unknown),
        epoch: stored.epoch,
        version: stored.version,
        created_at: stored.created_at,
    })
}
