//! Algorithms that are not the key's, nearly all under a signature that is.

use aws_lc_rs::hmac;
use claims::{Algorithm, Rejected};
use serde_json::json;

use super::support::{Forgery, Issuer, decode, encode, payload, with};

pub(crate) fn forgeries(issuer: &Issuer) -> Vec<Forgery> {
    let mut all = names(issuer);
    all.extend(shared_secrets(issuer));
    all
}

fn names(issuer: &Issuer) -> Vec<Forgery> {
    let none = [
        "none",
        "None",
        "NONE",
        "nOnE",
        "nonE",
        "",
        " none",
        "none ",
        "none\u{0}",
        "null",
    ];
    let mut names = none.map(str::to_owned).to_vec();
    names.extend(
        [
            "HS256", "HS384", "HS512", "RS384", "RS512", "PS256", "PS384", "PS512", "ES384",
            "ES512",
        ]
        .map(str::to_owned),
    );
    names.extend(["ES256K", "Ed25519", "Ed448", "dir", "A128KW", "RSA1_5"].map(str::to_owned));
    names.extend(
        Algorithm::ALL
            .iter()
            .filter(|a| **a != issuer.algorithm)
            .map(ToString::to_string),
    );
    let own = issuer.algorithm.as_str();
    names.extend([
        own.to_lowercase(),
        format!("{own} "),
        format!(" {own}"),
        format!("{own}\u{0}"),
    ]);
    let mut all = Vec::new();
    for name in names {
        let header = with(issuer.header(), "alg", Some(json!(name)));
        let token = issuer.token(&header, payload());
        let unsigned = token.rfind('.').map(|dot| token[..=dot].to_owned());
        all.push(Forgery::new(
            format!("alg {name:?}"),
            token,
            Rejected::Algorithm,
        ));
        let unsigned = unsigned.expect("a token has dots");
        all.push(Forgery::new(
            format!("alg {name:?} unsigned"),
            unsigned,
            Rejected::Algorithm,
        ));
    }
    all
}

fn shared_secrets(issuer: &Issuer) -> Vec<Forgery> {
    let jwk = serde_json::to_value(issuer.key.jwk()).expect("a JWK serialises");
    let mut secrets: Vec<Vec<u8>> = vec![Vec::new(), jwk.to_string().into_bytes()];
    secrets.push(json!({ "keys": [jwk] }).to_string().into_bytes());
    for member in ["n", "e", "x", "y", "kid"] {
        if let Some(text) = jwk[member].as_str() {
            secrets.push(text.as_bytes().to_vec());
            secrets.push(decode(text));
        }
    }
    let kinds = [
        ("HS256", hmac::HMAC_SHA256),
        ("HS384", hmac::HMAC_SHA384),
        ("HS512", hmac::HMAC_SHA512),
    ];
    let mut all = Vec::new();
    for (alg, kind) in kinds {
        for (place, secret) in secrets.iter().enumerate() {
            let header = with(issuer.header(), "alg", Some(json!(alg)));
            let message = format!(
                "{}.{}",
                encode(header.to_string()),
                encode(payload().to_string())
            );
            let tag = hmac::sign(&hmac::Key::new(kind, secret), message.as_bytes());
            let token = format!("{message}.{}", encode(tag));
            all.push(Forgery::new(
                format!("{alg}, public secret {place}"),
                token,
                Rejected::Algorithm,
            ));
        }
    }
    all
}
