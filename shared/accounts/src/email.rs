use std::fmt;

use email_address::{EmailAddress, Options};
use serde::Serialize;

/// An e-mail address in its one canonical form: ASCII, lower case, within the lengths of RFC 5321
/// §4.5.3.1, a plain local part and a domain name.
///
/// Quoted local parts, comments, address literals and internationalised addresses are refused:
/// each is a second spelling of something, and two spellings are two accounts. `Debug` does not
/// show the address, so that it cannot reach a log.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Email(String);

/// The text is not an e-mail address that can be an account's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be an e-mail address in ASCII, like name@example.com")]
pub struct EmailError;

/// RFC 5321 §4.5.3.1.3 allows a path of 256 with its two angle brackets.
const MAX_LENGTH: usize = 254;

impl Email {
    /// Takes a text for an e-mail address and brings it into canonical form.
    ///
    /// # Errors
    ///
    /// [`EmailError`] where the text is anything but one plain address.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        if text.len() > MAX_LENGTH || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(EmailError);
        }
        let canonical = text.to_ascii_lowercase();
        let options = Options::default()
            .with_required_tld()
            .without_display_text()
            .without_domain_literal();
        let address =
            EmailAddress::parse_with_options(&canonical, options).map_err(|_| EmailError)?;
        if address.local_part().contains('"') {
            return Err(EmailError);
        }
        Ok(Self(canonical))
    }

    /// The canonical address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the `@`.
    pub fn local_part(&self) -> &str {
        self.0.split('@').next().unwrap_or_default()
    }
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
        let long = format!("x@{}.com", "example.".repeat(40));
        for text in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "ada@localhost",
            "ada@@example.com",
            "ada@example.com,eve@example.com",
            "ada@example.com;eve@example.com",
            "ada@example.com\r\nBcc: eve@example.com",
            "ada@example.com\0",
            " ada@example.com",
            "ada @example.com",
            "\"ada\"@example.com",
            "\"a@b\"@example.com",
            "Ada <ada@example.com>",
            "ada(comment)@example.com",
            "ada@[127.0.0.1]",
            "ada@example..com",
            ".ada@example.com",
            "ada.@example.com",
            "a..da@example.com",
            "ada@-example.com",
            "ada＠example.com",
            "ada@exämple.com",
            "аda@example.com",
            &long_local,
            &long,
        ] {
            assert_eq!(Email::parse(text), Err(EmailError), "{text:?}");
        }
    }

    #[test]
    fn debug_does_not_show_the_address() {
        let shown = format!("{:?}", Email::parse("ada@example.com").unwrap());
        assert!(!shown.contains("ada"));
    }
}
