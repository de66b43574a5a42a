//! Edges in front of the API: CloudFront, and back ends that name their clients.

use std::collections::BTreeSet;

use api::Event;
use axum::Router;
use axum::http::{HeaderMap, Method};
use axum::routing::get;
use local::Template;
use serde_json::{Value, json};
use testing::{Answer, Client, PASSWORD, Stack};

use crate::throttling::WINDOW;

const SECRET: &str = "edge-secret-one-7f3a9c0d5e2b4816";

/// By `sha256sum`.
const HASH: (&str, &str) = (
    "EDGE_SECRET_HASHES",
    "749b9c459c3733d5871a573777506c17e0401e830b4c826aaecbd213a4942224",
);

const OTHER_HASH: &str = "4d727daf1f67b162d3eb903d836a59400a9df8e0d805ae0c557e38b7ceb50560";

const LIMITS: [(&str, &str); 2] = [("LOGIN_BURST", "2"), WINDOW];

/// The servers of CloudFront that call the API.
const CLOUDFRONT: [&str; 2] = ["130.176.1.10", "130.176.1.11"];

/// A request to log in by a name that nobody has.
async fn guess(api: &Client, headers: &[(&str, &str)]) -> Answer {
    let mut all = vec![("content-type", "application/json")];
    all.extend(headers);
    let body = json!({ "username": "ada", "password": "wrong" }).to_string();
    api.send(Method::POST, "/login", &all, body.as_bytes())
        .await
}

/// The statuses of three guesses of a viewer, whose address CloudFront writes with the port of the
/// moment.
async fn guesses_of(api: &Client, viewer: &str) -> Vec<u16> {
    let mut statuses = Vec::new();
    for port in 46_532..46_535 {
        let api = api.at_address(CLOUDFRONT[port % 2]);
        let address = format!("{viewer}:{port}");
        // Of a viewer's own, CloudFront lets none of the two through.
        let headers = [
            ("x-latchkey-edge", SECRET),
            ("x-latchkey-client-address", address.as_str()),
        ];
        statuses.push(guess(&api, &headers).await.status);
    }
    statuses
}

#[tokio::test]
async fn two_viewers_behind_cloudfront_have_allowances_of_their_own() {
    let variables = [&[HASH, ("EDGE_REQUIRED", "true")], &LIMITS[..]].concat();
    let stack = Stack::start_with(&variables).await;
    let api = stack.api();
    for viewer in ["198.51.100.10", "198.51.100.11", "2001:db8:1:2:3:4:5:6"] {
        assert_eq!(guesses_of(&api, viewer).await, [401, 401, 429], "{viewer}");
    }
    // The same network.
    let neighbour = guesses_of(&api, "2001:db8:1:2:9:9:9:9").await;
    assert_eq!(neighbour, [429; 3]);
}

#[tokio::test]
async fn a_direct_call_is_refused_where_the_edge_is_required() {
    let variables = [&[HASH, ("EDGE_REQUIRED", "true")], &LIMITS[..]].concat();
    let stack = Stack::start_with(&variables).await;
    let api = stack.api();
    let address = ("x-latchkey-client-address", "198.51.100.10");
    for headers in [
        &[][..],
        &[address],
        &[
            ("x-latchkey-edge", "edge-secret-six-7f3a9c0d5e2b4816"),
            address,
        ],
        // API Gateway joins them.
        &[
            ("x-latchkey-edge", SECRET),
            ("x-latchkey-edge", SECRET),
            address,
        ],
        &[("x-latchkey-edge", SECRET), address, address],
        &[("x-latchkey-edge", SECRET)],
    ] {
        let answer = guess(&api, headers).await;
        assert_eq!(answer.status, 403, "{headers:?}");
        let kind = answer.header("content-type");
        assert_eq!(kind, Some("application/problem+json"));
        assert_eq!(answer.header("www-authenticate"), None);
        let problem = answer.json();
        assert_eq!(problem["title"], "Forbidden");
        assert!(!problem.to_string().contains("edge-secret"), "{problem}");
    }
    assert!(stack.items("ThrottlesTable").await.is_empty());
    assert_eq!(api.get("/", None).await.status, 403);
    assert_eq!(api.get("/openapi.json", None).await.status, 403);
}

#[tokio::test]
async fn a_forged_address_has_no_allowance_of_its_own() {
    for hashes in [HASH, ("EDGE_SECRET_HASHES", "")] {
        let stack = Stack::start_with(&[&[hashes], &LIMITS[..]].concat()).await;
        let api = stack.api();
        let mut statuses = Vec::new();
        for last in 0..4 {
            let forged = format!("198.51.100.{last}");
            let headers = [
                ("x-latchkey-edge", "guessed"),
                ("x-latchkey-client-address", forged.as_str()),
                ("x-forwarded-for", &forged),
                ("cloudfront-viewer-address", &forged),
            ];
            statuses.push(guess(&api, &headers).await.status);
            statuses.push(guess(&api, &headers[1..]).await.status);
        }
        assert_eq!(statuses[..2], [401; 2], "{hashes:?}");
        assert_eq!(statuses[2..], [429; 6], "{hashes:?}");
    }
}

#[tokio::test]
async fn a_back_end_names_its_client_and_everybody_else_is_who_called() {
    let variables = [&[HASH], &LIMITS[..]].concat();
    let stack = Stack::start_with(&variables).await;
    let api = stack.api();
    let back_end = api.at_address("192.0.2.80");
    let named = |client| {
        [
            ("x-latchkey-edge", SECRET),
            ("x-latchkey-client-address", client),
        ]
    };
    for client in ["198.51.100.10", "[2001:db8::1]:443"] {
        let mut statuses = Vec::new();
        for _ in 0..3 {
            statuses.push(guess(&back_end, &named(client)).await.status);
        }
        assert_eq!(statuses, [401, 401, 429], "{client}");
    }
    let direct = api.at_address("198.51.100.10");
    let spent = guess(&direct, &[]).await;
    assert_eq!(spent.status, 429, "the same client, this time by itself");
    assert_eq!(guess(&back_end, &[]).await.status, 401, "for itself");
    let answer = guess(&back_end, &named("localhost")).await;
    assert_eq!(answer.status, 403, "it would count for all its clients");
}

#[tokio::test]
async fn a_session_shows_the_address_that_the_edge_named() {
    let stack = Stack::start_with(&[HASH]).await;
    let api = stack.api().at_address(CLOUDFRONT[0]);
    let body = json!({ "username": "ada", "password": PASSWORD }).to_string();
    let headers = [
        ("content-type", "application/json"),
        ("x-latchkey-edge", SECRET),
        ("x-latchkey-client-address", "198.51.100.10:46532"),
    ];
    let registered = api.send(Method::POST, "/register", &headers, body.as_bytes());
    let ada = api.session(registered.await);
    let sessions = ada.get("/me/sessions").await.json();
    assert_eq!(sessions["sessions"][0]["address"], "198.51.100.10");
}

#[tokio::test]
async fn no_handler_sees_the_headers_of_an_edge() {
    async fn names(headers: HeaderMap) -> String {
        let names: Vec<_> = headers.keys().map(ToString::to_string).collect();
        json!(names).to_string()
    }
    let stack = Stack::start_with(&[HASH]).await;
    let none = stack.environment_with("EDGE_SECRET_HASHES", Some(""));
    for environment in [stack.environment(), none] {
        let router = Router::new().route("/protected", get(names));
        let api = Client::with_edge(router, environment.edge().unwrap());
        for secret in [SECRET, "wrong"] {
            let headers = [
                ("x-latchkey-edge", secret),
                ("x-latchkey-client-address", "198.51.100.10"),
                ("x-other", "stays"),
            ];
            let answer = api.send(Method::GET, "/protected", &headers, b"").await;
            let names: BTreeSet<String> = serde_json::from_value(answer.json()).unwrap();
            assert!(names.contains("x-other"), "{names:?}");
            let of_the_edge = names.iter().filter(|name| name.contains("latchkey"));
            assert_eq!(of_the_edge.count(), 0, "{names:?}");
        }
    }
}

/// CloudFormation and a function refuse the same values.
#[tokio::test]
async fn the_patterns_of_the_edge_refuse_what_a_function_refuses() {
    let stack = Stack::start().await;
    let template = Template::load();
    let (one, two) = (HASH.1, OTHER_HASH);
    let long = "x".repeat(65);
    let cases: [(&str, &str, Vec<String>, Vec<String>); 2] = [
        (
            "EdgeSecretHashes",
            "EDGE_SECRET_HASHES",
            vec![String::new(), one.to_owned(), format!("{one},{two}")],
            vec![
                SECRET.to_owned(),
                one[1..].to_owned(),
                one.to_uppercase(),
                format!("{one},"),
                format!(",{one}"),
                format!("{one}, {two}"),
                format!("{one},{two},{one}"),
                format!("{one}{two}"),
                format!("{one}\n"),
                " ".to_owned(),
            ],
        ),
        (
            "EdgeAddressHeader",
            "EDGE_ADDRESS_HEADER",
            [
                "x",
                "cloudfront-viewer-address",
                "x-latchkey-edge-2",
                "x-host",
                &long[1..],
            ]
            .map(str::to_owned)
            .to_vec(),
            [
                "",
                "x-latchkey-edge",
                "authorization",
                "content-encoding",
                "content-type",
                "host",
                "user-agent",
                "x-forwarded-for",
                "X",
                "a b",
                "a:",
                "a,b",
                "a\n",
                "é",
                &long,
            ]
            .map(str::to_owned)
            .to_vec(),
        ),
    ];
    for (parameter, variable, good, bad) in cases {
        let length = template.parameter(parameter, "MaxLength").unwrap();
        let length: usize = length.parse().unwrap();
        let pattern = template.parameter(parameter, "AllowedPattern").unwrap();
        let schema = json!({ "type": "string", "pattern": pattern, "maxLength": length });
        let parameter = jsonschema::validator_for(&schema).unwrap();
        let is_good = |value: &str| {
            let environment = stack.environment_with(variable, Some(value));
            let is_read = environment.edge().is_ok();
            let is_allowed = parameter.is_valid(&json!(value));
            assert_eq!(is_allowed, is_read, "{variable} {value:?}");
            is_read
        };
        assert!(good.iter().all(|value| is_good(value)), "{good:?}");
        assert!(!bad.iter().any(|value| is_good(value)), "{bad:?}");
    }
}

/// A request that is refused at the door does not pass the layer that holds answers to the document.
#[test]
fn every_operation_has_the_refusal_of_a_request_past_the_edge() {
    let operations = testing::openapi::operations();
    assert!(operations.len() > 20);
    for (name, operation) in operations {
        assert_ne!(operation["responses"]["403"], Value::Null, "{name}");
    }
    assert_eq!(Event::EdgeRefused.metric(), Some("EdgeRefusals"));
}
