//! The login behind a name.

use accounts::{Owner, PasswordHash};

/// The login behind a name: its owner and its password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// Whose name it is, and the owner of the sessions that begin with it.
    pub owner: Owner,
    /// The hash of the account's password, if it has one.
    pub password_hash: Option<PasswordHash>,
}
