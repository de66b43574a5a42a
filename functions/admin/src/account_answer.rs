//! An account in an answer.

use accounts::User;
use api::{UserAnswer, UserAnswers};
use serde::Serialize;

/// An account as administrators see it.
#[derive(Serialize)]
pub(crate) struct AccountAnswer {
    #[serde(flatten)]
    user: UserAnswer,
    status: &'static str,
}

impl AccountAnswer {
    pub(crate) fn of(answers: UserAnswers, user: User) -> Self {
        let status = user.status.as_str();
        let user = answers.of(user);
        Self { user, status }
    }
}
