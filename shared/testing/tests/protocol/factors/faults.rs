//! Changes of factors whose calls DynamoDB does not answer, or answers late.

use serde_json::{Value, json};
use tables::{AccountError, By, Error, FactorChange, FactorWrite};
use testing::router::router;
use testing::wire::{Fault, Wire};
use testing::{Authenticator, Client, Stack};

use super::{confirm, held, listed, offered};

#[tokio::test]
async fn a_fault_of_any_call_is_a_503_and_changes_nothing() {
    let stack = Stack::unthrottled().await;
    let ada = stack.api().sign_up("ada").await;
    let wire = Wire::default();
    let api = Client::of(router(&stack.environment_behind(&wire)));
    let ada = api.session(ada.answer);
    let authenticator = Authenticator::offered(&offered(&ada).await);
    for (method, path, operation) in [
        ("GET", "/me/factors", "Query"),
        ("POST", "/me/totp", "UpdateItem"),
        ("PUT", "/me/totp", "GetItem"),
        ("PUT", "/me/totp", "TransactWriteItems"),
    ] {
        for fault in [
            Fault::NoConnection,
            Fault::Refused(500, "InternalServerError"),
            Fault::Refused(400, "AccessDeniedException"),
        ] {
            wire.fail(operation, &fault, 10);
            let body = (method == "PUT").then(|| json!({ "code": authenticator.code() }));
            let answer = ada.call(method.parse().unwrap(), path, body.as_ref()).await;
            assert_eq!(answer.status, 503, "{method} {path} {operation} {fault:?}");
            wire.mend();
        }
    }
    assert_eq!(listed(&ada).await["totp"], Value::Null);
    assert_eq!(confirm(&ada, &authenticator.code()).await.status, 200);
    for (method, path) in [("POST", "/me/recovery-codes"), ("DELETE", "/me/totp")] {
        let before = held(&stack, "ada").await;
        wire.fail("TransactWriteItems", &Fault::NoConnection, 10);
        let answer = ada.call(method.parse().unwrap(), path, None).await;
        assert_eq!(answer.status, 503, "{method} {path}");
        assert_eq!(held(&stack, "ada").await, before);
        wire.mend();
    }
}

#[tokio::test]
async fn a_change_whose_answer_is_lost_is_made_once_and_acknowledged() {
    let stack = Stack::unthrottled().await;
    let ada = stack.api().sign_up("ada").await;
    let lost = || stack.wire.fail("TransactWriteItems", &Fault::LostAnswer, 1);
    let authenticator = Authenticator::offered(&offered(&ada).await);
    lost();
    let confirmed = confirm(&ada, &authenticator.code()).await;
    assert_eq!(confirmed.status, 200, "{}", confirmed.json());
    lost();
    let replaced = ada.post("/me/recovery-codes", &Value::Null).await;
    assert_eq!(replaced.status, 201, "{}", replaced.json());
    assert_eq!(listed(&ada).await["recovery_codes_left"], 10);
    lost();
    assert_eq!(ada.delete("/me/totp").await.status, 204);
    assert_eq!(listed(&ada).await["totp"], Value::Null);
}

#[tokio::test]
async fn a_secret_that_another_has_replaced_meanwhile_is_not_activated() {
    let stack = Stack::unthrottled().await;
    let ada = stack.api().sign_up("ada").await;
    Authenticator::offered(&offered(&ada).await);
    let pending = held(&stack, "ada").await.totp.unwrap().pending.unwrap();
    let other = Authenticator::offered(&offered(&ada).await);
    let environment = stack.environment();
    let (accounts, factors) = (
        environment.accounts().unwrap(),
        environment.factors().unwrap(),
    );
    let (user, now) = (stack.user("ada").await, api::now());
    let change = FactorChange {
        old: &user,
        new: &user.with_factor(user.ways_in.clone().with_totp(), now),
        by: By::Operator,
        raised: None,
        writes: &[FactorWrite::ActivateTotp {
            pending: &pending,
            step: 1,
            now,
        }],
        notice: None,
    };
    let refused = accounts.change_factors(&factors, change).await;
    assert_eq!(refused, Err(AccountError::Table(Error::Conflict)));
    assert_eq!(confirm(&ada, &other.code()).await.status, 200);
}

#[tokio::test]
async fn a_factor_that_another_request_changes_meanwhile_is_a_conflict() {
    let stack = Stack::unthrottled().await;
    let ada = stack.api().sign_up("ada").await;
    let authenticator = Authenticator::offered(&offered(&ada).await);
    let conflict = Fault::Canceled("ConditionalCheckFailed");
    stack.wire.fail("TransactWriteItems", &conflict, 1);
    let refused = confirm(&ada, &authenticator.code()).await;
    assert_eq!(refused.status, 409, "{}", refused.json());
    assert_eq!(listed(&ada).await["second_factor"], "optional");
    stack.wire.fail(
        "UpdateItem",
        &Fault::Refused(400, "TransactionConflictException"),
        10,
    );
    assert_eq!(offered(&ada).await.status, 409);
    stack.wire.mend();
    assert_eq!(confirm(&ada, &authenticator.code()).await.status, 200);
}
