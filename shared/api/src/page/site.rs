//! The pages of a deployment.

use axum::http::{HeaderMap, Uri};
use pages::{SameOrigin, Site};

use super::Reader;
use crate::{ConfigError, Environment, Error, Gateway, Issuer};

/// The pages of a deployment: its name, its issuer, and the rule that a form comes from the same
/// origin.
#[derive(Clone, Debug)]
pub struct Pages {
    pub(super) rule: SameOrigin,
    issuer: Issuer,
    name: Option<String>,
}

impl Environment {
    /// The pages of the issuer that `ISSUER_URL` pins, or of the gateway's own name; they show the
    /// name that `MAIL_FROM` has in front of its address, or the issuer's host.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where a variable is not set or wrong.
    pub fn pages(&self) -> Result<Pages, ConfigError> {
        let issuer = self.issuer()?;
        let pinned = match &issuer {
            Issuer::Pinned(url) => Some(url.as_str()),
            Issuer::Gateway => None,
        };
        let rule = SameOrigin::new(pinned)
            .map_err(|error| ConfigError::new("ISSUER_URL", format!("has no origin: {error}")))?;
        let name = display_name(self.text("MAIL_FROM")?).map(str::to_owned);
        Ok(Pages { rule, issuer, name })
    }
}

/// The name in `Name <address>` (RFC 5322 §3.4); `None` for an address alone, and for nothing.
fn display_name(sender: &str) -> Option<&str> {
    sender.split_once(" <").map(|(name, _)| name)
}

impl Pages {
    /// Whoever reads the answer to a request.
    ///
    /// # Errors
    ///
    /// [`Error::Internal`] where nothing is pinned and the event names no domain.
    pub fn reader(
        &self,
        gateway: &Gateway,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Result<Reader, Error> {
        let issuer = self.issuer.of(gateway)?;
        let site = Site::new(self.name.as_deref(), &issuer);
        Ok(Reader::new(site, uri, headers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_stands_before_the_address() {
        for (sender, name) in [
            ("", None),
            ("noreply@example.com", None),
            ("Example <noreply@example.com>", Some("Example")),
            ("A. B (C) <noreply@example.com>", Some("A. B (C)")),
        ] {
            assert_eq!(display_name(sender), name, "{sender}");
        }
    }
}
