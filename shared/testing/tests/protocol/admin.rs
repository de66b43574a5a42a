//! The routes for administrators.

mod factors;
mod last_one;
mod mails;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use testing::{Answer, PASSWORD, Session, Stack};

async fn id_of(stack: &Stack, username: &str) -> String {
    stack.user(username).await.id.to_string()
}

async fn set_status(administrator: &Session, id: &str, status: &str) -> Answer {
    let (path, body) = (format!("/admin/users/{id}"), json!({ "status": status }));
    administrator.patch(&path, &body).await
}

async fn set_roles(administrator: &Session, id: &str, roles: &[&str]) -> Answer {
    let path = format!("/admin/users/{id}/roles");
    administrator.put(&path, &json!({ "roles": roles })).await
}

async fn delete(administrator: &Session, path: &str) -> u16 {
    administrator.delete(path).await.status
}

#[tokio::test]
async fn accounts_come_page_after_page_each_once() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let root = stack.administrator(&api, "root").await;
    for n in 0..10 {
        api.register(&format!("person{n}"), PASSWORD).await;
    }
    let (mut seen, mut cursor, mut pages) = (BTreeSet::new(), String::new(), 0);
    loop {
        let page = root.get(&format!("/admin/users?limit=4{cursor}")).await;
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
    let api = stack.api();
    let root = stack.administrator(&api, "root").await;
    let body = json!({ "username": "Ada", "email": "ada@example.com", "password": PASSWORD });
    let user = api.post("/register", &body).await.json()["user"].clone();
    for query in ["username=ADA", "email=Ada@example.com"] {
        let found = root.get(&format!("/admin/users?{query}")).await.json();
        assert_eq!(found["users"][0]["id"], user["id"], "{query}");
        assert_eq!(found["next_cursor"], Value::Null);
    }
    let none = root.get("/admin/users?username=nobody").await;
    assert_eq!((none.status, &none.json()["users"]), (200, &json!([])));
    let path = format!("/admin/users/{}", user["id"].as_str().unwrap());
    let mut shown = root.get(&path).await.json();
    for (member, value) in [
        ("status", json!("active")),
        ("factors", json!([])),
        ("ways", json!(["password"])),
    ] {
        let shown = shown.as_object_mut().unwrap();
        assert_eq!(shown.remove(member), Some(value), "{member}");
    }
    assert_eq!(shown, user);
    for path in [
        "/admin/users/x",
        "/admin/users/%ff",
        "/admin/users/019f8a3c-5f0e-7c3a-9c1b-2f6d1f0e8a12",
    ] {
        assert_eq!(root.get(path).await.status, 404, "{path}");
    }
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=x", "limit"),
        ("cursor=x", "cursor"),
        ("username=a", "username"),
        ("username=ada&email=ada@example.com", "email"),
        ("username=ada&limit=3", "limit"),
        (
            "username=ada&cursor=019f8a3c-5f0e-7c3a-9c1b-2f6d1f0e8a12",
            "cursor",
        ),
        ("role=admin", "role"),
        ("limit=3&limit=4", "limit"),
    ] {
        let answer = root.get(&format!("/admin/users?{query}")).await;
        assert_eq!(answer.status, 400, "{query}");
        assert_eq!(answer.json()["errors"][0]["field"], json!(field), "{query}");
    }
}

#[tokio::test]
async fn a_disabled_account_is_out_at_once_and_in_again_only_by_a_new_login() {
    let stack = Stack::start().await;
    let api = stack.api();
    let root = stack.administrator(&api, "root").await;
    let ada = api.sign_up("ada").await;
    let id = id_of(&stack, "ada").await;
    let disabled = set_status(&root, &id, "disabled").await;
    assert_eq!(
        (disabled.status, &disabled.json()["status"]),
        (200, &json!("disabled"))
    );
    assert_eq!(ada.get("/me").await.status, 401);
    assert_eq!(ada.refresh().await.status, 401);
    assert_eq!(api.login("ada", PASSWORD).await.status, 401);

    let enabled = set_status(&root, &id, "active").await;
    assert_eq!(enabled.json()["status"], json!("active"));
    assert_eq!(ada.get("/me").await.status, 401);
    let again = api.sign_in("ada").await;
    let list = again.get("/me/sessions").await.json();
    assert_eq!(list["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(set_status(&root, &id, "gone").await.status, 400);
}

#[tokio::test]
async fn a_role_counts_from_the_next_tokens_and_its_loss_at_once() {
    let stack = Stack::start().await;
    let api = stack.api();
    let root = stack.administrator(&api, "root").await;
    let ada = api.sign_up("ada").await;
    let id = id_of(&stack, "ada").await;
    let list = async |session: &Session| session.get("/admin/users").await.status;
    assert_eq!(list(&ada).await, 403);
    let granted = set_roles(&root, &id, &["admin", "admin"]).await;
    assert_eq!(granted.json()["roles"], json!(["admin"]));
    assert_eq!(list(&ada).await, 403, "not in the token");
    let refreshed = ada.refreshed().await;
    assert_eq!(list(&refreshed).await, 200);

    assert_eq!(set_roles(&root, &id, &[]).await.status, 200);
    let refused = refreshed.get("/admin/users").await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.json()["error"], json!("insufficient_scope"));
    assert_eq!(
        refused.header("www-authenticate"),
        Some(r#"Bearer error="insufficient_scope", scope="users:read""#)
    );
    for roles in [json!(["root"]), json!("admin"), json!([1]), json!(null)] {
        let path = format!("/admin/users/{id}/roles");
        let body = json!({ "roles": roles });
        let answer = root.put(&path, &body).await;
        assert_eq!(answer.status, 400, "{roles}");
    }
}

#[tokio::test]
async fn all_sessions_of_an_account_end_and_a_deleted_one_is_gone() {
    let stack = Stack::start().await;
    let api = stack.api();
    let root = stack.administrator(&api, "root").await;
    let ada = api.sign_up("ada").await;
    let path = format!("/admin/users/{}", id_of(&stack, "ada").await);
    assert_eq!(delete(&root, &format!("{path}/sessions")).await, 204);
    assert_eq!(ada.get("/me").await.status, 401);
    let again = api.sign_in("ada").await;
    assert_eq!(delete(&root, &path).await, 204);
    assert_eq!(delete(&root, &path).await, 404);
    assert_eq!(again.get("/me").await.status, 401);
    assert_eq!(api.register("ada", PASSWORD).await.status, 201);
}

#[tokio::test]
async fn an_administrator_does_not_change_their_own_account_here() {
    let stack = Stack::start().await;
    let api = stack.api();
    let root = stack.administrator(&api, "root").await;
    let id = id_of(&stack, "root").await;
    let path = format!("/admin/users/{id}");
    assert_eq!(set_status(&root, &id, "disabled").await.status, 403);
    assert_eq!(set_roles(&root, &id, &[]).await.status, 403);
    assert_eq!(delete(&root, &path).await, 403);
    assert_eq!(delete(&root, &format!("{path}/sessions")).await, 403);
    assert_eq!(delete(&root, "/me").await, 403);
    assert_eq!(root.get(&path).await.status, 200);
}
