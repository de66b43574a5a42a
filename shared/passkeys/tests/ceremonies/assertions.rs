//! Passkeys that are used.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium::Value as Cbor;
use passkeys::{Assertion, Refused};
use serde_json::{Value, json};
use testing::passkey::{AT, BE, BS, ED, ED_DSA, ES256, RS256, UP, UV, cbor};

use super::party::{CHALLENGE, HANDLE, assert, registered, request_options};

#[test]
fn each_algorithm_signs_in() {
    for algorithm in [ED_DSA, ES256, RS256] {
        let (mut soft, stored) = registered(algorithm);
        let answer = soft.sign_in(&request_options());
        let parsed = Assertion::parse(&answer.to_string()).unwrap();
        assert_eq!(parsed.challenge(), CHALLENGE);
        assert_eq!(parsed.credential_id(), &stored.id);
        assert_eq!(parsed.user_handle(), HANDLE);
        let asserted = assert(&answer, &stored).unwrap();
        assert_eq!(
            (asserted.sign_count, asserted.is_stale, asserted.has_changed),
            (0, false, false)
        );
        // Whether it was answered already is the caller's to know.
        assert!(assert(&answer, &stored).is_ok());
    }
}

#[test]
fn another_key_or_another_message_is_refused() {
    for algorithm in [ED_DSA, ES256, RS256] {
        let (mut soft, stored) = registered(algorithm);
        let (_, other) = registered(algorithm);
        let mut forged = other;
        forged.id = stored.id.clone();
        let answer = soft.sign_in(&request_options());
        assert_eq!(assert(&answer, &forged), Err(Refused::Signature));
        for name in ["signature", "authenticatorData", "clientDataJSON"] {
            let mut answer = answer.clone();
            let text = answer["response"][name].as_str().unwrap();
            let mut bytes = URL_SAFE_NO_PAD.decode(text).unwrap();
            let last = match name {
                // The last byte of the count, and the last letter of `false`.
                "clientDataJSON" => bytes.len() - 30,
                _ => bytes.len() - 1,
            };
            bytes[last] ^= 1;
            answer["response"][name] = json!(URL_SAFE_NO_PAD.encode(&bytes));
            assert!(assert(&answer, &stored).is_err(), "{name}");
        }
    }
}

#[test]
fn another_credential_than_the_stored_one_is_refused() {
    let (mut soft, stored) = registered(ED_DSA);
    soft.id = vec![9; 32];
    let answer = soft.sign_in(&request_options());
    assert_eq!(assert(&answer, &stored), Err(Refused::CredentialId));
    let (mut soft, stored) = registered(ED_DSA);
    for name in ["id", "rawId"] {
        let mut answer = soft.sign_in(&request_options());
        answer[name] = json!(URL_SAFE_NO_PAD.encode([9; 32]));
        assert_eq!(
            assert(&answer, &stored),
            Err(Refused::CredentialId),
            "{name}"
        );
    }
}

#[test]
fn wrong_flags_are_refused() {
    for (flags, refused) in [
        (UV, Refused::NotPresent),
        (UP, Refused::NotVerified),
        (0, Refused::NotPresent),
        (UP | UV | BS, Refused::Backup),
        (UP | UV | ED, Refused::Malformed),
        (UP | UV | AT, Refused::Malformed),
    ] {
        let (mut soft, stored) = registered(ED_DSA);
        soft.flags = flags;
        let answer = soft.sign_in(&request_options());
        assert_eq!(assert(&answer, &stored), Err(refused), "{flags:#b}");
    }
}

#[test]
fn another_type_origin_domain_or_challenge_is_refused() {
    let (mut soft, stored) = registered(ED_DSA);
    let options = request_options();
    let data = soft.authenticator_data();
    let client_data = soft.client_data("webauthn.create", &options);
    assert_eq!(
        assert(&soft.assertion(&client_data, &data), &stored),
        Err(Refused::Type)
    );
    for challenge in [json!("AAAA"), json!("")] {
        let answer = soft.sign_in(&json!({ "challenge": challenge }));
        assert_eq!(assert(&answer, &stored), Err(Refused::Challenge));
    }
    soft.rp_id = "app.example.com".to_owned();
    assert_eq!(assert(&soft.sign_in(&options), &stored), Err(Refused::RpId));
    soft.rp_id = "example.com".to_owned();
    soft.origin = "https://example.com.evil.example".to_owned();
    assert_eq!(
        assert(&soft.sign_in(&options), &stored),
        Err(Refused::Origin)
    );
}

#[test]
fn a_frame_of_another_site_is_refused() {
    let (soft, stored) = registered(ED_DSA);
    let client_data = soft.client_data("webauthn.get", &request_options());
    let client_data: Value = serde_json::from_slice(&client_data).unwrap();
    for (name, value, expected) in [
        ("crossOrigin", json!(true), Some(Refused::CrossOrigin)),
        ("crossOrigin", json!(1), Some(Refused::Malformed)),
        (
            "topOrigin",
            json!("https://app.example.com"),
            Some(Refused::CrossOrigin),
        ),
        ("later", json!([]), None),
    ] {
        let mut client_data = client_data.clone();
        client_data[name] = value;
        let answer = soft.assertion(
            client_data.to_string().as_bytes(),
            &soft.authenticator_data(),
        );
        assert_eq!(assert(&answer, &stored).err(), expected, "{client_data}");
    }
}

#[test]
fn what_is_signed_is_read_to_its_end() {
    let (soft, stored) = registered(ED_DSA);
    let client_data = soft.client_data("webauthn.get", &request_options());
    let data = soft.authenticator_data();
    let answer = |data: &[u8]| soft.assertion(&client_data, data);
    assert!(assert(&answer(&data), &stored).is_ok());
    assert_eq!(
        assert(&answer(&[&data[..], &[0]].concat()), &stored),
        Err(Refused::Malformed)
    );
    for length in 0..data.len() {
        assert_eq!(
            assert(&answer(&data[..length]), &stored),
            Err(Refused::Malformed)
        );
    }
    let mut extended = data.clone();
    extended[32] |= ED;
    let extensions = cbor(&Cbor::Map(vec![(
        Cbor::Text("a".to_owned()),
        Cbor::from(1),
    )]));
    extended.extend(&extensions);
    assert!(assert(&answer(&extended), &stored).is_ok());
    extended.push(0);
    assert_eq!(assert(&answer(&extended), &stored), Err(Refused::Malformed));
    let spaced = [&client_data[..], b" "].concat();
    assert!(assert(&soft.assertion(&spaced, &data), &stored).is_ok());
    let text = String::from_utf8(client_data.clone()).unwrap();
    for other in [
        format!("{text}x"),
        format!("\u{feff}{text}"),
        text.replacen('{', "{\"type\":\"webauthn.get\",", 1),
    ] {
        let answer = soft.assertion(other.as_bytes(), &data);
        assert_eq!(assert(&answer, &stored), Err(Refused::Malformed), "{other}");
    }
}

#[test]
fn a_sign_in_names_its_user() {
    let (mut soft, stored) = registered(ED_DSA);
    let answer = soft.sign_in(&request_options());
    for (handle, refused) in [
        (json!(null), Refused::UserHandle),
        (json!(""), Refused::UserHandle),
        (json!("AA=="), Refused::UserHandle),
        (json!(URL_SAFE_NO_PAD.encode([1; 65])), Refused::UserHandle),
    ] {
        let mut answer = answer.clone();
        answer["response"]["userHandle"] = handle;
        assert_eq!(assert(&answer, &stored).err(), Some(refused));
    }
    let mut missing = answer.clone();
    missing["response"]
        .as_object_mut()
        .unwrap()
        .remove("userHandle");
    assert_eq!(assert(&missing, &stored).err(), Some(Refused::UserHandle));
}

#[test]
fn a_count_that_does_not_grow_is_a_copy_of_a_key_that_is_bound_to_its_device() {
    let (mut soft, mut stored) = registered(ES256);
    for (before, presented, expected) in [
        (0, 0, Some(0)),
        (0, 1, Some(1)),
        (1, 2, Some(2)),
        (1, u32::MAX, Some(u32::MAX)),
        (1, 1, None),
        (2, 1, None),
        (1, 0, None),
        (u32::MAX, 0, None),
    ] {
        stored.sign_count = before;
        let client_data = soft.client_data("webauthn.get", &request_options());
        soft.sign_count = presented;
        let answer = soft.assertion(&client_data, &soft.authenticator_data());
        let asserted = assert(&answer, &stored);
        match expected {
            Some(count) => {
                let asserted = asserted.unwrap();
                assert_eq!((asserted.sign_count, asserted.is_stale), (count, false));
            }
            None => assert_eq!(asserted, Err(Refused::Cloned), "{before} {presented}"),
        }
    }
}

#[test]
fn who_has_no_key_cannot_have_a_passkey_called_a_copy() {
    let (mut soft, mut stored) = registered(ES256);
    stored.sign_count = 5;
    let mut answer = soft.sign_in(&request_options());
    answer["response"]["signature"] = json!("MEQ");
    assert_eq!(assert(&answer, &stored), Err(Refused::Signature));
}

#[test]
fn an_older_count_of_a_synced_passkey_signs_in_and_the_higher_one_is_kept() {
    for (is_eligible, was_eligible) in [(true, true), (true, false), (false, true)] {
        let (mut soft, mut stored) = registered(ES256);
        stored.backup_eligible = was_eligible;
        stored.sign_count = 9;
        soft.sign_count = 3;
        soft.flags = UP | UV | if is_eligible { BE | BS } else { 0 };
        let asserted = assert(&soft.sign_in(&request_options()), &stored).unwrap();
        assert_eq!((asserted.sign_count, asserted.is_stale), (9, true));
        assert_eq!(asserted.backup_eligible, is_eligible);
        assert_eq!(asserted.backed_up, is_eligible);
        assert_eq!(asserted.has_changed, is_eligible != was_eligible);
    }
}

#[test]
fn the_frame_of_the_answer_is_strict() {
    let (mut soft, stored) = registered(ED_DSA);
    let answer = soft.sign_in(&request_options());
    for (pointer, value, refused) in [
        ("/type", json!("public"), Refused::Type),
        ("/response", json!(null), Refused::Malformed),
        ("/response/signature", json!(null), Refused::Malformed),
        ("/response/signature", json!(""), Refused::Signature),
        (
            "/response/authenticatorData",
            json!("+/+/"),
            Refused::Malformed,
        ),
        (
            "/response/clientDataJSON",
            json!("bnVsbA"),
            Refused::Malformed,
        ),
    ] {
        let mut answer = answer.clone();
        *answer.pointer_mut(pointer).unwrap() = value.clone();
        assert_eq!(
            assert(&answer, &stored).err(),
            Some(refused),
            "{pointer} {value}"
        );
    }
    let text = answer.to_string();
    let twice = text.replacen("\"signature\"", "\"signature\":\"\",\"signature\"", 1);
    assert_eq!(Assertion::parse(&twice).err(), Some(Refused::Malformed));
    // A registration has no signature.
    let registration = soft.register(&super::party::creation_options());
    assert!(Assertion::parse(&registration.to_string()).is_err());
}
