//! Names: usernames and e-mail addresses.

mod email;
mod username;

use std::fmt;

pub use email::{Email, EmailError};
pub use username::{Username, UsernameError};

/// The names of an account: a username, an e-mail address, or both; never neither.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    username: Option<Username>,
    email: Option<Email>,
}

impl Names {
    /// The names of an account; `None` if there is neither.
    pub fn new(username: Option<Username>, email: Option<Email>) -> Option<Self> {
        (username.is_some() || email.is_some()).then_some(Self { username, email })
    }

    /// The username, if the account has one.
    pub fn username(&self) -> Option<&Username> {
        self.username.as_ref()
    }

    /// The e-mail address, if the account has one.
    pub fn email(&self) -> Option<&Email> {
        self.email.as_ref()
    }

    /// The names with another e-mail address.
    #[must_use]
    pub fn with_email(&self, email: Email) -> Self {
        Self {
            username: self.username.clone(),
            email: Some(email),
        }
    }

    /// Every name that this account signs in with, one or two.
    pub fn login_names(&self) -> impl Iterator<Item = LoginName> {
        let username = self.username.as_ref().map(LoginName::from);
        let email = self.email.as_ref().map(LoginName::from);
        username.into_iter().chain(email)
    }
}

impl From<Email> for Names {
    fn from(email: Email) -> Self {
        Self {
            username: None,
            email: Some(email),
        }
    }
}

/// The canonical form of a name to sign in with, unique over all accounts.
///
/// Usernames and e-mail addresses share one space without colliding: an address has an `@`, a
/// username never. `Debug` does not show it, for it may be an address.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LoginName(String);

/// The text is neither a username nor an e-mail address, whichever of the two it looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoginNameError {
    /// It has no `@`, and is no username.
    #[error(transparent)]
    Username(#[from] UsernameError),
    /// It has an `@`, and is no e-mail address.
    #[error(transparent)]
    Email(#[from] EmailError),
}

impl LoginName {
    /// Takes a text for a username or, where it has an `@`, for an e-mail address: forms have one
    /// field for either.
    ///
    /// # Errors
    ///
    /// [`LoginNameError`] if it is neither.
    pub fn parse(text: &str) -> Result<Self, LoginNameError> {
        if text.contains('@') {
            Ok(Self::from(&Email::parse(text)?))
        } else {
            Ok(Self::from(&Username::parse(text)?))
        }
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&Username> for LoginName {
    fn from(username: &Username) -> Self {
        Self(username.as_str().to_ascii_lowercase())
    }
}

impl From<&Email> for LoginName {
    fn from(email: &Email) -> Self {
        Self(email.as_str().to_owned())
    }
}

impl fmt::Debug for LoginName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LoginName(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_a_name() {
        assert_eq!(Names::new(None, None), None);
    }

    #[test]
    fn usernames_that_differ_in_case_alone_are_one_login_name() {
        let names =
            ["Ada", "ADA", "ada"].map(|name| LoginName::from(&Username::parse(name).unwrap()));
        assert!(names.iter().all(|name| name.as_str() == "ada"));
    }

    #[test]
    fn one_text_is_a_username_or_with_an_at_an_address() {
        let name = |text| LoginName::parse(text).map(|name| name.as_str().to_owned());
        assert_eq!(name(" Ada "), Ok("ada".to_owned()));
        assert_eq!(name("Ada@Example.com\n"), Ok("ada@example.com".to_owned()));
        assert_eq!(name("ab"), Err(UsernameError::Length.into()));
        assert_eq!(name("ada@"), Err(EmailError::Domain.into()));
    }

    #[test]
    fn an_account_with_both_names_signs_in_with_either() {
        let names = Names::new(
            Username::parse("Ada").ok(),
            Email::parse("Ada@example.com").ok(),
        )
        .unwrap();
        let texts: Vec<_> = names
            .login_names()
            .map(|name| name.as_str().to_owned())
            .collect();
        assert_eq!(texts, ["ada", "ada@example.com"]);
    }
}
