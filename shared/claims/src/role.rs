//! The names of roles and scopes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The most characters of a name.
const MAX_NAME: usize = 64;

/// The name of a role of an account.
///
/// Stored accounts and tokens are read with any text as a role: one that the table
/// [`Roles`](crate::Roles) does not name confers nothing and refuses nothing. The owner may have
/// dropped it, or another version may have written it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Role(String);

impl Role {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text is not the name of a role: 1 to 64 ASCII letters, digits and `. _ : / -`, of which the
/// first is a letter or a digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be 1 to {MAX_NAME} letters, digits and . _ : / -, the first of them a letter or a digit"
)]
pub struct NotAName;

impl FromStr for Role {
    type Err = NotAName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if is_name(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotAName)
        }
    }
}

/// A scope that code asks for: what a token may permit beyond its own account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope(&'static str);

impl Scope {
    /// Reading other accounts.
    pub const USERS_READ: Self = Self::new("users:read");
    /// Changing other accounts.
    pub const USERS_WRITE: Self = Self::new("users:write");
    /// Asking whether a token counts (RFC 7662).
    pub const TOKENS_INTROSPECT: Self = Self::new("tokens:introspect");

    /// The scope of this name, which is of the characters that a [`Role`] may have: a subset of
    /// those of a scope token (RFC 6749 §3.3).
    ///
    /// # Panics
    ///
    /// If it is not such a name; in a constant, when it is compiled.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        assert!(is_name(name), "not the name of a scope");
        Self(name)
    }

    /// The scope as tokens carry it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Names are parts of `scope`, which blanks separate, of the table of roles, and of headers.
pub(crate) const fn is_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let mark = matches!(bytes[at], b'.' | b'_' | b':' | b'/' | b'-');
        if !bytes[at].is_ascii_alphanumeric() && (!mark || at == 0) {
            return false;
        }
        at += 1;
    }
    0 < at && at <= MAX_NAME
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_a_name() {
        for name in [
            "a",
            "admin",
            "Admin",
            "9",
            "reports:read",
            "a.b_c/d-e",
            &"x".repeat(64),
        ] {
            let role: Role = name.parse().expect(name);
            assert_eq!(role.to_string(), name);
        }
        for text in [
            "",
            " ",
            "a b",
            "a ",
            "-a",
            ":a",
            "a,b",
            "a=b",
            "a+b",
            "a\"b",
            "a\\b",
            "é",
            "a\n",
            &"x".repeat(65),
        ] {
            assert_eq!(text.parse::<Role>(), Err(NotAName), "{text:?}");
        }
    }

    #[test]
    fn any_text_is_read_as_a_role_and_written_as_it_was() {
        for json in ["\"admin\"", "\"of a later version\"", "\"\""] {
            let role: Role = serde_json::from_str(json).expect(json);
            assert_eq!(serde_json::to_string(&role).ok().as_deref(), Some(json));
        }
        for json in ["1", "null", "[]", "{}"] {
            assert!(serde_json::from_str::<Role>(json).is_err(), "{json}");
        }
    }
}
