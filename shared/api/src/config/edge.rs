//! The edge that the environment describes.

use axum::http::{HeaderName, header};

use crate::http::{EDGE_SECRET, Edge, SecretHash};
use crate::{ConfigError, Environment};

/// One that is current, and one that comes or goes.
const MOST_SECRETS: usize = 2;

/// The headers that an edge cannot name addresses in, for the door takes that header out of every
/// request: those that the API goes by, and the one to which API Gateway adds the sender.
const TAKEN: [HeaderName; 7] = [
    EDGE_SECRET,
    header::AUTHORIZATION,
    header::CONTENT_ENCODING,
    header::CONTENT_TYPE,
    header::HOST,
    header::USER_AGENT,
    HeaderName::from_static("x-forwarded-for"),
];

/// In characters.
const LONGEST_NAME: usize = 64;

impl Environment {
    /// The edges that send a secret with one of the hashes `EDGE_SECRET_HASHES`, and the client's
    /// address in the header `EDGE_ADDRESS_HEADER`. No other request is answered where
    /// `EDGE_REQUIRED` is `true`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where a variable is not set or wrong, or an edge is required and there is no
    /// hash.
    pub fn edge(&self) -> Result<Edge, ConfigError> {
        let hashes = self.edge_hashes()?;
        let address = self.edge_address_header()?;
        let name = "EDGE_REQUIRED";
        let is_required = self.choice(name, &[("true", true), ("false", false)])?;
        if is_required && hashes.is_empty() {
            return Err(ConfigError::new(
                name,
                "is true, but EDGE_SECRET_HASHES is empty",
            ));
        }
        Ok(Edge::new(hashes, address, is_required))
    }

    fn edge_hashes(&self) -> Result<Vec<SecretHash>, ConfigError> {
        let name = "EDGE_SECRET_HASHES";
        let text = self.text(name)?;
        if text.is_empty() {
            return Ok(Vec::new());
        }
        let hashes: Option<Vec<_>> = text.split(',').map(SecretHash::parse).collect();
        hashes
            .filter(|hashes| hashes.len() <= MOST_SECRETS)
            .ok_or_else(|| {
                ConfigError::new(
                    name,
                    "must be one or two SHA-256 hashes of 64 lower-case hexadecimal digits with a comma between them, or empty",
                )
            })
    }

    fn edge_address_header(&self) -> Result<HeaderName, ConfigError> {
        let name = "EDGE_ADDRESS_HEADER";
        let text = self.required(name)?;
        let is_plain =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let is_short = text.len() <= LONGEST_NAME;
        let header = HeaderName::try_from(text).ok();
        header
            .filter(|header| is_short && text.bytes().all(is_plain) && !TAKEN.contains(header))
            .ok_or_else(|| {
                ConfigError::new(
                    name,
                    format!(
                        "must be the name of a header that nothing else goes by: 1 to {LONGEST_NAME} lower-case letters, digits and hyphens"
                    ),
                )
            })
    }
}
