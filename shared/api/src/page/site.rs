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
    /// name of the sender, `MAIL_FROM`, or the issuer's host.
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
        let name = self.sender()?.and_then(|sender| sender.name);
        Ok(Pages { rule, issuer, name })
    }
}

impl Pages {
    /// The reader of the answer to a request.
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
