//! The issuer of tokens.

use crate::{Error, Gateway};

/// The one issuer whose tokens are accepted: the `iss` of RFC 9068 §2.2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Issuer {
    /// The URL that the owner pinned.
    Pinned(String),
    /// `https://` and the domain name that API Gateway put in the event.
    Gateway,
}

/// A text that cannot be pinned as an issuer, to be read after the name of its variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be an https URL without query or trailing slash, or empty")]
pub struct IssuerError;

impl Issuer {
    /// Takes a URL to pin, or nothing. Plain HTTP is for loopback alone.
    ///
    /// # Errors
    ///
    /// [`IssuerError`].
    pub fn parse(text: &str) -> Result<Self, IssuerError> {
        if text.is_empty() {
            return Ok(Self::Gateway);
        }
        let local = ["http://127.0.0.1", "http://localhost"].iter().any(|host| {
            text.strip_prefix(host)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
        });
        let host = text
            .strip_prefix("https://")
            .filter(|host| !host.is_empty());
        let plain = text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b":/.-_~".contains(&b));
        if !plain || text.ends_with('/') || !(local || host.is_some()) {
            return Err(IssuerError);
        }
        Ok(Self::Pinned(text.to_owned()))
    }

    /// The issuer of a request.
    ///
    /// # Errors
    ///
    /// [`Error::Internal`] where nothing is pinned and the event names no domain.
    pub fn of(&self, gateway: &Gateway) -> Result<String, Error> {
        match (self, &gateway.domain_name) {
            (Self::Pinned(url), _) => Ok(url.clone()),
            (Self::Gateway, Some(domain)) => Ok(format!("https://{domain}")),
            (Self::Gateway, None) => Err(Error::internal(
                "the event names no domain, and ISSUER_URL is empty",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_https_url_or_a_local_one_can_be_pinned() {
        for url in [
            "https://auth.example.com",
            "https://example.com/auth",
            "http://127.0.0.1:9000",
            "http://localhost:3000",
        ] {
            assert_eq!(Issuer::parse(url), Ok(Issuer::Pinned(url.to_owned())));
        }
        assert_eq!(Issuer::parse(""), Ok(Issuer::Gateway));
    }

    #[test]
    fn other_texts_cannot() {
        for text in [
            "https://",
            "https://a/",
            "http://example.com",
            "http://127.0.0.1.evil.com",
            "auth.example.com",
            "https://a?b",
            "https://a b",
            "ftp://a",
        ] {
            assert!(Issuer::parse(text).is_err(), "{text}");
        }
    }
}
