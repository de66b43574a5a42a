//! The ids of credentials.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The id of a credential: bytes that the authenticator has chosen, at random or as its own sealed
/// key. As text it is base64url without padding.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CredentialId(Vec<u8>);

impl CredentialId {
    /// The fewest bytes of one (WebAuthn Level 3, §4, "Credential ID").
    const MIN_LEN: usize = 16;

    /// The most bytes of one. The specification permits 1,023; the text of so many, with what names
    /// an item, is longer than the 1,024 bytes that a key of a table has room for. Those of passkeys
    /// have 16 to 64.
    pub const MAX_LEN: usize = 750;

    /// Takes bytes for an id; `None` where they are too few or too many.
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let lengths = Self::MIN_LEN..=Self::MAX_LEN;
        let fits = lengths.contains(&bytes.len());
        fits.then(|| Self(bytes.to_vec()))
    }

    /// Takes a text for an id.
    pub fn parse(text: &str) -> Option<Self> {
        Self::new(&URL_SAFE_NO_PAD.decode(text).ok()?)
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for CredentialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(&self.0))
    }
}

impl fmt::Debug for CredentialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_spelling_and_fits_the_key_of_an_item() {
        let id = CredentialId::new(&[0xff; 16]).unwrap();
        assert_eq!(CredentialId::parse(&id.to_string()), Some(id.clone()));
        let text = id.to_string();
        for other in [
            format!("{text}="),
            text.replace('_', "/"),
            format!(" {text}"),
        ] {
            assert_eq!(CredentialId::parse(&other), None, "{other}");
        }
        // The last two characters have 4 bits to spare.
        let last = format!("{}x", &text[..text.len() - 1]);
        assert_eq!(CredentialId::parse(&last), None);
        assert!(CredentialId::new(&[1; 15]).is_none());
        assert!(CredentialId::new(&[1; CredentialId::MAX_LEN + 1]).is_none());
        let longest = CredentialId::new(&[1; CredentialId::MAX_LEN]).unwrap();
        assert!(format!("passkey#{longest}").len() <= 1_024);
    }
}
