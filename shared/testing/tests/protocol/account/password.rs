//! A new password, and what becomes of sessions, logins and refreshes beside it.

use testing::wire::Fault;
use testing::{OTHER_PASSWORD, PASSWORD, Session, Stack, number};

use super::status;

#[tokio::test]
async fn a_new_password_ends_every_other_session_and_the_old_one_signs_in_no_more() {
    let stack = Stack::start().await;
    let api = stack.api();
    let other = api.sign_up("ada").await;
    let own = api.sign_in("ada").await;
    let changed = own.change_password(PASSWORD, OTHER_PASSWORD).await;
    assert_eq!(changed.status, 200, "{}", changed.json());
    assert_eq!(status(&other).await, 401);
    assert_eq!(other.refresh().await.status, 401);
    assert_eq!(status(&own).await, 200);
    assert_eq!(api.login("ada", PASSWORD).await.status, 401);
    assert_eq!(api.login("ada", OTHER_PASSWORD).await.status, 200);
}

#[tokio::test]
async fn a_login_verified_with_the_old_password_during_its_change_is_born_dead() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let (mut old, mut new) = (PASSWORD, OTHER_PASSWORD);
    let mut ada = api.sign_up("ada").await;
    for round in 0..50 {
        let racing: Vec<_> = (0..4)
            .map(|_| {
                let (api, old) = (api.clone(), old.to_owned());
                tokio::spawn(async move { api.login("ada", &old).await })
            })
            .collect();
        let changed = ada.change_password(old, new).await;
        assert_eq!(changed.status, 200, "{round}: {}", changed.json());
        for login in racing {
            let login = login.await.unwrap();
            if login.status == 200 {
                let born_dead = api.session(login);
                assert_eq!(status(&born_dead).await, 401);
                assert_eq!(born_dead.refresh().await.status, 401);
            }
        }
        (old, new) = (new, old);
        ada = api.session(api.login("ada", old).await);
    }
}

#[tokio::test]
async fn the_session_of_a_new_password_goes_on_with_another_secret() {
    let stack = Stack::start().await;
    let api = stack.api();
    let before = api.sign_up("ada").await;
    let used = before.refreshed().await;
    let long_ago = number(1);
    stack.set("SessionsTable", "auth_time", long_ago).await;
    let after = api.session(used.change_password(PASSWORD, OTHER_PASSWORD).await);
    let claims = [&before, &used, &after].map(|session| stack.claims(&session.access_token));
    let [first, _, last] = &claims;
    // The current password was given just now.
    assert!(claims.iter().all(|claims| claims.sid == first.sid));
    assert_eq!((last.auth_time, last.fresh), (last.iat, true));
    for dead in [&before, &used] {
        assert_eq!(dead.refresh().await.status, 401);
        assert_eq!(status(dead).await, 200, "it ends nothing");
    }
    let next = after.refreshed().await;
    assert_eq!(after.refresh().await.status, 200, "safe to retry");
    assert_eq!(next.refresh().await.status, 200);
    let ends = |session: &Session| session.answer.json()["refresh_expires_in"].clone();
    assert!(ends(&after).as_u64() <= ends(&before).as_u64());
    let device = used.login_again("ada", OTHER_PASSWORD).await;
    assert_eq!(device.status, 200, "{}", device.json());
    assert_eq!(stack.items("SessionsTable").await.len(), 1, "its own only");
}

#[tokio::test]
async fn a_refresh_that_races_a_new_password_leaves_no_second_secret() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let (mut old, mut new) = (PASSWORD, OTHER_PASSWORD);
    let mut ada = api.sign_up("ada").await;
    for round in 0..30 {
        let (refreshed, changed) = tokio::join!(ada.refresh(), ada.change_password(old, new));
        assert_eq!(changed.status, 200, "{round}: {}", changed.json());
        if refreshed.status == 200 {
            let loser = api.session(refreshed);
            assert_eq!(loser.refresh().await.status, 401, "{round}");
        }
        ada = api.session(changed).refreshed().await;
        assert_eq!(status(&ada).await, 200, "{round}");
        (old, new) = (new, old);
    }
}

#[tokio::test]
async fn a_password_is_not_changed_in_part() {
    let stack = Stack::start().await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    let fault = Fault::Refused(500, "InternalServerError");
    stack.wire.fail("TransactWriteItems", &fault, 10);
    let changed = ada.change_password(PASSWORD, OTHER_PASSWORD).await;
    stack.wire.mend();
    assert_eq!(changed.status, 503);
    assert_eq!(ada.refresh().await.status, 200, "the secret is the old one");
    assert_eq!(api.login("ada", PASSWORD).await.status, 200);
}
