//! A request that takes longer than its invocation gets an answer all the same.

use serde_json::json;
use testing::Stack;
use testing::wire::Fault;

use crate::{invoke_until, started};

#[tokio::test]
async fn a_request_that_outlives_its_invocation_is_a_503_with_a_line() {
    let stack = Stack::start().await;
    let ada = stack.api().sign_up("ada").await;
    let function = started("protected", &stack);
    let mut event = testing::event("protected");
    event["headers"]["authorization"] = json!(format!("Bearer {}", ada.access_token));
    let event = event.to_string();
    // `cargo lambda watch` says that each invocation ends ten minutes after 1970.
    for no_deadline in [0, 600_000, u64::MAX] {
        let outcome = invoke_until(&function, &event, no_deadline).await;
        assert_eq!(outcome.status(), 200, "{no_deadline}");
    }
    stack.wire.fail("BatchGetItem", &Fault::Silence, 1);
    let soon = (api::now() + 2) * 1_000;
    let outcome = invoke_until(&function, &event, soon).await;
    assert_eq!(outcome.status(), 503);
    let answer = outcome.answer.as_ref().unwrap();
    assert_eq!(answer["headers"]["retry-after"], "1");
    assert_eq!(
        answer["headers"]["content-type"],
        "application/problem+json"
    );
    assert_eq!(outcome.body()["instance"], outcome.line["request_id"]);
    assert_eq!(outcome.line["message"], "GET /protected 503");
    assert_eq!(outcome.line["reason"], "the invocation ran out of time");
    assert_eq!(outcome.line["Faults"], 1.0);
}

#[tokio::test]
async fn the_authorizer_lets_nobody_pass_when_its_time_is_over() {
    let stack = Stack::start().await;
    let ada = stack.api().sign_up("ada").await;
    let issuer = format!("https://{}", testing::stack::DOMAIN);
    let environment = stack.environment_with("ISSUER_URL", Some(&issuer));
    let function = local::functions::Function::named("authorizer");
    let function = function.start(&environment).unwrap();
    let mut event = testing::event("authorizer");
    event["headers"]["authorization"] = json!(format!("Bearer {}", ada.access_token));
    let event = event.to_string();
    let outcome = invoke_until(&function, &event, 600_000).await;
    assert_eq!(outcome.answer.unwrap()["isAuthorized"], true);
    stack.wire.fail("BatchGetItem", &Fault::Silence, 1);
    let soon = (api::now() + 2) * 1_000;
    let outcome = invoke_until(&function, &event, soon).await;
    let late = "the invocation ran out of time";
    assert_eq!(outcome.answer, Err(late.to_owned()));
    assert_eq!(outcome.line["reason"], "the invocation ran out of time");
}
