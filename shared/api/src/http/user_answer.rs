//! An account in an answer.

use accounts::{Email, User, Username};
use claims::Role;
use serde::Serialize;

/// An account, as its owner and administrators see it. A name that it does not have is `null`.
#[derive(Serialize)]
pub struct UserAnswer {
    id: String,
    username: Option<Username>,
    email: Option<Email>,
    roles: Vec<Role>,
    /// Seconds since the Unix epoch.
    created_at: u64,
}

impl From<User> for UserAnswer {
    fn from(user: User) -> Self {
        Self {
            id: user.id.to_string(),
            username: user.names.username().cloned(),
            email: user.names.email().cloned(),
            roles: user.roles,
            created_at: user.created_at,
        }
    }
}
