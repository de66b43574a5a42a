//! An account in an answer.

use std::collections::BTreeSet;

use accounts::{SecondFactor, User, Way};
use api::{UserAnswer, UserAnswers};
use serde::Serialize;

/// An account as administrators see it.
#[derive(Serialize)]
pub(crate) struct AccountAnswer {
    #[serde(flatten)]
    user: UserAnswer,
    status: &'static str,
    /// The second factors of which a password asks for one.
    factors: BTreeSet<SecondFactor>,
    /// The methods that begin a sign-in.
    ways: BTreeSet<Way>,
}

impl AccountAnswer {
    pub(crate) fn of(answers: UserAnswers, user: User) -> Self {
        let ways_in = user.ways_in.clone();
        Self {
            status: user.status.as_str(),
            factors: ways_in.factors,
            ways: ways_in.ways,
            user: answers.of(user),
        }
    }
}
