//! The client data: what the browser says of the ceremony, signed by the authenticator.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::Refused;
use crate::strict_json::Object;

/// Client data (WebAuthn Level 3, §5.8.1), of which `passki` verifies type, challenge and origin.
pub(crate) struct ClientData {
    /// Its bytes as base64url, as they came.
    pub(crate) text: String,
    /// The challenge that it answers.
    pub(crate) challenge: Vec<u8>,
}

impl ClientData {
    /// Reads it. Members that are unknown pass, since browsers add some (§5.8.1.2).
    pub(crate) fn parse(text: &str) -> Result<Self, Refused> {
        let bytes = URL_SAFE_NO_PAD.decode(text);
        let object = Object::parse(&bytes.map_err(|_| Refused::Malformed)?)?;
        object.text("type")?;
        object.text("origin")?;
        let challenge = URL_SAFE_NO_PAD.decode(object.text("challenge")?);
        match object.get("crossOrigin") {
            None | Some(Value::Bool(false)) => {}
            Some(Value::Bool(true)) => return Err(Refused::CrossOrigin),
            // `passki` takes anything else for `false`.
            Some(_) => return Err(Refused::Malformed),
        }
        // Only a page in a frame of another origin has one.
        if object.get("topOrigin").is_some() {
            return Err(Refused::CrossOrigin);
        }
        match object.get("tokenBinding") {
            None => {}
            // Of Level 2; browsers send none any more.
            Some(binding) => match binding["status"].as_str() {
                Some("present" | "supported") => {}
                _ => return Err(Refused::Malformed),
            },
        }
        Ok(Self {
            text: text.to_owned(),
            challenge: challenge.map_err(|_| Refused::Malformed)?,
        })
    }
}
