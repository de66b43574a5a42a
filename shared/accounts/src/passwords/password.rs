//! A password.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// A password as it was typed: every character counts, nothing is trimmed, folded or cut.
///
/// It is held in Unicode normalisation form C, the one form in which passwords are hashed here, so
/// that the same keys on two systems give the same password (NIST SP 800-63B-4 §3.1.1.2). Memory is
/// wiped when it is dropped; `Debug` shows nothing.
pub struct Password(Zeroizing<String>);

/// Why a text cannot be a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// It is empty.
    #[error("must not be empty")]
    Empty,
    /// More than [`Password::MAX_LENGTH`] characters.
    #[error("must have at most 256 characters")]
    TooLong,
}

/// The most code points that one of form C has in form D, as some systems send passwords (UAX #15).
const MAX_DECOMPOSITION: usize = 4;

impl Password {
    /// The longest password, in code points of form C.
    pub const MAX_LENGTH: usize = 256;

    /// Takes a text for a password. [`PasswordPolicy`](crate::PasswordPolicy) decides whether it is
    /// good enough for a new account: a rule that came later must not lock out an old one.
    ///
    /// # Errors
    ///
    /// [`PasswordError`] where there is nothing, or too much, to hash.
    pub fn parse(text: &str) -> Result<Self, PasswordError> {
        if text.is_empty() {
            return Err(PasswordError::Empty);
        }
        // Bounded before it is normalised: unbounded normalising is itself a denial of service.
        if text
            .chars()
            .nth(Self::MAX_LENGTH * MAX_DECOMPOSITION)
            .is_some()
        {
            return Err(PasswordError::TooLong);
        }
        // Composition can make a text longer in bytes but never by more than threefold; reserving
        // that keeps the string from moving and leaving copies behind.
        let mut normal = Zeroizing::new(String::with_capacity(text.len() * 3));
        normal.extend(text.nfc());
        if normal.chars().nth(Self::MAX_LENGTH).is_some() {
            return Err(PasswordError::TooLong);
        }
        Ok(Self(normal))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_counts() {
        for text in [" padded ", "Case", "case", "nul\0byte", "tab\t", "ünï¢ødé"] {
            assert_eq!(Password::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn composed_and_decomposed_letters_are_one_password() {
        let composed = Password::parse("\u{e9}").unwrap();
        let decomposed = Password::parse("e\u{301}").unwrap();
        assert_eq!(composed.as_str(), decomposed.as_str());
    }

    #[test]
    fn length_is_counted_in_characters_and_bounded() {
        assert!(Password::parse(&"é".repeat(256)).is_ok());
        let decomposed: String = "\u{1f82}".repeat(256).nfd().collect();
        assert!(
            Password::parse(&decomposed).is_ok(),
            "as another system sends it"
        );
        for text in ["x".repeat(257), "x".repeat(10_000_000)] {
            assert_eq!(Password::parse(&text).unwrap_err(), PasswordError::TooLong);
        }
        assert_eq!(Password::parse("").unwrap_err(), PasswordError::Empty);
    }

    #[test]
    fn debug_shows_nothing_of_it() {
        assert_eq!(
            format!("{:?}", Password::parse("hunter2").unwrap()),
            "Password(…)"
        );
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_parsing_panic(text in ".{0,300}") {
            let _ = Password::parse(&text);
        }
    }
}
