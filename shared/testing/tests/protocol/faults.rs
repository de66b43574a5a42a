//! Whatever DynamoDB does, the API answers 503, repeats nothing of it, and neither loses what it
//! acknowledged nor lets anybody in.

mod support;

use serde_json::json;
use support::PASSWORD;
use testing::wire::Fault;
use testing::{Answer, Stack};

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

#[tokio::test]
async fn a_fault_of_any_call_is_a_503() {
    let stack = Stack::unthrottled().await;
    let api = support::api(&stack);
    assert_eq!(api.register("ada", PASSWORD).await.status, 201);
    let token = api.login("ada", PASSWORD).await.access_token();
    for fault in FAULTS {
        for (route, operation) in [
            ("register", "TransactWriteItems"),
            ("login", "GetItem"),
            ("login", "PutItem"),
            ("protected", "BatchGetItem"),
        ] {
            let what = format!("{route}, {operation}, {fault:?}");
            stack.wire.fail(operation, &fault, 10);
            let answer = match route {
                "register" => api.register("eve", PASSWORD).await,
                "login" => api.login("ada", PASSWORD).await,
                _ => api.get("/protected", Some(&token)).await,
            };
            stack.wire.mend();
            assert_unavailable(&answer, &what);
        }
    }
    assert_eq!(stack.items("UsersTable").await.len(), 1, "nothing of eve");
    assert_eq!(
        api.get("/protected", Some(&token)).await.status,
        200,
        "and back to normal"
    );
}

#[tokio::test]
async fn a_call_that_fails_once_is_sent_again() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    for operation in ["TransactWriteItems", "GetItem", "PutItem", "BatchGetItem"] {
        stack
            .wire
            .fail(operation, &Fault::Refused(500, "InternalServerError"), 1);
    }
    let registered = api.register("ada", PASSWORD).await;
    assert_eq!(registered.status, 201, "{}", registered.json());
    let login = api.login("ada", PASSWORD).await;
    assert_eq!(login.status, 200);
    assert_eq!(
        api.get("/protected", Some(&login.access_token()))
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_batch_answered_in_part_lets_nobody_in() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    let token = api.register("ada", PASSWORD).await.access_token();
    stack.wire.fail("BatchGetItem", &Fault::Unprocessed, 1);
    assert_unavailable(&api.get("/protected", Some(&token)).await, "unprocessed");
}

#[tokio::test]
async fn without_a_key_ring_nothing_is_written() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
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
    let api = support::api(&stack);
    let token = api.register("ada", PASSWORD).await.access_token();
    let user = stack.items("UsersTable").await.remove(0);
    let update = stack
        .engine
        .client()
        .update_item()
        .table_name("UsersTable")
        .key("id", user["id"].clone());
    update
        .update_expression("REMOVE epoch")
        .send()
        .await
        .unwrap();
    for answer in [
        api.login("ada", PASSWORD).await,
        api.get("/protected", Some(&token)).await,
    ] {
        assert_eq!(answer.status, 500);
        assert_eq!(
            answer.json()["detail"],
            json!("Something went wrong on our side")
        );
    }
}
