//! The event in, the ring and the answer to CloudFormation out.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use api::{Failure, Handler};
use aws_sdk_dynamodb::types::AttributeValue;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::put;
use lambda_http::Context;
use rotate_keys::{Answer, App};
use serde_json::value::to_raw_value;
use serde_json::{Value, json};
use tables::Keys;
use testing::Stack;
use testing::wire::Fault;
use tokio::net::TcpListener;

/// The answer that CloudFormation got: the content type and the body.
type Told = Arc<Mutex<Vec<(String, Value)>>>;

/// Where CloudFormation waits for its answers.
async fn bucket() -> (String, Told) {
    let told = Told::default();
    let listen = async |State(told): State<Told>, headers: HeaderMap, body: Bytes| {
        let kind = headers.get("content-type").expect("a content type");
        let kind = kind.to_str().expect("text").to_owned();
        let body = serde_json::from_slice(&body).expect("JSON");
        told.lock().expect("a lock").push((kind, body));
        StatusCode::OK
    };
    let router = Router::new()
        .route("/answer", put(listen))
        .with_state(Arc::clone(&told));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    (format!("http://{address}/answer?X-Amz-Signature=s"), told)
}

type Outcome = Result<Option<Answer>, Failure<rotate_keys::Error>>;

async fn handle(app: &App, event: Value) -> Outcome {
    let event = to_raw_value(&event).expect("JSON");
    api::invoke(app, &event, &Context::default()).await
}

/// Handles a request to make the resource, with so many seconds until Lambda ends the function.
async fn create(app: &App, url: &str, seconds: u64) -> Outcome {
    let mut invocation = Context::default();
    invocation.deadline = (api::now() + seconds) * 1_000;
    let event = to_raw_value(&request("Create", url)).expect("JSON");
    api::invoke(app, &event, &invocation).await
}

/// The answer of a service to a role that it does not know yet.
const REFUSED: Fault = Fault::Refused(400, "AccessDeniedException");

fn attempts(stack: &Stack, operation: &str) -> usize {
    let sent = stack.wire.take().into_iter();
    sent.filter(|call| call.operation == operation).count()
}

fn request(kind: &str, url: &str) -> Value {
    json!({
        "RequestType": kind,
        "ResponseURL": url,
        "StackId": "arn:aws:cloudformation:eu-west-1:123456789012:stack/latchkey/1",
        "RequestId": "6d1f0e8a",
        "ResourceType": "Custom::KeyRing",
        "LogicalResourceId": "KeyRing",
        "ServiceToken": "arn:aws:lambda:eu-west-1:123456789012:function:latchkey",
        "ResourceProperties": { "SigningAlgorithm": "RS256" },
    })
}

/// A stack whose keys are quick to make.
async fn quick() -> Stack {
    Stack::start_with(&[("SIGNING_ALGORITHM", "ES256")]).await
}

async fn version(stack: &Stack) -> u64 {
    let keys = Keys::new(&stack.engine.client(), stack.variable("KEYS_TABLE"));
    let ring = keys.sealed().await.expect("the engine answers");
    ring.expect("a ring").ring.version
}

#[tokio::test]
async fn a_schedule_publishes_the_successor_once() {
    let stack = Stack::start().await;
    let app = App::new(&stack.environment()).expect("a configuration");
    let event = testing::event("rotate-keys");
    for _ in 0..2 {
        let answer = handle(&app, event.clone()).await.expect("an answer");
        let answer = serde_json::to_value(answer).expect("JSON");
        let expected = json!({ "version": 2, "signing_keys": 2, "mac_keys": 2, "factor_keys": 2 });
        assert_eq!(answer, expected);
    }
    assert_eq!(version(&stack).await, 2);
}

#[tokio::test]
async fn cloudformation_is_told_that_the_ring_is_in_order() {
    let stack = quick().await;
    let app = App::new(&stack.environment()).expect("a configuration");
    let (url, told) = bucket().await;
    for (kind, version_after) in [("Delete", 1), ("Create", 2), ("Update", 2)] {
        let answer = handle(&app, request(kind, &url)).await;
        assert_eq!(answer, Ok(None), "{kind}");
        assert_eq!(version(&stack).await, version_after, "{kind}");
    }
    let told = told.lock().expect("a lock");
    assert_eq!(told.len(), 3);
    for (kind, body) in told.iter() {
        assert_eq!(kind, "");
        let expected = json!({
            "Status": "SUCCESS",
            "Reason": "the key ring is in order",
            "PhysicalResourceId": "key-ring",
            "StackId": "arn:aws:cloudformation:eu-west-1:123456789012:stack/latchkey/1",
            "RequestId": "6d1f0e8a",
            "LogicalResourceId": "KeyRing",
        });
        assert_eq!(*body, expected);
    }
}

#[tokio::test]
async fn a_fault_is_told_too_and_changes_nothing() {
    let stack = quick().await;
    let app = App::new(&stack.environment()).expect("a configuration");
    let app = app.pausing(Duration::from_millis(100));
    let (url, told) = bucket().await;
    stack.wire.fail("UpdateItem", &REFUSED, 1_000);
    assert!(handle(&app, json!({})).await.is_err());
    assert_eq!(attempts(&stack, "UpdateItem"), 1, "Lambda calls again");
    // Fifteen seconds are for the answer.
    assert_eq!(create(&app, &url, 20).await, Ok(None));
    let many = attempts(&stack, "UpdateItem");
    assert!(many > 2, "CloudFormation does not: {many}");
    stack.wire.mend();
    assert_eq!(version(&stack).await, 1);
    let told = told.lock().expect("a lock");
    assert_eq!(told[0].1["Status"], "FAILED");
    let reason = told[0].1["Reason"].as_str().expect("a reason");
    assert!(reason.contains("could not be read or written"), "{reason}");
}

#[tokio::test]
async fn a_deployment_waits_for_a_role_to_be_known_and_for_an_answer() {
    let stack = quick().await;
    let (url, told) = bucket().await;
    for (fault, operation, times) in [
        (REFUSED, "UpdateItem", 2),
        (
            Fault::Refused(400, "UnrecognizedClientException"),
            "GetItem",
            3,
        ),
        (Fault::Refused(400, "NotFoundException"), "UpdateItem", 2),
        (
            Fault::Refused(400, "KMSInvalidStateException"),
            "UpdateItem",
            2,
        ),
        (Fault::Refused(500, "InternalServerError"), "GetItem", 4),
        (Fault::Refused(400, "ThrottlingException"), "GetItem", 4),
        // As often as the SDK asks by itself.
        (Fault::Silence, "GetItem", 3),
    ] {
        let environment = stack.environment_behind(&stack.wire);
        let app = App::new(&environment).expect("a configuration");
        let app = app.pausing(Duration::from_millis(1));
        let ring = AttributeValue::S("ring".to_owned());
        let delete = stack.engine.client().delete_item().table_name("KeysTable");
        let deleted = delete.key("id", ring).send().await;
        deleted.expect("the engine answers");
        stack.wire.fail(operation, &fault, times);
        assert_eq!(create(&app, &url, 60).await, Ok(None), "{fault:?}");
        let told = told.lock().expect("a lock").pop().expect("an answer");
        assert_eq!(told.1["Status"], "SUCCESS", "{fault:?}");
    }
}

#[tokio::test]
async fn a_fault_that_stays_is_answered_at_once() {
    let stack = quick().await;
    let app = App::new(&stack.environment()).expect("a configuration");
    let (url, told) = bucket().await;
    for code in ["ResourceNotFoundException", "ValidationException"] {
        stack
            .wire
            .fail("GetItem", &Fault::Refused(400, code), 1_000);
        stack.wire.take();
        assert_eq!(create(&app, &url, 60).await, Ok(None));
        assert_eq!(attempts(&stack, "GetItem"), 1, "{code}");
        let told = told.lock().expect("a lock").pop().expect("an answer");
        assert_eq!(told.1["Status"], "FAILED");
        stack.wire.mend();
    }
}

#[tokio::test]
async fn the_last_pause_ends_while_an_attempt_has_time() {
    let stack = quick().await;
    let app = App::new(&stack.environment()).expect("a configuration");
    let app = app.pausing(Duration::from_secs(60));
    let (url, told) = bucket().await;
    stack.wire.fail("UpdateItem", &REFUSED, 1);
    assert_eq!(create(&app, &url, 20).await, Ok(None));
    let told = told.lock().expect("a lock");
    assert_eq!(told[0].1["Status"], "SUCCESS");
}

#[tokio::test]
async fn without_a_deadline_it_tries_a_few_times() {
    let stack = quick().await;
    let app = App::new(&stack.environment()).expect("a configuration");
    let app = app.pausing(Duration::from_millis(1));
    let (url, told) = bucket().await;
    stack.wire.fail("UpdateItem", &REFUSED, 1_000);
    stack.wire.take();
    assert_eq!(handle(&app, request("Create", &url)).await, Ok(None));
    assert_eq!(attempts(&stack, "UpdateItem"), 5);
    let told = told.lock().expect("a lock");
    assert_eq!(told[0].1["Status"], "FAILED");
}

#[tokio::test]
async fn cloudformation_is_told_also_when_the_time_is_over() {
    let stack = quick().await;
    let app = App::new(&stack.environment()).expect("a configuration");
    let (url, told) = bucket().await;
    stack.wire.fail("GetItem", &Fault::Silence, 1_000);
    assert_eq!(create(&app, &url, 17).await, Ok(None));
    let told = told.lock().expect("a lock");
    assert_eq!(told[0].1["Status"], "FAILED");
    let reason = &told[0].1["Reason"];
    assert_eq!(*reason, "the invocation ran out of time");
}

#[tokio::test]
async fn an_event_of_somebody_else_changes_nothing() {
    let stack = quick().await;
    let app = App::new(&stack.environment()).expect("a configuration");
    let mut almost = testing::event("rotate-keys");
    almost["detail-type"] = json!("EC2 Instance State-change Notification");
    for event in [testing::event("login"), almost, json!([]), json!(null)] {
        let error = handle(&app, event).await.expect_err("a foreign event");
        assert_eq!(error, Failure::Work(rotate_keys::Error::Foreign));
    }
    assert_eq!(version(&stack).await, 1);
}

#[tokio::test]
async fn what_is_not_cloudformations_request_is_refused() {
    let stack = quick().await;
    let app = App::new(&stack.environment()).expect("a configuration");
    let event = json!({ "RequestType": "Create" });
    assert!(handle(&app, event).await.is_err());
    assert_eq!(version(&stack).await, 1);
}
