//! The language in which the owner of an account wants to be written to.

use std::fmt;

use serde::Serialize;

/// A language tag (RFC 5646 §2.1) such as `de` or `pt-BR`, in the letter case of §2.1.1. Any
/// language can be asked for, whether or not there are texts in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Locale(String);

/// The text is not a language tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a language tag, like de or pt-BR")]
pub struct LocaleError;

impl Locale {
    /// The most characters of a tag: RFC 5646 §4.4.1 allows to refuse longer ones.
    pub const MAX_LENGTH: usize = 35;

    /// Takes a text for a language tag: a language of two or three letters, and subtags of one to
    /// eight letters and digits.
    ///
    /// # Errors
    ///
    /// [`LocaleError`] where it is anything else.
    pub fn parse(text: &str) -> Result<Self, LocaleError> {
        if text.len() > Self::MAX_LENGTH {
            return Err(LocaleError);
        }
        let mut subtags = text.split('-');
        let language = subtags.next().filter(|language| is_language(language));
        let mut tag = language.ok_or(LocaleError)?.to_ascii_lowercase();
        let mut is_extended = false;
        for subtag in subtags {
            if !is_subtag(subtag) {
                return Err(LocaleError);
            }
            tag.push('-');
            match is_extended {
                true => tag.push_str(&subtag.to_ascii_lowercase()),
                false => tag.push_str(&in_usual_case(subtag)),
            }
            is_extended |= subtag.len() == 1;
        }
        Ok(Self(tag))
    }

    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_language(subtag: &str) -> bool {
    (2..=3).contains(&subtag.len()) && subtag.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn is_subtag(subtag: &str) -> bool {
    (1..=8).contains(&subtag.len()) && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Regions are written `BR`, scripts `Latn`, and what follows a singleton in small letters.
fn in_usual_case(subtag: &str) -> String {
    match subtag.len() {
        2 => subtag.to_ascii_uppercase(),
        4 => subtag[..1].to_ascii_uppercase() + &subtag[1..].to_ascii_lowercase(),
        _ => subtag.to_ascii_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_has_its_usual_case() {
        for (typed, tag) in [
            ("de", "de"),
            ("EN", "en"),
            ("pt-br", "pt-BR"),
            ("ZH-hANS-cn", "zh-Hans-CN"),
            ("es-419", "es-419"),
            ("de-x-mine", "de-x-mine"),
        ] {
            assert_eq!(Locale::parse(typed).unwrap().as_str(), tag);
        }
    }

    #[test]
    fn other_texts_are_no_tags() {
        for text in [
            "",
            "d",
            "deutsch",
            "d1",
            "-de",
            "de-",
            "de--AT",
            "de_AT",
            " de",
            "de-\u{df}",
            "de-abcdefghi",
            "de;q=1",
            "de\r\nBcc: eve@example.com",
            &format!("de{}", "-abcdefgh".repeat(4)),
        ] {
            assert_eq!(Locale::parse(text), Err(LocaleError), "{text:?}");
        }
    }
}
