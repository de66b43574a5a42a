//! The events in, the answers out.

#![cfg(test)]

use serde_json::json;
use testing::{Stack, openapi};

#[tokio::test]
async fn the_welcome_links_to_what_there_is() {
    let stack = Stack::start().await;
    let answer = stack.function("discovery").event("discovery").await;
    assert_eq!(answer.status, 200);
    let welcome = answer.json();
    assert_eq!(welcome["name"], json!("Latchkey"));
    let mut links: Vec<_> = welcome["links"].as_object().unwrap().values().collect();
    links.sort_by_key(ToString::to_string);
    let issuer = format!("https://{}", testing::stack::DOMAIN);
    let beginnings = openapi::operations().into_keys().filter_map(|operation| {
        let (method, path) = operation.split_once(' ').unwrap();
        let is_beginning = ["GET", "POST"].contains(&method) && !path.contains('{');
        (is_beginning && path != "/").then(|| json!(format!("{issuer}{path}")))
    });
    let mut paths: Vec<_> = beginnings.collect();
    paths.sort_by_key(ToString::to_string);
    paths.dedup();
    let paths: Vec<_> = paths.iter().collect();
    assert_eq!(links, paths, "each path has a name of its own");
    assert_eq!(
        welcome["links"]["jwks"],
        json!(format!("{issuer}/.well-known/jwks.json"))
    );
}

#[tokio::test]
async fn the_key_set_has_public_members_alone() {
    let stack = Stack::start().await;
    let answer = stack.function("discovery").event("jwks").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
    let keys = answer.json()["keys"].as_array().unwrap().clone();
    let mut members: Vec<_> = keys[0].as_object().unwrap().keys().cloned().collect();
    members.sort();
    assert_eq!(members, ["alg", "e", "kid", "kty", "n", "use"]);
    assert_eq!(
        (keys.len(), &keys[0]["use"], &keys[0]["e"]),
        (1, &json!("sig"), &json!("AQAB"))
    );
}

#[tokio::test]
async fn the_configuration_is_of_the_domain_that_the_gateway_names() {
    let stack = Stack::start().await;
    let answer = stack
        .function("discovery")
        .event("openid-configuration")
        .await;
    assert_eq!(answer.status, 200);
    let issuer = format!("https://{}", testing::stack::DOMAIN);
    assert_eq!(answer.json()["issuer"], json!(issuer));
    assert_eq!(
        answer.json()["jwks_uri"],
        json!(format!("{issuer}/.well-known/jwks.json"))
    );
}

#[tokio::test]
async fn the_configuration_has_no_list_without_elements() {
    let stack = Stack::start().await;
    let configuration = stack
        .function("discovery")
        .event("openid-configuration")
        .await;
    let configuration = configuration.json();
    let members = configuration.as_object().unwrap();
    let empty: Vec<_> = members
        .iter()
        .filter(|(_, value)| **value == json!([]))
        .collect();
    assert!(empty.is_empty(), "RFC 8414, section 3.2: {empty:?}");
    assert_eq!(members.len(), 10);
}

#[tokio::test]
async fn the_document_is_of_this_deployment() {
    let issuer = ("ISSUER_URL", "https://auth.example.com/v1");
    let stack = Stack::start_with(&[issuer, ("MIN_PASSWORD_LENGTH", "12")]).await;
    let answer = stack.function("discovery").event("openapi").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
    let (served, mut written) = (answer.json(), openapi::document());
    assert_eq!(served["info"]["version"], json!(env!("CARGO_PKG_VERSION")));
    assert_eq!(
        served["servers"],
        json!([{ "url": "https://auth.example.com/v1" }])
    );
    assert_eq!(served["paths"], written["paths"]);
    written["components"]["schemas"]["ChosenPassword"]["minLength"] = json!(12);
    assert_eq!(served["components"], written["components"]);
}

#[tokio::test]
async fn a_pinned_issuer_counts_whatever_the_gateway_is_called() {
    let stack = Stack::start_with(&[("ISSUER_URL", "https://auth.example.com")]).await;
    let answer = stack
        .function("discovery")
        .event("openid-configuration")
        .await;
    assert_eq!(answer.json()["issuer"], json!("https://auth.example.com"));
}
