//! The issuer's metadata, as verifiers discover it.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use testing::Client;

/// Checks that the issuer's metadata fits the tokens that it issues.
pub(crate) async fn discovery(api: &Client, token: &str) {
    let configuration = api.get("/.well-known/openid-configuration", None).await;
    assert_eq!(configuration.status, 200);
    assert!(
        configuration
            .header("cache-control")
            .unwrap()
            .contains("max-age")
    );
    let configuration = configuration.json();
    let issuer = configuration["issuer"].as_str().unwrap();
    assert_eq!(
        configuration["jwks_uri"],
        json!(format!("{issuer}/.well-known/jwks.json"))
    );

    let jwks = api.get("/.well-known/jwks.json", None).await;
    assert_eq!(jwks.status, 200);
    let keys: Vec<claims::Jwk> = serde_json::from_value(jwks.json()["keys"].clone()).unwrap();
    let keys = claims::KeySet::new(keys).unwrap();
    let expected = claims::Expected {
        issuer,
        audience: "latchkey",
    };
    let claims = keys.verify(token, &expected, api::now()).unwrap();
    assert!(claims.fresh && claims.exp == claims.iat + 900);
    let mut issued: Vec<_> = json!(claims).as_object().unwrap().keys().cloned().collect();
    let supported = configuration["claims_supported"].as_array().unwrap();
    let mut supported: Vec<_> = supported
        .iter()
        .map(|name| name.as_str().unwrap().to_owned())
        .collect();
    issued.sort();
    supported.sort();
    assert_eq!(issued, supported);
    let algorithms = jwks.json()["keys"].as_array().unwrap().clone();
    let algorithms: BTreeSet<_> = algorithms
        .iter()
        .map(|key| key["alg"].to_string())
        .collect();
    let named = &configuration["id_token_signing_alg_values_supported"];
    let named = named.as_array().unwrap().iter();
    assert_eq!(algorithms, named.map(Value::to_string).collect());
}
