//! A passkey as an item.

use accounts::{Timestamp, UserId};
use serde::{Deserialize, Serialize};

use super::item::{self as kind, TABLE};
use crate::Error;
use crate::item::{self, Item};

/// A passkey of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyRow {
    /// The id of the credential, in base64url (WebAuthn Level 3 §5.1).
    pub credential_id: String,
    /// Its name, by its owner.
    pub name: String,
    /// The public half, as the crate `passkeys` writes it.
    pub public: String,
    /// When it was added.
    pub added_at: Timestamp,
    /// When it was last used, if it was.
    pub last_used_at: Option<Timestamp>,
    /// The last signature count (WebAuthn Level 3 §6.1.1).
    pub sign_count: u32,
    /// Whether it may be backed up, and so be on several devices (the flag BE).
    pub backup_eligible: bool,
    /// Whether it is backed up (the flag BS).
    pub backed_up: bool,
}

#[derive(Serialize, Deserialize)]
struct PasskeyItem {
    user_id: String,
    id: String,
    name: String,
    public: String,
    added_at: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_used_at: Option<u64>,
    sign_count: u32,
    backup_eligible: bool,
    backed_up: bool,
}

pub(super) fn write(user_id: UserId, passkey: &PasskeyRow) -> Result<Item, Error> {
    let stored = PasskeyItem {
        user_id: user_id.to_string(),
        id: kind::of_passkey(&passkey.credential_id),
        name: passkey.name.clone(),
        public: passkey.public.clone(),
        added_at: passkey.added_at,
        last_used_at: passkey.last_used_at,
        sign_count: passkey.sign_count,
        backup_eligible: passkey.backup_eligible,
        backed_up: passkey.backed_up,
    };
    item::write(TABLE, stored)
}

pub(crate) fn read(item: Item) -> Result<PasskeyRow, Error> {
    let stored: PasskeyItem = item::read(TABLE, item)?;
    let credential_id = kind::credential_id(&stored.id);
    let credential_id =
        credential_id.ok_or_else(|| Error::corrupt(TABLE, "id is not that of a passkey"))?;
    Ok(PasskeyRow {
        credential_id: credential_id.to_owned(),
        name: stored.name,
        public: stored.public,
        added_at: stored.added_at,
        last_used_at: stored.last_used_at,
        sign_count: stored.sign_count,
        backup_eligible: stored.backup_eligible,
        backed_up: stored.backed_up,
    })
}
