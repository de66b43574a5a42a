//! The credentials of a login.

use accounts::{Email, LoginName, Password};
use api::{Error, Fields};
use zeroize::Zeroizing;

/// The credentials of a login.
pub(crate) struct Credentials {
    pub(crate) name: LoginName,
    pub(crate) password: Password,
    pub(crate) device_token: Option<Zeroizing<String>>,
}

impl Credentials {
    pub(crate) fn parse(mut fields: Fields) -> Result<Self, Error> {
        let username = fields.optional("username", LoginName::parse);
        let email = fields.optional("email", Email::parse);
        let name = match (username, email) {
            (Some(username), None) => Some(username),
            (None, Some(email)) => Some(LoginName::from(&email)),
            (Some(_), Some(_)) => {
                fields.refuse("email", "must not be given together with a username");
                None
            }
            (None, None) if fields.is_ok() => {
                fields.refuse("username", "is missing: give a username or an email");
                None
            }
            (None, None) => None,
        };
        let password = fields.required("password", Password::parse);
        let device_token = fields.optional_secret("device_token");
        let parsed = name.zip(password).map(|(name, password)| Self {
            name,
            password,
            device_token,
        });
        fields.finish(parsed)
    }
}
