//! The owner's decision who may register.

use api::{ConfigError, Environment, MfaRequired};

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
        let for_all = environment.mfa_required()? == MfaRequired::All;
        let problem = match mode {
            Self::Confirmed if !mail_is_sent => "is confirmed, but MAIL_FROM is empty",
            // A factor is added to a verified address alone, and nobody has a session to verify one.
            Self::Open if mail_is_sent && for_all => {
                "is open, but MFA_REQUIRED is all and MAIL_FROM is set: take confirmed, or nobody could enrol"
            }
            _ => return Ok(mode),
        };
        Err(ConfigError {
            name: name.to_owned(),
            problem: problem.to_owned(),
        })
    }
}
