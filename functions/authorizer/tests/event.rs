//! The event in, the answer out.

use api::Handler;
use authorizer::App;
use lambda_http::Context;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};
use testing::wire::Fault;
use testing::{Answer, Stack};

/// The event that API Gateway sends, with this in place of its token.
fn event(authorization: &str) -> Box<RawValue> {
    let mut event = testing::event("authorizer");
    event["headers"]["authorization"] = json!(authorization);
    to_raw_value(&event).expect("an event")
}

async fn registered(stack: &Stack) -> Answer {
    stack.function("register").event("register").await
}

async fn asked(stack: &Stack, authorization: &str) -> Value {
    let app = App::new(&stack.environment()).expect("a configuration");
    let answer = api::invoke(&app, &event(authorization), &Context::default()).await;
    serde_json::to_value(answer.expect("an answer")).expect("JSON")
}

#[tokio::test]
async fn a_token_of_a_session_that_is_alive_passes_with_who_brings_it() {
    let stack = Stack::start().await;
    let registered = registered(&stack).await;
    let answer = asked(&stack, &format!("Bearer {}", registered.access_token())).await;
    assert_eq!(answer["isAuthorized"], json!(true));
    let context = &answer["context"];
    assert_eq!(context["user_id"], registered.json()["user"]["id"]);
    assert_eq!(context["username"], registered.json()["user"]["username"]);
    assert_eq!(
        (&context["roles"], &context["scope"]),
        (&json!(""), &json!(""))
    );
    assert!(context["session_id"].is_string());
}

#[tokio::test]
async fn nothing_else_passes() {
    let stack = Stack::start().await;
    let token = registered(&stack).await.access_token();
    let (head, _) = token.rsplit_once('.').expect("a token has dots");
    for authorization in [
        String::new(),
        "Bearer not-a-token".to_owned(),
        format!("Bearer {head}."),
        format!("Basic {token}"),
        token.clone(),
    ] {
        let answer = asked(&stack, &authorization).await;
        assert_eq!(answer["isAuthorized"], json!(false), "{authorization}");
        assert_eq!(answer["context"]["user_id"], json!(""));
    }
    let session = stack.items("SessionsTable").await.remove(0);
    let delete = stack.engine.client().delete_item();
    let delete = delete.table_name("SessionsTable");
    let delete = delete.key("user_id", session["user_id"].clone());
    let ended = delete.key("id", session["id"].clone()).send().await;
    ended.expect("the session is deleted");
    let answer = asked(&stack, &format!("Bearer {token}")).await;
    assert_eq!(answer["isAuthorized"], json!(false), "logged out");
}

#[tokio::test]
async fn a_fault_is_no_refusal_and_lets_nobody_pass() {
    let stack = Stack::start().await;
    let token = registered(&stack).await.access_token();
    let app = App::new(&stack.environment()).expect("a configuration");
    let fault = Fault::Refused(500, "InternalServerError");
    stack.wire.fail("BatchGetItem", &fault, 10);
    let answer = api::invoke(
        &app,
        &event(&format!("Bearer {token}")),
        &Context::default(),
    )
    .await;
    assert!(answer.is_err());
}

#[tokio::test]
async fn the_issuer_is_the_one_that_the_owner_pins_or_else_the_own_api() {
    let stack = Stack::start().await;
    let token = registered(&stack).await.access_token();
    for (variable, url) in [
        ("ISSUER_URL", "https://auth.example.com"),
        (
            "API_URL",
            "https://def456.execute-api.eu-west-1.amazonaws.com",
        ),
    ] {
        let environment = stack.environment_with(variable, Some(url));
        let app = App::new(&environment).expect("a configuration");
        let answer = api::invoke(
            &app,
            &event(&format!("Bearer {token}")),
            &Context::default(),
        )
        .await;
        assert!(!answer.expect("an answer").is_authorized, "{variable}");
    }
}
