//! The passkeys of an account, renamed and removed by its owner.

use serde_json::json;
use testing::passkey::Passkey;
use testing::{Stack, number};

use super::{ada, is_unknown};

fn path(passkey: &Passkey) -> String {
    format!("/me/passkeys/{}", passkey.id())
}

#[tokio::test]
async fn a_passkey_is_renamed_by_its_owner_alone() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let (session, mut passkey) = ada(&api).await;
    let renamed = session
        .patch(&path(&passkey), &json!({ "name": " Büro " }))
        .await;
    assert_eq!(
        (renamed.status, &renamed.json()["name"]),
        (200, &json!("Büro"))
    );
    let ben = api.sign_up("ben").await;
    let name = json!({ "name": "Mine" });
    assert_eq!(ben.patch(&path(&passkey), &name).await.status, 404);
    assert_eq!(ben.delete(&path(&passkey)).await.status, 404);
    for id in ["x", "AAAAAAAAAAAAAAAAAAAAAA", "totp", "%00"] {
        let path = format!("/me/passkeys/{id}");
        assert_eq!(session.patch(&path, &name).await.status, 404, "{id}");
        assert_eq!(session.delete(&path).await.status, 404, "{id}");
    }
    let wrong = session.patch(&path(&passkey), &json!({ "name": "" })).await;
    assert_eq!(wrong.status, 400);
    let listed = session.get("/me/factors").await.json();
    assert_eq!(listed["passkeys"][0]["name"], json!("Büro"));
    assert_eq!(passkey.log_in(&api).await.status, 200);
}

#[tokio::test]
async fn a_removed_passkey_ends_every_other_session_and_the_last_one_takes_the_codes_along() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let (session, mut first) = ada(&api).await;
    let mut second = Passkey::of_stack();
    assert_eq!(second.enrol(&session, "Key").await.status, 201);
    let other = api.session(second.log_in(&api).await);
    let session = api.session(first.log_in(&api).await);
    assert_eq!(session.delete(&path(&second)).await.status, 204);
    assert_eq!(other.get("/protected").await.status, 401);
    assert_eq!(session.get("/protected").await.status, 200);
    assert!(is_unknown(&second.log_in(&api).await));
    let factors = session.get("/me/factors").await.json();
    assert_eq!(factors["recovery_codes_left"], json!(10));

    assert_eq!(session.delete(&path(&first)).await.status, 204);
    let factors = session.get("/me/factors").await.json();
    assert_eq!(
        (&factors["passkeys"], &factors["recovery_codes_left"]),
        (&json!([]), &json!(0))
    );
    assert!(!stack.user("ada").await.ways_in.reach_aal2());
    assert_eq!(session.delete(&path(&first)).await.status, 404);
    let mut third = Passkey::of_stack();
    let added = third.enrol(&session, "New").await;
    assert_eq!(added.json()["recovery_codes"].as_array().unwrap().len(), 10);
}

#[tokio::test]
async fn the_last_way_in_stays() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let (session, mut passkey) = ada(&api).await;
    let user = stack.user("ada").await;
    let mut ways_in = user.ways_in.clone();
    ways_in.ways.remove(&accounts::Way::PASSWORD);
    let accounts = stack.environment().accounts().unwrap();
    let changed = user.with_ways_in(ways_in);
    accounts
        .change(&user, &changed, tables::By::Operator, None)
        .await
        .unwrap();
    let refused = session.delete(&path(&passkey)).await;
    assert_eq!(
        (refused.status, &refused.json()["error"]),
        (409, &json!("last_way_in"))
    );
    assert_eq!(passkey.log_in(&api).await.status, 200);
}

#[tokio::test]
async fn whoever_has_not_signed_in_of_late_removes_none() {
    let stack = Stack::unthrottled().await;
    let (session, passkey) = ada(&stack.api()).await;
    stack
        .set("SessionsTable", "auth_time", number(api::now() - 301))
        .await;
    let refused = session.delete(&path(&passkey)).await;
    assert_eq!(refused.status, 401);
    let renamed = session
        .patch(&path(&passkey), &json!({ "name": "Old" }))
        .await;
    assert_eq!(renamed.status, 200);
}
