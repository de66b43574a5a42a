//! Authentication: the methods by which an owner proved who they are, and when.

use std::borrow::Cow;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Acr;
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
    /// A one-time code: of an authenticator app, or a recovery code.
    pub const OTP: Self = Self(Cow::Borrowed("otp"));
    /// The proof of possession of a key (OpenID Connect EAP ACR Values 1.0 §4), as by a passkey.
    pub const POP: Self = Self(Cow::Borrowed("pop"));
    /// The device has verified its user, by a finger or by a PIN.
    pub const USER: Self = Self(Cow::Borrowed("user"));
    /// Another issuer's sign-in.
    pub const FEDERATED: Self = Self(Cow::Borrowed("fed"));
    /// A code or a link that was mailed.
    pub const EMAIL: Self = Self(Cow::Borrowed("email"));
    /// More than one factor. It follows from the others, see [`Methods::amr`].
    const MULTIPLE: Self = Self(Cow::Borrowed("mfa"));

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

    /// Those of a passkey whose device has verified its user.
    pub fn passkey() -> Self {
        Self(vec![AuthMethod::POP, AuthMethod::USER])
    }

    /// The claim `amr` of tokens (RFC 8176 §1): the methods, and `mfa` where they amount to more
    /// than one factor.
    pub fn amr(&self) -> Vec<String> {
        let is_multiple = self.acr() == Some(Acr::Aal2) && !self.contains(&AuthMethod::MULTIPLE);
        let multiple = is_multiple.then_some(AuthMethod::MULTIPLE);
        let all = self.0.iter().chain(&multiple);
        all.map(|method| method.as_str().to_owned()).collect()
    }

    /// The level that the methods reach; `None` where they reach none, as a mailed code alone.
    pub fn acr(&self) -> Option<Acr> {
        let has = |method| self.contains(&method);
        let begun = has(AuthMethod::PASSWORD) || has(AuthMethod::FEDERATED);
        let proved = has(AuthMethod::OTP) || has(AuthMethod::POP);
        if has(AuthMethod::POP) && has(AuthMethod::USER) || begun && proved {
            Some(Acr::Aal2)
        } else if begun || has(AuthMethod::EMAIL) && has(AuthMethod::OTP) {
            Some(Acr::Aal1)
        } else {
            None
        }
    }

    /// Returns whether a phishing site could not have had them: a passkey is among them (`phr`,
    /// OpenID Connect EAP ACR Values 1.0 §3).
    pub fn are_phishing_resistant(&self) -> bool {
        self.contains(&AuthMethod::POP)
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
    /// A proof by a method, or by several at once.
    pub fn by(methods: impl Into<Methods>, at: Timestamp) -> Self {
        let methods = methods.into();
        Self { at, methods }
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
    pub fn then(&self, more: impl Into<Methods>, at: Timestamp) -> Self {
        let mut methods = self.methods.clone();
        for method in more.into().0 {
            methods.add(method);
        }
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
    fn the_level_follows_from_the_methods_and_more_than_one_factor_is_named() {
        for (proof, amr, acr) in [
            ("pwd", "pwd", Some(Acr::Aal1)),
            ("fed", "fed", Some(Acr::Aal1)),
            ("pwd otp", "pwd otp mfa", Some(Acr::Aal2)),
            ("fed otp", "fed otp mfa", Some(Acr::Aal2)),
            ("pwd pop user", "pwd pop user mfa", Some(Acr::Aal2)),
            ("fed pop user", "fed pop user mfa", Some(Acr::Aal2)),
            ("pop user", "pop user mfa", Some(Acr::Aal2)),
            ("email", "email", None),
            ("email otp", "email otp", Some(Acr::Aal1)),
            ("email pop user", "email pop user mfa", Some(Acr::Aal2)),
            ("otp", "otp", None),
            ("pop", "pop", None),
            ("mfa", "mfa", None),
            ("later", "later", None),
            ("pwd otp mfa", "pwd otp mfa", Some(Acr::Aal2)),
        ] {
            let names = Vec::from_iter(proof.split(' '));
            let methods = methods(&names);
            assert_eq!(
                (methods.amr().join(" "), methods.acr()),
                (amr.to_owned(), acr)
            );
            let resists = methods.are_phishing_resistant();
            assert_eq!(resists, names.contains(&"pop"), "{proof}");
        }
        assert_eq!(Methods::passkey(), methods(&["pop", "user"]));
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
