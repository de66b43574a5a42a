//! The tables that the environment names.

use tables::{Accounts, Factors, Keys, Logins, Mails, Sessions, Throttles, Users};

use crate::{ConfigError, Environment};

/// The tables, by the variables that name them.
impl Environment {
    /// The table that `LOGINS_TABLE` names.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where the variable is not set, or empty.
    pub fn logins(&self) -> Result<Logins, ConfigError> {
        Ok(Logins::new(self.client(), self.required("LOGINS_TABLE")?))
    }

    /// The table that `USERS_TABLE` names.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where the variable is not set, or empty.
    pub fn users(&self) -> Result<Users, ConfigError> {
        Ok(Users::new(self.client(), self.required("USERS_TABLE")?))
    }

    /// The table that `SESSIONS_TABLE` names.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where the variable is not set, or empty.
    pub fn sessions(&self) -> Result<Sessions, ConfigError> {
        Ok(Sessions::new(
            self.client(),
            self.required("SESSIONS_TABLE")?,
        ))
    }

    /// The tables that `LOGINS_TABLE`, `USERS_TABLE` and `SESSIONS_TABLE` name.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where a variable is not set, or empty.
    pub fn accounts(&self) -> Result<Accounts, ConfigError> {
        Ok(Accounts::new(
            self.logins()?,
            self.users()?,
            self.sessions()?,
        ))
    }

    /// The table that `THROTTLES_TABLE` names.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where the variable is not set, or empty.
    pub fn throttles(&self) -> Result<Throttles, ConfigError> {
        Ok(Throttles::new(
            self.client(),
            self.required("THROTTLES_TABLE")?,
        ))
    }

    /// The table that `MAILS_TABLE` names; `None` where it is empty, since no mail is sent.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where the variable is not set.
    pub fn mails(&self) -> Result<Option<Mails>, ConfigError> {
        let table = self.text("MAILS_TABLE")?;
        Ok(self
            .mail_is_sent()?
            .then(|| Mails::new(self.client(), table)))
    }

    /// Returns whether mail is sent, for those who answer alone: `MAILS_TABLE` is not empty.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where the variable is not set.
    pub fn mail_is_sent(&self) -> Result<bool, ConfigError> {
        Ok(!self.text("MAILS_TABLE")?.is_empty())
    }

    /// The table that `FACTORS_TABLE` names.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where the variable is not set, or empty.
    pub fn factors(&self) -> Result<Factors, ConfigError> {
        Ok(Factors::new(self.client(), self.required("FACTORS_TABLE")?))
    }

    /// The table that `KEYS_TABLE` names.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where the variable is not set, or empty.
    pub fn keys(&self) -> Result<Keys, ConfigError> {
        Ok(Keys::new(self.client(), self.required("KEYS_TABLE")?))
    }
}
