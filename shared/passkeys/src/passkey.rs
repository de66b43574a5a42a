//! A passkey as it is stored.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::CredentialId;

/// A passkey of an account. Nothing of it is secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    /// Its id.
    pub id: CredentialId,
    /// The part that never changes.
    pub public: PublicData,
    /// The highest count of signatures that it has shown; 0 where it does not count.
    pub sign_count: u32,
    /// Whether it may leave its device, as those do that a password manager syncs.
    pub backup_eligible: bool,
    /// Whether it has left it.
    pub backed_up: bool,
}

/// The data that a passkey states once, when it is added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicData {
    pub(crate) public_key: Vec<u8>,
    pub(crate) algorithm: i32,
    pub(crate) aaguid: [u8; 16],
    pub(crate) transports: Vec<String>,
}

/// The text of [`PublicData`]: JSON with short names.
#[derive(Serialize, Deserialize)]
struct Text {
    alg: i32,
    key: String,
    aaguid: String,
    #[serde(default)]
    transports: Vec<String>,
}

impl PublicData {
    /// Returns its text, for a table: JSON, from 150 to 1,500 bytes.
    pub fn to_text(&self) -> String {
        let text = Text {
            alg: self.algorithm,
            key: URL_SAFE_NO_PAD.encode(&self.public_key),
            aaguid: URL_SAFE_NO_PAD.encode(self.aaguid),
            transports: self.transports.clone(),
        };
        serde_json::to_string(&text).expect("numbers and texts are JSON")
    }

    /// Takes the text of a table; `None` where it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let text: Text = serde_json::from_str(text).ok()?;
        Some(Self {
            public_key: URL_SAFE_NO_PAD.decode(text.key).ok()?,
            algorithm: text.alg,
            aaguid: URL_SAFE_NO_PAD.decode(text.aaguid).ok()?.try_into().ok()?,
            transports: text.transports,
        })
    }

    /// The transports of its authenticator, by the names of WebAuthn Level 3, §5.8.4: a hint for
    /// browsers.
    pub fn transports(&self) -> &[String] {
        &self.transports
    }
}
