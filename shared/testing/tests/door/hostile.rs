//! Each event of the table, sent to each function.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use testing::Stack;

use crate::made_up::routes;
use crate::table::Expected::{Answered, AsBefore, Is};
use crate::table::table;
use crate::{Outcome, invoke, started};

#[tokio::test]
async fn no_event_is_a_fault_and_each_has_a_line() {
    let stack = Stack::unthrottled_with_mail().await;
    let behind: BTreeSet<_> = routes().into_iter().map(|(function, _)| function).collect();
    assert!(behind.len() >= 10, "{behind:?}");
    for name in behind {
        let function = started(&name, &stack);
        let plain = testing::event(&name);
        // The first one registers, and the like.
        invoke(&function, &plain.to_string()).await;
        let before = invoke(&function, &plain.to_string()).await.status();
        let mut seen = BTreeMap::<_, u32>::new();
        for (what, event, expected) in table(&plain) {
            let what = format!("{name}: {what}");
            let outcome = invoke(&function, &event).await;
            let status = outcome.status();
            *seen.entry(status).or_default() += 1;
            match expected {
                Is(expected) => assert_eq!(status, expected, "{what}"),
                AsBefore => assert_eq!(status, before, "{what}"),
                Answered => assert!(status < 500, "{what}: {}", outcome.line),
            }
            if status >= 400 {
                check_problem(&outcome, &what);
            }
        }
        println!("{name}: {seen:?}");
    }
}

/// An answer that nobody keeps, with what the log has of it.
fn check_problem(outcome: &Outcome, what: &str) {
    let answer = outcome.answer.as_ref().unwrap();
    let headers = &answer["headers"];
    assert_eq!(headers["cache-control"], "no-store", "{what}");
    assert_eq!(headers["x-content-type-options"], "nosniff", "{what}");
    let id = &outcome.line["request_id"];
    if headers["content-type"] == "text/html; charset=utf-8" {
        let page = answer["body"].as_str().unwrap();
        assert!(page.contains(id.as_str().unwrap()), "{what}: {page}");
    } else {
        let kind = &headers["content-type"];
        assert_eq!(kind, "application/problem+json", "{what}");
        assert_eq!(outcome.body()["instance"], *id, "{what}");
        assert_eq!(outcome.body()["status"], outcome.line["status"], "{what}");
    }
    assert!(outcome.line["reason"].is_string(), "{what}");
    assert!(outcome.line["Latency"].is_number(), "{what}");
}

#[tokio::test]
async fn the_authorizer_admits_nobody_whose_event_it_cannot_read() {
    let stack = Stack::start().await;
    let issuer = format!("https://{}", testing::stack::DOMAIN);
    let ada = stack.api().sign_up("ada").await;
    let environment = stack.environment_with("ISSUER_URL", Some(&issuer));
    let function = local::functions::Function::named("authorizer");
    let function = function.start(&environment).unwrap();
    let mut plain = testing::event("authorizer");
    for (_, event, _) in table(&plain) {
        let outcome = invoke(&function, &event).await;
        assert_eq!(outcome.answer.unwrap()["isAuthorized"], false);
        assert_eq!(outcome.line["message"], "authorizer 200");
    }
    plain["headers"]["authorization"] = json!(format!("Bearer {}", ada.access_token));
    let admitted = invoke(&function, &plain.to_string()).await;
    assert_eq!(admitted.answer.unwrap()["isAuthorized"], true);
    for unreadable in [json!(1), json!("\r\n"), json!([])] {
        plain["headers"]["x"] = unreadable;
        let outcome = invoke(&function, &plain.to_string()).await;
        assert_eq!(outcome.answer.unwrap()["isAuthorized"], false);
        let reason = outcome.line["reason"].as_str().unwrap();
        assert!(reason.contains("payload format 2.0"), "{reason}");
    }
}

#[tokio::test]
async fn an_event_of_a_gateway_rotates_no_key() {
    let stack = Stack::start().await;
    let function = started("rotate-keys", &stack);
    let before = stack.items("KeysTable").await;
    stack.wire.take();
    for (what, event, _) in table(&testing::event("login")) {
        let outcome = invoke(&function, &event).await;
        let error = outcome.answer.expect_err(&what);
        assert!(error.starts_with("the event is not"), "{what}: {error}");
        assert_eq!(outcome.line["reason"], error);
        assert_eq!(outcome.line["status"], 500);
    }
    assert!(stack.wire.take().is_empty(), "nothing was asked or written");
    assert_eq!(stack.items("KeysTable").await, before);
}
