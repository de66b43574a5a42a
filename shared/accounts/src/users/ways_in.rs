//! The ways in to an account.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// Declares a type of names, each of which is kept where a later version has written it.
macro_rules! kind {
    ($(#[$doc:meta])* $name:ident { $($(#[$item_doc:meta])* $item:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Cow<'static, str>);

        impl $name {
            $($(#[$item_doc])* pub const $item: Self = Self(Cow::Borrowed($text));)*

            /// Its name.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    };
}

kind! {
    /// A way to begin a sign-in.
    Way {
        /// The password.
        PASSWORD = "password",
        /// A passkey.
        PASSKEY = "passkey",
        /// An identity at another issuer.
        IDENTITY = "identity",
    }
}

kind! {
    /// A second factor.
    SecondFactor {
        /// The codes of an authenticator app (TOTP, RFC 6238).
        TOTP = "totp",
        /// A passkey.
        PASSKEY = "passkey",
    }
}

/// The ways in to an account: how a sign-in begins, and the second factors of which a password asks
/// for one. Every name of an account has a copy, so that a sign-in knows them in its first step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaysIn {
    /// The methods that begin a sign-in.
    pub ways: BTreeSet<Way>,
    /// The factors of which a password asks for one; it asks for none where there is none.
    pub factors: BTreeSet<SecondFactor>,
}

impl Default for WaysIn {
    /// A password alone, as for an account that says nothing else.
    fn default() -> Self {
        Self {
            ways: BTreeSet::from([Way::PASSWORD]),
            factors: BTreeSet::new(),
        }
    }
}

impl WaysIn {
    /// Returns whether a password asks for a second factor, whatever the deployment asks for.
    pub fn ask_for_factor(&self) -> bool {
        !self.factors.is_empty()
    }

    /// Returns whether there is a second factor or a passkey: something to reach
    /// [`Acr::Aal2`](crate::Acr) with.
    pub fn reach_aal2(&self) -> bool {
        self.ask_for_factor() || self.ways.contains(&Way::PASSKEY)
    }

    /// The same, with codes of an app as a second factor.
    #[must_use]
    pub fn with_totp(mut self) -> Self {
        self.factors.insert(SecondFactor::TOTP);
        // Somebody who asks for a second factor has no use for one that a password goes around.
        if self.ways.contains(&Way::PASSKEY) {
            self.factors.insert(SecondFactor::PASSKEY);
        }
        self
    }

    /// The same without codes of an app. A passkey that was a second factor stays one.
    #[must_use]
    pub fn without_totp(mut self) -> Self {
        self.factors.remove(&SecondFactor::TOTP);
        self
    }

    /// The same with a passkey, which is a second factor too where a password asks for one.
    #[must_use]
    pub fn with_passkey(mut self) -> Self {
        self.ways.insert(Way::PASSKEY);
        if self.ask_for_factor() {
            self.factors.insert(SecondFactor::PASSKEY);
        }
        self
    }

    /// The same without any passkey.
    #[must_use]
    pub fn without_passkey(mut self) -> Self {
        self.ways.remove(&Way::PASSKEY);
        self.factors.remove(&SecondFactor::PASSKEY);
        self
    }

    /// The same, where a password asks for a second factor by the owner's choice, or does not.
    #[must_use]
    pub fn asking_for_passkey(mut self, asks: bool) -> Self {
        if asks {
            self.factors.insert(SecondFactor::PASSKEY);
        } else {
            self.factors.remove(&SecondFactor::PASSKEY);
        }
        self
    }

    /// The same without second factors and passkeys, as after an administrator has removed them.
    #[must_use]
    pub fn without_factors(mut self) -> Self {
        self.factors.clear();
        self.ways.remove(&Way::PASSKEY);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(ways_in: &WaysIn) -> (Vec<&str>, Vec<&str>) {
        let ways = ways_in.ways.iter().map(Way::as_str).collect();
        let factors = ways_in.factors.iter().map(SecondFactor::as_str).collect();
        (ways, factors)
    }

    #[test]
    fn a_passkey_is_a_second_factor_where_a_password_asks_for_one() {
        let alone = WaysIn::default().with_passkey();
        assert_eq!(names(&alone), (vec!["passkey", "password"], vec![]));
        assert!(alone.reach_aal2() && !WaysIn::default().reach_aal2());
        let both = alone.clone().with_totp();
        assert_eq!(both, WaysIn::default().with_totp().with_passkey());
        assert_eq!(names(&both).1, ["passkey", "totp"]);
        assert_eq!(names(&both.clone().without_totp()).1, ["passkey"]);
        assert_eq!(
            names(&both.clone().without_passkey()),
            (vec!["password"], vec!["totp"])
        );
        assert_eq!(both.without_factors(), WaysIn::default());
        assert_eq!(
            names(&alone.clone().asking_for_passkey(true)).1,
            ["passkey"]
        );
        assert_eq!(
            alone
                .clone()
                .asking_for_passkey(true)
                .asking_for_passkey(false),
            alone
        );
    }
}
