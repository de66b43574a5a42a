//! The language of a page.

use crate::texts::{self, Texts};

/// A language that every text of the pages exists in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English, which is also for readers of languages that we do not have.
    #[default]
    English,
    /// German.
    German,
}

impl Language {
    /// All languages.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// The language's tag (BCP 47), as in the attribute `lang`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    pub(crate) const fn texts(self) -> &'static Texts {
        match self {
            Self::English => &texts::ENGLISH,
            Self::German => &texts::GERMAN,
        }
    }

    /// Returns the first language that we have of `ui_locales` (OpenID Connect Core 1.0 §3.1.2.1:
    /// tags, the preferred one first, with blanks between them).
    pub fn of_ui_locales(tags: &str) -> Option<Self> {
        tags.split_ascii_whitespace().find_map(Self::of_tag)
    }

    /// Returns the language that `Accept-Language` prefers among ours (RFC 9110 §12.5.4): by
    /// weight, then by order. Ranges match by their first subtag.
    pub fn of_header(value: &str) -> Option<Self> {
        let ranges = value.split(',').filter_map(|range| {
            let (tag, weight) = weighted(range);
            (weight > 0.0).then(|| Some((Self::of_tag(tag)?, weight)))?
        });
        // The first of equal ones stays.
        ranges
            .reduce(|best, range| if range.1 > best.1 { range } else { best })
            .map(|(language, _)| language)
    }

    fn of_tag(tag: &str) -> Option<Self> {
        let prefix = tag.split('-').next()?;
        Self::ALL
            .into_iter()
            .find(|language| language.tag().eq_ignore_ascii_case(prefix))
    }
}

/// Splits an element of an `Accept` header into its value and its weight (RFC 9110 §12.4.2). A
/// weight that cannot be read is none, and so 1.
pub(crate) fn weighted(element: &str) -> (&str, f32) {
    let mut parts = element.split(';').map(str::trim);
    let value = parts.next().unwrap_or_default();
    let weight = parts
        .filter_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")))
        .find_map(|weight| weight.parse().ok());
    (value, weight.unwrap_or(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_read_by_weight_and_first_subtag() {
        for (header, language) in [
            ("de", Some(Language::German)),
            ("de-AT, en;q=0.5", Some(Language::German)),
            ("en;q=0.5, DE-CH;q=0.8", Some(Language::German)),
            ("en, de", Some(Language::English)),
            ("fr, de;q=0.1", Some(Language::German)),
            ("de;q=0, en", Some(Language::English)),
            ("den, *", None),
            ("", None),
            (";;,q=1,de;q=x", Some(Language::German)),
        ] {
            assert_eq!(Language::of_header(header), language, "{header}");
        }
    }

    #[test]
    fn the_first_known_tag_of_ui_locales_counts() {
        let of = Language::of_ui_locales;
        assert_eq!(of("fr-CA de-DE en"), Some(Language::German));
        assert_eq!(of("fr"), None);
    }
}
