//! What a name signs in to.

use accounts::{Owner, PasswordHash};

/// What a name signs in to, and with what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// Whose name it is, and the owner of the sessions that begin with it.
    pub owner: Owner,
    /// The hash of the account's password, if it has one.
    pub password_hash: Option<PasswordHash>,
}
