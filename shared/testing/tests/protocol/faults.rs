//! Whatever DynamoDB does, the API answers 503, repeats nothing of it, and neither loses what it
//! acknowledged nor lets anybody in.

use futures_util::future::join_all;
use serde_json::json;
use testing::router::router;
use testing::wire::{Fault, Wire};
use testing::{Answer, Client, PASSWORD, Stack};

const FAULTS: [Fault; 6] = [
    Fault::NoConnection,
    Fault::Silence,
    Fault::Refused(500, "InternalServerError"),
    Fault::Refused(400, "ProvisionedThroughputExceededException"),
    Fault::Refused(400, "AccessDeniedException"),
    Fault::Refused(400, "ResourceNotFoundException"),
];

fn assert_unavailable(answer: &Answer, what: &str) {
    assert_eq!(answer.status, 503, "{what}: {}", answer.json());
    assert_eq!(answer.header("retry-after"), Some("1"), "{what}");
    assert_eq!(
        answer.header("content-type"),
        Some("application/problem+json"),
        "{what}"
    );
    let text = String::from_utf8_lossy(&answer.body).to_lowercase();
    for leak in ["dynamo", "exception", "table", "aws", "getitem", PASSWORD] {
        assert!(!text.contains(leak), "{what}: {text}");
    }
}

/// The calls of a route that fail.
const CALLS: [(&str, &str); 4] = [
    ("register", "TransactWriteItems"),
    ("login", "GetItem"),
    ("login", "PutItem"),
    ("protected", "BatchGetItem"),
];

/// Breaks calls of one kind alone, in an environment of its own that has read its keys.
async fn unavailable(stack: &Stack, token: &str, (route, operation): (&str, &str), fault: &Fault) {
    let wire = Wire::default();
    let api = Client::of(router(&stack.environment_behind(&wire)));
    api.login("ada", PASSWORD).await;
    api.get("/protected", Some(token)).await;
    wire.fail(operation, fault, 10);
    let answer = match route {
        "register" => api.register("eve", PASSWORD).await,
        "login" => api.login("ada", PASSWORD).await,
        _ => api.get("/protected", Some(token)).await,
    };
    assert_unavailable(&answer, &format!("{route}, {operation}, {fault:?}"));
    wire.mend();
    let guarded = api.get("/protected", Some(token)).await;
    assert_eq!(guarded.status, 200, "and back to normal");
}

#[tokio::test]
async fn a_fault_of_any_call_is_a_503() {
    let stack = Stack::unthrottled().await;
    let ada = stack.api().sign_up("ada").await;
    // At once: each waits for retries, or for a limit of time.
    let cells = FAULTS.iter().flat_map(|fault| {
        let token = &ada.access_token;
        CALLS.map(|call| unavailable(&stack, token, call, fault))
    });
    join_all(cells).await;
    assert_eq!(stack.items("UsersTable").await.len(), 1, "nothing of eve");
}

#[tokio::test]
async fn a_call_that_fails_once_is_sent_again() {
    let stack = Stack::start().await;
    let api = stack.api();
    for operation in ["TransactWriteItems", "GetItem", "PutItem", "BatchGetItem"] {
        stack
            .wire
            .fail(operation, &Fault::Refused(500, "InternalServerError"), 1);
    }
    api.sign_up("ada").await;
    let ada = api.sign_in("ada").await;
    assert_eq!(ada.get("/protected").await.status, 200);
}

#[tokio::test]
async fn a_batch_answered_in_part_lets_nobody_in() {
    let stack = Stack::start().await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    stack.wire.fail("BatchGetItem", &Fault::Unprocessed, 1);
    assert_unavailable(&ada.get("/protected").await, "unprocessed");
}

#[tokio::test]
async fn without_a_key_ring_nothing_is_written() {
    let stack = Stack::start().await;
    let api = stack.api();
    let delete = stack.engine.client().delete_item().table_name("KeysTable");
    let ring = aws_sdk_dynamodb::types::AttributeValue::S("ring".to_owned());
    delete.key("id", ring).send().await.unwrap();
    assert_unavailable(&api.register("ada", PASSWORD).await, "register");
    assert_unavailable(&api.login("ada", PASSWORD).await, "login");
    assert_unavailable(&api.get("/.well-known/jwks.json", None).await, "jwks");
    assert_eq!(stack.count().await, 0);
}

#[tokio::test]
async fn an_item_that_cannot_be_read_is_a_500_that_says_nothing() {
    let stack = Stack::start().await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    let user = stack.items("UsersTable").await.remove(0);
    let update = stack.engine.client().update_item();
    let update = update
        .table_name("UsersTable")
        .key("id", user["id"].clone());
    let removed = update.update_expression("REMOVE epoch").send().await;
    removed.unwrap();
    for answer in [
        api.login("ada", PASSWORD).await,
        ada.get("/protected").await,
    ] {
        assert_eq!(answer.status, 500);
        assert_eq!(
            answer.json()["detail"],
            json!("The server failed to handle the request")
        );
    }
}
