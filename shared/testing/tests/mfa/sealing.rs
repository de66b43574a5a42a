//! The key under which the secret of an app is sealed.

use accounts::SealedTotp;
use serde_json::json;
use tables::{ActiveTotp, SealedSecret};
use testing::Client;
use testing::wire::Fault;

use crate::{World, recover, show};

async fn sealed_by(world: &World) -> String {
    let secret = world.totp().await["secret"].clone();
    let secret = SealedTotp::from_stored(secret.as_b().unwrap().as_ref());
    secret.unwrap().key_id()
}

/// An environment in which the key after the one that has sealed the secret seals.
async fn a_year_later(world: &World) -> Client {
    let rotation = world.stack.environment().rotation().unwrap();
    let ring = rotation.maintain(api::now()).await.unwrap();
    assert_eq!(ring.factors.times.len(), 2);
    let now = api::now();
    let turns = [now - 1_000, now - 500];
    world.retime_keys("factor_keys", "seals_from", &turns).await;
    world.stack.api()
}

#[tokio::test]
async fn a_secret_is_sealed_with_the_newest_key_after_its_next_right_code() {
    let world = World::start().await;
    let before = sealed_by(&world).await;
    let (api, token) = (a_year_later(&world).await, world.mfa_token().await);
    let wrong = world.wrong_codes().next().unwrap();
    assert_eq!(show(&api, &token, &wrong).await.status, 400);
    assert_eq!(
        sealed_by(&world).await,
        before,
        "a wrong one changes nothing"
    );

    let right = show(&api, &token, &world.app.code()).await;
    assert_eq!(right.status, 200, "{}", right.json());
    assert_ne!(sealed_by(&world).await, before);
    let sealed = world.totp().await["secret"].clone();
    let next = show(&api, &token, &world.app.code_in(1)).await;
    assert_eq!(next.status, 200, "it is the same secret");
    assert_eq!(world.totp().await["secret"], sealed, "sealed once");
}

#[tokio::test]
async fn whatever_hinders_the_sealing_puts_it_off() {
    let world = World::start().await;
    let before = sealed_by(&world).await;
    let (api, token) = (a_year_later(&world).await, world.mfa_token().await);
    let wire = &world.stack.wire;
    // The first update counts the code.
    wire.fail("UpdateItem", &Fault::Spared, 1);
    wire.fail(
        "UpdateItem",
        &Fault::Refused(400, "AccessDeniedException"),
        10,
    );
    let answer = show(&api, &token, &world.app.code()).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    assert_eq!(sealed_by(&world).await, before);
    wire.mend();
    let next = show(&api, &token, &world.app.code_in(1)).await;
    assert_eq!(next.status, 200, "{}", next.json());
    assert_ne!(sealed_by(&world).await, before);
}

#[tokio::test]
async fn a_secret_that_another_has_replaced_meanwhile_is_not_sealed_anew() {
    let world = World::start().await;
    let factors = world.stack.environment().factors().unwrap();
    let user_id = world.stack.user("ada").await.id;
    let stored = world.totp().await;
    let active = factors.totp(user_id).await.unwrap().unwrap().active;
    let before = ActiveTotp {
        secret: b"of before".to_vec(),
        ..active.unwrap()
    };
    let before = SealedSecret::active(user_id, &before);
    assert_eq!(factors.replace_sealed(&before, b"anew").await, Ok(false));
    assert_eq!(world.totp().await, stored);
}

#[tokio::test]
async fn where_no_key_opens_the_secret_no_code_is_counted() {
    let world = World::start().await;
    let (token, code) = (world.mfa_token().await, world.app.code());
    let stack = &world.stack;
    stack.remove("KeysTable", "sealed_factor_keys").await;
    let api = stack.api();
    let session = api.session(world.session.answer.clone());
    let shown = json!({ "code": code });
    for answer in [
        show(&api, &token, &code).await,
        session.post("/step-up", &shown).await,
    ] {
        assert_eq!(answer.status, 500, "{}", answer.json());
    }
    assert_eq!(world.failures().await, 0);
    let recovered = recover(&api, &token, &world.recovery_codes[0]).await;
    assert_eq!(recovered.status, 200, "{}", recovered.json());
}
