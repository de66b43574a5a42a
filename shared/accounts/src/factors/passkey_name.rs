//! The names of passkeys.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

/// The name of a passkey, by which its owner knows it again: 1 to 64 characters, none of which is a
/// control character, in Unicode's form NFC, without white space around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyName(String);

/// The text is no name of a passkey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must have 1 to 64 characters, none of which is a control character")]
pub struct PasskeyNameError;

const MAX_LENGTH: usize = 64;

impl PasskeyName {
    /// Takes a text for a name.
    ///
    /// # Errors
    ///
    /// [`PasskeyNameError`].
    pub fn parse(text: &str) -> Result<Self, PasskeyNameError> {
        let name: String = text.trim().nfc().collect();
        let fits = (1..=MAX_LENGTH).contains(&name.chars().count());
        if fits && !name.chars().any(char::is_control) {
            Ok(Self(name))
        } else {
            Err(PasskeyNameError)
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for PasskeyName {
    /// That of a passkey to which its owner has given none.
    fn default() -> Self {
        Self("Passkey".to_owned())
    }
}

impl fmt::Display for PasskeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_and_has_no_control_characters() {
        for (text, name) in [
            ("Ada's phone", "Ada's phone"),
            (" Schlüssel \n", "Schlüssel"),
            ("e\u{301}", "é"),
            (&"鍵".repeat(64), &"鍵".repeat(64)),
        ] {
            assert_eq!(PasskeyName::parse(text).unwrap().as_str(), name);
        }
        for text in ["", "  ", "a\tb", "a\u{7f}", "a\u{85}b", &"a".repeat(65)] {
            assert_eq!(PasskeyName::parse(text), Err(PasskeyNameError), "{text:?}");
        }
        assert_eq!(PasskeyName::parse("Passkey"), Ok(PasskeyName::default()));
    }
}
