//! The frame of an answer, which both ceremonies have.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::client_data::ClientData;
use crate::strict_json::Object;
use crate::{CredentialId, Refused};

/// The members of `PublicKeyCredential.toJSON()` (WebAuthn Level 3, §5.1.8) that say anything to us.
/// Others pass, since browsers add some.
pub(crate) struct Answer {
    pub(crate) id: CredentialId,
    pub(crate) client_data: ClientData,
    pub(crate) response: Object,
}

impl Answer {
    pub(crate) fn parse(json: &str) -> Result<Self, Refused> {
        let answer = Object::parse(json.as_bytes())?;
        if answer.text("type")? != "public-key" {
            return Err(Refused::Type);
        }
        let id = answer.text("id")?;
        if answer.text("rawId")? != id {
            return Err(Refused::CredentialId);
        }
        let response = answer.object("response")?;
        Ok(Self {
            id: CredentialId::parse(id).ok_or(Refused::CredentialId)?,
            client_data: ClientData::parse(response.text("clientDataJSON")?)?,
            response,
        })
    }

    /// A member of the response that is bytes.
    pub(crate) fn bytes(&self, name: &str) -> Result<Vec<u8>, Refused> {
        let bytes = URL_SAFE_NO_PAD.decode(self.response.text(name)?);
        bytes.map_err(|_| Refused::Malformed)
    }
}

pub(crate) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Makes a value of a type of `passki`'s that has no constructor.
pub(crate) fn own<T: DeserializeOwned>(json: Value) -> T {
    serde_json::from_value(json).expect("the version of passki is fixed, and each type is tested")
}
