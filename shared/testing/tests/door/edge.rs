//! Requests with the headers of an edge, and without.

use std::collections::BTreeSet;

use local::functions::Started;
use serde_json::{Value, json};
use testing::Stack;

use crate::made_up::routes;
use crate::{Outcome, invoke, started};

/// Two secrets, as while the one replaces the other.
const SECRETS: [&str; 2] = [
    "edge-secret-one-7f3a9c0d5e2b4816",
    "edge-secret-two-b81c64e2d0f9735a",
];

/// By `sha256sum`.
const HASHES: &str = "749b9c459c3733d5871a573777506c17e0401e830b4c826aaecbd213a4942224,\
                      4d727daf1f67b162d3eb903d836a59400a9df8e0d805ae0c557e38b7ceb50560";

/// The sender that the gateway sees in the events.
const SENDER: &str = "203.0.113.7";

/// A secret of the edge in the header, or none, or another spelling of the header beside it.
const WRONG: [(&str, &str); 8] = [
    ("x-latchkey-edge", "edge-secret-six-7f3a9c0d5e2b4816"),
    ("x-latchkey-edge", ""),
    ("x-latchkey-edge", "edge-secret-one-7f3a9c0d5e2b4816 "),
    ("x-latchkey-edge", "EDGE-SECRET-ONE-7F3A9C0D5E2B4816"),
    (
        "x-latchkey-edge",
        "749b9c459c3733d5871a573777506c17e0401e830b4c826aaecbd213a4942224",
    ),
    (
        "x-latchkey-edge",
        "edge-secret-one-7f3a9c0d5e2b4816,edge-secret-one-7f3a9c0d5e2b4816",
    ),
    (
        "x-latchkey-edge",
        "edge-secret-one-7f3a9c0d5e2b4816, edge-secret-two-b81c64e2d0f9735a",
    ),
    ("X-Latchkey-Edge", "é"),
];

/// Addresses as CloudFront and others write them.
const ADDRESSES: [(&str, &str); 9] = [
    ("198.51.100.10", "198.51.100.10"),
    ("198.51.100.10:46532", "198.51.100.10"),
    ("::ffff:198.51.100.10", "198.51.100.10"),
    ("2001:db8::1", "2001:db8::1"),
    ("[2001:db8::1]:46532", "2001:db8::1"),
    ("2001:db8:1:2:3:4:5:6:46532", "2001:db8:1:2:3:4:5:6"),
    ("2001:db8::1:46532", "2001:db8::1"),
    // It is not to be told from an address.
    ("2001:db8::1:4653", "2001:db8::1:4653"),
    (
        "2001:0db8:0001:0002:0000:0000:0000:0006:46532",
        "2001:db8:1:2::6",
    ),
];

const UNREADABLE: [&str; 7] = [
    "",
    "unknown",
    "198.51.100.10:http",
    "198.51.100.10, 192.0.2.1",
    "198.51.100.10,198.51.100.10",
    "2001:db8::1%eth0",
    "é",
];

fn login(headers: &[(&str, &str)]) -> Value {
    let mut event = testing::event("login");
    for (name, value) in headers {
        event["headers"][*name] = json!(value);
    }
    event
}

async fn answered(function: &Started, headers: &[(&str, &str)]) -> Outcome {
    let outcome = invoke(function, &login(headers).to_string()).await;
    let shown = format!("{:?}{}", outcome.answer, outcome.line);
    assert!(!shown.contains("edge-secret"), "{shown}");
    outcome
}

/// The request was counted by this address.
fn assert_from(outcome: &Outcome, address: &str, what: &str) {
    assert_eq!(outcome.status(), 401, "{what}");
    assert_eq!(outcome.line["source_ip"], address, "{what}");
}

/// The request was refused, and the log says why.
fn assert_refused(outcome: &Outcome, reason: &str, what: &str) {
    assert_eq!(outcome.status(), 403, "{what}");
    assert_eq!(outcome.line["events"], json!(["edge.refused"]), "{what}");
    assert_eq!(outcome.line["EdgeRefusals"], 1.0, "{what}");
    assert_eq!(outcome.line["reason"], reason, "{what}");
    let problem = outcome.body();
    assert_eq!(problem["instance"], outcome.line["request_id"]);
    assert!(problem["error"].is_null(), "it is not about a token");
}

#[tokio::test]
async fn a_right_secret_and_a_readable_address_are_the_client() {
    for required in ["true", "false"] {
        let stack = stack(required).await;
        let function = started("login", &stack);
        for secret in SECRETS {
            let edge = ("x-latchkey-edge", secret);
            for (written, address) in ADDRESSES {
                let headers = [edge, ("x-latchkey-client-address", written)];
                let outcome = answered(&function, &headers).await;
                assert_from(&outcome, address, written);
                assert_eq!(outcome.line["events"], json!(["login.failed"]));
            }
            let reason = "the edge named no readable address";
            for written in UNREADABLE {
                let headers = [edge, ("x-latchkey-client-address", written)];
                let outcome = answered(&function, &headers).await;
                assert_refused(&outcome, reason, written);
            }
            let outcome = answered(&function, &[edge]).await;
            assert_refused(&outcome, reason, "no address");
            let twice = [
                edge,
                ("x-latchkey-client-address", "198.51.100.10"),
                ("X-Latchkey-Client-Address", "198.51.100.10"),
            ];
            let outcome = answered(&function, &twice).await;
            assert_refused(&outcome, reason, "two spellings");
        }
    }
}

#[tokio::test]
async fn without_a_right_secret_the_sender_is_refused_or_is_the_client() {
    let forged = ("x-latchkey-client-address", "198.51.100.10");
    let (strict, open) = (stack("true").await, stack("false").await);
    let (strict, open) = (started("login", &strict), started("login", &open));
    for (name, secret) in WRONG {
        let headers = [(name, secret), forged];
        let outcome = answered(&strict, &headers).await;
        assert_refused(&outcome, "the secret of the edge is wrong", secret);
        let outcome = answered(&open, &headers).await;
        assert_from(&outcome, SENDER, secret);
        let events = json!(["edge.secret_wrong", "login.failed"]);
        assert_eq!(outcome.line["events"], events, "{secret}");
    }
    let twice = [
        ("x-latchkey-edge", SECRETS[0]),
        ("X-Latchkey-Edge", SECRETS[0]),
        forged,
    ];
    let outcome = answered(&strict, &twice).await;
    assert_refused(&outcome, "the secret of the edge is wrong", "two spellings");
    for headers in [&[][..], &[forged]] {
        let outcome = answered(&strict, headers).await;
        assert_refused(&outcome, "the request has no secret of the edge", "none");
        let outcome = answered(&open, headers).await;
        assert_from(&outcome, SENDER, "none");
        assert_eq!(outcome.line["events"], json!(["login.failed"]));
    }
}

#[tokio::test]
async fn a_wrong_secret_is_logged_also_where_no_route_is_reached() {
    let stack = stack("false").await;
    let function = started("login", &stack);
    let changes: [(&str, Value, u64); 3] = [
        ("/rawPath", json!("//"), 404),
        ("/requestContext/domainName", Value::Null, 400),
        ("/isBase64Encoded", json!(true), 400),
    ];
    for (member, value, status) in changes {
        for (secret, is_wrong) in [("wrong", true), (SECRETS[0], false)] {
            let mut event = login(&[
                ("x-latchkey-edge", secret),
                ("x-latchkey-client-address", "198.51.100.10"),
            ]);
            *event.pointer_mut(member).unwrap() = value.clone();
            let outcome = invoke(&function, &event.to_string()).await;
            assert_eq!(outcome.status(), status, "{member}");
            let events = outcome.line["events"].as_array();
            let is_logged = events.is_some_and(|all| all.contains(&json!("edge.secret_wrong")));
            assert_eq!(is_logged, is_wrong, "{member}: {}", outcome.line);
        }
    }
}

#[tokio::test]
async fn where_no_edge_is_known_its_headers_mean_nothing() {
    let stack = Stack::unthrottled().await;
    let function = started("login", &stack);
    for (name, secret) in WRONG.into_iter().chain([("x-latchkey-edge", SECRETS[0])]) {
        for written in ["198.51.100.10", "unknown"] {
            let headers = [(name, secret), ("x-latchkey-client-address", written)];
            let outcome = answered(&function, &headers).await;
            assert_from(&outcome, SENDER, secret);
            assert_eq!(outcome.line["events"], json!(["login.failed"]));
        }
    }
}

/// An owner may have hashed a variable that was not set.
#[tokio::test]
async fn an_empty_secret_is_wrong_though_its_hash_is_known() {
    let hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let stack = Stack::start_with(&[("EDGE_SECRET_HASHES", hash)]).await;
    let function = started("login", &stack);
    let headers = [
        ("x-latchkey-edge", ""),
        ("x-latchkey-client-address", "198.51.100.10"),
    ];
    let outcome = answered(&function, &headers).await;
    assert_from(&outcome, SENDER, "an empty secret");
}

#[tokio::test]
async fn an_owner_names_the_header_of_the_address() {
    let variables = [
        ("EDGE_SECRET_HASHES", HASHES),
        ("EDGE_ADDRESS_HEADER", "cloudfront-viewer-address"),
    ];
    let stack = Stack::start_with(&variables).await;
    let function = started("login", &stack);
    let headers = [
        ("x-latchkey-edge", SECRETS[1]),
        ("x-latchkey-client-address", "192.0.2.99"),
        ("CloudFront-Viewer-Address", "2001:db8:1:2:3:4:5:6:46532"),
    ];
    let outcome = answered(&function, &headers).await;
    assert_from(&outcome, "2001:db8:1:2:3:4:5:6", "another header");
}

#[tokio::test]
async fn every_function_with_routes_asks_for_the_edge() {
    let stack = stack("true").await;
    let behind: BTreeSet<_> = routes().into_iter().map(|(function, _)| function).collect();
    assert!(behind.len() >= 10, "{behind:?}");
    for name in behind {
        let function = started(&name, &stack);
        let mut event = testing::event(&name);
        let outcome = invoke(&function, &event.to_string()).await;
        assert_refused(&outcome, "the request has no secret of the edge", &name);
        let sender = &event["requestContext"]["http"]["sourceIp"];
        assert_eq!(&outcome.line["source_ip"], sender, "{name}");
        event["headers"]["x-latchkey-edge"] = json!(SECRETS[0]);
        event["headers"]["x-latchkey-client-address"] = json!("198.51.100.10:46532");
        let outcome = invoke(&function, &event.to_string()).await;
        assert_ne!(outcome.status(), 403, "{name}");
        assert_eq!(outcome.line["source_ip"], "198.51.100.10", "{name}");
    }
}

/// A stack with two secrets and without limits on attempts.
async fn stack(required: &str) -> Stack {
    let limits = ["LOGIN_BURST", "ADDRESS_FAILURES", "NAME_FAILURES"];
    let mut variables = limits.map(|limit| (limit, "0")).to_vec();
    variables.extend([("EDGE_SECRET_HASHES", HASHES), ("EDGE_REQUIRED", required)]);
    Stack::with_mail(&variables).await
}
