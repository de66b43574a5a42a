use serde::Serialize;

/// A name to sign in with: 3 to 64 ASCII letters, digits, `.`, `_` or `-`.
///
/// It keeps the case it was written in for display; [`LoginName`](crate::LoginName) is what makes
/// it unique without regard to case. Without `@` it can never be taken for an e-mail address, and
/// without anything beyond ASCII no two of them look alike.
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
}

impl Username {
    /// Takes a text for a username, or says why it is none.
    ///
    /// # Errors
    ///
    /// [`UsernameError`] names the rule that the text breaks.
    pub fn parse(text: &str) -> Result<Self, UsernameError> {
        if !(3..=64).contains(&text.len()) {
            return Err(UsernameError::Length);
        }
        if !text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
        {
            return Err(UsernameError::Character);
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
    fn a_username_has_no_other_character() {
        for name in [
            "ada@home",
            "a b c",
            "ada\0",
            "ada\n",
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
