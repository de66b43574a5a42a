//! Usernames.

use serde::Serialize;
use uuid::Uuid;

/// A name to sign in with: 3 to 64 ASCII letters, digits, `.`, `_` or `-`, the first of them a
/// letter or a digit, and no UUID.
///
/// It keeps the case it was written in for display; [`LoginName`](crate::LoginName) is what makes
/// it unique without regard to case. Without `@` it can never be taken for an e-mail address, and
/// without anything beyond ASCII no two of them look alike. It is never taken for an option of a
/// command or for a path, nor for the id of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Username(String);

/// Why a text is not a username.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UsernameError {
    /// Fewer than 3 or more than 64 bytes.
    #[error("must have 3 to 64 characters")]
    Length,
    /// A character other than an ASCII letter or digit, `.`, `_` or `-`.
    #[error("may contain only ASCII letters, digits, '.', '_' and '-'")]
    Character,
    /// The first character is `.`, `_` or `-`.
    #[error("must begin with a letter or a digit")]
    Beginning,
    /// It is a UUID, with or without hyphens.
    #[error("must not be a UUID, for account ids are UUIDs")]
    Uuid,
}

impl Username {
    /// Parses a username. White space around it is dropped, which pasting adds.
    ///
    /// # Errors
    ///
    /// [`UsernameError`] names the rule that the text breaks.
    pub fn parse(text: &str) -> Result<Self, UsernameError> {
        let text = text.trim();
        if !(3..=64).contains(&text.len()) {
            return Err(UsernameError::Length);
        }
        if !text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
        {
            return Err(UsernameError::Character);
        }
        if !text.starts_with(|first: char| first.is_ascii_alphanumeric()) {
            return Err(UsernameError::Beginning);
        }
        if Uuid::try_parse(text).is_ok() {
            return Err(UsernameError::Uuid);
        }
        Ok(Self(text.to_owned()))
    }

    /// The name as its owner wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_digits_and_three_marks_make_a_username() {
        for name in ["ada", "Ada.B", "a_b-c", "007", &"x".repeat(64)] {
            assert_eq!(Username::parse(name).unwrap().as_str(), name);
        }
    }

    #[test]
    fn a_username_is_neither_too_short_nor_too_long() {
        for name in ["", "ab", &"x".repeat(65), &"x".repeat(1_000_000)] {
            assert_eq!(Username::parse(name), Err(UsernameError::Length));
        }
    }

    #[test]
    fn white_space_around_a_username_is_dropped_and_within_it_refused() {
        for text in [" ada", "ada\n", "\tada\r\n", "\u{a0}ada\u{3000}"] {
            assert_eq!(Username::parse(text).unwrap().as_str(), "ada", "{text:?}");
        }
        assert_eq!(Username::parse("  a  "), Err(UsernameError::Length));
        assert_eq!(Username::parse("a\u{a0}da"), Err(UsernameError::Character));
    }

    #[test]
    fn a_username_passes_for_no_option_and_no_path() {
        for name in ["--json", "-ada", "...", "._-", ".ada", "_ada"] {
            assert_eq!(
                Username::parse(name),
                Err(UsernameError::Beginning),
                "{name}"
            );
        }
    }

    #[test]
    fn a_username_is_no_uuid_in_any_spelling() {
        let id = "019f8a3c-5f0e-7c3a-9c1b-2f6d1f0e8a11";
        for name in [id, &id.to_uppercase(), &id.replace('-', "")] {
            assert_eq!(Username::parse(name), Err(UsernameError::Uuid), "{name}");
        }
        assert!(Username::parse(&id.replace('a', "g")).is_ok());
    }

    #[test]
    fn a_username_has_no_other_character() {
        for name in [
            "ada@home",
            "a b c",
            "ada\0",
            "pаypal",
            "ada\u{200d}x",
            "a/b",
            "ＡＤＡ",
        ] {
            assert_eq!(
                Username::parse(name),
                Err(UsernameError::Character),
                "{name:?}"
            );
        }
    }
}
