//! One name, one account: whatever races, and whatever breaks on the way.

use serde_json::json;
use testing::wire::Fault;
use testing::{PASSWORD, Stack};

#[tokio::test(flavor = "multi_thread", worker_threads = 16)]
async fn of_200_concurrent_registrations_of_one_name_one_wins_and_its_password_signs_in() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let passwords: Vec<_> = (0..200).map(|n| format!("{PASSWORD} {n}")).collect();
    let racers: Vec<_> = passwords
        .iter()
        .map(|password| {
            let (api, password) = (api.clone(), password.clone());
            tokio::spawn(async move { api.register("ada", &password).await.status })
        })
        .collect();
    let mut statuses = Vec::new();
    for racer in racers {
        statuses.push(racer.await.unwrap());
    }
    let count = |status| statuses.iter().filter(|found| **found == status).count();
    assert_eq!((count(201), count(409)), (1, 199), "{statuses:?}");

    let winner = statuses.iter().position(|status| *status == 201).unwrap();
    assert_eq!(api.login("ada", &passwords[winner]).await.status, 200);
    let loser = usize::from(winner == 0);
    assert_eq!(api.login("ada", &passwords[loser]).await.status, 401);
    assert_eq!(
        stack.items("LoginsTable").await.len(),
        1,
        "no orphaned name"
    );
    assert_eq!(
        stack.items("UsersTable").await.len(),
        1,
        "no orphaned account"
    );
}

#[tokio::test]
async fn one_taken_name_of_two_registers_neither() {
    let stack = Stack::start().await;
    let api = stack.api();
    assert_eq!(api.register("ada", PASSWORD).await.status, 201);
    let before = stack.count().await;
    let body = json!({ "username": "ADA", "email": "ada@example.com", "password": PASSWORD });
    let refused = api.post("/register", &body).await;
    assert_eq!(refused.status, 409);
    assert_eq!(
        refused.json()["errors"],
        json!([{ "field": "username", "detail": "is taken" }])
    );
    assert_eq!(stack.count().await, before);

    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    assert_eq!(
        api.post("/register", &body).await.status,
        201,
        "the address is still free"
    );
    let body = json!({ "username": "eve", "email": "ada@example.com", "password": PASSWORD });
    let refused = api.post("/register", &body).await;
    assert_eq!(
        refused.json()["errors"],
        json!([{ "field": "email", "detail": "is taken" }])
    );
}

#[tokio::test]
async fn a_transaction_whose_answer_was_lost_is_answered_once_and_with_success() {
    let stack = Stack::start().await;
    let api = stack.api();
    stack.wire.fail("TransactWriteItems", &Fault::LostAnswer, 1);
    let ada = api.sign_up("ada").await;
    assert_eq!(ada.get("/protected").await.status, 200);
    assert_eq!(stack.items("UsersTable").await.len(), 1);
}

#[tokio::test]
async fn a_transaction_that_conflicts_is_sent_again() {
    let stack = Stack::start().await;
    let api = stack.api();
    stack.wire.fail(
        "TransactWriteItems",
        &Fault::Canceled("TransactionConflict"),
        2,
    );
    assert_eq!(api.register("ada", PASSWORD).await.status, 201);
}

#[tokio::test]
async fn a_name_that_stays_contended_is_a_409_if_it_is_taken_by_then_and_a_503_if_not() {
    let stack = Stack::start().await;
    let api = stack.api();
    stack.wire.fail(
        "TransactWriteItems",
        &Fault::Canceled("TransactionConflict"),
        100,
    );
    let refused = api.register("ada", PASSWORD).await;
    assert_eq!(
        (refused.status, refused.header("retry-after")),
        (503, Some("1"))
    );
    assert_eq!(stack.count().await, 0);

    stack.wire.mend();
    assert_eq!(api.register("ada", PASSWORD).await.status, 201);
    stack.wire.fail(
        "TransactWriteItems",
        &Fault::Canceled("TransactionConflict"),
        100,
    );
    assert_eq!(api.register("ada", PASSWORD).await.status, 409);
}

#[tokio::test]
async fn a_closed_registration_registers_nobody() {
    let stack = Stack::start_with(&[("REGISTRATION_MODE", "closed")]).await;
    let api = stack.api();
    let refused = api.register("ada", PASSWORD).await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.json()["detail"], json!("Registration is closed"));
    assert_eq!(stack.count().await, 0);
}
