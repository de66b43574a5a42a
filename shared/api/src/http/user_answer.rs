//! An account in an answer.

use accounts::{Email, Locale, User, Username, WaysIn};
use claims::Role;
use serde::Serialize;

use crate::{ConfigError, Environment};

/// An account, as its owner and administrators see it. A name that it does not have is `null`.
#[derive(Serialize)]
pub struct UserAnswer {
    id: String,
    username: Option<Username>,
    email: Option<Email>,
    roles: Vec<Role>,
    second_factor: &'static str,
    /// Seconds since the Unix epoch.
    created_at: u64,
    #[serde(flatten)]
    mail: Option<MailMembers>,
}

/// The members that an account has where mail is sent.
#[derive(Serialize)]
struct MailMembers {
    /// Whether the account has an address that its owner has proved to read.
    email_verified: bool,
    /// The language of its mails, where its owner has chosen one.
    locale: Option<Locale>,
}

/// Answers with accounts.
#[derive(Clone, Copy, Debug)]
pub struct UserAnswers {
    mail_is_sent: bool,
}

impl UserAnswers {
    /// Answers with the members for which `MAILS_TABLE` decides.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where the variable is not set.
    pub fn new(environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            mail_is_sent: environment.mail_is_sent()?,
        })
    }

    /// Returns the answer with an account.
    #[must_use]
    pub fn of(self, user: User) -> UserAnswer {
        let mail = MailMembers {
            email_verified: user.email_is_verified(),
            locale: user.locale,
        };
        UserAnswer {
            second_factor: second_factor_rule(&user.ways_in),
            id: user.id.to_string(),
            username: user.names.username().cloned(),
            email: user.names.email().cloned(),
            roles: user.roles,
            created_at: user.created_at,
            mail: self.mail_is_sent.then_some(mail),
        }
    }
}

/// The word for whether a password asks for the second factor of its account.
pub fn second_factor_rule(ways_in: &WaysIn) -> &'static str {
    if ways_in.ask_for_factor() {
        "required"
    } else {
        "optional"
    }
}
