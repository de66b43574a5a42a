//! The allowance of an account and a network, and the failures of an address.

use serde_json::json;
use testing::{Answer, PASSWORD};

use crate::passkey::{asked, passkey_of, show_passkey};
use crate::{World, invalid_code, mfa_token, networks, recover, refusal, show};

fn retry_after(answer: &Answer) -> u64 {
    assert_eq!(answer.status, 429, "{}", answer.json());
    answer.header("retry-after").unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_network_has_a_few_codes_and_what_it_is_refused_is_not_counted() {
    let world = World::with(&[("LOGIN_BURST", "20")]).await;
    let token = world.mfa_token().await;
    let codes: Vec<_> = world.wrong_codes().take(8).collect();
    let [here, elsewhere] = &networks(&world.api, 2)[..] else {
        panic!("there are two")
    };
    for code in &codes[..5] {
        assert_eq!(refusal(&show(here, &token, code).await), invalid_code());
    }
    for code in &codes[5..] {
        assert!(retry_after(&show(here, &token, code).await) > 0);
    }
    let right = world.app.code();
    assert!(retry_after(&show(here, &token, &right).await) > 0);
    assert!(retry_after(&recover(here, &token, &world.recovery_codes[0]).await) > 0);
    assert_eq!(world.failures().await, 5, "a flood does not lock");
    let owner = show(elsewhere, &token, &right).await;
    assert_eq!(owner.status, 200, "{}", owner.json());
}

#[tokio::test]
async fn a_device_that_was_signed_in_has_an_allowance_of_its_own_and_keeps_its_place() {
    let world = World::with(&[("LOGIN_BURST", "20"), ("ADDRESS_FAILURES", "5")]).await;
    let device = world.api.session(world.sign_in().await);
    world.forget_the_last_code().await;
    let stranger = world.api.clone();
    let token = world.mfa_token().await;
    // To enrol the app took an attempt too.
    for code in world.wrong_codes().take(3) {
        assert_eq!(
            refusal(&show(&stranger, &token, &code).await),
            invalid_code()
        );
    }
    let blocked = show(&stranger, &token, &world.app.code()).await;
    assert!(retry_after(&blocked) > 0, "five attempts were made");

    let sessions = world.sessions().await;
    let asked = device.login_again("ada", PASSWORD).await;
    let known = mfa_token(&asked);
    let answer = show(&stranger, &known, &world.app.code()).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    assert_eq!(
        world.sessions().await,
        sessions,
        "in the place of the other"
    );
    assert_eq!(device.refresh().await.status, 401);
    for code in world.wrong_codes().take(4) {
        assert_eq!(
            refusal(&show(&stranger, &known, &code).await),
            invalid_code()
        );
    }
    let over = show(&stranger, &known, &world.app.code()).await;
    assert!(retry_after(&over) > 0, "it has no more than others");
}

#[tokio::test]
async fn a_wrong_code_counts_against_the_address() {
    let limits = [("ADDRESS_FAILURES", "3"), ("MFA_BURST", "20")];
    let world = World::with(&limits).await;
    let token = world.mfa_token().await;
    let here = world.api.at_address("198.51.100.7");
    let codes: Vec<_> = world.wrong_codes().take(2).collect();
    for code in &codes {
        assert_eq!(refusal(&show(&here, &token, code).await), invalid_code());
    }
    let wrong = recover(&here, &token, &"7".repeat(24)).await;
    assert_eq!(refusal(&wrong), invalid_code());
    retry_after(&show(&here, &token, &world.app.code()).await);
    retry_after(&here.login("ada", PASSWORD).await);
    let failures = world.failures().await;
    assert_eq!(failures, 2, "a refused one is not counted");
    let answer = show(&world.api, &token, &world.app.code()).await;
    assert_eq!(answer.status, 200, "elsewhere it counts");
}

#[tokio::test]
async fn a_step_up_takes_from_the_same_allowance() {
    let world = World::with(&[("MFA_BURST", "3"), ("LOGIN_BURST", "20")]).await;
    let here = world.api.at_address("198.51.100.7");
    let session = world.session.at_address("198.51.100.7");
    let token = world.mfa_token().await;
    let codes: Vec<_> = world.wrong_codes().take(4).collect();
    assert_eq!(show(&here, &token, &codes[0]).await.status, 400);
    for code in &codes[1..3] {
        let answer = session.post("/step-up", &json!({ "code": code })).await;
        assert_eq!(refusal(&answer), invalid_code());
    }
    retry_after(&session.post("/step-up", &json!({ "code": codes[3] })).await);
    retry_after(&show(&here, &token, &codes[3]).await);
}

#[tokio::test]
async fn a_passkey_takes_no_code_of_the_allowance_and_a_refused_one_counts_against_the_address() {
    let limits = [
        ("MFA_BURST", "1"),
        ("LOGIN_BURST", "20"),
        ("ADDRESS_FAILURES", "3"),
    ];
    let world = World::with(&limits).await;
    let mut passkey = passkey_of(&world, "ada").await;
    let here = world.api.at_address("198.51.100.7");
    for _ in 0..2 {
        let (token, options) = asked(&world).await;
        let right = passkey.sign_in(&options);
        let answer = show_passkey(&here, &token, &right).await;
        assert_eq!(answer.status, 200, "{}", answer.json());
    }
    passkey.rp_id = "example.org".to_owned();
    let (token, options) = asked(&world).await;
    let wrong = passkey.sign_in(&options);
    for _ in 0..3 {
        let answer = show_passkey(&here, &token, &wrong).await;
        assert_eq!(refusal(&answer).0, 401, "{}", answer.json());
    }
    passkey.rp_id = testing::passkey::RP_ID.to_owned();
    let right = passkey.sign_in(&options);
    retry_after(&show_passkey(&here, &token, &right).await);
    let elsewhere = show_passkey(&world.api, &token, &right).await;
    assert_eq!(elsewhere.status, 200, "{}", elsewhere.json());
}
