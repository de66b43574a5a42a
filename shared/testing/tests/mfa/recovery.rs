//! Recovery codes.

use serde_json::json;

use crate::{World, invalid_code, recover, refusal, show};

#[tokio::test]
async fn each_recovery_code_signs_in_once_and_its_owner_is_told() {
    let world = World::start().await;
    let told = world.notices().await.len();
    let token = world.mfa_token().await;
    let codes = &world.recovery_codes;
    assert_eq!(codes.len(), 10);
    for code in codes {
        let answer = recover(&world.api, &token, code).await;
        assert_eq!(answer.status, 200, "{}", answer.json());
        let claims = world.stack.claims(&answer.access_token());
        assert_eq!(claims.amr, ["pwd", "otp", "mfa"]);
        let again = recover(&world.api, &token, code).await;
        assert_eq!(refusal(&again), invalid_code());
    }
    let notices = world.notices().await;
    let used: Vec<_> = notices[told..].iter().collect();
    assert_eq!(used.len(), 10, "{notices:?}");
    assert!(used.iter().all(|subject| subject.contains("recovery code")));
    let answer = show(&world.api, &token, &world.app.code()).await;
    assert_eq!(answer.status, 200, "the app is still asked for");
}

#[tokio::test]
async fn a_recovery_code_is_read_however_it_is_typed() {
    let world = World::start().await;
    let token = world.mfa_token().await;
    let [first, second, third] = &world.recovery_codes[..3] else {
        panic!("there are ten")
    };
    let bare = first.replace('-', "").to_lowercase();
    let spaced = second.replace('-', "  ");
    let mistaken = third.replace('0', "o").replace('1', "L");
    for typed in [bare, spaced, mistaken] {
        let answer = recover(&world.api, &token, &typed).await;
        assert_eq!(answer.status, 200, "{}", answer.json());
    }
    for malformed in ["", "123456", &"U".repeat(24), &"1".repeat(25)] {
        let answer = recover(&world.api, &token, malformed).await;
        assert_eq!(refusal(&answer), (400, json!("invalid_request")));
        assert_eq!(answer.json()["errors"][0]["field"], json!("recovery_code"));
    }
}

#[tokio::test]
async fn wrong_recovery_codes_lock_nothing() {
    let world = World::start().await;
    let token = world.mfa_token().await;
    for n in 0..120 {
        let code = format!("{n:024}");
        let answer = recover(&world.api, &token, &code).await;
        assert_eq!(refusal(&answer), invalid_code());
    }
    assert_eq!(world.failures().await, 0);
    let right = recover(&world.api, &token, &world.recovery_codes[0]).await;
    assert_eq!(right.status, 200);
}

#[tokio::test]
async fn a_recovery_code_is_the_way_in_when_the_app_is_lost_from_the_table() {
    let world = World::start().await;
    world.lose_the_authenticator().await;
    let token = world.mfa_token().await;
    let by_code = show(&world.api, &token, &world.app.code()).await;
    assert_eq!(refusal(&by_code), invalid_code(), "it is still asked for");
    let answer = recover(&world.api, &token, &world.recovery_codes[0]).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    let items = world.stack.items("FactorsTable").await;
    let ids: Vec<_> = items
        .iter()
        .map(|item| item["id"].as_s().unwrap())
        .collect();
    assert_eq!(ids, ["recovery"], "no half of an app was made");
}
