//! E-mail addresses.

use std::fmt;

use email_address::{EmailAddress, Options};
use serde::Serialize;

/// An e-mail address in its one canonical form: ASCII, lower case, within the lengths of RFC 5321
/// §4.5.3.1, a plain local part and, as the domain, the name of a host.
///
/// Quoted local parts, comments, address literals and internationalised addresses are refused: each
/// is a second spelling of something, and two spellings are two accounts. `Debug` does not show the
/// address, so that it cannot reach a log.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Email(String);

/// The text is not an e-mail address that can be an account's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// It is not one plain address.
    #[error("must be an e-mail address in ASCII, like name@example.com")]
    Form,
    /// The part after the `@` is not the name of a host.
    #[error("must have a host name after the @, like example.com")]
    Domain,
}

/// RFC 5321 §4.5.3.1.3 allows a path of 256 with its two angle brackets.
const MAX_LENGTH: usize = 254;

impl Email {
    /// Takes a text for an e-mail address and brings it into canonical form. White space around it
    /// is dropped: it comes of pasting.
    ///
    /// # Errors
    ///
    /// [`EmailError`] where the text is anything but one plain address at a host.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let text = text.trim();
        if text.len() > MAX_LENGTH || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(EmailError::Form);
        }
        let canonical = text.to_ascii_lowercase();
        let (_, domain) = canonical.rsplit_once('@').ok_or(EmailError::Form)?;
        if !is_host_name(domain) {
            return Err(EmailError::Domain);
        }
        let options = Options::default()
            .with_required_tld()
            .without_display_text()
            .without_domain_literal();
        let address =
            EmailAddress::parse_with_options(&canonical, options).map_err(|_| EmailError::Form)?;
        if address.local_part().contains('"') {
            return Err(EmailError::Form);
        }
        Ok(Self(canonical))
    }

    /// The canonical address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the `@`.
    pub fn local_part(&self) -> &str {
        self.0.split('@').next().unwrap_or_default()
    }
}

/// RFC 1123 §2.1, with two labels at least. The last begins with a letter, as every top-level
/// domain does (RFC 3696 §2) and the last number of no IPv4 address, `0x7f.0x1` included.
fn is_host_name(domain: &str) -> bool {
    let Some((_, top)) = domain.rsplit_once('.') else {
        return false;
    };
    top.starts_with(|first: char| first.is_ascii_alphabetic()) && domain.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=63).contains(&label.len())
        && label.bytes().all(is_allowed)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_lower_cased() {
        let email = Email::parse("Ada.B+x@Example.COM").unwrap();
        assert_eq!(email.as_str(), "ada.b+x@example.com");
        assert_eq!(email.local_part(), "ada.b+x");
    }

    #[test]
    fn only_one_plain_ascii_address_is_accepted() {
        let long_local = format!("{}@example.com", "x".repeat(65));
        let long = format!("x@{}com", "example.".repeat(40));
        for text in [
            "",
            "ada",
            "@example.com",
            "ada@@example.com",
            "ada@example.com,eve@example.com",
            "ada@example.com;eve@example.com",
            "ada@example.com\r\nBcc: eve@example.com",
            "ada@example.com\0",
            "ada @example.com",
            "\"ada\"@example.com",
            "\"a@b\"@example.com",
            "Ada <ada@example.com>",
            "ada(comment)@example.com",
            ".ada@example.com",
            "ada.@example.com",
            "a..da@example.com",
            "ada＠example.com",
            "ada@exämple.com",
            "аda@example.com",
            &long_local,
            &long,
        ] {
            assert_eq!(Email::parse(text), Err(EmailError::Form), "{text:?}");
        }
    }

    #[test]
    fn a_domain_is_the_name_of_a_host() {
        let longest = "x".repeat(63);
        for domain in [
            "example.com",
            "a.b-c.3d.xn--p1ai",
            &format!("{longest}.com"),
        ] {
            assert!(Email::parse(&format!("ada@{domain}")).is_ok(), "{domain}");
        }
        for domain in [
            "",
            "localhost",
            "example..com",
            ".example.com",
            "example.com.",
            "-example.com",
            "example-.com",
            "exa`mple.com",
            "exa$mple.com",
            "exa/mple.com",
            "exa_mple.com",
            "exa|mple.com",
            "example.123",
            "example.-com",
            "127.0.0.1",
            "0x7f.0x1",
            "[127.0.0.1]",
            "[IPv6:::1]",
            &format!("x{longest}.com"),
        ] {
            let email = Email::parse(&format!("ada@{domain}"));
            assert_eq!(email, Err(EmailError::Domain), "{domain}");
        }
    }

    #[test]
    fn white_space_around_an_address_is_dropped() {
        for text in [
            " ada@example.com",
            "ada@example.com\r\n",
            "\u{a0}ada@example.com\t",
        ] {
            assert_eq!(Email::parse(text).unwrap().as_str(), "ada@example.com");
        }
    }

    #[test]
    fn debug_does_not_show_the_address() {
        let shown = format!("{:?}", Email::parse("ada@example.com").unwrap());
        assert!(!shown.contains("ada"));
    }
}
