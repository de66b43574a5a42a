//! Making, reading and naming private keys.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RsaKeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use claims::{Algorithm, KeyError, PrivateKey};
use serde_json::{Value, json};

fn pem(tag: &str, der: &[u8]) -> String {
    pem::encode(&pem::Pem::new(tag, der))
}

fn rsa(size: KeySize) -> Vec<u8> {
    let pair = RsaKeyPair::generate(size).expect("a key can be made");
    let der: Pkcs8V1Der<'_> = pair.as_der().expect("a key has PKCS#8");
    der.as_ref().to_vec()
}

fn p384() -> Vec<u8> {
    let pair = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).expect("a key can be made");
    pair.to_pkcs8v1()
        .expect("a key has PKCS#8")
        .as_ref()
        .to_vec()
}

#[test]
fn a_generated_key_is_read_back_from_der_and_from_pem() {
    for algorithm in Algorithm::ALL {
        let (key, der) = PrivateKey::generate(algorithm).expect("a key can be made");
        let read = PrivateKey::from_pkcs8(algorithm, &der).expect("our own PKCS#8");
        assert_eq!(read.jwk(), key.jwk());
        let text = pem("PRIVATE KEY", &der);
        let (read, read_der) = PrivateKey::from_pem(text.as_bytes()).expect("our own PEM");
        assert_eq!((read.algorithm(), read.kid()), (algorithm, key.kid()));
        assert_eq!(read_der, der);
    }
}

#[test]
fn the_name_is_the_thumbprint_of_the_required_members() {
    for algorithm in Algorithm::ALL {
        let (key, _) = PrivateKey::generate(algorithm).expect("a key can be made");
        let jwk = serde_json::to_value(key.jwk()).expect("a JWK serialises");
        let required = match algorithm {
            Algorithm::Rs256 => json!({ "e": jwk["e"], "kty": "RSA", "n": jwk["n"] }),
            Algorithm::Es256 => {
                json!({ "crv": "P-256", "kty": "EC", "x": jwk["x"], "y": jwk["y"] })
            }
            Algorithm::EdDsa => json!({ "crv": "Ed25519", "kty": "OKP", "x": jwk["x"] }),
        };
        let thumbprint = URL_SAFE_NO_PAD.encode(digest(&SHA256, required.to_string().as_bytes()));
        assert_eq!(key.kid(), thumbprint);
    }
}

#[test]
fn the_published_key_has_public_members_alone() {
    let members = |algorithm| {
        let (key, _) = PrivateKey::generate(algorithm).expect("a key can be made");
        let jwk = serde_json::to_value(key.jwk()).expect("a JWK serialises");
        assert_eq!(jwk["alg"], json!(algorithm));
        assert_eq!(jwk["use"], json!("sig"));
        assert_eq!(jwk["kid"], json!(key.kid()));
        let Value::Object(members) = jwk else {
            panic!("a JWK is an object")
        };
        let mut names: Vec<String> = members.into_iter().map(|(name, _)| name).collect();
        names.sort();
        names.join(" ")
    };
    assert_eq!(members(Algorithm::Rs256), "alg e kid kty n use");
    assert_eq!(members(Algorithm::Es256), "alg crv kid kty use x y");
    assert_eq!(members(Algorithm::EdDsa), "alg crv kid kty use x");
}

#[test]
fn debug_shows_algorithm_and_name_alone() {
    for algorithm in Algorithm::ALL {
        let (key, _) = PrivateKey::generate(algorithm).expect("a key can be made");
        let expected = format!(
            "PrivateKey {{ algorithm: {algorithm:?}, kid: {:?}, .. }}",
            key.kid()
        );
        assert_eq!(format!("{key:?}"), expected);
    }
}

#[test]
fn a_key_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<PrivateKey>();
}

#[test]
fn both_versions_of_pkcs8_are_read() {
    let pair = Ed25519KeyPair::generate().expect("a key can be made");
    let v2 = pair.to_pkcs8().expect("a key has PKCS#8");
    let v1 = pair.to_pkcs8v1().expect("a key has PKCS#8");
    assert_ne!(v1.as_ref(), v2.as_ref());
    let kid = |der: &[u8]| {
        let key = PrivateKey::from_pkcs8(Algorithm::EdDsa, der).expect("an Ed25519 key");
        key.kid().to_owned()
    };
    assert_eq!(kid(v1.as_ref()), kid(v2.as_ref()));
}

#[test]
fn rsa_keys_of_3072_and_4096_bits_are_accepted() {
    let read =
        |der: &[u8]| PrivateKey::from_pkcs8(Algorithm::Rs256, der).map(|key| key.algorithm());
    assert_eq!(read(&rsa(KeySize::Rsa3072)), Ok(Algorithm::Rs256));
    let (key, _) = PrivateKey::from_pem(pem("PRIVATE KEY", &rsa(KeySize::Rsa4096)).as_bytes())
        .expect("an acceptable size");
    assert_eq!(key.algorithm(), Algorithm::Rs256);
}

#[test]
#[ignore = "an RSA key of 8192 bits takes many seconds to make"]
fn larger_rsa_keys_are_refused() {
    let error = PrivateKey::from_pkcs8(Algorithm::Rs256, &rsa(KeySize::Rsa8192));
    assert_eq!(error.expect_err("too large"), KeyError::PrivateKey);
}

#[test]
fn keys_of_another_kind_are_refused_with_what_is_accepted() {
    let text = pem("PRIVATE KEY", &p384());
    let error = PrivateKey::from_pem(text.as_bytes()).expect_err("P-384");
    assert_eq!(error, KeyError::PrivateKey);
    let message = error.to_string();
    assert!(
        ["2048 to 4096", "65537", "P-256", "Ed25519"]
            .iter()
            .all(|part| message.contains(part))
    );
}

#[test]
fn a_key_is_not_read_as_one_of_another_algorithm() {
    for made in Algorithm::ALL {
        let (_, der) = PrivateKey::generate(made).expect("a key can be made");
        for asked in Algorithm::ALL.into_iter().filter(|asked| *asked != made) {
            let error = PrivateKey::from_pkcs8(asked, &der).expect_err("another algorithm");
            assert_eq!(error, KeyError::PrivateKey);
        }
    }
}

#[test]
fn damaged_der_is_refused() {
    for algorithm in Algorithm::ALL {
        let (_, der) = PrivateKey::generate(algorithm).expect("a key can be made");
        for bad in [
            &[][..],
            &der[1..],
            &der[..der.len() - 1],
            &[0x30, 0x80],
            &[0xff; 100],
        ] {
            let error = PrivateKey::from_pkcs8(algorithm, bad).expect_err("damaged");
            assert_eq!(error, KeyError::PrivateKey);
        }
    }
}

#[test]
fn older_formats_and_encrypted_keys_are_refused_with_the_command_that_converts_them() {
    let parameters = pem(
        "EC PARAMETERS",
        &[6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7],
    );
    let texts = [
        pem("RSA PRIVATE KEY", &[0x30, 0]),
        pem("EC PRIVATE KEY", &[0x30, 0]),
        format!("{parameters}{}", pem("EC PRIVATE KEY", &[0x30, 0])),
        pem("ENCRYPTED PRIVATE KEY", &[0x30, 0]),
        pem("OPENSSH PRIVATE KEY", &[0x30, 0]),
    ];
    for text in texts {
        let error = PrivateKey::from_pem(text.as_bytes()).expect_err("another format");
        assert_eq!(error, KeyError::NotPkcs8, "{text}");
        assert!(error.to_string().contains("openssl pkcs8 -topk8 -nocrypt"));
    }
}

#[test]
fn text_without_exactly_one_private_key_is_refused() {
    let (_, der) = PrivateKey::generate(Algorithm::EdDsa).expect("a key can be made");
    let text = pem("PRIVATE KEY", &der);
    let texts = [
        String::new(),
        "not PEM".to_owned(),
        STANDARD.encode(&der),
        pem("PUBLIC KEY", &der),
        pem("CERTIFICATE", &der),
        format!("{text}{text}"),
        text.replace("END PRIVATE", "END PUBLIC"),
        text.replace('M', "*"),
        text.replace("-----END PRIVATE KEY-----", ""),
    ];
    for text in texts {
        assert_eq!(
            PrivateKey::from_pem(text.as_bytes()).expect_err("no key"),
            KeyError::Pem
        );
    }
    assert_eq!(
        PrivateKey::from_pem(&[0xff; 64]).expect_err("no text"),
        KeyError::Pem
    );
}
