//! An account that changes between the two steps.

use accounts::Status;
use serde_json::{Value, json};
use tables::{By, CodeGuess, CodeUse, CodeUseError, SessionChange, ShownCode};
use testing::{Answer, OTHER_PASSWORD, PASSWORD, number};

use crate::{World, invalid_grant, recover, refusal, show};

/// Both kinds of codes, with a token of before.
async fn tried(world: &World, token: &str) -> [Answer; 2] {
    [
        show(&world.api, token, &world.app.code_in(1)).await,
        recover(&world.api, token, &world.recovery_codes[0]).await,
    ]
}

async fn assert_refused(world: &World, token: &str) {
    let sessions = world.sessions().await;
    for answer in tried(world, token).await {
        assert_eq!(refusal(&answer), invalid_grant(), "{}", answer.json());
    }
    assert_eq!(world.sessions().await, sessions);
}

#[tokio::test]
async fn a_new_password_ends_the_tokens_of_the_old_one() {
    let world = World::start().await;
    let token = world.mfa_token().await;
    let changed = world
        .session
        .change_password(PASSWORD, OTHER_PASSWORD)
        .await;
    assert_eq!(changed.status, 200, "{}", changed.json());
    assert_refused(&world, &token).await;
    let asked = world.api.login("ada", OTHER_PASSWORD).await;
    let token = crate::mfa_token(&asked);
    let answer = show(&world.api, &token, &world.app.code()).await;
    assert_eq!(answer.status, 200, "it is still asked for, and right");
}

#[tokio::test]
async fn the_end_of_all_sessions_ends_the_tokens_too() {
    let world = World::start().await;
    let token = world.mfa_token().await;
    assert_eq!(world.session.delete("/me/sessions").await.status, 204);
    assert_refused(&world, &token).await;
}

#[tokio::test]
async fn a_factor_that_was_removed_asks_for_nothing_and_proves_nothing() {
    let world = World::start().await;
    let token = world.mfa_token().await;
    let removed = world.session.delete("/me/totp").await;
    assert_eq!(removed.status, 204, "{}", removed.json());
    assert_refused(&world, &token).await;
    assert_eq!(world.api.login("ada", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn another_app_ends_the_tokens_of_the_one_before() {
    let world = World::start().await;
    let token = world.mfa_token().await;
    let (other, _) = world.session.enrol().await;
    assert_refused(&world, &token).await;
    let token = world.mfa_token().await;
    let old = show(&world.api, &token, &world.app.code_in(1)).await;
    assert_eq!(refusal(&old).1, json!("invalid_code"));
    let new = show(&world.api, &token, &other.code_in(1)).await;
    assert_eq!(new.status, 200, "{}", new.json());
}

#[tokio::test]
async fn another_app_ends_the_codes_of_the_one_before_that_were_compared_already() {
    let world = World::start().await;
    world.set("enrolled_at", number(1)).await;
    let (factors, sessions) = world.tables();
    let session = world.stored_session().await;
    let user_id = session.owner.user_id;
    let guess = factors.guess(user_id, "one").await.unwrap();
    let CodeGuess::Counted(codes) = guess else {
        panic!("{guess:?}")
    };
    world.session.enrol().await;
    let code = ShownCode::Totp {
        codes: &codes,
        step: u64::MAX,
    };
    let change = SessionChange::Begin {
        session: &session,
        replaced: None,
    };
    let used = CodeUse {
        user_id,
        code,
        attempt: "one",
        change,
        notice: None,
    };
    let refused = factors.use_code(&sessions, &used).await;
    assert_eq!(refused, Err(CodeUseError::Refused));
}

#[tokio::test]
async fn an_account_that_was_disabled_or_deleted_does_not_sign_in() {
    let world = World::start().await;
    let token = world.mfa_token().await;
    let user = world.stack.user("ada").await;
    let accounts = world.stack.environment().accounts().unwrap();
    let disabled = user.with_status(Status::Disabled);
    let changed = accounts.change(&user, &disabled, By::Operator, None).await;
    changed.unwrap();
    assert_refused(&world, &token).await;

    let world = World::start().await;
    let token = world.mfa_token().await;
    let deleted = world
        .session
        .call(axum::http::Method::DELETE, "/me", None::<&Value>)
        .await;
    assert_eq!(deleted.status, 204, "{}", deleted.json());
    assert_refused(&world, &token).await;
}
