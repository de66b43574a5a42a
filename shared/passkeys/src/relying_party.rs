//! The relying party: for which domain passkeys are, and on which pages they may be used.

use std::fmt;

use passki::Passki;

use crate::origin::{self, LOCALHOST};
use crate::{Account, CreationOptions, Passkey, RequestOptions};

/// For which domain passkeys are (the RP ID), and the pages on which they may be used.
pub struct RelyingParty {
    pub(crate) passki: Passki,
}

/// Why a relying party cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    /// The RP ID is no domain.
    #[error(
        "the RP ID must be a domain in lower case, without scheme, port and trailing dot, and no IP address"
    )]
    RpId,
    /// The RP ID is a name that AWS gave.
    #[error(
        "the RP ID is a name that AWS gave to an API: passkeys would work, and all be lost when the API gets a domain"
    )]
    Lost,
    /// There is no origin.
    #[error("at least one origin is needed")]
    NoOrigin,
    /// There are too many origins.
    #[error("there are more than {} origins", RelyingParty::MAX_ORIGINS)]
    ManyOrigins,
    /// The text is no origin.
    #[error(
        "{0:?} is no origin: https://, a domain in lower case, and a port that is not 443; http:// at localhost alone"
    )]
    Origin(String),
    /// An origin is at localhost and the domain is not, or the other way round.
    #[error("{0:?} and the RP ID must both be at localhost, or neither of them")]
    Local(String),
    /// An origin comes twice.
    #[error("{0:?} comes twice")]
    Twice(String),
}

impl RelyingParty {
    /// The most origins of one.
    pub const MAX_ORIGINS: usize = 16;

    /// A relying party with that RP ID, and the origins of all pages on which passkeys may be used.
    /// Those that are not at or below the RP ID work where it serves them as
    /// [`RelyingParty::related_origins`].
    ///
    /// # Errors
    ///
    /// [`SettingError`].
    pub fn new(id: &str, origins: &[&str]) -> Result<Self, SettingError> {
        if !origin::is_domain(id) {
            return Err(SettingError::RpId);
        }
        let is_lost = |domain: &&str| origin::is_within(id, domain);
        if ["amazonaws.com", "amazonaws.com.cn", "on.aws"]
            .iter()
            .any(is_lost)
        {
            return Err(SettingError::Lost);
        }
        match origins.len() {
            0 => return Err(SettingError::NoOrigin),
            1..=Self::MAX_ORIGINS => {}
            _ => return Err(SettingError::ManyOrigins),
        }
        for (index, text) in origins.iter().enumerate() {
            let error = |kind: fn(String) -> SettingError| kind((*text).to_owned());
            let host = origin::host(text).ok_or_else(|| error(SettingError::Origin))?;
            if origin::is_within(host, LOCALHOST) != origin::is_within(id, LOCALHOST) {
                return Err(error(SettingError::Local));
            }
            if origins[..index].contains(text) {
                return Err(error(SettingError::Twice));
            }
        }
        let passki = Passki::new(id, origins, id);
        Ok(Self { passki })
    }

    /// The RP ID.
    pub fn id(&self) -> &str {
        &self.passki.rp_id
    }

    /// The origins that are not at or below the RP ID. Browsers accept them where
    /// `https://RP-ID/.well-known/webauthn` lists them (WebAuthn Level 3, §5.11).
    pub fn related_origins(&self) -> Vec<String> {
        self.passki.related_origins().origins
    }

    /// Returns the options that ask for a new passkey. Those of the account that it has already are
    /// excluded, so that no authenticator makes a second one.
    pub fn creation_options<'a>(
        &self,
        account: Account<'_>,
        challenge: &[u8],
        exclude: impl IntoIterator<Item = &'a Passkey>,
    ) -> CreationOptions {
        CreationOptions::new(self, account, challenge, exclude)
    }

    /// Returns the options that ask for the use of a passkey of anybody's.
    pub fn request_options(&self, challenge: &[u8]) -> RequestOptions {
        RequestOptions::new(self, challenge)
    }
}

impl fmt::Debug for RelyingParty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "RelyingParty({} on {:?})",
            self.id(),
            self.passki.rp_origins
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_and_the_origins_of_pages_are_accepted() {
        for (id, origins) in [
            ("example.com", &["https://example.com"][..]),
            (
                "example.com",
                &[
                    "https://app.example.com",
                    "https://example.com:8443",
                    "https://example.net",
                ],
            ),
            (
                "localhost",
                &[
                    "http://localhost",
                    "http://localhost:8000",
                    "https://app.localhost:8443",
                ],
            ),
            ("xn--bcher-kva.example", &["https://xn--bcher-kva.example"]),
        ] {
            let party = RelyingParty::new(id, origins).unwrap();
            assert_eq!(party.id(), id);
        }
        let origins = [
            "https://example.com:1",
            "https://a.example.com",
            "https://badexample.com",
        ];
        let party = RelyingParty::new("example.com", &origins).unwrap();
        assert_eq!(party.related_origins(), ["https://badexample.com"]);
    }

    #[test]
    fn another_rp_id_is_refused() {
        let try_id = |id: &str| RelyingParty::new(id, &["https://example.com"]).unwrap_err();
        for id in [
            "",
            "com",
            "Example.com",
            "example.com.",
            ".example.com",
            "a..b",
            "example.com:443",
            "https://example.com",
            "127.0.0.1",
            "[::1]",
            "exa mple.com",
            "bücher.example",
            "-a.example",
            "a-.example",
            &"a.".repeat(130),
        ] {
            assert_eq!(try_id(id), SettingError::RpId, "{id:?}");
        }
        for id in [
            "abc.execute-api.eu-west-1.amazonaws.com",
            "execute-api.cn-north-1.amazonaws.com.cn",
            "abc.lambda-url.eu-west-1.on.aws",
        ] {
            assert_eq!(try_id(id), SettingError::Lost, "{id:?}");
        }
    }

    #[test]
    fn other_origins_are_refused() {
        let try_origins = |id: &str, origins: &[&str]| RelyingParty::new(id, origins).unwrap_err();
        for text in [
            "",
            "example.com",
            "http://example.com",
            "https://example.com/",
            "https://Example.com",
            "https://example.com:443",
            "https://example.com:0",
            "https://example.com:080",
            "https://example.com:65536",
            "https://example.com:",
            "https://user@example.com",
            "https://127.0.0.1",
            "null",
            "*",
            "http://127.0.0.1:8000",
            "https://com",
        ] {
            let error = try_origins("example.com", &[text]);
            assert_eq!(error, SettingError::Origin(text.to_owned()));
        }
        let local = "http://localhost:8000".to_owned();
        assert_eq!(
            try_origins("example.com", &[&local]),
            SettingError::Local(local)
        );
        let far = "https://example.com".to_owned();
        assert_eq!(
            try_origins("localhost", &[&far]),
            SettingError::Local(far.clone())
        );
        assert_eq!(
            try_origins("example.com", &[&far, &far]),
            SettingError::Twice(far)
        );
        assert_eq!(try_origins("example.com", &[]), SettingError::NoOrigin);
        let many = Vec::from_iter((1..=17).map(|port| format!("https://example.com:{port}")));
        let many = Vec::from_iter(many.iter().map(String::as_str));
        assert_eq!(try_origins("example.com", &many), SettingError::ManyOrigins);
        assert!(RelyingParty::new("example.com", &many[1..]).is_ok());
    }
}
