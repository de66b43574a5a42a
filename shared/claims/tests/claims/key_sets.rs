//! Which public keys a key set takes.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use claims::{Algorithm, Jwk, KeyError, KeySet, PrivateKey};
use serde_json::{Value, json};

fn jwk(algorithm: Algorithm) -> Jwk {
    let (key, _) = PrivateKey::generate(algorithm).expect("a key can be made");
    key.jwk().clone()
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Returns the verdict on a key with one member changed, or removed if there is no value.
fn verdict(key: &Jwk, member: &str, value: Option<Value>) -> Option<KeyError> {
    let mut json = serde_json::to_value(key).expect("a JWK serialises");
    let members = json.as_object_mut().expect("a JWK is an object");
    match value {
        Some(value) => members.insert(member.to_owned(), value),
        None => members.remove(member),
    };
    let key: Jwk = serde_json::from_value(json).expect("a JWK of some kind");
    KeySet::new([key]).err()
}

#[test]
fn good_keys_are_published_as_given_and_in_their_order() {
    let keys = Algorithm::ALL.map(jwk);
    let set = KeySet::new(keys.clone()).expect("three good keys");
    assert_eq!(set.jwks().keys, keys);
}

#[test]
fn an_empty_set_is_allowed_and_publishes_nothing() {
    let set = KeySet::new([]).expect("no bad key");
    assert_eq!(
        serde_json::to_value(set.jwks()).ok(),
        Some(json!({ "keys": [] }))
    );
}

#[test]
fn private_members_are_not_published() {
    let mut json = serde_json::to_value(jwk(Algorithm::EdDsa)).expect("a JWK serialises");
    json["d"] = json!("c2VjcmV0");
    let key: Jwk = serde_json::from_value(json).expect("a JWK");
    let set = KeySet::new([key]).expect("a good key");
    let published = serde_json::to_string(&set.jwks()).expect("a set serialises");
    assert!(!published.contains("c2VjcmV0"));
}

#[test]
fn a_key_without_a_name_or_with_the_name_of_another_is_refused() {
    let key = jwk(Algorithm::EdDsa);
    assert_eq!(verdict(&key, "kid", None), Some(KeyError::MissingKid));
    assert_eq!(
        verdict(&key, "kid", Some(json!(""))),
        Some(KeyError::MissingKid)
    );
    let mut other = jwk(Algorithm::EdDsa);
    other.common.key_id.clone_from(&key.common.key_id);
    assert_eq!(
        KeySet::new([key.clone(), other]).err(),
        Some(KeyError::DuplicateKid)
    );
    assert_eq!(
        KeySet::new([key.clone(), key]).err(),
        Some(KeyError::DuplicateKid)
    );
}

#[test]
fn a_key_for_another_use_is_refused() {
    let key = jwk(Algorithm::EdDsa);
    for value in [
        None,
        Some(json!("enc")),
        Some(json!("SIG")),
        Some(json!("")),
    ] {
        assert_eq!(verdict(&key, "use", value), Some(KeyError::Use));
    }
}

#[test]
fn a_key_without_a_supported_algorithm_is_refused() {
    for algorithm in Algorithm::ALL {
        let key = jwk(algorithm);
        assert_eq!(verdict(&key, "alg", None), Some(KeyError::Algorithm));
        for alg in [
            "none", "HS256", "RS384", "RS512", "PS256", "ES384", "RSA-OAEP", "Ed25519", "",
        ] {
            let refused = verdict(&key, "alg", Some(json!(alg)));
            assert_eq!(refused, Some(KeyError::Algorithm), "{alg}");
        }
    }
}

#[test]
fn a_key_of_another_type_or_curve_than_its_algorithm_is_refused() {
    for key_algorithm in Algorithm::ALL {
        let key = jwk(key_algorithm);
        for named in Algorithm::ALL
            .into_iter()
            .filter(|named| *named != key_algorithm)
        {
            assert_eq!(
                verdict(&key, "alg", Some(json!(named))),
                Some(KeyError::Mismatch)
            );
        }
    }
    for crv in ["P-384", "P-521", "Ed25519"] {
        let refused = verdict(&jwk(Algorithm::Es256), "crv", Some(json!(crv)));
        assert_eq!(refused, Some(KeyError::Mismatch), "{crv}");
    }
    let refused = verdict(&jwk(Algorithm::EdDsa), "crv", Some(json!("P-256")));
    assert_eq!(refused, Some(KeyError::Mismatch));
}

#[test]
fn a_symmetric_key_is_refused_whatever_it_claims_to_be() {
    for alg in ["HS256", "RS256", "ES256", "EdDSA"] {
        let json = json!({ "kty": "oct", "k": "AAAA", "kid": "k", "use": "sig", "alg": alg });
        let key: Jwk = serde_json::from_value(json).expect("a JWK");
        assert!(matches!(
            KeySet::new([key]),
            Err(KeyError::Algorithm | KeyError::Mismatch)
        ));
    }
}

#[test]
fn weak_and_malformed_rsa_keys_are_refused() {
    let key = jwk(Algorithm::Rs256);
    let modulus = |bytes: usize, first: u8| {
        let mut modulus = vec![0xab; bytes];
        modulus[0] = first;
        json!(encode(&modulus))
    };
    assert_eq!(verdict(&key, "n", Some(modulus(256, 0x80))), None);
    assert_eq!(verdict(&key, "n", Some(modulus(512, 0xff))), None);
    let sizes = [modulus(256, 0x7f), modulus(128, 0x80), modulus(513, 1)];
    for modulus in sizes {
        assert_eq!(verdict(&key, "n", Some(modulus)), Some(KeyError::PublicKey));
    }
    for text in [
        json!(""),
        json!("AA"),
        modulus(257, 0),
        json!("!"),
        json!("AAAA="),
    ] {
        assert_eq!(verdict(&key, "n", Some(text)), Some(KeyError::PublicKey));
    }
    for exponent in ["", "AQ", "Aw", "AQAC", "AAEAAQ", "AQAB=", "AAAA", "AQABAQ"] {
        let refused = verdict(&key, "e", Some(json!(exponent)));
        assert_eq!(refused, Some(KeyError::PublicKey), "{exponent}");
    }
}

#[test]
fn points_that_are_off_the_curve_or_misspelt_are_refused() {
    let key = jwk(Algorithm::Es256);
    for bytes in [&[][..], &[0; 31], &[0; 32], &[0; 33], &[1; 32], &[0xff; 32]] {
        for member in ["x", "y"] {
            let refused = verdict(&key, member, Some(json!(encode(bytes))));
            assert_eq!(refused, Some(KeyError::PublicKey), "{member} = {bytes:?}");
        }
    }
    let key = jwk(Algorithm::EdDsa);
    for bytes in [&[][..], &[1; 31], &[1; 33], &[1; 44]] {
        let refused = verdict(&key, "x", Some(json!(encode(bytes))));
        assert_eq!(refused, Some(KeyError::PublicKey), "x = {bytes:?}");
    }
}
