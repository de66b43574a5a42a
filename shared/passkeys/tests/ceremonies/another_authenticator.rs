//! Ceremonies with the client and the authenticator of `passkey`, which others wrote.

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use passkey_authenticator::{Authenticator, UiHint, UserCheck, UserValidationMethod};
use passkey_client::{Client, DefaultClientData};
use passkey_crypto::aws_lc_rs::AwsLcRsBackend;
use passkey_crypto::iana::Algorithm;
use passkey_types::Passkey;
use passkey_types::ctap2::{Aaguid, Ctap2Error};
use passkey_types::webauthn::{CredentialCreationOptions, CredentialRequestOptions};
use serde_json::{Value, json};
use url::Url;

use super::party::{ORIGIN, assert, creation_options, register, request_options};

/// A user who is there and shows a finger.
struct Present;

#[async_trait]
impl UserValidationMethod for Present {
    type PasskeyItem = Passkey;

    async fn check_user<'a>(
        &self,
        _: UiHint<'a, Passkey>,
        presence: bool,
        verification: bool,
    ) -> Result<UserCheck, Ctap2Error> {
        Ok(UserCheck {
            presence,
            verification,
        })
    }

    fn is_presence_enabled(&self) -> bool {
        true
    }

    fn is_verification_enabled(&self) -> Option<bool> {
        Some(true)
    }
}

/// The crate writes bytes as numbers, and a browser as base64url.
fn as_a_browser_does(value: Value) -> Value {
    match value {
        Value::Array(list) if !list.is_empty() && list.iter().all(Value::is_u64) => {
            let bytes = list
                .iter()
                .map(|byte| u8::try_from(byte.as_u64().unwrap()).unwrap());
            json!(URL_SAFE_NO_PAD.encode(Vec::from_iter(bytes)))
        }
        Value::Object(members) => {
            let members = members.into_iter();
            members
                .map(|(name, value)| (name, as_a_browser_does(value)))
                .collect()
        }
        other => other,
    }
}

#[tokio::test]
async fn its_passkeys_register_and_sign_in() {
    for (algorithm, counts) in [
        (Algorithm::ES256, false),
        (Algorithm::ES256, true),
        (Algorithm::EdDSA, true),
    ] {
        let store: Option<Passkey> = None;
        let mut authenticator =
            Authenticator::new(Aaguid::new_empty(), store, Present, AwsLcRsBackend);
        authenticator.set_make_credentials_with_signature_counter(counts);
        authenticator.set_algorithms(&[algorithm]).unwrap();
        let mut client = Client::new(authenticator);
        let page = Url::parse(ORIGIN).unwrap();

        let options = json!({ "publicKey": creation_options() });
        let options: CredentialCreationOptions = serde_json::from_value(options).unwrap();
        let answer = client
            .register(&page, options, DefaultClientData)
            .await
            .unwrap();
        let answer = as_a_browser_does(serde_json::to_value(answer).unwrap());
        let mut stored = register(&answer).unwrap();

        for uses in 1..=3 {
            let options = json!({ "publicKey": request_options() });
            let options: CredentialRequestOptions = serde_json::from_value(options).unwrap();
            let answer = client
                .authenticate(&page, options, DefaultClientData)
                .await
                .unwrap();
            let answer = as_a_browser_does(serde_json::to_value(answer).unwrap());
            let asserted = assert(&answer, &stored).unwrap();
            assert_eq!(asserted.sign_count > 0, counts, "{uses}");
            stored.sign_count = asserted.sign_count;
        }
    }
}
