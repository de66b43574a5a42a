//! The kinds of items, and the request that has used one.

use crate::Error;
use crate::item::Item;

pub(crate) const TABLE: &str = "Factors";

/// The id of the item of an authenticator app.
pub(crate) const TOTP: &str = "totp";
/// The id of the item of the recovery codes.
pub(crate) const RECOVERY: &str = "recovery";

const PASSKEY: &str = "passkey#";

/// The kinds of items, by their ids.
pub(super) enum Kind {
    Totp,
    Recovery,
    Passkey,
    /// Of a later version.
    Unknown,
}

impl Kind {
    pub(super) fn of(item: &Item) -> Result<Self, Error> {
        let id = item.get("id").and_then(|id| id.as_s().ok());
        let id = id.ok_or_else(|| Error::corrupt(TABLE, "id is not a text"))?;
        Ok(match id.as_str() {
            TOTP => Self::Totp,
            RECOVERY => Self::Recovery,
            id if id.starts_with(PASSKEY) => Self::Passkey,
            _ => Self::Unknown,
        })
    }
}

/// The id of the item of a passkey.
pub(crate) fn of_passkey(credential_id: &str) -> String {
    format!("{PASSKEY}{credential_id}")
}

/// The credential id in the id of an item.
pub(super) fn credential_id(id: &str) -> Option<&str> {
    id.strip_prefix(PASSKEY)
}

/// Returns whether the item in the way of a write was written by this very request, whose answer
/// was lost.
pub(super) fn is_used_by(item: &Item, attempt: &str) -> bool {
    let used_by = item.get("used_by").and_then(|by| by.as_s().ok());
    used_by.is_some_and(|by| by == attempt)
}
