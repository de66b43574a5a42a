//! Codes of an app.

use accounts::{MfaPurpose, WaysIn};
use serde_json::{Value, json};
use testing::{Authenticator, Session};

use crate::{World, invalid_code, mfa_token, refusal, show};

/// The claims that say how somebody has proved who they are.
fn proof(world: &World, session: &Session) -> (Vec<String>, bool) {
    let claims = world.stack.claims(&session.access_token);
    (claims.amr, claims.fresh)
}

#[tokio::test]
async fn a_password_and_a_code_begin_a_session_that_names_both() {
    let world = World::start().await;
    let before = world.sessions().await;
    let asked = api_answer(&world).await;
    assert_eq!(
        world.sessions().await,
        before,
        "none before the second step"
    );
    let token = mfa_token(&asked);
    let begin = api::now();
    let answer = show(&world.api, &token, &world.app.code()).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    assert_eq!(world.sessions().await, before + 1);
    let session = world.api.session(answer);
    let both = ["pwd", "otp", "mfa"].map(str::to_owned).to_vec();
    assert_eq!(proof(&world, &session), (both.clone(), true));
    let claims = world.stack.claims(&session.access_token);
    assert!((begin..=api::now()).contains(&claims.auth_time));
    assert_eq!(session.get("/me").await.status, 200);
    let refreshed = session.refreshed().await;
    assert_eq!(proof(&world, &refreshed), (both, false));
    assert_eq!(refreshed.delete("/me").await.status, 204, "it is fresh");
}

async fn api_answer(world: &World) -> testing::Answer {
    world.api.login("ada", testing::PASSWORD).await
}

#[tokio::test]
async fn a_code_signs_in_once() {
    let world = World::start().await;
    let (token, code) = (world.mfa_token().await, world.app.code());
    assert_eq!(show(&world.api, &token, &code).await.status, 200);
    let other = world.mfa_token().await;
    for token in [&token, &other] {
        let again = show(&world.api, token, &code).await;
        assert_eq!(refusal(&again), invalid_code());
    }
    let next = show(&world.api, &token, &world.app.code_in(1)).await;
    assert_eq!(next.status, 200, "a token may come again");
    let earlier = show(&world.api, &token, &code).await;
    assert_eq!(refusal(&earlier), invalid_code());
}

#[tokio::test]
async fn the_code_that_enrolled_the_app_does_not_sign_in() {
    let world = World::start().await;
    let eve = world.api.sign_up_with_address("eve").await;
    world.stack.prove_address("eve").await;
    let app = Authenticator::offered(&eve.post("/me/totp", &Value::Null).await);
    let code = app.code();
    let enrolled = eve.put("/me/totp", &json!({ "code": code })).await;
    assert_eq!(enrolled.status, 200, "{}", enrolled.json());
    let token = mfa_token(&world.api.login("eve", testing::PASSWORD).await);
    let answer = show(&world.api, &token, &code).await;
    assert_eq!(refusal(&answer), invalid_code());
}

#[tokio::test]
async fn a_code_counts_a_step_early_and_a_step_late_and_no_longer() {
    let world = World::start().await;
    let token = world.mfa_token().await;
    for steps in [-3, -2, 3] {
        let code = world.app.code_in(steps);
        let answer = show(&world.api, &token, &code).await;
        assert_eq!(refusal(&answer), invalid_code(), "{steps}");
    }
    for steps in [0, 1] {
        let answer = show(&world.api, &token, &world.app.code_in(steps)).await;
        assert_eq!(answer.status, 200, "{steps}: {}", answer.json());
    }
}

#[tokio::test]
async fn a_code_of_another_account_is_wrong() {
    let world = World::start().await;
    let eve = world.api.sign_up_with_address("eve").await;
    world.stack.prove_address("eve").await;
    let (app, codes) = eve.enrol().await;
    let token = world.mfa_token().await;
    let by_code = show(&world.api, &token, &app.code_in(1)).await;
    let recovered = crate::recover(&world.api, &token, &codes[0]).await;
    for answer in [by_code, recovered] {
        assert_eq!(refusal(&answer), invalid_code());
    }
}

#[tokio::test]
async fn blanks_and_hyphens_in_a_code_do_not_count_and_digits_are_ascii() {
    let world = World::start().await;
    let (token, code) = (world.mfa_token().await, world.app.code());
    let (first, second) = code.split_at(3);
    let arabic = |digit: char| char::from_u32(0x660 + digit.to_digit(10).unwrap()).unwrap();
    let arabic: String = code.chars().map(arabic).collect();
    for malformed in ["", "12345", "1234567", "12345x", "0x1234", &arabic] {
        let answer = show(&world.api, &token, malformed).await;
        assert_eq!(refusal(&answer), (400, json!("invalid_request")));
        assert_eq!(answer.json()["errors"][0]["field"], json!("code"));
    }
    assert_eq!(world.failures().await, 0, "none was compared");
    let typed = format!(" {first}\u{a0}{second} ");
    let answer = show(&world.api, &token, &typed).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
}

#[tokio::test]
async fn a_request_shows_one_second_factor() {
    let world = World::start().await;
    let token = world.mfa_token().await;
    let (code, recovery_code) = (world.app.code(), world.recovery_codes[0].clone());
    let bodies = [
        json!({ "mfa_token": token }),
        json!({ "mfa_token": token, "code": null, "recovery_code": null }),
        json!({ "mfa_token": token, "code": code, "recovery_code": recovery_code }),
        json!({ "mfa_token": token, "code": 123_456 }),
        json!({ "mfa_token": token, "code": [code] }),
        json!({ "mfa_token": token, "code": code, "remember": "me" }),
        json!({ "code": code }),
        json!({ "mfa_token": null, "code": code }),
        json!([token, code]),
        Value::Null,
    ];
    for body in bodies {
        let answer = world.api.post("/login/mfa", &body).await;
        assert_eq!(refusal(&answer), (400, json!("invalid_request")), "{body}");
    }
    let form = format!("mfa_token={token}&code={code}");
    let answer = world.api.form("/login/mfa", None, &form).await;
    assert_eq!(answer.status, 415);
    let answer = show(&world.api, &token, &code).await;
    assert_eq!(answer.status, 200, "nothing was used up");
}

/// A restore of Factors alone brings an app back that its owner has removed.
#[tokio::test]
async fn a_code_of_an_app_that_the_account_does_not_have_is_wrong() {
    let world = World::start().await;
    let ways_in = WaysIn::default().with_passkey();
    world.stack.give_ways_in("ada", ways_in).await;
    let user = world.stack.user("ada").await;
    let token = world.stack.mfa_token(&user, MfaPurpose::SignIn).await;
    let answer = show(&world.api, &token, &world.app.code_in(1)).await;
    assert_eq!(refusal(&answer), invalid_code());
    assert_eq!(world.failures().await, 0, "it was not compared");
}
