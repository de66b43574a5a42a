//! An account in an answer.

use accounts::User;
use api::UserAnswer;
use serde::Serialize;

/// An account as administrators see it.
#[derive(Serialize)]
pub(crate) struct AccountAnswer {
    #[serde(flatten)]
    user: UserAnswer,
    status: &'static str,
}

impl From<User> for AccountAnswer {
    fn from(user: User) -> Self {
        let status = user.status.as_str();
        let user = user.into();
        Self { user, status }
    }
}
