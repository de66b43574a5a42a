//! Wrong codes in a row: when the owner is told, and when no further one is compared.

use serde_json::json;
use testing::number;

use crate::{World, invalid_code, recover, refusal, show};

#[tokio::test]
async fn the_tenth_wrong_code_in_a_row_is_mailed() {
    let world = World::start().await;
    let before = world.notices().await.len();
    for n in 1..=12 {
        assert_eq!(refusal(&world.guess().await), invalid_code());
        assert_eq!(world.failures().await, n);
        let told = world.notices().await.len() - before;
        assert_eq!(told, usize::from(n >= 10), "after {n}");
    }
    let notices = world.notices().await;
    println!("the 10th wrong code in a row: {:?}", notices.last());
    assert!(notices.last().unwrap().starts_with("Wrong codes"));
}

#[tokio::test]
async fn a_right_code_begins_the_row_anew() {
    let world = World::start().await;
    let before = world.notices().await.len();
    for _ in 0..9 {
        assert_eq!(world.guess().await.status, 400);
    }
    assert_eq!(world.sign_in().await.status, 200);
    assert_eq!(world.failures().await, 0);
    assert_eq!(world.guess().await.status, 400);
    assert_eq!(world.failures().await, 1);
    assert_eq!(world.notices().await.len(), before, "it was no tenth");
}

#[tokio::test]
async fn a_code_that_was_used_is_a_wrong_one_of_the_row() {
    let world = World::start().await;
    let (token, code) = (world.mfa_token().await, world.app.code());
    assert_eq!(show(&world.api, &token, &code).await.status, 200);
    world.set("failures", number(9)).await;
    let before = world.notices().await.len();
    let again = show(&world.api, &token, &code).await;
    assert_eq!(refusal(&again), invalid_code());
    assert_eq!(world.failures().await, 10);
    assert_eq!(world.notices().await.len(), before + 1, "the tenth");
}

#[tokio::test]
async fn after_a_hundred_wrong_codes_no_code_is_compared_until_a_recovery_code_opens_it() {
    let world = World::start().await;
    world.set("failures", number(99)).await;
    let before = world.notices().await.len();
    assert_eq!(refusal(&world.guess().await), invalid_code(), "the 100th");
    let notices = world.notices().await;
    assert_eq!(notices.len(), before + 1);
    println!("the 100th wrong code in a row: {:?}", notices.last());
    assert!(notices.last().unwrap().ends_with("are locked"));

    let (token, locked) = (world.mfa_token().await, (403, json!("mfa_locked")));
    let right = show(&world.api, &token, &world.app.code()).await;
    assert_eq!(refusal(&right), locked);
    assert_eq!(refusal(&world.guess().await), locked);
    assert_eq!(world.failures().await, 100, "it stays");
    assert_eq!(world.notices().await.len(), before + 1, "told once");
    let step_up = json!({ "code": world.app.code() });
    let stepped = world.session.post("/step-up", &step_up).await;
    assert_eq!(refusal(&stepped), locked);

    let opened = recover(&world.api, &token, &world.recovery_codes[0]).await;
    assert_eq!(opened.status, 200, "{}", opened.json());
    let right = show(&world.api, &token, &world.app.code()).await;
    assert_eq!(right.status, 200, "{}", right.json());
}

#[tokio::test]
async fn a_wrong_recovery_code_opens_nothing() {
    let world = World::start().await;
    world.set("failures", number(100)).await;
    let token = world.mfa_token().await;
    let wrong = recover(&world.api, &token, &"7".repeat(24)).await;
    assert_eq!(refusal(&wrong), invalid_code());
    assert_eq!(world.failures().await, 100);
}
