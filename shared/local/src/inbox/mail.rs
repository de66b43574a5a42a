//! A mail.

use std::sync::LazyLock;

use accounts::Timestamp;
use regex_lite::Regex;
use time::OffsetDateTime;
use time::macros::format_description;

/// A link of the web, up to what ends it in running text.
static LINK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"https?://[^\s<>"]*[^\s<>".,;:!?)]"#).expect("a pattern"));

/// Eight digits, in one or two groups.
static CODE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b[0-9]{4}[ \u{a0}-]?[0-9]{4}\b").expect("a pattern"));

/// A mail as it was sent. It has no `Debug`: it is made of secrets.
pub struct Mail {
    /// The `MessageId` that its sender was told.
    pub id: String,
    /// The time at which it came, in seconds since 1970.
    pub at: Timestamp,
    /// The address of the sender, with a name or without.
    pub from: String,
    /// The addresses of `To`.
    pub to: Vec<String>,
    /// The addresses of `Cc` and `Bcc`.
    pub copies: Vec<String>,
    /// The addresses of `Reply-To`.
    pub reply_to: Vec<String>,
    /// The subject.
    pub subject: String,
    /// The body as plain text.
    pub text: Option<String>,
    /// The body as HTML.
    pub html: Option<String>,
    /// The headers that its sender added: pairs of name and value.
    pub headers: Vec<(String, String)>,
    /// The configuration set.
    pub configuration_set: Option<String>,
}

impl Mail {
    /// The links in the plain text.
    #[must_use]
    pub fn links(&self) -> Vec<&str> {
        let text = self.text.as_deref().unwrap_or_default();
        distinct(LINK.find_iter(text).map(|found| found.as_str()))
    }

    /// The codes of eight digits in the plain text, without what separates their groups.
    #[must_use]
    pub fn codes(&self) -> Vec<String> {
        let text = self.text.as_deref().unwrap_or_default();
        // A link may have digits too.
        let text = LINK.replace_all(text, "");
        let digits = |code: &str| code.chars().filter(char::is_ascii_digit).collect();
        distinct(CODE.find_iter(&text).map(|found| digits(found.as_str())))
    }

    /// The time at which it came, to be read.
    pub(super) fn time(&self) -> String {
        let format = format_description!("[year]-[month]-[day] [hour]:[minute]:[second] UTC");
        let time = i64::try_from(self.at).ok();
        let time = time.and_then(|time| OffsetDateTime::from_unix_timestamp(time).ok());
        let time = time.and_then(|time| time.format(format).ok());
        time.unwrap_or_default()
    }
}

fn distinct<T: PartialEq>(found: impl Iterator<Item = T>) -> Vec<T> {
    found.fold(Vec::new(), |mut all, one| {
        if !all.contains(&one) {
            all.push(one);
        }
        all
    })
}

#[cfg(test)]
mod tests {
    use super::Mail;

    fn mail(text: &str) -> Mail {
        Mail {
            id: String::new(),
            at: 1_795_786_326,
            from: String::new(),
            to: Vec::new(),
            copies: Vec::new(),
            reply_to: Vec::new(),
            subject: String::new(),
            text: Some(text.to_owned()),
            html: None,
            headers: Vec::new(),
            configuration_set: None,
        }
    }

    #[test]
    fn a_link_ends_where_its_sentence_does_and_is_named_once() {
        let mail = mail("(https://a.example/b?c=d-_) or\nhttps://a.example/b?c=d-_.\nhttp://e/");
        assert_eq!(mail.links(), ["https://a.example/b?c=d-_", "http://e/"]);
    }

    #[test]
    fn a_code_is_of_eight_digits_in_one_group_or_two() {
        for text in ["12345678", "1234 5678", "1234-5678", "1234\u{a0}5678"] {
            assert_eq!(mail(&format!("Code: {text}.")).codes(), ["12345678"]);
        }
    }

    #[test]
    fn digits_of_a_link_a_date_or_a_longer_number_are_no_code() {
        for text in [
            "http://localhost/12345678",
            "2026-11-27 13:05:26",
            "123456789",
            "a12345678",
        ] {
            assert!(mail(text).codes().is_empty(), "{text}");
        }
    }

    #[test]
    fn the_time_is_readable() {
        assert_eq!(mail("").time(), "2026-11-27 13:32:06 UTC");
    }
}
