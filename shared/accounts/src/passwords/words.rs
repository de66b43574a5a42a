//! The words that a deployment's owner forbids in passwords.

use std::sync::Arc;

/// Words of the owner's that belong to the service, such as its name: no good part of a password
/// for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PasswordWords(Arc<[String]>);

/// Why a text is not a list of such words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordWordsError {
    /// More than [`PasswordWords::MAX_LENGTH`] characters.
    #[error("has more than 256 characters")]
    TooLong,
    /// Characters that are not printable ASCII, or `"` or `\`.
    #[error("has characters that are not printable ASCII, or \" or \\")]
    Characters,
    /// A word of fewer than 3 or more than 64 characters.
    #[error("has a word of fewer than 3 or more than 64 characters")]
    WordLength,
}

impl PasswordWords {
    /// The longest list, in characters, commas included.
    pub const MAX_LENGTH: usize = 256;

    /// Takes a list with commas between the words. Blanks around a word are dropped, and an empty
    /// list has none.
    ///
    /// # Errors
    ///
    /// [`PasswordWordsError`] names the bound that the list exceeds.
    pub fn parse(text: &str) -> Result<Self, PasswordWordsError> {
        if text.chars().count() > Self::MAX_LENGTH {
            return Err(PasswordWordsError::TooLong);
        }
        let is_usual = |c: char| matches!(c, ' '..='~') && !matches!(c, '"' | '\\');
        if !text.chars().all(is_usual) {
            return Err(PasswordWordsError::Characters);
        }
        let words = text
            .split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty());
        let words: Vec<_> = words.map(str::to_owned).collect();
        let fits = |word: &String| (3..=64).contains(&word.chars().count());
        if !words.iter().all(fits) {
            return Err(PasswordWordsError::WordLength);
        }
        Ok(Self(words.into()))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_between_commas() {
        for (text, words) in [
            ("", &[][..]),
            ("acme", &["acme"]),
            (" Acme Corp , roadrunner,", &["Acme Corp", "roadrunner"]),
        ] {
            let parsed = PasswordWords::parse(text).unwrap();
            assert_eq!(parsed.iter().collect::<Vec<_>>(), words);
        }
    }

    #[test]
    fn a_list_is_bounded() {
        for text in ["ab", "acme,ab", &"x".repeat(65)] {
            let error = PasswordWords::parse(text).unwrap_err();
            assert_eq!(error, PasswordWordsError::WordLength, "{text}");
        }
        for text in ["ácme", "ac\tme", "ac\"me", "ac\\me", "acme,\u{a0}ab"] {
            let error = PasswordWords::parse(text).unwrap_err();
            assert_eq!(error, PasswordWordsError::Characters, "{text}");
        }
        let longest = format!("{},acmes", vec!["acme"; 50].join(","));
        assert_eq!(longest.len(), PasswordWords::MAX_LENGTH - 1);
        let longest = longest + ",";
        assert!(PasswordWords::parse(&longest).is_ok());
        let error = PasswordWords::parse(&format!("{longest},")).unwrap_err();
        assert_eq!(error, PasswordWordsError::TooLong);
    }
}
