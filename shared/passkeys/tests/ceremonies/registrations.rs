//! New passkeys.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium::Value as Cbor;
use passkeys::{PublicData, Refused};
use serde_json::{Value, json};
use testing::passkey::{AT, BE, BS, ED, ED_DSA, ES256, Passkey, RS256, UP, UV, attestation, cbor};

use super::party::{creation_options, register, registered, soft};

/// A passkey that answers the options, with the answer.
fn answered(algorithm: i32) -> (Passkey, Value) {
    let mut soft = soft(algorithm);
    let answer = soft.register(&creation_options());
    (soft, answer)
}

/// The answer of a passkey to the options with another attestation object.
fn with_object(soft: &Passkey, object: &[u8]) -> Value {
    let client_data = soft.client_data("webauthn.create", &creation_options());
    soft.registration(&client_data, object)
}

fn with_data(soft: &Passkey, data: &[u8]) -> Result<passkeys::Passkey, Refused> {
    register(&with_object(soft, &attestation(data)))
}

#[test]
fn each_algorithm_that_is_offered_registers() {
    for algorithm in [ED_DSA, ES256, RS256] {
        let (soft, answer) = answered(algorithm);
        let stored = register(&answer).unwrap();
        assert_eq!(stored.id.as_bytes(), soft.id);
        assert_eq!(stored.public.transports(), ["hybrid", "internal"]);
        assert_eq!(
            (stored.sign_count, stored.backup_eligible, stored.backed_up),
            (0, false, false)
        );
        let text = stored.public.to_text();
        assert_eq!(PublicData::parse(&text), Some(stored.public), "{text}");
    }
}

#[test]
fn the_flags_and_the_count_are_kept() {
    let mut soft = soft(ED_DSA);
    soft.flags |= BE;
    soft.sign_count = 5;
    let stored = register(&soft.register(&creation_options())).unwrap();
    assert_eq!(
        (stored.sign_count, stored.backup_eligible, stored.backed_up),
        (5, true, false)
    );
    soft.flags |= BS;
    let stored = register(&soft.register(&creation_options())).unwrap();
    assert!(stored.backup_eligible && stored.backed_up);
}

#[test]
fn wrong_flags_are_refused() {
    for (flags, refused) in [
        (UV, Refused::NotPresent),
        (UP, Refused::NotVerified),
        (UP | UV | BS, Refused::Backup),
        (UP | UV | ED, Refused::Malformed),
    ] {
        let (mut soft, _) = answered(ED_DSA);
        soft.flags = flags;
        assert_eq!(register(&soft.register(&creation_options())), Err(refused));
    }
}

#[test]
fn another_type_origin_domain_or_challenge_is_refused() {
    let (mut soft, _) = answered(ED_DSA);
    let options = creation_options();
    let object = attestation(&soft.attested_data());
    let client_data = soft.client_data("webauthn.get", &options);
    assert_eq!(
        register(&soft.registration(&client_data, &object)),
        Err(Refused::Type)
    );
    let other = json!({"challenge": "AAAA"});
    let client_data = soft.client_data("webauthn.create", &other);
    assert_eq!(
        register(&soft.registration(&client_data, &object)),
        Err(Refused::Challenge)
    );
    soft.rp_id = "example.net".to_owned();
    assert_eq!(register(&soft.register(&options)), Err(Refused::RpId));
    soft.rp_id = "example.com".to_owned();
    for origin in [
        "https://example.com",
        "https://app.example.com:443",
        "https://app.example.com/",
        "https://evil.example",
        "null",
    ] {
        soft.origin = origin.to_owned();
        assert_eq!(
            register(&soft.register(&options)),
            Err(Refused::Origin),
            "{origin}"
        );
    }
    soft.origin = "https://example.net".to_owned();
    assert!(register(&soft.register(&options)).is_ok());
}

#[test]
fn a_frame_of_another_site_is_refused() {
    let (soft, _) = answered(ED_DSA);
    let client_data = soft.client_data("webauthn.create", &creation_options());
    let client_data: Value = serde_json::from_slice(&client_data).unwrap();
    let object = attestation(&soft.attested_data());
    for (name, value, expected) in [
        ("crossOrigin", json!(true), Some(Refused::CrossOrigin)),
        ("crossOrigin", json!("true"), Some(Refused::Malformed)),
        ("crossOrigin", json!(null), Some(Refused::Malformed)),
        (
            "topOrigin",
            json!("https://evil.example"),
            Some(Refused::CrossOrigin),
        ),
        ("crossOrigin", json!(false), None),
        ("a_member_of_a_later_level", json!({"a": 1}), None),
        ("tokenBinding", json!({"status": "supported"}), None),
        (
            "tokenBinding",
            json!({"status": "other"}),
            Some(Refused::Malformed),
        ),
        ("tokenBinding", json!("supported"), Some(Refused::Malformed)),
    ] {
        let mut client_data = client_data.clone();
        client_data[name] = value;
        let answer = soft.registration(client_data.to_string().as_bytes(), &object);
        assert_eq!(register(&answer).err(), expected, "{client_data}");
    }
}

#[test]
fn the_ids_must_be_one_and_of_a_length() {
    let (soft, answer) = answered(ED_DSA);
    let other = URL_SAFE_NO_PAD.encode([1; 32]);
    for names in [&["id"][..], &["rawId"], &["id", "rawId"]] {
        let mut answer = answer.clone();
        for name in names {
            answer[*name] = json!(other);
        }
        assert_eq!(register(&answer), Err(Refused::CredentialId), "{names:?}");
    }
    for (length, is_accepted) in [
        (0, false),
        (15, false),
        (16, true),
        (750, true),
        (751, false),
        (1_024, false),
    ] {
        let mut soft = Passkey::new(ED_DSA, "example.com", &soft.origin);
        soft.id = vec![5; length];
        let registered = register(&soft.register(&creation_options()));
        assert_eq!(registered.is_ok(), is_accepted, "{length}: {registered:?}");
    }
}

#[test]
fn an_attestation_that_nobody_asked_for_is_refused() {
    let (soft, _) = answered(ES256);
    let data = soft.attested_data();
    let text = |text: &str| Cbor::Text(text.to_owned());
    let object = |format: &str, statement: Vec<(Cbor, Cbor)>| {
        cbor(&Cbor::Map(vec![
            (text("fmt"), text(format)),
            (text("attStmt"), Cbor::Map(statement)),
            (text("authData"), Cbor::Bytes(data.clone())),
        ]))
    };
    let hash =
        |client_data: &[u8]| aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, client_data);
    let client_data = soft.client_data("webauthn.create", &creation_options());
    let signature = soft.sign(&[&data[..], hash(&client_data).as_ref()].concat());
    let signed = |signature: Vec<u8>| {
        vec![
            (text("alg"), Cbor::from(ES256)),
            (text("sig"), Cbor::Bytes(signature)),
        ]
    };
    let certificates = (text("x5c"), Cbor::Array(vec![Cbor::Bytes(vec![1, 2, 3])]));
    let by_itself = object("packed", signed(signature.clone()));
    assert!(register(&soft.registration(&client_data, &by_itself)).is_ok());
    for (object, refused) in [
        (object("packed", signed(vec![1; 70])), Refused::Signature),
        (
            object("packed", [signed(signature), vec![certificates]].concat()),
            Refused::Attestation,
        ),
        (object("none", signed(vec![])), Refused::Attestation),
        (object("tpm", vec![]), Refused::Attestation),
        (object("later", vec![]), Refused::Attestation),
        (attestation(&[&data[..], &[0]].concat()), Refused::Malformed),
        ([attestation(&data), vec![0]].concat(), Refused::Malformed),
        (
            cbor(&Cbor::Map(vec![(text("fmt"), text("none"))])),
            Refused::Malformed,
        ),
        (vec![], Refused::Malformed),
    ] {
        assert_eq!(
            register(&soft.registration(&client_data, &object)),
            Err(refused)
        );
    }
}

#[test]
fn extensions_are_read_to_their_end() {
    let (mut soft, _) = answered(ED_DSA);
    soft.flags |= ED;
    let extensions = Cbor::Map(vec![(Cbor::Text("credProtect".to_owned()), Cbor::from(2))]);
    let data = [soft.attested_data(), cbor(&extensions)].concat();
    assert!(with_data(&soft, &data).is_ok());
    for more in [&[0][..], &[0xa0]] {
        let data = [&data[..], more].concat();
        assert_eq!(with_data(&soft, &data), Err(Refused::Malformed));
    }
    let nothing = soft.attested_data();
    assert_eq!(with_data(&soft, &nothing), Err(Refused::Malformed));
    // The attested data are missing, or cut off.
    soft.flags = UP | UV;
    assert_eq!(
        with_data(&soft, &soft.authenticator_data()),
        Err(Refused::Malformed)
    );
    let whole = soft.attested_data();
    for length in 0..whole.len() {
        assert!(with_data(&soft, &whole[..length]).is_err(), "{length}");
    }
}

#[test]
fn a_key_that_is_none_is_refused() {
    let number = |label: i32| Cbor::from(label);
    let changed = |algorithm: i32, label: i32, value: Cbor| {
        let (mut soft, _) = answered(algorithm);
        soft.flags |= AT;
        let key = soft.public_key();
        let data = soft.attested_data();
        let before = &data[..data.len() - key.len()];
        let key: Cbor = ciborium::from_reader(&key[..]).unwrap();
        let mut labels = key.into_map().unwrap();
        for (at, old) in &mut labels {
            if *at == number(label) {
                *old = value.clone();
            }
        }
        let data = [before, &cbor(&Cbor::Map(labels))].concat();
        with_data(&soft, &data).map(|_| ())
    };
    let bytes = |length: usize| Cbor::Bytes(vec![0xff; length]);
    for (algorithm, label, value, refused) in [
        (ED_DSA, 3, number(-9), Refused::Algorithm),
        (ES256, 3, number(-35), Refused::Algorithm),
        (RS256, 3, number(-258), Refused::Algorithm),
        (RS256, 3, number(-65_535), Refused::Algorithm),
        (ED_DSA, 3, number(ES256), Refused::PublicKey),
        (
            ED_DSA,
            3,
            Cbor::Text("EdDSA".to_owned()),
            Refused::PublicKey,
        ),
        (ED_DSA, 1, number(2), Refused::PublicKey),
        (ED_DSA, -1, number(7), Refused::PublicKey),
        (ED_DSA, -2, bytes(31), Refused::PublicKey),
        (ES256, -1, number(2), Refused::PublicKey),
        (ES256, -2, bytes(32), Refused::PublicKey),
        (ES256, -3, bytes(33), Refused::PublicKey),
        (ES256, -3, Cbor::Bool(true), Refused::PublicKey),
        (RS256, -1, bytes(128), Refused::PublicKey),
        (RS256, -1, bytes(1_025), Refused::PublicKey),
        (RS256, -2, Cbor::Bytes(vec![]), Refused::PublicKey),
        (RS256, -2, Cbor::Bytes(vec![2]), Refused::PublicKey),
        (RS256, -2, Cbor::Bytes(vec![1]), Refused::PublicKey),
    ] {
        let registered = changed(algorithm, label, value.clone());
        assert_eq!(registered, Err(refused), "{algorithm} {label} {value:?}");
    }
}

#[test]
fn the_frame_of_the_answer_is_strict() {
    let (_, answer) = answered(ED_DSA);
    assert!(register(&answer).is_ok());
    let text = answer.to_string();
    let parse = |text: &str| passkeys::Registration::parse(text).err();
    let twice = text.replacen("\"type\"", "\"type\":\"public-key\",\"type\"", 1);
    assert_ne!(twice, text);
    for text in [
        twice.as_str(),
        &format!("{text} {{}}"),
        &text[..text.len() - 1],
        "null",
        "",
    ] {
        assert_eq!(parse(text), Some(Refused::Malformed));
    }
    for (pointer, value, refused) in [
        ("/type", json!("password"), Refused::Type),
        ("/type", json!(null), Refused::Malformed),
        ("/response", json!([]), Refused::Malformed),
        ("/response/clientDataJSON", json!("%"), Refused::Malformed),
        ("/response/clientDataJSON", json!("e30"), Refused::Malformed),
        (
            "/response/attestationObject",
            json!("AAA="),
            Refused::Malformed,
        ),
        ("/response/attestationObject", json!(1), Refused::Malformed),
        ("/response/transports", json!("usb"), Refused::Malformed),
        ("/response/transports", json!(["USB"]), Refused::Malformed),
        (
            "/response/transports",
            json!(vec!["a"; 9]),
            Refused::Malformed,
        ),
        (
            "/response/transports",
            json!(["abcdefghijklmnopq"]),
            Refused::Malformed,
        ),
        ("/response/transports", json!([""]), Refused::Malformed),
        ("/id", json!(null), Refused::Malformed),
    ] {
        let mut answer = answer.clone();
        *answer.pointer_mut(pointer).unwrap() = value.clone();
        assert_eq!(register(&answer).err(), Some(refused), "{pointer} {value}");
    }
    let mut later = answer.clone();
    later["authenticatorAttachment"] = json!("of a later level");
    later["response"]["transports"] = json!(["of-a-later-lvl", "usb", "usb"]);
    later["a_member"] = json!(1);
    let stored = register(&later).unwrap();
    assert_eq!(stored.public.transports(), ["of-a-later-lvl", "usb"]);
}

#[test]
fn a_stored_passkey_is_read_or_nothing() {
    let (_, stored) = registered(ES256);
    let text = stored.public.to_text();
    for other in [
        "",
        "{}",
        &text[1..],
        &text.replace("key", "k"),
        &text.replace("\"aaguid\":\"AAAA", "\"aaguid\":\""),
    ] {
        assert_eq!(PublicData::parse(other), None, "{other}");
    }
}
