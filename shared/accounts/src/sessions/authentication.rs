//! Authentication: the methods by which an owner proved who they are, and when.

use std::borrow::Cow;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// A method of authentication, by its name in the claim `amr` (RFC 8176 §2).
///
/// Any name is accepted, so that a method that a later version has written is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AuthMethod(Cow<'static, str>);

impl AuthMethod {
    /// A password of the account.
    pub const PASSWORD: Self = Self(Cow::Borrowed("pwd"));

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The methods that were used, each once, in the order of their use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<AuthMethod>")]
pub struct Methods(Vec<AuthMethod>);

impl Methods {
    /// Returns whether a method is among them.
    pub fn contains(&self, method: &AuthMethod) -> bool {
        self.0.contains(method)
    }

    /// The claim `amr` of tokens (RFC 8176 §1).
    pub fn amr(&self) -> Vec<String> {
        let names = self.0.iter().map(AuthMethod::as_str);
        names.map(ToOwned::to_owned).collect()
    }

    fn add(&mut self, method: AuthMethod) {
        if !self.contains(&method) {
            self.0.push(method);
        }
    }
}

impl From<AuthMethod> for Methods {
    fn from(method: AuthMethod) -> Self {
        Self(vec![method])
    }
}

impl From<Vec<AuthMethod>> for Methods {
    fn from(list: Vec<AuthMethod>) -> Self {
        let mut methods = Self(Vec::new());
        for method in list {
            methods.add(method);
        }
        methods
    }
}

/// An authentication: the methods of a proof, and its time. The claims `amr` and `auth_time` follow
/// from it, and whether a request is recent enough for what it asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authentication {
    /// The time of the last proof.
    pub at: Timestamp,
    /// The methods that were used.
    pub methods: Methods,
}

impl Authentication {
    /// A proof by one method.
    pub fn by(method: AuthMethod, at: Timestamp) -> Self {
        Self {
            at,
            methods: method.into(),
        }
    }

    /// A proof as a table has it. Without methods it was stored by a version that knew the password
    /// alone.
    pub fn from_stored(at: Timestamp, methods: Option<Methods>) -> Self {
        Self {
            at,
            methods: methods.unwrap_or_else(|| AuthMethod::PASSWORD.into()),
        }
    }

    /// The proof after another one in the same session: at the time of the new one, and by the
    /// methods of both.
    #[must_use]
    pub fn then(&self, method: AuthMethod, at: Timestamp) -> Self {
        let mut methods = self.methods.clone();
        methods.add(method);
        Self { at, methods }
    }

    /// Returns whether it is at most so old.
    pub fn is_within(&self, max_age: Duration, now: Timestamp) -> bool {
        now <= self.at.saturating_add(max_age.as_secs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn methods(names: &[&'static str]) -> Methods {
        let list: Vec<_> = names
            .iter()
            .map(|name| AuthMethod(Cow::Borrowed(name)))
            .collect();
        list.into()
    }

    #[test]
    fn methods_are_in_the_order_of_their_use_and_each_is_there_once() {
        let repeated = methods(&["pwd", "otp", "pwd", "mfa", "otp"]);
        assert_eq!(repeated.amr(), ["pwd", "otp", "mfa"]);
        assert!(repeated.contains(&AuthMethod::PASSWORD));
        assert!(!methods(&["otp"]).contains(&AuthMethod::PASSWORD));
    }

    #[test]
    fn a_later_proof_keeps_the_methods_that_were_there() {
        let first = Authentication {
            at: 1_000,
            methods: methods(&["of a later version"]),
        };
        let second = first
            .then(AuthMethod::PASSWORD, 2_000)
            .then(AuthMethod::PASSWORD, 3_000);
        assert_eq!(second.at, 3_000);
        assert_eq!(second.methods.amr(), ["of a later version", "pwd"]);
    }

    #[test]
    fn a_proof_is_recent_for_its_age_and_not_a_second_longer() {
        let proof = Authentication::by(AuthMethod::PASSWORD, 1_000);
        let age = Duration::from_secs(30);
        assert!(proof.is_within(age, 1_030) && !proof.is_within(age, 1_031));
        assert!(proof.is_within(age, 999), "a clock that is behind");
    }

    #[test]
    fn a_proof_without_methods_is_a_password() {
        assert_eq!(
            Authentication::from_stored(1_000, None),
            Authentication::by(AuthMethod::PASSWORD, 1_000)
        );
        let none = Authentication::from_stored(1_000, Some(methods(&[])));
        assert!(none.methods.amr().is_empty(), "it names none");
    }
}
