//! A session that is raised.

use accounts::UserId;
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use testing::wire::Fault;
use testing::{Session, number};

use crate::{World, invalid_code, refusal, show};

/// A session that began with the password alone, before the account had a second factor, and whose
/// proof is an hour old.
async fn old_session(world: &World) -> Session {
    let claims = world.stack.claims(&world.session.access_token);
    let update = world.stack.engine.client().update_item();
    let update = update.table_name("SessionsTable");
    let update = update.key("user_id", AttributeValue::S(claims.sub));
    let update = update.key("id", AttributeValue::S(claims.sid));
    let update = update.update_expression("SET auth_time = :then REMOVE methods");
    let update = update.expression_attribute_values(":then", number(api::now() - 3_600));
    update.send().await.unwrap();
    world.session.refreshed().await
}

#[tokio::test]
async fn a_code_makes_a_session_fresh_and_its_tokens_name_the_code() {
    let world = World::start().await;
    let session = old_session(&world).await;
    assert_eq!(world.stack.claims(&session.access_token).amr, ["pwd"]);
    let refused = session.delete("/me").await;
    let challenge = refused.header("www-authenticate").unwrap();
    assert!(challenge.contains("insufficient_user_authentication"));
    assert!(challenge.contains(r#"acr_values="aal2""#), "{challenge}");

    let sessions = world.sessions().await;
    let code = json!({ "code": world.app.code() });
    let answer = session.post("/step-up", &code).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    let mut members: Vec<_> = answer.json().as_object().unwrap().keys().cloned().collect();
    members.sort();
    assert_eq!(members, ["access_token", "expires_in", "token_type"]);
    assert_eq!(world.sessions().await, sessions, "it is the same session");
    let claims = world.stack.claims(&answer.access_token());
    let before = world.stack.claims(&session.access_token);
    assert_eq!((claims.sid, claims.sub), (before.sid, before.sub));
    assert_eq!(claims.amr, ["pwd", "otp", "mfa"]);
    assert!(claims.fresh && claims.auth_time + 60 > api::now());

    let refreshed = session.refreshed().await;
    let claims = world.stack.claims(&refreshed.access_token);
    assert_eq!(claims.amr, ["pwd", "otp", "mfa"]);
    assert!(!claims.fresh && claims.auth_time + 60 > api::now());
    assert_eq!(refreshed.delete("/me").await.status, 204);
}

#[tokio::test]
async fn a_recovery_code_raises_a_session_too_and_its_owner_is_told() {
    let world = World::start().await;
    let session = old_session(&world).await;
    let told = world.notices().await.len();
    let code = json!({ "recovery_code": world.recovery_codes[0] });
    let answer = session.post("/step-up", &code).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    assert_eq!(world.notices().await.len(), told + 1);
    let again = session.post("/step-up", &code).await;
    assert_eq!(refusal(&again), invalid_code());
}

#[tokio::test]
async fn a_code_counts_once_for_both_routes_together() {
    let world = World::start().await;
    let code = world.app.code();
    let shown = json!({ "code": code });
    assert_eq!(world.session.post("/step-up", &shown).await.status, 200);
    let token = world.mfa_token().await;
    let answer = show(&world.api, &token, &code).await;
    assert_eq!(refusal(&answer), invalid_code());
    let next = world.app.code_in(1);
    assert_eq!(show(&world.api, &token, &next).await.status, 200);
    let shown = json!({ "code": next });
    let answer = world.session.post("/step-up", &shown).await;
    assert_eq!(refusal(&answer), invalid_code());
}

#[tokio::test]
async fn who_has_no_second_factor_logs_in_again() {
    let world = World::start().await;
    let eve = world.api.sign_up("eve").await;
    for shown in [
        json!({ "code": world.app.code() }),
        json!({ "recovery_code": world.recovery_codes[0] }),
    ] {
        let answer = eve.post("/step-up", &shown).await;
        assert_eq!(answer.status, 409, "{}", answer.json());
    }
    assert_eq!(world.sign_in().await.status, 200, "nothing was used");
}

#[tokio::test]
async fn a_step_up_needs_a_session_that_is_alive() {
    let world = World::start().await;
    let code = json!({ "code": world.app.code() });
    let (token, api) = (world.mfa_token().await, &world.api);
    for bearer in ["", "x", &token, &world.session.refresh_token] {
        let headers = [
            ("authorization", format!("Bearer {bearer}")),
            ("content-type", "application/json".to_owned()),
        ];
        let headers: Vec<_> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let body = code.to_string();
        let answer = api
            .send(
                axum::http::Method::POST,
                "/step-up",
                &headers,
                body.as_bytes(),
            )
            .await;
        assert_eq!(answer.status, 401, "{bearer:.20}");
    }
    let (ended, alive) = (api.session(world.sign_in().await), &world.session);
    assert_eq!(ended.logout().await.status, 204);
    let next = json!({ "code": world.app.code_in(1) });
    assert_eq!(ended.post("/step-up", &next).await.status, 401);
    assert_eq!(alive.post("/step-up", &next).await.status, 200);
}

#[tokio::test]
async fn a_session_that_ends_meanwhile_is_not_raised_and_the_code_is_not_used() {
    let world = World::start().await;
    let (session, code) = (&world.session, world.app.code());
    assert_eq!(session.get("/me").await.status, 200);
    // The guard has read the session, and the transaction does not find it.
    let gone = Fault::CanceledAt(1, "ConditionalCheckFailed");
    world.stack.wire.fail("TransactWriteItems", &gone, 1);
    let answer = session.post("/step-up", &json!({ "code": code })).await;
    assert_eq!(refusal(&answer), (401, json!("invalid_token")));
    let user = world.stack.claims(&session.access_token).sub;
    assert!(UserId::parse(&user).is_some());
    let again = session.post("/step-up", &json!({ "code": code })).await;
    assert_eq!(again.status, 200, "{}", again.json());
}

#[tokio::test]
async fn a_step_up_shows_one_second_factor() {
    let world = World::start().await;
    for body in [json!({}), json!({ "code": "1" }), json!([]), Value::Null] {
        let answer = world.session.post("/step-up", &body).await;
        assert_eq!(refusal(&answer), (400, json!("invalid_request")), "{body}");
    }
}

#[tokio::test]
async fn where_everybody_must_have_two_factors_a_mailed_code_and_one_of_an_app_are_not_enough() {
    let world = World::start().await;
    let all = [("MFA_REQUIRED", "all"), ("REGISTRATION_MODE", "confirmed")];
    let api = testing::Client::api(&world.stack.environment_where(&all));
    world.stack.begun_with(&world.session, &["email"]).await;
    let token = Some(world.session.access_token.as_str());
    let code = json!({ "code": world.app.code() });
    let post = axum::http::Method::POST;
    let answer = api.call(post.clone(), "/step-up", token, Some(&code)).await;
    assert_eq!(
        refusal(&answer),
        (401, json!("insufficient_user_authentication"))
    );
    world.stack.begun_with(&world.session, &["pwd"]).await;
    let answer = api.call(post, "/step-up", token, Some(&code)).await;
    assert_eq!(
        answer.status,
        200,
        "the code was not used: {}",
        answer.json()
    );
}
