//! The removal of the second factors of an account, by an administrator; and their end with the
//! account.

use std::collections::BTreeSet;

use accounts::{UserId, WaysIn};
use aws_sdk_dynamodb::types::AttributeValue;
use axum::http::Method;
use serde_json::json;
use tables::{AccountError, By, Error, PasswordChange};
use testing::wire::Fault;
use testing::{PASSWORD, Session, Stack};

const NOBODY: &str = "019f8a3c-5f0e-7c3a-9c1b-2f6d1f0e8a12";

fn path_of(id: UserId) -> String {
    format!("/admin/users/{id}/factors")
}

/// An account with two names, and with every kind of factor, one of a later version among them.
async fn ada(stack: &Stack) -> Session {
    let ada = stack.api().sign_up_with_address("ada").await;
    stack.give_totp(&ada).await;
    stack.add_passkey_row(&ada, "AAAA").await;
    stack.add_passkey_row(&ada, "BBBB").await;
    let later = stack.engine.client().put_item().table_name("FactorsTable");
    let later = later.item("user_id", AttributeValue::S(ada.user_id()));
    let later = later.item("id", AttributeValue::S("later#1".to_owned()));
    later.send().await.unwrap();
    ada
}

/// Whose factors there are, by their accounts' ids.
async fn owners(stack: &Stack) -> BTreeSet<String> {
    let items = stack.items("FactorsTable").await.into_iter();
    items
        .map(|item| item["user_id"].as_s().unwrap().clone())
        .collect()
}

/// The ways in of every name of an account, as its logins have them.
async fn ways_in(stack: &Stack, id: UserId) -> Vec<(bool, bool)> {
    let logins = stack.items("LoginsTable").await.into_iter();
    let own = logins.filter(|login| login["user_id"].as_s() == Ok(&id.to_string()));
    own.map(|login| (login.contains_key("factors"), login.contains_key("ways")))
        .collect()
}

#[tokio::test]
async fn all_second_factors_go_and_the_password_signs_in_alone() {
    let stack = Stack::unthrottled_with_mail().await;
    let api = stack.api();
    let root = stack.administrator(&api, "root").await;
    let ada = ada(&stack).await;
    let eve = api.sign_up("eve").await;
    stack.give_totp(&eve).await;
    stack.prove_address("ada").await;
    let before = stack.user("ada").await;
    let shown = root.get(&format!("/admin/users/{}", before.id)).await;
    assert_eq!(shown.json()["factors"], json!(["passkey", "totp"]));
    assert_eq!(shown.json()["ways"], json!(["passkey", "password"]));
    assert_eq!(ways_in(&stack, before.id).await, [(true, true); 2]);

    let removed = root.delete(&path_of(before.id)).await;
    assert_eq!(removed.status, 204, "{}", removed.json());
    let after = stack.user("ada").await;
    assert_eq!(after.ways_in, WaysIn::default());
    assert_eq!(after.factor_added_at, before.factor_added_at);
    assert_eq!(ways_in(&stack, before.id).await, [(false, false); 2]);
    assert_eq!(owners(&stack).await, [eve.user_id()].into());
    assert_eq!(ada.get("/me").await.status, 401, "every session ends");
    assert_eq!(ada.refresh().await.status, 401);
    let again = api.sign_in("ada").await;
    assert_eq!(again.get("/me").await.status, 200);

    let told = stack.letters("ada@example.com").await;
    let told = told.iter().map(|one| one.letter.subject.as_str());
    let told: Vec<_> = told.filter(|one| one.contains("second factors")).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    // Once more there is nothing to remove, and nobody is signed out.
    assert_eq!(root.delete(&path_of(before.id)).await.status, 204);
    assert_eq!(again.get("/me").await.status, 200);
    assert_eq!(stack.user("ada").await, after);
}

#[tokio::test]
async fn who_may_not_remove_them_removes_none() {
    let roles = "admin=users:read+users:write,support=users:read+users:write,owner=users:read+users:write+all:see";
    let stack = Stack::start_with(&[("ROLES", roles), ("LOGIN_BURST", "0")]).await;
    let api = stack.api();
    let ada = ada(&stack).await;
    let owner = api.sign_up("owner").await;
    stack.give_totp(&owner).await;
    stack.grant("owner", &["owner"]).await;
    let root = stack.administrator(&api, "root").await;
    let [ada_id, owner_id, root_id] = ["ada", "owner", "root"].map(|name| stack.user(name));
    let (ada_id, owner_id, root_id) = (ada_id.await.id, owner_id.await.id, root_id.await.id);
    for (caller, id, status) in [
        (&ada, ada_id, 403),
        (&root, root_id, 403),
        (&root, owner_id, 403),
        (&root, UserId::parse(NOBODY).unwrap(), 404),
    ] {
        let refused = caller.delete(&path_of(id)).await;
        assert_eq!(refused.status, status, "{}", refused.json());
    }
    assert_eq!(root.delete("/admin/users/x/factors").await.status, 404);
    let path = path_of(ada_id);
    let nobody = api.call(Method::DELETE, &path, None, None).await;
    assert_eq!(nobody.status, 401);
    stack.authenticated_at(&root, api::now() - 3_601).await;
    let stale = root.delete(&path).await;
    assert_eq!(
        stale.json()["error"],
        json!("insufficient_user_authentication")
    );
    assert_eq!(owners(&stack).await.len(), 2);
    assert_eq!(stack.items("FactorsTable").await.len(), 7);
}

#[tokio::test]
async fn a_removal_whose_answer_is_lost_has_happened_once() {
    let stack = Stack::unthrottled_with_mail().await;
    let root = stack.administrator(&stack.api(), "root").await;
    ada(&stack).await;
    stack.prove_address("ada").await;
    let id = stack.user("ada").await.id;
    stack.wire.fail("TransactWriteItems", &Fault::LostAnswer, 1);
    assert_eq!(root.delete(&path_of(id)).await.status, 204);
    assert_eq!(owners(&stack).await.len(), 0);
    let mails = stack.items("MailsTable").await.into_iter();
    let mut notices = mails.filter(|mail| mail["id"].as_s().unwrap().starts_with("notice#"));
    assert!(notices.next().is_some() && notices.next().is_none());
    let refused = Fault::Canceled("TransactionConflict");
    let ada = stack.api().sign_in("ada").await;
    stack.give_totp(&ada).await;
    stack.wire.fail("TransactWriteItems", &refused, 100);
    assert_eq!(root.delete(&path_of(id)).await.status, 503);
    stack.wire.mend();
    assert_eq!(stack.items("FactorsTable").await.len(), 2, "all or nothing");
    assert_eq!(ada.get("/me").await.status, 200);
}

/// A passkey is added after the account was read: neither the passkey nor the removal is lost.
#[tokio::test]
async fn a_factor_that_comes_meanwhile_refuses_the_removal_and_the_deletion() {
    let stack = Stack::unthrottled().await;
    let ada = ada(&stack).await;
    let seen = stack.user("ada").await;
    stack.add_passkey_row(&ada, "CCCC").await;
    let environment = stack.environment();
    let (accounts, factors) = (environment.accounts(), environment.factors());
    let (accounts, factors) = (accounts.unwrap(), factors.unwrap());
    let removed = accounts
        .remove_factors(&factors, &seen, By::Operator, PasswordChange::Kept, None)
        .await;
    assert_eq!(removed, Err(AccountError::Table(Error::Conflict)));
    let deleted = accounts.delete(&factors, &seen, By::Operator, None).await;
    assert_eq!(deleted, Err(AccountError::Table(Error::Conflict)));
    assert_eq!(stack.items("FactorsTable").await.len(), 6);
}

#[tokio::test]
async fn an_account_takes_its_factors_with_it() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let eve = api.sign_up("eve").await;
    stack.give_totp(&eve).await;
    let root = stack.administrator(&api, "root").await;
    for by_owner in [true, false] {
        let ada = ada(&stack).await;
        assert_eq!(owners(&stack).await.len(), 2);
        let path = format!("/admin/users/{}", ada.user_id());
        let deleted = match by_owner {
            true => ada.delete("/me").await,
            false => root.delete(&path).await,
        };
        assert_eq!(deleted.status, 204, "{}", deleted.json());
        assert_eq!(owners(&stack).await, [eve.user_id()].into());
    }
    assert_eq!(api.login("ada", PASSWORD).await.status, 401);
    assert_eq!(
        eve.get("/me").await.json()["second_factor"],
        json!("required")
    );
}
