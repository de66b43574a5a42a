//! The login behind a name.

use std::fmt;

use accounts::{Owner, PasswordHash, WaysIn};

use crate::item::Item;

/// The login behind a name: its owner and its password.
#[derive(Clone, Debug, PartialEq)]
pub struct Login {
    /// Whose name it is, and the owner of the sessions that begin with it.
    pub owner: Owner,
    /// The hash of the account's password, if it has one.
    pub password_hash: Option<PasswordHash>,
    /// The copy of the account's ways in.
    pub ways_in: WaysIn,
    /// The attributes that a later version has added.
    pub unknown: UnknownAttributes,
}

/// A change of the password of an account.
#[derive(Clone, Copy, Debug)]
pub enum PasswordChange<'a> {
    /// It stays.
    Kept,
    /// It becomes the one with this hash.
    Set(&'a PasswordHash),
    /// There is none any more: none signs in before another one is set.
    Voided,
}

/// Attributes of a login that this version does not know. They speak of the account, never of the
/// name, so that a new name of the account gets them too. `Debug` shows none of them: a later
/// version may keep a secret there.
#[derive(Clone, Default, PartialEq)]
pub struct UnknownAttributes(pub(super) Item);

impl fmt::Debug for UnknownAttributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UnknownAttributes({})", self.0.len())
    }
}
