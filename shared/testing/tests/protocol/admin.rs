//! What an administrator may do with the accounts of others, and nobody else.

mod support;

use std::collections::BTreeSet;

use axum::http::Method;
use claims::Role;
use serde_json::{Value, json};
use support::{PASSWORD, administrator, grant};
use testing::{Answer, Client, Stack};

async fn id_of(stack: &Stack, username: &str) -> String {
    support::user(stack, username).await.id.to_string()
}

async fn set_status(api: &Client, token: &str, id: &str, status: &str) -> Answer {
    let (path, body) = (format!("/admin/users/{id}"), json!({ "status": status }));
    api.call(Method::PATCH, &path, Some(token), Some(&body))
        .await
}

async fn set_roles(api: &Client, token: &str, id: &str, roles: &[&str]) -> Answer {
    let (path, body) = (
        format!("/admin/users/{id}/roles"),
        json!({ "roles": roles }),
    );
    api.call(Method::PUT, &path, Some(token), Some(&body)).await
}

async fn delete(api: &Client, token: &str, path: &str) -> u16 {
    api.call(Method::DELETE, path, Some(token), None)
        .await
        .status
}

#[tokio::test]
async fn accounts_come_page_after_page_each_once() {
    let stack = Stack::unthrottled().await;
    let api = support::api(&stack);
    let token = administrator(&stack, &api, "root").await;
    for n in 0..10 {
        api.register(&format!("person{n}"), PASSWORD).await;
    }
    let (mut seen, mut cursor, mut pages) = (BTreeSet::new(), String::new(), 0);
    loop {
        let page = api
            .get(&format!("/admin/users?limit=4{cursor}"), Some(&token))
            .await;
        assert_eq!(page.status, 200, "{}", page.json());
        let page = page.json();
        for user in page["users"].as_array().unwrap() {
            assert_eq!(user["status"], json!("active"));
            assert!(seen.insert(user["username"].as_str().unwrap().to_owned()));
        }
        pages += 1;
        match page["next_cursor"].as_str() {
            Some(next) if pages < 10 => cursor = format!("&cursor={next}"),
            _ => break,
        }
    }
    assert_eq!((seen.len(), pages), (11, 3));
}

#[tokio::test]
async fn an_account_is_found_by_its_name_or_its_id() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    let token = administrator(&stack, &api, "root").await;
    let body = json!({ "username": "Ada", "email": "ada@example.com", "password": PASSWORD });
    let user = api.post("/register", &body).await.json()["user"].clone();
    for query in ["username=ADA", "email=Ada@example.com"] {
        let found = api
            .get(&format!("/admin/users?{query}"), Some(&token))
            .await
            .json();
        assert_eq!(found["users"][0]["id"], user["id"], "{query}");
        assert_eq!(found["next_cursor"], Value::Null);
    }
    let none = api.get("/admin/users?username=nobody", Some(&token)).await;
    assert_eq!((none.status, &none.json()["users"]), (200, &json!([])));
    let path = format!("/admin/users/{}", user["id"].as_str().unwrap());
    let mut shown = api.get(&path, Some(&token)).await.json();
    assert_eq!(
        shown.as_object_mut().unwrap().remove("status"),
        Some(json!("active"))
    );
    assert_eq!(shown, user);
    for path in [
        "/admin/users/x",
        "/admin/users/%ff",
        "/admin/users/019f8a3c-5f0e-7c3a-9c1b-2f6d1f0e8a12",
    ] {
        assert_eq!(api.get(path, Some(&token)).await.status, 404, "{path}");
    }
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=x", "limit"),
        ("cursor=x", "cursor"),
        ("username=a", "username"),
        ("username=ada&email=ada@example.com", "email"),
        ("username=ada&limit=3", "cursor"),
        ("role=admin", "role"),
        ("limit=3&limit=4", "limit"),
    ] {
        let answer = api
            .get(&format!("/admin/users?{query}"), Some(&token))
            .await;
        assert_eq!(answer.status, 400, "{query}");
        assert_eq!(answer.json()["errors"][0]["field"], json!(field), "{query}");
    }
}

#[tokio::test]
async fn a_disabled_account_is_out_at_once_and_in_again_only_by_a_new_login() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    let token = administrator(&stack, &api, "root").await;
    let ada = api.register("ada", PASSWORD).await;
    let id = id_of(&stack, "ada").await;
    let disabled = set_status(&api, &token, &id, "disabled").await;
    assert_eq!(
        (disabled.status, &disabled.json()["status"]),
        (200, &json!("disabled"))
    );
    assert_eq!(api.get("/me", Some(&ada.access_token())).await.status, 401);
    assert_eq!(api.refresh(&ada.refresh_token()).await.status, 401);
    assert_eq!(api.login("ada", PASSWORD).await.status, 401);

    let enabled = set_status(&api, &token, &id, "active").await;
    assert_eq!(enabled.json()["status"], json!("active"));
    assert_eq!(api.get("/me", Some(&ada.access_token())).await.status, 401);
    let again = api.login("ada", PASSWORD).await;
    assert_eq!(again.status, 200);
    let list = api
        .get("/me/sessions", Some(&again.access_token()))
        .await
        .json();
    assert_eq!(list["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(set_status(&api, &token, &id, "gone").await.status, 400);
}

#[tokio::test]
async fn a_role_counts_from_the_next_tokens_and_its_loss_at_once() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    let token = administrator(&stack, &api, "root").await;
    let ada = api.register("ada", PASSWORD).await;
    let id = id_of(&stack, "ada").await;
    let list = async |token: &str| api.get("/admin/users", Some(token)).await.status;
    assert_eq!(list(&ada.access_token()).await, 403);
    let granted = set_roles(&api, &token, &id, &["admin", "admin"]).await;
    assert_eq!(granted.json()["roles"], json!(["admin"]));
    assert_eq!(list(&ada.access_token()).await, 403, "not in the token");
    let refreshed = api.refresh(&ada.refresh_token()).await;
    assert_eq!(list(&refreshed.access_token()).await, 200);

    assert_eq!(set_roles(&api, &token, &id, &[]).await.status, 200);
    let refused = api
        .get("/admin/users", Some(&refreshed.access_token()))
        .await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.json()["error"], json!("insufficient_scope"));
    assert_eq!(
        refused.header("www-authenticate"),
        Some(r#"Bearer error="insufficient_scope", scope="users:read""#)
    );
    for roles in [json!(["root"]), json!("admin"), json!([1]), json!(null)] {
        let path = format!("/admin/users/{id}/roles");
        let body = json!({ "roles": roles });
        let answer = api
            .call(Method::PUT, &path, Some(&token), Some(&body))
            .await;
        assert_eq!(answer.status, 400, "{roles}");
    }
}

#[tokio::test]
async fn all_sessions_of_an_account_end_and_a_deleted_one_is_gone() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    let token = administrator(&stack, &api, "root").await;
    let ada = api.register("ada", PASSWORD).await;
    let path = format!("/admin/users/{}", id_of(&stack, "ada").await);
    assert_eq!(delete(&api, &token, &format!("{path}/sessions")).await, 204);
    assert_eq!(api.get("/me", Some(&ada.access_token())).await.status, 401);
    let again = api.login("ada", PASSWORD).await;
    assert_eq!(again.status, 200);
    assert_eq!(delete(&api, &token, &path).await, 204);
    assert_eq!(delete(&api, &token, &path).await, 404);
    assert_eq!(
        api.get("/me", Some(&again.access_token())).await.status,
        401
    );
    assert_eq!(api.register("ada", PASSWORD).await.status, 201);
}

#[tokio::test]
async fn an_administrator_does_not_change_their_own_account_here() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    let token = administrator(&stack, &api, "root").await;
    let id = id_of(&stack, "root").await;
    let path = format!("/admin/users/{id}");
    assert_eq!(set_status(&api, &token, &id, "disabled").await.status, 403);
    assert_eq!(set_roles(&api, &token, &id, &[]).await.status, 403);
    assert_eq!(delete(&api, &token, &path).await, 403);
    assert_eq!(delete(&api, &token, &format!("{path}/sessions")).await, 403);
    assert_eq!(delete(&api, &token, "/me").await, 403);
    assert_eq!(api.get(&path, Some(&token)).await.status, 200);
}

#[tokio::test]
async fn who_is_no_administrator_any_more_when_it_is_written_changes_nothing() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    administrator(&stack, &api, "root").await;
    let root = support::user(&stack, "root").await;
    api.register("ada", PASSWORD).await;
    let ada = support::user(&stack, "ada").await;
    grant(&stack, "root", vec![]).await;
    let accounts = stack.environment().accounts().unwrap();
    let by = tables::By::Administrator(root.id);
    let refused = Err(tables::AccountError::NotAdministrator);
    let promoted = ada.with_roles(vec![Role::Admin]);
    assert_eq!(accounts.change(&ada, &promoted, by).await, refused);
    assert_eq!(accounts.delete(&ada, by).await, refused);
    assert_eq!(support::user(&stack, "ada").await, ada);
}

/// Two administrators, each of whom takes the other's rights, by one means or another.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_administrators_who_remove_each_other_one_remains() {
    let stack = Stack::unthrottled().await.patient();
    let api = support::api(&stack);
    for round in 0..60 {
        let names = [format!("left{round}"), format!("right{round}")];
        let mut tokens = Vec::new();
        for name in &names {
            tokens.push(administrator(&stack, &api, name).await);
        }
        let ids = [
            id_of(&stack, &names[0]).await,
            id_of(&stack, &names[1]).await,
        ];
        let removals: Vec<_> = [(0, 1), (1, 0)]
            .into_iter()
            .map(|(actor, target)| {
                let (api, token, id) = (api.clone(), tokens[actor].clone(), ids[target].clone());
                tokio::spawn(async move {
                    match round % 3 {
                        0 => set_roles(&api, &token, &id, &[]).await.status,
                        1 => set_status(&api, &token, &id, "disabled").await.status,
                        _ => delete(&api, &token, &format!("/admin/users/{id}")).await,
                    }
                })
            })
            .collect();
        let mut succeeded = 0;
        for removal in removals {
            succeeded += usize::from(removal.await.unwrap() < 300);
        }
        assert_eq!(succeeded, 1, "round {round}");
    }
}
