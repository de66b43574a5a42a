//! A stored password hash.

use std::fmt;

/// A password's argon2id hash as a PHC string: parameters, salt and hash in one text.
///
/// `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Takes a stored PHC string. Whether it is well-formed shows when it is verified against.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The PHC string, for storage.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing_of_a_hash() {
        let stored = PasswordHash::from_stored("$argon2id$x".to_owned());
        assert_eq!(format!("{stored:?}"), "PasswordHash(…)");
    }
}
