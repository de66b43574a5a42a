//! The events in, the answers out.

#![cfg(test)]

use axum::http::Method;
use serde_json::json;
use testing::{Answer, Stack, openapi};

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
    assert_eq!(members.len(), 11);
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

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";

/// The answer of `GET /` to these headers.
async fn welcome(stack: &Stack, headers: &[(&str, &str)]) -> Answer {
    let function = stack.function("discovery");
    function.send(Method::GET, "/", headers, b"").await
}

fn text(answer: &Answer) -> &str {
    std::str::from_utf8(&answer.body).unwrap()
}

#[tokio::test]
async fn a_browser_gets_a_page_with_links_and_a_command_of_this_issuer() {
    let issuer = "https://auth.example.com/v1";
    let stack = Stack::start_with(&[("ISSUER_URL", issuer)]).await;
    let answer = welcome(&stack, &[("accept", BROWSER)]).await;
    assert_eq!(answer.status, 200);
    for (header, value) in [
        ("content-type", "text/html; charset=utf-8"),
        ("cache-control", "no-store"),
        ("vary", "Accept, Accept-Language"),
    ] {
        assert_eq!(answer.header(header), Some(value));
    }
    assert!(answer.header("content-security-policy").is_some());
    let page = text(&answer);
    let command = format!("<code>curl -i {issuer}/.well-known/openid-configuration</code>");
    assert!(page.contains(&command), "{page}");
    for path in [
        "/openapi.json",
        "/.well-known/openid-configuration",
        "/.well-known/jwks.json",
    ] {
        assert!(page.contains(&format!("href=\"{issuer}{path}\"")), "{path}");
    }
    assert!(!page.contains("/forgot-password"), "it sends no mail");
}

#[tokio::test]
async fn where_mail_is_sent_the_page_has_the_name_of_its_sender_and_the_way_to_a_new_password() {
    let stack = Stack::with_mail(&[]).await;
    let answer = welcome(&stack, &[("accept", BROWSER), ("accept-language", "de-AT")]).await;
    let page = text(&answer);
    assert!(page.contains("<html lang=\"de\">") && page.contains("<header>Example</header>"));
    let link = format!(
        "href=\"https://{}/forgot-password\"",
        testing::stack::DOMAIN
    );
    assert!(page.contains(&link), "{page}");
}

#[tokio::test]
async fn a_program_gets_the_json_that_it_always_got() {
    let stack = Stack::start().await;
    for accept in ["*/*", "application/json", "application/json, text/html"] {
        let answer = welcome(&stack, &[("accept", accept)]).await;
        assert_eq!(answer.json()["name"], json!("Latchkey"), "{accept}");
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("vary"), Some("Accept"));
        assert_eq!(answer.header("content-security-policy"), None);
    }
}

#[tokio::test]
async fn nothing_that_a_stranger_sends_is_on_the_page() {
    let stack = Stack::start().await;
    let lasting = |mut answer: Answer| {
        answer.headers.remove("apigw-requestid");
        (answer.headers, answer.body)
    };
    let plain = lasting(welcome(&stack, &[("accept", BROWSER)]).await);
    for name in [
        "host",
        "x-forwarded-host",
        "x-forwarded-proto",
        "forwarded",
        "origin",
        "referer",
    ] {
        let answer = welcome(&stack, &[("accept", BROWSER), (name, "evil.example")]).await;
        assert_eq!(lasting(answer), plain, "{name}");
    }
}
