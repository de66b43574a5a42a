//! Adding a passkey.

use ciborium::Value;
use passki::{RegistrationCredential, RegistrationState};
use serde_json::json;

use crate::answer::{Answer, encode, own};
use crate::authenticator_data::AuthenticatorData;
use crate::{Passkey, PublicData, Refused, RelyingParty, cbor, public_key};

/// The answer of `navigator.credentials.create()`, read but not verified.
pub struct Registration {
    answer: Answer,
    attestation_object: Vec<u8>,
    transports: Vec<String>,
}

/// Browsers know seven.
const MAX_TRANSPORTS: usize = 8;

impl Registration {
    /// Reads the JSON of `PublicKeyCredential.toJSON()` (`RegistrationResponseJSON`, WebAuthn Level
    /// 3, §5.1.8.1).
    ///
    /// # Errors
    ///
    /// [`Refused`], for its shape, its type, its ids or a frame of another site.
    pub fn parse(json: &str) -> Result<Self, Refused> {
        let answer = Answer::parse(json)?;
        Ok(Self {
            attestation_object: answer.bytes("attestationObject")?,
            transports: transports(answer.response.get("transports"))?,
            answer,
        })
    }

    /// The challenge that it answers, which the caller has to know again.
    pub fn challenge(&self) -> &[u8] {
        &self.answer.client_data.challenge
    }
}

impl RelyingParty {
    /// Verifies the answer to a challenge that was given out to add a passkey (WebAuthn Level 3,
    /// §7.1).
    ///
    /// # Errors
    ///
    /// [`Refused`].
    pub fn register(&self, answer: &Registration, challenge: &[u8]) -> Result<Passkey, Refused> {
        let id = answer.answer.id.to_string();
        let credential = json!({
            "rawId": id,
            "response": {
                "clientDataJSON": answer.answer.client_data.text,
                "attestationObject": encode(&answer.attestation_object),
            },
        });
        let credential: RegistrationCredential = own(credential);
        let state: RegistrationState = own(json!({
            "challenge": challenge,
            "user": {"id": "", "name": "", "displayName": ""},
            "user_verification": "required",
        }));
        let data = attested(&answer.attestation_object)?;
        let new = data.attested.as_ref().ok_or(Refused::Malformed)?;
        let algorithm = public_key::check(&new.public_key)?;
        let verified = self
            .passki
            .finish_passkey_registration(&credential, &state)?;
        if new.id != answer.answer.id {
            return Err(Refused::CredentialId);
        }
        Ok(Passkey {
            id: new.id.clone(),
            public: PublicData {
                public_key: verified.public_key,
                algorithm,
                aaguid: new.aaguid,
                transports: answer.transports.clone(),
            },
            sign_count: data.sign_count,
            backup_eligible: data.is_backup_eligible(),
            backed_up: data.is_backed_up(),
        })
    }
}

/// Reads an attestation object (§6.5) with no attestation, or with one by the new key itself
/// (`packed` without a certificate), which browsers leave as it is where none was asked for (§5.1.3).
fn attested(object: &[u8]) -> Result<AuthenticatorData, Refused> {
    let object = cbor::map(object)?;
    let format = cbor::named(&object, "fmt").and_then(Value::as_text);
    let statement = cbor::named(&object, "attStmt").and_then(Value::as_map);
    let data = cbor::named(&object, "authData").and_then(Value::as_bytes);
    let (3, Some(format), Some(statement), Some(data)) = (object.len(), format, statement, data)
    else {
        return Err(Refused::Malformed);
    };
    match format {
        "none" if statement.is_empty() => {}
        "packed" if cbor::named(statement, "x5c").is_none() => {}
        _ => return Err(Refused::Attestation),
    }
    AuthenticatorData::parse(data)
}

/// Reads the hints, of which those of later specifications are kept (§5.8.4).
fn transports(member: Option<&serde_json::Value>) -> Result<Vec<String>, Refused> {
    use serde_json::Value;
    let listed = match member {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(listed)) if listed.len() <= MAX_TRANSPORTS => listed,
        Some(_) => return Err(Refused::Malformed),
    };
    let is_name = |text: &&str| {
        let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
        (1..=16).contains(&text.len()) && text.bytes().all(is_letter)
    };
    let names = listed.iter().map(|it| it.as_str().filter(is_name));
    let names: Option<Vec<String>> = names.map(|name| name.map(str::to_owned)).collect();
    let mut names = names.ok_or(Refused::Malformed)?;
    names.sort();
    names.dedup();
    Ok(names)
}
