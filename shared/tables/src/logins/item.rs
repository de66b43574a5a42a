//! A name as an item of its table.

use accounts::{Epoch, LoginName, Owner, PasswordHash, UserId, WaysIn};
use serde::{Deserialize, Serialize};

use super::login::{Login, UnknownAttributes};
use crate::Error;
use crate::item::{self, Item};
use crate::ways_in::StoredWaysIn;

/// A name as the table has it.
#[derive(Serialize, Deserialize)]
struct LoginItem {
    name: String,
    user_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    password_hash: Option<String>,
    epoch: Epoch,
    #[serde(flatten)]
    ways_in: StoredWaysIn,
}

/// The attributes that follow the account.
#[derive(Serialize)]
struct Following<'a> {
    epoch: Epoch,
    #[serde(skip_serializing_if = "Option::is_none")]
    password_hash: Option<&'a str>,
    #[serde(flatten)]
    ways_in: StoredWaysIn,
}

pub(super) const TABLE: &str = "Logins";

/// The attributes of a [`LoginItem`].
const KNOWN: [&str; 6] = [
    "name",
    "user_id",
    "password_hash",
    "epoch",
    "factors",
    "ways",
];

/// Writes a name and its login as an item.
pub(super) fn write(name: &LoginName, login: &Login) -> Result<Item, Error> {
    let hash = login.password_hash.as_ref();
    let stored = LoginItem {
        name: name.as_str().to_owned(),
        user_id: login.owner.user_id.to_string(),
        password_hash: hash.map(|hash| hash.as_str().to_owned()),
        epoch: login.owner.epoch,
        ways_in: StoredWaysIn::from(&login.ways_in),
    };
    let mut item = login.unknown.0.clone();
    item.extend(item::write(TABLE, stored)?);
    Ok(item)
}

/// Writes the attributes of a name that follow its account, with the hash of its password where that
/// is a part of the change.
pub(super) fn following(
    epoch: Epoch,
    ways_in: &WaysIn,
    password_hash: Option<&str>,
) -> Result<Item, Error> {
    let following = Following {
        epoch,
        password_hash,
        ways_in: ways_in.into(),
    };
    item::write(TABLE, following)
}

/// Reads a login from an item.
pub(crate) fn read(item: Item) -> Result<Login, Error> {
    let attributes = item.into_iter();
    let (known, unknown): (Item, Item) =
        attributes.partition(|(name, _)| KNOWN.contains(&name.as_str()));
    let stored: LoginItem = item::read(TABLE, known)?;
    Ok(Login {
        owner: Owner {
            user_id: UserId::parse(&stored.user_id)
                .ok_or_else(|| Error::corrupt(TABLE, "user_id is not an id"))?,
            epoch: stored.epoch,
        },
        password_hash: stored.password_hash.map(PasswordHash::from_stored),
        ways_in: stored.ways_in.into(),
        unknown: UnknownAttributes(unknown),
    })
}
