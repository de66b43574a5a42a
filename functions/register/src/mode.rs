//! The owner's decision who may register.

use api::{ConfigError, Environment};

/// The people who may register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Anybody.
    Open,
    /// Anybody who reads the mail to the address of the account.
    Confirmed,
    /// Nobody but whom an administrator or an operator invites.
    Closed,
}

impl Mode {
    /// The mode that `REGISTRATION_MODE` names.
    pub(crate) fn new(environment: &Environment, mail_is_sent: bool) -> Result<Self, ConfigError> {
        let name = "REGISTRATION_MODE";
        let modes = [
            ("open", Self::Open),
            ("confirmed", Self::Confirmed),
            ("closed", Self::Closed),
        ];
        let mode = environment.choice(name, &modes)?;
        if mode == Self::Confirmed && !mail_is_sent {
            return Err(ConfigError {
                name: name.to_owned(),
                problem: "is confirmed, but MAIL_FROM is empty".to_owned(),
            });
        }
        Ok(mode)
    }
}
