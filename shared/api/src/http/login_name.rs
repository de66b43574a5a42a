//! The name of an account in a request: a username or an e-mail address, not both.

use accounts::{Email, LoginName};

use crate::Fields;

impl Fields {
    /// Takes the name of an account: `username`, which may be an e-mail address too, or `email`.
    /// `None` if there is neither, or there is an error.
    pub fn login_name(&mut self) -> Option<LoginName> {
        let username = self.optional("username", LoginName::parse);
        let email = self.optional("email", Email::parse);
        match (username, email) {
            (Some(_), Some(_)) => {
                self.refuse("email", "must not be given together with a username");
                None
            }
            (username, email) => username.or_else(|| email.as_ref().map(LoginName::from)),
        }
    }
}
