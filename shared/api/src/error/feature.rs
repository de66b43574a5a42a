//! The features that an owner switches on.

/// A feature that the owner of a deployment switches on by a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// To send mails.
    Mail,
    /// To sign up by a mailed link.
    ConfirmedRegistration,
    /// Passkeys.
    Passkeys,
}

impl Feature {
    /// The parameter of the template.
    pub const fn parameter(self) -> &'static str {
        match self {
            Self::Mail => "MailFrom",
            Self::ConfirmedRegistration => "RegistrationMode",
            Self::Passkeys => "PasskeyRpId",
        }
    }

    pub(super) const fn detail(self) -> &'static str {
        match self {
            Self::Mail => "No mail is sent here: the parameter MailFrom is empty",
            Self::ConfirmedRegistration => {
                "Nobody signs up by mail here: the parameter RegistrationMode is not confirmed"
            }
            Self::Passkeys => "There are no passkeys here: the parameter PasskeyRpId is empty",
        }
    }
}
