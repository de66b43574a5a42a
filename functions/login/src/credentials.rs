//! The credentials of a login.

use accounts::{LoginName, Password};
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
        let name = fields.login_name();
        if name.is_none() && fields.is_ok() {
            fields.refuse("username", "is missing: give a username or an email");
        }
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
