//! The options, as a browser gets them.

use passkeys::Account;
use serde_json::json;
use testing::passkey::ES256;

use super::party::{CHALLENGE, HANDLE, creation_options, party, registered, request_options};

#[test]
fn a_new_passkey_is_discoverable_and_verifies_its_user() {
    let expected = json!({
        "rp": {"id": "example.com", "name": "example.com"},
        "user": {"id": "AwMDAwMDAwMDAwMDAwMDAw", "name": "ada", "displayName": "ada"},
        "challenge": "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBw",
        "pubKeyCredParams": [
            {"type": "public-key", "alg": -8},
            {"type": "public-key", "alg": -7},
            {"type": "public-key", "alg": -257},
        ],
        "timeout": 300_000,
        "excludeCredentials": [],
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": true,
            "userVerification": "required",
        },
        "attestation": "none",
    });
    assert_eq!(creation_options(), expected);
}

#[test]
fn a_sign_in_names_no_passkey() {
    let expected = json!({
        "challenge": "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBw",
        "timeout": 300_000,
        "rpId": "example.com",
        "allowCredentials": [],
        "userVerification": "required",
    });
    assert_eq!(request_options(), expected);
}

#[test]
fn no_challenge_is_shown() {
    let account = Account {
        handle: HANDLE,
        name: "ada",
    };
    let options = party().creation_options(account, CHALLENGE, []);
    assert_eq!(format!("{options:?}"), "CreationOptions(for example.com)");
    let options = party().request_options(CHALLENGE);
    assert_eq!(format!("{options:?}"), "RequestOptions(for example.com)");
}

#[test]
fn the_passkeys_of_the_account_are_excluded() {
    let (_, stored) = registered(ES256);
    let account = Account {
        handle: HANDLE,
        name: "ada",
    };
    let options = party().creation_options(account, CHALLENGE, [&stored]);
    let options = serde_json::to_value(options).unwrap();
    let expected = json!([{
        "type": "public-key",
        "id": stored.id.to_string(),
        "transports": ["hybrid", "internal"],
    }]);
    assert_eq!(options["excludeCredentials"], expected);
}
